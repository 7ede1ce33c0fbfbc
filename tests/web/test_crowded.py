"""More visitors than the site can answer: told at once, and nothing typed is lost."""

from typing import Any

import pytest
from django.test import Client

from chiro.practice import waiting
from chiro.practice.models import Practice
from chiro.practice.waiting import Queue
from tests.web.visitor import text_of

TYPED = "Climbing the stairs <to> my flat"


@pytest.fixture
def crowded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "is_too_late", lambda: True)


@pytest.mark.django_db
@pytest.mark.usefixtures("crowded")
def test_a_page_says_so_and_loads_again_by_itself(client: Client) -> None:
    page = client.get("/check/age/")
    assert page.status_code == 503
    assert page.headers["Retry-After"] == page.headers["Refresh"] == "5"
    assert "no-store" in page.headers["Cache-Control"]
    assert "Many people are here just now" in text_of(page)
    assert "In an emergency call 911" in text_of(page)


@pytest.mark.django_db
@pytest.mark.usefixtures("crowded")
def test_what_was_typed_stays_in_the_page_and_is_sent_by_a_button(client: Client) -> None:
    page = client.post("/check/goals/", {"goals_1_text": TYPED})
    assert page.status_code == 503
    assert "Refresh" not in page.headers
    assert 'name="goals_1_text" value="Climbing the stairs &lt;to&gt; my flat"' in str(page.content)
    assert "it is not saved yet" in text_of(page)
    assert "Try again" in text_of(page)


@pytest.mark.django_db
@pytest.mark.usefixtures("crowded")
def test_it_is_said_in_the_visitors_language(client: Client) -> None:
    Practice.objects.create(pk=1, languages=["es"])
    page = client.get("/", headers={"Accept-Language": "es"})
    assert "Hay muchas personas aquí en este momento" in text_of(page)


@pytest.mark.django_db
@pytest.mark.usefixtures("crowded")
def test_health_files_and_forms_of_the_staff_are_never_turned_away(client_as: Any) -> None:
    owner = client_as("owner")
    assert owner.get("/health/live").status_code == 200
    assert owner.post("/admin/practice/practice/1/change/", {}).status_code != 503
    assert owner.get("/static/css/site.css").status_code == 200


def taken_every_half_second(queue: Queue, *, after: float, start: float, times: int) -> list[bool]:
    return [queue.take(after=after, now=start + n / 2) for n in range(times)]


def test_a_short_crowd_waits_and_a_long_one_is_turned_away() -> None:
    queue = Queue()
    assert all(taken_every_half_second(queue, after=0.8, start=100.0, times=5))
    assert not queue.take(after=0.8, now=102.5)  # Nobody was answered soon for two seconds.
    assert queue.take(after=0.25, now=102.6)  # Who has not waited long is answered,
    assert queue.take(after=0.8, now=102.7)  # and then the crowd is over.


def test_a_computer_that_stood_still_turns_nobody_away() -> None:
    queue = Queue()
    assert queue.take(after=0.9, now=100.0)
    assert queue.take(after=0.9, now=400.0)  # Quiet in between: this is no crowd.
    assert queue.take(after=0.9, now=400.1)


def test_nobody_is_answered_whom_nobody_waits_for_any_more() -> None:
    assert not Queue().take(after=11.0, now=100.1)
