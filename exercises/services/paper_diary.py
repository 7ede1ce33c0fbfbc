"""A paper diary as the sheet that was printed: its lines, its 14 days, and what was typed into it.

A box holds one character. Everything is written through `diary.record_day`, all days or none.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db import transaction

from chiro.practice.models import User
from exercises.handout import schedule
from exercises.models import MOST_PAIN, DiaryEntry, Plan
from exercises.services import diary
from exercises.services.diary import Day

DAYS = schedule.DIARY_DAYS
ALL = "a"
TICKS = {
    **dict.fromkeys("x1v+/y", diary.DONE),
    **dict.fromkeys("e2", diary.EASIER),
    **dict.fromkeys("0n-", diary.NOT_DONE),
}
"""Typed character -> what it says of an exercise or of the habits."""

PAIN = {**{str(pain): pain for pain in range(MOST_PAIN)}, "t": MOST_PAIN}
EFFORT = {
    "e": DiaryEntry.Difficulty.EASY.value,
    "o": DiaryEntry.Difficulty.RIGHT.value,
    "h": DiaryEntry.Difficulty.HARD.value,
}

type Cells = Mapping[tuple[int, int], str]
"""(line, day) -> what was typed, each from 0."""


class Kind(StrEnum):
    """What a line of the sheet asks."""

    TICKS = "ticks"
    PAIN = "pain"
    EFFORT = "effort"


CODES: Mapping[Kind, Mapping[str, object]] = {
    Kind.TICKS: TICKS,
    Kind.PAIN: PAIN,
    Kind.EFFORT: EFFORT,
}
HINTS = {
    Kind.TICKS: "x for a tick, e for the easier one, a for all that follow, 0 for not done",
    Kind.PAIN: "0 to 9, t for 10",
    Kind.EFFORT: "e too easy, o OK, h too hard",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of the sheet; `due` says of each day whether there is a box to tick."""

    name: str
    kind: Kind
    due: tuple[bool, ...]
    slugs: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """A box that says nothing that can stand in a diary."""

    line: int
    day: int
    message: str


class SheetError(ValueError):
    """Some boxes cannot be kept; nothing was written."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = tuple(problems)


# --- the sheet --------------------------------------------------------------------------------


def days(plan: Plan, sheet: int) -> list[date]:
    """The 14 days of the first sheet (0) of a plan, or of a later one."""
    start = diary.first_day(plan) + timedelta(days=DAYS * sheet)
    return [start + timedelta(days=at) for at in range(DAYS)]


def sheets(plan: Plan, today: date) -> range:
    """The sheets of a plan that have begun."""
    return range((today - diary.first_day(plan)).days // DAYS + 1)


def lines(plan: Plan) -> list[Line]:
    """The lines as printed, in the order of the sheet: exercises, habits, pain, how hard it felt.

    Every sheet of a plan has the same rest days: two weeks later is the same weekday.
    """
    content = plan.content or {}
    asked: list[tuple[Kind, tuple[str, ...]]]
    asked = [(Kind.TICKS, (card["slug"],)) for card in content["exercises"]]
    if content["habits"]:
        asked.append((Kind.TICKS, tuple(card["slug"] for card in content["habits"])))
    asked.append((Kind.PAIN, ()))
    if content["exercises"]:
        asked.append((Kind.EFFORT, ()))
    printed = content["diary"]["rows"]
    busy = [[not mark for mark in row["marks"]] for row in printed[: len(content["exercises"])]]
    return [
        Line(
            name=row["name"],
            kind=kind,
            slugs=slugs,
            due=tuple(map(any, zip(*busy, strict=True)))
            if kind is Kind.EFFORT
            else tuple(not mark for mark in row["marks"]),
        )
        for row, (kind, slugs) in zip(printed, asked, strict=True)
    ]


def kept(line: Line, day: Day) -> str:
    """What the diary says already, as the character to type; "" for nothing."""
    if line.kind is Kind.PAIN:
        return "" if day.pain is None else "t" if day.pain == MOST_PAIN else str(day.pain)
    if line.kind is Kind.EFFORT:
        return next((key for key, value in EFFORT.items() if value == day.difficulty), "")
    states = {day.ticks.get(slug, "") for slug in line.slugs}
    return {frozenset({diary.DONE}): "x", frozenset({diary.EASIER}): "e"}.get(frozenset(states), "")


# --- what was typed ---------------------------------------------------------------------------


def filled(line: Line, typed: Sequence[str]) -> list[str]:
    """The boxes of a line with "all that follow" written out; a box that was typed keeps its own.

    Only days with a box on the sheet are filled.
    """
    found, all_on = [], False
    for box, due in zip(typed, line.due, strict=True):
        small = box.strip().lower()
        all_on = all_on or (line.kind is Kind.TICKS and small == ALL)
        fills = all_on and small in ("", ALL)
        found.append(("x" if due else "") if fills else small)
    return found


@transaction.atomic
def record(*, plan: Plan, sheet: int, cells: Cells, key: str, by: User, today: date) -> int:
    """Write what was typed and return on how many days something stands.

    The same `key` again changes nothing. Raises SheetError, DiaryError, RefusedError.
    """
    on = days(plan, sheet)
    said = _read(lines(plan), cells, on, today)
    for at, (ticks, pain, effort) in said.items():
        diary.record_day(
            plan=plan,
            day=on[at],
            ticks=ticks,
            pain=pain,
            difficulty=effort,
            source=DiaryEntry.Source.PAPER,
            by=by,
            key=key,
        )
    return len(said)


type _Said = tuple[dict[str, str], int | None, str]


def _read(asked: Sequence[Line], cells: Cells, on: Sequence[date], today: date) -> dict[int, _Said]:
    """Day -> what its boxes say; days without a word are left out. Raises SheetError."""
    begun = [day <= today for day in on]
    rows = [
        _begun(filled(line, [cells.get((number, at), "") for at in range(DAYS)]), begun)
        for number, line in enumerate(asked)
    ]
    problems = list(_problems(asked, rows, on))
    if problems:
        raise SheetError(problems)
    typed = [at for at in range(DAYS) if any(row[at] for row in rows)]
    return {at: _day(asked, [row[at] for row in rows]) for at in typed}


def _begun(row: Sequence[str], begun: Sequence[bool]) -> list[str]:
    """A line without the days to come."""
    return [box if here else "" for box, here in zip(row, begun, strict=True)]


def _problems(
    asked: Sequence[Line], rows: Sequence[Sequence[str]], on: Sequence[date]
) -> Iterator[Problem]:
    for number, (line, row) in enumerate(zip(asked, rows, strict=True)):
        for at, box in enumerate(row):
            if box and box not in CODES[line.kind]:
                place = f"{line.name}, {on[at]:%a %-d}"
                yield Problem(line=number, day=at, message=f"{place}: type {HINTS[line.kind]}.")


def _day(asked: Sequence[Line], boxes: Sequence[str]) -> _Said:
    ticks: dict[str, str] = {}
    pain: int | None = None
    effort = ""
    for line, box in zip(asked, boxes, strict=True):
        if not box:
            continue
        if line.kind is Kind.PAIN:
            pain = PAIN[box]
        elif line.kind is Kind.EFFORT:
            effort = EFFORT[box]
        else:
            ticks.update(dict.fromkeys(line.slugs, TICKS[box]))
    return ticks, pain, effort
