"""The clinic tests: what can be recorded, what is refused, and what the findings suggest."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening import examination
from screening.anatomy import SIDES, Level, Side
from screening.examination import GRADES, TESTS, ExaminationError, Kind

LEFT, RIGHT = SIDES


def suggested(side: Side = LEFT, **findings: Any) -> Level | None:
    return examination.suggest_level(examination.check(findings), side).level


def noted(side: Side = LEFT, **findings: Any) -> str:
    return " ".join(examination.notes(examination.check(findings), side))


# --- the table ---------------------------------------------------------------------------------


def test_all_eighteen_tests_of_the_specification_can_be_recorded() -> None:
    assert len(TESTS) == 18
    assert len({test.id for test in TESTS}) == 18
    measures = [measure.key for test in TESTS for measure in test.measures]
    assert len(measures) == len(set(measures))


def test_only_leg_length_pelvis_and_gait_have_no_side() -> None:
    assert {test.id for test in TESTS if not test.per_side} == {
        "leg_length",
        "pelvis_level",
        "gait",
    }


@pytest.mark.parametrize("test", TESTS, ids=lambda test: test.id)
def test_every_test_says_how_to_read_it(test: examination.Test) -> None:
    assert test.interpretation.endswith(".")
    assert test.effect.endswith(".")
    assert test.evidence.endswith(".")
    for measure in test.measures:
        if measure.kind in (Kind.ONE, Kind.MANY):
            assert measure.options
        else:
            assert measure.maximum > measure.minimum


def test_the_grades_run_from_none_to_normal() -> None:
    assert GRADES == ("0", "1", "2-", "2", "2+", "3-", "3", "3+", "4-", "4", "4+", "5-", "5")


# --- recording ---------------------------------------------------------------------------------


def test_empty_fields_are_left_out_and_the_rest_keeps_its_value() -> None:
    assert examination.check(
        {
            "gait": {"both": ["trendelenburg_left", "short_step"]},
            "mmt_abduction": {"left": "4-", "right": ""},
            "trendelenburg_seconds": {"left": 0, "right": None},
            "faber_pain": {"left": []},
        }
    ) == {
        "mmt_abduction": {"left": "4-"},
        "trendelenburg_seconds": {"left": 0},
        "gait": {"both": ["trendelenburg_left", "short_step"]},
    }


def test_nothing_at_all_may_be_recorded() -> None:
    assert examination.check({}) == {}


@pytest.mark.parametrize(
    ("findings", "key"),
    [
        ({"strength": {"left": "5"}}, "strength"),
        ({"mmt_abduction": "5"}, "mmt_abduction"),
        ({"mmt_abduction": {"both": "5"}}, "mmt_abduction_both"),
        ({"gait": {"left": ["normal"]}}, "gait_left"),
        ({"mmt_abduction": {"left": "6"}}, "mmt_abduction_left"),
        ({"mmt_abduction": {"right": 5}}, "mmt_abduction_right"),
        ({"straight_leg_raise_angle": {"left": 91}}, "straight_leg_raise_angle_left"),
        ({"straight_leg_raise_angle": {"left": "45"}}, "straight_leg_raise_angle_left"),
        ({"straight_leg_raise_angle": {"left": True}}, "straight_leg_raise_angle_left"),
        ({"straight_leg_raise_angle": {"left": 45.5}}, "straight_leg_raise_angle_left"),
        ({"abduction_force": {"left": float("nan")}}, "abduction_force_left"),
        ({"abduction_force": {"left": -1}}, "abduction_force_left"),
        ({"gait": {"both": "normal"}}, "gait_both"),
        ({"gait": {"both": ["flying"]}}, "gait_both"),
        ({"gait": {"both": ["normal", "waddling"]}}, "gait_both"),
        ({"single_leg_squat_signs": {"left": "x" * 201}}, "single_leg_squat_signs_left"),
        ({"single_leg_squat_signs": {"left": "a\x00b"}}, "single_leg_squat_signs_left"),
    ],
)
def test_a_value_that_a_test_does_not_allow_is_refused_by_name(
    findings: dict[str, Any], key: str
) -> None:
    with pytest.raises(ExaminationError) as refused:
        examination.check(findings)
    assert refused.value.key == key
    assert str(refused.value).endswith(".")


def test_a_force_may_have_decimals() -> None:
    assert examination.check({"abduction_force": {"left": 81.5}}) == {
        "abduction_force": {"left": 81.5}
    }


# --- the suggested level -----------------------------------------------------------------------


def test_without_findings_nothing_is_suggested() -> None:
    assert suggested() is None
    assert suggested(RIGHT, mmt_abduction={"left": "3"}) is None


@pytest.mark.parametrize("grade", GRADES)
def test_the_grade_of_abduction_suggests_a_level(grade: str) -> None:
    expected = Level.LIKELY
    if grade in ("4", "4+"):
        expected = Level.POSSIBLE
    elif grade in ("5-", "5"):
        expected = Level.UNLIKELY
    assert suggested(mmt_abduction={"left": grade}) is expected


@pytest.mark.parametrize(
    ("findings", "level"),
    [
        # Trendelenburg
        ({"trendelenburg": {"left": "positive"}}, Level.POSSIBLE),
        ({"trendelenburg": {"left": "delayed"}}, Level.POSSIBLE),
        ({"trendelenburg": {"left": "negative"}}, None),
        ({"trendelenburg": {"left": "invalid"}}, None),
        ({"trendelenburg": {"left": "positive"}, "mmt_abduction": {"left": "4"}}, Level.LIKELY),
        ({"trendelenburg": {"left": "positive"}, "mmt_abduction": {"left": "4+"}}, Level.POSSIBLE),
        ({"trendelenburg": {"left": "positive"}, "mmt_abduction": {"left": "5"}}, Level.POSSIBLE),
        ({"trendelenburg": {"left": "negative"}, "mmt_abduction": {"left": "4-"}}, Level.LIKELY),
        # dynamometer
        ({"abduction_force": {"left": 85, "right": 100}}, Level.LIKELY),
        ({"abduction_force": {"left": 86, "right": 100}}, None),
        ({"abduction_force": {"left": 100, "right": 85}}, None),
        ({"abduction_force": {"left": 50}}, None),
        (
            {
                "abduction_force": {"left": 8, "right": 100},
                "abduction_force_unit": {"left": "kg", "right": "n"},
            },
            None,
        ),
        ({"abduction_torque": {"left": 0.8, "right": 1.2}}, Level.LIKELY),
        ({"abduction_clearly_low": {"left": "yes"}}, Level.LIKELY),
        # single-leg squat
        ({"single_leg_squat": {"left": "poor"}}, Level.POSSIBLE),
        ({"single_leg_squat": {"left": "good"}}, None),
        ({"single_leg_squat": {"left": "poor"}, "mmt_abduction": {"left": "5"}}, Level.POSSIBLE),
        ({"single_leg_squat": {"left": "unable"}, "mmt_abduction": {"left": "4"}}, Level.LIKELY),
        ({"single_leg_squat": {"left": "poor"}, "mmt_abduction": {"left": "3"}}, Level.LIKELY),
        # gait
        ({"gait": {"both": ["trendelenburg_left"]}}, Level.POSSIBLE),
        ({"gait": {"both": ["trendelenburg_right"]}}, None),
        (
            {"gait": {"both": ["trendelenburg_left"]}, "mmt_abduction": {"left": "5"}},
            Level.POSSIBLE,
        ),
        # strong and steady
        (
            {
                "mmt_abduction": {"left": "5"},
                "single_leg_squat": {"left": "good"},
                "trendelenburg": {"left": "positive"},
                "gait": {"both": ["trendelenburg_left"]},
            },
            Level.UNLIKELY,
        ),
        # only supporting
        ({"step_down": {"left": "poor"}}, None),
        ({"hip_abduction_examiner": {"left": 3}}, None),
        ({"ober": {"left": "positive"}, "faber": {"left": "positive"}}, None),
    ],
)
def test_the_worst_sign_of_weakness_wins(findings: dict[str, Any], level: Level | None) -> None:
    assert suggested(**findings) is level


def test_a_suggestion_says_why() -> None:
    findings = examination.check(
        {
            "mmt_abduction": {"left": "4"},
            "mmt_extension": {"left": "4-"},
            "single_leg_squat": {"left": "poor"},
            "step_down_score": {"left": 4},
            "hip_abduction_patient": {"left": 2},
            "trendelenburg": {"left": "negative"},
        }
    )
    reasons = " ".join(examination.suggest_level(findings, LEFT).reasons)
    for words in (
        "Abduction is 4.",
        "squat is poor: one level higher",
        "step-down is poor",
        "supports the side-hip muscle",
        "more weight",
        "lowers the confidence",
    ):
        assert words in reasons


@given(st.sampled_from(GRADES), st.sampled_from(["good", "fair", "poor", "unable"]))
def test_left_and_right_are_read_alike(grade: str, squat: str) -> None:
    def on(side: Side) -> Level | None:
        return suggested(side, mmt_abduction={side: grade}, single_leg_squat={side: squat})

    assert on(LEFT) is on(RIGHT)


# --- notes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("findings", "words"),
    [
        ({"mmt_abduction": {"left": "3"}}, "check nerves, gluteal tendons and a tear"),
        ({"myotome_l5": {"left": 4}}, "Weak: L5. The hip weakness may come from a nerve"),
        ({"myotome_l4": {"left": 0}, "myotome_s1": {"left": 3}}, "Weak: L4, S1."),
        ({"straight_leg_raise": {"left": "positive"}}, "hold the hip hinge"),
        ({"straight_leg_raise_crossed": {"left": "positive"}}, "hold the hip hinge"),
        ({"trochanter_tender": {"left": "yes"}}, "Gluteal tendons (GTPS)"),
        ({"stance_side_pain": {"left": "yes"}}, "Gluteal tendons (GTPS)"),
        ({"faber_pain": {"left": ["groin", "si"]}}, "think of the hip joint"),
        ({"si_positive": {"left": 2}, "si_done": {"left": "4"}}, "SI joint provocation"),
        ({"si_positive": {"left": 3}, "si_done": {"left": "5"}}, "SI joint provocation"),
        ({"thomas": {"left": "positive"}}, "add a hip flexor stretch"),
        (
            {"leg_length_difference": {"both": 21}, "leg_length_short": {"both": "left"}},
            "21 mm shorter",
        ),
    ],
)
def test_what_else_to_think_of(findings: dict[str, Any], words: str) -> None:
    assert words in noted(**findings)
    assert noted(RIGHT, **findings) == ""


@pytest.mark.parametrize(
    "findings",
    [
        {"mmt_abduction": {"left": "3+"}},
        {"myotome_l5": {"left": 5}, "myotome_l2": {"left": 2}},
        {"straight_leg_raise": {"left": "negative"}},
        {"si_positive": {"left": 2}, "si_done": {"left": "5"}},
        {"leg_length_difference": {"both": 20}, "leg_length_short": {"both": "left"}},
    ],
)
def test_what_needs_no_note(findings: dict[str, Any]) -> None:
    assert noted(**findings) == ""
