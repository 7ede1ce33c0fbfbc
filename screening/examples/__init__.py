"""Example patients, invented: vignettes that a clinician can read, and what the product makes of
each of them.

Core: standard library only. `[answers]` are the changes to a healthy person of 40; `[expected]` is
the whole assessment under version 1 of the rules; `[plan]` is the plan or `withheld = true`. The
tests hold the product to them, and a draft of the rules shows whom of them it would change.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from screening.answers import Answers, parse
from screening.questionnaire import QUESTIONS, Kind

type Record = dict[str, Any]

FOLDER = Path(__file__).parent

HEALTHY: Mapping[str, Any] = {
    "consent": True,
    "age": 40,
    "pregnancy": "no",
    "reasons": ["prevention"],
    "places": [],
    "pain_now": 0,
    "pain_worst": 0,
    "side_sleep_nights": "0_1",
    "one_leg_standing": "rarely",
    "sitting_bout": "up_to_30",
    "sitting_hours": "under_4",
    "leg_crossing": "rarely",
    "falls": "none",
    "activity": "light",
    "minutes": 15,
    "days": 4,
    "equipment": ["band", "step", "chair", "pillow", "mat"],
    "floor": "yes",
    "experience": "a_little",
    # what opens only after another answer
    "rf_leg_weaker_onset": "stable",
    "rf_trauma_weight_bearing": "yes",
    "duration": "6_to_12_weeks",
    "settles": "under_1_hour",
    "top_knee_drops": "no",
    "side_lain_on": "right",
    "knee_pillow": "never",
    "standing_leg": "switch",
    "crossing_style": "ankles",
    "top_leg": "both",
    "sport_kind": "gym",
    "training_hours": "0_2",
    "surgery_months": 24,
}
"""The quiet answer to each question whose quiet answer is not `no` or an empty list."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """One invented patient: who it is and what must hold, in a sentence each, and the answers."""

    name: str
    patient: str
    must: str
    answers: Answers
    expected: Mapping[str, Any]
    plan: Mapping[str, Any]


@lru_cache
def load() -> tuple[Example, ...]:
    """Every example patient, by name. Raises AnswerError for answers that contradict."""
    return tuple(_read(path) for path in sorted(FOLDER.glob("*.toml")))


def _read(path: Path) -> Example:
    with path.open("rb") as file:
        data = tomllib.load(file)
    return Example(
        name=path.stem,
        patient=data["patient"],
        must=data["must"],
        answers=parse(healthy(**data["answers"])),
        expected=data["expected"],
        plan=data["plan"],
    )


def healthy(**changes: Any) -> Record:
    """A complete record of a healthy person of 40, with these changes.

    What a change opens is answered quietly: `healthy(places=["groin:left"])` is complete. A
    change that closes a question takes its answer away. `key=None` leaves a key out.
    """
    left_out = {key for key, value in changes.items() if value is None}
    record: Record = {}
    for key, question in QUESTIONS.items():
        if key in left_out:
            continue
        if key in changes:
            record[key] = changes[key]
        elif not question.optional and question.condition(typed(record)):
            record[key] = HEALTHY.get(key, [] if question.kind is Kind.MANY else "no")
    unknown = {key: value for key, value in changes.items() if key not in QUESTIONS}
    return record | unknown


def typed(record: Record) -> Answers:
    """The record with tuples for lists, as conditions read it."""
    return {k: tuple(v) if isinstance(v, list) else v for k, v in record.items()}
