"""The dashboard: right sums, of nobody in particular, in a constant number of queries."""

import secrets
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any
from unittest import mock

import pytest
from django.core.management import call_command
from django.utils import timezone

from chiro.practice import plots
from chiro.practice.models import AuditEvent, User
from exercises.models import CheckIn
from exercises.services import dashboard, planning
from screening.models import Draft, PageCount, Patient, Screening, ScreeningFacts
from screening.questionnaire import SECTIONS
from screening.services import facts, review, submission
from tests.conftest import FormClient
from tests.web.reviewing import sent, text_of
from tests.web.visitor import RECORD

pytestmark = pytest.mark.django_db
type ClientAs = Callable[[str], FormClient]

DASHBOARD = "/admin/dashboard/"
WEAK = {"mmt_abduction": {"left": "4-", "right": "5"}}


@pytest.fixture
def doctor(staff: Callable[..., User]) -> User:
    return staff("chiropractor", "doctor")


def numbers(period: str = "12") -> dashboard.Numbers:
    return dashboard.numbers(period, timezone.localdate())


def earlier(**ago: int) -> Any:
    """Do as if it were so long ago."""
    return mock.patch("django.utils.timezone.now", return_value=timezone.now() - timedelta(**ago))


def check_in(screening: Screening, week: int, pain: int) -> None:
    CheckIn.objects.create(
        screening=screening,
        week=week,
        due_on=timezone.localdate(),
        key=secrets.token_hex(8),
        made_at=timezone.now(),
        answers={},
        pain_worst=pain,
    )


def left_at(slug: str) -> Draft:
    """An unfinished questionnaire that was answered up to a page."""
    pages = [section.slug for section in SECTIONS]
    return Draft.objects.create(
        submission_key=secrets.token_hex(8),
        answers=RECORD,
        progress={"answered": pages[: pages.index(slug)]},
    )


def test_a_submission_is_counted_once_with_its_week_flag_and_rules() -> None:
    screening = sent()
    sent("same_day")
    found = numbers()
    assert (found.sent, found.flagged) == (2, 1)
    assert found.weeks[-1][1:] == (2, 1)
    assert len(found.weeks) == 12
    fired = {rule for side in ("left", "right") for rule in screening.assessment[side]["points"]}
    assert {rule for rule, count in found.rules.items() if count} == fired
    assert found.levels["left"][screening.left_level] == 2


def test_the_time_to_review_ends_with_the_first_decision(
    doctor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("exercises.services.papers.begin", lambda plan: None)
    with earlier(hours=10):
        screening = sent()
    sent()
    planning.approve(plan=screening.plans.get(), by=doctor)
    assert numbers().hours == (0, 1, 0, 0, 0, 0, 0)
    assert numbers().median_minutes == 600
    review.withhold(screening=screening, by=doctor, reason="Seen at the desk")
    assert numbers().reviewed == 1


def test_agreement_is_counted_a_side_with_its_direction(doctor: User) -> None:
    screening = sent()
    review.record_examination(screening=screening, by=doctor, findings=WEAK)
    review.set_levels(
        screening=screening, by=doctor, left="likely", right=screening.right_level, reason="Weak"
    )
    examined, decided = numbers().examined, numbers().decided
    assert [(one.side, one.known) for one in examined] == [("left", 1), ("right", 1)]
    assert (decided[0].known, decided[1].same) == (1, 1)
    left = screening.left_level == "likely"
    assert (decided[0].same, decided[0].screen_lower) == (left, not left)


def test_pain_change_is_start_against_week_6_of_the_same_people() -> None:
    for start, later in ((7, 3), (5, 5), (4, 6)):
        check_in(sent(pain_worst=start, pain_now=2), 6, later)
    found = numbers()
    assert found.change == dashboard.Change(known=3, down=1, up=1)
    start, *_, week_6, _ = found.pain
    assert (start.median, week_6.count, week_6.median) == (5, 3, 5)


def test_a_removed_questionnaire_leaves_only_the_page_where_it_stopped() -> None:
    page = SECTIONS[5].slug
    old, live = left_at(page), left_at(page)
    Draft.objects.filter(pk=old.pk).update(updated_at=timezone.now() - timedelta(days=90))
    assert submission.purge_drafts() == 1
    submission.purge_drafts()
    row = PageCount.objects.get()
    assert (row.page, row.left) == (page, 1)
    assert numbers().left == {page: 1}
    assert numbers().unfinished == {page: 1}
    submission.discard(draft=live)
    assert numbers().left == {page: 2}


def test_a_draft_of_another_questionnaire_can_still_be_removed() -> None:
    Draft.objects.create(submission_key="odd", answers={"age": "x"}, identity={"birth_date": "y"})
    Draft.objects.update(updated_at=timezone.now() - timedelta(days=90))
    assert submission.purge_drafts() == 1
    assert not PageCount.objects.exists()


def test_what_waits_is_counted_whatever_the_period(doctor: User) -> None:
    with earlier(days=3):
        sent("emergency")
    Draft.objects.create(
        submission_key="stopped", stopped_at=timezone.now(), stopped_tier="emergency"
    )
    now = numbers("4").now
    assert (now.waiting, now.waiting_long, now.alerts) == (1, 1, 2)


def test_the_facts_can_be_made_again_from_what_is_stored(
    doctor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("exercises.services.papers.begin", lambda plan: None)
    screening = sent()
    review.record_examination(screening=screening, by=doctor, findings=WEAK)
    review.set_levels(screening=screening, by=doctor, left="likely", right="likely", reason="Weak")
    planning.approve(plan=screening.plans.get(), by=doctor)
    kept = ScreeningFacts.objects.values().get()
    assert kept["exam_left"] == "likely"
    ScreeningFacts.objects.all().delete()
    call_command("refill_queue")
    call_command("refill_queue")
    assert ScreeningFacts.objects.values().get() == kept


def test_the_page_names_nobody_and_every_plot_is_a_table_too(client_as: ClientAs) -> None:
    screening = sent(name="Maria Alvarez")
    check_in(screening, 6, 2)
    client = client_as("chiropractor")
    page = client.get(DASHBOARD)
    body, text = page.content.decode(), text_of(page)
    assert "Alvarez" not in body
    assert screening.patient.reference not in body
    assert " style=" not in body
    assert body.count("<figure") == body.count("As a table") == 9
    for words in (
        "Submissions a week",
        "Habits reported",
        "Levels of the screen",
        "Time to review",
        "Screen against examination",
        "Worst pain, median and middle half",
        "How often each rule gave points",
        "Where questionnaires were left",
        "Only 1 so far",
    ):
        assert words in text
    assert AuditEvent.objects.filter(event="dashboard read").exists()


@pytest.mark.parametrize("period", ["4", "12", "52", "all", "nonsense"])
def test_an_empty_practice_has_a_dashboard(client_as: ClientAs, period: str) -> None:
    page = client_as("owner").get(DASHBOARD, {"period": period})
    assert page.status_code == 200
    assert "nobody yet" in text_of(page)


def test_a_period_leaves_out_what_is_older() -> None:
    screening = sent()
    week = timezone.localdate() - timedelta(weeks=30)
    ScreeningFacts.objects.filter(pk=screening.pk).update(
        week=week - timedelta(days=week.weekday())
    )
    found = {period: numbers(period).sent for period in dashboard.PERIODS}
    assert found == {"4": 0, "12": 0, "52": 1, "all": 1}
    assert len(numbers("all").weeks) == 31


@pytest.mark.parametrize(
    ("role", "status"), [("front_desk", 403), ("chiropractor", 200), ("owner", 200)]
)
def test_who_sees_it(client_as: ClientAs, role: str, status: int) -> None:
    client = client_as(role)
    assert client.get(DASHBOARD).status_code == status
    assert ("Dashboard" in text_of(client.get("/admin/"))) == (status == 200)
    assert client.post(DASHBOARD).status_code == 405


def test_a_stranger_is_sent_to_the_door(client: FormClient) -> None:
    assert client.get(DASHBOARD).status_code == 302


def test_many_submissions_take_no_more_queries(
    client_as: ClientAs, django_assert_max_num_queries: Any
) -> None:
    for _ in range(3):
        sent()
    client = client_as("owner")
    with django_assert_max_num_queries(24):
        client.get(DASHBOARD)


def test_a_plot_says_the_same_in_drawing_and_table() -> None:
    series = [plots.Series(name="a", values=[3, 0]), plots.Series(name="b", values=[1, 2])]
    plot = plots.bars("Title", "Summary", ["x", "y"], series, head="What")
    assert list(plot.rows) == [("x", "3", "1"), ("y", "0", "2")]
    tall = {rect.look: rect.height for rect in plot.rects if rect.x < 200 and rect.y < 186}
    assert tall["bar-1"] == pytest.approx(3 * tall["bar-2"], abs=0.3)


def test_labels_of_a_plot_never_touch() -> None:
    labels = [f"Sep {day}" for day in range(1, 53)]
    series = [plots.Series(name="a", values=list(range(52)))]
    plot = plots.bars("Title", "Summary", labels, series, head="What")
    xs = [text.x for text in plot.texts if text.text.startswith("Sep")]
    assert len(xs) > 3
    assert min(b - a for a, b in pairwise(xs)) > 5 * plots.LETTER


def test_invented_patients_are_counted_only_while_there_are_no_others(
    client_as: ClientAs,
) -> None:
    example = sent(name="Invented")
    check_in(example, 6, 1)
    Patient.objects.update(is_example=True)
    facts.mark_example(example)
    page = client_as("chiropractor").get(DASHBOARD)
    assert "numbers of example patients" in text_of(page)
    assert numbers().sent == 1
    sent("same_day", name="Real")
    for period in ("12", "all"):
        found = numbers(period)
        assert (found.sent, found.flagged, found.change.known) == (1, 1, 0)
        assert not found.only_examples
    facts.refill()
    assert numbers().sent == 1
