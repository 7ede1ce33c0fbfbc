"""Erasing a patient where the law allows it: what identifies and what tells of health goes.

What stays is the audit trail, which holds numbers and kinds of acts only, and an empty row that
keeps the number of the patient taken. Which patients were erased is also kept outside the database
(`revocations`), so that a restored copy erases them again (`manage.py reapply_erasures`).
"""

import hashlib
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from chiro.practice import audit, revocations
from chiro.practice.append_only import lawful_change
from chiro.practice.models import Erasure, OutboxMessage, Practice, User
from exercises.models import CheckIn, DiaryEntry, Plan, PlanDocument, PlanLink, StarterPlan
from screening.models import (
    Alert,
    Decision,
    Draft,
    Examination,
    Invitation,
    Patient,
    Review,
    Screening,
    ScreeningFacts,
)
from screening.services.review import RefusedError

REASONS = {
    "asked": "The patient asked, and no law asks the practice to keep the record",
    "retention": "The retention time is over",
    "mistake": "The record was made by mistake, or of the wrong person",
}
NAME = "Erased patient"
BORN = date(1900, 1, 1)
RETENTION = "retention"


def kept_until(patient: Patient) -> date:
    """Return the day until which the practice keeps the record: years after the last visit."""
    newest = Screening.objects.filter(patient=patient).aggregate(at=Max("submitted_at"))["at"]
    last = timezone.localdate(newest or patient.created_at)
    year = last.year + Practice.current().retention_years
    return last.replace(year=year, day=min(last.day, 28))


def check_can_erase(patient: Patient, *, typed: str, reason: str) -> None:
    """Raise RefusedError with a sentence unless the reference was typed and a reason holds."""
    if patient.erased_at is not None:
        raise RefusedError("This patient is erased already.")
    if reason not in REASONS:
        raise RefusedError("Choose the reason.")
    until = kept_until(patient)
    if reason == RETENTION and timezone.localdate() <= until:
        raise RefusedError(f"The record has to be kept until {until:%B} {until.day}, {until.year}.")
    if typed.strip().upper() != patient.reference.upper():
        raise RefusedError(f"Type the reference {patient.reference} to confirm.")


def erase(*, patient: Patient, by: User, reason: str, typed: str) -> Erasure:
    """Erase a patient's data for good. Raises RefusedError."""
    with transaction.atomic():
        patient = Patient.objects.select_for_update().get(pk=patient.pk)
        check_can_erase(patient, typed=typed, reason=reason)
        now = timezone.now()
        row = Erasure.objects.create(
            patient_id=patient.pk, at=now, by=by, reason=reason, digest=_digest(patient)
        )
        _empty(patient, now)
        audit.record(revocations.PATIENT_ERASED, actor=by, patient=patient.pk, obj=row)
    return row


def reapply() -> int:
    """Erase again whoever was erased before: for a database that came from a backup."""
    done = 0
    for entry in [*revocations.erased(), *_stored()]:
        with transaction.atomic():
            patient = Patient.objects.filter(pk=entry["patient"], erased_at=None).first()
            if patient is None or _digest(patient) != entry["digest"]:
                continue
            at = datetime.fromisoformat(entry["at"])
            known = {"at": at, "reason": entry["reason"], "digest": entry["digest"]}
            row, _ = Erasure.objects.get_or_create(patient_id=patient.pk, defaults=known)
            _empty(patient, at)
            audit.record("patient erased again", patient=patient.pk, obj=row)
            done += 1
    return done


# --- what goes --------------------------------------------------------------------------------


def _empty(patient: Patient, now: datetime) -> None:
    """Remove what identifies the patient and what tells of their health, in every table.

    The row of the patient stays, without content, so that its number is never given again.
    """
    screenings = Screening.objects.filter(patient=patient)
    plans = Plan.objects.filter(screening__in=screenings)
    with lawful_change("erasure"):
        _drafts(patient).delete()
        _close_mail(patient, now)
        plans.update(replaces=None)
        for rows in (
            PlanDocument.objects.filter(plan__in=plans),
            DiaryEntry.objects.filter(plan__in=plans),
            PlanLink.objects.filter(patient=patient),
            CheckIn.objects.filter(screening__in=screenings),
            StarterPlan.objects.filter(screening__in=screenings),
            plans,
            StarterPlan.objects.filter(screening__in=screenings),
            ScreeningFacts.objects.filter(screening__in=screenings),
            Alert.objects.filter(screening__in=screenings),
            Decision.objects.filter(screening__in=screenings),
            Examination.objects.filter(screening__in=screenings),
            Review.objects.filter(screening__in=screenings),
            screenings,
            Invitation.objects.filter(patient=patient),
            patient.search_words.all(),
        ):
            rows.delete()
        Patient.objects.filter(pk=patient.pk).update(
            full_name=NAME,
            birth_date=BORN,
            reference=f"X{patient.pk}",
            phone="",
            email="",
            archived_at=now,
            erased_at=now,
        )


def _drafts(patient: Patient) -> QuerySet[Draft]:
    """Unfinished questionnaires of the patient, and those under the same name and birth date."""
    named = Q(
        identity__full_name=patient.full_name,
        identity__birth_date=patient.birth_date.isoformat(),
    )
    invited = Invitation.objects.filter(patient=patient)
    return Draft.objects.filter(named | Q(patient=patient) | Q(invitation__in=invited))


def _close_mail(patient: Patient, now: datetime) -> None:
    """Empty the mail that went to the patient; what waits is not sent."""
    mail = OutboxMessage.objects.filter(patient_id=patient.pk)
    mail.filter(sent_at=None, given_up_at=None).update(given_up_at=now, problem="Erased")
    mail.update(recipient="erased@invalid", body="", subject="")


# --- what is noted of it ------------------------------------------------------------------------


def _digest(patient: Patient) -> str:
    """Tell this patient from any other, also from one who gets the same number after a restore."""
    told = f"{patient.pk} {patient.reference} {patient.created_at.isoformat()}"
    return hashlib.sha256(told.encode()).hexdigest()


def _stored() -> list[dict[str, Any]]:
    """What the rows of the restored copy itself say."""
    rows = Erasure.objects.order_by("pk")
    return [
        {"patient": r.patient_id, "at": r.at.isoformat(), "reason": r.reason, "digest": r.digest}
        for r in rows
    ]
