"""Archiving hides and keeps; erasing removes for good and survives a restore."""

import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import Model
from django.utils import timezone

from chiro.practice import links
from chiro.practice.models import AuditEvent, Erasure, OutboxMessage, User
from exercises.models import Plan, PlanLink
from exercises.services import erasure
from screening.models import Draft, Invitation, Patient, Screening
from screening.services import review
from tests.conftest import FormClient
from tests.web.reviewing import sent, text_of
from tests.web.test_export import confirmed

pytestmark = pytest.mark.django_db
type ClientAs = Callable[[str], FormClient]
type MakeStaff = Callable[..., User]

CANARY = "Canary Quetzal"
QUEUE = "/admin/screening/screening/"


@pytest.fixture(autouse=True)
def _ledger_of_this_test(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def withheld(staff: MakeStaff, name: str = CANARY) -> Screening:
    """A screening of which everything is said and nothing waits."""
    doctor = User.objects.filter(username="doctor").first() or staff("chiropractor", "doctor")
    screening = sent(name=name, goals=[{"text": f"{name} climbs", "score": 3}])
    review.withhold(screening=screening, by=doctor, reason=f"{name} waits.")
    return screening


def test_archived_patient_is_hidden_kept_and_comes_back(
    client_as: ClientAs, staff: MakeStaff
) -> None:
    patient = withheld(staff).patient
    client = client_as("chiropractor")
    client.post(f"/admin/screening/patient/{patient.pk}/archive/")
    client.get("/admin/")  # Shows the message that names the patient.
    assert CANARY not in text_of(client.get("/admin/screening/patient/"))
    assert CANARY not in text_of(client.get("/admin/screening/patient/", {"q": "Canary"}))
    assert CANARY in text_of(client.get("/admin/screening/patient/", {"archive": "archived"}))
    for asked, is_listed in (
        ({"status": "all"}, False),
        ({"status": "withheld"}, False),
        ({"archive": "archived"}, True),
        ({"q": CANARY}, True),
    ):
        assert (CANARY in text_of(client.get(QUEUE, asked))) is is_listed, asked
    assert patient.screenings.exists()
    client.post(f"/admin/screening/patient/{patient.pk}/bring-back/")
    assert CANARY in text_of(client.get("/admin/screening/patient/"))
    events = AuditEvent.objects.filter(patient_id=patient.pk).values_list("event", flat=True)
    assert {"patient archived", "patient brought back"} <= set(events)


def test_patient_who_waits_is_not_archived(client_as: ClientAs) -> None:
    patient = sent(name=CANARY).patient
    client = client_as("chiropractor")
    client.post(f"/admin/screening/patient/{patient.pk}/archive/")
    assert Patient.objects.filter(archived_at=None).count() == 1


def test_new_screening_brings_an_archived_patient_back(staff: MakeStaff) -> None:
    patient = withheld(staff).patient
    Patient.objects.update(archived_at="2026-01-01T00:00:00Z")
    assert sent(name=CANARY).patient == patient
    assert Patient.objects.get().archived_at is None


def test_erasing_needs_reason_and_typed_reference(client_as: ClientAs, staff: MakeStaff) -> None:
    patient = withheld(staff).patient
    client = confirmed(client_as("owner"))
    address = f"/admin/screening/patient/{patient.pk}/erase/"
    for fields in (
        {"reason": "asked", "typed": "X"},
        {"reason": "", "typed": patient.reference},
        {"reason": "retention", "typed": patient.reference},
    ):
        assert "errornote" in client.post(address, fields).text
        assert Patient.objects.get().full_name == CANARY
    assert confirmed(client_as("chiropractor")).post(address, {}).status_code == 403


def test_erased_patient_leaves_nothing_but_the_audit_trail(
    client_as: ClientAs, staff: MakeStaff
) -> None:
    screening = withheld(staff)
    patient = screening.patient
    token = links.new_token()
    PlanLink.objects.create(
        patient=patient,
        screening=screening,
        digest=links.digest(token),
        created_by=User.objects.get(username="doctor"),
        expires_at=timezone.now() + timedelta(days=90),
    )
    Draft.objects.create(
        submission_key="stopped",
        identity={"full_name": CANARY, "birth_date": patient.birth_date.isoformat()},
    )
    OutboxMessage.objects.create(
        kind="link",
        recipient="canary@example.org",
        subject="s",
        body=CANARY,
        message_id="1",
        patient_id=patient.pk,
        due_at=screening.submitted_at,
    )
    others = withheld(staff, "Priya Nair")
    before = AuditEvent.objects.filter(patient_id=patient.pk).count()
    client = confirmed(client_as("owner"))
    fields = {"reason": "asked", "typed": patient.reference.lower()}
    response = client.post(f"/admin/screening/patient/{patient.pk}/erase/", fields)
    assert response.status_code == 302
    for model in apps.get_models():
        assert not mentions(model), model
    assert FormClient().get(f"/p/{token}/").status_code == 404
    assert AuditEvent.objects.filter(patient_id=patient.pk).count() == before + 1
    assert Screening.objects.get() == others, "nobody else lost anything"
    assert client.get(f"/admin/screening/patient/{patient.pk}/change/").status_code == 302
    assert Erasure.objects.get().reason == "asked"


def test_every_table_of_a_patient_is_erased() -> None:
    """A table that is added to a patient's record has to be erased too: name it here then."""
    of_patient = {Patient, Screening, Plan, Draft, Invitation}
    found = {
        model._meta.object_name
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and field.related_model in of_patient
    }
    assert found == {
        "Alert", "CheckIn", "Decision", "DiaryEntry", "Draft", "Examination", "Invitation",
        "PatientWord", "Plan", "PlanDocument", "PlanItem", "PlanLink", "Review", "Screening",
        "ScreeningFacts", "StarterPlan",
    }  # fmt: skip


def mentions(model: type[Model]) -> bool:
    return any(
        word in str(value)
        for row in model._default_manager.values_list()
        for value in row
        for word in ("Canary", "canary")
    )


def test_restored_copy_erases_again_and_nobody_else(staff: MakeStaff, tmp_path: Path) -> None:
    gone, newcomer = withheld(staff).patient, withheld(staff, "Priya Nair").patient
    line = {"at": "2026-01-01T00:00:00+00:00", "reason": "asked"}
    ledger = [
        {**line, "patient": gone.pk, "digest": erasure._digest(gone)},
        {**line, "patient": newcomer.pk, "digest": "of somebody else with this number"},
    ]
    words = "".join(f"{json.dumps(entry)}\n" for entry in ledger)
    (tmp_path / erasure.LEDGER).write_text(words)
    call_command("reapply_erasures", stdout=io.StringIO())
    call_command("reapply_erasures", stdout=io.StringIO())
    assert Patient.objects.get(pk=gone.pk).full_name == erasure.NAME
    assert Patient.objects.get(pk=newcomer.pk).full_name == "Priya Nair"
    assert AuditEvent.objects.filter(event="patient erased again").count() == 1


def test_ledger_holds_no_name(staff: MakeStaff, tmp_path: Path) -> None:
    patient = withheld(staff).patient
    owner = staff("owner")
    erasure.erase(patient=patient, by=owner, reason="asked", typed=patient.reference)
    assert "Canary" not in (tmp_path / erasure.LEDGER).read_text()
