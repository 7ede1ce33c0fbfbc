"""Corrections of a patient's name, birth date and contact; archiving."""

from django.db import transaction
from django.utils import timezone

from chiro.practice import audit
from chiro.practice.models import User
from screening.models import Patient, Review
from screening.services import finding, queue
from screening.services.review import RefusedError

CORRECTED = ("full_name", "birth_date", "phone", "email")


@transaction.atomic
def correct(*, patient: Patient, by: User) -> Patient:
    """Store corrected values of a patient who is there already."""
    patient.save(update_fields=CORRECTED)
    finding.index(patient)
    queue.rename(patient)
    audit.record("patient changed", actor=by, patient=patient, obj=patient)
    return patient


ARCHIVE_OPEN = "This patient has a screening that waits for review. Finish it, then archive."


@transaction.atomic
def archive(*, patient: Patient, by: User) -> None:
    """Leave a patient out of the lists. Raises RefusedError while something waits for review."""
    if Review.objects.filter(screening__patient=patient, is_open=True).exists():
        raise RefusedError(ARCHIVE_OPEN)
    if Patient.objects.filter(pk=patient.pk, archived_at=None).update(archived_at=timezone.now()):
        queue.archive(patient, archived=True)
        audit.record("patient archived", actor=by, patient=patient, obj=patient)


@transaction.atomic
def bring_back(*, patient: Patient, by: User | None) -> None:
    """Take a patient into the lists again: by hand, or because they sent a screening."""
    rows = Patient.objects.filter(pk=patient.pk, erased_at=None).exclude(archived_at=None)
    if rows.update(archived_at=None):
        queue.archive(patient, archived=False)
        audit.record("patient brought back", actor=by, patient=patient, obj=patient)
