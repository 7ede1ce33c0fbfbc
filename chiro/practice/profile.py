"""The form of the practice's profile: languages are switched on with open eyes.

Beside each language stands how many of its sentences are translated and how many a person has
reviewed. Switching on one with unreviewed sentences needs a second tick. Read by the admin.
"""

from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from chiro.languages import ENGLISH, Language, installed
from chiro.practice import catalogues
from chiro.practice.models import Practice
from chiro.practice.profile_form import ProfileForm

ACCEPT = "Switch it on although no person has reviewed all of it"
NOT_REVIEWED = (
    "{name}: no person has reviewed {strings} of its {all} sentences, {safety} of them safety "
    "sentences. Have them reviewed, or tick “{accept}” below."
)
NOT_TRANSLATED = "{name}: {missing} sentences have no translation; patients read them in English."


def choices() -> tuple[Language, ...]:
    """The languages beside English that this installation has."""
    return tuple(language for language in installed() if language.code != ENGLISH)


class PracticeForm(ProfileForm):
    """The profile, with its languages as boxes."""

    languages = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Patients can choose",
        help_text="English is always there. The table below says how far each language is.",
    )
    accept_unreviewed = forms.BooleanField(required=False, label=ACCEPT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("languages")
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(one.code, one.name) for one in choices()]

    def clean(self) -> dict[str, Any]:
        """Refuse a newly switched-on language that is not reviewed, unless that was accepted."""
        found = super().clean() or {}
        already = set(self.instance.languages) if self.instance.pk else set()
        for language in choices():
            if language.code in set(found.get("languages", [])) - already:
                self._look_at(language, accepted=bool(found.get("accept_unreviewed")))
        return found

    def _look_at(self, language: Language, *, accepted: bool) -> None:
        far = catalogues.coverage(language.code)
        if accepted or not far.unreviewed:
            return
        words = NOT_REVIEWED.format(
            name=language.name,
            strings=far.unreviewed,
            all=far.strings,
            safety=far.safety_unreviewed,
            accept=ACCEPT,
        )
        self.add_error("languages", words)


HEADS = ("Language", "Sentences", "Translated", "Reviewed by a person", "Safety, not reviewed")


def table() -> SafeString:
    """How far each language is, as a table."""
    heads = format_html_join("", '<th scope="col">{}</th>', ((head,) for head in HEADS))
    rows = format_html_join("", "<tr>{}</tr>", ((_row(one),) for one in choices()))
    return format_html("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>", heads, rows)


def _row(language: Language) -> SafeString:
    far = catalogues.coverage(language.code)
    numbers = (
        far.strings,
        far.translated,
        far.reviewed,
        f"{far.safety_unreviewed} of {far.safety}",
    )
    cells = format_html_join("", "<td>{}</td>", ((number,) for number in numbers))
    return format_html('<th scope="row" lang="{}">{}</th>{}', language.code, language.name, cells)


def warnings(practice: Practice) -> list[str]:
    """What to know of the languages that are switched on now."""
    found = []
    for language in choices():
        far = catalogues.coverage(language.code)
        missing = far.strings - far.translated
        if language.code in practice.languages and missing:
            found.append(NOT_TRANSLATED.format(name=language.name, missing=missing))
    return found
