"""Who asks too often is asked to wait, on a page that says so; nobody else is, and nothing is lost.

The counts are rows of the database, so that every process counts together. Addresses are those of
the documentation's network: this computer itself (127.0.0.1) is never stopped.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from chiro.practice import limits
from chiro.practice.links import new_token
from chiro.practice.models import OutboxMessage, Tally, User
from screening.models import Doubt, Draft, Review
from screening.services import invitations
from tests.conftest import FormClient
from tests.web.visitor import Visitor

VISITOR = "203.0.113.7"
OTHER = "203.0.113.8"


def visitor(address: str = VISITOR) -> FormClient:
    """A browser at this address."""
    return FormClient(REMOTE_ADDR=address)


def assert_asked_to_wait(response: Any, longest: int) -> None:
    """A page in words with what to do, the emergency number, and the seconds in a header."""
    assert response.status_code == 429
    assert 0 < int(response.headers["Retry-After"]) <= longest
    page = response.content.decode()
    assert "Please wait a little" in page
    assert "In an emergency call" in page


def end_all_spans() -> None:
    """Let the time pass that every limit lasts."""
    Tally.objects.update(ends_at=timezone.now() - timedelta(seconds=1))


# --- links that open nothing --------------------------------------------------------------------


@pytest.mark.row("T1", "C12")
@pytest.mark.parametrize("door", ["/p/{}/", "/i/{}/", "/kiosk/{}/"])
def test_trying_link_after_link_is_stopped(door: str, db: None) -> None:
    guesser = visitor()
    tries = [guesser.get(door.format(new_token())).status_code for _ in range(20)]
    assert set(tries) == {404}
    assert_asked_to_wait(guesser.get(door.format(new_token())), 600)
    assert visitor(OTHER).get(door.format(new_token())).status_code == 404
    end_all_spans()
    assert guesser.get(door.format(new_token())).status_code == 404


@pytest.mark.row("T1")
def test_a_stopped_address_learns_nothing_from_a_right_link(db: None, staff: Any) -> None:
    for _ in range(20):
        limits.count(limits.LOST_LINKS, VISITOR)
    right, wrong = (visitor().get(f"/i/{token}/") for token in (a_link(staff), new_token()))
    assert right.status_code == wrong.status_code == 429
    assert visitor(OTHER).get(f"/i/{a_link(staff)}/").status_code == 200


def a_link(staff: Any) -> str:
    """The token of a fresh invitation."""
    by = User.objects.filter(username="front_desk").first() or staff("front_desk")
    return str(invitations.issue(by=by).token)


@pytest.mark.row("T39", "C22")
def test_forwarded_headers_that_a_visitor_writes_change_nothing(db: None) -> None:
    for number in range(20):
        visitor().get(f"/p/{new_token()}/", headers={"X-Forwarded-For": f"198.51.100.{number}"})
    spoofed = {"X-Forwarded-For": "198.51.100.99", "X-Real-IP": "198.51.100.99"}
    assert visitor().get(f"/p/{new_token()}/", headers=spoofed).status_code == 429


@pytest.mark.row("T39", "C22")
@override_settings(TRUSTED_PROXIES=1)
def test_behind_a_proxy_only_the_address_that_it_adds_counts(db: None) -> None:
    def ask(number: int) -> Any:
        chain = {"X-Forwarded-For": f"127.0.0.1, 198.51.100.{number}, {VISITOR}"}
        return FormClient().get(f"/p/{new_token()}/", headers=chain)

    assert [ask(number).status_code for number in range(21)] == [404] * 20 + [429]


@pytest.mark.row("C12")
@pytest.mark.django_db(transaction=True)
def test_processes_count_together_and_lose_no_count() -> None:
    def once(_: int) -> None:
        try:
            limits.count(limits.STARTS, VISITOR)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(once, range(24)))
    assert limits.count(limits.STARTS, VISITOR) == 25


def test_a_count_names_nobody_and_ends(db: None) -> None:
    limits.count(limits.STARTS, VISITOR)
    assert VISITOR not in Tally.objects.get().key
    end_all_spans()
    limits.count(limits.STARTS, OTHER)
    assert Tally.objects.count() == 1, "what has ended is removed"


# --- programs that fill in the public form ------------------------------------------------------


@pytest.mark.row("T18", "C12")
def test_one_address_begins_forty_questionnaires_an_hour(db: None) -> None:
    begun = [visitor().post("/", {"start": "new"}).status_code for _ in range(40)]
    assert set(begun) == {303}
    assert_asked_to_wait(visitor().post("/", {"start": "new"}), 3600)
    assert Draft.objects.count() == 40
    assert visitor(OTHER).post("/", {"start": "new"}).status_code == 303


@pytest.mark.row("T18")
def test_who_began_goes_on_whatever_others_do(db: None) -> None:
    patient = Visitor(visitor()).start()
    for _ in range(60):
        limits.count(limits.STARTS, VISITOR)
    patient.answer()
    assert patient.see().status_code == 200


@pytest.mark.row("T18")
@pytest.mark.parametrize(
    ("posted", "before", "seconds", "doubt"),
    [
        ({"website": "http://spam.example"}, 0, 300, Doubt.TRAP),
        ({}, 0, 5, Doubt.FAST),
        ({}, 200, 300, Doubt.MANY),
        ({}, 0, 300, ""),
    ],
)
def test_what_a_program_may_have_sent_is_stored_and_marked(
    posted: dict[str, str], before: int, seconds: int, doubt: str, db: None, client_as: Any
) -> None:
    limits.count(limits.STARTS_OF_ALL, limits.EVERYBODY)
    Tally.objects.update(count=before)
    sender = Visitor(visitor())
    sender.follow(sender.client.post("/", {"start": "new", **posted}))
    Draft.objects.update(created_at=timezone.now() - timedelta(seconds=seconds))
    sender.finish().send()
    review = Review.objects.get()
    assert review.doubt == doubt
    assert OutboxMessage.objects.count() == 0
    pages = client_as("chiropractor")
    queue = "/admin/screening/screening/"
    for page in (queue, f"{queue}{review.screening_id}/change/"):
        assert ("Unverified sender" in pages.get(page).content.decode()) is bool(doubt)
    suspects = pages.get(queue, {"sender": "unverified"}).content.decode()
    assert ("Maria Alvarez" in suspects) is bool(doubt)


@pytest.mark.row("T18")
def test_nobody_sees_the_trap(db: None) -> None:
    page = Client().get("/").content.decode()
    trap = '<input name="website" autocomplete="off" tabindex="-1">'
    assert f"<div hidden><label>Leave this empty {trap}</label></div>" in page


@pytest.mark.row("T18")
def test_one_address_has_five_mails_an_hour_sent(db: None) -> None:
    def ask() -> Any:
        patient = Visitor(visitor()).start().until("places")
        born = {"birth_month": "4", "birth_day": "15", "birth_year": "1984"}
        return patient.client.post("/saved/", {**born, "email": "somebody@clinic.example"})

    assert [ask().status_code for _ in range(5)] == [200] * 5
    assert_asked_to_wait(ask(), 3600)
    assert OutboxMessage.objects.count() == 5
