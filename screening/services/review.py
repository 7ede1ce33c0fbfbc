"""What staff decide about a screening: the only writers of reviews, examinations and decisions.

Every writer takes keyword arguments, works in one transaction on the locked `Review` row, appends a
`Decision` and an audit event. `check_can_x` raises the reason that a person reads; `can_x` says the
same as a bool. `version` is the `Review.version` that the writer's page was made from: when the row
has moved on, ConflictError, and nothing is written. Plans are written by `exercises.services`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from chiro.practice import audit, permissions
from chiro.practice.models import User
from screening import examination
from screening.anatomy import SIDES, Tier
from screening.models import Decision, Draft, Examination, Review, Screening
from screening.services import facts, queue

type Findings = Mapping[str, Mapping[str, Any]]
"""Test -> side (left, right or both) -> raw value; see `examination.TESTS`."""

REASON_LENGTH = 500
NOT_ASSESSED = "not_assessed"
LEVELS = frozenset(value for value, _ in Review.FINAL_LEVELS)
UNCLEARABLE = frozenset({Tier.SAME_DAY.value, Tier.EMERGENCY.value})


class RefusedError(Exception):
    """An act that is not allowed, or not allowed now; str() says why to the person who tried."""


class ConflictError(RefusedError):
    """Somebody changed the record after the writer's page was made. Nothing was written."""

    def __init__(self) -> None:
        super().__init__(
            "Somebody else changed this record after you opened it. Nothing was saved yet."
        )


# --- what is allowed --------------------------------------------------------------------------


def allowed(check: Callable[..., None], *arguments: Any) -> bool:
    """Say whether a `check_can_x` raises nothing."""
    try:
        check(*arguments)
    except RefusedError:
        return False
    return True


def check_role(by: User, permission: str, act: str) -> None:
    """Raise RefusedError unless the role of `by` holds the permission."""
    if not by.has_perm(permission):
        raise RefusedError(f"Your role ({by.get_role_display().lower()}) does not let you {act}.")


def check_can_acknowledge(review: Review, by: User) -> None:
    """An alert is seen by a chiropractor. Raises RefusedError."""
    check_role(by, permissions.ACKNOWLEDGE_ALERT, "answer for an alert")
    if review.screening.triage == Tier.NONE.value:
        raise RefusedError("This record has no alert.")


def check_can_clear(review: Review, by: User) -> None:
    """Only a chiropractor clears, and only what waits for a clinician. Raises RefusedError."""
    check_role(by, permissions.CLEAR_SCREENING, "clear a record for a plan")
    tier = review.screening.triage
    if tier == Tier.NONE.value:
        raise RefusedError("This record needs no clearance.")
    if tier in UNCLEARABLE:
        raise RefusedError(
            "A same-day or emergency record cannot be cleared. "
            "After care, the patient answers a new screening."
        )
    if review.cleared_by_id:
        raise RefusedError(f"Already cleared by {review.cleared_by}.")


def check_may_have_plan(review: Review) -> None:
    """A plan needs the tier `none`, or `clinician_first` that a chiropractor cleared.

    Raises RefusedError. Every maker, approver, printer and sharer of a plan asks this.
    """
    tier = review.screening.triage
    if tier == Tier.NONE.value:
        return
    if tier in UNCLEARABLE:
        raise RefusedError("No plan: a new screening is needed after care.")
    if not review.cleared_by_id:
        raise RefusedError("No plan: a chiropractor has to clear this record first.")


def check_not_withheld(review: Review) -> None:
    """Raise RefusedError while a plan is withheld."""
    if review.status == Review.Status.WITHHELD:
        raise RefusedError("The plan of this record is withheld. Take it up again first.")


def check_can_examine(review: Review, by: User) -> None:
    """An examination is a chiropractor's. Raises RefusedError."""
    check_role(by, permissions.EXAMINE, "record an examination")


def check_can_set_levels(review: Review, by: User) -> None:
    """The final level is a chiropractor's; there is none while levels are withheld.

    Raises RefusedError.
    """
    check_role(by, permissions.SET_LEVELS, "set final levels")
    if levels_withheld(review):
        raise RefusedError("Levels are withheld: this record is not cleared for a plan.")


def check_can_withhold(review: Review, by: User) -> None:
    """A chiropractor withholds. Raises RefusedError."""
    check_role(by, permissions.WITHHOLD_PLAN, "withhold a plan")
    if review.status == Review.Status.WITHHELD:
        raise RefusedError("This plan is withheld already.")


def check_can_resume(review: Review, by: User) -> None:
    """A chiropractor takes a withheld record up again. Raises RefusedError."""
    check_role(by, permissions.WITHHOLD_PLAN, "take up a withheld plan")
    if review.status != Review.Status.WITHHELD:
        raise RefusedError("This plan is not withheld.")


def may_have_plan(review: Review) -> bool:
    """Say whether a plan may exist for this record at all."""
    return allowed(check_may_have_plan, review)


def levels_withheld(review: Review) -> bool:
    """Say whether levels stay hidden, from staff too: until a tier other than none is cleared."""
    return not may_have_plan(review)


# --- the parts of every writer ----------------------------------------------------------------


def lock(*, screening: Screening, version: int | None = None) -> Review:
    """Return the review row, locked until the transaction ends. Raises ConflictError."""
    review = (
        Review.objects.select_for_update(of=("self",))
        .select_related("screening__patient", "cleared_by")
        .get(screening=screening)
    )
    if version is not None and review.version != version:
        raise ConflictError
    return review


def changed(
    review: Review,
    kind: Decision.Kind,
    *,
    by: User,
    reason: str = "",
    details: Mapping[str, Any] | None = None,
) -> Decision:
    """Save a locked review one version later and append the decision and its audit event."""
    review.version += 1
    review.is_open = review.status in queue.OPEN
    cleared = review.cleared_by_id is not None
    for column, place in queue.level_orders(review.screening, cleared=cleared).items():
        setattr(review, column, place)
    review.save()
    screening = review.screening
    decision = Decision.objects.create(
        screening=screening, kind=kind, by=by, reason=reason, details=dict(details or {})
    )
    audit.record(
        Decision.Kind(kind).label.lower(), actor=by, patient=screening.patient_id, obj=screening
    )
    facts.note(decision, screening.submitted_at)
    return decision


def taken_up(review: Review, by: User) -> None:
    """Note who works on a waiting record."""
    review.clinician = review.clinician or by
    if review.status == Review.Status.WAITING:
        review.status = Review.Status.IN_REVIEW


def checked_reason(reason: str, missing: str) -> str:
    """Return the reason in one line. Raises RefusedError with `missing` when there is none."""
    line = " ".join(reason.split())
    if not line:
        raise RefusedError(missing)
    if len(line) > REASON_LENGTH:
        raise RefusedError(f"Keep the reason under {REASON_LENGTH} characters.")
    return line


# --- alerts -----------------------------------------------------------------------------------


@transaction.atomic
def acknowledge(*, screening: Screening, by: User) -> Review:
    """Record who saw the alert and when. The second time changes nothing. Raises RefusedError."""
    review = lock(screening=screening)
    check_can_acknowledge(review, by)
    if review.acknowledged_by_id is None:
        _acknowledged(review, by)
    return review


def _acknowledged(review: Review, by: User) -> None:
    review.acknowledged_by, review.acknowledged_at = by, timezone.now()
    review.clinician = review.clinician or by
    changed(review, Decision.Kind.ACKNOWLEDGED, by=by, details={"tier": review.screening.triage})


def _answer_for_alert(review: Review, by: User) -> None:
    """Whoever decides about a record has seen its alert."""
    if review.screening.triage != Tier.NONE.value and review.acknowledged_by_id is None:
        _acknowledged(review, by)


@transaction.atomic
def acknowledge_stopped(*, draft: Draft, by: User) -> Draft:
    """Record who saw the alert of a questionnaire that an emergency answer ended.

    The second time changes nothing. Raises RefusedError.
    """
    check_role(by, permissions.ACKNOWLEDGE_ALERT, "answer for an alert")
    row = Draft.objects.select_for_update().get(pk=draft.pk)
    if row.stopped_at is None:
        raise RefusedError("This questionnaire is not an alert.")
    if row.acknowledged_by_id is None:
        row.acknowledged_by, row.acknowledged_at = by, timezone.now()
        row.save(update_fields=["acknowledged_by", "acknowledged_at"])
        audit.record("stopped questionnaire seen", actor=by, obj=row)
    return row


@transaction.atomic
def clear(*, screening: Screening, by: User, reason: str, version: int | None = None) -> Review:
    """Release a clinician-first record for a plan, by name and with a reason.

    What follows (the draft plan) is named in `settings.AFTER_CLEAR` and runs in the same
    transaction. Raises RefusedError, ConflictError.
    """
    review = lock(screening=screening, version=version)
    check_can_clear(review, by)
    why = checked_reason(reason, "Say in one line why a plan is safe now.")
    _answer_for_alert(review, by)
    review.cleared_by, review.cleared_at = by, timezone.now()
    taken_up(review, by)
    changed(review, Decision.Kind.CLEARED, by=by, reason=why, details={"by": by.display_name})
    for dotted_path in settings.AFTER_CLEAR:
        import_string(dotted_path)(review.screening)
    return review


# --- examination and levels -------------------------------------------------------------------


@transaction.atomic
def record_examination(
    *,
    screening: Screening,
    by: User,
    findings: Findings,
    note: str = "",
    version: int | None = None,
) -> Examination:
    """Store the raw findings of both sides; the decision keeps the values that they replace.

    Raises RefusedError, ConflictError.
    """
    review = lock(screening=screening, version=version)
    check_can_examine(review, by)
    row = Examination.objects.select_for_update().filter(screening=screening).first()
    old = dict(row.findings) if row else {}
    row = row or Examination(screening=screening, version=0)
    row.examiner, row.examined_at = by, timezone.now()
    row.findings = {test: dict(sides) for test, sides in findings.items() if sides}
    row.note = note
    row.version += 1
    row.save()
    taken_up(review, by)
    changed(review, Decision.Kind.EXAMINED, by=by, details={"old": old, "new": row.findings})
    return row


@transaction.atomic
def set_levels(
    *,
    screening: Screening,
    by: User,
    left: str,
    right: str,
    reason: str = "",
    version: int | None = None,
) -> Review:
    """Set the final level of each side; a reason when one differs from the screen.

    `left` and `right` are a Level, `not_assessed` (the screen's level then stands) or "" for not
    decided. Raises RefusedError, ConflictError.
    """
    review = lock(screening=screening, version=version)
    check_can_set_levels(review, by)
    if not {left, right} <= LEVELS | {""}:
        raise RefusedError("Choose a level from the list.")
    if differs(review.screening, left, right):
        reason = checked_reason(reason, "Say in one line why the level differs from the screen.")
    old = {"left": review.final_left, "right": review.final_right}
    review.final_left, review.final_right = left, right
    taken_up(review, by)
    details = {
        "old": old,
        "new": {"left": left, "right": right},
        "screen": _screen(review),
        "suggested": suggested(review.screening),
    }
    changed(review, Decision.Kind.LEVELS, by=by, reason=reason, details=details)
    return review


def examination_before(screening: Screening) -> Examination | None:
    """The last examination of the same patient with an earlier screening."""
    earlier = Examination.objects.filter(
        screening__patient=screening.patient_id, screening__submitted_at__lt=screening.submitted_at
    )
    return earlier.select_related("examiner").order_by("-examined_at").first()


def suggested(screening: Screening) -> dict[str, str]:
    """What the stored examination suggests per side; "" for nothing."""
    exam = Examination.objects.filter(screening=screening).first()
    found = exam.findings if exam else {}
    levels = {side.value: examination.suggest_level(found, side).level for side in SIDES}
    return {side: level.value if level else "" for side, level in levels.items()}


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """One side of one record that a chiropractor decided; levels as stored, "" for none.

    `agrees` compares the screen with the clinician, `None` where a side was not assessed.
    """

    screening: int
    side: str
    screen: str
    suggested: str
    final: str
    agrees: bool | None


def agreement(decisions: Iterable[Decision]) -> Iterator[Agreement]:
    """Screen, examination and clinician side by side, for the last LEVELS decision of each record.

    `decisions` in the order in which they were made; other kinds are passed over.
    """
    last = {one.screening_id: one for one in decisions if one.kind == Decision.Kind.LEVELS}
    for number, decision in last.items():
        told = decision.details
        for side in SIDES:
            screen, final = told["screen"][side], told["new"][side]
            yield Agreement(
                screening=number,
                side=side.value,
                screen=screen,
                suggested=told.get("suggested", {}).get(side, ""),
                final=final,
                agrees=None if final in ("", NOT_ASSESSED) else final == screen,
            )


def differs(screening: Screening, left: str, right: str) -> bool:
    """Say whether a final level is not the screen's. Not assessed is no other level."""
    pairs = ((left, screening.left_level), (right, screening.right_level))
    return any(final not in ("", NOT_ASSESSED, screen) for final, screen in pairs)


def _screen(review: Review) -> dict[str, str]:
    return {"left": review.screening.left_level, "right": review.screening.right_level}


def final_levels(review: Review) -> tuple[str, str]:
    """The level that counts per side: the clinician's, else the screen's."""
    screening = review.screening
    return (
        _counting(review.final_left, screening.left_level),
        _counting(review.final_right, screening.right_level),
    )


def _counting(final: str, screen: str) -> str:
    return screen if final in ("", NOT_ASSESSED) else final


# --- withholding and approval -----------------------------------------------------------------


@transaction.atomic
def withhold(*, screening: Screening, by: User, reason: str, version: int | None = None) -> Review:
    """Close a record without a plan, or take back an approved one. Raises RefusedError."""
    review = lock(screening=screening, version=version)
    check_can_withhold(review, by)
    why = checked_reason(reason, "Say in one line why there is no plan.")
    _answer_for_alert(review, by)
    old = review.status
    taken_up(review, by)
    review.status = Review.Status.WITHHELD
    changed(review, Decision.Kind.WITHHELD, by=by, reason=why, details={"old": old})
    return review


@transaction.atomic
def resume(*, screening: Screening, by: User, reason: str, version: int | None = None) -> Review:
    """Take a withheld record up again; an approved plan counts again. Raises RefusedError."""
    review = lock(screening=screening, version=version)
    check_can_resume(review, by)
    why = checked_reason(reason, "Say in one line why it is taken up again.")
    approved = review.screening.decisions.filter(kind=Decision.Kind.APPROVED).exists()
    review.status = Review.Status.APPROVED if approved else Review.Status.IN_REVIEW
    changed(review, Decision.Kind.RESUMED, by=by, reason=why)
    return review


def note_approval(review: Review, *, by: User, details: Mapping[str, Any]) -> Decision:
    """Note on a locked review that its plan was approved. Called by `planning.approve`."""
    taken_up(review, by)
    review.status = Review.Status.APPROVED
    return changed(review, Decision.Kind.APPROVED, by=by, details=details)


def note_plan_change(
    review: Review, *, by: User, details: Mapping[str, Any], reason: str = ""
) -> Decision:
    """Note on a locked review that its draft plan was changed. Called by `planning`."""
    taken_up(review, by)
    return changed(review, Decision.Kind.PLAN_CHANGED, by=by, reason=reason, details=details)
