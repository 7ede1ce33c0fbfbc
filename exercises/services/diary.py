"""The diary of a plan: what was done on which day, how bad the pain was, how hard it felt.

The only writer of `DiaryEntry`. Every save appends a row that says the whole day, so that what was
there before stays; the newest row of a day counts. Read by the plan page and by whoever keys in or
reads a diary for the practice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from chiro.practice import audit
from chiro.practice.models import User
from exercises.models import DONE as DONE
from exercises.models import EASIER as EASIER
from exercises.models import LONGEST_KEY, MOST_PAIN, STATES, DiaryEntry, Plan
from exercises.models import NOT_DONE as NOT_DONE
from screening.services.review import RefusedError

SHOWN_DAYS = 14
WRITABLE_DAYS = 14
"""Days back, today included, for which a patient may still write."""

KEPT = (Plan.Status.APPROVED, Plan.Status.REPLACED)


class DiaryError(ValueError):
    """What cannot stand in a diary. `field` is "day", "ticks", "pain", "difficulty" or "key"."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """One day of one plan as it stands now."""

    day: date
    version: int = 0
    ticks: Mapping[str, str] = field(default_factory=dict)
    pain: int | None = None
    difficulty: str = ""
    source: str = ""

    @property
    def kept(self) -> bool:
        """Whether anything was ever written for this day."""
        return bool(self.source)


def record_day(
    *,
    plan: Plan,
    day: date,
    ticks: Mapping[str, str],
    key: str,
    pain: int | None = None,
    difficulty: str = "",
    source: str = DiaryEntry.Source.PATIENT,
    by: User | None = None,
) -> DiaryEntry:
    """Write what is new about one day and return the row that counts.

    `ticks` holds only what changes: slug -> "done", "easier" or "" for not done. None for `pain`
    and "" for `difficulty` leave what was there. The same `key` again, or nothing new, writes
    nothing. `by` is who keyed a paper diary. Raises DiaryError; RefusedError for a plan that was
    never approved.
    """
    check(plan=plan, day=day, ticks=ticks, pain=pain, difficulty=difficulty, key=key)
    if (source == DiaryEntry.Source.PAPER) != (by is not None):
        raise RefusedError("A paper diary is keyed by a member of staff, and nothing else is.")
    with transaction.atomic():
        Plan.objects.select_for_update(of=("self",)).only("pk").get(pk=plan.pk)
        last = DiaryEntry.objects.filter(plan=plan, day=day).order_by("-revision").first()
        known = DiaryEntry.objects.filter(plan=plan, day=day, key=key).exists()
        if last is not None and (known or not _says_more(last, ticks, pain, difficulty)):
            return last
        entry = DiaryEntry.objects.create(
            plan=plan,
            day=day,
            revision=last.revision + 1 if last else 1,
            ticks=_merged(last.ticks if last else {}, ticks),
            pain=pain if pain is not None or last is None else last.pain,
            difficulty=difficulty or (last.difficulty if last else ""),
            source=source,
            by=by,
            key=key,
        )
        audit.record("diary written", actor=by, patient=plan.screening.patient_id, obj=entry)
    return entry


def check(
    *,
    plan: Plan,
    day: date,
    ticks: Mapping[str, str],
    pain: int | None,
    difficulty: str,
    key: str,
) -> None:
    """Raise DiaryError for what cannot stand in the diary of this plan, RefusedError for a plan
    that has none."""
    if plan.status not in KEPT or plan.content is None:
        raise RefusedError("Only an approved plan has a diary.")
    if not first_day(plan) <= day <= timezone.localdate():
        raise DiaryError("day", "This day is not a day of this plan.")
    if not set(ticks) <= set(slugs(plan.content)) or not set(ticks.values()) <= set(STATES):
        raise DiaryError("ticks", "This is not on this plan.")
    if pain is not None and not 0 <= pain <= MOST_PAIN:
        raise DiaryError("pain", "Choose a number from 0 to 10.")
    if difficulty and difficulty not in DiaryEntry.Difficulty.values:
        raise DiaryError("difficulty", "Choose how it felt.")
    if not 0 < len(key) <= LONGEST_KEY:
        raise DiaryError("key", "Open the diary again.")


def first_day(plan: Plan) -> date:
    """The day from which a plan counts: the one printed on it."""
    printed = (plan.content or {}).get("date")
    return date.fromisoformat(printed) if printed else timezone.localdate(plan.approved_at)


def slugs(content: Mapping[str, Any]) -> list[str]:
    """What can be ticked, in the order of the sheet: exercises, then habits."""
    return [card["slug"] for card in (*content["exercises"], *content["habits"])]


def written(plan: Plan, day: date) -> Day:
    """One day of this plan as it stands now."""
    last = DiaryEntry.objects.filter(plan=plan, day=day).order_by("-revision").first()
    return _day(last, plan.version) if last else Day(day=day, version=plan.version)


def week(plan: Plan, today: date) -> dict[date, Day]:
    """The days of this week, from Monday, on which something was written."""
    monday = today - timedelta(days=today.weekday())
    rows = DiaryEntry.objects.filter(plan=plan, day__gte=monday, day__lte=today)
    return {row.day: _day(row, plan.version) for row in rows.order_by("day", "revision")}


def history(
    plans: Sequence[Plan], *, until: date, days: int = SHOWN_DAYS
) -> list[tuple[Plan, list[Day]]]:
    """For each of these plans, newest first, its written days among the last `days`.

    Newest day first. Ticks belong to the plan that they were made on.
    """
    since = until - timedelta(days=days - 1)
    rows = DiaryEntry.objects.filter(plan__in=plans, day__gte=since, day__lte=until)
    found: dict[int, dict[date, DiaryEntry]] = {}
    for row in rows.order_by("-day", "revision"):
        found.setdefault(row.plan_id, {})[row.day] = row
    newest = sorted(plans, key=lambda plan: -plan.version)
    return [
        (plan, [_day(row, plan.version) for row in found[plan.pk].values()])
        for plan in newest
        if plan.pk in found
    ]


def plans_with_diary(screening_id: int) -> list[Plan]:
    """Every approved version of a screening's plan, newest first."""
    return list(
        Plan.objects.filter(screening=screening_id, status__in=KEPT)
        .filter(content__isnull=False)
        .order_by("-version")
    )


def writable(plan: Plan, today: date) -> tuple[date, date]:
    """The first and last day that a patient may write."""
    return max(first_day(plan), today - timedelta(days=WRITABLE_DAYS - 1)), today


def _merged(before: Mapping[str, str], changes: Mapping[str, str]) -> dict[str, str]:
    return {slug: state for slug, state in {**before, **changes}.items() if state}


def _says_more(
    last: DiaryEntry, ticks: Mapping[str, str], pain: int | None, difficulty: str
) -> bool:
    return (
        _merged(last.ticks, ticks) != last.ticks
        or pain not in (None, last.pain)
        or difficulty not in ("", last.difficulty)
    )


def _day(row: DiaryEntry, version: int) -> Day:
    return Day(
        day=row.day,
        version=version,
        ticks=row.ticks,
        pain=row.pain,
        difficulty=row.difficulty,
        source=row.source,
    )
