"""What the clinician is asked to check, and the tags that make a plan careful."""

from typing import Any

import pytest

from screening import assessment, prompts, rulesets
from screening.answers import parse
from screening.assessment import Assessment
from screening.sources import SOURCES
from tests.core.records import minimal_record


def assess(**changes: Any) -> Assessment:
    return assessment.assess(parse(minimal_record(**changes)), rulesets.load("1"))


# --- tags ----------------------------------------------------------------------------------------

TAGS: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    ({}, ()),
    ({"falls": "once"}, ("balance_risk",)),
    ({"unsteady": "sometimes"}, ("balance_risk",)),
    ({"age": 75}, ("balance_risk",)),
    ({"age": 74}, ()),
    ({"surgery": ["hip_replacement:left"], "surgery_months": 20}, ("hip_replacement",)),
    ({"surgery": ["hip_other:left"], "surgery_months": 20}, ()),
    ({"places": ["outer_hip:left"]}, ("lateral_hip_pain",)),
    ({"stance_left_pain": 2, "stance_left_pain_place": "outer_hip"}, ("lateral_hip_pain",)),
    ({"stance_left_pain": 1, "stance_left_pain_place": "outer_hip"}, ()),
    ({"places": ["groin:right"]}, ("groin_pain",)),
    ({"leg_symptoms": "same_for_weeks"}, ("leg_neuro",)),
    ({"leg_symptoms": "new_or_worse"}, ()),
    ({"conditions": ["osteoporosis"]}, ("osteoporosis",)),
    ({"conditions": ["blood_pressure"]}, ("bp",)),
    ({"conditions": ["hernia"]}, ("hernia",)),
    ({"conditions": ["heart", "diabetes_numb_feet"]}, ()),
    ({"floor": "no"}, ("no_floor",)),
    ({"floor": "with_support"}, ()),
    ({"support_limits": ["knees"]}, ("no_kneel",)),
    ({"support_limits": ["wrists"]}, ("no_wrist",)),
    ({"places": ["knee:left"]}, ("knee_pain",)),
    ({"injuries": ["knee:left"]}, ("knee_pain",)),
    ({"surgery": ["knee:left"], "surgery_months": 20}, ("knee_pain",)),
    ({"pregnancy": "pregnant"}, ("pregnant",)),
    ({"pregnancy": "postpartum"}, ()),
    ({"pain_worst": 7, "settles": "minutes"}, ("high_irritability",)),
    ({"pain_worst": 1, "settles": "over_a_day"}, ("high_irritability",)),
    ({"pain_worst": 1, "settles": "never"}, ("high_irritability",)),
    ({"pain_worst": 6, "settles": "1_to_24_hours"}, ()),
]


@pytest.mark.parametrize(("changes", "tags"), TAGS)
def test_tags(changes: dict[str, Any], tags: tuple[str, ...]) -> None:
    assert assess(**changes).tags == tags


@pytest.mark.parametrize(
    ("changes", "irritability"),
    [
        ({}, "low"),
        ({"pain_worst": 3, "settles": "minutes"}, "low"),
        ({"pain_worst": 3, "settles": "1_to_24_hours"}, "moderate"),
        ({"pain_worst": 4, "settles": "minutes"}, "moderate"),
        ({"pain_worst": 6, "settles": "under_1_hour"}, "moderate"),
        ({"pain_worst": 7, "settles": "minutes"}, "high"),
        ({"pain_worst": 2, "settles": "over_a_day"}, "high"),
    ],
)
def test_irritability(changes: dict[str, Any], irritability: str) -> None:
    assert prompts.irritability(parse(minimal_record(**changes))) == irritability


def test_without_an_answer_on_settling_pain_is_not_irritable() -> None:
    assert prompts.irritability({"pain_worst": 3}) == "low"


# --- prompts -------------------------------------------------------------------------------------

PROMPTS: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    ({"places": ["outer_hip:left"]}, ()),
    ({"places": ["outer_hip:left"], "worse_lying_on_side": "right"}, ("gtps",)),
    ({"places": ["outer_hip:left"], "hard_one_leg": "not_sure"}, ("gtps",)),
    ({"places": ["groin:left"], "hard_one_leg": "left"}, ()),
    ({"stance_right_pain": 2, "stance_right_pain_place": "outer_hip"}, ("gtps",)),
    ({"stance_right_pain": 2, "stance_right_pain_place": "groin"}, ()),
    ({"places": ["sacral_dimple:left"], "worse_turning": "left"}, ("si_joint",)),
    (
        {"places": ["sacral_dimple:left", "sacral_dimple:left"], "worse_turning": "left"},
        ("si_joint",),
    ),
    ({"places": ["sacral_dimple:left"]}, ()),
    ({"places": ["sacral_dimple:left", "sacral_dimple:right"], "worse_turning": "both"}, ()),
    ({"places": ["sacral_dimple:left", "low_back:middle"], "worse_turning": "left"}, ()),
    ({"places": ["below_knee:left"]}, ("radiculopathy",)),
    ({"leg_symptoms": "same_for_weeks"}, ("radiculopathy",)),
    ({"places": ["back_thigh:left"], "worse_bending": "yes"}, ("radiculopathy",)),
    ({"age": 50, "places": ["groin:left"], "hard_shoes": "not_sure"}, ("hip_oa",)),
    ({"age": 49, "places": ["groin:left"], "hard_shoes": "left"}, ()),
    ({"age": 50, "places": ["groin:left"]}, ()),
    ({"age": 60, "places": ["buttock:left"], "walking_leg_pain": "eases_sitting"}, ("stenosis",)),
    ({"age": 59, "places": ["buttock:left"], "walking_leg_pain": "eases_sitting"}, ()),
    ({"age": 50, "places": ["buttock:left"], "walking_leg_pain": "eases_standing"}, ("arterial",)),
    (
        {
            "places": ["low_back:middle"],
            "morning_stiffness": "yes",
            "stiff_before_45": "yes",
            "duration": "on_and_off",
        },
        ("axial_spondyloarthritis",),
    ),
    (
        {
            "places": ["low_back:middle"],
            "morning_stiffness": "yes",
            "stiff_before_45": "yes",
            "duration": "6_to_12_weeks",
        },
        (),
    ),
    (
        {
            "places": ["low_back:middle"],
            "morning_stiffness": "yes",
            "stiff_before_45": "not_sure",
            "duration": "over_12_weeks",
        },
        (),
    ),
    ({"places": ["buttock:left"], "worse_sitting": "not_sure"}, ("deep_gluteal",)),
    ({"places": ["low_back:left"], "worse_sitting": "left"}, ()),
    ({"waddle": "yes"}, ("neuromuscular",)),
    ({"waddle": "not_sure"}, ()),
    ({"hip_drop": "left", "stance_left": "drop"}, ("neuromuscular",)),
    ({"hip_drop": "left", "limp": "left"}, ()),
    ({"hip_drop": "left", "stance_left": "drop", "pain_worst": 1}, ()),
    ({"hip_drop": "left", "stance_left": "drop", "places": ["knee:left"]}, ()),
    ({"rf_leg_weaker": "yes", "rf_leg_weaker_onset": "days"}, ("neuromuscular",)),
    ({"rf_leg_weaker": "yes", "rf_leg_weaker_onset": "weeks"}, ()),
]


@pytest.mark.parametrize(("changes", "expected"), PROMPTS)
def test_prompts(changes: dict[str, Any], expected: tuple[str, ...]) -> None:
    assert assess(**changes).prompts == expected


def test_prompts_come_in_the_order_of_the_contract() -> None:
    assert " ".join(prompt.id for prompt in prompts.PROMPTS) == (
        "gtps si_joint radiculopathy hip_oa stenosis arterial axial_spondyloarthritis "
        "deep_gluteal neuromuscular"
    )


@pytest.mark.parametrize("prompt", prompts.PROMPTS, ids=lambda prompt: prompt.id)
def test_every_prompt_has_a_note_its_evidence_and_known_sources(prompt: prompts.Prompt) -> None:
    assert prompt.note.endswith(".")
    assert prompt.evidence.endswith(".")
    assert prompt.sources
    assert set(prompt.sources) <= set(SOURCES)
