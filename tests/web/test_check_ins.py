"""Check-ins: when one is due, what it asks, that it counts once, what raises an alert, progress."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from chiro.practice.models import AuditEvent, User
from exercises import follow_up
from exercises.follow_up import Reading
from exercises.models import CheckIn, Plan, PlanLink
from exercises.services import check_ins, links
from screening.models import Alert, Decision, Screening
from screening.services import alerts
from tests.web.reviewing import review_url, sent, text_of

pytestmark = pytest.mark.django_db

BORN = {"birth_month": "4", "birth_day": "15", "birth_year": "1984"}
WELL = {
    "key": "a-key-of-this-page",
    "pain_now": "1",
    "pain_worst": "3",
    "activity_1": "7",
    "change": "better",
    "signs": "none",
}


@pytest.fixture
def chiropractor(staff: Any) -> User:
    user: User = staff("chiropractor")
    return user


@pytest.fixture
def screening(chiropractor: User) -> Screening:
    """Maria's screening, whose plan was approved 14 days ago."""
    screening = sent()
    began = timezone.now() - timedelta(days=14)
    Plan.objects.filter(screening=screening).update(
        status=Plan.Status.APPROVED, approved_at=began, approved_by=chiropractor
    )
    return screening


@pytest.fixture
def opened(client: Client, screening: Screening, chiropractor: User) -> Client:
    client.post(f"/p/{links.issue(screening=screening, by=chiropractor)}/", BORN)
    return client


def send(visitor: Client, **changes: Any) -> Any:
    return visitor.post("/plan/check-in/", WELL | changes)


# --- when ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "sent_weeks", "week", "next_days"),
    [
        (0, (), None, 14),
        (10, (), None, 14),
        (11, (), 2, 28),
        (24, (), 2, 28),
        (25, (), 4, 42),
        (25, (2, 4), None, 42),
        (60, (), 6, 84),
        (84, (2, 4, 6), 12, None),
        (113, (), None, None),
    ],
)
def test_one_check_in_is_open_at_a_time_and_a_missed_one_is_gone(
    days: int, sent_weeks: tuple[int, ...], week: int | None, next_days: int | None
) -> None:
    start = date(2026, 1, 5)
    due = follow_up.due(start, sent_weeks, start + timedelta(days=days))
    assert due.week == week
    assert due.next_on == (start + timedelta(days=next_days) if next_days else None)


# --- sending ------------------------------------------------------------------------------------


def test_it_asks_pain_the_patients_own_activity_change_and_new_signs(opened: Client) -> None:
    text = text_of(opened.get("/plan/check-in/"))
    assert "Check-in, week 2 of 12" in text
    assert "Climbing stairs" in text
    assert "You said 4 at the start." in text
    for asked in ("Pain right now", "Worst pain in the last 7 days", "Numbness between my legs"):
        assert asked in text
    assert "birth" not in text.lower()


def test_it_is_kept_once_with_units_however_often_it_is_sent(opened: Client) -> None:
    assert send(opened).status_code == 303
    assert send(opened).status_code == 303
    row = CheckIn.objects.get()
    assert row.week == 2
    assert row.answers["pain_worst"] == {"value": 3, "unit": "0-10, high is worse"}
    assert row.answers["activities"] == [
        {"text": "Climbing stairs", "value": 7, "unit": "0-10, high is better"}
    ]
    assert not Alert.objects.exists()
    assert AuditEvent.objects.filter(event="check-in sent").count() == 1
    thanks = text_of(opened.get("/plan/check-in/"))
    assert "Thank you" in thanks
    assert "Your next check-in is on" in thanks


def test_the_same_week_counts_once_from_two_tabs(opened: Client) -> None:
    link = PlanLink.objects.get()
    given = check_ins.Given(pain_now=1, pain_worst=3, change="same", signs=(), scores=(5,))
    first, is_new = check_ins.record(link=link, given=given, key="one")
    assert is_new
    with pytest.raises(check_ins.NotDueError):
        check_ins.record(link=link, given=given, key="two")
    assert check_ins.record(link=link, given=given, key="one") == (first, False)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"pain_worst": ""}, "Choose a number for this: Worst pain in the last 7 days"),
        ({"pain_now": "9"}, "Your worst pain cannot be below your pain right now"),
        ({"pain_now": "11"}, "There is a problem"),
        ({"activity_1": ""}, "Choose how well you can do this: Climbing stairs"),
        ({"change": ""}, "Choose how you are since you started"),
        ({"signs": []}, "Choose what is new"),
        ({"signs": ["none", "saddle"]}, "Keep the one that is right"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_kept(
    opened: Client, wrong: dict[str, Any], says: str
) -> None:
    page = send(opened, **wrong)
    assert page.status_code == 422
    assert says in text_of(page)
    assert not CheckIn.objects.exists()


def test_without_goals_up_to_three_activities_are_named_and_become_the_start(
    client: Client, chiropractor: User
) -> None:
    screening = sent(goals=[])
    Plan.objects.filter(screening=screening).update(
        status=Plan.Status.APPROVED, approved_at=timezone.now() - timedelta(days=14)
    )
    client.post(f"/p/{links.issue(screening=screening, by=chiropractor)}/", BORN)
    send(client, goals_1_text="Put on my shoes", goals_1_score="3")
    start, now = check_ins.series(screening.patient)
    assert start.activities == now.activities
    assert (now.activities[0].text, now.activities[0].score) == ("Put on my shoes", 3)


# --- who ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["check-in", "progress", "again", "then-and-now"])
def test_nobody_without_an_opened_link_sees_or_sends_anything(
    client: Client, screening: Screening, path: str
) -> None:
    assert client.get(f"/plan/{path}/")["Location"] == "/plan/"
    client.post(f"/plan/{path}/", WELL)
    assert not CheckIn.objects.exists()


# --- alerts -------------------------------------------------------------------------------------


def test_a_red_flag_shows_what_to_do_closes_the_plan_and_waits_for_a_chiropractor(
    opened: Client, chiropractor: User, client_as: Any
) -> None:
    send(opened, signs=["saddle"])
    care = text_of(opened.get("/plan/check-in/"))
    assert "Get help now" in care
    assert "Call 911" in care
    link = PlanLink.objects.select_related("screening__review").get()
    assert links.approved_plan(link) is None

    desk = client_as("chiropractor")
    queue = text_of(desk.get("/admin/screening/screening/"))
    assert "Check-in: numbness between the legs. The plan is closed until this is seen." in queue
    alert = Alert.objects.get()
    assert client_as("front_desk").post(_seen(alert)).status_code == 403
    desk.post(_seen(alert))
    alert.refresh_from_db()
    assert alert.acknowledged_by == chiropractor
    assert isinstance(alert.acknowledged_at, datetime)
    assert Decision.objects.get(kind="acknowledged").details["reported"] == ["saddle"]
    assert links.approved_plan(link) is not None
    assert "Thank you" in text_of(opened.get("/plan/check-in/"))


def test_the_review_page_shows_what_was_reported_until_and_after_it_is_seen(
    opened: Client, screening: Screening, client_as: Any
) -> None:
    send(opened, signs=["saddle"])
    newer, desk = sent(), client_as("chiropractor")
    for record in (newer, screening):
        page = text_of(desk.get(review_url(record)))
        assert "1 open alert from check-ins" in page
        assert "Check-in: numbness between the legs. The plan is closed until this is seen." in page
    answer = desk.post(_seen(Alert.objects.get()), {"from": str(newer.pk)})
    assert answer["Location"] == review_url(newer)
    page = text_of(desk.get(review_url(newer)))
    assert "Alerts from check-ins, all seen" in page
    assert "Seen by" in page
    assert "until this is seen" not in page
    stranger = text_of(desk.get(review_url(sent(name="Another"))))
    assert "from check-ins" not in stranger


def _seen(alert: Alert) -> str:
    return f"/admin/screening/screening/reported/{alert.pk}/seen/"


def test_a_sharp_rise_of_pain_asks_to_call_and_tells_the_staff(opened: Client) -> None:
    send(opened, pain_worst="8")
    assert "Please call us" in text_of(opened.get("/plan/check-in/"))
    alert = Alert.objects.get()
    assert (alert.tier, alert.reported) == ("clinician_first", ["pain_rise"])


START = Reading(pain_now=3, pain_worst=5, activities=(4,))


@pytest.mark.parametrize(
    ("week", "now", "change", "reported"),
    [
        (2, Reading(pain_now=3, pain_worst=5, activities=(4,)), 0, ()),
        (4, Reading(pain_now=3, pain_worst=5, activities=(4,)), 0, ("no_change",)),
        (4, Reading(pain_now=3, pain_worst=3, activities=(4,)), 0, ()),
        (4, Reading(pain_now=3, pain_worst=5, activities=(6,)), 0, ()),
        (4, Reading(pain_now=3, pain_worst=5, activities=(4,)), 1, ()),
        (2, Reading(pain_now=5, pain_worst=6, activities=(4,)), 0, ("pain_rise",)),
        (2, Reading(pain_now=3, pain_worst=6, activities=(4,)), 0, ()),
        (2, Reading(pain_now=1, pain_worst=2, activities=(4,)), -2, ("much_worse",)),
    ],
)
def test_what_else_needs_a_clinician(
    week: int, now: Reading, change: int, reported: tuple[str, ...]
) -> None:
    found = follow_up.judge(week=week, start=START, before=START, now=now, change=change, signs=())
    assert found[1] == reported
    assert (found[0] == "none") == (not reported)


def test_staff_have_words_for_everything_that_can_be_reported() -> None:
    codes = {*follow_up.SIGNS, follow_up.PAIN_RISE, follow_up.MUCH_WORSE, follow_up.NO_CHANGE}
    assert codes == set(alerts.REPORTED)


# --- progress -----------------------------------------------------------------------------------


def test_progress_says_the_same_in_words_list_picture_and_table(opened: Client) -> None:
    empty = text_of(opened.get("/plan/progress/"))
    assert "There is nothing to compare yet" in empty
    send(opened)
    page = opened.get("/plan/progress/")
    text = text_of(page)
    assert "Your worst pain went from 5 to 3." in text
    assert "What you want to do is easier too. That is a real change." in text
    assert "Climbing stairs 4 to 7" in text
    assert "Worst pain went from 5 at the start to 3 in week 2." in text
    assert b"<svg" in page.content
    assert "<script" not in page.content.decode()


def test_a_rise_is_not_called_progress(opened: Client) -> None:
    send(opened, pain_worst="9")
    text = text_of(opened.get("/plan/progress/"))
    assert "That is more than before. Please talk to us about your plan." in text
    assert "real change" not in text


def test_pages_need_at_most_six_queries(opened: Client, django_assert_max_num_queries: Any) -> None:
    for path in ("/plan/check-in/", "/plan/progress/", "/plan/again/"):
        with django_assert_max_num_queries(6):
            assert opened.get(path).status_code == 200
