"""What the plan page says of today: the week, each exercise's tick, where the six weeks stand.

Values come ready to print from the frozen content and the diary. Nothing is read or written here.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exercises.handout import schedule
from exercises.services.diary import Day

WEEK = 7


def page(sheet: Mapping[str, Any], *, week: Mapping[date, Day], today: date) -> dict[str, Any]:
    """The content with today's place in it. `week` holds the written days of this week."""
    start = date.fromisoformat(sheet["date"])
    due = _due(sheet, start)
    day = week.get(today) or Day(day=today)
    exercises = [
        {**card, "today": _today(number, len(due), day.ticks.get(card["slug"], ""))}
        for number, card in enumerate(sheet["exercises"], 1)
    ]
    return {
        **sheet,
        "exercises": [{**card, "clock": clock(card.get("timing"))} for card in exercises],
        "path": _path(sheet["path"], start, today),
        "week_number": (today - start).days // WEEK + 1,
        "this_week": [_weekday(at, due, week, start, today) for at in range(WEEK)],
        "first": _first_undone(exercises, due, today),
        "today_words": _today_words(due, day, today) if due else "",
        "missed": any(
            start <= one < today and _numbers(due, one) and not _ticks(week, one)
            for one in _days(today)
        ),
    }


def clock(timing: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A dose as the timer's script reads it; None for a plan that was approved without one.

    `rounds` is "right left,right": rounds by commas, the sides in order by spaces.
    """
    if timing is None:
        return None
    rounds = ",".join(" ".join(sides) for sides in timing["rounds"])
    return {
        "rounds": rounds,
        "reps": timing["reps"] or "",
        "hold": timing["hold_seconds"],
        "rest": timing["rest_seconds"],
    }


def _days(today: date) -> list[date]:
    monday = today - timedelta(days=today.weekday())
    return [monday + timedelta(days=at) for at in range(WEEK)]


def _due(sheet: Mapping[str, Any], start: date) -> list[frozenset[int]]:
    """For each exercise, the weekdays on which the sheet's own diary has a box for it."""
    rows = sheet["diary"]["rows"][: len(sheet["exercises"])]
    weekdays = [(start + timedelta(days=at)).weekday() for at in range(WEEK)]
    return [
        frozenset(
            day for day, mark in zip(weekdays, row["marks"], strict=False) if mark != schedule.REST
        )
        for row in rows
    ]


def _numbers(due: Sequence[frozenset[int]], day: date) -> int:
    return sum(1 for weekdays in due if day.weekday() in weekdays)


def _ticks(week: Mapping[date, Day], day: date) -> int:
    """How much was ticked on a day."""
    return len(week[day].ticks) if day in week else 0


def _first_undone(
    exercises: Sequence[Mapping[str, Any]], due: Sequence[frozenset[int]], today: date
) -> int:
    """The number of the first exercise that is due today and has no tick; 0 for none."""
    rows = enumerate(zip(exercises, due, strict=True), 1)
    undone = (
        number
        for number, (card, days) in rows
        if today.weekday() in days and not card["today"]["state"]
    )
    return next(undone, 0)


def _weekday(
    at: int,
    due: Sequence[frozenset[int]],
    week: Mapping[date, Day],
    start: date,
    today: date,
) -> dict[str, Any]:
    """One cell of the week: a word, never a reproach."""
    day = _days(today)[at]
    busy, done = _numbers(due, day), _ticks(week, day)
    if done:
        word = _("Done")
    elif not busy:
        word = _("Rest")
    else:
        word = _("Do") if day >= today else "–"
    return {
        "day": day,
        "is_today": day == today,
        "done": bool(done),
        "busy": bool(busy),
        "word": word,
        "before": day < start,
    }


def _today_words(due: Sequence[frozenset[int]], day: Day, today: date) -> str:
    busy = _numbers(due, today)
    if not busy:
        return _("Today is a rest day. It is part of the plan.")
    if len(day.ticks) >= busy:
        return _("Today is done. Well done.")
    return ngettext(
        "Today is an exercise day: %(count)d exercise.",
        "Today is an exercise day: %(count)d exercises.",
        busy,
    ) % {"count": busy}


def _today(number: int, last: int, state: str) -> dict[str, Any]:
    """What the tick of one exercise shows and where it leads."""
    return {"state": state, "next": number + 1 if number < last else 0}


def _path(path: Sequence[Mapping[str, str]], start: date, today: date) -> list[Mapping[str, Any]]:
    here = schedule.stage_on(start, today)
    return [{**stage, "here": at == here} for at, stage in enumerate(path)]
