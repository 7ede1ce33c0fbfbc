"""The stored papers of approved plans: made once, kept for ever. The only writer of PlanDocument.

Approval freezes what a plan says; its papers follow in a Task. Where the renderer fails then, the
plan stays approved, and the next download or a press on "Try again" makes the paper. However many
try at once, one row is written, and its bytes are what everybody gets from then on.
"""

import hashlib
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.tasks import task

from chiro.practice import audit
from exercises import pdf, rendering
from exercises.models import Plan, PlanDocument
from exercises.rendering import RenderingError

DOWNLOAD_WAIT_SECONDS = 3.0
"""How long a download waits while others render, before it gets the page to print instead."""

PAUSE_SECONDS = 20
"""After a failure, downloads leave the renderer alone for so long; a press does not."""


DAMAGED = "The stored file is damaged. Make a next version and approve it."


@task
def make_papers(plan_pk: int) -> str:
    """Make and store what an approved plan lacks; "" or what went wrong."""
    plan = Plan.objects.select_related("screening").get(pk=plan_pk)
    try:
        for paper in missing(plan):
            make(plan, paper)
    except RenderingError as problem:
        return str(problem)
    return ""


def missing(plan: Plan) -> list[str]:
    """The papers that an approved plan lacks."""
    stored = set(plan.documents.values_list("paper", flat=True))
    return [paper for paper in pdf.PAPERS if paper not in stored]


def without_any(most: int = 10) -> QuerySet[Plan]:
    """Approved plans that have no paper at all, and are not withheld: the oldest `most`."""
    rows = Plan.objects.filter(status=Plan.Status.APPROVED, documents=None, content__isnull=False)
    return rows.exclude(screening__review__status="withheld").order_by("approved_at")[:most]


def find(plan: Plan, paper: str) -> PlanDocument | None:
    """The stored paper."""
    return plan.documents.filter(paper=paper).first()


def fetch(plan: Plan, paper: str) -> PlanDocument:
    """The stored paper, or the one that is made now. Raises RenderingError.

    Shortly after a failure it is not tried again, so that downloads cannot keep the renderer busy.
    """
    document = find(plan, paper)
    if document is not None:
        return document
    failed = cache.get(_failure(plan, paper))
    if failed:
        raise RenderingError(failed)
    return make(plan, paper, wait=DOWNLOAD_WAIT_SECONDS)


def make(plan: Plan, paper: str, *, wait: float = rendering.WAIT_SECONDS) -> PlanDocument:
    """Render a paper from the frozen content and store it; the stored one where there is one.

    Raises RenderingError, also for a plan that is not approved and for an unknown paper.
    """
    if plan.content is None or plan.status == Plan.Status.DRAFT or paper not in pdf.PAPERS:
        raise RenderingError("This plan is not kept on that paper.")
    with rendering.place(wait) as place:
        return find(plan, paper) or _store(plan, paper, _render(place, plan, paper))


def _render(place: rendering.Place, plan: Plan, paper: str) -> bytes:
    try:
        return place.render(plan.content or {}, paper)
    except RenderingError as problem:
        cache.set(_failure(plan, paper), str(problem), PAUSE_SECONDS)
        raise


def digest(plan: Plan) -> str:
    """The SHA-256 of what an approved plan says, in hexadecimal."""
    words = json.dumps(plan.content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(words.encode()).hexdigest()


def make_missing(chosen: Sequence[tuple[Plan, str]]) -> None:
    """Make the papers that are not there yet, two at a time. Raises RenderingError at the first
    that cannot be made.
    """
    lacking = [(plan, paper) for plan, paper in chosen if find(plan, paper) is None]
    pool = ThreadPoolExecutor(rendering.AT_ONCE)
    try:
        for (plan, paper), data in zip(lacking, pool.map(_draw, lacking), strict=True):
            _store(plan, paper, data)
    finally:
        pool.shutdown(cancel_futures=True)


def _draw(lacking: tuple[Plan, str]) -> bytes:
    """Render alone: a thread that touched the database would need a connection of its own."""
    plan, paper = lacking
    try:
        return rendering.render(plan.content or {}, paper=paper)
    except RenderingError as problem:
        raise RenderingError(f"Plan {plan.number}: {problem}") from problem


def is_intact(document: PlanDocument) -> bool:
    """Whether the stored bytes are those that were stored."""
    return hashlib.sha256(bytes(document.pdf)).hexdigest() == document.sha256


def _store(plan: Plan, paper: str, data: bytes) -> PlanDocument:
    """Store bytes, unless another process was first: then return theirs."""
    sha256 = hashlib.sha256(data).hexdigest()
    try:
        with transaction.atomic():
            row = PlanDocument.objects.create(plan=plan, paper=paper, pdf=data, sha256=sha256)
            audit.record(
                "plan paper stored",
                patient=plan.screening.patient_id,
                obj=row,
                label=audit.SYSTEM,
            )
    except IntegrityError:
        return plan.documents.get(paper=paper)
    return row


def _failure(plan: Plan, paper: str) -> str:
    return f"paper-failed-{plan.pk}-{paper}"
