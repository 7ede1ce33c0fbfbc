"""Corrections of a patient's name, birth date and contact."""

from django.db import transaction

from chiro.practice import audit
from chiro.practice.models import User
from screening.models import Patient
from screening.services import finding

CORRECTED = ("full_name", "birth_date", "phone", "email")


@transaction.atomic
def correct(*, patient: Patient, by: User) -> Patient:
    """Store corrected values of a patient who is there already."""
    patient.save(update_fields=CORRECTED)
    finding.index(patient)
    audit.record("patient changed", actor=by, patient=patient, obj=patient)
    return patient
