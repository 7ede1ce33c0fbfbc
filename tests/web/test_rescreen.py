"""The check again: no name asked, the old record stays, and what changed is said in plain words."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from chiro.practice.models import Practice, User
from exercises.models import Plan
from exercises.services import links
from screening.models import Draft, Patient, Screening
from tests.web.reviewing import sent
from tests.web.visitor import RECORD, Visitor, text_of

pytestmark = pytest.mark.django_db

BORN = {"birth_month": "4", "birth_day": "15", "birth_year": "1984"}
BETTER = {
    "pain_worst": 3,
    "knee_pillow": "always",
    "stance_right": "ok",
    "stance_right_seconds": 30,
}


@pytest.fixture
def before(staff: Any) -> Screening:
    screening = sent()
    Plan.objects.filter(screening=screening).update(
        status=Plan.Status.APPROVED, approved_at=timezone.now() - timedelta(days=42)
    )
    return screening


@pytest.fixture
def again(client: Client, before: Screening, staff: Any) -> Visitor:
    """The patient, with the link open, who has just started the check again."""
    by: User = staff("chiropractor")
    client.post(f"/p/{links.issue(screening=before, by=by)}/", BORN)
    page = text_of(client.get("/plan/again/"))
    assert "Your plan and your diary stay." in page
    visitor = Visitor(client)
    visitor.follow(client.post("/plan/again/"))
    return visitor


def test_it_asks_everything_but_who_it_is_and_fills_nothing_in(again: Visitor) -> None:
    assert again.slug == "consent"
    asked = []
    again.record |= BETTER
    for _ in range(100):
        if again.slug == "answers":
            break
        asked.append(again.slug)
        assert not re.search(r"<input[^>]* checked", again.see().content.decode())
        again.answer()
    assert {"age", "about-you"}.isdisjoint(asked)
    for private in ("age", "about-you"):
        assert again.client.get(f"/check/{private}/").status_code == 303
    review = text_of(again.see())
    assert "Maria" not in review
    assert "Age" not in review
    again.send()
    new = Screening.objects.latest("submitted_at")
    assert Patient.objects.count() == 1
    assert Screening.objects.count() == 2
    assert new.answers["age"] == Screening.objects.earliest("submitted_at").answers["age"]


def test_what_changed_is_said_side_by_side_and_the_old_record_stays(
    again: Visitor, before: Screening
) -> None:
    again.record |= BETTER
    again.finish().send()
    before.refresh_from_db()
    assert before.answers == RECORD
    assert before.plans.get().status == Plan.Status.APPROVED

    assert "See what changed since last time" in text_of(again.client.get("/result/"))
    text = text_of(again.client.get("/plan/then-and-now/"))
    assert "Fewer answers point to your right hip now" in text
    assert "Both are screens, not strength tests." in text
    assert "Right hip Several answers fit Some answers fit" in text
    assert "Then: 5 out of 10. Now: 3 out of 10" in text
    assert "Then: Never. Now: Always" in text
    assert "What is the same" in text
    assert "stronger" not in text


def test_no_level_is_shown_while_a_chiropractor_has_to_read_first(again: Visitor) -> None:
    Practice.objects.update_or_create(pk=1, defaults={"result_policy": "after_review"})
    again.record |= BETTER
    again.finish().send()
    text = text_of(again.client.get("/plan/then-and-now/"))
    assert "answers fit" not in text
    assert "Fewer answers" not in text
    assert "Then: 5 out of 10. Now: 3 out of 10" in text


def test_a_new_red_flag_stops_it_closes_the_plan_and_carries_the_name(
    again: Visitor, before: Screening
) -> None:
    again.answer_until("safety-1").follow(again.post({"rf_saddle": "yes"}))
    assert again.url == "/check/help-now/"
    draft = Draft.objects.get()
    assert draft.identity["full_name"] == "Maria Alvarez"
    assert draft.patient == before.patient
    link = before.plan_links.select_related("screening__review").get()
    assert links.approved_plan(link) is None


def test_pressing_start_twice_goes_on_with_the_same_check(again: Visitor) -> None:
    again.answer().answer()
    again.follow(again.client.post("/plan/again/"))
    assert Draft.objects.count() == 1
    assert again.slug not in ("consent", "age")


def test_without_a_second_check_there_is_nothing_to_compare(again: Visitor) -> None:
    assert again.client.get("/plan/then-and-now/")["Location"] == "/plan/again/"


def test_the_comparison_needs_at_most_six_queries(
    again: Visitor, before: Screening, django_assert_max_num_queries: Any
) -> None:
    sent(pain_worst=4)
    with django_assert_max_num_queries(6):
        assert again.client.get("/plan/then-and-now/").status_code == 200
