"""A second visit on the review page: what changed, what was found before, the note, agreement."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from chiro.practice.append_only import lawful_change
from chiro.practice.models import AuditEvent, User
from screening.models import Decision, Screening
from screening.services import review as reviews
from tests.conftest import FormClient
from tests.web.reviewing import review_url, sent, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def chiropractor(client_as: Callable[[str], FormClient]) -> FormClient:
    """A signed-in chiropractor."""
    return client_as("chiropractor")


@pytest.fixture
def first_visit(chiropractor: FormClient) -> Screening:
    """A screening of a month ago that was examined."""
    screening = sent(pain_now=6, pain_worst=8)
    with lawful_change("test"):
        Screening.objects.filter(pk=screening.pk).update(
            submitted_at=timezone.now() - timedelta(days=30)
        )
    found = {"mmt_abduction": {"right": "4-"}}
    reviews.record_examination(screening=screening, by=User.objects.get(), findings=found)
    return screening


def test_a_first_screening_compares_with_nothing(chiropractor: FormClient) -> None:
    assert "Since the last screening" not in text_of(chiropractor.get(review_url(sent())))


def test_what_changed_stands_beside_what_was_found_before(
    chiropractor: FormClient, first_visit: Screening
) -> None:
    words = text_of(chiropractor.get(review_url(sent())))
    assert "Since the last screening" in words
    assert "Pain right now 6 out of 10 3 out of 10 better" in words
    assert "was 4-" in words


def test_an_older_answer_list_is_not_compared_and_breaks_nothing(
    chiropractor: FormClient, first_visit: Screening
) -> None:
    with lawful_change("test"):
        Screening.objects.filter(pk=first_visit.pk).update(answers={"gone": 1}, assessment=[])
    words = text_of(chiropractor.get(review_url(sent())))
    assert "Old version: the two cannot be compared" in words


@pytest.mark.parametrize(
    "broken",
    [
        {"assessment": {}},
        {"assessment": []},
        {"reasons": [{}]},
        {"words": {"a": 1}},
        {"answers": 3},
    ],
)
def test_a_record_of_an_old_version_is_shown_as_such(
    chiropractor: FormClient, broken: dict[str, Any]
) -> None:
    screening = sent()
    with lawful_change("test"):
        Screening.objects.filter(pk=screening.pk).update(**broken)
    page = chiropractor.get(review_url(screening))
    assert page.status_code == 200
    assert "Old version." in text_of(page)
    assert chiropractor.post(review_url(screening, "note")).status_code == 303


def test_the_note_has_four_parts_and_leaves_a_trace(
    chiropractor: FormClient, first_visit: Screening
) -> None:
    by = User.objects.get()
    reviews.set_levels(
        screening=first_visit, by=by, left="unlikely", right="possible", reason="Strong today"
    )
    note = chiropractor.post(review_url(first_visit, "note"), headers={"accept": "text/plain"})
    assert note["Content-Type"] == "text/plain; charset=utf-8"
    text = note.content.decode()
    places = [text.index(f"\n{letter}:\n") for letter in "SOAP"]
    assert places == sorted(places)
    for said in (
        "Maria Alvarez, 4",
        "How bad is the pain: Pain right now: 6",
        "hip abduction (side-lying, pelvis fixed): right 4-",
        "Right hip: screen likely (10 points), examination suggests likely, final possible.",
        "Final levels set by chiropractor: Strong today",
    ):
        assert said in text
    assert AuditEvent.objects.filter(event="note text exported").count() == 1
    page = chiropractor.post(review_url(first_visit, "note"))
    assert "S: - " in text_of(page)


def test_the_note_of_a_withheld_record_tells_no_level(chiropractor: FormClient) -> None:
    note = chiropractor.post(
        review_url(sent("same_day"), "note"), headers={"accept": "text/plain"}
    ).content.decode()
    assert "Levels are withheld" in note
    assert "points" not in note


def test_the_front_desk_copies_no_note(client_as: Callable[[str], FormClient]) -> None:
    screening = sent()
    desk = client_as("front_desk")
    assert desk.post(review_url(screening, "note")).status_code == 403


def test_agreement_with_the_screen_is_kept_per_side(
    chiropractor: FormClient, first_visit: Screening
) -> None:
    by = User.objects.get()
    reviews.set_levels(
        screening=first_visit, by=by, left="not_assessed", right="possible", reason="Strong today"
    )
    left, right = reviews.agreement(Decision.objects.order_by("pk"))
    assert (left.screen, left.final, left.agrees) == ("unlikely", "not_assessed", None)
    assert (right.screen, right.suggested, right.final) == ("likely", "likely", "possible")
    assert right.agrees is False
