"""An invitation: made by staff, opened once by its button, never by looking, used by sending."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from chiro.practice.links import Purpose, digest
from chiro.practice.models import AuditEvent, OutboxMessage, Practice, User
from screening.models import Draft, Invitation, Patient, Screening
from screening.services import invitations
from tests.conftest import FormClient
from tests.pdf.reading import text
from tests.web.visitor import IDENTITY, Visitor, text_of

type MakeStaff = Callable[..., User]
type ClientAs = Callable[[str], FormClient]
BORN = {"birth_month": "4", "birth_day": "15", "birth_year": "1984"}


@pytest.fixture
def patient(db: None) -> Patient:
    return Patient.objects.create(
        reference="ABC-234", full_name="Maria Alvarez Ruiz", birth_date=date(1984, 4, 15)
    )


@pytest.fixture
def made(patient: Patient, staff: MakeStaff) -> invitations.Made:
    return invitations.issue(by=staff("front_desk"), patient=patient)


def link(made: invitations.Made) -> str:
    return f"/i/{made.token}/"


def state(made: invitations.Made) -> str:
    return invitations.state(Invitation.objects.get(pk=made.invitation.pk)).value


def test_looking_at_a_link_a_hundred_times_opens_nothing(
    made: invitations.Made, client: FormClient
) -> None:
    for _ in range(50):
        assert client.get(link(made)).status_code == 200
        assert client.head(link(made)).status_code == 200
    assert state(made) == "issued"
    assert not Draft.objects.exists()
    page = client.get(link(made)).content.decode()
    assert "Alvarez" not in page
    assert "hip" not in text_of(client.get(link(made))).lower()


def test_start_opens_it_and_the_address_holds_no_secret_any_more(
    made: invitations.Made, client: FormClient
) -> None:
    response = client.post(link(made), {"do": "start"})
    assert response.status_code == 303
    assert made.token not in response.headers["Location"]
    assert state(made) == "opened"
    assert "Go on where you stopped" in text_of(client.get(link(made)))
    assert client.post(link(made), {"do": "start"}).headers["Location"].startswith("/check/")
    assert Draft.objects.count() == 1


def test_what_was_sent_belongs_to_the_invited_patient_and_the_link_is_used(
    made: invitations.Made, patient: Patient, client: FormClient
) -> None:
    visitor = Visitor(client)
    visitor.follow(client.post(link(made), {"do": "start"}))
    visitor.finish().send()
    assert Screening.objects.get().patient == patient
    assert Patient.objects.count() == 1
    assert state(made) == "used"
    page = FormClient().get(link(made))
    assert page.status_code == 404
    assert "This link no longer works" in text_of(page)
    assert FormClient().post(link(made), {"do": "start"}).status_code == 404


def test_another_birth_date_is_another_person(
    made: invitations.Made, patient: Patient, client: FormClient
) -> None:
    Patient.objects.filter(pk=patient.pk).update(birth_date=date(1950, 1, 1))
    visitor = Visitor(client)
    visitor.follow(client.post(link(made), {"do": "start"}))
    visitor.finish().send()
    assert Screening.objects.get().patient != patient
    assert Screening.objects.get().patient.full_name == IDENTITY["full_name"]


@pytest.mark.django_db(transaction=True)
def test_of_twelve_starts_at_the_same_moment_one_opens(made: invitations.Made) -> None:
    def start(_: int) -> str:
        try:
            return FormClient().post(link(made), {"do": "start"}).headers["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        led_to = list(pool.map(start, range(12)))
    assert sum(address.startswith("/check/") for address in led_to) == 1
    assert sum(address == "/i/begun/" for address in led_to) == 11
    assert Draft.objects.count() == 1
    assert AuditEvent.objects.filter(event="invitation opened").count() == 1


@pytest.mark.parametrize(("after", "status"), [(-1, 200), (1, 404)])
def test_it_ends_on_the_second(
    made: invitations.Made,
    client: FormClient,
    monkeypatch: pytest.MonkeyPatch,
    after: int,
    status: int,
) -> None:
    at = made.invitation.expires_at + timedelta(seconds=after)
    monkeypatch.setattr(timezone, "now", lambda: at)
    assert client.get(link(made)).status_code == status


def test_never_made_ended_and_expired_say_the_same(
    made: invitations.Made, staff: MakeStaff, client: FormClient
) -> None:
    pages = [client.get("/i/" + "x" * 43 + "/")]
    Invitation.objects.update(expires_at=timezone.now())
    pages.append(client.get(link(made)))
    invitations.revoke(invitation=made.invitation, by=staff("chiropractor"))
    pages.append(client.get(link(made)))
    assert {page.status_code for page in pages} == {404}
    assert len({text_of(page) for page in pages}) == 1
    assert client.get(f"/p/{made.token}/").status_code == 404


def test_the_other_device_goes_on_by_birth_date_or_starts_over(
    made: invitations.Made, client: FormClient
) -> None:
    first = Visitor(client)
    first.follow(client.post(link(made), {"do": "start"}))
    first.answer()
    other = FormClient()
    assert other.post(link(made)).headers["Location"] == "/i/begun/"
    wrong = other.post("/i/begun/", {**BORN, "birth_year": "1985", "do": "resume"})
    assert wrong.status_code == 422
    assert "You have 4 tries left" in text_of(wrong)
    gone_on = other.post("/i/begun/", {**BORN, "do": "resume"})
    assert gone_on.headers["Location"] == first.url

    third = FormClient()
    third.post(link(made))
    fresh = third.post("/i/begun/", {"do": "over"})
    assert fresh.headers["Location"] != first.url
    assert Draft.objects.count() == 1
    assert client.get(first.url).status_code == 302  # The first browser holds nothing any more.


def test_the_code_of_a_card_opens_it_too_and_guessing_is_stopped(
    made: invitations.Made, client: FormClient
) -> None:
    assert client.get("/i/").status_code == 200
    typed = f" {made.code[:4].lower()} - {made.code[4:]} "
    assert client.post("/i/", {"code": typed}).headers["Location"].startswith("/check/")
    guesser = FormClient()
    for _ in range(invitations.CODE_TRIES):
        assert guesser.post("/i/", {"code": "22222222"}).status_code == 422
    assert guesser.post("/i/", {"code": made.code}).status_code == 429


def test_ending_it_keeps_what_was_begun_apart_from_the_patient(
    made: invitations.Made, client: FormClient, staff: MakeStaff
) -> None:
    client.post(link(made))
    invitations.revoke(invitation=made.invitation, by=staff("chiropractor"))
    assert state(made) == "revoked"
    assert Draft.objects.get().invitation is None
    assert client.get(link(made)).status_code == 404


def test_the_front_desk_invites_somebody_new_by_mail(client_as: ClientAs) -> None:
    Practice.objects.create(pk=1, name="Harbor Street Chiropractic")
    desk = client_as("front_desk")
    assert desk.get("/admin/screening/invitation/add/").status_code == 200
    form = {
        "full_name": "Ana Torres",
        "birth_date": "1970-02-03",
        "email": "ana@example.org",
        "language": "en",
    }
    page = desk.post("/admin/screening/invitation/add/", form)
    token = token_on(page)
    invitation = Invitation.objects.get()
    assert invitation.patient is not None
    assert invitation.patient.full_name == "Ana Torres"
    mail = OutboxMessage.objects.get()
    assert f"/i/{token}/" in mail.body
    for private in ("Ana", "Torres", "pain", "hip", "back", "exercise", "health"):
        assert private not in mail.subject + mail.body.replace(token, "")
    listed = text_of(desk.get("/admin/screening/invitation/"))
    assert "Ana Torres" in listed
    assert "Issued" in listed
    assert "Waiting" in listed
    again = desk.post(f"/admin/screening/invitation/{invitation.pk}/again/")
    assert token_on(again) != token
    assert desk.get(f"/i/{token}/").status_code == 404
    assert "Revoked" in text_of(desk.get("/admin/screening/invitation/"))
    mail.refresh_from_db()
    assert mail.body == ""
    assert mail.given_up_at is not None
    stored = str(list(Invitation.objects.values())) + str(list(AuditEvent.objects.values()))
    assert token not in stored


@pytest.mark.parametrize(
    "form",
    [
        {"patient": "nobody"},
        {"full_name": "Ana Torres"},
        {"patient": "ABC-234", "full_name": "Ana", "birth_date": "1970-02-03"},
        {"email": "no address"},
    ],
)
def test_a_wrong_form_makes_nothing(
    patient: Patient, client_as: ClientAs, form: dict[str, Any]
) -> None:
    page = client_as("front_desk").post(
        "/admin/screening/invitation/add/", {**form, "language": "en"}
    )
    assert page.status_code == 422
    assert not Invitation.objects.exists()


def test_the_printed_card_says_where_to_go_and_nothing_about_health(
    made: invitations.Made, client_as: ClientAs
) -> None:
    own = {"invitation_text": "We look forward to your visit."}
    Practice.objects.create(pk=1, name="Harbor Street Chiropractic", phone="(512) 555-0142", **own)
    secrets = {"token": made.token, "code": made.code}
    card = client_as("front_desk").post("/admin/paper/card.pdf", secrets)
    assert card["Content-Type"] == "application/pdf"
    words = text(card.content)
    assert "Harbor Street Chiropractic" in words
    assert own["invitation_text"] in words
    assert f"{made.code[:4]} {made.code[4:]}" in words
    for private in ("Alvarez", "hip", "pain", "exercise"):
        assert private not in words
    assert (
        client_as("chiropractor").post("/admin/paper/card.pdf", {"token": "x"}).status_code == 404
    )


def token_on(page: Any) -> str:
    assert page.status_code == 200
    found = re.search(r"/i/([\w-]{43})/", page.content.decode())
    assert found
    assert Invitation.objects.filter(digest=digest(found[1], Purpose.INVITATION)).exists()
    return found[1]
