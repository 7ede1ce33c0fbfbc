"""The queue: what each row says, and the alerts on top.

Nothing is written here. Values come ready to print; badges carry a word and a shape, so that they
read in grey.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from screening import models
from screening.anatomy import Level, Tier
from screening.models import Draft, Review, Screening
from screening.services import alerts
from screening.services import queue as rows
from screening.services import review as reviews

LATE_AFTER = timedelta(days=2)
OPEN = rows.OPEN
WITHHELD = "withheld"
LONG_TEXTS = ("answers", "words", "assessment", "reasons", "result")
OLD = "old version"
MOST_ALERTS = 50
MOST_STOPPED = 200

TIER_BADGES = {
    Tier.NONE.value: ("none", "None"),
    Tier.CLINICIAN_FIRST.value: ("see", "Clinician first"),
    Tier.SAME_DAY.value: ("today", "Same day"),
    Tier.EMERGENCY.value: ("stop", "Emergency"),
}
"""Tier -> (look of the badge, its word)."""


@cache
def tier_badge(tier: str) -> str:
    """The badge of a tier as HTML: a word in a frame with a shape of its own."""
    look, word = TIER_BADGES.get(tier, ("see", OLD.capitalize()))
    return render_to_string("admin/screening/_badge.html", {"look": look, "word": word})


@dataclass(frozen=True, kw_only=True)
class LevelShown:
    """One side's level as words and pips; `total` is None where there is no number to show."""

    word: str
    look: str
    pips: tuple[bool, ...]
    total: int | None


def level_shown(level: str, total: int | None) -> LevelShown:
    """A level ready to print."""
    rank = Level(level).rank
    return LevelShown(
        word=level.capitalize(),
        look="likely" if level == Level.LIKELY else "off" if rank == 0 else "possible",
        pips=tuple(step <= rank for step in range(len(Level))),
        total=total,
    )


def level_cell(screening: Screening, side: str) -> str:
    """The screen's level of one side with its points, or that it is withheld."""
    if reviews.levels_withheld(screening.review):
        return WITHHELD
    total = total_of(screening, side)
    level = getattr(screening, f"{side}_level")
    return OLD if total is None or level not in set(Level) else _level_html(level, total)


@cache
def _level_html(level: str, total: int) -> str:
    """A level as HTML; there are few, and a page shows many."""
    return render_to_string("admin/screening/_level.html", {"level": level_shown(level, total)})


def total_of(screening: Screening, side: str) -> int | None:
    """The points of a side; None where the stored assessment is of another shape."""
    stored = screening.assessment
    finding = stored.get(side) if isinstance(stored, Mapping) else None
    total = finding.get("total") if isinstance(finding, Mapping) else None
    return total if isinstance(total, int) else None


def waited(since: datetime, now: datetime) -> str:
    """How long somebody has been waiting: "12 min", "5 h", "2 d 4 h"."""
    minutes = int((now - since).total_seconds() // 60)
    days, hours = minutes // 1440, minutes % 1440 // 60
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h" if hours else f"{minutes} min"


def waiting_cell(screening: Screening) -> str:
    """The waiting time of an open record, with a word when it is late; the date of a closed one."""
    sent = screening.submitted_at
    if screening.review.status not in OPEN:
        return f"sent {timezone.localtime(sent):%b %-d}"
    now = timezone.now()
    late = now - sent > LATE_AFTER
    return _waiting_html(waited(sent, now), late)


@lru_cache(maxsize=2000)
def _waiting_html(time: str, late: bool) -> str:
    """A waiting time as HTML; a page shows many that are the same."""
    return render_to_string("admin/screening/_waiting.html", {"time": time, "late": late})


# --- alerts -----------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Alert:
    """Somebody who needs a person and whom nobody on the staff has answered for yet."""

    who: str
    contact: str
    look: str
    word: str
    what: str
    since: datetime
    url: str
    acknowledge_url: str


@dataclass(frozen=True, kw_only=True)
class Alerts:
    """The open alerts, the worst first; `more` says that there are others behind them."""

    shown: tuple[Alert, ...]
    more: bool


def open_alerts() -> Alerts:
    """Every record and every stopped questionnaire that nobody has acknowledged; worst first."""
    waiting = (
        Review.objects.filter(acknowledged_by=None, priority__lt=rows.WITHOUT_ALERT)
        .select_related("screening__patient")
        .defer("screening__answers", "screening__words", "screening__reasons", "screening__result")
        .order_by("priority")
    )
    unseen = stopped().filter(acknowledged_by=None).order_by("stopped_at")
    found = [_of_draft(draft) for draft in unseen[: MOST_ALERTS + 1]]
    found += [_of_report(report) for report in reports()]
    found += [_of_review(review) for review in waiting[: MOST_ALERTS + 1]]
    return Alerts(shown=tuple(found[:MOST_ALERTS]), more=len(found) > MOST_ALERTS)


def seen_stopped() -> QuerySet[Draft]:
    """The stopped questionnaires that somebody answered for, the newest first."""
    return stopped().exclude(acknowledged_by=None).select_related("acknowledged_by")[:MOST_STOPPED]


def reports() -> list[models.Alert]:
    """What patients reported in a check-in and nobody has acknowledged; worst first."""
    unseen = models.Alert.objects.filter(acknowledged_by=None).select_related("screening__patient")
    unseen = unseen.defer(*(f"screening__{name}" for name in LONG_TEXTS))
    return sorted(unseen[: MOST_ALERTS + 1], key=lambda row: (-Tier(row.tier).rank, row.raised_at))


def _of_report(report: models.Alert) -> Alert:
    look, word = TIER_BADGES[report.tier]
    return Alert(
        who=str(report.screening.patient),
        contact=report.screening.patient.phone,
        look=look,
        word=word,
        what=alerts.words(report),
        since=report.raised_at,
        url=reverse("admin:screening_screening_change", args=[report.screening_id]),
        acknowledge_url=reverse("admin:screening_screening_reported", args=[report.pk]),
    )


def stopped() -> QuerySet[Draft]:
    """The questionnaires that an emergency answer ended, newest first."""
    return Draft.objects.exclude(stopped_at=None).order_by("-stopped_at")


def _of_review(review: Review) -> Alert:
    screening = review.screening
    look, word = TIER_BADGES[screening.triage]
    return Alert(
        who=str(screening.patient),
        contact=screening.patient.phone,
        look=look,
        word=word,
        what="Sent a screening.",
        since=screening.submitted_at,
        url=reverse("admin:screening_screening_change", args=[screening.pk]),
        acknowledge_url=reverse("admin:screening_screening_acknowledge", args=[screening.pk]),
    )


def _of_draft(draft: Draft) -> Alert:
    look, word = TIER_BADGES[draft.stopped_tier or Tier.EMERGENCY.value]
    return Alert(
        who=draft.identity.get("full_name") or "No name left",
        contact=draft.identity.get("phone", ""),
        look=look,
        word=word,
        what="Was shown the emergency page. Nothing was sent.",
        since=draft.stopped_at or draft.updated_at,
        url=reverse("admin:screening_screening_stopped", args=[draft.pk]),
        acknowledge_url=reverse("admin:screening_screening_seen", args=[draft.pk]),
    )
