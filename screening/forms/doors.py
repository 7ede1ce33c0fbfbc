"""Codes and birth dates that open what was saved, and the form of the staff for an invitation."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from chiro.practice.links import read_code
from screening.forms.identity import (
    BirthDateError,
    DateField,
    TextField,
    read_birth_date,
)
from screening.models import Patient, age_on

LONGEST_CODE = 20


class DoorForm(forms.Form):
    """A form in our own look: each error leads to its control."""

    def error_links(self) -> list[tuple[str, str]]:
        """(id of the first control, what to do) for each error, in the order of the page."""
        return [
            (str(self[name].first_id), str(self.errors[name][0]))  # type: ignore[attr-defined]
            for name in self.fields
            if name in self.errors
        ]


class WithCode(DoorForm):
    """A form that asks for a code."""

    code = TextField(
        label=_("Your code"),
        help_text=_("8 letters and numbers. Capital or small does not matter."),
        autocomplete="off",
        width="w8",
        max_length=LONGEST_CODE,
    )

    def clean_code(self) -> str:
        """The code without gaps. Raises ValidationError for what cannot be one."""
        typed = self.cleaned_data["code"]
        code = read_code(typed)
        if code is None:
            count = sum(sign.isalnum() for sign in typed)
            if count in (0, 8):
                raise ValidationError(gettext("Enter the 8 letters and numbers of your code"))
            words = gettext("The code has 8 letters and numbers. You entered %(count)s.")
            raise ValidationError(words % {"count": count})
        return code


class CodeForm(WithCode):
    """The code of a printed card."""

    def refuse(self) -> None:
        """Say that nothing opens."""
        self.add_error("code", gettext("This code does not work. Check it, or call us."))


class BirthDateForm(DoorForm):
    """A birth date in three parts."""

    birth = DateField(
        label=_("Your birth date"), required=False, help_text=_("For example 4 15 1974")
    )

    bad_date_parts: tuple[str, ...] = ()

    def __init__(
        self, data: QueryDict | None = None, *, today: date, age: int | None = None
    ) -> None:
        super().__init__(data)
        self.today = today
        self.age = age

    def clean_birth(self) -> date:
        """The birth date. Raises ValidationError with the part that is wrong."""
        try:
            born = read_birth_date(self.cleaned_data["birth"] or ("", "", ""), self.today)
        except BirthDateError as problem:
            self.bad_date_parts = problem.parts
            raise ValidationError(str(problem)) from problem
        if self.age is not None and age_on(born, self.today) != self.age:
            self.bad_date_parts = ("year",)
            words = gettext("Check the birth date: you gave your age as %(age)s")
            raise ValidationError(words % {"age": self.age})
        return born

    def refuse(self, tries_left: int) -> None:
        """Say that the date does not fit, and how many tries are left."""
        words = ngettext(
            "That birth date does not match. You have %(count)s try left.",
            "That birth date does not match. You have %(count)s tries left.",
            tries_left,
        )
        self.bad_date_parts = ("month", "day", "year")
        self.add_error("birth", words % {"count": tries_left})


class ResumeForm(WithCode, BirthDateForm):
    """A code and the birth date beside it."""

    field_order = ("code", "birth")

    def refuse(self, tries_left: int = 0) -> None:
        """Say that the two open nothing, not which of them is wrong."""
        words = gettext("This code and this birth date open nothing. Check both, or call us.")
        self.add_error("code", words)


class SaveForm(BirthDateForm):
    """What a code needs: the birth date where nobody gave it yet; where to mail it, if at all."""

    email = TextField(
        label=_("Email me the code"),
        help_text=_("Others may read your mail. The code opens nothing without your birth date."),
        autocomplete="email",
        input_type="email",
        optional=True,
        max_length=254,
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        today: date,
        known: date | None,
        age: object,
    ) -> None:
        super().__init__(data, today=today, age=age if isinstance(age, int) else None)
        self.known = known
        if known is not None:
            del self.fields["birth"]

    def clean_email(self) -> str:
        """The e-mail address, or nothing. Raises ValidationError when it cannot be one."""
        email: str = self.cleaned_data["email"]
        if email:
            try:
                validate_email(email)
            except ValidationError as problem:
                words = gettext("Enter an email address like name@example.com")
                raise ValidationError(words) from problem
        return email

    def clean(self) -> dict[str, Any]:
        """The birth date that counts."""
        given: dict[str, Any] = {**self.cleaned_data}
        if self.known is not None:
            given["birth"] = self.known
        return given


class InvitationForm(forms.Form):
    """Whom to invite: a known patient, somebody new, or whoever is handed the card."""

    NEW_FIELDS = ("full_name", "birth_date")

    patient = forms.CharField(
        required=False,
        label="Known patient",
        help_text="Reference or full name. Empty for somebody new, or for a card to hand out.",
        max_length=100,
    )
    full_name = forms.CharField(required=False, label="New patient: full name", max_length=100)
    birth_date = forms.DateField(
        required=False,
        label="New patient: birth date",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    email = forms.EmailField(
        required=False,
        label="Send it by e-mail to",
        help_text="Optional. The mail holds the practice's name and the link, nothing else.",
    )
    language = forms.ChoiceField(label="Language", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = forms.ChoiceField(choices=settings.LANGUAGES, required=False)
        self.fields["language"] = choices
        choices.label = "Language"

    def clean_language(self) -> str:
        """The language; the site's own when nothing was chosen."""
        return self.cleaned_data["language"] or settings.LANGUAGE_CODE

    def clean_patient(self) -> Patient | None:
        """The patient who is meant. Raises ValidationError for none or more than one."""
        typed = " ".join(self.cleaned_data["patient"].split())
        if not typed:
            return None
        found = Patient.objects.filter(reference=typed.upper()).first()
        named = list(Patient.objects.filter(full_name__iexact=typed)[:2])
        if found is None and len(named) > 1:
            raise ValidationError("Several patients have this name. Type the reference, K7Q-3RF.")
        if found is None and not named:
            raise ValidationError("No patient has this reference or name.")
        return found or named[0]

    def clean_birth_date(self) -> date | None:
        """A date that is not in the future."""
        born: date | None = self.cleaned_data["birth_date"]
        if born and born > timezone.localdate():
            raise ValidationError("A birth date is not in the future.")
        return born

    def clean(self) -> dict[str, Any]:
        """One person at most: known, or new with both name and birth date."""
        given = self.cleaned_data
        new = [name for name in self.NEW_FIELDS if given.get(name)]
        if given.get("patient") and new:
            raise ValidationError("Choose a known patient or a new one, not both.")
        if len(new) == 1 and not self.errors:
            raise ValidationError("A new patient needs both the full name and the birth date.")
        return given
