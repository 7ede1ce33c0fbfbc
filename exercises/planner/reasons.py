"""Why a card is on the sheet, in the patient's words.

Core: standard library only. What a fired rule says of an answer is `rules`' alone.
"""

from collections.abc import Iterable, Sequence

from exercises.planner.patient import Patient, finding, listed
from exercises.planner.tables import MOST_REASONS, REASONS
from screening import rules
from screening.anatomy import SIDES, Side
from screening.answers import Answers


def because(speaking: Sequence[str], patient: Patient) -> str:
    """The words "Because you told us ..." with at most two answers.

    They are those of the rules that speak for the card; where none of these fired, those of any
    fired rule; where none fired at all, why the patient came.
    """
    fired = [rule for rule in speaking if rule in patient.fired] or sorted(patient.fired)
    told = _first_told(fired, patient) or _reasons(patient.answers)
    return f"Because you told us {', and '.join(told[:MOST_REASONS])}."


def _first_told(fired: Sequence[str], patient: Patient) -> list[str]:
    told: dict[str, None] = {}
    for rule in fired:
        told.update(dict.fromkeys(_told(rule, patient)))
        if len(told) >= MOST_REASONS:
            break
    return list(told)


def _told(rule: str, patient: Patient) -> Iterable[str]:
    """What the patient told us that fired a rule, on the weaker side when there is one."""
    sides = [side for side in SIDES if rule in finding(patient.assessment, side).points]
    if patient.first_side in sides:
        sides = [Side(patient.first_side)]
    return [rules.BY_ID[rule].told(patient.answers, side) for side in sides]


def _reasons(answers: Answers) -> list[str]:
    return [REASONS[reason] for reason in dict.fromkeys(listed(answers, "reasons"))]
