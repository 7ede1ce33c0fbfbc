"""What the dashboard counts: sums over the practice, in a few queries, of nobody in particular.

Reads the narrow rows of `ScreeningFacts`, `CheckIn.pain_worst` and `PageCount`; nothing is written.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone

from chiro.practice.plots import Middle
from exercises import follow_up
from exercises.models import CheckIn
from screening.anatomy import SIDES, Level, Tier
from screening.models import Alert, Draft, PageCount, Review, ScreeningFacts
from screening.services import queue, submission
from screening.services.facts import BIT

PERIODS: Mapping[str, int | None] = {"4": 4, "12": 12, "52": 52, "all": None}
"""Period -> its weeks, this one included; None for everything."""

HOURS = (8, 16, 24, 32, 40, 48)
"""Where the bars of the time to review end; the last bar is what took longer."""

HOUR = 60
LATE = timedelta(days=2)
REAL_CHANGE = follow_up.REAL_CHANGE
CHANGE_WEEK = 6


@dataclass(frozen=True, kw_only=True)
class Now:
    """What waits at this moment, whatever the period."""

    waiting: int
    waiting_long: int
    alerts: int
    emergencies_this_week: int


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """One side: the screen's level against another's, over those where both are known."""

    side: str
    known: int
    same: int
    screen_higher: int
    screen_lower: int


@dataclass(frozen=True, kw_only=True)
class Change:
    """Worst pain from the start to week 6: how many went down or up by 2 or more."""

    known: int
    down: int
    up: int


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """Everything about a period."""

    weeks: tuple[tuple[date, int, int], ...]  # Monday, sent, with a flag
    sent: int
    flagged: int
    rules: Mapping[str, int]
    levels: Mapping[str, Mapping[str, int]]
    hours: tuple[int, ...]
    median_minutes: int | None
    examined: tuple[Agreement, ...]
    decided: tuple[Agreement, ...]
    pain: tuple[Middle, ...]
    change: Change
    left: Mapping[str, int]
    unfinished: Mapping[str, int]
    now: Now
    only_examples: bool
    """Whether these are numbers of invented patients, since there are no others yet."""

    @property
    def reviewed(self) -> int:
        """How many have been closed by a plan or without one."""
        return sum(self.hours)


def numbers(period: str, today: date) -> Numbers:
    """The numbers of a period that ends with this week."""
    since = first_week(period, today)
    only_examples = not ScreeningFacts.objects.filter(is_example=False).exists()
    rows = ScreeningFacts.objects.filter(is_example=only_examples)
    rows = rows.filter(week__gte=since) if since else rows
    weeks = tuple(
        rows.order_by("week")
        .values_list("week")
        .annotate(sent=Count("pk"), flagged=Count("pk", filter=Q(triage_rank__gt=0)))
    )
    sums, told = rows.aggregate(**_sums()), _told(rows)
    hours = tuple(sums[f"hours_{at}"] for at in range(len(HOURS) + 1))
    return Numbers(
        weeks=_without_gaps(weeks, since, today),
        sent=sum(sent for _, sent, _ in weeks),
        flagged=sum(flagged for _, _, flagged in weeks),
        rules={rule: (sums[f"rule_{rule}"] or 0) // bit for rule, bit in BIT.items()},
        levels={side.value: _levels(told, side.value) for side in SIDES},
        hours=hours,
        median_minutes=_median_minutes(rows, sum(hours)),
        examined=tuple(_agreement(told, side.value, "exam") for side in SIDES),
        decided=tuple(_agreement(told, side.value, "final") for side in SIDES),
        pain=_pain(rows, _check_ins(rows)),
        change=_change(_check_ins(rows)),
        left=_left(since),
        unfinished=submission.unfinished_pages(_begin(since)),
        now=_now(today),
        only_examples=only_examples and sum(sent for _, sent, _ in weeks) > 0,
    )


def first_week(period: str, today: date) -> date | None:
    """The Monday with which a period begins; None for everything."""
    weeks = PERIODS[period]
    monday = today - timedelta(days=today.weekday())
    return None if weeks is None else monday - timedelta(weeks=weeks - 1)


def _begin(since: date | None) -> datetime:
    return timezone.make_aware(datetime.combine(since or date(2000, 1, 1), time.min))


def _without_gaps(
    weeks: Sequence[tuple[date, int, int]], since: date | None, today: date
) -> tuple[tuple[date, int, int], ...]:
    """Every week to this one, also those without a submission."""
    known = {week: (sent, flagged) for week, sent, flagged in weeks}
    week = since or min(known, default=today - timedelta(days=today.weekday()))
    found = []
    while week <= today:
        found.append((week, *known.get(week, (0, 0))))
        week += timedelta(weeks=1)
    return tuple(found)


def _sums() -> dict[str, Any]:
    """Sums that one pass over the rows can make."""
    sums: dict[str, Any] = {
        f"rule_{rule}": Sum(F("rules").bitand(bit)) for rule, bit in BIT.items()
    }
    edges = [0, *(hour * HOUR for hour in HOURS)]
    for at, low in enumerate(edges):
        within = Q(minutes_to_review__gte=low)
        if low != edges[-1]:
            within &= Q(minutes_to_review__lt=edges[at + 1])
        sums[f"hours_{at}"] = Count("pk", filter=within)
    return sums


def _median_minutes(rows: QuerySet[ScreeningFacts], count: int) -> int | None:
    if not count:
        return None
    known = rows.exclude(minutes_to_review=None).order_by("minutes_to_review")
    return known.values_list("minutes_to_review", flat=True)[(count - 1) // 2]


# --- levels and agreement ---------------------------------------------------------------------


LEVELS = tuple(f"{side.value}_level" for side in SIDES)
OTHERS = tuple(f"{other}_{side.value}" for other in ("exam", "final") for side in SIDES)


def _told(rows: QuerySet[ScreeningFacts]) -> list[dict[str, Any]]:
    """Every combination of the levels of both sides, with how many have it."""
    return list(rows.order_by().values(*LEVELS, *OTHERS).annotate(count=Count("pk")))


def _levels(told: Sequence[Mapping[str, Any]], side: str) -> dict[str, int]:
    found = Counter(dict.fromkeys((level.value for level in Level), 0))
    for row in told:
        found[row[f"{side}_level"]] += row["count"]
    return dict(found)


def _agreement(told: Sequence[Mapping[str, Any]], side: str, other: str) -> Agreement:
    """The screen's level of a side against `exam` or `final`; those without are left out."""
    ranks = {level.value: level.rank for level in Level}
    found: Counter[int] = Counter()
    for row in told:
        against = row[f"{other}_{side}"]
        if against in ranks:
            screen = ranks.get(row[f"{side}_level"], 0)
            found[_sign(screen - ranks[against])] += row["count"]
    return Agreement(
        side=side,
        known=found.total(),
        same=found[0],
        screen_higher=found[1],
        screen_lower=found[-1],
    )


def _sign(difference: int) -> int:
    return (difference > 0) - (difference < 0)


# --- pain -------------------------------------------------------------------------------------


def _check_ins(rows: QuerySet[ScreeningFacts]) -> QuerySet[CheckIn]:
    """The check-ins of these screenings with a number for the worst pain."""
    told = CheckIn.objects.exclude(pain_worst=None).order_by()
    return told.filter(screening_id__in=rows.values("pk"))


def _pain(rows: QuerySet[ScreeningFacts], check_ins: QuerySet[CheckIn]) -> tuple[Middle, ...]:
    """Worst pain at the start and at each check-in of the same people's plans."""
    start = rows.exclude(pain_worst=None).order_by().values_list("pain_worst")
    groups: dict[int, dict[int, int]] = {0: dict(start.annotate(count=Count("pk")))}
    told = check_ins.values_list("week", "pain_worst").annotate(count=Count("pk"))
    for week, pain, count in told:
        groups.setdefault(week, {})[pain] = count
    return tuple(
        _middle(f"Week {week}" if week else "Start", groups.get(week, {}))
        for week in (0, *follow_up.WEEKS)
    )


def _middle(label: str, counts: Mapping[int, int]) -> Middle:
    """Median and middle half by the nearest rank."""
    ordered = sorted(counts.items())
    count = sum(counts.values())
    low, median, high = (_at(ordered, count, part) for part in (0.25, 0.5, 0.75))
    return Middle(label=label, count=count, low=low, median=median, high=high)


def _at(ordered: Sequence[tuple[int, int]], count: int, part: float) -> int:
    seen = 0
    for value, often in ordered:
        seen += often
        if seen >= part * count:
            return value
    return 0


def _change(check_ins: QuerySet[CheckIn]) -> Change:
    """Start against week 6, for whoever told both."""
    start = ScreeningFacts.objects.filter(pk=OuterRef("screening_id")).values("pain_worst")
    pairs = (
        check_ins.filter(week=CHANGE_WEEK)
        .annotate(start=Subquery(start))
        .exclude(start=None)
        .values_list("start", "pain_worst")
        .annotate(count=Count("pk"))
    )
    known = down = up = 0
    for start, later, count in pairs:
        known += count
        down += count if start - later >= REAL_CHANGE else 0
        up += count if later - start >= REAL_CHANGE else 0
    return Change(known=known, down=down, up=up)


# --- unfinished questionnaires, and now -------------------------------------------------------


def _left(since: date | None) -> dict[str, int]:
    rows = PageCount.objects.filter(week__gte=since) if since else PageCount.objects.all()
    return dict(rows.order_by().values_list("page").annotate(count=Sum("left")))


def _now(today: date) -> Now:
    now = timezone.now()
    late = Q(submitted_at__lt=now - LATE)
    monday = today - timedelta(days=today.weekday())
    waiting = Review.objects.filter(is_open=True).aggregate(
        all=Count("pk"), long=Count("pk", filter=late)
    )
    urgent = Review.objects.filter(acknowledged_by=None, priority__lt=queue.WITHOUT_ALERT)
    stopped = Draft.objects.exclude(stopped_at=None)
    emergencies = ScreeningFacts.objects.filter(week=monday, triage_rank=Tier.EMERGENCY.rank)
    return Now(
        waiting=waiting["all"],
        waiting_long=waiting["long"],
        alerts=urgent.count()
        + Alert.objects.filter(acknowledged_by=None).count()
        + stopped.filter(acknowledged_by=None).count(),
        emergencies_this_week=emergencies.count()
        + stopped.filter(stopped_at__gte=_begin(monday)).count(),
    )
