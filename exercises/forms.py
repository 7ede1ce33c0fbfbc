"""The birth date that opens a personal plan link."""

from typing import Any

from django import forms
from django.utils import timezone

from screening.forms.identity import PART_NAMES, BirthDateError, read_birth_date

LONGEST_PART = 4


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
                "label": part.capitalize(),
                "typed": str(self.data.get(f"birth_{part}", ""))[:LONGEST_PART],
                "digits": LONGEST_PART if part == "year" else 2,
                "wrong": part in wrong,
            }
            for part in PART_NAMES
        ]
