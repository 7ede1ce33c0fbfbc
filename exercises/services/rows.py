"""The rows of a plan as values: what the editor changes before anything is stored. Pure.

A row is one exercise or habit with its dose. `planning` reads rows from a plan and writes them back;
the admin's plan table makes them from what was typed. Positions are the order of the tuple.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from exercises.library import Card, Kind, Sides
from exercises.library.cards import LANGUAGE
from exercises.models import PlanItem
from exercises.planner import PlanCard, PlanDraft

HABIT = "HABIT"
OWN = "OWN"
BECAUSE_CHOSEN = "your chiropractor chose it for you"
SET_FIELDS = {"left": "sets_left", "right": "sets_right", "both": "sets_both"}

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
        **{SET_FIELDS[side]: count for side, count in card.sets.items()},
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


def chosen(card: Card, *, tags: Collection[str], rest_seconds: int) -> Row:
    """A row for a card that the clinician takes from the library, with the card's low dose."""
    if card.kind is Kind.HABIT or card.dose is None:
        return habit(card.slug)
    return Row(
        slug=card.slug,
        **_sets(card, card.dose.sets.low),
        reps=card.dose.reps.low if card.dose.reps else None,
        hold_seconds=card.dose.hold_seconds.low,
        rest_seconds=rest_seconds if card.dose.rest_seconds is None else card.dose.rest_seconds,
        times_a_day=card.dose.times_a_day,
        days_per_week=card.dose.days_per_week.low,
        because=BECAUSE_CHOSEN,
        cautions=cautions(card, tags),
    )


def _sets(card: Card, count: int) -> dict[str, int]:
    if card.sides is Sides.EACH:
        return {"sets_left": count, "sets_right": count}
    return {"sets_both": count}


def cautions(card: Card, tags: Collection[str]) -> tuple[str, ...]:
    """What the card says to people with these safety tags."""
    words = card.words[LANGUAGE].cautions
    return tuple(text for tag, text in words.items() if tag in tags)


def swapped(row: Row, card: Card, *, tags: Collection[str]) -> Row:
    """The row with its neighbour on the ladder: that card's dose, this row's place and reason."""
    fresh = chosen(card, tags=tags, rest_seconds=row.rest_seconds)
    one_sided = fresh.sets_both is None
    return replace(
        fresh,
        slot=row.slot,
        first_side=row.first_side if one_sided else "",
        days_per_week=row.days_per_week,
        because=row.because,
        note=row.note,
    )


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
