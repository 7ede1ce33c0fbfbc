"""A practice of some years: the example patient with an approved plan, copied many times.

Each copy has every row of the first, as long as it was: patient, screening, review, plan with its
exercises, six papers and its link; and diaries and audit events of the years. Run as a program on
the database of the environment: `python -m script.benchmarks.fault_cases.years SCREENINGS DIARIES`
(diaries a day).
"""

import copy
import os
import random
import secrets
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import batched
from typing import Any

DAYS = 5 * 365
PLAN_DAYS = 56
BATCH = 200
MANY = 5000
AUDIT_EVENTS = ("screening read", "plan read", "plan printed", "plan link opened", "diary read")


class Pattern:
    """The rows that are copied."""

    def __init__(self) -> None:
        from exercises.models import PlanLink
        from screening.models import ScreeningFacts

        self.link = PlanLink.objects.filter(revoked_at=None).order_by("pk")[0]
        self.screening = self.link.screening
        self.patient, self.review = self.screening.patient, self.screening.review
        self.facts = ScreeningFacts.objects.filter(screening=self.screening).first()
        self.plan = self.screening.plans.filter(content__isnull=False).order_by("-version")[0]
        self.items, self.papers = list(self.plan.items.all()), list(self.plan.documents.all())


def copied(row: Any, **changes: Any) -> Any:
    """A new row that is like another one but for these values."""
    new = copy.copy(row)
    new._state = copy.copy(row._state)
    new._state.fields_cache = {}
    new._state.adding = True
    new.pk = None
    for name, value in changes.items():
        setattr(new, name, value)
    return new


def store(rows: list[Any]) -> list[Any]:
    """Store rows of one table; they have their numbers afterwards."""
    made: list[Any] = type(rows[0])._base_manager.bulk_create(rows, batch_size=BATCH)
    return made


def patients(count: int, *, papers: bool = True, days: int = DAYS) -> Iterator[tuple[Any, Any]]:
    """Store `count` copies over these days; yields the plan and the link of each."""
    from django.db import transaction

    pattern, now = Pattern(), datetime.now().astimezone()
    step = timedelta(days=days) / count
    for numbers in batched(range(count), BATCH):
        with transaction.atomic():
            yield from _handful(pattern, numbers, now - step * numbers[0], step, papers=papers)


def _handful(
    pattern: Pattern, numbers: tuple[int, ...], newest: datetime, step: timedelta, *, papers: bool
) -> Iterator[tuple[Any, Any]]:
    people = store([copied(pattern.patient, **_person(number)) for number in numbers])
    screenings = store(
        [
            copied(
                pattern.screening,
                patient=person,
                submission_key=secrets.token_urlsafe(32),
                submitted_at=newest - step * place,
            )
            for place, person in enumerate(people)
        ]
    )
    store([_reviewed(pattern.review, one) for one in screenings])
    if pattern.facts:
        store(
            [
                copied(pattern.facts, pk=s.pk, screening=s, week=_monday(s.submitted_at))
                for s in screenings
            ]
        )
    plans = store(
        [copied(pattern.plan, screening=s, approved_at=s.submitted_at) for s in screenings]
    )
    store([copied(item, plan=plan) for plan in plans for item in pattern.items])
    if papers:
        store([copied(paper, plan=plan) for plan in plans for paper in pattern.papers])
    links = store(
        [
            copied(
                pattern.link,
                patient=one.patient,
                screening=one,
                digest=secrets.token_hex(32),
                code_digest=secrets.token_hex(32),
            )
            for one in screenings
        ]
    )
    yield from zip(plans, links, strict=True)


def _person(number: int) -> dict[str, str]:
    letters = "".join(chr(ord("a") + int(digit)) for digit in f"{number:06d}")
    return {"reference": f"Y{secrets.token_hex(5)}", "full_name": f"Years {letters}"}


def _reviewed(review: Any, screening: Any) -> Any:
    return copied(
        review,
        screening=screening,
        patient=screening.patient,
        submitted_at=screening.submitted_at,
    )


def _monday(moment: datetime) -> date:
    return moment.date() - timedelta(days=moment.weekday())


def diaries(plans: list[tuple[int, date]], each_day: int) -> None:
    """Store this many diaries a day, of plans that are not older than eight weeks."""
    from exercises.models import DiaryEntry

    chance, by_day = random.Random(5), dict[date, list[int]]()
    for number, begun in plans:
        for day in range(PLAN_DAYS):
            by_day.setdefault(begun + timedelta(days=day), []).append(number)
    rows = (
        DiaryEntry(
            plan_id=number,
            day=day,
            revision=1,
            ticks={"bridge": 2, "clam": 2, "side_plank": 1},
            pain=chance.randint(0, 6),
            difficulty="right",
            source="patient",
            key=secrets.token_hex(32),
        )
        for day, numbers in by_day.items()
        for number in chance.sample(numbers, min(each_day, len(numbers)))
    )
    for handful in batched(rows, MANY):
        store(list(handful))


def audit_events(patient_numbers: list[int]) -> None:
    """Store what staff and patients did, some events for each patient."""
    from chiro.practice.models import AuditEvent

    rows = (
        AuditEvent(event=event, actor_label="staff", patient_id=number, object_id=str(number))
        for number in patient_numbers
        for event in AUDIT_EVENTS
    )
    for handful in batched(rows, MANY):
        store(list(handful))


def main(count: int, each_day: int) -> None:
    """Make the years, and print how many rows of each kind there are."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chiro.settings")
    django.setup()
    from screening.services import finding

    made = list(patients(count))
    begun = [(plan.pk, plan.screening.submitted_at.date()) for plan, _ in made]
    diaries(begun, each_day)
    audit_events([link.patient_id for _, link in made])
    finding.reindex()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
