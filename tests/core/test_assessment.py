"""From answers to an assessment: golden personas, the contract's decisions and properties."""

from typing import Any

import pytest

from screening import assessment, rulesets
from screening.anatomy import Level, Tier
from screening.answers import parse
from screening.assessment import Assessment
from tests.core.records import minimal_record

RULESET = rulesets.load("1")
LIMITS = RULESET.limits

SLEEPS_ON_LEFT = {
    "side_sleep_nights": "5_7",
    "top_knee_drops": "yes",
    "side_lain_on": "left",
    "knee_pillow": "never",
}

# --- golden personas, specification 3.5 ----------------------------------------------------------

PERSONAS: dict[str, tuple[dict[str, Any], tuple[int, str], tuple[int, str]]] = {
    "P0 nothing": ({}, (0, "unlikely"), (0, "unlikely")),
    "P1 desk worker, no pain": (
        {
            "sitting_bout": "over_60",
            "sitting_hours": "over_8",
            "leg_crossing": "2_hours_or_more",
            "crossing_style": "knee_over_knee",
            "top_leg": "right",
        },
        (2, "unlikely"),
        (4, "possible"),
    ),
    "P2 right-sided picture": (
        SLEEPS_ON_LEFT
        | {
            "sitting_bout": "31_to_60",
            "sitting_hours": "6_to_8",
            "places": ["low_back:right", "buttock:right"],
            "pain_worst": 4,
            "hard_one_leg": "right",
            "hard_stairs": "right",
            "stance_left": "ok",
            "stance_right": "drop",
            "leg_lift_left": 0,
            "leg_lift_right": 3,
        },
        (1, "unlikely"),
        (10, "likely"),
    ),
    "P3 signs only": (
        {"stance_left": "drop0", "stance_right": "ok", "leg_lift_left": 4, "leg_lift_right": 0},
        (5, "possible"),
        (0, "unlikely"),
    ),
    "P4 central back pain and sitting, no self-test": (
        {
            "sitting_bout": "over_60",
            "sitting_hours": "6_to_8",
            "places": ["low_back:middle"],
            "pain_worst": 3,
        },
        (3, "possible"),
        (3, "possible"),
    ),
    "P5 habits and pain, no signs": (
        SLEEPS_ON_LEFT
        | {
            "one_leg_standing": "2_hours_or_more",
            "standing_leg": "right",
            "places": ["low_back:right", "buttock:right", "outer_hip:right"],
            "pain_worst": 3,
            "hard_one_leg": "right",
        },
        (0, "unlikely"),
        (8, "possible"),
    ),
    "P6 runner": (
        {
            "hip_drop": "left",
            "tires_early": "left",
            "places": ["low_back:left"],
            "pain_worst": 3,
            "hard_long_standing": "left",
            "activity": "sport",
            "sport_kind": "running",
            "training_jump": "yes",
            "injuries": ["ankle:left"],
            "stance_left": "drop",
        },
        (9, "likely"),
        (0, "unlikely"),
    ),
    "P7 woman of 78, poor balance only": (
        {
            "age": 78,
            "sitting_bout": "31_to_60",
            "sitting_hours": "6_to_8",
            "stance_left": "bal",
            "stance_right": "bal",
        },
        (1, "unlikely"),
        (1, "unlikely"),
    ),
}


def assess(**changes: Any) -> Assessment:
    return assessment.assess(parse(minimal_record(**changes)), RULESET)


@pytest.mark.parametrize("name", PERSONAS)
def test_golden_persona(name: str) -> None:
    changes, left, right = PERSONAS[name]
    result = assess(**changes)
    assert (result.left.total, result.left.level.value) == left
    assert (result.right.total, result.right.level.value) == right
    assert result.triage is Tier.NONE


def test_the_personas_overall_confidence_and_tags() -> None:
    p4 = assess(**PERSONAS["P4 central back pain and sitting, no self-test"][0])
    assert (p4.overall, p4.confidence) == ("both", "low")
    p2 = assess(**PERSONAS["P2 right-sided picture"][0])
    assert (p2.overall, p2.confidence, p2.emphasis) == ("right", "moderate", "gmed")
    p7 = assess(**PERSONAS["P7 woman of 78, poor balance only"][0])
    assert p7.tags == ("balance_risk",)


def test_the_right_sided_picture_is_the_example_of_the_contract() -> None:
    assert assessment.to_json(assess(**PERSONAS["P2 right-sided picture"][0])) == {
        "triage": "none",
        "flags": [],
        "prompts": [],
        "tags": [],
        "left": {"level": "unlikely", "total": 1, "points": {"A3": 1}},
        "right": {
            "level": "likely",
            "total": 10,
            "points": {
                "A1": 2,
                "A3": 1,
                "B1": 1,
                "B2": 1,
                "B4": 1,
                "B5": 1,
                "C5": 2,
                "C6": 1,
            },
        },
        "overall": "right",
        "confidence": "moderate",
        "emphasis": "gmed",
        "questionnaire": "1",
        "ruleset": "1",
    }


# --- what the contract decides -------------------------------------------------------------------


def test_only_the_larger_of_old_injury_and_surgery_fires() -> None:
    result = assess(
        injuries=["ankle:left", "knee:right"],
        surgery=["hip_replacement:left"],
        surgery_months=24,
    )
    assert result.left.points == {"D2": 2}
    assert result.right.points == {"D1": 1}


def test_overuse_counts_only_on_a_side_that_already_has_three_points() -> None:
    training: dict[str, Any] = {"activity": "sport", "training_hours": "10_plus"}
    weak_left = assess(**training, hip_drop="left", limp="left", tires_early="right")
    assert weak_left.left.points == {"C1": 1, "C2": 2, "E": 1}
    assert weak_left.left.total == 4
    assert weak_left.right.points == {"C4": 1}


def test_two_points_are_not_enough_for_overuse() -> None:
    result = assess(activity="sport", training_jump="yes", hip_drop="left")
    assert result.left.points == {"C2": 2}


def test_habits_are_capped_at_four() -> None:
    result = assess(
        **SLEEPS_ON_LEFT,
        one_leg_standing="2_hours_or_more",
        standing_leg="right",
        sitting_bout="over_60",
        sitting_hours="over_8",
        leg_crossing="2_hours_or_more",
        crossing_style="knee_over_knee",
        top_leg="right",
    )
    assert result.right.points == {"A1": 2, "A2": 2, "A3": 2, "A4": 2}
    assert result.right.total == 4


def test_seven_points_without_a_sign_stay_possible() -> None:
    result = assess(**PERSONAS["P5 habits and pain, no signs"][0])
    assert result.right.level is Level.POSSIBLE


def test_equal_levels_are_both_whatever_the_totals() -> None:
    result = assess(hip_drop="both", limp="both", tires_early="left")
    assert result.left.total > result.right.total
    assert result.overall == "both"


@pytest.mark.parametrize(
    "key",
    [
        "side_lain_on",
        "standing_leg",
        "top_leg",
        "hard_one_leg",
        "hard_stairs",
        "hard_long_standing",
        "limp",
        "hip_drop",
        "top_knee_drops",
    ],
)
def test_an_unsure_side_makes_the_screen_less_sure(key: str) -> None:
    sure: dict[str, Any] = SLEEPS_ON_LEFT | {
        "places": ["knee:left"],
        "one_leg_standing": "under_2_hours",
        "leg_crossing": "under_2_hours",
        "crossing_style": "knee_over_knee",
        "stance_left": "ok",
    }
    assert assess(**sure).confidence == "moderate"
    assert assess(**(sure | {key: "not_sure"})).confidence == "low"


@pytest.mark.parametrize("key", ["waddle", "hard_shoes", "worse_turning"])
def test_other_unsure_answers_leave_the_confidence(key: str) -> None:
    result = assess(places=["knee:left"], stance_left="ok", **{key: "not_sure"})
    assert result.confidence == "moderate"


@pytest.mark.parametrize(
    ("tests", "confidence"),
    [
        ({}, "low"),
        ({"stance_left": "nd", "leg_lift_right": "declined"}, "low"),
        ({"stance_left_seconds": 30, "stance_left_pain": 0}, "low"),
        ({"stance_right": "ok"}, "moderate"),
        ({"leg_lift_left": 0}, "moderate"),
        ({"stance_right": "ok", "stance_left_pain": 3}, "moderate"),
        ({"stance_right": "ok", "stance_left_pain": 4}, "low"),
    ],
)
def test_confidence_follows_the_tests_at_home(tests: dict[str, Any], confidence: str) -> None:
    assert assess(**tests).confidence == confidence


@pytest.mark.parametrize(
    ("changes", "emphasis"),
    [
        ({}, "both"),
        ({"hip_drop": "left"}, "gmed"),
        ({"limp": "left"}, "both"),
        ({"sitting_bout": "31_to_60"}, "gmax"),
        ({"sitting_bout": "31_to_60", "limp": "left"}, "both"),
        ({"places": ["low_back:left", "buttock:left"]}, "both"),
        ({"places": ["buttock:left"], "hard_stairs": "both"}, "gmax"),
        ({"tires_early": "both"}, "both"),
    ],
)
def test_emphasis_needs_a_lead_of_two(changes: dict[str, Any], emphasis: str) -> None:
    assert assess(**changes).emphasis == emphasis


# --- words ---------------------------------------------------------------------------------------


def test_nothing_found_is_said_kindly_and_without_a_promise() -> None:
    sentence = assessment.result_sentence(assess(), RULESET)
    assert sentence.startswith("Your answers do not point to weak hip muscles.")
    assert sentence.endswith("many people with weak hips have none.")


def test_a_likely_side_is_named() -> None:
    sentence = assessment.result_sentence(assess(**PERSONAS["P6 runner"][0]), RULESET)
    assert "Several of your answers fit with weaker hip muscles on your left side." in sentence


def test_both_sides_with_a_clear_difference_say_which_is_more() -> None:
    some = {"hip_drop": "both", "limp": "both"}
    even = assessment.result_sentence(assess(**some), RULESET)
    assert "on both of your sides" in even
    assert "More of your answers" not in even
    more = assessment.result_sentence(assess(**some, stance_right="drop0"), RULESET)
    assert "More of your answers point to the right side." in more


def test_the_patient_never_reads_certainty_or_a_number() -> None:
    for changes, _, _ in PERSONAS.values():
        sentence = assessment.result_sentence(assess(**changes), RULESET)
        assert "you have weak" not in sentence.lower()
        assert not any(character.isdigit() or character == "%" for character in sentence)


def test_the_screen_says_how_sure_it_is_and_why() -> None:
    def said(**changes: Any) -> str:
        return assessment.confidence_sentence(parse(minimal_record(**changes)), RULESET)

    assert said(stance_left="ok").startswith("This screen is moderately sure.")
    assert "did not do the checks at home" in said()
    assert "You were not sure" in said(stance_left="ok", limp="not_sure")
    assert "hurt" in said(stance_left="ok", stance_left_pain=6)


def test_a_cap_is_shown_where_it_bites() -> None:
    answers = parse(
        minimal_record(
            **SLEEPS_ON_LEFT,
            one_leg_standing="2_hours_or_more",
            standing_leg="right",
            sitting_bout="31_to_60",
        )
    )
    result = assessment.assess(answers, RULESET)
    right = [r for r in assessment.explain(answers, result, RULESET) if r.side == "right"]
    assert [(r.rule, r.points, r.counted) for r in right] == [
        ("A1", 2, 2),
        ("A2", 2, 2),
        ("A3", 1, 0),
    ]
