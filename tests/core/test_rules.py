"""The rule table: which answers earn how many points, on which side, with which words."""

import tomllib
from typing import Any

import pytest

from screening import rules, rulesets
from screening.anatomy import Muscle, Side
from screening.answers import parse
from screening.rulesets import RuleSetError
from screening.sources import SOURCES
from tests.core.records import minimal_record

SLEEPER = {
    "side_sleep_nights": "5_7",
    "top_knee_drops": "yes",
    "side_lain_on": "left",
    "knee_pillow": "never",
}
STANDER = {"one_leg_standing": "2_hours_or_more", "standing_leg": "left"}
CROSSER = {
    "leg_crossing": "2_hours_or_more",
    "crossing_style": "knee_over_knee",
    "top_leg": "left",
}
TRAINED = {"activity": "3_plus_days"}

POINTS: list[tuple[str, dict[str, Any], tuple[int, int]]] = [
    # A1: the top leg is opposite the side lain on
    ("A1", SLEEPER, (0, 2)),
    ("A1", SLEEPER | {"side_lain_on": "right"}, (2, 0)),
    ("A1", SLEEPER | {"side_sleep_nights": "2_4"}, (0, 1)),
    ("A1", SLEEPER | {"side_lain_on": "both"}, (2, 2)),
    ("A1", SLEEPER | {"side_lain_on": "not_sure"}, (1, 1)),
    ("A1", SLEEPER | {"side_lain_on": "not_sure", "side_sleep_nights": "2_4"}, (1, 1)),
    ("A1", SLEEPER | {"top_knee_drops": "not_sure"}, (0, 1)),
    ("A1", SLEEPER | {"knee_pillow": "sometimes"}, (0, 1)),
    ("A1", SLEEPER | {"knee_pillow": "always"}, (0, 0)),
    ("A1", {"side_sleep_nights": "5_7", "top_knee_drops": "no"}, (0, 0)),
    # A2: the leg stood on
    ("A2", STANDER, (2, 0)),
    ("A2", STANDER | {"one_leg_standing": "under_2_hours"}, (1, 0)),
    ("A2", STANDER | {"standing_leg": "right"}, (0, 2)),
    ("A2", STANDER | {"standing_leg": "switch"}, (0, 0)),
    ("A2", STANDER | {"standing_leg": "not_sure"}, (1, 1)),
    # A3: both sides
    ("A3", {"sitting_bout": "up_to_30", "sitting_hours": "over_8"}, (0, 0)),
    ("A3", {"sitting_bout": "31_to_60", "sitting_hours": "over_8"}, (1, 1)),
    ("A3", {"sitting_bout": "over_60", "sitting_hours": "under_4"}, (1, 1)),
    ("A3", {"sitting_bout": "over_60", "sitting_hours": "4_to_6"}, (1, 1)),
    ("A3", {"sitting_bout": "over_60", "sitting_hours": "6_to_8"}, (2, 2)),
    ("A3", {"sitting_bout": "over_60", "sitting_hours": "over_8"}, (2, 2)),
    # A4: the top leg
    ("A4", CROSSER, (2, 0)),
    ("A4", CROSSER | {"leg_crossing": "under_2_hours"}, (1, 0)),
    ("A4", CROSSER | {"top_leg": "both"}, (2, 2)),
    ("A4", CROSSER | {"top_leg": "not_sure"}, (1, 1)),
    ("A4", CROSSER | {"crossing_style": "ankle_on_knee"}, (1, 0)),
    ("A4", CROSSER | {"crossing_style": "ankle_on_knee", "top_leg": "both"}, (1, 1)),
    ("A4", {"leg_crossing": "2_hours_or_more", "crossing_style": "ankles"}, (0, 0)),
    # B1 to B3: places
    ("B1", {"places": ["low_back:left"]}, (1, 0)),
    ("B1", {"places": ["low_back:middle"]}, (1, 1)),
    ("B1", {"places": ["low_back:middle", "low_back:left"]}, (1, 1)),
    ("B1", {"places": ["low_back:right", "low_back:right"]}, (0, 1)),
    ("B1", {"places": ["sacral_dimple:left"]}, (0, 0)),
    ("B2", {"places": ["buttock:right"]}, (0, 1)),
    ("B3", {"places": ["outer_hip:left", "outer_hip:right"]}, (1, 1)),
    # C3, C5, C6
    ("C3", {"waddle": "yes"}, (1, 1)),
    ("C3", {"waddle": "not_sure"}, (0, 0)),
    ("C5", {"stance_left": "drop", "stance_right": "drop0"}, (2, 3)),
    ("C5", {"stance_left": "ok", "stance_right": "nd"}, (0, 0)),
    ("C5", {"stance_left": "declined"}, (0, 0)),
    ("C5", {"age": 59, "stance_left": "bal"}, (1, 0)),
    ("C5", {"age": 60, "stance_left": "bal"}, (0, 0)),
    ("C5", {"age": 60, "stance_left": "drop"}, (2, 0)),
    ("C6", {"leg_lift_left": 0, "leg_lift_right": 1}, (0, 0)),
    ("C6", {"leg_lift_left": 2, "leg_lift_right": 3}, (1, 1)),
    ("C6", {"leg_lift_left": 4, "leg_lift_right": 5}, (2, 2)),
    ("C6", {"leg_lift_left": "nd", "leg_lift_right": "declined"}, (0, 0)),
    # D1, D2
    ("D1", {"injuries": ["ankle:left", "knee:left", "hip:right", "back"]}, (1, 1)),
    ("D1", {"injuries": ["back"]}, (0, 0)),
    ("D2", {"surgery": ["hip_replacement:left"], "surgery_months": 24}, (2, 0)),
    ("D2", {"surgery": ["hip_other:right"], "surgery_months": 24}, (0, 2)),
    ("D2", {"surgery": ["knee:left", "spine"], "surgery_months": 24}, (0, 0)),
    # E: overuse, before it is known whether a side counts enough
    ("E", TRAINED | {"training_hours": "3_4"}, (0, 0)),
    ("E", TRAINED | {"training_hours": "5_9"}, (1, 1)),
    ("E", TRAINED | {"training_hours": "10_plus"}, (1, 1)),
    ("E", TRAINED | {"training_jump": "yes"}, (1, 1)),
    ("E", {"activity": "1_to_2_days", "training_jump": "yes"}, (1, 1)),
]

SIDED = [
    ("B4", "hard_one_leg", 1),
    ("B5", "hard_stairs", 1),
    ("B6", "hard_long_standing", 1),
    ("C1", "limp", 1),
    ("C2", "hip_drop", 2),
    ("C4", "tires_early", 1),
]

SILENT = [
    "worse_lying_on_side",
    "worse_sitting",
    "hard_shoes",
    "worse_turning",
]


def points_of(rule: str, **changes: Any) -> tuple[int, int]:
    answers = parse(minimal_record(**changes))
    return rules.BY_ID[rule].score(answers, rulesets.load().points[rule])


@pytest.mark.parametrize(("rule", "changes", "expected"), POINTS)
def test_answers_earn_points_on_their_side(
    rule: str, changes: dict[str, Any], expected: tuple[int, int]
) -> None:
    assert points_of(rule, **changes) == expected


@pytest.mark.parametrize(("rule", "key", "points"), SIDED)
def test_a_sided_answer_earns_on_its_side_and_not_sure_earns_nothing(
    rule: str, key: str, points: int
) -> None:
    pain = {"places": ["knee:left"]}
    assert points_of(rule, **pain, **{key: "left"}) == (points, 0)
    assert points_of(rule, **pain, **{key: "right"}) == (0, points)
    assert points_of(rule, **pain, **{key: "both"}) == (points, points)
    assert points_of(rule, **pain, **{key: "no"}) == (0, 0)
    if key != "tires_early":
        assert points_of(rule, **pain, **{key: "not_sure"}) == (0, 0)


@pytest.mark.parametrize("key", SILENT)
def test_answers_that_score_nothing_on_purpose(key: str) -> None:
    for rule in rules.RULES:
        assert points_of(rule.id, places=["knee:left"], **{key: "both"}) == (0, 0), rule.id


# --- the table itself --------------------------------------------------------------------------


def test_the_rules_stand_in_the_order_of_the_specification() -> None:
    assert " ".join(rule.id for rule in rules.RULES) == (
        "A1 A2 A3 A4 B1 B2 B3 B4 B5 B6 C1 C2 C3 C4 C5 C6 D1 D2 E"
    )


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.id)
def test_every_rule_has_its_words_its_grade_and_known_sources(rule: rules.Rule) -> None:
    assert rule.patient.endswith(".")
    assert rule.clinician.endswith(".")
    assert rule.evidence in {"E0", "E1", "E2", "E3", "E-"}
    assert rule.evidence_note.startswith(rule.evidence) or rule.evidence in rule.evidence_note
    assert rule.sources
    assert set(rule.sources) <= set(SOURCES)


def test_no_patient_sentence_frightens_or_diagnoses() -> None:
    for rule in rules.RULES:
        for word in ("out of place", "damage", "degenerat", "diagnos", "crooked"):
            assert word not in rule.patient.lower(), rule.id


def test_muscles_count_for_emphasis_as_the_contract_says() -> None:
    both = {"B1", "B2", "B6", "C4", "D2"}
    gmax_only = {"A3", "B5"}
    for rule in rules.RULES:
        named = set(rule.muscles)
        if rule.id == "E":
            assert named == set()
        elif rule.id in both:
            assert named == {Muscle.GMED, Muscle.GMAX}
        else:
            assert named == ({Muscle.GMAX} if rule.id in gmax_only else {Muscle.GMED}), rule.id


# --- because you told us ------------------------------------------------------------------------


def told(rule: str, side: Side, **changes: Any) -> str:
    return rules.told(rules.BY_ID[rule], parse(minimal_record(**changes)), side)


@pytest.mark.parametrize(
    ("rule", "side", "changes", "sentence"),
    [
        (
            "A1",
            Side.RIGHT,
            SLEEPER,
            "Because you told us you sleep on your left side most nights and your right knee, "
            "on top, drops forward.",
        ),
        (
            "A1",
            Side.LEFT,
            SLEEPER | {"side_lain_on": "both", "top_knee_drops": "not_sure"},
            "Because you told us you sleep on both sides most nights and your top knee may drop "
            "forward.",
        ),
        (
            "A2",
            Side.LEFT,
            STANDER,
            "Because you told us you stand with most of your weight on your left leg 2 hours a "
            "day or more.",
        ),
        (
            "A3",
            Side.LEFT,
            {"sitting_bout": "over_60", "sitting_hours": "over_8"},
            "Because you told us you sit more than 60 minutes before you get up and 6 hours a "
            "day or more.",
        ),
        (
            "A4",
            Side.LEFT,
            CROSSER,
            "Because you told us you cross your legs knee over knee 2 hours a day or more, your "
            "left leg on top.",
        ),
        (
            "B1",
            Side.LEFT,
            {"places": ["low_back:middle"]},
            "Because you told us your low back hurts in the middle.",
        ),
        (
            "C5",
            Side.RIGHT,
            {"stance_right": "drop0"},
            "Because you told us your other hip dropped or you leaned right away when you stood "
            "on your right leg.",
        ),
        (
            "D1",
            Side.LEFT,
            {"injuries": ["knee:left", "ankle:left"]},
            "Because you told us you once hurt your left ankle and knee.",
        ),
    ],
)
def test_a_reason_says_what_the_patient_said(
    rule: str, side: Side, changes: dict[str, Any], sentence: str
) -> None:
    assert told(rule, side, **changes) == sentence


# --- the numbers -------------------------------------------------------------------------------


def raw_ruleset() -> dict[str, Any]:
    path = rulesets.FOLDER / "1.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def test_every_published_ruleset_loads_under_its_own_name() -> None:
    versions = [path.stem for path in rulesets.FOLDER.glob("*.toml")]
    assert rulesets.CURRENT in versions
    for version in versions:
        assert rulesets.load(version).version == version


def test_version_1_has_the_caps_and_cut_offs_of_the_specification() -> None:
    ruleset = rulesets.load("1")
    assert dict(ruleset.caps) == {"A": 4, "B": 4, "C": 8, "D": 2, "E": 1}
    limits = ruleset.limits
    assert (limits.possible_from, limits.likely_from, limits.likely_signs_from) == (3, 7, 2)


def test_a_version_that_does_not_exist_is_refused() -> None:
    for version in ("99", "", "../1", "1/../1"):
        with pytest.raises(RuleSetError):
            rulesets.load(version)


def without_a_weight(data: dict[str, Any]) -> None:
    del data["points"]["A1"]["5_7"]


def with_an_unknown_rule(data: dict[str, Any]) -> None:
    data["points"]["Z9"] = {"side": 1}


def with_a_text(data: dict[str, Any]) -> None:
    data["caps"]["A"] = "4"


def with_a_yes(data: dict[str, Any]) -> None:
    data["caps"]["A"] = True


def below_zero(data: dict[str, Any]) -> None:
    data["points"]["C5"]["drop"] = -1


def upside_down(data: dict[str, Any]) -> None:
    data["limits"]["possible_from"] = 8


def without_limits(data: dict[str, Any]) -> None:
    del data["limits"]


@pytest.mark.parametrize(
    ("spoil", "names"),
    [
        (without_a_weight, "points.A1: 5_7"),
        (with_an_unknown_rule, "points: Z9"),
        (with_a_text, "caps.A"),
        (with_a_yes, "caps.A"),
        (below_zero, "points.C5.drop"),
        (upside_down, "limits.possible_from"),
        (without_limits, "limits"),
    ],
)
def test_a_spoilt_ruleset_is_refused_and_the_place_is_named(spoil: Any, names: str) -> None:
    data = raw_ruleset()
    spoil(data)
    with pytest.raises(RuleSetError, match=names):
        rulesets.parse(data)
