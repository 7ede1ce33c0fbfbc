"""What the dashboard counts: a narrow row a screening, and where unfinished questionnaires stopped.

The only writer of `ScreeningFacts` and `PageCount`. Nothing here can say who a patient is.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from screening import examination, rules
from screening.anatomy import SIDES, Tier
from screening.models import Decision, Examination, PageCount, Review, Screening, ScreeningFacts

RULES = tuple(rule.id for rule in rules.RULES)
BIT = {rule: 1 << place for place, rule in enumerate(RULES)}
"""Rule -> its bit in `ScreeningFacts.rules`; rules are only ever added at the end."""

MINUTE = 60
REFILL_BATCH = 500
CLOSING = (Decision.Kind.APPROVED, Decision.Kind.WITHHELD)


def week_of(at: datetime) -> date:
    """The Monday of the week of a time, where the practice is."""
    day = timezone.localdate(at)
    return day - timedelta(days=day.weekday())


# --- screenings -------------------------------------------------------------------------------


def keep(screening: Screening) -> None:
    """Write the facts of a screening that was just sent."""
    _of(screening).save(force_insert=True)


def _of(screening: Screening) -> ScreeningFacts:
    """The facts of the screening alone; what an old record does not hold is left empty."""
    answers = screening.answers if isinstance(screening.answers, Mapping) else {}
    pain = answers.get("pain_worst")
    return ScreeningFacts(
        screening=screening,
        week=week_of(screening.submitted_at),
        is_example=screening.patient.is_example,
        triage_rank=Tier(screening.triage).rank,
        left_level=screening.left_level,
        right_level=screening.right_level,
        rules=sum(BIT[rule] for rule in _fired(screening.assessment)),
        pain_worst=pain if isinstance(pain, int) else None,
    )


def _fired(assessment: Any) -> set[str]:
    stored = assessment if isinstance(assessment, Mapping) else {}
    sides = [stored.get(side.value) for side in SIDES]
    points = [side.get("points") for side in sides if isinstance(side, Mapping)]
    return {rule for given in points if isinstance(given, Mapping) for rule in given} & set(BIT)


def mark_example(screening: Screening) -> None:
    """Leave a screening out of the numbers of the practice: its patient is invented."""
    ScreeningFacts.objects.filter(screening=screening).update(is_example=True)


def note(decision: Decision, submitted_at: datetime) -> None:
    """Copy what was decided. Called by `review` for every decision, in its transaction."""
    rows = ScreeningFacts.objects.filter(screening=decision.screening_id)
    details = decision.details
    if decision.kind == Decision.Kind.EXAMINED:
        rows.update(**_exam(details["new"]))
    elif decision.kind == Decision.Kind.LEVELS:
        rows.update(**{f"final_{side}": details["new"][side] for side in SIDES})
    elif decision.kind in CLOSING:
        rows.filter(minutes_to_review=None).update(
            minutes_to_review=_minutes(submitted_at, decision.at)
        )


def _minutes(start: datetime, end: datetime) -> int:
    return max(0, int((end - start).total_seconds()) // MINUTE)


def _exam(findings: Mapping[str, Any]) -> dict[str, str]:
    levels = {side.value: examination.suggest_level(findings, side).level for side in SIDES}
    return {f"exam_{side}": level.value if level else "" for side, level in levels.items()}


# --- unfinished questionnaires ------------------------------------------------------------------


def count_left(stopped: Iterable[tuple[datetime, str]]) -> None:
    """Add unfinished questionnaires that are being removed: when begun, first page unanswered."""
    counts = Counter((week_of(begun), page) for begun, page in stopped if page)
    for (week, page), number in sorted(counts.items()):
        row, _ = PageCount.objects.get_or_create(week=week, page=page)
        PageCount.objects.filter(pk=row.pk).update(left=F("left") + number)


# --- after an upgrade ---------------------------------------------------------------------------


def refill() -> int:
    """Write the facts of every screening again from what is stored; return how many there are."""
    written, last = 0, 0
    columns = [
        field.name for field in ScreeningFacts._meta.concrete_fields if not field.primary_key
    ]
    while batch := list(
        Screening.objects.filter(pk__gt=last)
        .select_related("patient")
        .order_by("pk")[:REFILL_BATCH]
    ):
        ScreeningFacts.objects.bulk_create(
            _complete(batch),
            update_conflicts=True,
            unique_fields=["screening"],
            update_fields=columns,
        )
        written, last = written + len(batch), batch[-1].pk
    return written


def _complete(batch: list[Screening]) -> list[ScreeningFacts]:
    """Facts with what was decided since."""
    rows = {screening.pk: _of(screening) for screening in batch}
    sent = {screening.pk: screening.submitted_at for screening in batch}
    for review in Review.objects.filter(screening__in=rows):
        rows[review.screening_id].final_left = review.final_left
        rows[review.screening_id].final_right = review.final_right
    for exam in Examination.objects.filter(screening__in=rows):
        for column, level in _exam(exam.findings).items():
            setattr(rows[exam.screening_id], column, level)
    closed = Decision.objects.filter(screening__in=rows, kind__in=CLOSING).order_by("-at", "-pk")
    for number, at in closed.values_list("screening_id", "at"):
        rows[number].minutes_to_review = _minutes(sent[number], at)
    return list(rows.values())
