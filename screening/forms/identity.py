"""Who the answers are from, as form fields: short texts and a birth date in three parts.

Nothing here reaches the rules. `IdentityForm` adds the layout.
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.dates import MONTHS
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from chiro.practice.translation import Words, translated
from screening.forms.fields import PrintedField, QuestionField
from screening.models import age_on
from screening.questionnaire import Kind, Option, Question
from screening.wording import question_in_language, question_words

PART_NAMES = ("month", "day", "year")
OLDEST_YEARS = 120

MISSING_PARTS = {
    ("month",): gettext_lazy("Enter the month you were born"),
    ("day",): gettext_lazy("Enter the day you were born"),
    ("year",): gettext_lazy("Enter the year you were born"),
    ("month", "day"): gettext_lazy("Enter the month and the day you were born"),
    ("month", "year"): gettext_lazy("Enter the month and the year you were born"),
    ("day", "year"): gettext_lazy("Enter the day and the year you were born"),
    PART_NAMES: gettext_lazy("Enter the month and the day and the year you were born"),
}
"""Parts of a date that were left out -> what to do."""
YEAR_RANGE = gettext_noop("The year must be a number from {low} to {high}")
MONTH_RANGE = gettext_noop("The month must be a number from {low} to {high}")
DAY_RANGE = gettext_noop("The day must be a number from {low} to {high} in {month}")


class BirthDateError(ValueError):
    """A date that cannot be. `parts` names what is wrong; str() says what to do."""

    def __init__(self, parts: tuple[str, ...], message: str) -> None:
        super().__init__(message)
        self.parts = parts


def read_birth_date(texts: Sequence[str], today: date) -> date:
    """The date of (month, day, year) texts. Raises BirthDateError with what to do."""
    missing = tuple(part for part, text in zip(PART_NAMES, texts, strict=True) if not text)
    if missing:
        raise BirthDateError(missing, str(MISSING_PARTS[missing]))
    month, day, year = (_number(text) for text in texts)
    first_year = today.year - OLDEST_YEARS
    _check("year", year, first_year, today.year, gettext(YEAR_RANGE))
    _check("month", month, 1, 12, gettext(MONTH_RANGE))
    _check("day", day, 1, monthrange(year, month)[1], gettext(DAY_RANGE), month=month)
    born = date(year, month, day)
    if born > today:
        raise BirthDateError(PART_NAMES, gettext("Enter a birth date that is not in the future"))
    return born


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= len("2000") else -1


def _check(part: str, number: int, low: int, high: int, words: str, month: int = 0) -> None:
    if not low <= number <= high:
        name = MONTHS[month] if month else ""
        raise BirthDateError((part,), words.format(low=low, high=high, month=name))


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

    def __getattr__(self, name: str) -> object:
        """Width, type, keyboard, autofill and length come from the field."""
        if name in TEXT_ATTRIBUTES:
            return getattr(self.field, name)
        raise AttributeError(name)


TEXT_ATTRIBUTES = frozenset({"width", "input_type", "input_mode", "autocomplete", "max_length"})


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
    ("month", gettext_lazy("Month"), "w2", "bday-month", 2),
    ("day", gettext_lazy("Day"), "w2", "bday-day", 2),
    ("year", gettext_lazy("Year"), "w4", "bday-year", 4),
)
"""Name, label, width, the browser's own name and the digits of each part of a date."""


PART_LABELS = {name: label for name, label, *_ in PARTS}


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
                label=str(label),
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


FILLED_BY = Question(
    key="filled_by",
    code="",
    kind=Kind.ONE,
    label="Who is filling this in?",
    error="Choose who is filling this in",
    options=(
        Option(value="self", label="I am, for myself"),
        Option(value="helper", label="Someone is helping me"),
        Option(value="parent", label="I am the parent or guardian"),
    ),
)
PHONE_DIGITS = 5


class FilledByField(QuestionField):
    """Who fills it in: a choice that is no question of the contract."""

    def clean(self, value: Any) -> str | None:
        """The chosen value, or None where nothing that is offered was chosen."""
        return next((str(o.value) for o in self.question.options if o.value == value), None)


class IdentityFields(forms.Form):
    """Who the answers are from. Never passed to the rules.

    `age` is the answer of the questionnaire, which the birth date must agree with; `today` the
    date of the practice. After `is_valid`, `identity` holds texts that can be stored as JSON.
    """

    full_name = TextField(label=gettext_lazy("Your full name"), autocomplete="name", max_length=100)
    birth = DateField(
        label=gettext_lazy("Birth date"),
        required=False,
        help_text=gettext_lazy("For example 4 15 1974"),
    )
    phone = TextField(
        label=gettext_lazy("Phone"),
        help_text=gettext_lazy("Give a phone number, an email address, or both."),
        autocomplete="tel",
        width="w8",
        input_type="tel",
        max_length=30,
    )
    email = TextField(
        label=gettext_lazy("Email"),
        autocomplete="email",
        input_type="email",
        optional=True,
        max_length=254,
    )

    bad_date_parts: tuple[str, ...] = ()

    def __init__(
        self,
        identity: Mapping[str, str],
        data: QueryDict | None = None,
        *,
        age: int | None,
        today: date,
    ) -> None:
        super().__init__(data, initial=_identity_initial(identity))
        self.age = age
        self.today = today
        self.identity: dict[str, str] = {}
        self.fields["filled_by"] = FilledByField(
            question_in_language(FILLED_BY), heading=False, optional=False
        )

    def clean_full_name(self) -> str:
        """The name. Raises ValidationError when it is missing."""
        name: str = " ".join(self.cleaned_data["full_name"].split())
        if not name:
            raise ValidationError(gettext("Enter your full name"))
        return name

    def clean_birth(self) -> date:
        """The birth date. Raises ValidationError with the part that is wrong."""
        try:
            born = read_birth_date(self.cleaned_data["birth"] or ("", "", ""), self.today)
            if self.age is not None and age_on(born, self.today) != self.age:
                raise BirthDateError(
                    ("year",),
                    gettext("Check the birth date: you gave your age as {age}").format(
                        age=self.age
                    ),
                )
        except BirthDateError as problem:
            self.bad_date_parts = problem.parts
            raise ValidationError(str(problem)) from problem
        return born

    def clean_phone(self) -> str:
        """The phone number. Raises ValidationError when it cannot be one."""
        phone: str = self.cleaned_data["phone"]
        if phone and sum(char.isdigit() for char in phone) < PHONE_DIGITS:
            raise ValidationError(gettext("Enter a phone number, like 512 555 0142"))
        return phone

    def clean_email(self) -> str:
        """The e-mail address. Raises ValidationError when it cannot be one."""
        email: str = self.cleaned_data["email"]
        if email:
            try:
                validate_email(email)
            except ValidationError as problem:
                raise ValidationError(
                    gettext("Enter an email address like name@example.com")
                ) from problem
        return email

    def clean(self) -> dict[str, Any]:
        """Ask for one way to reach the person, and keep what was given."""
        given = self.cleaned_data
        if not given.get("phone") and not given.get("email") and not self._contact_errors():
            self.add_error("phone", gettext("Enter a phone number or an email address"))
        if given.get("filled_by") is None and "filled_by" not in self.errors:
            self.add_error("filled_by", translated(FILLED_BY.error))
        if not self.errors:
            self.identity = {**given, "birth_date": given["birth"].isoformat()}
            del self.identity["birth"]
        return given

    def _contact_errors(self) -> bool:
        return "phone" in self.errors or "email" in self.errors

    def error_links(self) -> list[tuple[str, str]]:
        """(id of the first control, what to do) for each error, in the order of the page."""
        return [
            (str(self[name].first_id), str(self.errors[name][0]))  # type: ignore[attr-defined]
            for name in self.fields
            if name in self.errors
        ]


def _identity_initial(identity: Mapping[str, str]) -> dict[str, object]:
    initial: dict[str, object] = {"filled_by": "self", **identity}
    if "birth_date" in identity:
        born = date.fromisoformat(identity["birth_date"])
        initial["birth"] = (born.month, born.day, born.year)
    return initial


def words() -> Iterator[Words]:
    """The words of the one question here, for the catalogues."""
    yield from question_words(FILLED_BY, "screening/forms/identity.py")
