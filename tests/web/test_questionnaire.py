"""The way through the questionnaire, as a patient notices it."""

import re
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from chiro.practice.models import Practice
from chiro.practice.templatetags.practice_tags import drawing
from screening.models import Draft, Screening
from screening.questionnaire import QUESTIONS, SECTIONS, Kind, Layout
from screening.views import HABITS
from tests.conftest import FormClient
from tests.web.visitor import IDENTITY, Visitor, posted, slug_of, text_of

pytestmark = pytest.mark.django_db


class Page(HTMLParser):
    """The parts of a page that the tests look at."""

    def __init__(self, response: Any) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.described: list[str] = []
        self.labelled: list[str] = []
        self.controls: list[tuple[str, str]] = []
        self.headings = 0
        self.legends = 0
        self.styled = False
        self.scripts: list[str] = []
        self.feed(response.content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.ids += [found["id"]] if "id" in found else []
        self.links += [found["href"]] if tag == "a" else []
        self.described += found.get("aria-describedby", "").split()
        self.labelled += [found["for"]] if "for" in found else []
        self.labelled += found.get("aria-labelledby", "").split()
        if tag == "input":
            self.controls.append((found.get("name", ""), found.get("value", "")))
        self.headings += tag == "h1"
        self.styled |= "style" in found or tag == "style"
        self.scripts += [found.get("src", "")] if tag == "script" else []


@pytest.fixture
def visitor(client: Client) -> Visitor:
    return Visitor(client).start()


def stored() -> dict[str, Any]:
    """The answers of the only draft."""
    answers: dict[str, Any] = Draft.objects.get().answers
    return answers


# --- the start ---


def test_start_page_says_what_to_do_in_an_emergency(client: Client) -> None:
    Practice.objects.create(pk=1, name="Harbor Street Chiropractic", emergency_number="112")
    page = text_of(client.get("/"))
    assert "Harbor Street Chiropractic" in page
    assert "Emergency? Call 112 now." in page
    assert "Start now" in page


def test_start_opens_the_first_page(client: Client) -> None:
    visitor = Visitor(client).start()
    assert visitor.slug == SECTIONS[0].slug
    assert visitor.see().status_code == 200


def test_addresses_hold_no_answer_and_no_key(visitor: Visitor) -> None:
    key = Draft.objects.get().submission_key
    visitor.until("places")
    assert re.fullmatch(r"/check/[a-z0-9-]+/", visitor.url)
    assert key not in visitor.see().content.decode()


def test_nothing_is_kept_in_the_browser_but_two_cookies(visitor: Visitor) -> None:
    visitor.until("places")
    cookies = visitor.client.cookies
    assert set(cookies) <= {"session", "csrf"}
    assert all(cookie["httponly"] for cookie in cookies.values())
    assert Draft.objects.get().submission_key not in cookies["session"].value


def test_starting_twice_resumes(visitor: Visitor) -> None:
    visitor.until("places")
    here = visitor.url
    assert "Go on where you stopped" in text_of(visitor.client.get("/"))
    visitor.start()
    assert visitor.url == here
    assert Draft.objects.count() == 1


def test_starting_over_removes_the_old_answers(visitor: Visitor) -> None:
    visitor.until("places")
    visitor.follow(visitor.client.post("/", {"start": "over"}))
    assert visitor.slug == SECTIONS[0].slug
    assert stored() == {}


def test_another_browser_sees_nothing(visitor: Visitor) -> None:
    visitor.until("places")
    response = Client().get(visitor.url)
    assert response.status_code == 302
    assert response.headers["Location"] == "/"


def test_an_old_draft_is_gone(visitor: Visitor) -> None:
    visitor.until("places")
    days = Practice.current().draft_days + 1
    Draft.objects.update(updated_at=timezone.now() - timedelta(days=days))
    response = visitor.post({"places": "none"})
    assert response.status_code == 410
    assert "We do not have your answers any more" in text_of(response)
    assert not Draft.objects.exists()


def test_starting_removes_other_drafts_that_are_too_old_but_no_alert(visitor: Visitor) -> None:
    long_ago = timezone.now() - timedelta(days=100)
    alert = Draft.objects.create(submission_key="alert", stopped_at=long_ago)
    Draft.objects.create(submission_key="old")
    Draft.objects.exclude(answers={"consent": True}).update(updated_at=long_ago)
    Visitor(FormClient()).start()
    assert list(Draft.objects.filter(updated_at__lte=long_ago)) == [alert]


def test_a_page_saved_after_sending_in_another_tab_leads_to_the_result(visitor: Visitor) -> None:
    visitor.finish().send()
    response = visitor.client.post(f"/check/{slug_of('limp')}/", {"limp": "left"})
    assert response.headers["Location"] == "/result/"
    assert Screening.objects.get().answers["limp"] == "no"


# --- every page ---


def test_every_page_is_one_topic_with_one_heading_and_named_controls(visitor: Visitor) -> None:
    while visitor.slug != "answers":
        pages = [visitor.see(), visitor.post({})]
        for response in [page for page in pages if page.status_code != 303]:
            page = Page(response)
            assert page.headings == 1, visitor.url
            assert len(page.ids) == len(set(page.ids)), visitor.url
            assert set(page.described + page.labelled) <= set(page.ids), visitor.url
            assert not page.styled, visitor.url
            assert len(page.scripts) <= 1, visitor.url
            assert "" not in page.scripts, visitor.url
        visitor.answer()


def test_controls_carry_the_keys_and_values_of_the_contract(visitor: Visitor) -> None:
    while visitor.slug != "answers":
        section = visitor.section
        controls = set(Page(visitor.see()).controls)
        for question in section.questions:
            if question.kind in (Kind.ONE, Kind.MANY):
                wanted = {(question.key, str(option.value)) for option in question.options}
                if section.layout is Layout.SAFETY:
                    wanted = {(k, v) for k, v in wanted if v not in {"no", "not_sure", "skipped"}}
                if section.layout is Layout.SIDE_GRID:
                    wanted = {(k, v) for k, v in wanted if v != "no"} - {("worse_bending", "yes")}
                    wanted |= {("aggravators", question.key)}
                if question.key in visitor.record:
                    assert wanted <= controls
        visitor.answer()


def test_an_unanswered_page_says_what_to_do_and_links_to_the_field(visitor: Visitor) -> None:
    asked = 0
    while visitor.slug != "answers":
        response = visitor.post({})
        if response.status_code != 303:
            asked += 1
            page = Page(response)
            html = response.content.decode()
            targets = [link[1:] for link in page.links if link.startswith("#") and link != "#main"]
            assert response.status_code == 422
            assert "<title>Error: " in html
            assert "There is a problem" in html
            assert targets
            assert set(targets) <= set(page.ids), visitor.url
            assert html.index("There is a problem") < html.index("<form")
        visitor.answer()
    assert asked > len(SECTIONS) / 2


def test_an_unknown_value_is_refused_and_not_stored(visitor: Visitor) -> None:
    visitor.until("side_sleep_nights")
    before = stored()
    response = visitor.post({"side_sleep_nights": "purple"})
    assert response.status_code == 422
    assert "purple" not in response.content.decode()
    assert stored() == before


def test_a_number_that_is_none_is_refused_with_what_to_do(visitor: Visitor) -> None:
    visitor.until("age")
    for age in ("", "forty", "-3", "0", "111", "4.5", "9" * 20_000):
        response = visitor.post({"age": age})
        assert response.status_code == 422
    visitor.answer(age=42)
    assert stored()["age"] == 42


def test_each_continue_is_saved(visitor: Visitor) -> None:
    visitor.until("age").answer()
    assert stored()["age"] == 42


def test_what_was_answered_stands_there_again(visitor: Visitor) -> None:
    visitor.until("sitting_bout").answer()
    html = visitor.client.get(f"/check/{slug_of('side_lain_on')}/").content.decode()
    assert re.search(r'name="side_lain_on" value="left"[^>]* checked', html)


# --- the way ---


def test_skipping_ahead_leads_to_the_first_unanswered_page(visitor: Visitor) -> None:
    visitor.until("age")
    for url in (f"/check/{slug_of('limp')}/", "/check/answers/", "/check/nothing-like-this/"):
        response = visitor.client.get(url)
        assert response.status_code == 303
        assert response.headers["Location"] == visitor.url
    response = visitor.client.post(f"/check/{slug_of('limp')}/", {"limp": "no"})
    assert response.headers["Location"] == visitor.url
    assert "limp" not in stored()


def test_sending_early_leads_to_the_first_unanswered_page(visitor: Visitor) -> None:
    visitor.until("limp")
    response = visitor.client.post("/check/send/")
    assert response.headers["Location"] == visitor.url
    assert not Screening.objects.exists()


def test_back_leads_through_all_pages_to_the_start(visitor: Visitor) -> None:
    way = []
    while visitor.slug != "answers":
        way.append(visitor.url)
        visitor.answer()
    back = []
    for _ in way:
        html = visitor.see().content.decode()
        found = re.search(r'class="back" href="([^"]+)"', html)
        assert found
        visitor.url = found[1]
        back.append(visitor.url)
    assert back == list(reversed(way))
    assert 'class="back" href="/"' in visitor.see().content.decode()


def test_finished_pages_can_be_seen_again(visitor: Visitor) -> None:
    visitor.until("limp")
    assert visitor.client.get(f"/check/{slug_of('places')}/").status_code == 200


# --- changing an answer ---


def test_change_leads_back_to_the_answers(visitor: Visitor) -> None:
    visitor.finish()
    links = Page(visitor.see()).links
    assert f"/check/{slug_of('knee_pillow')}/?change=1" in links
    visitor.change("knee_pillow", knee_pillow="always")
    assert visitor.url == "/check/answers/"
    assert stored()["knee_pillow"] == "always"


def test_a_change_that_opens_a_page_asks_it_first(visitor: Visitor) -> None:
    visitor.record |= {"one_leg_standing": "rarely"}
    visitor.finish().change("one_leg_standing", one_leg_standing="2_hours_or_more")
    if visitor.slug != "answers":
        assert visitor.slug == slug_of("standing_leg")
        visitor.answer(standing_leg="left")
    assert visitor.url == "/check/answers/"
    assert stored()["standing_leg"] == "left"


def test_a_changed_answer_drops_what_it_had_opened_and_says_so(visitor: Visitor) -> None:
    visitor.finish().change("side_sleep_nights", side_sleep_nights="0_1")
    assert not {"top_knee_drops", "side_lain_on", "knee_pillow"} & set(stored())
    page = text_of(visitor.see())
    assert "You changed an answer" in page
    for key in ("top_knee_drops", "side_lain_on", "knee_pillow"):
        assert QUESTIONS[key].label in page
    visitor.change("sitting_bout")
    assert "You changed an answer" not in text_of(visitor.see())


def test_two_tabs_do_not_lose_each_others_answers(visitor: Visitor) -> None:
    visitor.finish()
    for key, value in (("limp", "left"), ("sitting_hours", "over_8"), ("waddle", "yes")):
        Visitor(visitor.client, dict(visitor.record)).change(key, **{key: value})
    assert stored()["limp"] == "left"
    assert stored()["sitting_hours"] == "over_8"
    assert stored()["waddle"] == "yes"


# --- words of its own ---


def test_worst_pain_below_pain_now_is_refused_at_the_worst_pain(visitor: Visitor) -> None:
    visitor.until("pain_worst")
    while "pain_worst" not in {q.key for q in visitor.section.questions}:
        visitor.answer(pain_now=6)
    response = visitor.post(
        posted(visitor.section, visitor.record | {"pain_now": 6, "pain_worst": 2})
    )
    assert response.status_code == 422
    assert any(link.startswith("#id_pain_worst") for link in Page(response).links)


def test_none_beside_a_tick_is_refused(visitor: Visitor) -> None:
    visitor.until("conditions")
    response = visitor.post({"conditions": ["heart", "none"]})
    assert response.status_code == 422
    assert "Keep the one that is right" in text_of(response)


def test_a_goal_wants_a_number_and_20000_letters_are_too_many(visitor: Visitor) -> None:
    visitor.until("goals")
    assert visitor.post({"goals_1_text": "Stairs"}).status_code == 422
    long = {"goals_1_text": "x" * 20_000, "goals_1_score": "3"}
    assert visitor.post(long).status_code == 422
    visitor.answer(goals=[{"text": "Stairs & hills <b>", "score": 0}])
    assert stored()["goals"] == [{"text": "Stairs & hills <b>", "score": 0}]


def test_goals_can_be_left_out(visitor: Visitor) -> None:
    visitor.record.pop("goals")
    visitor.finish()
    assert "goals" not in stored()


# --- who it is from ---


@pytest.mark.parametrize(
    ("wrong", "target", "message"),
    [
        ({"full_name": " "}, "#id_full_name", "Enter your full name"),
        ({"birth_day": "31"}, "#id_birth_day", "a number from 1 to 30 in April"),
        ({"birth_month": ""}, "#id_birth_month", "Enter the month"),
        ({"birth_year": "19x4"}, "#id_birth_year", "The year must be a number"),
        ({"birth_year": "1974"}, "#id_birth_year", "you gave your age as 42"),
        ({"phone": ""}, "#id_phone", "Enter a phone number or an email address"),
        ({"phone": "call me"}, "#id_phone", "Enter a phone number"),
        ({"email": "maria"}, "#id_email", "like name@example.com"),
        ({"filled_by": ""}, "#id_filled_by_0", "Choose who is filling this in"),
        ({"full_name": "x" * 20_000}, "#id_full_name", "100"),
    ],
)
def test_identity_says_what_is_wrong_at_the_part_that_is_wrong(
    visitor: Visitor, wrong: dict[str, str], target: str, message: str
) -> None:
    identity = next(s for s in SECTIONS if s.layout is Layout.IDENTITY)
    visitor.answer_until(identity.slug)
    response = visitor.post(IDENTITY | wrong)
    assert response.status_code == 422
    assert target in Page(response).links
    assert message in text_of(response)
    assert Draft.objects.get().identity == {}


def test_identity_is_kept_apart_from_the_answers(visitor: Visitor) -> None:
    visitor.finish()
    draft = Draft.objects.get()
    assert draft.identity["full_name"] == "Maria Alvarez"
    assert not set(draft.identity) & set(draft.answers)
    assert "April 15, 1984" in text_of(visitor.see())


def test_changing_the_age_asks_for_the_birth_date_again(visitor: Visitor) -> None:
    visitor.finish().change("age", age=43)
    assert visitor.section.layout is Layout.IDENTITY


def test_every_picture_that_the_questionnaire_names_is_drawn() -> None:
    named = {o.picture for q in QUESTIONS.values() for o in q.options if o.picture}
    named |= {picture for _, picture in HABITS}
    assert {name for name in named if not drawing(name)} == set()
