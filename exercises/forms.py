"""The birth date that opens a personal plan link, and the code of a printed plan."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from exercises import door
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
