"""Who the answers are from, as form fields: short texts and a birth date in three parts.

Standard library and Django only; `IdentityForm` puts them together. Nothing here reaches the rules.
"""

from calendar import month_name, monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from screening.forms.fields import PrintedField

PART_NAMES = ("month", "day", "year")
OLDEST_YEARS = 120


class BirthDateError(ValueError):
    """A date that cannot be. `parts` names what is wrong; str() says what to do."""

    def __init__(self, parts: tuple[str, ...], message: str) -> None:
        super().__init__(message)
        self.parts = parts


def read_birth_date(texts: Sequence[str], today: date) -> date:
    """The date of (month, day, year) texts. Raises BirthDateError with what to do."""
    missing = tuple(part for part, text in zip(PART_NAMES, texts, strict=True) if not text)
    if missing:
        raise BirthDateError(missing, f"Enter the {' and the '.join(missing)} you were born")
    month, day, year = (_number(text) for text in texts)
    first_year = today.year - OLDEST_YEARS
    _check("year", year, first_year, today.year, "")
    _check("month", month, 1, 12, "")
    _check("day", day, 1, monthrange(year, month)[1], f" in {month_name[month]}")
    born = date(year, month, day)
    if born > today:
        raise BirthDateError(PART_NAMES, "Enter a birth date that is not in the future")
    return born


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= len("2000") else -1


def _check(part: str, number: int, low: int, high: int, where: str) -> None:
    if not low <= number <= high:
        raise BirthDateError((part,), f"The {part} must be a number from {low} to {high}{where}")


@dataclass(frozen=True, kw_only=True)
class DatePart:
    """The month, the day or the year of a date."""

    name: str
    id: str
    label: str
    text: str
    width: str
    autocomplete: str
    max_length: int
    invalid: bool


class TextBound(PrintedField):
    """A typed text with its current value."""

    @property
    def text(self) -> str:  # type: ignore[override]
        """What stands in the input."""
        value = self.value()
        return "" if value is None else str(value)

    def __getattr__(self, name: str) -> object:
        """Width, type, keyboard, autofill and length come from the field."""
        if name in TEXT_ATTRIBUTES:
            return getattr(self.field, name)
        raise AttributeError(name)


TEXT_ATTRIBUTES = frozenset({"width", "input_type", "input_mode", "autocomplete"})


class TextField(forms.CharField):
    """A short text. `autocomplete` is the browser's own name for it."""

    def __init__(
        self,
        *,
        autocomplete: str,
        width: str = "",
        input_type: str = "text",
        input_mode: str = "",
        optional: bool = False,
        **rest: Any,
    ) -> None:
        super().__init__(required=False, **rest)
        self.autocomplete = autocomplete
        self.width = width
        self.input_type = input_type
        self.input_mode = input_mode
        self.optional = optional

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> TextBound:
        """The field with its value, ready to print."""
        return TextBound(form, self, field_name)


PARTS = (
    ("month", "Month", "w2", "bday-month", 2),
    ("day", "Day", "w2", "bday-day", 2),
    ("year", "Year", "w4", "bday-year", 4),
)
"""Name, label, width, the browser's own name and the digits of each part of a date."""


class DateControl(forms.Widget):
    """Reads a date from three inputs: `birth_month`, `birth_day`, `birth_year`."""

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> tuple[str, ...]:
        """The three texts, month first."""
        return tuple(data.get(f"{name}_{part[0]}", "").strip() for part in PARTS)


class DateBound(PrintedField):
    """A date in three parts with what was typed."""

    @property
    def first_id(self) -> str:
        """The first part that is wrong, otherwise the month."""
        return next((p.id for p in self.parts if p.invalid), self.parts[0].id)

    @property
    def parts(self) -> tuple[DatePart, ...]:
        """Month, day and year."""
        typed = self.value() or ("", "", "")
        bad = getattr(self.form, "bad_date_parts", ())
        return tuple(
            DatePart(
                name=f"{self.html_name}_{name}",
                id=f"{self.auto_id}_{name}",
                label=label,
                text=str(text),
                width=width,
                autocomplete=autocomplete,
                max_length=digits,
                invalid=name in bad,
            )
            for (name, label, width, autocomplete, digits), text in zip(PARTS, typed, strict=True)
        )


class DateField(forms.Field):
    """A date in three parts; clean gives the three texts, the form judges them together."""

    widget = DateControl

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> DateBound:
        """The field with its value, ready to print."""
        return DateBound(form, self, field_name)
