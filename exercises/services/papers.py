"""The stored papers of approved plans: made once, kept for ever. The only writer of PlanDocument.

Approval freezes what a plan says and makes the paper that is printed first; the others follow in a
Task. Where the renderer fails then, the plan stays approved, and the next download or a press on
"Try again" makes the paper. However many try at once, one row is written, and its bytes are what
everybody gets from then on.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import timedelta
from threading import BoundedSemaphore
from typing import Any, NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.tasks import task
from django.utils import timezone

from chiro.practice import audit
from chiro.practice.models import Practice
from exercises import door, pdf, rendering, shelf
from exercises.door import Door
from exercises.models import Plan, PlanDocument
from exercises.rendering import RenderingError
from exercises.services import paper_links

DOWNLOAD_WAIT_SECONDS = 3.0
"""How long a download waits while others render, before it gets the page to print instead."""

DOWNLOADS_AT_ONCE = 4
"""How many downloads of one web process may have a paper made, or wait for it: half of its threads,
so that pages are always answered. The next one gets the page to print instead."""

PAUSE_SECONDS = 20
"""After a failure, downloads leave the renderer alone for so long; a press does not."""

WORKER_HAS = timedelta(minutes=1)
"""How long a plan may be without papers before somebody is told, where workers make them."""

DAMAGED = "The stored file is damaged. Make a next version and approve it."


class Kind(NamedTuple):
    """On which paper (`pdf.PAPERS`) and in which edition (`pdf.EDITIONS`) a plan is stored."""

    paper: str
    edition: str = PlanDocument.Edition.STANDARD.value


_downloads = BoundedSemaphore(DOWNLOADS_AT_ONCE)

_ways: dict[int, Door] = {}
"""The way that stands on the first paper of a plan, for the others, as long as this process makes
them: a secret that is written nowhere else."""


def begin(plan: Plan) -> None:
    """Make the paper that is printed first, then have the others made in a Task.

    Where workers make papers they make them all, the first one first.
    """
    if not settings.PAPERS_BY_WORKER:
        way = _ways[plan.pk] = door.new()
        with suppress(RenderingError):
            make(plan, first(), wait=DOWNLOAD_WAIT_SECONDS, way=way)
    make_papers.enqueue(plan.pk)


@task(backend="papers")
def make_papers(plan_pk: int) -> str:
    """Make and store what an approved plan lacks, one by one; "" or what went wrong."""
    plan = Plan.objects.select_related("screening", "approved_by").get(pk=plan_pk)
    way = _ways.pop(plan_pk, None) or door.new()
    try:
        for kind in missing(plan):
            make(plan, kind, way=way)
    except RenderingError as problem:
        return str(problem)
    return ""


def missing(plan: Plan) -> list[Kind]:
    """What an approved plan lacks, in the order in which it is made."""
    stored = set(plan.documents.values_list("paper", "edition"))
    return [kind for kind in kinds() if kind not in stored]


def kinds() -> list[Kind]:
    """All that is stored of a plan: the standard edition first, the practice's paper first."""
    return [Kind(paper, edition) for edition in PlanDocument.Edition.values for paper in sizes()]


def first() -> Kind:
    """What is made at approval: the standard edition on the practice's own paper."""
    return kinds()[0]


def lacks_first(plan: Plan) -> bool:
    """Whether what is printed first is not there, and no worker is about to make it."""
    if find(plan, first()) is not None:
        return False
    approved = plan.approved_at or timezone.now()
    return not settings.PAPERS_BY_WORKER or timezone.now() - approved > WORKER_HAS


def sizes() -> list[str]:
    """The papers, the practice's own first."""
    first = Practice.current().paper
    return sorted(pdf.PAPERS, key=lambda paper: paper != first)


def without_any(most: int = 10) -> QuerySet[Plan]:
    """Approved plans without any standard paper, and not withheld: the oldest `most`."""
    stored = PlanDocument.objects.filter(edition=PlanDocument.Edition.STANDARD).values("plan")
    rows = Plan.objects.filter(status=Plan.Status.APPROVED, content__isnull=False)
    rows = rows.exclude(pk__in=stored).exclude(screening__review__status="withheld")
    return rows.order_by("approved_at")[:most]


def find(plan: Plan, kind: Kind) -> PlanDocument | None:
    """The stored paper."""
    return plan.documents.filter(paper=kind.paper, edition=kind.edition).first()


def fetch(plan: Plan, kind: Kind) -> PlanDocument:
    """The stored paper, or the one that is made now. Raises RenderingError.

    Shortly after a failure it is not tried again, so that downloads cannot keep the renderer busy.
    """
    document = find(plan, kind)
    if document is not None:
        return document
    failed = cache.get(_failure(plan, kind))
    if failed:
        raise RenderingError(failed)
    return press(plan, kind, wait=DOWNLOAD_WAIT_SECONDS)


def press(plan: Plan, kind: Kind, *, wait: float = rendering.WAIT_SECONDS) -> PlanDocument:
    """`make` for somebody who waits for it. Raises BusyError at once where many do already."""
    if not _downloads.acquire(blocking=False):
        raise rendering.BusyError(rendering.BUSY)
    try:
        return make(plan, kind, wait=wait)
    finally:
        _downloads.release()


def make(
    plan: Plan,
    kind: Kind,
    *,
    wait: float = rendering.WAIT_SECONDS,
    way: Door | None = None,
) -> PlanDocument:
    """Render a paper from the frozen content and store it; the stored one where there is one.

    `way` is what to print on it, if other papers of the plan have it already. Raises
    RenderingError, also for a plan that is not approved and for an unknown paper or edition.
    """
    if plan.content is None or plan.status == Plan.Status.DRAFT or kind not in kinds():
        raise RenderingError("This plan is not kept on that paper.")
    with rendering.place(wait) as place:
        stored = find(plan, kind)
        if stored is not None:
            return stored
        way, content = way or door.new(), shelf.embedded(plan.content)
        with _failures_noted(plan, kind):
            data = place.render(door.through(content, way), kind.paper, kind.edition)
        return _store(plan, kind, data, way)


@contextmanager
def _failures_noted(plan: Plan, kind: Kind) -> Iterator[None]:
    """Keep a failure for a while, so that `fetch` does not try again at once."""
    try:
        yield
    except RenderingError as problem:
        cache.set(_failure(plan, kind), str(problem.__cause__ or problem), PAUSE_SECONDS)
        raise


def digest(plan: Plan) -> str:
    """The SHA-256 of what an approved plan says, in hexadecimal."""
    words = json.dumps(plan.content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(words.encode()).hexdigest()


def make_missing(chosen: Sequence[tuple[Plan, Kind]]) -> None:
    """Make the papers that are not there yet, two at a time. Raises RenderingError at the first
    that cannot be made.
    """
    ways: dict[int, Door] = defaultdict(door.new)  # The papers of a plan share one.
    lacking = [
        (plan, kind, ways[plan.pk], shelf.embedded(plan.content or {}))
        for plan, kind in chosen
        if find(plan, kind) is None
    ]
    pool = ThreadPoolExecutor(rendering.AT_ONCE)
    try:
        drawn = pool.map(_draw, lacking)
        for plan, kind, way, _ in lacking:
            with _failures_noted(plan, kind):
                data = next(drawn)
            _store(plan, kind, data, way)
    finally:
        pool.shutdown(cancel_futures=True)


def _draw(lacking: tuple[Plan, Kind, Door, Mapping[str, Any]]) -> bytes:
    """Render alone: a thread that touched the database would need a connection of its own."""
    plan, kind, way, content = lacking
    try:
        with rendering.place() as place:
            return place.render(door.through(content, way), kind.paper, kind.edition)
    except RenderingError as problem:
        raise RenderingError(f"Plan {plan.number}: {problem}") from problem


def is_intact(document: PlanDocument) -> bool:
    """Whether the stored bytes are those that were stored."""
    return hashlib.sha256(bytes(document.pdf)).hexdigest() == document.sha256


def _store(plan: Plan, kind: Kind, data: bytes, way: Door | None = None) -> PlanDocument:
    """Store bytes and the way that is printed on them, unless another process was first: then
    return theirs."""
    sha256 = hashlib.sha256(data).hexdigest()
    try:
        with transaction.atomic():
            row = PlanDocument.objects.create(
                plan=plan, paper=kind.paper, edition=kind.edition, pdf=data, sha256=sha256
            )
            if way is not None:
                paper_links.keep(plan, way)
            audit.record(
                "plan paper stored",
                patient=plan.screening.patient_id,
                obj=row,
                label=audit.SYSTEM,
            )
    except IntegrityError:
        return plan.documents.get(paper=kind.paper, edition=kind.edition)
    return row


def _failure(plan: Plan, kind: Kind) -> str:
    return f"paper-failed-{plan.pk}-{kind.paper}-{kind.edition}"
