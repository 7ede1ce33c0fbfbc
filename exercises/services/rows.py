"""The rows of a plan as values: what the editor changes before anything is stored. Pure.

A row is one exercise or habit with its dose. `planning` reads rows of a plan and writes them;
the admin's plan table makes them from what was typed. Positions are the order of the tuple.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.utils.translation import gettext_noop

from exercises.library import Card, Kind, Sides
from exercises.models import PlanItem
from exercises.planner import PlanCard, PlanDraft, doses
from exercises.planner.patient import Patient, whole
from exercises.planner.tables import MINUTE, REP_SECONDS, SET_UP_SECONDS

HABIT = "HABIT"
OWN = "OWN"
BECAUSE_CHOSEN = gettext_noop("Your chiropractor chose it for you.")

type Rows = tuple["Row", ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One exercise or habit. Sets are given a side or for both; seconds and days in numbers."""

    slug: str
    slot: str = OWN
    first_side: str = ""
    sets_left: int | None = None
    sets_right: int | None = None
    sets_both: int | None = None
    reps: int | None = None
    hold_seconds: int = 0
    rest_seconds: int = 0
    times_a_day: int = 1
    days_per_week: int = 3
    because: str = ""
    cautions: tuple[str, ...] = ()
    note: str = ""
    override: str = ""  # why it is used although it is blocked

    @property
    def is_habit(self) -> bool:
        """Whether it is a habit, which has no dose in sets."""
        return self.slot == HABIT


def of_draft(draft: PlanDraft) -> Rows:
    """The rows that the planner proposes: exercises in the order of the sheet, then habits."""
    habits = zip(draft.habits, draft.habit_reasons, strict=True)
    return (
        *(_of_card(card) for card in draft.cards),
        *(habit(slug, because) for slug, because in habits),
    )


def _of_card(card: PlanCard) -> Row:
    return Row(
        slug=card.slug,
        slot=card.slot,
        first_side=card.first_side,
        sets_left=card.sets.get("left"),
        sets_right=card.sets.get("right"),
        sets_both=card.sets.get("both"),
        reps=card.reps,
        hold_seconds=card.hold_seconds,
        rest_seconds=card.rest_seconds,
        times_a_day=card.times_a_day,
        days_per_week=card.days_per_week,
        because=card.because,
        cautions=tuple(card.cautions),
    )


def habit(slug: str, because: str = BECAUSE_CHOSEN) -> Row:
    """A habit: every day, no sets."""
    return Row(slug=slug, slot=HABIT, days_per_week=7, because=because)


def of_item(item: PlanItem) -> Row:
    """A stored row."""
    names = Row.__dataclass_fields__
    values = {name: getattr(item, name) for name in names}
    return Row(**{**values, "cautions": tuple(item.cautions)})


def to_item(row: Row, *, plan_id: int, position: int) -> PlanItem:
    """An unsaved item of a plan."""
    values = {**asdict(row), "cautions": list(row.cautions)}
    return PlanItem(plan_id=plan_id, position=position, **values)


# --- changing rows ----------------------------------------------------------------------------


def chosen(card: Card, patient: Patient) -> Row:
    """A row for a card that the clinician takes from the library, dosed for this patient."""
    if card.kind is Kind.HABIT:
        return habit(card.slug)
    given, dosed = doses.dose_of(card), doses.dose(OWN, card, patient)
    each = card.sides is Sides.EACH
    return Row(
        slug=card.slug,
        sets_left=sets_of("left", dosed.sets, card, patient) if each else None,
        sets_right=sets_of("right", dosed.sets, card, patient) if each else None,
        sets_both=None if each else dosed.sets,
        first_side=patient.first_side if each else "",
        reps=dosed.reps,
        hold_seconds=dosed.hold_seconds,
        rest_seconds=dosed.rest_seconds,
        times_a_day=given.times_a_day_irritable if patient.irritable else given.times_a_day,
        days_per_week=min(whole(patient.answers, "days"), given.days_per_week.high),
        because=BECAUSE_CHOSEN,
        cautions=patient.filter.notes(card),
    )


def sets_of(side: str, sets: int, card: Card, patient: Patient) -> int:
    """The sets of one side: the weaker one may have one more, on a card of a ladder."""
    return sets + int(patient.extra_set and bool(card.ladder) and side == patient.first_side)


def swapped(row: Row, card: Card, patient: Patient) -> Row:
    """Its neighbour on the ladder in its place, with that card's dose, its own reason and note."""
    fresh = chosen(card, patient)
    return replace(
        fresh,
        slot=row.slot,
        first_side=fresh.first_side and (row.first_side or fresh.first_side),
        days_per_week=row.days_per_week,
        because=row.because,
        note=row.note,
    )


def seconds(row: Row) -> int:
    """How long an exercise takes: the work of all sets, rests between rounds, setting up.

    The planner's formula (specification 5.3) for any sets a side: one side works while the other
    rests. A habit takes no time.
    """
    counts = [count for count in (row.sets_left, row.sets_right, row.sets_both) if count]
    if row.is_habit or not counts:
        return 0
    work = row.hold_seconds
    if row.reps is not None:
        work = row.reps * (REP_SECONDS + row.hold_seconds)
    return sum(counts) * work + (max(counts) - 1) * row.rest_seconds + SET_UP_SECONDS


def minutes(rows: Sequence[Row]) -> float:
    """How long one session takes, with one decimal."""
    return round(sum(map(seconds, rows)) / MINUTE, 1)


def moved(rows: Rows, index: int, step: int) -> Rows:
    """The rows with one of them a place up (-1) or down (1); the ends stay where they are."""
    target = index + step
    if not 0 <= target < len(rows):
        return rows
    changed = list(rows)
    changed[index], changed[target] = changed[target], changed[index]
    return tuple(changed)


def in_order(rows: Sequence[Row]) -> Rows:
    """Exercises first, habits after them, each in the order given."""
    return (
        *(row for row in rows if not row.is_habit),
        *(row for row in rows if row.is_habit),
    )


# --- saying what changed ----------------------------------------------------------------------


def summary(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The rows as a decision keeps them: what is on the plan, how much, without the reasons."""
    left_out = ("because", "cautions", "slot")
    return [
        {key: value for key, value in asdict(row).items() if key not in left_out and value}
        for row in rows
    ]


def names(rows: Sequence[Row], cards: Mapping[str, Card]) -> list[str]:
    """What is on the plan, by title."""
    return [cards[row.slug].name if row.slug in cards else row.slug for row in rows]
