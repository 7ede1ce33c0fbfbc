"""The birth date that opens a personal plan link."""

from datetime import date
from typing import Any

from django import forms

BAD_DATE = "Write your birth date with numbers, for example 4 15 1974"


class BirthDateForm(forms.Form):
    """A date in three parts: month, day, year. `cleaned_data["birth_date"]` is the date."""

    birth_month = forms.IntegerField(min_value=1, max_value=12)
    birth_day = forms.IntegerField(min_value=1, max_value=31)
    birth_year = forms.IntegerField(min_value=1900, max_value=2100)

    def clean(self) -> dict[str, Any]:
        """Put the three parts together; one sentence for whatever is wrong with them."""
        parts = super().clean() or {}
        try:
            born = date(parts["birth_year"], parts["birth_month"], parts["birth_day"])
        except (KeyError, ValueError):
            raise forms.ValidationError(BAD_DATE) from None
        return {**parts, "birth_date": born}

    @property
    def typed(self) -> dict[str, str]:
        """What was typed, to be shown again; at most four characters a part."""
        return {name: str(self.data.get(name, ""))[:4] for name in self.fields}
