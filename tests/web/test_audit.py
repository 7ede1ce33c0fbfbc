"""The audit trail: the database refuses to change it, and it says who saw a patient."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from chiro.practice import append_only, audit, long_lists
from chiro.practice.models import AuditEvent, User
from screening.models import Screening
from tests.conftest import FormClient
from tests.web.reviewing import sent, text_of

pytestmark = pytest.mark.django_db
type ClientAs = Callable[[str], FormClient]


def test_database_refuses_to_change_what_was_recorded() -> None:
    event = audit.record("plan printed")
    for statement in (
        "UPDATE practice_auditevent SET event = 'nothing'",
        "DELETE FROM practice_auditevent",
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            connection.cursor().execute(statement)
    assert AuditEvent.objects.get().event == event.event


def test_every_append_only_table_has_its_triggers() -> None:
    for table in append_only.tables(connection):
        for verb in append_only.VERBS:
            assert trigger_is_there(f"{table}_no_{verb}"), table
    assert {"practice_auditevent", "screening_screening", "screening_decision"} <= set(
        append_only.tables(connection)
    )


def trigger_is_there(name: str) -> bool:
    catalogue = {
        "sqlite": "SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND name = %s",
        "postgresql": "SELECT 1 FROM pg_trigger WHERE tgname = %s",
    }
    with connection.cursor() as cursor:
        cursor.execute(catalogue[connection.vendor], [name])
        return cursor.fetchone() is not None


def test_lawful_change_is_open_only_while_it_lasts() -> None:
    screening = sent()
    rows = Screening.objects.filter(pk=screening.pk)
    with append_only.lawful_change("test"):
        rows.update(submitted_at=timezone.now())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.update(submitted_at=timezone.now())


def test_owner_sees_who_saw_a_patient(client_as: ClientAs, staff: Callable[..., User]) -> None:
    screening = sent()
    client_as("chiropractor").get(f"/admin/screening/screening/{screening.pk}/change/")
    owner = client_as("owner")
    page = owner.get(f"/admin/practice/auditevent/patient/{screening.patient_id}/")
    said = text_of(page)
    assert "screening read" in said
    assert "chiropractor" in said
    assert "3.0" not in said
    link = f"/admin/practice/auditevent/patient/{screening.patient_id}/"
    assert link in owner.get(f"/admin/screening/patient/{screening.patient_id}/change/").text
    refused = client_as("chiropractor").get(link)
    assert refused.status_code == 403
    assert AuditEvent.objects.filter(event="who saw this patient read").exists()


def test_log_is_filtered_by_person_event_and_date(client_as: ClientAs) -> None:
    owner = client_as("owner")
    client_as("front_desk").get("/admin/screening/invitation/")
    person = User.objects.get(username="front_desk").pk
    address = "/admin/practice/auditevent/"
    assert (
        "invitations" not in text_of(owner.get(address, {"event": "signed in"})).split("Filter")[0]
    )
    page = owner.get(address, {"actor__id__exact": person, "at__gte": "2020-01-01T00:00:00Z"})
    assert page.status_code == 200
    assert {event.actor_id for event in page.context["cl"].result_list} == {person}


def test_a_long_list_counts_to_an_end_and_says_so(
    client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = client_as("owner")
    for _ in range(3):
        audit.record("sample")
    assert "The first" not in text_of(owner.get("/admin/practice/auditevent/"))
    monkeypatch.setattr(long_lists, "COUNTED_UP_TO", 2)
    page = owner.get("/admin/practice/auditevent/")
    assert "The first 2 audit events" in text_of(page)
    assert {"sample", "audit log read"} <= set(audit.kinds())
    assert audit.kinds() == sorted(set(audit.kinds()))
