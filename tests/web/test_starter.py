"""First exercises before a check: only where the practice wants them, never beside a warning."""

import pytest

from chiro.practice.models import AuditEvent, Practice, User
from exercises import library
from exercises.models import StarterPlan
from exercises.services import planning, starter
from screening.models import Screening
from screening.services import review as reviews
from tests.conftest import FormClient
from tests.web.reviewing import TIERS, sent, text_of
from tests.web.test_plan_builder import ellen, unprinted

__all__ = ["ellen", "unprinted"]
pytestmark = pytest.mark.django_db
ADDRESS = "/first-exercises/"


@pytest.fixture
def practice() -> Practice:
    """A practice that shows first exercises at once."""
    return Practice.objects.create(pk=1, name="Harbor", plan_policy="starter_at_once")


def page_of(screening: Screening, address: str = ADDRESS) -> tuple[int, str]:
    """What the patient's own browser shows: status and words."""
    client = FormClient()
    session = client.session
    session["draft"] = screening.submission_key
    session.save()
    page = client.get(address)
    return page.status_code, text_of(page) if page.status_code == 200 else ""


def test_first_exercises_are_marked_and_of_the_first_stage(practice: Practice) -> None:
    screening = sent(experience="regularly")
    status, words = page_of(screening)
    assert status == 200
    assert "Not yet checked by your chiropractor" in words
    assert "has checked this plan" not in words
    content = StarterPlan.objects.get().content
    slugs = [card["slug"] for card in content["exercises"]]
    assert slugs
    assert {library.load()[slug].stage for slug in slugs} <= {"1", "M"}
    harder = [card.name for card in library.load().values() if card.stage in ("2", "3", "4")]
    assert not [name for name in harder if f"Then ask for: {name}." in words]
    assert AuditEvent.objects.filter(event="first exercises read").exists()


def test_the_result_page_leads_there(practice: Practice) -> None:
    assert "See your first exercises" in page_of(sent(), "/result/")[1]


@pytest.mark.parametrize("tier", [tier for tier in TIERS if tier != "none"])
def test_no_tier_ever_has_first_exercises(practice: Practice, tier: str, ellen: User) -> None:
    screening = sent(tier)
    assert not StarterPlan.objects.exists()
    StarterPlan.objects.create(screening=screening, content={"exercises": []})
    assert starter.shown(screening, practice) is None
    assert page_of(screening)[0] == 302
    assert "See your first exercises" not in page_of(screening, "/result/")[1]
    if tier == "clinician_first":
        reviews.clear(screening=screening, by=ellen, reason="Seen in person")
        assert starter.shown(screening, practice) is None


def test_a_practice_that_wants_a_check_first_shows_none() -> None:
    screening = sent()
    assert not StarterPlan.objects.exists()
    assert page_of(screening)[0] == 302
    assert "See your first exercises" not in page_of(screening, "/result/")[1]


@pytest.mark.parametrize("change", ["policy", "result", "withheld", "approved"])
def test_they_end_with_the_policy_and_with_a_decision(
    practice: Practice, ellen: User, unprinted: None, change: str
) -> None:
    screening = sent()
    assert starter.shown(screening, practice) is not None
    if change == "policy":
        practice.plan_policy = "after_approval"
    elif change == "result":
        practice.result_policy = "after_review"
    elif change == "withheld":
        reviews.withhold(screening=screening, by=ellen, reason="Not for home")
    else:
        planning.approve(plan=screening.plans.get(), by=ellen)
    assert starter.shown(screening, practice) is None


def test_nobody_without_own_answers_sees_any(practice: Practice) -> None:
    sent()
    assert FormClient().get(ADDRESS).status_code == 302
