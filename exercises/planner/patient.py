"""What the planner knows of one patient: facts, experience, column, weaker side, places.

Core: standard library only.
"""

from dataclasses import dataclass
from typing import cast

from exercises.library import matrix
from exercises.library.cards import BLOOD_THINNERS
from exercises.planner.tables import (
    ABD,
    ALWAYS_OWNED,
    CAREFUL_STAGE_CAP,
    CAREFUL_TAGS,
    COLUMNS,
    EXPERIENCE,
    EXPERIENCE_OF_ACTIVITY,
    EXT,
    MAINTENANCE,
    MOST_WHEN_IRRITABLE,
    PLACES,
    SLOTS,
    STAGE_CAP,
    Column,
    Slot,
)
from screening import prompts
from screening.anatomy import SIDES, Level, Side
from screening.answers import Answers
from screening.assessment import Assessment, SideFinding
from screening.rulesets import RuleSet


@dataclass(frozen=True, kw_only=True, slots=True)
class Patient:
    """What the planner knows of one patient."""

    assessment: Assessment
    answers: Answers
    filter: matrix.Filter
    fired: frozenset[str]
    column: Column
    irritable: bool
    first_side: str
    extra_set: bool
    slots: tuple[Slot, ...]
    places: int
    stage_cap: int

    @property
    def entry(self) -> int:
        """The hardest card of week 1, by difficulty."""
        return self.column.entry


def read_patient(assessment: Assessment, answers: Answers, ruleset: RuleSet) -> Patient:
    """What the planner needs of one assessed record, worked out once."""
    irritability = prompts.irritability(answers, ruleset.limits)
    irritable = irritability == "high"
    facts = _facts(assessment, answers, ruleset)
    owned = (*ALWAYS_OWNED, *listed(answers, "equipment"))
    experience = _experience(answers) if irritability == "low" else ""
    first_side = assessment.overall if assessment.overall in SIDES else ""
    slots: tuple[Slot, ...] = SLOTS
    if assessment.emphasis == "gmax":
        slots = (EXT, ABD, *SLOTS[2:])
    places = PLACES[whole(answers, "minutes")]
    if assessment.overall == "neither" and whole(answers, "pain_worst") == 0:
        slots = tuple(slot for slot in slots if slot.code in MAINTENANCE)
    return Patient(
        assessment=assessment,
        answers=answers,
        filter=matrix.load().of(facts, owned),
        fired=frozenset(assessment.left.points) | frozenset(assessment.right.points),
        column=COLUMNS[irritability, experience],
        irritable=irritable,
        first_side=first_side,
        extra_set=bool(first_side) and finding(assessment, first_side).level is Level.LIKELY,
        slots=slots,
        places=min(places, MOST_WHEN_IRRITABLE) if irritable else places,
        stage_cap=STAGE_CAP if CAREFUL_TAGS.isdisjoint(facts) else CAREFUL_STAGE_CAP,
    )


def _facts(assessment: Assessment, answers: Answers, ruleset: RuleSet) -> frozenset[str]:
    """The tags, and what the contract and the cards add to them."""
    places, medicines = listed(answers, "places"), listed(answers, "medicines")
    sore = ruleset.limits.stance_pain_limits_from
    stance_pain = [cast(int, answers.get(f"stance_{side}_pain", 0)) for side in SIDES]
    added = {
        matrix.OUTER_HIP_PAIN_BOTH_SIDES: all(f"outer_hip:{side}" in places for side in SIDES),
        matrix.PAINFUL_STANCE: "lateral_hip_pain" in assessment.tags and max(stance_pain) >= sore,
        BLOOD_THINNERS: "blood_thinners" in medicines,
    }
    return frozenset(assessment.tags) | {fact for fact, holds in added.items() if holds}


def _experience(answers: Answers) -> str:
    by_activity = EXPERIENCE_OF_ACTIVITY.get(str(answers["activity"]))
    return by_activity or EXPERIENCE[str(answers["experience"])]


def whole(answers: Answers, key: str) -> int:
    """An answer that is a whole number."""
    return cast(int, answers[key])


def listed(answers: Answers, key: str) -> tuple[str, ...]:
    """An answer that is a list."""
    return cast(tuple[str, ...], answers[key])


def finding(assessment: Assessment, side: str) -> SideFinding:
    """What was found on one side."""
    return assessment.left if side == Side.LEFT else assessment.right
