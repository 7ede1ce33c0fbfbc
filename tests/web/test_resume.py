"""Saved answers: here at once, elsewhere by code and birth date, and only as long as was said."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from chiro.practice.models import AuditEvent, OutboxMessage, Practice
from screening.models import Draft, Kiosk
from screening.services import resume
from tests.conftest import FormClient
from tests.web.visitor import Visitor, text_of

pytestmark = pytest.mark.django_db
BORN = {"birth_month": "4", "birth_day": "15", "birth_year": "1984"}


def begun(client: FormClient) -> Visitor:
    return Visitor(client).start().until("places")


def code_on(page: Any) -> str:
    found = re.search(r'class="bigcode">(\w{4} \w{4})<', page.content.decode())
    assert found, text_of(page)
    return found[1]


def test_each_page_leads_to_a_code_which_is_shown_once_and_kept_nowhere(client: FormClient) -> None:
    visitor = begun(client)
    assert 'href="/saved/"' in visitor.see().content.decode()
    asks = client.get("/saved/")
    assert "After that we delete them" in text_of(asks)
    assert Draft.objects.get().resume_digest is None  # Looking makes no code.
    code = code_on(client.post("/saved/", {**BORN, "email": ""}))
    stored = str(list(Draft.objects.values()))
    assert code not in stored
    assert code.replace(" ", "") not in stored
    assert not OutboxMessage.objects.exists()


def test_the_birth_date_is_needed_and_has_to_fit_the_age(client: FormClient) -> None:
    begun(client)
    assert "Enter the month and the day" in text_of(client.post("/saved/", {"email": ""}))
    wrong = client.post("/saved/", {**BORN, "birth_year": "1990"})
    assert wrong.status_code == 422
    assert "you gave your age as 42" in text_of(wrong)


def test_who_gave_the_birth_date_already_is_not_asked_again(client: FormClient) -> None:
    Visitor(client).start().finish()
    assert "birth_month" not in client.get("/saved/").content.decode()
    code = code_on(client.post("/saved/", {}))
    assert FormClient().post("/resume/", {"code": code, **BORN}).status_code == 303


def test_another_device_goes_on_where_the_first_one_stopped(client: FormClient) -> None:
    visitor = begun(client)
    code = code_on(client.post("/saved/", BORN))
    other = FormClient()
    assert other.get("/resume/").status_code == 200
    response = other.post("/resume/", {"code": code.lower(), **BORN})
    assert response.headers["Location"] == visitor.url
    assert Visitor(other, url=visitor.url).finish().send().url == "/result/"
    assert other.get("/result/").status_code == 200


def test_five_wrong_birth_dates_end_a_code_and_nobody_is_told_which_part_is_wrong(
    client: FormClient,
) -> None:
    begun(client)
    code = code_on(client.post("/saved/", BORN))
    guesser = FormClient()
    wrong = {"code": code, **BORN, "birth_day": "16"}
    pages = [guesser.post("/resume/", wrong) for _ in range(resume.TRIES)]
    pages.append(guesser.post("/resume/", {"code": "2222 2222", **BORN}))
    assert {page.status_code for page in pages} == {422}
    assert all("This code and this birth date open nothing" in text_of(page) for page in pages)
    assert guesser.post("/resume/", {"code": code, **BORN}).status_code == 422
    fresh = code_on(client.post("/saved/", {}))
    assert guesser.post("/resume/", {"code": fresh, **BORN}).status_code == 303


def test_one_address_is_stopped_after_ten_wrong_codes(client: FormClient) -> None:
    for _ in range(resume.ADDRESS_TRIES):
        assert client.post("/resume/", {"code": "22222222", **BORN}).status_code == 422
    page = client.post("/resume/", {"code": "22222222", **BORN})
    assert page.status_code == 429
    assert AuditEvent.objects.filter(event=resume.REFUSED).count() == resume.ADDRESS_TRIES


@pytest.mark.parametrize(
    ("code", "says"),
    [("7KQ4M", "You entered 5"), ("", "Enter the 8 letters"), ("OOOO 1111", "Enter the 8 letters")],
)
def test_what_cannot_be_a_code_is_no_try(client: FormClient, code: str, says: str) -> None:
    assert says in text_of(client.post("/resume/", {"code": code, **BORN}))
    assert not AuditEvent.objects.filter(event=resume.REFUSED).exists()


def test_the_code_is_mailed_only_to_who_asks_without_a_word_of_health(client: FormClient) -> None:
    Practice.objects.create(pk=1, name="Harbor Street Chiropractic")
    begun(client)
    page = client.post("/saved/", {**BORN, "email": "maria@example.org"})
    mail = OutboxMessage.objects.get()
    assert code_on(page) in mail.body
    assert "/resume/" in mail.body
    for private in ("hip", "back", "pain", "Maria", "answer"):
        assert private not in mail.subject + mail.body
    assert client.post("/saved/", {**BORN, "email": "nowhere"}).status_code == 422


def test_drafts_end_after_the_days_of_the_practice_but_never_an_alert(
    client: FormClient, capsys: pytest.CaptureFixture[str]
) -> None:
    begun(client)
    code = code_on(client.post("/saved/", BORN))
    alert = Draft.objects.create(submission_key="alert", stopped_at=timezone.now())
    Draft.objects.update(updated_at=timezone.now() - timedelta(days=13))
    call_command("purge_drafts")
    assert Draft.objects.count() == 2
    Draft.objects.update(updated_at=timezone.now() - timedelta(days=15))
    assert FormClient().post("/resume/", {"code": code, **BORN}).status_code == 422
    call_command("purge_drafts")
    assert list(Draft.objects.all()) == [alert]


def test_what_a_tablet_left_behind_goes_after_an_hour(staff: Any) -> None:
    tablet = Kiosk.objects.create(name="Desk", digest="d", created_by=staff("front_desk"))
    Draft.objects.create(submission_key="left", kiosk=tablet)
    Draft.objects.create(submission_key="coded", kiosk=tablet, resume_digest="x")
    Draft.objects.create(submission_key="own")
    Draft.objects.update(updated_at=timezone.now() - timedelta(hours=2))
    call_command("purge_drafts")
    assert set(Draft.objects.values_list("submission_key", flat=True)) == {"coded", "own"}
