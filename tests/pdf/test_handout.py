"""What a plan says: the words that are frozen at approval, before any layout."""

import json
from datetime import date

import pytest

from exercises import handout, library
from exercises.handout import safety, schedule
from screening.anatomy import Level
from tests.pdf.sheets import (
    FOUR,
    HABITS,
    ISSUER,
    both,
    dose,
    findings,
    heading,
    item,
    sheet,
    told,
)


def test_everything_can_be_frozen_as_json() -> None:
    assert json.loads(json.dumps(sheet())) == sheet()


def test_the_same_plan_gives_the_same_words() -> None:
    assert sheet() == sheet()


def test_it_names_practice_patient_plan_version_day_and_clinician() -> None:
    content = sheet()
    assert content["practice"]["name"] == "Harbor Street Chiropractic"
    assert content["patient"] == "Maria Alvarez (example)"
    assert content["identity"] == "Plan 000042, version 2"
    assert content["replaces"] == "Replaces version 1"
    assert content["signed"] == "Nov. 25, 2026. Sam Rivera, DC"
    assert content["foot"] == "Plan 000042, version 2, Nov. 25, 2026. Rules 1. (512)\u00a0555-0142"
    assert content["honest"] == (
        "This is a screen, not a diagnosis. Sam Rivera, DC has checked this plan."
    )
    assert "Rules version 1, questionnaire version 1." in content["versions"]


def test_a_sample_never_says_that_somebody_checked_it() -> None:
    content = sheet(heading=heading(notice="Sample print."))
    assert "has checked" not in json.dumps(content)


@pytest.mark.parametrize(
    ("left", "right", "line"),
    [
        (
            Level.UNLIKELY,
            Level.LIKELY,
            "Several of your answers fit with weaker hip muscles on your right side.",
        ),
        (
            Level.POSSIBLE,
            Level.UNLIKELY,
            "Some of your answers fit with a hip muscle on your left side that may need work.",
        ),
        (
            Level.LIKELY,
            Level.LIKELY,
            "Several of your answers fit with weaker hip muscles on both sides.",
        ),
        (
            Level.UNLIKELY,
            Level.UNLIKELY,
            "Your answers do not point to weak hip muscles. Keep moving.",
        ),
    ],
)
def test_what_the_answers_showed_is_said_without_certainty(left, right, line) -> None:
    content = sheet(findings=findings(left=left, right=right))
    assert content["showed"][0] == line


def test_the_findings_fit_three_lines_with_the_strongest_reasons_of_that_side() -> None:
    reasons = (
        told("a weak reason", counted=1),
        told("a strong reason", counted=3),
        told("the other side", side="left", counted=3),
        told("a middle reason", counted=2),
        told("a reason above the cap", counted=0),
    )
    content = sheet(findings=findings(told=reasons))
    assert content["showed"][1:] == ["You told us a strong reason.", "You told us a middle reason."]


def test_final_levels_of_the_clinician_are_said_as_tests() -> None:
    content = sheet(findings=findings(examined=True))
    assert content["showed"][0].startswith("Your chiropractor's tests fit")


def test_the_pain_guide_uses_the_practices_limits() -> None:
    ranges = [light["range"] for light in safety.pain_guide(2, 4)]
    assert ranges == ["0 to 2", "3 to 4", "5 to 10"]
    assert [light["range"] for light in safety.pain_guide(8, 9)] == ["0 to 8", "9", "10"]


def test_every_plan_prints_the_universal_stop_rule_and_the_emergency_list() -> None:
    for content in (sheet(), sheet(HABITS[0])):
        box = content["safety"]
        assert box["stop_title"] == "Universal stop rule:"
        assert "above 5 out of 10" in box["stop"]
        assert box["emergency_title"] == "Call 911 now if you get"
        assert "chest pain or trouble breathing" in box["emergency"]


def test_the_local_emergency_number_is_used_everywhere() -> None:
    issuer = handout.Issuer(name="Praxis", emergency_number="112")
    words = json.dumps(sheet(issuer=issuer))
    assert "911" not in words
    assert words.count("112") >= 3


def test_the_week_says_which_exercises_on_which_day() -> None:
    week = schedule.week([3, 3, 7])
    assert [day["does"] for day in week] == [
        "Do all 3",
        "Do 3",
        "Do all 3",
        "Do 3",
        "Do all 3",
        "Do 3",
        "Do 3",
    ]
    assert [day["does"] for day in schedule.week([3])][:2] == ["Do it", "rest"]


def test_the_diary_runs_14_days_from_the_plans_day_with_rest_days_marked() -> None:
    diary = schedule.diary(["Clam"], [3], habits=True, start=date(2026, 11, 25))
    assert len(diary["days"]) == 14
    assert diary["days"][0] == {"name": "Wed", "date": "25"}
    assert diary["days"][6] == {"name": "Tue", "date": "1"}
    assert diary["rows"][0] == {
        "name": "1. Clam",
        "marks": ["", "–", "", "–", "–", "", "–", "", "–", "", "–", "–", "", "–"],
    }
    assert [row["name"] for row in diary["rows"]] == [
        "1. Clam",
        "My habits",
        "Worst pain 0 to 10",
        "E, O or H",
    ]


def test_a_block_says_why_how_how_much_and_what_next() -> None:
    block = sheet()["exercises"][0]
    assert block["number"] == 1
    assert block["side_tag"] == "First: RIGHT leg on top"
    assert block["side"] == "right"
    assert block["because"] == "Because you told us your right knee drops forward at night."
    assert 4 <= len(block["steps"]) <= 6
    assert block["in_words"].startswith("Do it 12 times on the RIGHT")
    assert block["mistake"]
    assert "2 sessions in a row" in block["harder"]


def test_a_neighbour_is_named_only_when_it_is_open_to_this_patient() -> None:
    open_ladder = sheet(item(dose("clamshell")), open_slugs={"side-lying-leg-lift"})
    closed = sheet(item(dose("clamshell")), open_slugs=frozenset())
    assert open_ladder["exercises"][0]["harder"].endswith("ask for: Side leg lift lying down.")
    for words in ("harder", "easier"):
        assert "card" not in closed["exercises"][0][words]
        assert ": " not in closed["exercises"][0][words]


def test_no_block_sends_the_patient_to_an_unnamed_card() -> None:
    cards = library.load()
    for slug in (slug for slug, card in cards.items() if card.dose):
        block = sheet(item(both(slug)), open_slugs=set(cards))["exercises"][0]
        assert "next card" not in block["harder"]


def test_cautions_and_the_note_for_the_patient_are_printed() -> None:
    content = sheet(item(dose(cautions=("Small range.",)), note="Use the blue band."))
    assert content["exercises"][0]["cautions"] == ["Small range."]
    assert content["exercises"][0]["note"] == "Use the blue band."


def test_habits_have_advice_a_goal_and_evidence() -> None:
    for card in sheet(*HABITS)["habits"]:
        assert card["advice"]
        assert card["target"]
        assert card["evidence"]
        assert card["because"]


def test_a_plan_of_habits_alone_has_no_exercise_week_or_path() -> None:
    content = sheet(HABITS[0], findings=findings(right=Level.UNLIKELY, pain_worst=0))
    assert content["exercises"] == []
    assert content["week"]["days"] == []
    assert content["path"] == []
    assert content["title"] == "Your plan to keep your hips strong"


def test_minutes_are_rounded_up() -> None:
    assert sheet()["week"]["minutes"] == "About 15 minutes each time."


def test_a_very_long_goal_is_cut_with_a_sign() -> None:
    content = sheet(findings=findings(goals=("x" * 5000,)))
    assert content["goals"][0].endswith("…")
    assert len(content["goals"][0]) < 200


def test_four_exercises_are_numbered_in_order() -> None:
    assert [block["number"] for block in sheet(*FOUR)["exercises"]] == [1, 2, 3, 4]


def test_pictures_get_the_address_of_page_or_paper() -> None:
    content = sheet()
    content["exercises"][0]["pictures"] = [{"file": "figures/x.svg", "alt": "Start"}]
    shown = handout.with_pictures(content, lambda name: f"/static/{name}")
    assert shown["exercises"][0]["pictures"][0]["src"] == "/static/figures/x.svg"
    assert "src" not in content["exercises"][0]["pictures"][0]


def test_a_two_sided_exercise_says_so() -> None:
    assert sheet(item(both("double-leg-bridge")))["exercises"][0]["side_tag"] == "BOTH sides"


def test_the_issuer_is_the_practices() -> None:
    assert sheet()["practice"]["contact"] == f"{ISSUER.address}. {ISSUER.phone}"
