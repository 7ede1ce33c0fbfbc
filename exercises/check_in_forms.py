"""The check-in as a form: pain, activities, global change, new signs."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from exercises import follow_up
from exercises.services.check_ins import LONGEST_KEY, Activity, Given
from screening.forms.fields import QuestionBound, QuestionField
from screening.questionnaire import QUESTIONS, Kind, Option, Question

TEMPLATES = {
    Kind.SCALE: "clinic/scale.html",
    Kind.ONE: "clinic/choice.html",
    Kind.MANY: "clinic/choice.html",
    Kind.GOALS: "clinic/goals.html",
}


def change_words() -> dict[str, str]:
    """Global change -> its words."""
    return {
        "much_better": _("Much better"),
        "better": _("A little better"),
        "same": _("About the same"),
        "worse": _("A little worse"),
        "much_worse": _("Much worse"),
    }


def sign_words() -> dict[str, str]:
    """New sign -> its words beside the tick."""
    return {
        "chest": _("Chest pain or trouble breathing"),
        "saddle": _("Numbness between my legs"),
        "bladder": _("New bladder or bowel trouble"),
        "weak_leg": _("A leg getting weaker"),
        "calf": _("One calf that is swollen, hot and sore"),
        "fall": _("A hard fall or a crash"),
        "fever": _("Fever or chills with the pain"),
        "tingling": _("New tingling in a leg"),
        "health": _("A new illness, or I am pregnant"),
    }


def _change() -> Question:
    return Question(
        key="change",
        code="",
        kind=Kind.ONE,
        label=_("Since you started, your back and hip are"),
        error=_("Choose how you are since you started"),
        options=tuple(Option(value=code, label=label) for code, label in change_words().items()),
    )


def _signs() -> Question:
    return Question(
        key="signs",
        code="",
        kind=Kind.MANY,
        label=_("Is any of this new since last time?"),
        help=_("Tick every one that is true for you. Most people tick none."),
        error=_("Choose what is new, or “None of these”"),
        options=tuple(Option(value=code, label=label) for code, label in sign_words().items()),
        none_label=_("None of these"),
    )


def _activity(number: int, activity: Activity) -> Question:
    text = _("How well can you do it? You said %(score)s at the start.")
    return Question(
        key=f"activity_{number}",
        code="",
        kind=Kind.SCALE,
        label=activity.text,
        help=text % {"score": activity.score},
        error=_("Choose how well you can do this: %(activity)s") % {"activity": activity.text},
        minimum=0,
        maximum=10,
        ends=(_("I can't do it"), _("as well as before")),
    )


def _pain(key: str) -> Question:
    question = QUESTIONS[key]
    low, high = question.ends
    return replace(
        question,
        label=_(question.label),
        help="",
        error=_("Choose a number for this: %(question)s") % {"question": _(question.label)},
        ends=(_(low) if low else "", _(high) if high else ""),
    )


class CheckInForm(forms.Form):
    """One check-in. After `is_valid`, `given` is what the service takes.

    Without activities the form asks for up to three, which are then the start.
    """

    key = forms.CharField(max_length=LONGEST_KEY, widget=forms.HiddenInput)

    def __init__(self, activities: Sequence[Activity], data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.activities = activities
        self.given: Given | None = None
        asked = [_pain("pain_now"), _pain("pain_worst")]
        asked += [_activity(number, one) for number, one in enumerate(activities, start=1)]
        asked += [] if activities else [self._goals()]
        asked += [_change(), _signs()]
        for question in asked:
            self.fields[question.key] = QuestionField(
                question, heading=False, optional=question.optional
            )

    def _goals(self) -> Question:
        goals = QUESTIONS["goals"]
        ends = (_("I can't do it"), _("as well as before"))
        return replace(goals, label=_(goals.label), help=_(goals.help), ends=ends)

    def printed(self) -> list[dict[str, Any]]:
        """Each question with the template that prints it."""
        return [
            {"field": bound, "template": TEMPLATES[bound.question.kind]}
            for bound in (self._bound(name) for name in self.fields if name != "key")
        ]

    def _bound(self, name: str) -> QuestionBound:
        return cast(QuestionBound, self[name])

    def error_links(self) -> list[tuple[str, str]]:
        """For the error summary: the id to go to and what is wrong there, in order of the page."""
        names = [name for name in self.fields if name in self.errors and name != "key"]
        return [(self._bound(name).first_id, str(self.errors[name][0])) for name in names]

    def clean(self) -> dict[str, Any]:
        """Say what is missing or contradicts; otherwise make `given`."""
        for name, field in self.fields.items():
            if not isinstance(field, QuestionField) or field.optional or name in self.errors:
                continue
            if self.cleaned_data.get(name) is None:
                self.add_error(name, field.question.error)
        found = self.cleaned_data
        if not self.errors and found["pain_worst"] < found["pain_now"]:
            self.add_error("pain_worst", _("Your worst pain cannot be below your pain right now"))
        if not self.errors:
            self.given = self._given(found)
        return found

    def _given(self, found: dict[str, Any]) -> Given:
        goals = found.get("goals") or ()
        named = tuple(Activity(text=goal.text, score=goal.score) for goal in goals)
        scores = [found[f"activity_{n}"] for n in range(1, len(self.activities) + 1)]
        return Given(
            pain_now=found["pain_now"],
            pain_worst=found["pain_worst"],
            change=found["change"],
            signs=tuple(sign for sign in found["signs"] if sign in follow_up.SIGNS),
            scores=scores or [one.score for one in named],
            named=named,
        )
