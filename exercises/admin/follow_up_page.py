"""What one patient's follow-up page says. Nothing is written here; values come ready to print."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from chiro.practice import plots
from chiro.practice.plots import Plot, Series
from exercises import shelf
from exercises.admin.documents import print_addresses
from exercises.library import Card
from exercises.models import CheckIn, DiaryEntry, Plan, PlanLink
from exercises.progression import Act, Suggestion
from exercises.services import check_ins, diary, links, next_steps, papers
from exercises.services.check_ins import Point
from exercises.services.diary import Day
from screening.admin.queue import TIER_BADGES
from screening.models import Alert, Patient, Review
from screening.services import alerts

SHOWN = 28
PLOTTED = 84
MOST_PAIN = 10
WEEK = 7
MARKS = {diary.DONE: ("✓", "done"), diary.EASIER: ("e", "the easier one")}
ACTS = {
    Act.HARDER: "Harder: {to}",
    Act.MORE_SETS: "One set more",
    Act.MORE_REPS: "Once more each set",
    Act.STAY: "Stay",
    Act.FEWER_SETS: "One set less",
    Act.EASIER: "Easier: {to}",
    Act.REVIEW: "See the patient first",
}
CHANGES = {
    "much_better": "much better",
    "better": "better",
    "same": "the same",
    "worse": "worse",
    "much_worse": "much worse",
    "": "",
}
FELT = dict(DiaryEntry.Difficulty.choices)


def page(patient: Patient) -> dict[str, Any]:
    """Everything about one patient, from their newest approved plan back."""
    today = timezone.localdate()
    plans = _plans(patient)
    now = next((plan for plan in plans if plan.status == Plan.Status.APPROVED), None)
    written = diary.history(plans, until=today, days=PLOTTED)
    points = check_ins.series(patient)
    return {
        "patient": patient,
        "plan": now,
        "week": (today - diary.first_day(now)).days // WEEK + 1 if now else None,
        "alerts": _alerts(patient),
        "suggestions": _suggestions(now, today) if now else [],
        "draft": now is not None and now.screening.plans.filter(status=Plan.Status.DRAFT).exists(),
        "plots": [plot for plot in _plots(points, written, now, today) if plot],
        "activities": _activities(points),
        "check_ins": _check_ins(patient),
        "diaries": _diaries(written, today),
        "versions": [_version(plan) for plan in plans],
        "links": _links(patient),
    }


def _plans(patient: Patient) -> list[Plan]:
    """Every approved version, the newest screening's first."""
    rows = Plan.objects.filter(screening__patient=patient, status__in=diary.KEPT)
    rows = rows.filter(content__isnull=False).select_related("screening", "approved_by")
    return list(rows.order_by("-screening__submitted_at", "-version"))


def _alerts(patient: Patient) -> list[dict[str, Any]]:
    rows = Alert.objects.filter(screening__patient=patient, acknowledged_by=None)
    return [
        {"words": alerts.words(row), "at": row.raised_at, "look": TIER_BADGES[row.tier]}
        for row in rows
    ]


# --- suggestions ------------------------------------------------------------------------------


def _suggestions(plan: Plan, today: date) -> list[dict[str, Any]]:
    review = Review.objects.select_related("screening").get(screening=plan.screening_id)
    if review.status == Review.Status.WITHHELD:
        return []
    cards = shelf.cards()
    return [_suggestion(one, cards) for one in next_steps.suggested(plan, review, today)]


def _suggestion(found: Suggestion, cards: Mapping[str, Card]) -> dict[str, Any]:
    to = cards[found.to].name if found.to in cards else ""
    return {
        "slug": found.slug,
        "act": found.act.value,
        "name": cards[found.slug].name if found.slug in cards else "The whole plan",
        "words": ACTS[found.act].format(to=to),
        "reasons": found.reasons,
        "is_change": found.is_change,
    }


# --- plots ------------------------------------------------------------------------------------


def _plots(
    points: Sequence[Point],
    written: Sequence[tuple[Plan, list[Day]]],
    now: Plan | None,
    today: date,
) -> list[Plot | None]:
    return [_pain(points), _daily(written, today), _sessions(written, now, today)]


def _pain(points: Sequence[Point]) -> Plot | None:
    """Pain at each screening and check-in; None with fewer than two."""
    told = [one for one in points if one.pain_worst is not None or one.pain_now is not None]
    if len(told) < 2:
        return None
    series = [
        Series(name="worst in the last week", values=[one.pain_worst for one in told]),
        Series(name="now", values=[one.pain_now for one in told]),
    ]
    first, last = told[0].pain_worst, told[-1].pain_worst
    return plots.lines(
        "Pain at check-ins",
        f"Worst pain from {_of_10(first)} to {_of_10(last)}.",
        [f"{one.on:%b %-d}" for one in told],
        series,
        most=MOST_PAIN,
        head="Date",
        places=_places([one.on for one in told]),
    )


def _of_10(pain: int | None) -> str:
    return "not told" if pain is None else f"{pain} of 10"


def _places(days: Sequence[date]) -> list[float]:
    span = max((days[-1] - days[0]).days, 1)
    return [(day - days[0]).days / span for day in days]


def _daily(written: Sequence[tuple[Plan, list[Day]]], today: date) -> Plot | None:
    """Worst pain of each day of the diary; None with fewer than two days."""
    pain = {day.day: day.pain for _, days in reversed(written) for day in days}
    told = sorted(day for day, value in pain.items() if value is not None)
    if len(told) < 2:
        return None
    values = [pain[day] for day in told]
    return plots.lines(
        "Worst pain a day, from the diary",
        f"{len(told)} days written, from {_of_10(values[0])} to {_of_10(values[-1])}.",
        [f"{day:%b %-d}" for day in told],
        [Series(name="worst pain of the day", values=values)],
        most=MOST_PAIN,
        head="Day",
        places=_places(told),
    )


def _sessions(
    written: Sequence[tuple[Plan, list[Day]]], now: Plan | None, today: date
) -> Plot | None:
    """Exercises done a week against what the plan asks."""
    if now is None or not written or not (now.content or {}).get("exercises"):
        return None
    mondays = _mondays(written, today)
    asked = sum(not mark for row in _exercise_rows(now) for mark in row["marks"][:WEEK])
    done = [_done_in(written, monday) for monday in mondays]
    return plots.bars(
        "Exercises done each week",
        f"The plan asks for {asked} a week: each exercise on each of its days counts once.",
        [f"{monday:%b %-d}" for monday in mondays],
        [
            Series(name="done", values=[full for full, _ in done]),
            Series(name="the easier one", values=[easier for _, easier in done]),
        ],
        head="Week of",
    )


def _exercise_rows(plan: Plan) -> list[Mapping[str, Any]]:
    content = plan.content or {}
    return list(content["diary"]["rows"][: len(content["exercises"])])


def _mondays(written: Sequence[tuple[Plan, list[Day]]], today: date) -> list[date]:
    first = min(day.day for _, days in written for day in days)
    monday = first - timedelta(days=first.weekday())
    weeks = (today - monday).days // WEEK + 1
    return [monday + timedelta(weeks=at) for at in range(weeks)]


def _done_in(written: Sequence[tuple[Plan, list[Day]]], monday: date) -> tuple[int, int]:
    """Exercises done in full and the easier way in one week; habits do not count."""
    full = easier = 0
    for plan, days in written:
        slugs = {card["slug"] for card in (plan.content or {})["exercises"]}
        for day in days:
            if 0 <= (day.day - monday).days < WEEK:
                states = [state for slug, state in day.ticks.items() if slug in slugs]
                full += states.count(diary.DONE)
                easier += states.count(diary.EASIER)
    return full, easier


# --- tables -----------------------------------------------------------------------------------


def _activities(points: Sequence[Point]) -> dict[str, Any] | None:
    """What was hard, in the patient's words, at each time; 10 is as before."""
    told = [one for one in points if one.activities]
    names = list(dict.fromkeys(activity.text for one in told for activity in one.activities))
    if not names:
        return None
    scores = [{activity.text: activity.score for activity in one.activities} for one in told]
    return {
        "days": [one.on for one in told],
        "rows": [{"name": name, "scores": [by.get(name, "-") for by in scores]} for name in names],
    }


def _check_ins(patient: Patient) -> list[dict[str, Any]]:
    rows = CheckIn.objects.filter(screening__patient=patient).order_by("-made_at", "-pk")
    return [
        {
            "at": row.made_at,
            "week": row.week,
            "badge": TIER_BADGES[row.tier],
            "now": row.answers["pain_now"]["value"],
            "worst": row.answers["pain_worst"]["value"],
            "change": CHANGES.get(row.answers["change"]["code"], ""),
            "reported": [alerts.REPORTED.get(code, code) for code in row.reported],
        }
        for row in rows
    ]


def _diaries(written: Sequence[tuple[Plan, list[Day]]], today: date) -> list[dict[str, Any]]:
    """The last 28 days of each version as a grid like the sheet; only versions with a day."""
    since = today - timedelta(days=SHOWN - 1)
    found = []
    for plan, days in written:
        shown = sorted((day for day in days if day.day >= since), key=lambda day: day.day)
        if shown:
            found.append({"plan": plan, "days": shown, "rows": _grid(plan, shown)})
    return found


def _grid(plan: Plan, days: Sequence[Day]) -> list[dict[str, Any]]:
    content = plan.content or {}
    cards = [*content["exercises"], *content["habits"]]
    rows: list[dict[str, Any]] = [
        {
            "name": card["name"],
            "cells": [MARKS.get(day.ticks.get(card["slug"], ""), ("", "")) for day in days],
        }
        for card in cards
    ]
    pain = [("" if day.pain is None else str(day.pain), "") for day in days]
    felt = [
        (day.difficulty[:1].upper().replace("R", "O"), FELT.get(day.difficulty, "")) for day in days
    ]
    source = [("P" if day.source == DiaryEntry.Source.PAPER else "", "from paper") for day in days]
    told = [
        *rows,
        {"name": "Worst pain, 0 to 10", "cells": pain},
        {"name": "E too easy, O OK, H too hard", "cells": felt},
    ]
    if any(mark for mark, _ in source):
        told.append({"name": "P keyed in from paper", "cells": source})
    return told


def _version(plan: Plan) -> dict[str, Any]:
    by = plan.approved_by
    return {
        "plan": plan,
        "by": by.display_name if by else "",
        "state": plan.get_status_display(),
        "papers": print_addresses(plan.pk, papers.sizes()[0]),
    }


def _links(patient: Patient) -> list[dict[str, Any]]:
    rows = PlanLink.objects.filter(patient=patient).select_related("created_by").order_by("-pk")
    return [
        {
            "at": row.created_at,
            "by": row.created_by.display_name,
            "until": row.expires_at,
            "is_open": links.is_live(row),
            "on_paper": row.is_on_paper,
        }
        for row in rows
    ]
