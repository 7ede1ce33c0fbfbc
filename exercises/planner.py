"""From an assessment to a plan draft: tags, matrix, ladders, slots, doses and time-fit.

Core: standard library only. `plan` is pure; the same inputs give the same draft.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanCard:
    """One exercise of the draft with its dose. `sets` is {"left", "right"} or {"both"}."""

    slug: str
    slot: str  # ABD, EXT, STAND, FUNC, CORE, MOB
    sets: Mapping[str, int]
    reps: int | None  # None for timed cards
    hold_seconds: int
    rest_seconds: int
    times_a_day: int
    days_per_week: int
    first_side: str  # the side to begin with, "" when there is none
    because: str  # "because you told us ..." in the patient's words
    cautions: tuple[str, ...]  # notes of the matrix that apply to this patient


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanDraft:
    """What the planner proposes: cards in the order of the sheet, habits, minutes a session."""

    cards: tuple[PlanCard, ...]
    habits: tuple[str, ...]
    habit_reasons: tuple[str, ...]  # one a habit, same order
    advice: tuple[str, ...]  # advice in words without a card (overuse)
    minutes: float
    skipped: tuple[str, ...]
