"""What speaks against a card for one patient, by the planner's own matrix: blocks and warnings.

A block is a fact about the patient that closes the card; using it all the same needs a written
reason. A warning is what a clinician can put right by a word or a loan: equipment, a later stage.
"""

from dataclasses import dataclass

from exercises.library import Card
from exercises.library.cards import BLOOD_THINNERS, EQUIPMENT
from exercises.library.matrix import OUTER_HIP_PAIN_BOTH_SIDES, PAINFUL_STANCE, load
from exercises.planner.patient import Patient

FACT_WORDS = {
    "balance_risk": "poor balance or falls",
    "bp": "blood pressure",
    "groin_pain": "groin pain",
    "hernia": "hernia",
    "high_irritability": "pain that is easily stirred up",
    "hip_replacement": "hip replacement",
    "knee_pain": "knee pain",
    "lateral_hip_pain": "pain on the side of the hip",
    "leg_neuro": "leg pain or tingling from the back",
    "no_floor": "cannot get down to the floor",
    "no_kneel": "cannot kneel",
    "no_wrist": "cannot lean on the wrists",
    "osteoporosis": "osteoporosis",
    "pregnant": "pregnancy",
    OUTER_HIP_PAIN_BOTH_SIDES: "outer hip pain on both sides",
    PAINFUL_STANCE: "pain when standing on one leg",
    BLOOD_THINNERS: "blood thinners",
}
"""Fact of the matrix -> what it is called among staff."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cautions:
    """Why a card is blocked, and what to know besides; both empty when nothing speaks against it.

    `facts` are the keys behind `blocks`.
    """

    facts: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def blocks(self) -> str:
        """The facts in words: "osteoporosis, hernia"; "" when it is not blocked."""
        return ", ".join(FACT_WORDS[fact] for fact in self.facts)


def of(card: Card, patient: Patient) -> Cautions:
    """What speaks against a card; nothing speaks against a habit."""
    if card.dose is None:
        return Cautions(facts=(), warnings=())
    return Cautions(facts=patient.filter.blocking(card), warnings=tuple(_warnings(card, patient)))


def _warnings(card: Card, patient: Patient) -> list[str]:
    found = []
    if patient.filter.lacks(card):
        needed = card.needs or (load().needs.get(card.slug, ""),)
        things = ", ".join(EQUIPMENT.get(one, one) for one in needed)
        found.append(f"Needs what this patient did not tick at home: {things}.")
    if card.stage.isdecimal() and int(card.stage) > patient.stage_cap:
        found.append(f"Stage {card.stage}: opened by a clinician only.")
    return found
