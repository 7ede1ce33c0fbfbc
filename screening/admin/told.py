"""What the patient told, in a few short lines for the review page: symptoms, habits, the rest.

The frozen answers word for word stand further down the page; here they stand under short headings,
without what was answered "no". Nothing is worked out.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from screening.models import Screening

type Lines = list[tuple[str, str]]

SAYS_NOTHING = frozenset({"", "No", "None of these", "Not answered", "Never asked"})
HARD = ("hard_", "worse_")
"""How the keys begin of what is hard to do or makes it worse."""

SYMPTOMS = {
    "Places": {"places": "{}"},
    "Pain": {"pain_now": "now {}", "pain_worst": "worst {}"},
    "Spell": {"duration": "{}", "recurrence": "{}"},
    "Settles in": {"settles": "{}"},
    "Legs": {
        "leg_symptoms": "{}",
        "leg_symptom_places": "{}",
        "walking_leg_pain": "pain when walking: {}",
    },
    "Stiff mornings": {"morning_stiffness": "{}"},
}
HABITS = {
    "Sleep": {
        "side_sleep_nights": "on the side {}",
        "side_lain_on": "{}",
        "top_knee_drops": "{}",
        "knee_pillow": "pillow: {}",
    },
    "Standing": {"one_leg_standing": "on one leg: {}", "standing_leg": "{}"},
    "Sitting": {"sitting_bout": "{} at a time", "sitting_hours": "{} a day"},
    "Crossing": {"leg_crossing": "{}", "crossing_style": "{}", "top_leg": "on top: {}"},
    "Change first": {"first_habit": "{}"},
    "Walking": {"limp": "limp: {}", "hip_drop": "hip drops: {}", "waddle": "sways: {}"},
    "Balance": {"falls": "falls: {}", "unsteady": "unsteady: {}", "tires_early": "tires: {}"},
    "Health": {
        "injuries": "{}",
        "surgery": "{}",
        "conditions": "{}",
        "support_limits": "{}",
        "medicines": "{}",
    },
    "Training": {
        "activity": "active: {}",
        "sport_kind": "{}",
        "experience": "strength: {}",
        "floor": "floor: {}",
    },
    "Kit, time": {"equipment": "{}", "minutes": "{}", "days": "{} a week"},
    "Goal": {"goals": "{}"},
}
"""Heading -> the answers below it, each with its words."""


def symptoms(screening: Screening) -> Lines:
    """Where it hurts, how much, how long, and what is hard to do."""
    rows = _rows(screening)
    hard = [
        f"{row['question'][:1].lower()}{row['question'][1:]}: {row['answer'].lower()}"
        for key, row in rows.items()
        if key.startswith(HARD) and row["answer"] not in SAYS_NOTHING
    ]
    lines = list(_lines(rows, SYMPTOMS))
    return [*lines, ("Hard or worse", "; ".join(hard))] if hard else lines


def habits(screening: Screening) -> Lines:
    """The four habits, walking, health, what there is to train with, and the goal."""
    return list(_lines(_rows(screening), HABITS))


def _rows(screening: Screening) -> dict[str, Mapping[str, Any]]:
    return {row["key"]: row for page in screening.words_for_staff for row in page["rows"]}


def _lines(
    rows: Mapping[str, Mapping[str, Any]], table: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[str, str]]:
    for heading, answers in table.items():
        said = [
            words.format(rows[key]["answer"])
            for key, words in answers.items()
            if key in rows and str(rows[key]["answer"]) not in SAYS_NOTHING
        ]
        if said:
            yield heading, "; ".join(said)
