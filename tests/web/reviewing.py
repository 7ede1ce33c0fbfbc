"""Screenings for the review tests: sent by invented patients, as the pages send them."""

from typing import Any

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
        submission_key=f"key-{name}-{Screening.objects.count()}",
        answers={**RECORD, **TIERS[tier], **answers},
        identity={**IDENTITY, "full_name": name},
        progress={"answered": [section.slug for section in SECTIONS]},
    )
    return submission.submit(draft=draft)
