"""The birth date that opens a plan, the code of a printed one, and the forms of the diary."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy

from exercises import door
from exercises.models import DONE, LONGEST_KEY, MOST_PAIN, NOT_DONE, STATES, DiaryEntry
from screening.forms.identity import PART_LABELS, PART_NAMES, BirthDateError, read_birth_date

LONGEST_PART = 4
LONGEST_CODE = 20


class BirthDateForm(forms.Form):
    """A date in three parts. `cleaned_data["birth_date"]` is the date once the form is valid."""

    birth_month = forms.CharField(required=False)
    birth_day = forms.CharField(required=False)
    birth_year = forms.CharField(required=False)

    wrong_parts: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any]:
        """Put the parts together; one sentence for what is wrong, and the parts it is about."""
        texts = [self.cleaned_data.get(f"birth_{part}", "") for part in PART_NAMES]
        try:
            return {"birth_date": read_birth_date(texts, timezone.localdate())}
        except BirthDateError as problem:
            self.wrong_parts = problem.parts
            raise forms.ValidationError(str(problem)) from problem

    def marked(self, *, all_wrong: bool = False) -> list[dict[str, Any]]:
        """Each part with what was typed and whether it is wrong, ready to print."""
        wrong = PART_NAMES if all_wrong else self.wrong_parts
        return [
            {
                "name": part,
                "label": str(PART_LABELS[part]),
                "typed": str(self.data.get(f"birth_{part}", ""))[:LONGEST_PART],
                "digits": LONGEST_PART if part == "year" else 2,
                "wrong": part in wrong,
            }
            for part in PART_NAMES
        ]


class CodeForm(BirthDateForm):
    """The code of a printed plan and the birth date. `cleaned_data["code"]` is without groups."""

    code = forms.CharField(required=False)

    CODE_WRONG = gettext_lazy("Enter the code on your printed plan: 12 letters and digits")

    def clean_code(self) -> str:
        """Read the code as people type it."""
        code = door.read_code(self.cleaned_data["code"])
        if code is None:
            raise forms.ValidationError(self.CODE_WRONG)
        return code

    def clean(self) -> dict[str, Any]:
        """The code beside the birth date."""
        code = self.cleaned_data.get("code", "")
        return {"code": code, **super().clean()}

    def problems(self) -> list[tuple[str, str]]:
        """For the error summary: the id of the field to go to, and what is wrong there."""
        found = [("id_code", str(error)) for error in self.errors.get("code", [])]
        first = next(iter(self.wrong_parts), "month")
        return found + [(f"id_birth_{first}", str(error)) for error in self.non_field_errors()]

    def typed_code(self) -> str:
        """What was typed, cut to what a code with its gaps can take."""
        return str(self.data.get("code", ""))[:LONGEST_CODE]


class TickForm(forms.Form):
    """One exercise of one day. `cleaned_data["ticks"]` is slug -> state, as the diary takes it."""

    NAMES = ("version", "day", "slug", "state", "place", "key")

    version = forms.IntegerField(min_value=1)
    day = forms.DateField()
    slug = forms.SlugField(max_length=60)
    state = forms.ChoiceField(choices=[(state, state) for state in STATES], required=False)
    place = forms.IntegerField(min_value=0, max_value=20, required=False)
    key = forms.CharField(max_length=LONGEST_KEY)

    def clean(self) -> dict[str, Any]:
        """The tick as the diary takes it; the key is this exercise's and this act's own."""
        found = dict(super().clean() or {})
        if not self.errors:
            slug, state = found["slug"], found["state"]
            found["ticks"] = {slug: state}
            act = f"{found['key']} {slug} {state}"
            found["key"] = sha256(act.encode()).hexdigest()
        return found


class DiaryForm(forms.Form):
    """One day: what was done, the worst pain, how it felt.

    A form is sent with what its page had shown as done (`was`), so that only what was changed on
    this page changes: a tick made meanwhile on another page stays.
    """

    NAMES = ("version", "was", "done", "pain", "difficulty", "key")
    PAIN_WRONG = gettext_lazy("Choose a number from 0 to 10 for your pain")
    FELT_WRONG = gettext_lazy("Choose how it felt")

    was = forms.MultipleChoiceField(required=False)
    done = forms.MultipleChoiceField(required=False)
    pain = forms.TypedChoiceField(
        choices=[(n, n) for n in range(MOST_PAIN + 1)],
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": PAIN_WRONG},
    )
    difficulty = forms.ChoiceField(
        choices=DiaryEntry.Difficulty.choices,
        required=False,
        error_messages={"invalid_choice": FELT_WRONG},
    )
    key = forms.CharField(max_length=LONGEST_KEY)

    def offer(self, slugs: Sequence[str]) -> None:
        """Take ticks for these exercises and habits only."""
        for name in ("was", "done"):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = [(slug, slug) for slug in slugs]

    def clean(self) -> dict[str, Any]:
        """The changes as the diary takes them."""
        found = dict(super().clean() or {})
        was, done = set(found.get("was", [])), set(found.get("done", []))
        found["ticks"] = {
            **dict.fromkeys(done - was, DONE),
            **dict.fromkeys(was - done, NOT_DONE),
        }
        return found

    def typed_ticks(self) -> dict[str, str]:
        """What was ticked, for showing the page again."""
        data = self.data
        return dict.fromkeys(data.getlist("done") if isinstance(data, QueryDict) else (), DONE)

    def pain_options(self) -> list[dict[str, Any]]:
        """0 to 10, the chosen one marked."""
        return [
            {"value": n, "checked": str(self["pain"].value()) == str(n)}
            for n in range(MOST_PAIN + 1)
        ]

    def difficulty_options(self) -> list[dict[str, Any]]:
        """Too easy, about right, too hard, the chosen one marked."""
        chosen = self["difficulty"].value()
        return [{"value": value, "checked": chosen == value} for value in DiaryEntry.Difficulty]

    def problems(self) -> list[tuple[str, str]]:
        """For the error summary: where to go and what is wrong there."""
        places = {"pain": "id_pain_0", "difficulty": "id_difficulty_easy"}
        return [
            (places.get(name, "id_done_0"), str(error))
            for name, errors in self.errors.items()
            for error in errors
        ]
