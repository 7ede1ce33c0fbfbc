"""Sheets for the paper tests: one patient's plan in the sizes that a layout has to bear."""

from datetime import date
from typing import Any

from exercises import handout
from exercises.handout.showed import Told
from exercises.planner import PlanCard
from screening.anatomy import Level

ISSUER = handout.Issuer(
    name="Harbor Street Chiropractic", address="41 Harbor Street, Austin", phone="(512) 555-0142"
)
DAY = date(2026, 11, 25)
OPEN = frozenset({"isometric-hip-abduction", "side-lying-leg-lift", "standing-weight-shift"})


def heading(**changes: Any) -> handout.Heading:
    """Version 2 of an invented patient's plan."""
    facts = {
        "number": "000042",
        "version": 2,
        "replaces": 1,
        "patient": "Maria Alvarez (example)",
        "clinician": "Sam Rivera, DC",
        "on": DAY,
        "questionnaire": "1",
        "ruleset": "1",
    }
    return handout.Heading(**{**facts, **changes})


def told(words: str, *, side: str = "right", counted: int = 2) -> Told:
    """What a fired rule says of the patient's answers."""
    return Told(rule="A1", side=side, counted=counted, sentence=f"Because you told us {words}.")


def findings(**changes: Any) -> handout.Findings:
    """A likely right side with pain."""
    facts = {
        "left": Level.UNLIKELY,
        "right": Level.LIKELY,
        "pain_worst": 6,
        "told": (told("your right knee drops forward at night"),),
        "goals": ("climb the stairs at work without stopping",),
    }
    return handout.Findings(**{**facts, **changes})


def dose(slug: str = "clamshell", **changes: Any) -> PlanCard:
    """A one-sided exercise: 3 sets of 12 on the right, 2 on the left."""
    facts = {
        "slug": slug,
        "slot": "ABD",
        "sets": {"left": 2, "right": 3},
        "reps": 12,
        "hold_seconds": 2,
        "rest_seconds": 45,
        "times_a_day": 1,
        "days_per_week": 3,
        "first_side": "right",
        "because": "Because you told us your right knee drops forward at night.",
        "cautions": (),
    }
    return PlanCard(**{**facts, **changes})


def both(slug: str, **changes: Any) -> PlanCard:
    """A two-sided exercise: 2 sets of 10."""
    return dose(slug, **{"sets": {"both": 2}, "reps": 10, "first_side": "", **changes})


def item(card: PlanCard, note: str = "") -> handout.Item:
    """An exercise of the plan."""
    return handout.Item(slug=card.slug, because=card.because, dose=card, note=note)


def habit(slug: str, because: str = "Because you told us so.", note: str = "") -> handout.Item:
    """A habit of the plan."""
    return handout.Item(slug=slug, because=because, dose=None, note=note)


FOUR = (
    item(dose("clamshell")),
    item(both("double-leg-bridge", hold_seconds=3)),
    item(dose("single-leg-stance", reps=None, hold_seconds=20, days_per_week=7, slot="STAND")),
    item(both("sit-to-stand", hold_seconds=0, rest_seconds=60, slot="FUNC")),
)
SIX = (
    *FOUR,
    item(both("dead-bug", slot="CORE")),
    item(dose("standing-hip-flexor-stretch", reps=None, hold_seconds=30, slot="MOB")),
)
HABITS = tuple(
    habit(f"habit-{name}") for name in ("sleep-pillow", "even-stance", "sit-break", "uncross")
)


def sheet(*items: handout.Item, **changes: Any) -> dict[str, Any]:
    """Everything a plan says. Without items: four exercises and one habit."""
    facts = {
        "issuer": ISSUER,
        "heading": heading(),
        "findings": findings(),
        "items": items or (*FOUR, HABITS[0]),
        "minutes": 14.5,
        "open_slugs": OPEN,
        "advice": (),
    }
    return handout.write(**{**facts, **changes})
