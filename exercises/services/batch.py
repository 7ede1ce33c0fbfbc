"""Prints the plans of several patients as one file, in the order given."""

from collections.abc import Sequence

from chiro.practice import audit
from chiro.practice.models import User
from exercises import binding
from exercises.binding import Leaf
from exercises.models import Plan, PlanDocument
from exercises.services import papers, planning
from exercises.services.papers import Kind
from screening.services.review import RefusedError

TITLE = "Home exercise plans"
MOST = 100
"""The most plans in one file: about a ream, two-sided."""

type Chosen = tuple[Plan, str]
"""An approved plan and the paper to print it on, always in the standard edition."""


def print_together(chosen: Sequence[Chosen], *, by: User, right_hand: bool) -> bytes:
    """Return one PDF of the stored papers and record each plan as printed.

    All or nothing: raises RefusedError where one may not be printed, and RenderingError where a
    paper is missing and cannot be made now. `right_hand`: each plan starts on a right-hand page.
    """
    _check(chosen, by)
    papers.make_missing([(plan, Kind(paper)) for plan, paper in chosen])
    documents = [_stored(plan, paper) for plan, paper in chosen]
    leaves = [Leaf(pdf=bytes(row.pdf), bookmark=str(row.plan)) for row in documents]
    bound = binding.bind(leaves, title=TITLE, right_hand=right_hand)
    for row in documents:
        audit.record("plan printed", actor=by, patient=row.plan.screening.patient_id, obj=row)
    return bound


def _check(chosen: Sequence[Chosen], by: User) -> None:
    if not chosen:
        raise RefusedError("Choose at least one approved plan.")
    if len(chosen) > MOST:
        raise RefusedError(f"Choose at most {MOST} plans at a time.")
    for plan, _ in chosen:
        try:
            planning.check_can_print(plan, plan.screening.review, by)
        except RefusedError as refusal:
            raise RefusedError(f"Plan {plan.number}: {refusal}") from refusal


def _stored(plan: Plan, paper: str) -> PlanDocument:
    document = plan.documents.select_related("plan__screening").get(
        paper=paper, edition=Kind(paper).edition
    )
    if not papers.is_intact(document):
        raise RefusedError(f"Plan {plan.number}: {papers.DAMAGED}")
    return document
