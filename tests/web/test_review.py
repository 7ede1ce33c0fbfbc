"""What staff may decide about a screening, who may, and what each decision leaves behind."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from chiro.practice.models import AuditEvent, Role, User
from exercises.models import Plan
from screening.models import Decision, Draft, Review, Screening
from screening.services import review as reviews
from screening.services.review import ConflictError, RefusedError
from tests.web.reviewing import TIERS, sent

pytestmark = pytest.mark.django_db
type MakeStaff = Callable[..., User]


@pytest.fixture
def chiropractor(staff: MakeStaff) -> User:
    """A chiropractor who is printed as "Ellen Park, DC"."""
    return staff("chiropractor", first_name="Ellen", last_name="Park", credentials="DC")


def kinds(screening: Screening) -> list[str]:
    """What was decided, in order."""
    return list(screening.decisions.values_list("kind", flat=True))


def review_of(screening: Screening) -> Review:
    """The review as it is stored now."""
    return Review.objects.get(screening=screening)


# --- alerts -----------------------------------------------------------------------------------


def test_seeing_an_alert_is_noted_with_name_and_time(chiropractor: User) -> None:
    screening = sent("same_day")
    review = reviews.acknowledge(screening=screening, by=chiropractor)
    assert review.acknowledged_by == chiropractor
    assert review.acknowledged_at is not None
    assert kinds(screening) == ["acknowledged"]
    assert AuditEvent.objects.filter(
        event="alert seen", actor=chiropractor, patient_id=screening.patient_id
    ).exists()


def test_the_first_who_saw_it_stays(chiropractor: User, staff: MakeStaff) -> None:
    screening = sent("emergency")
    reviews.acknowledge(screening=screening, by=chiropractor)
    reviews.acknowledge(screening=screening, by=staff("chiropractor", "second"))
    assert review_of(screening).acknowledged_by == chiropractor
    assert kinds(screening) == ["acknowledged"]


def test_a_stopped_questionnaire_is_acknowledged_too(chiropractor: User) -> None:
    draft = Draft.objects.create(
        submission_key="stopped", stopped_at=timezone.now(), stopped_tier="emergency"
    )
    assert reviews.acknowledge_stopped(draft=draft, by=chiropractor).acknowledged_by == chiropractor
    open_one = Draft.objects.create(submission_key="open")
    with pytest.raises(RefusedError, match="not an alert"):
        reviews.acknowledge_stopped(draft=open_one, by=chiropractor)


# --- clearing ---------------------------------------------------------------------------------


def test_a_named_chiropractor_clears_with_a_reason_and_the_draft_plan_is_made(
    chiropractor: User,
) -> None:
    screening = sent("clinician_first")
    assert not screening.plans.exists()
    reviews.clear(screening=screening, by=chiropractor, reason="  Spoke with\n her doctor. ")
    review = review_of(screening)
    assert (review.cleared_by, review.status) == (chiropractor, Review.Status.IN_REVIEW)
    assert screening.plans.get().status == Plan.Status.DRAFT
    cleared = screening.decisions.get(kind="cleared")
    assert (cleared.by, cleared.reason) == (chiropractor, "Spoke with her doctor.")
    assert cleared.details == {"by": "Ellen Park, DC"}


def test_clearing_answers_for_the_alert_as_well(chiropractor: User) -> None:
    screening = sent("clinician_first")
    reviews.clear(screening=screening, by=chiropractor, reason="Fine")
    assert kinds(screening) == ["acknowledged", "cleared"]


def test_clearing_needs_a_reason(chiropractor: User) -> None:
    screening = sent("clinician_first")
    with pytest.raises(RefusedError, match="Say in one line why"):
        reviews.clear(screening=screening, by=chiropractor, reason="  \n ")
    assert kinds(screening) == []
    assert review_of(screening).cleared_by is None


@pytest.mark.parametrize("tier", ["same_day", "emergency"])
def test_same_day_and_emergency_cannot_be_cleared(chiropractor: User, tier: str) -> None:
    screening = sent(tier)
    with pytest.raises(RefusedError, match="answers a new screening"):
        reviews.clear(screening=screening, by=chiropractor, reason="Looks fine")
    assert not screening.plans.exists()


def test_what_needs_no_clearance_and_what_is_cleared_already(chiropractor: User) -> None:
    with pytest.raises(RefusedError, match="needs no clearance"):
        reviews.clear(screening=sent(), by=chiropractor, reason="Fine")
    screening = sent("clinician_first", name="Priya Nair")
    reviews.clear(screening=screening, by=chiropractor, reason="Fine")
    with pytest.raises(RefusedError, match="Already cleared"):
        reviews.clear(screening=screening, by=chiropractor, reason="Again")


# --- who may ----------------------------------------------------------------------------------

ACTS: dict[str, tuple[str, Callable[[Screening, User], Any]]] = {
    "acknowledge": (
        "same_day",
        lambda screening, by: reviews.acknowledge(screening=screening, by=by),
    ),
    "clear": (
        "clinician_first",
        lambda screening, by: reviews.clear(screening=screening, by=by, reason="Fine"),
    ),
    "examine": (
        "none",
        lambda screening, by: reviews.record_examination(
            screening=screening, by=by, findings={"mmt_abduction": {"left": "5"}}
        ),
    ),
    "levels": (
        "none",
        lambda screening, by: reviews.set_levels(
            screening=screening, by=by, left="unlikely", right="likely"
        ),
    ),
    "withhold": (
        "none",
        lambda screening, by: reviews.withhold(screening=screening, by=by, reason="No"),
    ),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", Role.values)
def test_clinical_acts_are_a_chiropractors(staff: MakeStaff, act: str, role: str) -> None:
    tier, do = ACTS[act]
    screening = sent(tier)
    if role == Role.CHIROPRACTOR:
        do(screening, staff(role))
        assert kinds(screening)
        return
    with pytest.raises(RefusedError, match="Your role"):
        do(screening, staff(role))
    assert kinds(screening) == []
    assert review_of(screening).version == 1


def test_someone_who_left_decides_nothing(staff: MakeStaff) -> None:
    former = staff("chiropractor", is_active=False)
    with pytest.raises(RefusedError):
        reviews.clear(screening=sent("clinician_first"), by=former, reason="Fine")


# --- examination and levels -------------------------------------------------------------------


def test_an_examination_keeps_raw_values_and_the_decision_keeps_the_old_ones(
    chiropractor: User,
) -> None:
    screening = sent()
    first = {"mmt_abduction": {"left": "5", "right": "4-"}}
    second = {"mmt_abduction": {"left": "5", "right": "4"}}
    for findings in (first, second):
        exam = reviews.record_examination(
            screening=screening, by=chiropractor, findings=findings, note="Tired today"
        )
    assert (exam.findings, exam.note, exam.examiner) == (second, "Tired today", chiropractor)
    assert exam.version == 2
    last = screening.decisions.last()
    assert last is not None
    assert last.details == {"old": first, "new": second}
    assert review_of(screening).status == Review.Status.IN_REVIEW


def test_the_screens_level_needs_no_reason_another_level_does(chiropractor: User) -> None:
    screening = sent()
    assert (screening.left_level, screening.right_level) == ("unlikely", "likely")
    reviews.set_levels(screening=screening, by=chiropractor, left="unlikely", right="likely")
    with pytest.raises(RefusedError, match="why the level differs"):
        reviews.set_levels(screening=screening, by=chiropractor, left="unlikely", right="possible")
    reviews.set_levels(
        screening=screening, by=chiropractor, left="unlikely", right="possible", reason="Grade 4+"
    )
    decision = screening.decisions.last()
    assert decision is not None
    assert decision.reason == "Grade 4+"
    assert decision.details["old"] == {"left": "unlikely", "right": "likely"}
    assert decision.details["new"] == {"left": "unlikely", "right": "possible"}
    assert decision.details["screen"] == {"left": "unlikely", "right": "likely"}


def test_not_assessed_leaves_the_screens_level_in_force(chiropractor: User) -> None:
    screening = sent()
    review = reviews.set_levels(
        screening=screening, by=chiropractor, left="not_assessed", right="not_assessed"
    )
    assert reviews.final_levels(review) == ("unlikely", "likely")


def test_the_screen_itself_never_changes(chiropractor: User) -> None:
    screening = sent()
    reviews.set_levels(
        screening=screening, by=chiropractor, left="likely", right="unlikely", reason="Examined"
    )
    stored = Screening.objects.get(pk=screening.pk)
    assert (stored.left_level, stored.right_level) == ("unlikely", "likely")
    with pytest.raises(TypeError):
        stored.save()


@pytest.mark.parametrize("tier", ["clinician_first", "same_day", "emergency"])
def test_no_level_is_set_while_levels_are_withheld(chiropractor: User, tier: str) -> None:
    with pytest.raises(RefusedError, match="withheld"):
        reviews.set_levels(
            screening=sent(tier), by=chiropractor, left="unlikely", right="unlikely", reason="x"
        )


def test_only_levels_from_the_list(chiropractor: User) -> None:
    with pytest.raises(RefusedError, match="from the list"):
        reviews.set_levels(screening=sent(), by=chiropractor, left="weak", right="likely")


# --- withholding ------------------------------------------------------------------------------


def test_withholding_needs_a_reason_and_can_be_taken_back(chiropractor: User) -> None:
    screening = sent()
    with pytest.raises(RefusedError, match="why there is no plan"):
        reviews.withhold(screening=screening, by=chiropractor, reason="")
    reviews.withhold(screening=screening, by=chiropractor, reason="Referred to her doctor")
    assert review_of(screening).status == Review.Status.WITHHELD
    with pytest.raises(RefusedError, match="already"):
        reviews.withhold(screening=screening, by=chiropractor, reason="Again")
    reviews.resume(screening=screening, by=chiropractor, reason="Doctor agrees")
    assert review_of(screening).status == Review.Status.IN_REVIEW
    assert kinds(screening) == ["withheld", "resumed"]


def test_withholding_answers_for_the_alert_as_well(chiropractor: User) -> None:
    screening = sent("emergency")
    reviews.withhold(screening=screening, by=chiropractor, reason="Sent to the emergency room")
    assert kinds(screening) == ["acknowledged", "withheld"]


# --- what all writers share -------------------------------------------------------------------


def test_decisions_are_never_changed_or_removed(chiropractor: User) -> None:
    screening = sent()
    reviews.withhold(screening=screening, by=chiropractor, reason="Referred")
    decision = screening.decisions.get()
    decision.reason = "Something else"
    with pytest.raises(TypeError):
        decision.save()
    with pytest.raises(TypeError):
        decision.delete()


def test_every_decision_has_its_audit_event_without_a_word_of_health(chiropractor: User) -> None:
    screening = sent()
    reviews.record_examination(
        screening=screening, by=chiropractor, findings={"faber": {"left": "positive"}}
    )
    reviews.withhold(screening=screening, by=chiropractor, reason="Secret reason")
    events = AuditEvent.objects.filter(actor=chiropractor, patient_id=screening.patient_id)
    assert events.count() == Decision.objects.filter(screening=screening).count() == 2
    written = " ".join(str(vars(event)) for event in events)
    assert "Secret" not in written
    assert "positive" not in written


def test_a_writer_whose_page_is_old_writes_nothing(chiropractor: User) -> None:
    screening = sent()
    seen = review_of(screening).version
    reviews.withhold(screening=screening, by=chiropractor, reason="Referred", version=seen)
    with pytest.raises(ConflictError, match="Nothing was saved"):
        reviews.record_examination(
            screening=screening, by=chiropractor, findings={}, note="late", version=seen
        )
    assert kinds(screening) == ["withheld"]


@pytest.mark.parametrize(
    ("tier", "cleared", "may"),
    [
        ("none", False, True),
        ("clinician_first", False, False),
        ("clinician_first", True, True),
        ("same_day", False, False),
        ("emergency", False, False),
        # A clearance that no service would write opens nothing either.
        ("same_day", True, False),
        ("emergency", True, False),
    ],
)
def test_who_may_have_a_plan(chiropractor: User, tier: str, cleared: bool, may: bool) -> None:
    assert tier in TIERS
    review = review_of(sent(tier))
    review.cleared_by = chiropractor if cleared else None
    assert reviews.may_have_plan(review) is may
    assert reviews.levels_withheld(review) is not may
