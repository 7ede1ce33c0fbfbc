"""When to do what: the week at a glance, the six weeks and the 14-day diary.

Days of specification section 5.4. Dates come in as arguments; nothing here reads a clock.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

DAYS_OF_WEEK = {
    1: (0,),
    2: (0, 4),
    3: (0, 2, 4),
    4: (0, 2, 4, 5),
    5: (0, 1, 2, 4, 5),
    6: (0, 1, 2, 3, 4, 5),
    7: (0, 1, 2, 3, 4, 5, 6),
}
"""Days a week -> weekday numbers, Monday is 0. Each row holds the one above it, so that a rarer
exercise never adds a day; three days leave a rest day after each."""

DIARY_DAYS = 14
REST = "–"

SIX_WEEKS = (
    ("Day 1:", "Learn. 1 set of each at half effort."),
    ("Weeks 1, 2:", "Start. Look back on day 7."),
    ("Weeks 3, 4:", "Build, by the rule beside each."),
    ("Weeks 5, 6:", "Control. Slow and steady."),
    ("End of 6:", "We test again and plan on."),
    ("No change", "by week 4? Call us."),
)
"""When and what, from the first day to the review."""


def days(days_per_week: int) -> tuple[int, ...]:
    """The weekday numbers of an exercise that is done 1 to 7 days a week."""
    return DAYS_OF_WEEK[min(max(days_per_week, 1), 7)]


def day_names(days_per_week: int) -> str:
    """ "Mon Wed Fri", or "every day"."""
    chosen = days(days_per_week)
    return "every day" if len(chosen) == 7 else " ".join(WEEKDAYS[day] for day in chosen)


def week(days_per_week: Sequence[int]) -> list[dict[str, Any]]:
    """What each weekday holds. Position in `days_per_week` + 1 is the exercise's number."""
    return [
        {"name": name, "does": does, "busy": does != "rest"}
        for day, name in enumerate(WEEKDAYS)
        for does in [_does(day, days_per_week)]
    ]


def _does(day: int, days_per_week: Sequence[int]) -> str:
    due = [number for number, often in enumerate(days_per_week, 1) if day in days(often)]
    if not due:
        return "rest"
    if len(due) == len(days_per_week):
        return f"Do all {len(due)}" if len(due) > 1 else "Do it"
    return "Do " + ", ".join(map(str, due))


def six_weeks() -> list[dict[str, str]]:
    """The six stages of the path, each with when and what."""
    return [{"when": when, "what": what} for when, what in SIX_WEEKS]


STAGE_FROM_DAY = (0, 1, 14, 28, 42)
"""The day, counted from 0, with which each stage of `SIX_WEEKS` but the last begins."""


def stage_on(start: date, today: date) -> int:
    """Which stage of the path a day is in, from 0."""
    passed = (today - start).days
    return max(0, sum(1 for first in STAGE_FROM_DAY if first <= passed) - 1)


def diary(
    names: Sequence[str], days_per_week: Sequence[int], *, habits: bool, start: date
) -> dict[str, Any]:
    """A grid of 14 days from `start`: a row an exercise, one for habits, then pain and effort.

    A mark is "" for a box to tick and a dash for a rest day.
    """
    dates = [start + timedelta(days=offset) for offset in range(DIARY_DAYS)]
    rows = [
        {"name": f"{number}. {name}", "marks": _marks(often, dates)}
        for number, (name, often) in enumerate(zip(names, days_per_week, strict=True), 1)
    ]
    free = [
        *(["My habits"] if habits else []),
        "Worst pain 0 to 10",
        *(["E, O or H"] if names else []),
    ]
    rows += [{"name": name, "marks": [""] * DIARY_DAYS} for name in free]
    columns = [{"name": WEEKDAYS[day.weekday()], "date": str(day.day)} for day in dates]
    return {"days": columns, "rows": rows}


def _marks(days_per_week: int, dates: Sequence[date]) -> list[str]:
    due = days(days_per_week)
    return ["" if day.weekday() in due else REST for day in dates]


def spoken(day: date) -> str:
    """ "Nov 25, 2026": the date as printed."""
    return f"{day:%b} {day.day}, {day.year}"
