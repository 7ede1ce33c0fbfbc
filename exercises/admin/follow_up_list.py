"""Who has an approved plan, the newest first, with what was heard of each of them last."""

from typing import Any

from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone

from exercises import follow_up
from exercises.models import CheckIn, DiaryEntry, Plan
from exercises.services import diary
from screening.models import Alert

SIZE = 50


def page(request: HttpRequest) -> dict[str, Any]:
    """The rows of a page; `before` in the address is the plan with which the page before ended."""
    rows = Plan.objects.filter(status=Plan.Status.APPROVED, screening__patient__archived_at=None)
    rows = rows.select_related("screening__patient")
    before = request.GET.get("before", "")
    if before.isdecimal():
        rows = rows.filter(pk__lt=int(before[:18]))
    found = list(_told(rows).order_by("-pk")[: SIZE + 1])
    shown = found[:SIZE]
    return {
        "rows": [_row(plan) for plan in shown],
        "more": shown[-1].pk if len(found) > SIZE else None,
        "is_first": not before,
    }


def _told(rows: QuerySet[Plan]) -> QuerySet[Plan]:
    """With the last day of a diary, the last check-in and whether an alert waits."""
    check_ins = CheckIn.objects.filter(screening=OuterRef("screening")).order_by("-made_at")
    days = DiaryEntry.objects.filter(plan__screening=OuterRef("screening")).order_by()
    waiting = Alert.objects.filter(screening=OuterRef("screening"), acknowledged_by=None)
    return rows.defer("content").annotate(
        last_day=Subquery(
            days.values("plan__screening").annotate(last=Max("day")).values("last")[:1]
        ),
        last_week=Subquery(check_ins.values("week")[:1]),
        last_pain=Subquery(check_ins.values("pain_worst")[:1]),
        waiting_tier=Subquery(waiting.values("tier")[:1]),
    )


def _row(plan: Any) -> dict[str, Any]:
    start = timezone.localdate(plan.approved_at)
    today = timezone.localdate()
    days_ago = (today - plan.last_day).days if plan.last_day else None
    return {
        "plan": plan,
        "patient": plan.screening.patient,
        "week": follow_up.due(start, (), today).current_week,
        "last_day": plan.last_day,
        "is_quiet": days_ago is None or days_ago >= diary.SHOWN_DAYS,
        "last_week": plan.last_week,
        "last_pain": plan.last_pain,
        "waits": plan.waiting_tier is not None,
    }
