"""Check-ins: which one is due, sending it once, and how pain and activities went. The only writer.

A check-in that reports a new red flag, a rise of pain, or no change by week 4 raises an alert to
the staff in the same transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import BooleanField, ExpressionWrapper, Min, OuterRef, Subquery
from django.utils import timezone

from chiro.practice import audit
from exercises import follow_up
from exercises.follow_up import Due, Reading
from exercises.models import CheckIn, Plan, PlanLink
from screening.anatomy import Tier
from screening.models import Patient, Screening
from screening.services import alerts

PAIN_UNIT = "0-10, high is worse"
SCORE_UNIT = "0-10, high is better"
CHANGE_UNIT = "-2 to 2, high is better"
LONGEST_TEXT = 200
LONGEST_KEY = 64


class NotDueError(Exception):
    """No check-in can be sent now."""


@dataclass(frozen=True, kw_only=True)
class Activity:
    """One thing that was hard, in the patient's own words; `score` is 0 to 10, high is better."""

    text: str
    score: int


@dataclass(frozen=True, kw_only=True)
class Point:
    """How it was at one time; `week` 0 is the screening itself. None for what was not asked."""

    on: date
    week: int
    pain_now: int | None
    pain_worst: int | None
    change: str
    activities: tuple[Activity, ...]

    @property
    def reading(self) -> Reading:
        """The numbers alone."""
        scores = tuple(activity.score for activity in self.activities)
        return Reading(pain_now=self.pain_now, pain_worst=self.pain_worst, activities=scores)


@dataclass(frozen=True, kw_only=True)
class Given:
    """A filled-in check-in, checked by its form.

    `named` are activities named now, with what they were at the start; only where there were none.
    """

    pain_now: int
    pain_worst: int
    change: str
    signs: Sequence[str]
    scores: Sequence[int]
    named: Sequence[Activity] = ()


# --- reading ----------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class FollowUp:
    """What stands behind an opened link: its screening, its check-ins, what is due, and whether
    something serious that the patient reported waits for a chiropractor."""

    screening: Screening
    check_ins: tuple[CheckIn, ...]
    due: Due
    is_paused: bool

    @property
    def points(self) -> list[Point]:
        """The screening as week 0, then every check-in of its plan."""
        return points(self.screening, self.check_ins)


def of(link: PlanLink) -> FollowUp:
    """The follow-up of the screening of a link, in two queries."""
    first = Plan.objects.filter(screening=OuterRef("pk")).exclude(approved_at=None)
    row = Screening.objects.annotate(
        began_at=Subquery(first.order_by("approved_at").values("approved_at")[:1]),
        is_paused=ExpressionWrapper(
            alerts.pauses("patient", "submitted_at"), output_field=BooleanField()
        ),
    ).get(pk=link.screening_id)
    check_ins = tuple(sent(row))
    start = timezone.localdate(row.began_at) if row.began_at else None
    return FollowUp(
        screening=row,
        check_ins=check_ins,
        due=due(start, check_ins, timezone.localdate()),
        is_paused=row.is_paused,
    )


def sent(screening: Screening) -> list[CheckIn]:
    """The check-ins of one screening's plan, in order of time."""
    return list(CheckIn.objects.filter(screening=screening.pk))


def began(screening: Screening) -> date | None:
    """The day on which the first version of the plan was approved; None while there is none."""
    at = Plan.objects.filter(screening=screening.pk).aggregate(at=Min("approved_at"))["at"]
    return timezone.localdate(at) if at else None


def due(start: date | None, check_ins: Sequence[CheckIn], today: date) -> Due:
    """What is due today for a plan that began on `start`; nothing where none began."""
    if start is None:
        return Due(week=None, on=None, next_on=None, current_week=0)
    return follow_up.due(start, [row.week for row in check_ins], today)


def points(screening: Screening, check_ins: Sequence[CheckIn]) -> list[Point]:
    """The screening as week 0, then every check-in of its plan."""
    return [_start(screening, check_ins), *map(_point, check_ins)]


def series(patient: Patient | int) -> list[Point]:
    """Pain and activities of a patient by date: every screening as week 0, every check-in."""
    pk = patient.pk if isinstance(patient, Patient) else patient
    rows = (
        Screening.objects.filter(patient=pk)
        .only("answers", "submitted_at", "patient")
        .prefetch_related("check_ins")
        .order_by("submitted_at", "pk")
    )
    return [point for row in rows for point in points(row, list(row.check_ins.all()))]


def activities(screening: Screening, check_ins: Sequence[CheckIn]) -> tuple[Activity, ...]:
    """What the patient wants back, as it was at the start: named in the questionnaire, or later."""
    goals = screening.answers.get("goals") or []
    if goals:
        return tuple(Activity(text=goal["text"], score=goal["score"]) for goal in goals)
    named: list[dict[str, Any]] = next(
        (row.answers["named"] for row in check_ins if row.answers.get("named")), []
    )
    return tuple(Activity(text=one["text"], score=one["start"]) for one in named)


def _start(screening: Screening, check_ins: Sequence[CheckIn]) -> Point:
    has_pain = bool(screening.answers.get("places"))
    return Point(
        on=timezone.localdate(screening.submitted_at),
        week=0,
        pain_now=screening.answers.get("pain_now", None if has_pain else 0),
        pain_worst=screening.answers.get("pain_worst", None if has_pain else 0),
        change="",
        activities=activities(screening, check_ins),
    )


def _point(row: CheckIn) -> Point:
    scores = row.answers["activities"]
    return Point(
        on=timezone.localdate(row.made_at),
        week=row.week,
        pain_now=row.answers["pain_now"]["value"],
        pain_worst=row.answers["pain_worst"]["value"],
        change=row.answers["change"]["code"],
        activities=tuple(Activity(text=one["text"], score=one["value"]) for one in scores),
    )


# --- writing ----------------------------------------------------------------------------------


def record(
    *, link: PlanLink, given: Given, key: str, at: datetime | None = None
) -> tuple[CheckIn, bool]:
    """Keep a check-in, once a week and key; the row, and whether it is new.

    `at` is when it was sent, now where it is not said. Raises NotDueError.
    """
    made_at = at or timezone.now()
    screening = link.screening
    check_ins = sent(screening)
    known = next((row for row in check_ins if row.key == key), None)
    if known is not None:
        return known, False
    now_due = due(began(screening), check_ins, timezone.localdate(made_at))
    if now_due.week is None or now_due.on is None:
        raise NotDueError
    row = _judged(screening, check_ins, given, now_due.week)
    row.key, row.due_on, row.made_at = key, now_due.on, made_at
    try:
        with transaction.atomic():
            _keep(row)
    except IntegrityError:  # Another press of the same button was faster.
        return CheckIn.objects.get(screening=screening, week=row.week), False
    return row, True


def _judged(screening: Screening, check_ins: Sequence[CheckIn], given: Given, week: int) -> CheckIn:
    before = points(screening, check_ins)
    named = tuple(given.named) or activities(screening, check_ins)
    start = Reading(
        pain_now=before[0].pain_now,
        pain_worst=before[0].pain_worst,
        activities=tuple(one.score for one in named),
    )
    now = Reading(
        pain_now=given.pain_now, pain_worst=given.pain_worst, activities=tuple(given.scores)
    )
    tier, reported = follow_up.judge(
        week=week,
        start=start,
        before=before[-1].reading,
        now=now,
        change=follow_up.GLOBAL_CHANGE[given.change],
        signs=given.signs,
    )
    return CheckIn(
        screening=screening,
        week=week,
        answers=_with_units(given, named),
        pain_worst=given.pain_worst,
        tier=tier.value,
        reported=list(reported),
    )


def _with_units(given: Given, named: Sequence[Activity]) -> dict[str, Any]:
    change = {"code": given.change, "value": follow_up.GLOBAL_CHANGE[given.change]}
    return {
        "pain_now": {"value": given.pain_now, "unit": PAIN_UNIT},
        "pain_worst": {"value": given.pain_worst, "unit": PAIN_UNIT},
        "change": {**change, "unit": CHANGE_UNIT},
        "signs": list(given.signs),
        "named": [
            {"text": one.text, "start": one.score, "unit": SCORE_UNIT} for one in given.named
        ],
        "activities": [
            {"text": one.text, "value": score, "unit": SCORE_UNIT}
            for one, score in zip(named, given.scores, strict=True)
        ],
    }


def _keep(row: CheckIn) -> None:
    row.save()
    audit.record("check-in sent", patient=row.screening.patient_id, obj=row)
    if row.tier != Tier.NONE.value:
        alerts.report(screening=row.screening, tier=Tier(row.tier), reported=row.reported)


def care_answers(row: CheckIn) -> Mapping[str, str]:
    """The answers of the questionnaire that say the same as the new signs of a check-in."""
    return follow_up.said(row.answers["signs"])
