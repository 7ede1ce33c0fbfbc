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
    """Because you told us ... at most two answers, the weaker side's before the other's."""
    fired = [rule for rule in speaking if rule in patient.fired]
    fired = fired or sorted(patient.fired)
    told = dict.fromkeys(words for rule in fired for words in _told(rule, patient))
    first = (list(told) or _reasons(patient.answers))[:MOST_REASONS]
    return f"Because you told us {', and '.join(first)}."


def _told(rule: str, patient: Patient) -> Iterable[str]:
    """What the patient told us that fired a rule, on the weaker side when there is one."""
    sides = [side for side in SIDES if rule in finding(patient.assessment, side).points]
    if patient.first_side in sides:
        sides = [Side(patient.first_side)]
    return [rules.BY_ID[rule].told(patient.answers, side) for side in sides]


def _reasons(answers: Answers) -> list[str]:
    return [REASONS[reason] for reason in dict.fromkeys(listed(answers, "reasons"))]
