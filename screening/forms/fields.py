"""One question as a form field: raw strings in, a checked answer out, and ready to print.

Read by `forms.py` and, through it, by `templates/clinic/`. HTML names are the contract's keys and
HTML values the contract's values; `none` is the exclusive answer of a question with many answers.
What an answer may be is judged by `answers.check_value` alone.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext

from chiro.practice.translation import translated
from screening import answers as contract
from screening.answers import Answer, AnswerError
from screening.forms import chart as drawn_chart
from screening.forms.printed import GOAL_LENGTH, SHORT_SCALE, Choice, GoalRow, Region, Scale
from screening.questionnaire import Kind, Question

NONE = "none"
MOST_TILES = 5
LONGEST_TILE = 12
GOAL_COUNT = 3
PICTURE_COLUMNS = {2: "pics-two", 3: "pics-three"}
"""How many drawn answers stand side by side on a wide screen -> the class that says so."""
NUMBER_DIGITS = 3


# --- one question -----------------------------------------------------------------------------


class Control(forms.Widget):
    """Reads one question's raw values from the posted form. The templates do the printing."""

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.question = question

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> Any:
        """A list for many answers, a list of (text, score) for goals, otherwise one string."""
        if self.question.kind is Kind.GOALS:
            return [(data.get(text, ""), data.get(score, "")) for text, score in goal_names(name)]
        values = data.getlist(name) if isinstance(data, MultiValueDict) else data.get(name, [])
        if self.question.kind is Kind.MANY:
            return list(values)
        return values[-1] if values else ""


def goal_names(name: str) -> Iterator[tuple[str, str]]:
    """The HTML names of each goal's text and score."""
    for number in range(1, GOAL_COUNT + 1):
        yield f"{name}_{number}_text", f"{name}_{number}_score"


class PrintedField(forms.BoundField):
    """A field ready to print: its hint, its error and the ids that tie them to the control."""

    @property
    def unit(self) -> str:
        """The unit after the input; empty for none."""
        return ""

    @property
    def text(self) -> str:
        """What stands in the input."""
        value = self.value()
        return "" if value is None else str(value)

    @property
    def is_heading(self) -> bool:
        """Whether the label is the page's h1."""
        return bool(getattr(self.field, "heading", False))

    @property
    def optional(self) -> bool:
        """Whether the page says "(optional)"."""
        return bool(getattr(self.field, "optional", False))

    @property
    def hint(self) -> str:
        """The help under the label."""
        return str(self.help_text)

    @property
    def error(self) -> str:
        """The first error, empty for none."""
        return str(self.errors[0]) if self.errors else ""

    @property
    def hint_id(self) -> str:
        """Id of the hint; Django's own name for it."""
        return f"{self.auto_id}_helptext"

    @property
    def error_id(self) -> str:
        """Id of the error; Django's own name for it."""
        return f"{self.auto_id}_error"

    @property
    def described_by(self) -> str:
        """Ids of hint and error for `aria-describedby`."""
        ids = [self.hint_id] if self.hint else []
        return " ".join([*ids, self.error_id] if self.error else ids)

    @property
    def first_id(self) -> str:
        """Id of the first control: where the error summary leads."""
        return str(self.auto_id)

    @property
    def classes(self) -> str:
        """Classes of the wrapper."""
        names = ["field"]
        names += [] if self.is_heading else ["sub"]
        names += ["field-error"] if self.error else []
        return " ".join(names)


class QuestionBound(PrintedField):
    """One question with its current value."""

    @property
    def question(self) -> Question:
        """The declared question."""
        question: Question = getattr(self.field, "question")  # noqa: B009
        return question

    @property
    def first_id(self) -> str:
        """Id of the first control: where the error summary leads."""
        kind = self.question.kind
        if kind is Kind.GOALS:
            return next((g.text_id for g in self.goals if g.error), f"id_{self.name}_1_text")
        return str(self.auto_id) if kind in (Kind.NUMBER, Kind.TICK) else f"{self.auto_id}_0"

    @property
    def group_classes(self) -> str:
        """Rows, picture rows or tiles, by what the answers look like."""
        if self._fits_tiles:
            return f"tiles n{self.tile_count}"
        return f"options {self._picture_classes}".strip()

    @property
    def _picture_classes(self) -> str:
        """Cards side by side where the drawn answers come first, otherwise rows with a drawing."""
        drawn = [bool(option.picture) for option in self.question.options]
        if not any(drawn):
            return ""
        if drawn != sorted(drawn, reverse=True) or sum(drawn) not in PICTURE_COLUMNS:
            return "pics"
        return f"pics {PICTURE_COLUMNS[sum(drawn)]}"

    @property
    def _fits_tiles(self) -> bool:
        options = self.question.options
        return (
            self.question.kind is Kind.ONE
            and not self.is_heading
            and len(options) <= MOST_TILES
            and all(len(o.label) <= LONGEST_TILE and not o.hint for o in options)
        )

    @property
    def tile_count(self) -> int:
        """How many tiles stand side by side."""
        return len(self.question.options)

    @property
    def chosen(self) -> frozenset[str]:
        """The chosen values as strings."""
        value = self.value()
        values = value if isinstance(value, list | tuple) else [value]
        return frozenset(str(v).lower() if v is True else str(v) for v in values if v is not None)

    @property
    def options(self) -> tuple[Choice, ...]:
        """Every option but the exclusive one; the single box of a consent."""
        if self.question.kind is Kind.TICK:
            return (self._choice(0, "true", self.question.label, identity=str(self.auto_id)),)
        return tuple(
            self._choice(i, str(o.value), o.label, hint=o.hint, picture=o.picture)
            for i, o in enumerate(self.question.options)
        )

    @property
    def alone(self) -> tuple[Choice, ...]:
        """The exclusive answer of a question with many answers."""
        if not self.question.none_label:
            return ()
        number = len(self.question.options)
        return (self._choice(number, NONE, self.question.none_label, alone=True),)

    def _choice(
        self, number: int, value: str, label: str, *, identity: str = "", **rest: Any
    ) -> Choice:
        many = self.question.kind in (Kind.MANY, Kind.TICK)
        return Choice(
            name=self.html_name,
            value=value,
            label=label,
            id=identity or f"{self.auto_id}_{number}",
            type="checkbox" if many else "radio",
            checked=value in self.chosen,
            invalid=bool(self.error),
            **rest,
        )

    # scales

    @property
    def numbers(self) -> tuple[Choice, ...]:
        """The numbers of a scale, low to high."""
        if self.question.kind is Kind.SCALE:
            low, high = self.question.minimum or 0, self.question.maximum or 0
            values = [str(n) for n in range(low, high + 1)]
        else:
            values = [str(o.value) for o in self.question.options if isinstance(o.value, int)]
        return tuple(self._choice(i, value, value) for i, value in enumerate(values))

    @property
    def others(self) -> tuple[Choice, ...]:
        """Answers of a scale that are no number: could not, chose not to."""
        start = len(self.numbers)
        words = [o for o in self.question.options if not isinstance(o.value, int)]
        return tuple(
            self._choice(start + i, str(o.value), o.label, hint=o.hint) for i, o in enumerate(words)
        )

    @property
    def highest(self) -> Choice:
        """The last number of a scale."""
        return self.numbers[-1]

    @property
    def is_short(self) -> bool:
        """Whether the scale fits one row on a phone."""
        return len(self.numbers) <= SHORT_SCALE

    @property
    def low_end(self) -> str:
        """The words at the low end."""
        return self.question.ends[0]

    @property
    def high_end(self) -> str:
        """The words at the high end."""
        return self.question.ends[1]

    # typed numbers

    @property
    def unit(self) -> str:
        """The unit after the input."""
        return self.question.unit

    width = "w3"
    input_type = "text"
    input_mode = "numeric"
    autocomplete = "off"
    max_length = NUMBER_DIGITS

    # the body chart

    @property
    def regions(self) -> tuple[Region, ...]:
        """The boxes of a `region:side` question, a region a row."""
        grouped: dict[str, list[Choice]] = {}
        hints: dict[str, str] = {}
        for number, option in enumerate(self.question.options):
            side = str(option.value).partition(":")[2]
            grouped.setdefault(option.group, []).append(
                self._choice(
                    number,
                    str(option.value),
                    option.label,
                    side=_side_word(side),
                    place=f"chip-{side or 'alone'}",
                )
            )
            hints[option.group] = hints.get(option.group) or option.hint
        return tuple(_region(label, hints[label], boxes) for label, boxes in grouped.items())

    @property
    def chart(self) -> tuple[drawn_chart.View, ...]:
        """The drawn body, for the question whose places it shows."""
        if not getattr(self.field, "charted", False):
            return ()
        places = enumerate(self.question.options)
        return drawn_chart.views({str(o.value): f"{self.auto_id}_{n}" for n, o in places})

    # goals

    @property
    def goals(self) -> tuple[GoalRow, ...]:
        """The three goals with what was typed."""
        pairs: list[Any] = list(self.value() or [])
        return tuple(
            self._goal(number, names, pairs[number - 1] if number <= len(pairs) else ("", ""))
            for number, names in enumerate(goal_names(self.name), start=1)
        )

    def _goal(self, number: int, names: tuple[str, str], pair: Any) -> GoalRow:
        text, score = pair if isinstance(pair, tuple | list) else (pair.text, pair.score)
        error = goal_problem(text, score) if self.form.is_bound else ""
        numbers = tuple(
            Choice(
                name=names[1],
                value=str(n),
                label=str(n),
                id=f"id_{names[1]}_{n}",
                checked=str(n) == str(score),
                invalid=bool(error),
            )
            for n in range(11)
        )
        return GoalRow(
            title=gettext("Activity {number}").format(number=number),
            text_name=names[0],
            text_id=f"id_{names[0]}",
            text=str(text),
            score_id=f"id_{names[1]}_label",
            score_label=gettext("How well can you do it?"),
            scale=Scale(
                numbers=numbers, low_end=self.question.ends[0], high_end=self.question.ends[1]
            ),
            error=error,
            error_id=f"id_{names[0]}_error",
        )


def _side_word(side: str) -> str:
    """The word on the box of a place, by the end of its value; places without a side say yes."""
    words = {"left": gettext("Left"), "right": gettext("Right"), "middle": gettext("Middle")}
    return words.get(side) or (side.capitalize() if side else gettext("Yes"))


def clash(other: str) -> str:
    """What to do about an answer together with the exclusive one."""
    words = gettext("You ticked one of these and also “{other}”. Keep the one that is right.")
    return words.format(other=other)


def _region(label: str, hint: str, boxes: list[Choice]) -> Region:
    sides_only = len(boxes) == len(("left", "right"))
    return Region(
        label=label, hint=hint, columns="sides-only" if sides_only else "", options=tuple(boxes)
    )


class QuestionField(forms.Field):
    """One question. Clean gives the contract's value, or None where nothing was answered."""

    def __init__(
        self, question: Question, *, heading: bool, optional: bool, charted: bool = False
    ) -> None:
        super().__init__(
            required=False,
            label=question.label,
            help_text=question.help,
            widget=Control(question),
        )
        self.question = question
        self.heading = heading
        self.optional = optional
        self.charted = charted

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> QuestionBound:
        """The field with its value, ready to print."""
        return QuestionBound(form, self, field_name)

    def clean(self, value: Any) -> Answer | None:
        """The checked answer. Raises ValidationError with what to do."""
        raw = READERS[self.question.kind](self.question, value)
        if raw is None:
            return None
        try:
            return contract.check_value(self.question, raw)
        except AnswerError as problem:
            raise ValidationError(translated(str(problem))) from problem


class HelperBound(QuestionBound):
    """The exclusive answers of a page of ticks."""

    @property
    def exclusive(self) -> tuple[Choice, ...]:
        """Every helper answer, set apart from the ticks."""
        return tuple(replace(choice, alone=True) for choice in self.options)


class HelperField(QuestionField):
    """A control that is no answer itself: it says how the ticks of a page are to be read."""

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> HelperBound:
        """The control with its value, ready to print."""
        return HelperBound(form, self, field_name)

    def clean(self, value: Any) -> list[str]:  # type: ignore[override]
        """The posted values; the form reads what it knows among them."""
        return list(value or [])


def _read_tick(question: Question, value: str) -> bool | None:
    return True if value == "true" else None


def _read_number(question: Question, value: str) -> object:
    text = value.strip()
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) <= NUMBER_DIGITS else text


def _read_one(question: Question, value: str) -> object:
    if not value:
        return None
    return next((o.value for o in question.options if str(o.value) == value), value)


def _read_scale(question: Question, value: str) -> object:
    return _read_one(question, value) if question.options else _read_number(question, value)


def _read_many(question: Question, values: list[str]) -> object:
    chosen = [value for value in values if value != NONE]
    if chosen and len(chosen) < len(values):
        raise ValidationError(clash(question.none_label))
    if values or not question.none_label:
        return chosen
    return None


def _read_goals(question: Question, pairs: list[tuple[str, str]]) -> object:
    problem = next((p for p in (goal_problem(*pair) for pair in pairs) if p), "")
    if problem:
        raise ValidationError(problem)
    goals = [
        {"text": text.strip(), "score": _read_number(question, score)}
        for text, score in pairs
        if text.strip()
    ]
    return goals or None


def goal_problem(text: str, score: object) -> str:
    """What to do about one goal, empty for nothing. A number without a text is no goal."""
    if len(text.strip()) > GOAL_LENGTH:
        return gettext("Use at most {number} letters for one activity").format(number=GOAL_LENGTH)
    if text.strip() and score in ("", None):
        return gettext("Choose how well you can do this activity, from 0 to 10")
    return ""


READERS: Mapping[Kind, Callable[[Question, Any], object]] = {
    Kind.TICK: _read_tick,
    Kind.NUMBER: _read_number,
    Kind.SCALE: _read_scale,
    Kind.ONE: _read_one,
    Kind.MANY: _read_many,
    Kind.GOALS: _read_goals,
}
"""Kind -> how its posted strings become a value of the contract's type. Nothing is judged here."""
