"""The diary of a plan: a tick is never doubled and never lost, and stays with what was done."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from chiro.practice.append_only import lawful_change
from chiro.practice.models import AuditEvent, Role, User
from exercises.models import DiaryEntry, Plan, PlanLink
from exercises.services import diary, links
from screening.models import Review
from screening.services.review import RefusedError
from tests.pdf.sheets import heading, sheet
from tests.web.test_links import make_plan, make_screening

type ClientAs = Callable[[str], Client]

pytestmark = pytest.mark.django_db

RIGHT = {"birth_month": "4", "birth_day": "15", "birth_year": "1974"}
CLAM, BRIDGE = "clamshell", "double-leg-bridge"


def today() -> date:
    return timezone.localdate()


def content(**changes: Any) -> dict[str, Any]:
    """A plan that was printed 20 days ago."""
    on = today() - timedelta(days=20)
    return json.loads(json.dumps(sheet(heading=heading(on=on), **changes)))


@pytest.fixture
def chiropractor() -> User:
    return User.objects.create_user("sam", role=Role.CHIROPRACTOR, is_staff=True)


@pytest.fixture
def plan(chiropractor: User) -> Plan:
    return make_plan(make_screening(), content=content(), approved_by=chiropractor)


@pytest.fixture
def opened(client: Client, plan: Plan, chiropractor: User) -> Client:
    client.post(f"/p/{links.issue(screening=plan.screening, by=chiropractor)}/", RIGHT)
    return client


def save(plan: Plan, *, key: str = "k", day: date | None = None, **said: Any) -> DiaryEntry:
    said.setdefault("ticks", {CLAM: diary.DONE})
    return diary.record_day(plan=plan, day=day or today(), key=key, **said)


def tick(visitor: Client, slug: str = CLAM, state: str = "done", **changes: Any) -> Any:
    facts = {"version": 1, "day": today().isoformat(), "slug": slug, "state": state}
    return visitor.post("/plan/done/", {**facts, "place": 2, "key": "page-1", **changes})


def done_today(plan: Plan) -> dict[str, str]:
    return dict(diary.written(plan, today()).ticks)


# --- the service -------------------------------------------------------------------------------


def test_sending_twice_is_the_same_as_once(plan: Plan) -> None:
    assert save(plan, key="one") == save(plan, key="one")
    assert DiaryEntry.objects.count() == 1


def test_a_late_repeat_does_not_undo_what_came_after(plan: Plan) -> None:
    save(plan, key="one")
    save(plan, key="two", ticks={CLAM: diary.NOT_DONE})
    save(plan, key="one")
    assert done_today(plan) == {}


def test_two_pages_that_tick_different_exercises_lose_neither(plan: Plan) -> None:
    save(plan, key="one", ticks={CLAM: diary.DONE})
    save(plan, key="two", ticks={BRIDGE: diary.EASIER}, pain=4)
    save(plan, key="three", ticks={}, difficulty="hard")
    found = diary.written(plan, today())
    assert dict(found.ticks) == {CLAM: "done", BRIDGE: "easier"}
    assert (found.pain, found.difficulty) == (4, "hard")


def test_pain_of_0_is_kept_as_0(plan: Plan) -> None:
    save(plan, key="one", pain=5)
    save(plan, key="two", pain=0)
    assert diary.written(plan, today()).pain == 0


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("day", {"day": date(2020, 1, 1)}),
        ("day", {"day": date(2999, 1, 1)}),
        ("ticks", {"ticks": {"dead-bug": "done"}}),
        ("ticks", {"ticks": {CLAM: "perhaps"}}),
        ("pain", {"pain": 11}),
        ("difficulty", {"difficulty": "easier"}),
        ("key", {"key": ""}),
    ],
)
def test_what_cannot_be_is_refused(plan: Plan, field: str, wrong: dict[str, Any]) -> None:
    with pytest.raises(diary.DiaryError) as refused:
        save(plan, **wrong)
    assert refused.value.field == field
    assert not DiaryEntry.objects.exists()


def test_a_draft_has_no_diary(plan: Plan) -> None:
    Plan.objects.update(status=Plan.Status.DRAFT)
    plan.refresh_from_db()
    with pytest.raises(RefusedError):
        save(plan)


def test_staff_key_a_paper_diary_of_a_replaced_plan(plan: Plan, chiropractor: User) -> None:
    Plan.objects.update(status=Plan.Status.REPLACED)
    plan.refresh_from_db()
    paper = {"source": DiaryEntry.Source.PAPER, "by": chiropractor}
    for back in range(14):
        save(plan, day=today() - timedelta(days=back), pain=3, **paper)
    [(found, days)] = diary.history([plan], until=today())
    assert (found, len(days), {day.source for day in days}) == (plan, 14, {"paper"})
    with pytest.raises(RefusedError):
        save(plan, source=DiaryEntry.Source.PAPER)


def test_every_save_is_in_the_audit_log_without_a_word_of_it(plan: Plan) -> None:
    save(plan, pain=7)
    event = AuditEvent.objects.get(event="diary written")
    assert (event.patient_id, event.object_type) == (
        plan.screening.patient_id,
        "exercises.diaryentry",
    )


# --- the pages ---------------------------------------------------------------------------------


def test_a_tick_is_kept_and_leads_to_the_next_exercise(opened: Client, plan: Plan) -> None:
    answer = tick(opened)
    assert (answer.status_code, answer["Location"]) == (303, "/plan/#ex-2")
    assert done_today(plan) == {CLAM: "done"}
    assert "Done today" in opened.get("/plan/").content.decode()
    tick(opened, state="", key="page-2")
    assert done_today(plan) == {}


def test_looking_writes_nothing(opened: Client) -> None:
    for address in ("/plan/", "/plan/diary/", "/plan/diary/days/", "/plan/still-there/"):
        assert opened.get(address).status_code == 200
        assert opened.head(address).status_code == 200
    assert not DiaryEntry.objects.exists()
    assert opened.get("/plan/done/").status_code == 405


@pytest.mark.parametrize(
    "address", ["/plan/", "/plan/diary/", "/plan/diary/days/", "/plan/diary/{today}/"]
)
def test_a_page_takes_at_most_6_queries(
    opened: Client, plan: Plan, address: str, django_assert_max_num_queries: Any
) -> None:
    save(plan, pain=3)
    with django_assert_max_num_queries(6):
        page = opened.get(address.format(today=timezone.localdate()))
    assert page.status_code == 200


def test_the_day_keeps_ticks_pain_and_how_it_felt(opened: Client, plan: Plan) -> None:
    said = {"version": 1, "key": "d", "done": [CLAM], "pain": "4", "difficulty": "right"}
    assert opened.post("/plan/diary/", said).status_code == 303
    text = opened.get("/plan/diary/days/").content.decode()
    for words in ("Clam", "4 of 10", "About right"):
        assert words in text


def test_a_page_left_open_does_not_take_back_a_newer_tick(opened: Client, plan: Plan) -> None:
    tick(opened, BRIDGE)
    opened.post("/plan/diary/", {"version": 1, "key": "old page", "done": [CLAM]})
    assert done_today(plan) == {CLAM: "done", BRIDGE: "done"}
    opened.post("/plan/diary/", {"version": 1, "key": "e", "was": [CLAM, BRIDGE], "done": [CLAM]})
    assert done_today(plan) == {CLAM: "done"}


@pytest.mark.parametrize("wrong", [{"pain": "11"}, {"difficulty": "x"}, {"done": ["dead-bug"]}])
def test_a_wrong_answer_shows_the_page_again(opened: Client, wrong: dict[str, Any]) -> None:
    page = opened.post("/plan/diary/", {"version": 1, "key": "d", **wrong})
    assert page.status_code == 422
    assert "There is a problem" in page.content.decode()
    assert not DiaryEntry.objects.exists()


def test_a_day_of_the_last_two_weeks_can_be_changed_and_no_other(opened: Client) -> None:
    days = {back: today() - timedelta(days=back) for back in (13, 14, -1)}
    found = {back: opened.get(f"/plan/diary/{day}/").status_code for back, day in days.items()}
    assert found == {13: 200, 14: 404, -1: 404}
    assert opened.get("/plan/diary/not-a-day/").status_code == 404


@pytest.mark.parametrize(
    "forged", [{"version": 9}, {"version": "x"}, {"slug": "dead-bug"}, {"day": "2020-01-01"}]
)
def test_nobody_writes_into_another_plan_or_day(opened: Client, forged: dict[str, Any]) -> None:
    assert tick(opened, **forged).status_code == 404
    assert not DiaryEntry.objects.exists()


def test_a_stranger_writes_nothing(client: Client, plan: Plan) -> None:
    assert tick(client)["Location"] == "/plan/"
    assert client.post("/plan/diary/", {"version": 1, "key": "d"})["Location"] == "/plan/"
    assert not DiaryEntry.objects.exists()


def test_a_tick_made_while_the_plan_was_replaced_stays_with_the_old_one(
    opened: Client, plan: Plan
) -> None:
    Plan.objects.update(status=Plan.Status.REPLACED)
    make_plan(plan.screening, version=2, replaces=plan, content=content())
    assert tick(opened).status_code == 303
    assert done_today(plan) == {CLAM: "done"}
    text = opened.get("/plan/diary/days/").content.decode()
    assert "Your plan before" in text
    assert "Clam" in text


# --- a plan that was left alone ----------------------------------------------------------------


def left_alone(visitor: Client) -> Client:
    del visitor.cookies["plan"]
    return visitor


def test_an_idle_plan_asks_for_the_birth_date_and_shows_nothing(opened: Client) -> None:
    text = left_alone(opened).get("/plan/").content.decode()
    assert "Your plan closed itself" in text
    assert "Clam" not in text
    assert opened.get("/plan/home-exercise-plan.pdf")["Location"] == "/plan/"
    assert opened.post("/plan/", RIGHT)["Location"] == "/plan/"
    assert "Clam" in opened.get("/plan/").content.decode()


def test_a_tick_after_idle_time_is_kept_once_the_birth_date_is_there(
    opened: Client, plan: Plan
) -> None:
    page = tick(left_alone(opened)).content.decode()
    assert f'name="slug" value="{CLAM}"' in page
    assert not DiaryEntry.objects.exists()
    assert tick(opened, **RIGHT).status_code == 303
    assert done_today(plan) == {CLAM: "done"}


def test_wrong_birth_dates_after_idle_time_lock_the_link_too(opened: Client) -> None:
    left_alone(opened)
    wrong = {**RIGHT, "birth_year": "1947"}
    pages = [opened.post("/plan/", wrong) for _ in range(5)]
    assert [page.status_code for page in pages] == [422] * 4 + [403]
    assert "Locked until" in pages[-1].content.decode()
    assert opened.post("/plan/", RIGHT).status_code == 403


def test_the_warning_keeps_a_plan_open_only_when_asked(opened: Client) -> None:
    assert "still-there" in opened.get("/plan/")["Refresh"]
    page = opened.get("/plan/still-there/")
    assert "Are you still there?" in page.content.decode()
    assert "plan" not in page.cookies
    assert "plan" in opened.post("/plan/still-there/").cookies


# --- plans that are not to be followed ---------------------------------------------------------


def test_a_withheld_plan_says_to_stop(opened: Client) -> None:
    Review.objects.update(status=Review.Status.WITHHELD)
    assert "Your plan is on hold" in opened.get("/plan/").content.decode()
    assert tick(opened).status_code == 404


def test_a_link_to_an_older_screening_names_the_newer_plan(opened: Client, plan: Plan) -> None:
    newer = make_screening("two")
    with lawful_change("test"):
        type(newer).objects.filter(pk=newer.pk).update(patient=plan.screening.patient_id)
    make_plan(newer, content=content())
    text = opened.get("/plan/").content.decode()
    assert "You have a newer plan" in text
    assert "Clam" not in text


# --- staff -------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.CHIROPRACTOR])
def test_staff_see_a_locked_link_and_unlock_it(
    client: Client, plan: Plan, chiropractor: User, client_as: ClientAs, role: Role
) -> None:
    token = links.issue(screening=plan.screening, by=chiropractor)
    for _ in range(5):
        client.post(f"/p/{token}/", {**RIGHT, "birth_year": "1947"})
    desk = client_as(role)
    page = desk.get("/admin/exercises/planlink/", {"state": "locked"})
    told = "five wrong birth dates locked a personal link"
    assert f"{told} until" in page.content.decode()
    if role == Role.CHIROPRACTOR:
        assert told in desk.get("/admin/screening/screening/").content.decode()
    act = {"action": "unlock", "_selected_action": [PlanLink.objects.get().pk]}
    desk.post("/admin/exercises/planlink/", act)
    assert AuditEvent.objects.get(event="plan link unlocked").actor is not None
    assert client.post(f"/p/{token}/", RIGHT).status_code == 303
