"""The safety pages: ticks, none, not sure, and what an emergency answer does."""

import re
from typing import Any

import pytest
from django.test import Client

from chiro.practice.models import AuditEvent, Practice
from screening.anatomy import Tier
from screening.models import Draft, Screening
from screening.questionnaire import SECTIONS, Layout
from tests.web.visitor import Visitor, slug_of, text_of

pytestmark = pytest.mark.django_db

SAFETY = [section for section in SECTIONS if section.layout is Layout.SAFETY]
EMERGENCY_ITEMS = [
    ("rf_chest_pain_now", "yes"),
    ("rf_chest_pain_now", "not_sure"),
    ("rf_tearing_pain", "yes"),
    ("rf_bladder", "yes"),
    ("rf_saddle", "yes"),
    ("rf_bowel", "yes"),
    ("rf_sexual", "yes"),
]


@pytest.fixture
def visitor(client: Client) -> Visitor:
    return Visitor(client).start()


def stored() -> dict[str, Any]:
    """The answers of the only draft."""
    answers: dict[str, Any] = Draft.objects.get().answers
    return answers


def test_the_first_safety_page_holds_what_cannot_wait() -> None:
    keys = {question.key for question in SAFETY[0].questions}
    assert keys == {key for key, _ in EMERGENCY_ITEMS}
    assert len(SAFETY) == 4


def test_none_of_these_stores_no_for_every_item(visitor: Visitor) -> None:
    visitor.answer_until(SAFETY[0].slug)
    visitor.follow(visitor.post({"safety": "none"}))
    assert {stored()[question.key] for question in SAFETY[0].questions} == {"no"}
    assert visitor.slug == SAFETY[1].slug


def test_a_tick_is_yes_and_the_rest_no(visitor: Visitor) -> None:
    visitor.until("rf_weight_loss")
    visitor.follow(visitor.post({"rf_weight_loss": "yes"}))
    assert stored()["rf_weight_loss"] == "yes"
    items = {q.key for q in pathway_section("rf_weight_loss").questions} - {"rf_weight_loss"}
    assert {stored()[key] for key in items if key in stored()} == {"no"}


def pathway_section(key: str) -> Any:
    """The page that asks a key."""
    return next(s for s in SECTIONS if s.slug == slug_of(key))


def test_nothing_ticked_is_no_answer(visitor: Visitor) -> None:
    visitor.answer_until(SAFETY[0].slug)
    response = visitor.post({})
    assert response.status_code == 422
    assert "None of these" in text_of(response)


@pytest.mark.parametrize("other", ["rf_bladder", "safety"])
def test_none_beside_a_tick_or_not_sure_is_refused(visitor: Visitor, other: str) -> None:
    visitor.answer_until(SAFETY[0].slug)
    data = {"safety": ["none"], "rf_bladder": "yes"}
    if other == "safety":
        data = {"safety": ["none", "not_sure"]}
    response = visitor.post(data)
    assert response.status_code == 422
    assert "Keep the one that is right" in text_of(response)
    assert "rf_bladder" not in stored()


def test_not_sure_opens_yes_no_not_sure_with_the_ticks_kept(visitor: Visitor) -> None:
    visitor.until("rf_weight_loss")
    visitor.follow(visitor.post({"rf_weight_loss": "yes", "safety": "not_sure"}))
    assert visitor.url.endswith("/one-by-one/")
    html = visitor.see().content.decode()
    assert re.search(r'name="rf_weight_loss" value="yes"[^>]* checked', html)
    keys = [q.key for q in pathway_section("rf_weight_loss").questions]
    for key in ("rf_infection_risk", "rf_constant_night_pain"):
        for value in ("no", "yes", "not_sure"):
            assert f'name="{key}" value="{value}"' in html
    missing = visitor.post({"rf_weight_loss": "yes"})
    assert missing.status_code == 422
    data = dict.fromkeys(keys, "no") | {"rf_weight_loss": "yes", "rf_infection_risk": "not_sure"}
    visitor.follow(visitor.post(data))
    assert stored()["rf_infection_risk"] == "not_sure"
    assert stored()["rf_constant_night_pain"] == "no"


def test_not_sure_cannot_be_skipped(visitor: Visitor) -> None:
    visitor.until("rf_weight_loss")
    visitor.follow(visitor.post({"safety": "not_sure"}))
    response = visitor.client.get(f"/check/{slug_of('places')}/")
    assert response.headers["Location"] == visitor.url


def test_the_question_about_sex_may_be_left_out(visitor: Visitor) -> None:
    visitor.answer_until(SAFETY[0].slug)
    visitor.follow(visitor.post({"safety": "not_sure"}))
    html = visitor.see().content.decode()
    assert 'name="rf_sexual" value="skipped"' in html
    keys = [q.key for q in SAFETY[0].questions]
    visitor.follow(visitor.post(dict.fromkeys(keys, "no") | {"rf_sexual": "skipped"}))
    assert stored()["rf_sexual"] == "skipped"


@pytest.mark.parametrize(
    ("item", "follow_up", "value"),
    [
        ("rf_trauma", "rf_trauma_weight_bearing", "yes"),
        ("rf_cancer", "rf_cancer_pain_changed", "no"),
        ("rf_fever", "rf_fever_severe", "no"),
        ("rf_leg_weaker", "rf_leg_weaker_onset", "stable"),
    ],
)
def test_a_follow_up_is_asked_under_its_tick_only(
    visitor: Visitor, item: str, follow_up: str, value: str
) -> None:
    visitor.until(item)
    missing = visitor.post({item: "yes"})
    assert missing.status_code == 422
    assert f'href="#id_{follow_up}_0"' in missing.content.decode()
    visitor.follow(visitor.post({item: "yes", follow_up: value}))
    assert stored()[follow_up] == value
    visitor.url = f"/check/{slug_of(item)}/"
    visitor.follow(visitor.post({"safety": "none", follow_up: value}))
    assert follow_up not in stored()


def test_cannot_move_has_a_tick_for_each_answer(visitor: Visitor) -> None:
    visitor.until("rf_cannot_move")
    visitor.follow(visitor.post({"rf_cannot_move": "cannot_sit_or_stand"}))
    assert stored()["rf_cannot_move"] == "cannot_sit_or_stand"


@pytest.mark.parametrize(("key", "value"), EMERGENCY_ITEMS)
def test_an_emergency_answer_stops_there_and_then(visitor: Visitor, key: str, value: str) -> None:
    Practice.objects.create(pk=1, name="Harbor Street Chiropractic", emergency_number="112")
    visitor.answer_until(SAFETY[0].slug)
    if value == "yes":
        visitor.follow(visitor.post({key: "yes"}))
    else:
        visitor.follow(visitor.post({"safety": "not_sure"}))
        no = dict.fromkeys([q.key for q in SAFETY[0].questions], "no")
        visitor.follow(visitor.post(no | {key: value}))
    assert visitor.url == "/check/help-now/"
    page = text_of(visitor.see())
    assert "Get help now" in page
    assert "Call 112" in page
    assert "Continue" not in page
    for word in ("Few answers", "Some answers", "Several answers", "possible", "likely"):
        assert word not in page
    draft = Draft.objects.get()
    assert draft.answers[key] == value
    assert draft.stopped_tier == Tier.EMERGENCY
    assert draft.stopped_at is not None
    assert not Screening.objects.exists()
    assert AuditEvent.objects.filter(event="questionnaire stopped").exists()


def test_an_emergency_tick_beside_not_sure_stops_at_once(visitor: Visitor) -> None:
    visitor.answer_until(SAFETY[0].slug)
    visitor.follow(visitor.post({"rf_bladder": "yes", "safety": "not_sure"}))
    assert visitor.url == "/check/help-now/"


def test_nothing_goes_on_after_an_emergency(visitor: Visitor) -> None:
    visitor.answer_until(SAFETY[0].slug)
    visitor.follow(visitor.post({"rf_bladder": "yes"}))
    for url in (f"/check/{SAFETY[0].slug}/", "/check/answers/", "/result/"):
        assert visitor.client.get(url).headers["Location"] == "/check/help-now/"
    again = visitor.client.post(f"/check/{SAFETY[0].slug}/", {"safety": "none"})
    assert again.headers["Location"] == "/check/help-now/"
    assert stored()["rf_bladder"] == "yes"
    assert visitor.client.post("/check/send/").headers["Location"] == "/check/help-now/"
    assert not Screening.objects.exists()


def test_an_alert_is_kept_when_somebody_starts_again(visitor: Visitor) -> None:
    visitor.answer_until(SAFETY[0].slug)
    visitor.follow(visitor.post({"rf_bladder": "yes"}))
    assert "Your last answers need care right away" in text_of(visitor.client.get("/"))
    visitor.start()
    assert visitor.slug == SECTIONS[0].slug
    assert Draft.objects.filter(stopped_at__isnull=False).count() == 1
    assert Draft.objects.filter(stopped_at=None).count() == 1


def test_a_name_can_be_left_below_the_advice(visitor: Visitor) -> None:
    visitor.answer_until(SAFETY[0].slug)
    visitor.follow(visitor.post({"rf_bladder": "yes"}))
    assert visitor.post({"full_name": "Maria"}).status_code == 422
    visitor.follow(visitor.post({"full_name": "Maria Alvarez", "phone": "512 555 0199"}))
    assert Draft.objects.get().identity == {"full_name": "Maria Alvarez", "phone": "512 555 0199"}
    assert "Thank you, Maria Alvarez" in text_of(visitor.see())


def test_new_signs_in_both_legs_stop_too(visitor: Visitor) -> None:
    visitor.until("leg_symptoms")
    places = ["thigh:left", "thigh:right"]
    visitor.answer(leg_symptoms="new_or_worse", leg_symptom_places=places)
    if visitor.slug == slug_of("leg_symptom_places"):
        visitor.answer()
    assert visitor.url == "/check/help-now/"


def test_an_emergency_found_when_all_is_answered_is_sent_at_once(visitor: Visitor) -> None:
    visitor.finish().change("rf_bladder", rf_bladder="yes")
    assert visitor.url == "/result/"
    assert Screening.objects.get().triage == Tier.EMERGENCY
    assert "Get help now" in text_of(visitor.see())
    assert not Draft.objects.exists()
