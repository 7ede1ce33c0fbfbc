"""Forms built from the questionnaire: `SectionForm` for every page, `IdentityForm` for the last.

The only module that imports crispy. Beside the contract's keys the only HTML names are the helpers
`safety` (None of these, I'm not sure) and `aggravators` (one tick a row of the side grid).
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from typing import Any, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field as Row
from crispy_forms.layout import Layout as FormLayout
from crispy_forms.layout import LayoutObject
from crispy_forms.utils import render_crispy_form
from django import forms
from django.http import HttpRequest, QueryDict
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy

from chiro.practice.translation import translated
from screening import answers as contract
from screening.answers import Answer, Answers
from screening.forms.fields import NONE, HelperField, QuestionBound, QuestionField, clash
from screening.forms.identity import IdentityFields, TextField
from screening.forms.printed import Choice, TickRow
from screening.questionnaire import Kind, Layout, Option, Question, Section, always
from screening.wording import section_in_language

NO = "no"
YES = "yes"
NOT_SURE = "not_sure"
UNCERTAIN = frozenset({NOT_SURE, "skipped"})
SAFETY_HELPER = "safety"
GRID_HELPER = "aggravators"
MISSING = gettext_lazy("Choose an answer")
SAFETY_LABELS = {
    NONE: gettext_lazy("None of these"),
    NOT_SURE: gettext_lazy("I'm not sure about one of these"),
}
GRID_LABELS = {NONE: gettext_lazy("None of these")}
HELPERS = {
    Layout.SAFETY: (SAFETY_HELPER, SAFETY_LABELS),
    Layout.SIDE_GRID: (GRID_HELPER, GRID_LABELS),
}
"""Layout -> the helper control's name and its exclusive answers."""

TEMPLATES = {
    Kind.TICK: "clinic/tick.html",
    Kind.NUMBER: "clinic/text.html",
    Kind.SCALE: "clinic/scale.html",
    Kind.ONE: "clinic/choice.html",
    Kind.MANY: "clinic/choice.html",
    Kind.GOALS: "clinic/goals.html",
}
"""Kind -> the template of its component."""


def page_helper(form: forms.Form, submit_label: str) -> FormHelper:
    """The form tag, its button and, until something is wrong, that the page is saved."""
    helper = FormHelper(form)
    helper.form_method = "post"
    helper.submit_label = submit_label
    helper.saved_note = "" if form.is_bound else gettext("Saved as you go. Not sent yet.")
    return helper


def printed(form: forms.Form, request: HttpRequest) -> SafeString:
    """The controls and the button of a form, to stand in a form tag with the one-time code."""
    form.helper.form_tag = False  # type: ignore[attr-defined]
    words: SafeString = render_crispy_form(form, context={"request": request})
    return words


class Ticks(LayoutObject):
    """The ticks of a safety page or of the side grid, as one fieldset."""

    def __init__(self, helper_name: str) -> None:
        self.helper_name = helper_name
        self.fields: list[str] = []

    def render(
        self, form: "SectionForm", context: Any, template_pack: str = "", **kwargs: Any
    ) -> SafeString:
        """The rows and, under "or", the exclusive answers."""
        return render_to_string(
            "clinic/ticks.html", {"field": form[self.helper_name], "rows": form.tick_rows()}
        )


class Asks(LayoutObject):
    """The items of a safety page one by one: yes, no, not sure."""

    fields: list[str] = []

    def render(
        self, form: "SectionForm", context: Any, template_pack: str = "", **kwargs: Any
    ) -> SafeString:
        """One short question after the other, its follow-up under it."""
        parts = [
            render_to_string(
                "clinic/ask.html",
                {"field": form[q.key], "follows": [form[f.key] for f in form.follow_ups(q)]},
            )
            for q in form.items
        ]
        return format_html_join("", "{}", ((part,) for part in parts))


class SectionForm(forms.Form):
    """One page of the questionnaire.

    `answers` are the draft's answers so far. After `is_valid`, `given` holds the page's answers by
    key, and `one_by_one_wanted` says that the patient is not sure about one of the ticks.
    """

    def __init__(
        self,
        section: Section,
        answers: Answers,
        data: QueryDict | None = None,
        *,
        one_by_one: bool = False,
        submit_label: str = "",
    ) -> None:
        super().__init__(data)
        self.section = section = section_in_language(section)
        self.answers = answers
        self.one_by_one = one_by_one
        self.given: dict[str, Answer] = {}
        self.one_by_one_wanted = False
        for question in section.questions:
            if self._may_be_asked(question):
                self._add(question)
        self.helper_name = self._add_helper()
        self.submit_label = submit_label

    @cached_property
    def helper(self) -> FormHelper:
        """How crispy prints the page; a page that is kept is not printed."""
        helper = page_helper(self, self.submit_label or gettext("Continue"))
        helper.layout = FormLayout(*self._rows())
        return helper

    # --- building ---

    def _may_be_asked(self, question: Question) -> bool:
        own = {q.key for q in self.section.questions}
        return contract.asked(question, self.answers) or self._opened_here(question, own)

    def _opened_here(self, question: Question, own: set[str]) -> bool:
        return question.condition is not always and self.section.layout in (
            Layout.SAFETY,
            Layout.SIDE_GRID,
        )

    def _add(self, question: Question) -> None:
        self.fields[question.key] = QuestionField(
            question,
            heading=self._is_heading(question),
            optional=question.optional,
            charted=self.section.layout is Layout.BODY_CHART,
        )
        if question.key in self.answers:
            self.initial[question.key] = self._shown(question)

    def _is_heading(self, question: Question) -> bool:
        """A page's only question is its h1; a consent and a self-test have a title of their own."""
        alone = len(self.section.questions) == 1
        return (
            alone and question.kind is not Kind.TICK and self.section.layout is not Layout.SELF_TEST
        )

    @property
    def has_heading(self) -> bool:
        """Whether the h1 of the page is in the form."""
        return any(getattr(field, "heading", False) for field in self.fields.values())

    @property
    def shows_nothing(self) -> bool:
        """Whether the form as it stands holds nothing that anybody answered."""
        return not self.is_bound and not any(self.initial.values())

    def _shown(self, question: Question) -> object:
        value = self.answers[question.key]
        if question.kind is Kind.MANY and not value and question.none_label:
            return [NONE]
        return value

    def _add_helper(self) -> str:
        if self.one_by_one or self.section.layout not in HELPERS:
            return ""
        name, labels = HELPERS[self.section.layout]
        question = Question(
            key=name,
            code="",
            kind=Kind.MANY,
            label=self.section.title,
            help=self.section.intro,
            options=tuple(Option(value=value, label=str(label)) for value, label in labels.items()),
        )
        self.fields[name] = HelperField(question, heading=True, optional=False)
        self.initial[name] = self._helper_initial()
        return name

    def _helper_initial(self) -> list[str]:
        values = [self.answers.get(q.key) for q in self.items]
        if any(value in UNCERTAIN for value in values) and self.section.layout is Layout.SAFETY:
            return [NOT_SURE]
        return [NONE] if values and all(value == NO for value in values) else []

    def _rows(self) -> Iterable[LayoutObject]:
        if self.helper_name:
            return [Ticks(self.helper_name)]
        if self.one_by_one:
            return [Asks()]
        return [
            Row(name, template=_template(field.question))
            for name, field in self.fields.items()
            if isinstance(field, QuestionField)
        ]

    # --- ticks ---

    @property
    def items(self) -> tuple[Question, ...]:
        """The questions that stand on the page by themselves, without their follow-ups."""
        return tuple(q for q in self.section.questions if not self._parent(q))

    def _parent(self, question: Question) -> Question | None:
        """The question under whose tick this one opens: `rf_fever` for `rf_fever_severe`."""
        if self.section.layout is not Layout.SAFETY:
            return None
        others = (q for q in self.section.questions if q is not question)
        return next((q for q in others if question.key.startswith(f"{q.key}_")), None)

    def printed(self, name: str) -> QuestionBound:
        """One field, ready to print."""
        return cast(QuestionBound, self[name])

    def follow_ups(self, question: Question) -> tuple[Question, ...]:
        """The questions that open under this one's tick."""
        return tuple(q for q in self.section.questions if self._parent(q) is question)

    def tick_rows(self) -> tuple[TickRow, ...]:
        """The rows of a safety page or of the side grid, ready to print."""
        read = self._grid_row if self.section.layout is Layout.SIDE_GRID else self._safety_rows
        return tuple(row for question in self.items for row in read(question))

    def _safety_rows(self, question: Question) -> Iterable[TickRow]:
        bound = self.printed(question.key)
        ticks = [c for c in bound.options if c.value not in {NO, *UNCERTAIN}]
        for number, choice in enumerate(ticks):
            label = question.label if choice.value == YES else choice.label
            tick = _as_tick(choice, question.key, number, label, choice.hint or bound.hint)
            yield self._row(question, tick, self.follow_ups(question))

    def _row(self, question: Question, tick: Choice, follows: tuple[Question, ...]) -> TickRow:
        bound: tuple[QuestionBound, ...] = tuple(self.printed(f.key) for f in follows)
        return TickRow(
            key=tick.id.removeprefix("id_").removesuffix("_tick"),
            tick=tick,
            follows=bound,
            follow_label=follows[0].label if follows else "",
            follow_options=bound[0].options if bound else (),
            error=next((b.error for b in bound if b.error), ""),
        )

    def _grid_row(self, question: Question) -> Iterable[TickRow]:
        bound = self.printed(question.key)
        sided = any(str(o.value) == "left" for o in question.options)
        tick = Choice(
            name=GRID_HELPER,
            value=question.key,
            label=question.label,
            hint=question.help,
            id=f"id_{question.key}_tick",
            type="checkbox",
            checked=self._grid_ticked(question),
        )
        yield TickRow(
            key=question.key,
            tick=tick,
            follows=(bound,) if sided else (),
            follow_label=gettext("Which side?"),
            follow_options=tuple(c for c in bound.options if c.value != NO),
            is_side=True,
            error=bound.error,
        )

    def _grid_ticked(self, question: Question) -> bool:
        if self.is_bound:
            return question.key in self._helper_values()
        return self.answers.get(question.key, NO) != NO

    def _helper_values(self) -> list[str]:
        return list(self[self.helper_name].value() or [])

    # --- reading ---

    def clean(self) -> dict[str, Any]:
        """Read the page as a whole: ticks, conditions, what is missing, what contradicts."""
        values = {key: value for key, value in self.cleaned_data.items() if value is not None}
        if self.helper_name:
            READ_TICKS[self.section.layout](self, values)
        self._keep_what_is_asked(values)
        return self.cleaned_data

    def _keep_what_is_asked(self, values: dict[str, Answer]) -> None:
        keys = {q.key for q in self.section.questions}
        merged = {key: value for key, value in self.answers.items() if key not in keys}
        for question in self.section.questions:
            key = question.key
            if not contract.asked(question, merged):
                self.errors.pop(key, None)
            elif key in values:
                merged[key] = self.given[key] = values[key]
            elif key not in self.errors and self._is_missed(question):
                self.add_error(key, question.error or str(MISSING))
        problem = contract.contradiction(merged)
        if problem is not None and problem.key in self.given:
            self.add_error(problem.key, translated(str(problem)))

    def _is_missed(self, question: Question) -> bool:
        field = self.fields.get(question.key)
        if self.helper_name and (self.errors or self.one_by_one_wanted):
            return self._parent(question) is not None
        return isinstance(field, QuestionField) and not field.optional

    def _read_safety(self, values: dict[str, Answer]) -> None:
        helpers = set(self._helper_values())
        ticked = [q.key for q in self.items if values.get(q.key, NO) not in {NO, *UNCERTAIN}]
        if NONE in helpers and (ticked or NOT_SURE in helpers):
            self.add_error(SAFETY_HELPER, clash(str(SAFETY_LABELS[NONE])))
        elif NOT_SURE in helpers:
            self.one_by_one_wanted = True
        elif NONE in helpers or ticked:
            for question in self.items:
                values.setdefault(question.key, NO)
        elif any(q.key not in values for q in self.items):
            self.add_error(SAFETY_HELPER, gettext("Choose the signs you have, or “None of these”"))

    def _read_grid(self, values: dict[str, Answer]) -> None:
        helpers = self._helper_values()
        if not helpers and any(q.key in values for q in self.items):
            return
        if not helpers:
            self.add_error(GRID_HELPER, gettext("Choose what is hard for you, or “None of these”"))
        elif NONE in helpers and len(helpers) > 1:
            self.add_error(GRID_HELPER, clash(str(GRID_LABELS[NONE])))
        else:
            for question in self.items:
                self._read_grid_row(question, question.key in helpers, values)

    def _read_grid_row(self, question: Question, ticked: bool, values: dict[str, Answer]) -> None:
        sides = [o.value for o in question.options if o.value not in {NO, YES}]
        if not ticked:
            values[question.key] = NO
            self.errors.pop(question.key, None)
        elif not sides:
            values[question.key] = YES
        elif values.get(question.key, NO) == NO:
            values.pop(question.key, None)
            self.add_error(question.key, gettext("Choose a side"))

    # --- the error summary ---

    def error_links(self) -> list[tuple[str, str]]:
        """(id of the first control, what to do) for each error, in the order of the page."""
        return [
            (self._target(name), self._message(name))
            for name in dict.fromkeys([self.helper_name, *self.fields])
            if name in self.errors
        ]

    def _message(self, name: str) -> str:
        """The error by itself, without its question beside it."""
        error = str(self.errors[name][0])
        rows = self.one_by_one or self.section.layout is Layout.SIDE_GRID
        if rows and name != self.helper_name:
            return f"{self.printed(name).label}: {error[0].lower()}{error[1:]}"
        return error

    def _target(self, name: str) -> str:
        rows = self.tick_rows() if self.helper_name else ()
        if name == self.helper_name:
            return rows[0].tick.id
        opened = next((row for row in rows if row.key == name and row.follow_options), None)
        return opened.follow_options[0].id if opened else str(self.printed(name).first_id)


def _template(question: Question) -> str:
    """Places with sides stand in a grid of regions; everything else goes by its kind."""
    if any(option.group for option in question.options):
        return "clinic/regions.html"
    return TEMPLATES[question.kind]


def _as_tick(choice: Choice, key: str, number: int, label: str, hint: str) -> Choice:
    identity = f"id_{key}_tick" if number == 0 else f"id_{key}_{choice.value}_tick"
    return replace(choice, id=identity, type="checkbox", label=label, hint=hint)


READ_TICKS = {
    Layout.SAFETY: SectionForm._read_safety,
    Layout.SIDE_GRID: SectionForm._read_grid,
}
"""Layout -> how its ticks become answers."""


# --- who it is from ---------------------------------------------------------------------------


class IdentityForm(IdentityFields):
    """Who the answers are from, as a page of the questionnaire."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = page_helper(self, gettext("Continue"))
        self.helper.layout = FormLayout(
            Row("full_name", template="clinic/text.html"),
            Row("birth", template="clinic/date.html"),
            Row("phone", template="clinic/text.html"),
            Row("email", template="clinic/text.html"),
            Row("filled_by", template="clinic/choice.html"),
        )


class CallMeForm(forms.Form):
    """Name and phone number on the emergency page: optional, below the advice."""

    full_name = TextField(label=gettext_lazy("Your name"), autocomplete="name", max_length=100)
    phone = TextField(
        label=gettext_lazy("Phone"), autocomplete="tel", width="w8", input_type="tel", max_length=30
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.helper = page_helper(self, gettext("Leave my name"))
        self.helper.saved_note = ""
        self.helper.layout = FormLayout(
            Row("full_name", template="clinic/text.html"),
            Row("phone", template="clinic/text.html"),
        )

    def clean(self) -> dict[str, Any]:
        """Both are needed, so that somebody can be called back."""
        for name, message in (
            ("full_name", gettext("Enter your name")),
            ("phone", gettext("Enter your phone")),
        ):
            if not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, message)
        return self.cleaned_data

    def error_links(self) -> list[tuple[str, str]]:
        """(id of the control, what to do) for each error."""
        return [(f"id_{name}", str(errors[0])) for name, errors in self.errors.items()]
