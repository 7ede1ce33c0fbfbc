"""The review page: what it shows, what one press saves, and what two people at once do to it."""

from collections.abc import Callable
from typing import Any

import pytest

from chiro.practice.models import AuditEvent, User
from exercises.models import Plan
from exercises.services import planning
from screening.models import Examination, Review, Screening
from screening.services import review as reviews
from tests.conftest import FormClient
from tests.web.reviewing import form_of, review_url, sent, text_of

pytestmark = pytest.mark.django_db
type ClientAs = Callable[[str], FormClient]
type MakeStaff = Callable[..., User]


@pytest.fixture
def chiropractor(staff: MakeStaff, client_as: ClientAs) -> FormClient:
    """A signed-in chiropractor, Ellen Park."""
    staff("chiropractor", first_name="Ellen", last_name="Park", credentials="DC")
    return client_as("chiropractor")


@pytest.fixture
def colleague(staff: MakeStaff) -> User:
    """Another chiropractor, Jo Lind."""
    return staff("chiropractor", "jo", first_name="Jo", last_name="Lind")


def opened(client: FormClient, screening: Screening) -> dict[str, Any]:
    """The fields of the review form as they stand on the page."""
    return form_of(client.get(review_url(screening)))


def press(client: FormClient, screening: Screening, do: str = "save", **typed: Any) -> Any:
    """Open the page, type, press a button."""
    fields = opened(client, screening)
    return client.post(review_url(screening), {**fields, **typed, "do": do})


def draft_slugs(screening: Screening) -> list[str]:
    """The rows of the draft."""
    return [row.slug for row in planning.rows_of(screening.plans.get(status="draft"))]


# --- what it shows ----------------------------------------------------------------------------


def test_points_reasons_evidence_and_sources_stand_beside_the_levels(
    chiropractor: FormClient,
) -> None:
    words = text_of(chiropractor.get(review_url(sent())))
    assert "Maria Alvarez, 42" in words
    assert "Unlikely (1)" in words
    assert "Likely (10)" in words
    assert "You sleep on your left side most nights" in words
    assert "unclear (E-)" in words
    assert "Grimaldi" in words
    assert "Confidence: moderate" in words
    assert "Emphasis side-hip muscle" in words


def test_a_cap_shows_what_is_left_of_the_points(chiropractor: FormClient) -> None:
    screening = sent(
        places=["low_back:right", "buttock:right", "outer_hip:right"], hard_long_standing="right"
    )
    words = text_of(chiropractor.get(review_url(screening)))
    assert "Symptoms, right: counts 4 of 6" in words
    assert "0 of 1" in words


def test_prompts_come_with_their_note_for_the_clinician(chiropractor: FormClient) -> None:
    screening = sent(places=["low_back:right", "outer_hip:right"], worse_lying_on_side="right")
    words = text_of(chiropractor.get(review_url(screening)))
    assert "Palpate the greater trochanter" in words
    assert "Careful with lateral hip pain" in words


def test_answers_are_shown_as_they_were_read(chiropractor: FormClient) -> None:
    screening = sent()
    words = text_of(chiropractor.get(review_url(screening)))
    for page in screening.words:
        for row in page["rows"]:
            assert " ".join(f"{row['question']} {row['answer']}".split()) in words


def test_reading_a_record_leaves_a_trace(chiropractor: FormClient) -> None:
    screening = sent()
    chiropractor.get(review_url(screening))
    event = AuditEvent.objects.get(event="screening read")
    assert (event.patient_id, event.object_id) == (screening.patient_id, str(screening.pk))
    assert event.actor is not None


def test_what_was_skipped_or_unsure_and_counts_nothing_leaves_a_note(
    chiropractor: FormClient,
) -> None:
    plain = text_of(chiropractor.get(review_url(sent())))
    assert "skipped the question" not in plain
    assert "not sure about" not in plain
    words = text_of(chiropractor.get(review_url(sent(rf_sexual="skipped", limp="not_sure"))))
    assert "The patient skipped the question about feeling or function during sex: ask." in words
    assert "The patient was not sure about a limp: counts 0 here, ask and look." in words


@pytest.mark.parametrize("tier", ["clinician_first", "same_day", "emergency"])
def test_a_tier_shows_what_set_it_and_neither_level_nor_plan(
    chiropractor: FormClient, tier: str
) -> None:
    screening = sent(tier)
    words = text_of(chiropractor.get(review_url(screening)))
    assert screening.result["flags"][0]["told"] in words
    assert "Levels and points are withheld" in words
    assert "(10)" not in words
    assert "Confidence" not in words
    assert "Final level" not in words
    assert "Approve version" not in words
    assert ("A new screening is needed after care" in words) is (tier != "clinician_first")
    assert ("Clear as Ellen Park, DC" in words) is (tier == "clinician_first")


def test_no_record_no_page(chiropractor: FormClient) -> None:
    for pk in ("999", "abc"):
        assert chiropractor.get(f"/admin/screening/screening/{pk}/change/").status_code == 404


def test_the_page_holds_no_inline_style_or_script(chiropractor: FormClient) -> None:
    page = chiropractor.get(review_url(sent("clinician_first"))).content.decode()
    assert " style=" not in page
    assert "<style" not in page
    assert "<script>" not in page
    assert "data:" not in page


# --- clearing ---------------------------------------------------------------------------------


def test_clearing_on_the_page_opens_level_and_plan(chiropractor: FormClient) -> None:
    screening = sent("clinician_first")
    response = chiropractor.post(review_url(screening, "clear"), {"reason": "Spoke with doctor"})
    assert response.status_code == 303
    words = text_of(chiropractor.get(review_url(screening)))
    assert "Cleared for a plan by Ellen Park, DC" in words
    assert "Likely (10)" in words
    assert "Approve version 1" in words


def test_clearing_without_a_reason_says_so_and_does_nothing(chiropractor: FormClient) -> None:
    screening = sent("clinician_first")
    page = chiropractor.post(review_url(screening, "clear"), {"reason": ""}, follow=True)
    assert "Say in one line why a plan is safe now." in text_of(page)
    assert not screening.plans.exists()


# --- examination and level --------------------------------------------------------------------


def test_raw_values_are_stored_and_suggest_a_level_that_is_not_applied(
    chiropractor: FormClient,
) -> None:
    screening = sent()
    typed = {"exam-mmt_abduction-left": "5", "exam-mmt_abduction-right": "4-"}
    typed |= {"exam-abduction_force-right": "104.5", "exam-note": "Tired"}
    assert press(chiropractor, screening, **typed).status_code == 303
    exam = Examination.objects.get(screening=screening)
    assert exam.findings["mmt_abduction"] == {"left": "5", "right": "4-"}
    assert exam.findings["abduction_force"] == {"right": 104.5}
    words = text_of(chiropractor.get(review_url(screening)))
    assert "Examination suggests: likely" in words
    assert "Abduction is 4-." in words
    assert Review.objects.get(screening=screening).final_right == ""


def test_an_impossible_value_is_named_and_nothing_typed_is_lost(chiropractor: FormClient) -> None:
    screening = sent()
    typed = {"exam-trendelenburg-left": "negative", "exam-single_leg_squat_pain-left": "14"}
    typed |= {"exam-note": "Typed with care"}
    page = press(chiropractor, screening, **typed)
    assert page.status_code == 422
    assert "Nothing was saved yet" in text_of(page)
    assert form_of(page)["exam-note"] == ["Typed with care"]
    assert form_of(page)["exam-single_leg_squat_pain-left"] == ["14"]
    assert not Examination.objects.exists()


def test_saving_an_untouched_page_decides_nothing(chiropractor: FormClient) -> None:
    screening = sent()
    assert press(chiropractor, screening).status_code == 303
    assert not screening.decisions.exists()


def test_another_level_than_the_screens_wants_a_reason(chiropractor: FormClient) -> None:
    screening = sent()
    levels = {"level-left": "unlikely", "level-right": "possible"}
    page = press(chiropractor, screening, **levels)
    assert page.status_code == 422
    assert "why the level differs from the screen" in text_of(page)
    assert form_of(page)["level-right"] == ["possible"]
    response = press(chiropractor, screening, **levels, **{"level-reason": "Grade 4+"})
    assert response.status_code == 303
    assert Review.objects.get(screening=screening).final_right == "possible"
    words = text_of(chiropractor.get(review_url(screening)))
    assert "Right: possible, was not decided, screen likely." in words
    assert "Grade 4+" in words


def test_agreeing_with_the_screen_is_one_press(chiropractor: FormClient) -> None:
    screening = sent()
    press(chiropractor, screening, do="agree")
    review = Review.objects.get(screening=screening)
    assert (review.final_left, review.final_right) == ("unlikely", "likely")


# --- the plan ---------------------------------------------------------------------------------


def test_doses_notes_and_message_are_saved_with_everything_else(chiropractor: FormClient) -> None:
    screening = sent()
    typed = {
        "row-clamshell-reps": "8",
        "row-clamshell-sets_right": "3",
        "row-clamshell-note": "Slowly",
        "plan-message": "See you on Friday",
        "exam-mmt_abduction-right": "4",
    }
    assert press(chiropractor, screening, **typed).status_code == 303
    plan = screening.plans.get()
    clam = planning.rows_of(plan)[0]
    assert (clam.reps, clam.sets_left, clam.sets_right, clam.note) == (8, 2, 3, "Slowly")
    assert plan.message == "See you on Friday"
    assert Examination.objects.exists()


@pytest.mark.parametrize(
    ("do", "first_two"),
    [
        ("up:double-leg-bridge", ["double-leg-bridge", "clamshell"]),
        ("down:clamshell", ["double-leg-bridge", "clamshell"]),
        ("easier:clamshell", ["isometric-hip-abduction", "double-leg-bridge"]),
        ("harder:double-leg-bridge", ["clamshell", "single-leg-bridge"]),
    ],
)
def test_rows_move_and_step_along_the_ladder(
    chiropractor: FormClient, do: str, first_two: list[str]
) -> None:
    screening = sent()
    assert press(chiropractor, screening, do=do).status_code == 303
    assert draft_slugs(screening)[:2] == first_two


def test_a_step_keeps_what_was_typed(chiropractor: FormClient) -> None:
    screening = sent()
    typed = {"row-double-leg-bridge-reps": "7", "row-clamshell-note": "Slowly"}
    press(chiropractor, screening, do="easier:clamshell", **typed)
    rows = planning.rows_of(screening.plans.get())
    assert (rows[0].slug, rows[0].note) == ("isometric-hip-abduction", "Slowly")
    assert rows[1].reps == 7


def test_adding_and_removing(chiropractor: FormClient) -> None:
    screening = sent()
    press(chiropractor, screening, do="add:dead-bug")
    assert "dead-bug" in draft_slugs(screening)
    press(chiropractor, screening, **{"row-clamshell-remove": "on"})
    assert "clamshell" not in draft_slugs(screening)
    page = press(chiropractor, screening, do="add:handstand")
    assert page.status_code == 422
    assert "Choose an exercise to add." in text_of(page)


def test_count_and_minutes_are_shown_and_what_they_exceed(chiropractor: FormClient) -> None:
    screening = sent(minutes=10)
    press(chiropractor, screening, do="add:dead-bug")
    press(chiropractor, screening, do="add:bird-dog")
    words = text_of(chiropractor.get(review_url(screening)))
    assert "5 exercises" in words
    assert "min of 10." in words
    assert "over the patient's time" in words
    assert "More than 4 exercises." in words


def test_a_card_that_the_planner_would_leave_out_warns(chiropractor: FormClient) -> None:
    screening = sent()
    press(chiropractor, screening, do="add:side-plank-leg-lift")
    assert "opened by a clinician only" in text_of(chiropractor.get(review_url(screening)))


def test_the_draft_is_made_anew_from_the_final_levels(chiropractor: FormClient) -> None:
    screening = sent()
    levels = {"level-left": "likely", "level-right": "unlikely", "level-reason": "Grade 4-"}
    press(chiropractor, screening, **levels)
    assert chiropractor.post(review_url(screening, "rebuild")).status_code == 303
    assert planning.rows_of(screening.plans.get())[0].first_side == "left"


# --- approving and printing -------------------------------------------------------------------


def printed_at(plan: Plan, paper: str = "letter") -> str:
    """Where a stored paper is read."""
    return f"/admin/exercises/plandocument/{plan.pk}/{paper}/home-exercise-plan.pdf"


def test_from_answers_to_paper_and_on_to_the_next_version(chiropractor: FormClient) -> None:
    screening = sent()
    typed = {"row-clamshell-reps": "8", "level-left": "unlikely", "level-right": "likely"}
    assert press(chiropractor, screening, do="approve", **typed).status_code == 303
    first = screening.plans.get()
    assert first.status == Plan.Status.APPROVED
    assert first.content["exercises"][0]["slug"] == "clamshell"
    page = chiropractor.get(review_url(screening))
    assert "Version 1 approved, print" in text_of(page)
    assert printed_at(first) in page.content.decode()

    paper = chiropractor.get(printed_at(first))
    assert paper.content == bytes(first.documents.get(paper="letter", edition="standard").pdf)
    assert paper["Content-Type"] == "application/pdf"
    assert paper["Content-Disposition"] == 'inline; filename="home-exercise-plan.pdf"'

    assert chiropractor.post(review_url(screening, "next-version")).status_code == 303
    words = text_of(chiropractor.get(review_url(screening)))
    assert "Draft of version 2." in words
    assert "Replaces version 1 of" in words
    assert chiropractor.get(printed_at(first)).status_code == 200
    press(chiropractor, screening, do="approve", **{"row-clamshell-reps": "12"})
    words = text_of(chiropractor.get(review_url(screening)))
    assert "Version 2 approved, print" in words
    assert "It replaces version 1" in words
    assert "Print version 1, US Letter" in words
    assert chiropractor.get(printed_at(first)).content == paper.content


def test_a_plan_that_is_not_approved_has_no_paper(chiropractor: FormClient) -> None:
    plan = sent().plans.get()
    assert chiropractor.get(printed_at(plan)).status_code == 404
    assert chiropractor.get(printed_at(plan, "a4")).status_code == 404
    assert (
        chiropractor.get("/admin/exercises/plandocument/99/a4/home-exercise-plan.pdf").status_code
        == 404
    )


@pytest.mark.parametrize("tier", ["clinician_first", "same_day", "emergency"])
def test_no_address_gives_a_plan_to_a_tier(chiropractor: FormClient, tier: str) -> None:
    screening = sent(tier)
    fields = opened(chiropractor, screening)
    row = {"row": "clamshell", "row-clamshell-sets_left": "2", "row-clamshell-sets_right": "2"}
    for do in ("approve", "approve-print", "approve-send", "add:clamshell", "save"):
        chiropractor.post(review_url(screening), {**fields, **row, "do": do})
    for act in ("next-version", "rebuild", "link", "send-link", "preview"):
        chiropractor.post(review_url(screening, act))
    assert not Plan.objects.exists()
    assert not screening.plan_links.exists()


def test_a_personal_link_is_shown_once(chiropractor: FormClient) -> None:
    screening = sent()
    press(chiropractor, screening, do="approve")
    page = chiropractor.post(review_url(screening, "link"))
    assert "It is shown this once." in text_of(page)
    address = page.content.decode().split('value="http://testserver/p/')[1].split('"')[0]
    assert FormClient().get(f"/p/{address}").status_code == 200
    assert address not in chiropractor.get(review_url(screening)).content.decode()


# --- two people -------------------------------------------------------------------------------


def test_the_second_save_shows_both_values_and_loses_none(
    chiropractor: FormClient, colleague: User
) -> None:
    screening = sent()
    mine = opened(chiropractor, screening)
    reviews.record_examination(
        screening=screening,
        by=colleague,
        findings={"mmt_abduction": {"right": "4-"}, "ober": {"left": "negative"}},
    )
    mine |= {"exam-mmt_abduction-right": "4+", "exam-note": "Mine", "do": "save"}
    page = chiropractor.post(review_url(screening), mine)
    assert page.status_code == 409
    words = text_of(page)
    assert "Two people changed this record" in words
    assert "Jo Lind saved this record" in words
    assert "pelvis fixed), Grade, right Both changed it empty Yours: 4+" in words
    fields = form_of(page)
    assert fields["exam-mmt_abduction-right"] == ["4+"]
    assert fields["exam-note"] == ["Mine"]
    assert fields["exam-ober-left"] == ["negative"]
    assert Examination.objects.get().findings["mmt_abduction"] == {"right": "4-"}

    assert chiropractor.post(review_url(screening), {**fields, "do": "save"}).status_code == 303
    exam = Examination.objects.get()
    assert exam.findings["mmt_abduction"] == {"right": "4+"}
    assert exam.findings["ober"] == {"left": "negative"}
    assert exam.note == "Mine"


def test_changes_to_different_rows_of_the_plan_both_stay(
    chiropractor: FormClient, colleague: User
) -> None:
    screening = sent()
    mine = opened(chiropractor, screening)
    plan = screening.plans.get()
    rows = planning.rows_of(plan)
    added = planning.plan_rows.habit("habit-uncross")
    planning.change(plan=plan, by=colleague, rows=[*rows[:3], *rows[4:], added])
    mine |= {"row-clamshell-reps": "8", "do": "approve"}
    page = chiropractor.post(review_url(screening), mine)
    assert page.status_code == 409
    assert screening.plans.get().status == Plan.Status.DRAFT
    fields = form_of(page)
    assert "sit-to-stand" not in fields["row"]
    assert "habit-uncross" in fields["row"]
    assert fields["row-clamshell-reps"] == ["8"]
    assert chiropractor.post(review_url(screening), {**fields, "do": "save"}).status_code == 303
    saved = planning.rows_of(screening.plans.get())
    assert [row.slug for row in saved][-1] == "habit-uncross"
    assert saved[0].reps == 8


def test_a_page_that_came_back_broken_saves_nothing(chiropractor: FormClient) -> None:
    screening = sent()
    fields = opened(chiropractor, screening)
    for broken in (
        {"version": "x"},
        {"version": "", "opened": "{"},
        {"version": "99", "opened": "[]"},
    ):
        page = chiropractor.post(review_url(screening), {**fields, **broken, "exam-note": "Mine"})
        assert page.status_code == 409
        assert form_of(page)["exam-note"] == ["Mine"]
    assert not Examination.objects.exists()
