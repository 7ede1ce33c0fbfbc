"""The life of a plan: draft, change, approval, next version, print. The only writer of plans.

A plan exists only where `review.check_may_have_plan` allows it; every function here asks. An
approved plan, its content and its papers never change. Every writer works in one transaction on the
locked `Review` row and appends a `Decision` and an audit event.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from chiro.practice import audit, permissions
from chiro.practice.models import Practice, User
from exercises import handout, library, planner, shelf
from exercises.library import Card
from exercises.models import Plan, PlanDocument, PlanItem
from exercises.planner.patient import Patient, read_patient
from exercises.services import cautions, papers
from exercises.services import rows as plan_rows
from exercises.services.rows import Row, Rows
from screening import answers as contract
from screening import assessment as rules
from screening.anatomy import Level
from screening.assessment import Assessment
from screening.models import Review, Screening
from screening.services import review as reviews
from screening.services import rule_versions
from screening.services.review import RefusedError

MAX_ROWS = 20


# --- what is allowed --------------------------------------------------------------------------


def check_can_change(plan: Plan, review: Review, by: User) -> None:
    """A chiropractor changes a draft that may exist. Raises RefusedError."""
    reviews.check_role(by, permissions.CHANGE_PLAN, "change a plan")
    reviews.check_may_have_plan(review)
    reviews.check_not_withheld(review)
    if plan.status != Plan.Status.DRAFT:
        raise RefusedError(f"Version {plan.version} is approved and stays as it is.")


def check_can_approve(plan: Plan, review: Review, by: User) -> None:
    """A chiropractor approves a draft with at least one row. Raises RefusedError."""
    reviews.check_role(by, permissions.APPROVE_PLAN, "approve a plan")
    check_can_change(plan, review, by)
    if not plan.items.exists():
        raise RefusedError("The plan is empty. Add an exercise or a habit first.")


def check_can_make_next(plan: Plan, review: Review, by: User) -> None:
    """The newest approved version can be followed by another. Raises RefusedError."""
    reviews.check_role(by, permissions.CHANGE_PLAN, "change a plan")
    reviews.check_may_have_plan(review)
    reviews.check_not_withheld(review)
    if plan.status != Plan.Status.APPROVED:
        raise RefusedError("Only the approved version can be followed by a next one.")
    if plan.screening.plans.filter(status=Plan.Status.DRAFT).exists():
        raise RefusedError("A draft of the next version is there already.")


def check_can_print(plan: Plan, review: Review, by: User) -> None:
    """Staff print what was approved, also a version that was replaced. Raises RefusedError."""
    reviews.check_role(by, permissions.PRINT_PLAN, "print plans")
    reviews.check_may_have_plan(review)
    reviews.check_not_withheld(review)
    if plan.status == Plan.Status.DRAFT:
        raise RefusedError("This plan is not approved yet.")


def check_can_share(review: Review, by: User) -> None:
    """A personal link needs an approved plan. Raises RefusedError."""
    reviews.check_role(by, permissions.SHARE_PLAN, "make a personal link")
    reviews.check_may_have_plan(review)
    reviews.check_not_withheld(review)
    if not review.screening.plans.filter(status=Plan.Status.APPROVED).exists():
        raise RefusedError("There is no approved plan to share.")


# --- making a draft ---------------------------------------------------------------------------


@transaction.atomic
def draft_plan(screening: Screening) -> Plan | None:
    """Make version 1 from the stored answers, or return the plan that is there.

    None where no plan may exist, and where the planner finds nothing. Called by
    `settings.AFTER_SUBMIT` and `settings.AFTER_CLEAR`.
    """
    review = reviews.lock(screening=screening)
    if not reviews.may_have_plan(review):
        return None
    latest = screening.plans.order_by("-version").first()
    if latest is not None:
        return latest
    plan = Plan(screening=screening, version=1, ruleset_version=screening.ruleset_version)
    if not _fill(plan, review):
        return None
    audit.record("plan drafted", patient=screening.patient_id, obj=plan)
    return plan


@transaction.atomic
def rebuild(*, plan: Plan, by: User, version: int | None = None) -> Plan:
    """Make the rows of a draft anew from the final levels. Raises RefusedError, ConflictError."""
    review, row = _lock(plan, version)
    check_can_change(row, review, by)
    old = rows_of(row)
    if not _fill(row, review):
        raise RefusedError("The planner finds no plan for these levels.")
    _note_change(review, row, by, old=old, act="rebuilt from the final levels")
    return row


def _fill(plan: Plan, review: Review) -> bool:
    """Save the plan with the planner's rows; False when there is no draft to be made."""
    draft = _proposal(review)
    if draft is None:
        return False
    plan.skipped, plan.advice = list(draft.skipped), list(draft.advice)
    plan.days_per_week = max((card.days_per_week for card in draft.cards), default=7)
    plan.save()
    _write_rows(plan, plan_rows.of_draft(draft))
    return True


def _proposal(review: Review) -> planner.PlanDraft | None:
    screening = review.screening
    return planner.plan(
        with_final_levels(review),
        contract.parse(screening.answers),
        library.load(),
        rule_versions.ruleset(screening.ruleset_version),
        cleared=review.cleared_by_id is not None,
    )


def patient_of(review: Review) -> Patient:
    """What the planner knows of the patient: doses, notes and what is open to them."""
    return read_patient(
        with_final_levels(review),
        contract.parse(review.screening.answers),
        rule_versions.ruleset(review.screening.ruleset_version),
    )


def with_final_levels(review: Review) -> Assessment:
    """The stored assessment with the levels that count: the plan follows the final level."""
    stored = rules.from_json(review.screening.assessment)
    left, right = (Level(level) for level in reviews.final_levels(review))
    return replace(
        stored,
        left=replace(stored.left, level=left),
        right=replace(stored.right, level=right),
        overall=overall(left, right),
    )


def overall(left: Level, right: Level) -> str:
    """The side that a pair of levels points to: left, right, both or neither."""
    if left.rank != right.rank:
        return "left" if left.rank > right.rank else "right"
    return "neither" if left is Level.UNLIKELY else "both"


# --- changing a draft -------------------------------------------------------------------------


def rows_of(plan: Plan) -> Rows:
    """The rows of a plan, in order."""
    return tuple(plan_rows.of_item(item) for item in plan.items.order_by("position"))


@transaction.atomic
def change(
    *,
    plan: Plan,
    by: User,
    rows: Sequence[Row],
    message: str | None = None,
    language: str | None = None,
    version: int | None = None,
    act: str = "changed by hand",
) -> Plan:
    """Replace the rows of a draft, its message and the language of its words.

    Nothing is written when nothing differs. `act` is what the decision calls it.
    Raises RefusedError, ConflictError.
    """
    review, row = _lock(plan, version)
    check_can_change(row, review, by)
    old, new = rows_of(row), checked_rows(rows, review)
    words = row.message if message is None else message
    spoken = row.language if language is None else language
    if old == new and (words, spoken) == (row.message, row.language):
        return row
    row.message, row.language = words, spoken
    _write_rows(row, new)
    _note_change(review, row, by, old=old, act=act)
    return row


def checked_rows(rows: Sequence[Row], review: Review) -> Rows:
    """The rows as they may be stored: exercises first. Raises RefusedError.

    A card that a fact about the patient blocks needs a written reason; where nothing blocks there
    is none.
    """
    cards = shelf.cards()
    _check_rows(rows, cards)
    patient = patient_of(review)
    checked = []
    for row in plan_rows.in_order(rows):
        blocks = cautions.of(cards[row.slug], patient).blocks
        if blocks and not row.override.strip():
            raise RefusedError(
                f"{cards[row.slug].name} is blocked: {blocks}. "
                "Write why you use it all the same, or take it off."
            )
        checked.append(replace(row, override=row.override.strip() if blocks else ""))
    return tuple(checked)


def _check_rows(rows: Sequence[Row], cards: Mapping[str, Card]) -> None:
    if len(rows) > MAX_ROWS:
        raise RefusedError(f"A plan holds at most {MAX_ROWS} rows.")
    if any(row.slug not in cards for row in rows):
        raise RefusedError("Choose exercises from the library.")
    if len({row.slug for row in rows}) < len(rows):
        raise RefusedError("Each exercise can stand on a plan once.")
    for row in rows:
        if not row.is_habit and not any((row.sets_left, row.sets_right, row.sets_both)):
            raise RefusedError(f"{cards[row.slug].name}: give at least one set, or remove it.")


def _write_rows(plan: Plan, rows: Sequence[Row]) -> None:
    plan.items.all().delete()
    PlanItem.objects.bulk_create(
        plan_rows.to_item(row, plan_id=plan.pk, position=number)
        for number, row in enumerate(rows, start=1)
    )
    plan.minutes = Decimal(str(plan_rows.minutes(rows)))
    plan.save()


def _note_change(review: Review, plan: Plan, by: User, *, old: Rows, act: str) -> None:
    new = rows_of(plan)
    details = {
        "act": act,
        "version": plan.version,
        "old": plan_rows.summary(old),
        "new": plan_rows.summary(new),
    }
    before = {(row.slug, row.override) for row in old}
    forced = [row for row in new if row.override and (row.slug, row.override) not in before]
    reason = _override_reason(forced, review)
    reviews.note_plan_change(review, by=by, details=details, reason=reason)
    if forced:
        audit.record("block overridden", actor=by, patient=plan.screening.patient_id, obj=plan)


def _override_reason(forced: Sequence[Row], review: Review) -> str:
    """What is used although it is blocked, by what, and why, for the decision."""
    if not forced:
        return ""
    cards, patient = shelf.cards(), patient_of(review)
    told = (
        f"{cards[row.slug].name}, blocked for {cautions.of(cards[row.slug], patient).blocks}: "
        f"{row.override}"
        for row in forced
    )
    return "; ".join(told)[: reviews.REASON_LENGTH]


def _lock(plan: Plan, version: int | None) -> tuple[Review, Plan]:
    """The locked review and the plan read again inside the transaction. Raises ConflictError."""
    review = reviews.lock(screening=plan.screening, version=version)
    return review, Plan.objects.select_related("screening__patient").get(pk=plan.pk)


# --- approval and after -----------------------------------------------------------------------


def approve(*, plan: Plan, by: User, version: int | None = None) -> Plan:
    """Freeze a draft with everything it says, make the paper that is printed first, and have the
    others made in a Task.

    A paper that cannot be made now takes nothing back: the next download makes it. Raises
    RefusedError, ConflictError.
    """
    approved = _freeze(plan=plan, by=by, version=version)
    papers.begin(approved)
    return approved


@transaction.atomic
def _freeze(*, plan: Plan, by: User, version: int | None) -> Plan:
    review, row = _lock(plan, version)
    check_can_approve(row, review, by)
    checked_rows(rows_of(row), review)
    Plan.objects.filter(screening=row.screening_id, status=Plan.Status.APPROVED).update(
        status=Plan.Status.REPLACED
    )
    row.content = handout.compose(
        row, clinician=by, practice=Practice.current(), on=timezone.localdate()
    )
    row.status = Plan.Status.APPROVED
    row.approved_at, row.approved_by = timezone.now(), by
    row.save()
    details = {"version": row.version, "sha256": {"content": papers.digest(row)}}
    reviews.note_approval(review, by=by, details=details)
    return row


PREVIEW = gettext_noop("Preview, not approved")


def preview(
    *, plan: Plan, by: User, rows: Sequence[Row], message: str, language: str
) -> dict[str, Any]:
    """What a draft would say with these rows, marked as a preview. Nothing of it is stored.

    Raises RefusedError.
    """
    review = Review.objects.select_related("screening__patient").get(screening=plan.screening_id)
    check_can_change(plan, review, by)
    checked = checked_rows(rows, review)
    plan.message, plan.language = message, language or plan.language
    plan.minutes = Decimal(str(plan_rows.minutes(checked)))
    content = handout.compose(
        plan,
        clinician=by,
        practice=Practice.current(),
        on=timezone.localdate(),
        items=[
            plan_rows.to_item(row, plan_id=plan.pk, position=n) for n, row in enumerate(checked, 1)
        ],
        notice=PREVIEW,
    )
    audit.record("plan previewed", actor=by, patient=plan.screening.patient_id, obj=plan)
    return content


@transaction.atomic
def next_version(*, plan: Plan, by: User, version: int | None = None) -> Plan:
    """Start a draft of the next version from an approved plan, which stays as it is.

    Raises RefusedError, ConflictError.
    """
    review, row = _lock(plan, version)
    check_can_make_next(row, review, by)
    draft = Plan.objects.create(
        screening=row.screening,
        version=row.version + 1,
        replaces=row,
        skipped=row.skipped,
        advice=row.advice,
        days_per_week=row.days_per_week,
        message=row.message,
        language=row.language,
        ruleset_version=row.ruleset_version,
    )
    _write_rows(draft, rows_of(row))
    details = {"act": "next version started", "version": draft.version, "replaces": row.version}
    reviews.note_plan_change(review, by=by, details=details)
    return draft


def printed(
    *, plan: Plan, by: User, paper: str, edition: str = "standard", press: bool = False
) -> PlanDocument:
    """Return the stored paper of an approved plan and record who printed it.

    `press`: somebody pressed "Try again", so it is tried even right after a failure.
    Raises RefusedError, also where the stored bytes are not those that were stored, and
    RenderingError where the paper is not there yet and cannot be made now.
    """
    review = Review.objects.select_related("screening").get(screening=plan.screening_id)
    check_can_print(plan, review, by)
    kind = papers.Kind(paper, edition)
    document = papers.press(plan, kind) if press else papers.fetch(plan, kind)
    if not papers.is_intact(document):
        raise RefusedError(papers.DAMAGED)
    audit.record("plan printed", actor=by, patient=plan.screening.patient_id, obj=document)
    return document
