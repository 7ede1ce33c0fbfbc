"""The invented patients of the example practice: who they are, what they say, what then happens.

Nobody here is real. Each name says so. `complete` answers quietly whatever an example leaves open,
so that an example holds only what makes it one. Read by `manage.py demo`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from screening import answers as contract
from screening.answers import Answer
from screening.questionnaire import QUESTIONS, Kind

MARK = " (example)"


class Ending(StrEnum):
    """How far the practice has come with an example patient."""

    WAITING = "waiting"
    SEEN = "alert seen"
    IN_REVIEW = "examined, levels set"
    APPROVED = "approved, with a personal link"
    CLEARED = "cleared, draft plan made"
    WITHHELD = "withheld"
    STOPPED = "stopped at an emergency answer"


@dataclass(frozen=True, kw_only=True)
class Example:
    """One invented patient. `says` holds answers by key; the rest is answered quietly."""

    name: str
    born: date
    phone: str
    ending: Ending
    says: Mapping[str, Any] = field(default_factory=dict)

    @property
    def full_name(self) -> str:
        """The name with the mark that everybody sees."""
        return self.name + MARK


QUIET: dict[str, Any] = {
    "consent": True,
    "pregnancy": "no",
    "reasons": ["pain"],
    "pain_now": 0,
    "pain_worst": 0,
    "duration": "over_12_weeks",
    "settles": "under_1_hour",
    "side_sleep_nights": "0_1",
    "top_knee_drops": "no",
    "knee_pillow": "never",
    "one_leg_standing": "rarely",
    "sitting_bout": "up_to_30",
    "sitting_hours": "under_4",
    "leg_crossing": "rarely",
    "crossing_style": "knee_over_knee",
    "falls": "none",
    "activity": "light",
    "sport_kind": "running",
    "training_hours": "0_2",
    "surgery_months": 24,
    "minutes": 15,
    "days": 3,
    "equipment": ["chair", "pillow", "step"],
    "floor": "yes",
    "experience": "a_little",
}
"""The quiet answer to each question whose quiet answer is not `no` or an empty list."""


def complete(example: Example, *, age: int) -> dict[str, Answer]:
    """The example's complete answers, in the order of the questionnaire, checked."""
    given: dict[str, Answer] = {}
    wanted = {**QUIET, **example.says, "age": age}
    for key, question in QUESTIONS.items():
        if not contract.asked(question, given) or (question.optional and key not in example.says):
            continue
        raw = wanted.get(key, [] if question.kind is Kind.MANY else "no")
        given[key] = contract.check_value(question, raw)
    return given


RIGHT_SIDE: dict[str, Any] = {
    "places": ["low_back:right", "buttock:right"],
    "pain_now": 2,
    "pain_worst": 3,
    "side_sleep_nights": "5_7",
    "top_knee_drops": "yes",
    "side_lain_on": "left",
    "sitting_bout": "31_to_60",
    "sitting_hours": "6_to_8",
    "hard_one_leg": "right",
    "hard_stairs": "right",
    "first_habit": "sleep",
    "goals": [{"text": "Climb the stairs at work without stopping", "score": 4}],
    "stance_left": "ok",
    "stance_right": "drop",
    "leg_lift_left": 0,
    "leg_lift_right": 3,
}

EXAMPLES = (
    Example(
        name="Nora Whitfield",
        born=date(1991, 3, 9),
        phone="555-0101",
        ending=Ending.WAITING,
        says={"reasons": ["prevention"]},
    ),
    Example(
        name="Paul Lindqvist",
        born=date(1983, 7, 22),
        phone="555-0102",
        ending=Ending.IN_REVIEW,
        says={
            "places": ["outer_hip:left"],
            "pain_now": 1,
            "pain_worst": 4,
            "one_leg_standing": "2_hours_or_more",
            "standing_leg": "left",
            "leg_crossing": "under_2_hours",
            "top_leg": "left",
            "hard_one_leg": "left",
        },
    ),
    Example(
        name="Maria Alvarez",
        born=date(1974, 4, 15),
        phone="555-0103",
        ending=Ending.APPROVED,
        says=RIGHT_SIDE,
    ),
    Example(
        name="George Okafor",
        born=date(1968, 11, 2),
        phone="555-0104",
        ending=Ending.WAITING,
        says={
            "places": ["low_back:middle"],
            "pain_now": 3,
            "pain_worst": 5,
            "sitting_bout": "over_60",
            "sitting_hours": "over_8",
        },
    ),
    Example(
        name="Ivy Brennan",
        born=date(1989, 1, 30),
        phone="555-0105",
        ending=Ending.WAITING,
        says={
            "pregnancy": "pregnant",
            "places": ["low_back:left"],
            "pain_worst": 4,
            "pain_now": 2,
            "equipment": ["chair", "pillow"],
        },
    ),
    Example(
        name="Walter Haas",
        born=date(1947, 6, 18),
        phone="555-0106",
        ending=Ending.CLEARED,
        says={
            "conditions": ["blood_pressure"],
            "places": ["buttock:left"],
            "pain_now": 1,
            "pain_worst": 3,
            "unsteady": "sometimes",
            "hard_stairs": "left",
            "hip_drop": "left",
            "tires_early": "left",
        },
    ),
    Example(
        name="Dana Kowalski",
        born=date(1979, 9, 5),
        phone="555-0107",
        ending=Ending.SEEN,
        says={"rf_calf": "yes", "places": ["below_knee:right"], "pain_now": 4, "pain_worst": 6},
    ),
    Example(
        name="Tom Reyes",
        born=date(1962, 12, 12),
        phone="555-0108",
        ending=Ending.WAITING,
        says={
            "rf_trauma": "yes",
            "rf_trauma_weight_bearing": "no",
            "places": ["groin:right"],
            "pain_now": 6,
            "pain_worst": 9,
        },
    ),
    Example(
        name="Lena Fischer",
        born=date(1996, 5, 27),
        phone="555-0109",
        ending=Ending.WITHHELD,
        says={
            "activity": "sport",
            "training_hours": "5_9",
            "training_jump": "yes",
            "places": ["low_back:left"],
            "pain_now": 2,
            "pain_worst": 5,
            "hip_drop": "left",
            "tires_early": "left",
        },
    ),
    Example(
        name="Sam Petrov",
        born=date(1985, 8, 8),
        phone="555-0110",
        ending=Ending.STOPPED,
        says={"rf_bladder": "yes"},
    ),
)
"""Every state that a record can be in, an example each."""
