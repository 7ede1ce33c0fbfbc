"""Screenings for the review tests: sent by invented patients, as the pages send them."""

import html
import re
import secrets
from html.parser import HTMLParser
from typing import Any

from django.utils.translation import get_language

from chiro.languages import ENGLISH
from screening.models import Draft, Screening
from screening.questionnaire import SECTIONS
from screening.services import submission
from tests.web.visitor import RECORD

IDENTITY = {
    "full_name": "Maria Alvarez",
    "birth_date": "1984-04-15",
    "phone": "512 555 0199",
    "email": "",
    "filled_by": "self",
}
TIERS: dict[str, dict[str, Any]] = {
    "none": {},
    "clinician_first": {"rf_needs_doctor_ok": "yes"},
    "same_day": {"rf_calf": "yes"},
    "emergency": {"rf_saddle": "yes"},
}
"""Tier -> the answers that make it."""


def sent(tier: str = "none", *, name: str = "Maria Alvarez", **answers: Any) -> Screening:
    """A submitted screening of this tier, with some answers changed."""
    draft = Draft.objects.create(
        submission_key=secrets.token_urlsafe(32),
        answers={**RECORD, **TIERS[tier], **answers},
        identity={**IDENTITY, "full_name": name},
        progress={"answered": [section.slug for section in SECTIONS]},
        language=get_language() or ENGLISH,
    )
    return submission.submit(draft=draft)


class FormReader(HTMLParser):
    """Reads the controls of one form of a page, as a browser would send them."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id = form_id
        self.inside = False
        self.fields: dict[str, list[str]] = {}
        self.name = ""
        self.text: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = found.get("id") == self.form_id
        if found.get("form", self.form_id if self.inside else "") != self.form_id:
            return
        name = found.get("name", "")
        if tag == "input" and name:
            self._input(name, found)
        elif tag in ("select", "textarea"):
            self.name, self.text = name, [] if tag == "textarea" else None
        elif tag == "option" and "selected" in found:
            self.fields.setdefault(self.name, []).append(found.get("value", ""))

    def _input(self, name: str, found: dict[str, str]) -> None:
        if found.get("type") in ("checkbox", "radio") and "checked" not in found:
            return
        self.fields.setdefault(name, []).append(found.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        if tag == "textarea" and self.text is not None and self.inside:
            self.fields.setdefault(self.name, []).append("".join(self.text).removeprefix("\n"))
            self.text = None


def form_of(response: Any, form_id: str = "review-form") -> dict[str, list[str]]:
    """What pressing a button of this form would send, before anybody types."""
    reader = FormReader(form_id)
    reader.feed(response.content.decode())
    return reader.fields


def review_url(screening: Screening, act: str = "change") -> str:
    """The address of the review page, or of one of its acts."""
    return f"/admin/screening/screening/{screening.pk}/{act}/"


def text_of(response: Any) -> str:
    """The words of a page in one line, without tags."""
    bare = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", response.content.decode(), flags=re.S)
    return " ".join(html.unescape(bare).split())
