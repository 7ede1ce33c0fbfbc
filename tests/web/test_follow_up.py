"""Follow-up of one patient: what was heard, what the criteria suggest, and that nothing is applied
by itself."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from chiro.practice.models import AuditEvent, User
from exercises import library
from exercises.models import CheckIn, DiaryEntry, Plan
from exercises.services import diary, links, planning
from screening.anatomy import Tier
from screening.services import alerts
from tests.conftest import FormClient
from tests.web.reviewing import sent, text_of

pytestmark = pytest.mark.django_db
type ClientAs = Callable[[str], FormClient]

CARDS = library.load()


@pytest.fixture
def doctor(staff: Callable[..., User]) -> User:
    return staff("chiropractor", "doctor", last_name="Park")


@pytest.fixture
def plan(doctor: User, monkeypatch: pytest.MonkeyPatch) -> Plan:
    """A plan that was approved 15 days ago; its papers are not made."""
    monkeypatch.setattr("exercises.services.papers.begin", lambda plan: None)
    draft = sent(pain_worst=4).plans.get()
    plan = planning.approve(plan=draft, by=doctor)
    began = timezone.now() - timedelta(days=15)
    plan.content["date"] = timezone.localdate(began).isoformat()
    plan.approved_at = began
    plan.save()
    return plan


@pytest.fixture
def doctors(client_as: ClientAs) -> FormClient:
    return client_as("chiropractor")


def first(plan: Plan) -> str:
    """The exercise that can be made harder: the first of the plan."""
    return plan.items.order_by("position").first().slug


def page_of(plan: Plan) -> str:
    return f"/admin/exercises/diaryentry/patient/{plan.screening.patient_id}/"


def write(plan: Plan, back: int, *, pain: int = 1, felt: str = "easy", how: str = "done") -> None:
    diary.record_day(
        plan=plan,
        day=timezone.localdate() - timedelta(days=back),
        ticks={first(plan): how},
        pain=pain,
        difficulty=felt,
        key=f"day-{back}",
    )


def check_in(plan: Plan, week: int, pain: int, tier: str = "none", **changes: Any) -> CheckIn:
    unit = {"unit": "0-10"}
    answers = {
        "pain_now": {"value": pain, **unit},
        "pain_worst": {"value": pain, **unit},
        "change": {"code": "better", "value": 1},
        "signs": [],
        "named": [],
        "activities": [{"text": "climb the stairs", "value": 6}],
    }
    return CheckIn.objects.create(
        screening=plan.screening,
        week=week,
        due_on=timezone.localdate(),
        key=f"week-{week}",
        made_at=timezone.now(),
        answers=answers,
        pain_worst=pain,
        tier=tier,
        **changes,
    )


def step(client: FormClient, plan: Plan, act: str, slug: str = "") -> Any:
    address = f"/admin/exercises/diaryentry/plan/{plan.pk}/step/"
    return client.post(address, {"slug": slug or first(plan), "act": act})


def test_the_page_shows_diary_check_ins_versions_and_links(
    doctors: FormClient, plan: Plan, doctor: User
) -> None:
    write(plan, 3, pain=2)
    write(plan, 1, pain=3, how="easier")
    check_in(plan, 2, 2)
    links.issue(screening=plan.screening, by=doctor)
    text = text_of(doctors.get(page_of(plan)))
    for words in (
        "Maria Alvarez",
        "version 1, week 3",
        "Pain at check-ins",
        "Worst pain a day, from the diary",
        "Exercises done each week",
        "climb the stairs",
        "the easier one",
        "Park",
        "handed over",
    ):
        assert words in text


def test_every_plot_has_the_same_as_a_table_and_no_style(doctors: FormClient, plan: Plan) -> None:
    write(plan, 3, pain=2)
    write(plan, 1, pain=7)
    page = doctors.get(page_of(plan)).content.decode()
    assert page.count("<figure") == page.count("As a table") >= 2
    assert 'role="img" aria-label="Worst pain a day' in page
    assert " style=" not in page


def test_an_empty_follow_up_says_so(doctors: FormClient, plan: Plan) -> None:
    text = text_of(doctors.get(page_of(plan)))
    for words in ("None yet.", "Nothing is written in the last 4 weeks.", "No diary yet."):
        assert words in text


def test_a_suggestion_goes_into_a_draft_and_the_plan_stays(doctors: FormClient, plan: Plan) -> None:
    write(plan, 3)
    write(plan, 1)
    before = planning.rows_of(plan)
    text = doctors.get(page_of(plan)).content.decode()
    act = next(act for act in ("more_sets", "harder") if f'value="{act}"' in text)
    assert not plan.screening.plans.filter(status="draft").exists()
    answer = step(doctors, plan, act)
    assert answer["Location"].endswith(f"/{plan.screening_id}/change/#s-plan")
    draft = plan.screening.plans.get(status="draft")
    assert draft.replaces == plan
    rows = planning.rows_of(draft)
    if act == "harder":
        assert rows[0].slug == CARDS[before[0].slug].harder
    else:
        sets = {name: getattr(before[0], name) for name in ("sets_left", "sets_right", "sets_both")}
        changed = {name: getattr(rows[0], name) for name in sets}
        assert changed == {name: count and count + 1 for name, count in sets.items()}
    assert rows[1:] == before[1:]
    plan.refresh_from_db()
    assert (plan.status, planning.rows_of(plan)) == ("approved", before)
    step(doctors, plan, act)
    assert planning.rows_of(draft) == rows


def test_a_red_day_suggests_less_never_more(doctors: FormClient, plan: Plan) -> None:
    write(plan, 3)
    write(plan, 1, pain=8)
    page = doctors.get(page_of(plan)).content.decode()
    assert "(red)" in page
    assert 'value="harder"' not in page
    assert 'value="more_sets"' not in page
    assert step(doctors, plan, "harder")["Location"] == page_of(plan)
    assert not plan.screening.plans.filter(status="draft").exists()


def test_a_reported_sign_is_on_top_until_it_is_seen(doctors: FormClient, plan: Plan) -> None:
    check_in(plan, 2, 5, tier="clinician_first", reported=["tingling"])
    alerts.report(screening=plan.screening, tier=Tier.CLINICIAN_FIRST, reported=["tingling"])
    write(plan, 3)
    write(plan, 1)
    text = text_of(doctors.get(page_of(plan)))
    assert "Check-in: new tingling in a leg." in text
    assert "See the patient first" in text
    assert "Not seen yet" in text


@pytest.mark.parametrize(
    ("role", "reads", "steps"),
    [("front_desk", 403, 403), ("owner", 200, 403), ("chiropractor", 200, 303)],
)
def test_who_reads_and_who_takes_a_step(
    client_as: ClientAs, plan: Plan, role: str, reads: int, steps: int
) -> None:
    client = client_as(role)
    assert client.get(page_of(plan)).status_code == reads
    assert client.get("/admin/exercises/diaryentry/").status_code == reads
    assert step(client, plan, "harder").status_code == steps
    address = f"/admin/exercises/diaryentry/plan/{plan.pk}/step/"
    assert client.get(address).status_code == 405


def test_reading_leaves_a_trace_and_writes_nothing_else(doctors: FormClient, plan: Plan) -> None:
    doctors.get(page_of(plan))
    event = AuditEvent.objects.get(event="follow-up read")
    assert event.patient_id == plan.screening.patient_id
    assert not DiaryEntry.objects.exists()


def test_the_list_names_who_has_a_plan_and_who_has_gone_quiet(
    doctors: FormClient, plan: Plan, django_assert_max_num_queries: Any
) -> None:
    write(plan, 1)
    check_in(plan, 2, 3)
    with django_assert_max_num_queries(12):
        text = text_of(doctors.get("/admin/exercises/diaryentry/"))
    assert "Maria Alvarez" in text
    assert "week 2, worst pain 3" in text
    assert "nothing for 2 weeks" not in text


def test_a_long_history_takes_no_more_queries(
    doctors: FormClient, plan: Plan, django_assert_max_num_queries: Any
) -> None:
    for back in range(14):
        write(plan, back)
    with django_assert_max_num_queries(28):
        doctors.get(page_of(plan))
