"""When to do what: the week at a glance, the six weeks and the 14-day diary.

Days of specification section 5.4. Dates come in as arguments; nothing here reads a clock.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy, pgettext

WEEKDAYS = (
    gettext_lazy("Mon"),
    gettext_lazy("Tue"),
    gettext_lazy("Wed"),
    gettext_lazy("Thu"),
    gettext_lazy("Fri"),
    gettext_lazy("Sat"),
    gettext_lazy("Sun"),
)

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
    (gettext_lazy("Day 1:"), gettext_lazy("Learn. 1 set of each at half effort.")),
    (gettext_lazy("Weeks 1, 2:"), gettext_lazy("Start. Look back on day 7.")),
    (gettext_lazy("Weeks 3, 4:"), gettext_lazy("Build, by the rule beside each.")),
    (gettext_lazy("Weeks 5, 6:"), gettext_lazy("Control. Slow and steady.")),
    (gettext_lazy("End of 6:"), gettext_lazy("We test again and plan on.")),
    (gettext_lazy("No change"), gettext_lazy("by week 4? Call us.")),
)
"""When and what, from the first day to the review."""


def days(days_per_week: int) -> tuple[int, ...]:
    """The weekday numbers of an exercise that is done 1 to 7 days a week."""
    return DAYS_OF_WEEK[min(max(days_per_week, 1), 7)]


def day_names(days_per_week: int) -> str:
    """ "Mon Wed Fri", or "every day"."""
    chosen = days(days_per_week)
    if len(chosen) == len(WEEKDAYS):
        return gettext("every day")
    return " ".join(str(WEEKDAYS[day]) for day in chosen)


def week(days_per_week: Sequence[int]) -> list[dict[str, Any]]:
    """What each weekday holds. Position in `days_per_week` + 1 is the exercise's number."""
    return [
        {"name": str(name), "does": does or pgettext("day of the week", "rest"), "busy": bool(does)}
        for day, name in enumerate(WEEKDAYS)
        for does in [_does(day, days_per_week)]
    ]


def _does(day: int, days_per_week: Sequence[int]) -> str:
    """What a day holds; nothing for a day of rest."""
    due = [number for number, often in enumerate(days_per_week, 1) if day in days(often)]
    if not due:
        return ""
    if len(due) == len(days_per_week):
        if len(due) == 1:
            return gettext("Do it")
        return gettext("Do all {number}").format(number=len(due))
    return gettext("Do {numbers}").format(numbers=", ".join(map(str, due)))


def six_weeks() -> list[dict[str, str]]:
    """The six stages of the path, each with when and what."""
    return [{"when": str(when), "what": str(what)} for when, what in SIX_WEEKS]


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
        *([gettext("My habits")] if habits else []),
        gettext("Worst pain 0 to 10"),
        *([gettext("E, O or H")] if names else []),
    ]
    rows += [{"name": name, "marks": [""] * DIARY_DAYS} for name in free]
    columns = [{"name": str(WEEKDAYS[day.weekday()]), "date": str(day.day)} for day in dates]
    return {"days": columns, "rows": rows}


def _marks(days_per_week: int, dates: Sequence[date]) -> list[str]:
    due = days(days_per_week)
    return ["" if day.weekday() in due else REST for day in dates]


def spoken(day: date) -> str:
    """ "Nov. 25, 2026": the date as printed."""
    return date_format(day, "DATE_FORMAT")
