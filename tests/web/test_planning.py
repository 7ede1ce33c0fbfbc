"""The life of a plan: drafted, changed, approved, printed, replaced. And where there is none."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction

from chiro.practice.append_only import lawful_change
from chiro.practice.models import AuditEvent, Role, User
from exercises.models import Plan, PlanDocument
from exercises.services import links, planning
from exercises.services import papers as stored_papers
from exercises.services import rows as plan_rows
from exercises.services.rows import Row
from screening.models import Review, Screening
from screening.services import review as reviews
from screening.services.review import ConflictError, RefusedError
from tests.web.reviewing import sent

pytestmark = pytest.mark.django_db
type MakeStaff = Callable[..., User]


@pytest.fixture
def chiropractor(staff: MakeStaff) -> User:
    """A chiropractor who is printed as "Ellen Park, DC"."""
    return staff("chiropractor", first_name="Ellen", last_name="Park", credentials="DC")


def draft_of(screening: Screening) -> Plan:
    """The draft of a screening."""
    return screening.plans.get(status=Plan.Status.DRAFT)


def slugs(plan: Plan) -> list[str]:
    """What stands on a plan, in order."""
    return [row.slug for row in planning.rows_of(plan)]


# --- the draft --------------------------------------------------------------------------------


def test_sending_makes_a_draft_with_exercises_habits_and_reasons() -> None:
    screening = sent()
    plan = draft_of(screening)
    assert slugs(plan) == [
        "clamshell",
        "double-leg-bridge",
        "standing-weight-shift",
        "sit-to-stand",
        "habit-sleep-pillow",
        "habit-sit-break",
    ]
    rows = planning.rows_of(plan)
    assert all(row.because.startswith("Because you told us") for row in rows)
    assert [row.is_habit for row in rows] == [False] * 4 + [True] * 2
    assert float(plan.minutes) == plan_rows.minutes(rows) == 14.7
    assert (plan.version, plan.ruleset_version) == (1, screening.ruleset_version)


def test_drafting_twice_makes_one_plan() -> None:
    screening = sent()
    assert planning.draft_plan(screening) == draft_of(screening)
    assert screening.plans.count() == 1


@pytest.mark.parametrize("tier", ["clinician_first", "same_day", "emergency"])
def test_a_tier_has_no_plan(tier: str) -> None:
    screening = sent(tier)
    assert planning.draft_plan(screening) is None
    assert not Plan.objects.exists()


def test_advice_without_a_card_is_kept_with_the_plan() -> None:
    screening = sent(
        activity="sport", sport_kind="running", training_hours="10_plus", training_jump="yes"
    )
    assert "by about a third" in draft_of(screening).advice[0]


def test_the_time_of_any_sets_is_the_planners() -> None:
    clam = Row(
        slug="clamshell", sets_left=2, sets_right=2, reps=12, hold_seconds=2, rest_seconds=45
    )
    bridge = Row(slug="double-leg-bridge", sets_both=2, reps=10, hold_seconds=3, rest_seconds=45)
    assert plan_rows.seconds(clam) == 305
    assert plan_rows.seconds(bridge) == 185
    assert plan_rows.seconds(replace(clam, sets_right=3)) == 305 + 12 * 5 + 45
    assert plan_rows.seconds(plan_rows.habit("habit-uncross")) == 0


# --- changing it ------------------------------------------------------------------------------


def test_a_changed_row_is_stored_and_the_decision_keeps_both(chiropractor: User) -> None:
    screening = sent()
    plan = draft_of(screening)
    first, *others = planning.rows_of(plan)
    planning.change(plan=plan, by=chiropractor, rows=[replace(first, reps=8), *others])
    assert planning.rows_of(plan)[0].reps == 8
    decision = screening.decisions.get()
    assert decision.details["old"][0]["reps"] == 10
    assert decision.details["new"][0]["reps"] == 8


def test_saving_the_same_rows_writes_nothing(chiropractor: User) -> None:
    screening = sent()
    plan = draft_of(screening)
    planning.change(plan=plan, by=chiropractor, rows=planning.rows_of(plan))
    assert not screening.decisions.exists()


def test_habits_stand_after_exercises_and_minutes_follow(chiropractor: User) -> None:
    plan = draft_of(sent())
    rows = planning.rows_of(plan)
    planning.change(plan=plan, by=chiropractor, rows=[rows[4], rows[1]])
    plan.refresh_from_db()
    assert slugs(plan) == ["double-leg-bridge", "habit-sleep-pillow"]
    assert float(plan.minutes) == round(185 / 60, 1)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda rows: [*rows, rows[0]], "once"),
        (lambda rows: [replace(rows[0], slug="handstand")], "from the library"),
        (lambda rows: [replace(rows[0], sets_left=0, sets_right=0)], "at least one set"),
    ],
)
def test_rows_that_no_plan_can_hold(
    chiropractor: User, change: Callable[[Any], list[Row]], why: str
) -> None:
    plan = draft_of(sent())
    with pytest.raises(RefusedError, match=why):
        planning.change(plan=plan, by=chiropractor, rows=change(planning.rows_of(plan)))


def test_the_plan_follows_the_final_level(chiropractor: User) -> None:
    screening = sent()
    plan = draft_of(screening)
    assert {row.first_side for row in planning.rows_of(plan) if row.sets_left} == {"right"}
    reviews.set_levels(
        screening=screening, by=chiropractor, left="likely", right="unlikely", reason="Grade 4-"
    )
    planning.rebuild(plan=plan, by=chiropractor)
    assert {row.first_side for row in planning.rows_of(plan) if row.sets_left} == {"left"}


def test_a_note_of_the_matrix_comes_with_a_card_that_the_clinician_adds(chiropractor: User) -> None:
    screening = sent(support_limits=["knees"], places=["low_back:right", "outer_hip:right"])
    review = Review.objects.get(screening=screening)
    card = planning.library.load()["side-lying-leg-lift"]
    row = plan_rows.chosen(card, planning.patient_of(review))
    assert row.because == "Your chiropractor chose it for you."
    assert row.cautions


# --- approving --------------------------------------------------------------------------------


def test_approval_freezes_words_and_papers(chiropractor: User) -> None:
    screening = sent()
    plan = planning.approve(plan=draft_of(screening), by=chiropractor)
    assert (plan.status, plan.approved_by) == (Plan.Status.APPROVED, chiropractor)
    assert plan.content["clinician"] == "Ellen Park, DC"
    assert Review.objects.get(screening=screening).status == Review.Status.APPROVED
    documents = list(plan.documents.all())
    assert {(row.paper, row.edition) for row in documents} == {
        (paper, edition)
        for paper in ("letter", "a4")
        for edition in ("standard", "large", "fridge")
    }
    for document in documents:
        assert bytes(document.pdf).startswith(b"%PDF")
        assert document.sha256 == hashlib.sha256(document.pdf).hexdigest()
    digests = screening.decisions.get(kind="approved").details["sha256"]
    assert digests == {"content": stored_papers.digest(plan)}


def test_what_is_printed_later_is_what_was_approved(chiropractor: User, staff: MakeStaff) -> None:
    screening = sent()
    plan = planning.approve(plan=draft_of(screening), by=chiropractor)
    before = bytes(plan.documents.get(paper="letter", edition="standard").pdf)
    reviews.set_levels(
        screening=screening, by=chiropractor, left="likely", right="likely", reason="Later"
    )
    printed = planning.printed(plan=plan, by=staff("front_desk"), paper="letter")
    assert bytes(printed.pdf) == before
    assert AuditEvent.objects.filter(event="plan printed", actor__role="front_desk").exists()


def test_an_approved_plan_cannot_be_changed(chiropractor: User) -> None:
    plan = planning.approve(plan=draft_of(sent()), by=chiropractor)
    for act in (
        lambda: planning.change(plan=plan, by=chiropractor, rows=planning.rows_of(plan)[:1]),
        lambda: planning.rebuild(plan=plan, by=chiropractor),
        lambda: planning.approve(plan=plan, by=chiropractor),
    ):
        with pytest.raises(RefusedError, match="Version 1 is approved and stays as it is"):
            act()
    document = plan.documents.get(paper="a4", edition="standard")
    with pytest.raises(TypeError):
        document.save()


def test_the_next_version_replaces_the_first_only_when_approved(chiropractor: User) -> None:
    screening = sent()
    first = planning.approve(plan=draft_of(screening), by=chiropractor)
    second = planning.next_version(plan=first, by=chiropractor)
    assert (second.version, second.replaces) == (2, first)
    assert planning.rows_of(second) == planning.rows_of(first)
    first.refresh_from_db()
    assert first.status == Plan.Status.APPROVED
    with pytest.raises(RefusedError, match="there already"):
        planning.next_version(plan=first, by=chiropractor)
    second = planning.approve(plan=second, by=chiropractor)
    first.refresh_from_db()
    assert (first.status, second.status) == (Plan.Status.REPLACED, Plan.Status.APPROVED)
    assert second.content["replaces"] == "Replaces version 1"
    assert planning.printed(plan=first, by=chiropractor, paper="letter").plan == first


def test_an_empty_plan_is_not_approved(chiropractor: User) -> None:
    plan = draft_of(sent())
    planning.change(plan=plan, by=chiropractor, rows=[])
    with pytest.raises(RefusedError, match="empty"):
        planning.approve(plan=plan, by=chiropractor)


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.OWNER])
def test_only_a_chiropractor_changes_and_approves(staff: MakeStaff, role: str) -> None:
    plan, by = draft_of(sent()), staff(role)
    for act in (
        lambda: planning.change(plan=plan, by=by, rows=[]),
        lambda: planning.rebuild(plan=plan, by=by),
        lambda: planning.approve(plan=plan, by=by),
        lambda: planning.next_version(plan=plan, by=by),
    ):
        with pytest.raises(RefusedError, match="Your role"):
            act()
    assert not PlanDocument.objects.exists()


def test_a_draft_is_not_printed_and_not_shared(chiropractor: User) -> None:
    screening = sent()
    with pytest.raises(RefusedError, match="not approved yet"):
        planning.printed(plan=draft_of(screening), by=chiropractor, paper="letter")
    with pytest.raises(RefusedError, match="no approved plan"):
        planning.check_can_share(Review.objects.get(screening=screening), chiropractor)


def test_a_withheld_plan_is_not_approved_printed_shared_or_shown(chiropractor: User) -> None:
    screening = sent()
    plan = planning.approve(plan=draft_of(screening), by=chiropractor)
    token = links.issue(screening=screening, by=chiropractor)
    reviews.withhold(screening=screening, by=chiropractor, reason="New symptoms")
    for act in (
        lambda: planning.printed(plan=plan, by=chiropractor, paper="letter"),
        lambda: planning.check_can_share(Review.objects.get(screening=screening), chiropractor),
        lambda: planning.next_version(plan=plan, by=chiropractor),
    ):
        with pytest.raises(RefusedError, match="withheld"):
            act()
    born = screening.patient.birth_date
    assert links.approved_plan(links.open(token, born)) is None
    reviews.resume(screening=screening, by=chiropractor, reason="Symptoms gone")
    assert Review.objects.get(screening=screening).status == Review.Status.APPROVED
    assert links.approved_plan(links.open(token, born)) == plan


def test_damaged_bytes_are_not_printed(chiropractor: User) -> None:
    plan = planning.approve(plan=draft_of(sent()), by=chiropractor)
    with lawful_change("test"):
        PlanDocument.objects.filter(plan=plan).update(pdf=b"%PDF something else")
    with pytest.raises(RefusedError, match="damaged"):
        planning.printed(plan=plan, by=chiropractor, paper="letter")


# --- no plan for a tier, by any way -----------------------------------------------------------


@pytest.mark.parametrize("tier", ["clinician_first", "same_day", "emergency"])
def test_a_plan_that_slipped_in_is_refused_everywhere(chiropractor: User, tier: str) -> None:
    """Were a row there by a fault or by hand, no service would touch, print or share it."""
    screening = sent(tier)
    plan = Plan.objects.create(screening=screening, ruleset_version="1")
    plan.items.create(position=1, slug="clamshell", sets_left=2, sets_right=2)
    for act in (
        lambda: planning.change(plan=plan, by=chiropractor, rows=planning.rows_of(plan)),
        lambda: planning.rebuild(plan=plan, by=chiropractor),
        lambda: planning.approve(plan=plan, by=chiropractor),
    ):
        with pytest.raises(RefusedError, match="No plan"):
            act()
    Plan.objects.filter(pk=plan.pk).update(status=Plan.Status.APPROVED)
    plan.refresh_from_db()
    with pytest.raises(RefusedError, match="No plan"):
        planning.printed(plan=plan, by=chiropractor, paper="letter")
    with pytest.raises(RefusedError, match="No plan"):
        planning.check_can_share(Review.objects.get(screening=screening), chiropractor)


def test_the_database_holds_one_draft_a_screening() -> None:
    screening = sent()
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.create(screening=screening, version=2, ruleset_version="1")


# --- two at the same time ---------------------------------------------------------------------


def at_once(*acts: Callable[[], Any]) -> list[BaseException | None]:
    """Do things in threads at the same time; what each of them raised."""

    def run(act: Callable[[], Any]) -> BaseException | None:
        try:
            act()
        except Exception as problem:
            return problem
        finally:
            connections.close_all()
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.mark.django_db(transaction=True)
def test_two_approvals_at_once_give_one_version(chiropractor: User) -> None:
    screening = sent()
    plan = draft_of(screening)
    problems = at_once(*[lambda: planning.approve(plan=plan, by=chiropractor)] * 3)
    assert [type(problem) for problem in problems].count(type(None)) == 1
    assert all(isinstance(p, RefusedError) for p in problems if p is not None)
    assert plan.documents.count() == 6
    assert screening.decisions.filter(kind="approved").count() == 1


@pytest.mark.django_db(transaction=True)
def test_approving_while_it_is_withheld_leaves_nothing_to_print(chiropractor: User) -> None:
    """Whichever comes first, the record ends as withheld and its plan is not printed."""
    screening = sent()
    plan = draft_of(screening)
    problems = at_once(
        lambda: planning.approve(plan=plan, by=chiropractor),
        lambda: reviews.withhold(screening=screening, by=chiropractor, reason="New symptoms"),
    )
    assert problems[1] is None
    assert problems[0] is None or isinstance(problems[0], RefusedError)
    assert Review.objects.get(screening=screening).status == Review.Status.WITHHELD
    plan.refresh_from_db()
    with pytest.raises(RefusedError, match="withheld"):
        planning.printed(plan=plan, by=chiropractor, paper="letter")


@pytest.mark.django_db(transaction=True)
def test_two_clearances_at_once_make_one_plan(chiropractor: User) -> None:
    screening = sent("clinician_first")
    problems = at_once(
        *[lambda: reviews.clear(screening=screening, by=chiropractor, reason="Fine")] * 4
    )
    assert problems.count(None) == 1
    assert screening.plans.count() == 1
    assert screening.decisions.filter(kind="cleared").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_changes_from_the_same_page_keep_the_first(chiropractor: User) -> None:
    screening = sent()
    plan = draft_of(screening)
    seen = Review.objects.get(screening=screening).version
    rows = planning.rows_of(plan)
    problems = at_once(
        *(
            lambda row=row: planning.change(plan=plan, by=chiropractor, rows=[row], version=seen)
            for row in rows[:4]
        )
    )
    assert problems.count(None) == 1
    assert sum(isinstance(problem, ConflictError) for problem in problems) == 3
    assert plan.items.count() == 1
