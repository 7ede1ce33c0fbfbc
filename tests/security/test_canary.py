"""No word that a patient typed and no secret reaches a log line, a mail or an address.

One patient goes all the way, staff read, export and fail, mail and tasks run; then every line and
letter is searched. The access log of the real server is searched in `tests/web/test_bad_input.py`.
"""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import override_settings

from chiro.practice import redaction
from chiro.practice.models import OutboxMessage, User
from exercises.services import links, planning
from screening.models import Screening
from screening.services import invitations
from tests.conftest import FormClient
from tests.web.test_export import confirmed
from tests.web.visitor import IDENTITY, Visitor

CANARY = "CanaryPhi7f3"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Everything logged during the test, at every level, as it would be written."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(redaction.EventFormatter())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    for name in ("fontTools", "weasyprint", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)
    yield written
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.mark.row("T14", "T37", "C41", "C48")
@pytest.mark.django_db(transaction=True)
@override_settings(
    MAILERS={"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
)
def test_no_line_and_no_mail_holds_what_was_typed_or_a_secret(
    lines: io.StringIO, client_as: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = all_that_happens(client_as, monkeypatch)
    written = lines.getvalue()
    for line in written.splitlines():
        assert isinstance(json.loads(line), dict)
    found = [word for word in (CANARY, CANARY.lower(), *secrets) if word in written]
    assert found == []
    sent = [f"{letter.subject}\n{letter.body}" for letter in mail.outbox]
    assert CANARY not in "".join(sent)
    assert not OutboxMessage.objects.filter(sent_at__isnull=False).exclude(body="").exists()


def all_that_happens(client_as: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A whole stay, with faults in every room; returns the secrets that were used."""
    patient = Visitor(FormClient(raise_request_exception=False)).start()
    patient.record["goals"] = [{"text": f"{CANARY} stairs", "score": 4}]
    while patient.slug != "answers":
        patient.follow(patient.post(typed(patient)))
    patient.send()
    screening = Screening.objects.get()
    chiropractor = client_as("chiropractor")
    by = User.objects.get(username="chiropractor")
    planning.approve(plan=screening.plans.get(), by=by)
    token = links.issue(screening=screening, by=by)
    invited = invitations.issue(by=by, email="somebody@clinic.example")
    read_everything(screening, chiropractor, confirmed(client_as("owner")))
    patient.client.post(f"/p/{token}/", {"birth_month": CANARY, "birth_day": "1"})
    call_command("send_outbox", verbosity=0)
    call_command("purge_drafts", verbosity=0)
    fail_everywhere(patient.client, chiropractor, monkeypatch, token)
    return [token, str(invited.token), screening.submission_key]


def typed(patient: Visitor) -> dict[str, Any]:
    """What the open page sends, with the canary in every free text."""
    from tests.web.visitor import posted

    data = posted(patient.section, patient.record)
    names = {"full_name": f"{CANARY} Alvarez", "email": f"{CANARY}@clinic.example"}
    return data | (names if set(IDENTITY) <= set(data) else {})


def read_everything(screening: Screening, chiropractor: FormClient, owner: FormClient) -> None:
    """Pages and files of the staff that show the record."""
    queue, patient = (
        "/admin/screening/screening/",
        f"/admin/screening/patient/{screening.patient_id}/",
    )
    for address in (queue, f"{queue}?q={CANARY}", f"{queue}{screening.pk}/change/"):
        assert chiropractor.get(address).status_code in {200, 302}
    for address in (f"{patient}change/", f"{patient}history/", "/admin/practice/auditevent/"):
        assert owner.get(address).status_code == 200
    owner.get(f"{patient}export/")
    owner.post(f"{patient}export/")


def fail_everywhere(
    patient: FormClient, staff: FormClient, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    """An exception whose message quotes what was typed, in a page of each kind."""

    def broken(*args: Any, **named: Any) -> Any:
        raise RuntimeError(f"{CANARY} {token}")

    staff.raise_request_exception = False
    for place in (
        "screening.services.submission.find_screening",
        "exercises.services.links.find",
        "screening.admin.queue.open_alerts",
    ):
        monkeypatch.setattr(place, broken)
    for client, address in (
        (patient, "/result/"),
        (patient, f"/p/{token}/"),
        (staff, f"/admin/screening/screening/?q={CANARY}"),
    ):
        assert client.get(address).status_code == 500
