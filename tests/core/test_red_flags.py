"""The safety questions: every answer to its tier, and what the patient is told about it."""

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening import red_flags, rulesets
from screening.anatomy import TIERS, Tier
from screening.answers import parse
from screening.questionnaire import QUESTIONS
from tests.core.records import minimal_record, random_record, records, typed

NONE, FIRST, TODAY, EMERGENCY = TIERS

PLAIN_ITEMS = [
    # code, key, tier of yes, tier of not sure
    ("RF-1", "rf_bladder", EMERGENCY, TODAY),
    ("RF-2", "rf_saddle", EMERGENCY, TODAY),
    ("RF-3", "rf_bowel", EMERGENCY, TODAY),
    ("RF-5", "rf_both_legs", TODAY, FIRST),
    ("RF-7", "rf_clumsy", TODAY, FIRST),
    ("RF-8", "rf_trauma", TODAY, FIRST),
    ("RF-8b", "rf_fragile_sudden_pain", TODAY, FIRST),
    ("RF-9", "rf_cancer", FIRST, FIRST),
    ("RF-10", "rf_weight_loss", FIRST, FIRST),
    ("RF-11", "rf_constant_night_pain", FIRST, FIRST),
    ("RF-12a", "rf_fever", TODAY, FIRST),
    ("RF-12b", "rf_infection_risk", FIRST, FIRST),
    ("RF-13", "rf_tearing_pain", EMERGENCY, TODAY),
    ("RF-14a", "rf_chest_pain_now", EMERGENCY, EMERGENCY),
    ("RF-14b", "rf_calf", TODAY, TODAY),
    ("RF-15", "rf_groin_every_step", TODAY, FIRST),
    ("RF-17", "rf_recent_surgery", FIRST, FIRST),
    ("RF-18a", "rf_needs_doctor_ok", FIRST, FIRST),
    ("RF-18b", "rf_effort_symptoms", TODAY, FIRST),
]

OTHER_ANSWERS: list[tuple[dict[str, Any], Tier, tuple[str, ...]]] = [
    ({"rf_sexual": "yes"}, EMERGENCY, ("RF-4",)),
    ({"rf_sexual": "skipped"}, NONE, ()),
    # RF-5: both legs
    ({"rf_both_legs": "yes", "rf_bladder": "yes"}, EMERGENCY, ("RF-1", "RF-5")),
    ({"rf_both_legs": "yes", "rf_sexual": "yes"}, EMERGENCY, ("RF-4", "RF-5")),
    ({"rf_both_legs": "yes", "rf_leg_weaker": "yes"}, EMERGENCY, ("RF-5", "RF-6")),
    ({"rf_both_legs": "yes", "rf_leg_weaker": "not_sure"}, TODAY, ("RF-5", "RF-6")),
    ({"rf_both_legs": "not_sure", "rf_leg_weaker": "yes"}, FIRST, ("RF-5", "RF-6")),
    # RF-6: a leg is getting weaker, by onset
    ({"rf_leg_weaker": "yes", "rf_leg_weaker_onset": "days"}, EMERGENCY, ("RF-6",)),
    ({"rf_leg_weaker": "yes", "rf_leg_weaker_onset": "weeks"}, TODAY, ("RF-6",)),
    ({"rf_leg_weaker": "yes", "rf_leg_weaker_onset": "stable"}, FIRST, ("RF-6",)),
    ({"rf_leg_weaker": "not_sure"}, TODAY, ("RF-6",)),
    # new leg symptoms count as RF-6 since weeks, in both legs as RF-5 too
    ({"leg_symptoms": "new_or_worse"}, TODAY, ("RF-6",)),
    (
        {"leg_symptoms": "new_or_worse", "leg_symptom_places": ["foot:left", "thigh:left"]},
        TODAY,
        ("RF-6",),
    ),
    (
        {"leg_symptoms": "new_or_worse", "leg_symptom_places": ["foot:left", "thigh:right"]},
        EMERGENCY,
        ("RF-5", "RF-6"),
    ),
    (
        {"leg_symptoms": "same_for_weeks", "leg_symptom_places": ["foot:left", "thigh:right"]},
        NONE,
        (),
    ),
    ({"leg_symptoms": "new_or_worse", "rf_both_legs": "yes"}, EMERGENCY, ("RF-5", "RF-6")),
    (
        {
            "leg_symptoms": "new_or_worse",
            "rf_leg_weaker": "yes",
            "rf_leg_weaker_onset": "stable",
        },
        TODAY,
        ("RF-6",),
    ),
    # RF-8: an injury
    ({"rf_trauma": "yes", "rf_trauma_weight_bearing": "no"}, EMERGENCY, ("RF-8",)),
    ({"rf_trauma": "yes", "rf_trauma_weight_bearing": "yes"}, TODAY, ("RF-8",)),
    ({"rf_trauma": "not_sure", "age": 74, "medicines": ["steroids"]}, FIRST, ("RF-8",)),
    # RF-9 to RF-12b: partners count only when they are yes
    ({"rf_cancer": "yes", "rf_cancer_pain_changed": "yes"}, TODAY, ("RF-9",)),
    ({"rf_cancer": "yes", "rf_cancer_pain_changed": "no"}, FIRST, ("RF-9",)),
    ({"rf_cancer": "yes", "rf_weight_loss": "yes"}, TODAY, ("RF-9", "RF-10")),
    ({"rf_cancer": "yes", "rf_weight_loss": "not_sure"}, FIRST, ("RF-9", "RF-10")),
    ({"rf_cancer": "not_sure", "rf_weight_loss": "yes"}, FIRST, ("RF-9", "RF-10")),
    ({"rf_cancer": "yes", "rf_constant_night_pain": "yes"}, TODAY, ("RF-9", "RF-11")),
    ({"rf_weight_loss": "yes", "rf_constant_night_pain": "yes"}, TODAY, ("RF-10", "RF-11")),
    ({"rf_weight_loss": "yes", "rf_constant_night_pain": "not_sure"}, FIRST, ("RF-10", "RF-11")),
    ({"rf_constant_night_pain": "yes", "rf_infection_risk": "yes"}, TODAY, ("RF-11", "RF-12b")),
    ({"rf_constant_night_pain": "not_sure", "rf_fever": "not_sure"}, FIRST, ("RF-11", "RF-12a")),
    ({"rf_infection_risk": "yes", "rf_fever": "yes"}, TODAY, ("RF-12a", "RF-12b")),
    ({"rf_infection_risk": "yes", "rf_fever": "not_sure"}, FIRST, ("RF-12a", "RF-12b")),
    ({"rf_fever": "yes", "rf_fever_severe": "yes"}, EMERGENCY, ("RF-12a",)),
    ({"rf_fever": "yes", "rf_fever_severe": "no"}, TODAY, ("RF-12a",)),
    # RF-16, RF-19, RF-20: read from other questions
    ({"pregnancy": "pregnant"}, FIRST, ("RF-16",)),
    ({"pregnancy": "postpartum"}, FIRST, ("RF-16",)),
    ({"pregnancy": "not_applicable"}, NONE, ()),
    ({"age": 17}, FIRST, ("RF-19",)),
    ({"age": 18}, NONE, ()),
    ({"pain_now": 8, "pain_worst": 8}, FIRST, ("RF-20",)),
    ({"pain_now": 7, "pain_worst": 10}, NONE, ()),
    ({"rf_cannot_move": "cannot_sit_or_stand"}, FIRST, ("RF-20",)),
    ({"rf_cannot_move": "cannot_walk"}, TODAY, ("RF-20",)),
    # RF-17: recent surgery; exactly 3 or 12 months does not fire
    ({"surgery": ["spine"], "surgery_months": 2}, FIRST, ("RF-17",)),
    ({"surgery": ["spine"], "surgery_months": 3}, NONE, ()),
    ({"surgery": ["knee:left"], "surgery_months": 0}, FIRST, ("RF-17",)),
    ({"surgery": ["hip_replacement:left"], "surgery_months": 11}, FIRST, ("RF-17",)),
    ({"surgery": ["hip_other:right", "spine"], "surgery_months": 11}, FIRST, ("RF-17",)),
    ({"surgery": ["hip_replacement:left"], "surgery_months": 12}, NONE, ()),
    # RF-18a: only heart and blood pressure
    ({"conditions": ["heart"]}, FIRST, ("RF-18a",)),
    ({"conditions": ["blood_pressure"]}, FIRST, ("RF-18a",)),
    (
        {
            "conditions": [
                "osteoporosis",
                "inflammatory_arthritis",
                "diabetes_numb_feet",
                "nerve_or_muscle",
                "hernia",
            ]
        },
        NONE,
        (),
    ),
    # RF-14b with chest pain
    ({"rf_calf": "yes", "rf_chest_pain_now": "yes"}, EMERGENCY, ("RF-14a", "RF-14b")),
]


def triage_of(**changes: Any) -> tuple[Tier, tuple[str, ...]]:
    return red_flags.triage(parse(minimal_record(**changes)))


def item_tier(code: str, **changes: Any) -> Tier:
    limits = rulesets.load().limits
    return red_flags.BY_CODE[code].tier(parse(minimal_record(**changes)), limits)


def test_a_healthy_person_has_no_flag() -> None:
    assert triage_of() == (NONE, ())


@pytest.mark.parametrize(("code", "key", "yes", "not_sure"), PLAIN_ITEMS)
def test_yes_and_not_sure_each_set_their_tier(
    code: str, key: str, yes: Tier, not_sure: Tier
) -> None:
    assert triage_of(**{key: "yes"}) == (yes, (code,))
    assert triage_of(**{key: "not_sure"}) == (not_sure, (code,))


@pytest.mark.parametrize(("changes", "tier", "flags"), OTHER_ANSWERS)
def test_answers_together_set_the_tier(
    changes: dict[str, Any], tier: Tier, flags: tuple[str, ...]
) -> None:
    assert triage_of(**changes) == (tier, flags)


def test_a_calf_that_may_be_swollen_is_not_an_emergency_by_itself() -> None:
    changes = {"rf_calf": "not_sure", "rf_chest_pain_now": "yes"}
    assert item_tier("RF-14b", **changes) is TODAY
    assert item_tier("RF-14b", rf_calf="yes", rf_chest_pain_now="not_sure") is TODAY
    assert item_tier("RF-14b", rf_calf="yes", rf_chest_pain_now="yes") is EMERGENCY


def test_every_safety_question_belongs_to_an_item() -> None:
    follow_ups = {"rf_leg_weaker_onset", "rf_trauma_weight_bearing"}
    follow_ups |= {"rf_cancer_pain_changed", "rf_fever_severe"}
    asked = {key for key in QUESTIONS if key.startswith("rf_")} - follow_ups
    assert asked == {item.key for item in red_flags.ITEMS if item.key.startswith("rf_")}


def test_every_yes_or_not_sure_to_a_safety_question_withholds() -> None:
    for key in (key for key in QUESTIONS if key.startswith("rf_")):
        values = {option.value for option in QUESTIONS[key].options}
        if values == {"no", "yes", "not_sure"}:
            for answer in ("yes", "not_sure"):
                assert triage_of(**{key: answer})[0] is not NONE, (key, answer)


def test_flags_come_in_the_order_of_the_table() -> None:
    everything = {key: "yes" for key in QUESTIONS if key.startswith("rf_")}
    everything |= {"rf_cannot_move": "cannot_walk", "rf_leg_weaker_onset": "days"}
    _, flags = triage_of(**everything, age=16, pregnancy="pregnant")
    assert flags == tuple(item.code for item in red_flags.ITEMS)
    assert flags[:5] == ("RF-1", "RF-2", "RF-3", "RF-4", "RF-5")
    assert flags[-4:] == ("RF-18a", "RF-18b", "RF-19", "RF-20")


@given(records(), st.sampled_from(PLAIN_ITEMS), st.sampled_from(["yes", "not_sure"]))
def test_adding_a_flag_never_lowers_the_tier(record: Any, item: Any, answer: str) -> None:
    _, key, _, _ = item
    before = {**typed(record), key: "no"}
    after = {**before, key: answer}
    assert red_flags.triage(after)[0].rank >= red_flags.triage(before)[0].rank


def test_the_tier_is_the_highest_of_the_items() -> None:
    assert triage_of(rf_needs_doctor_ok="yes", rf_calf="yes", rf_saddle="yes")[0] is EMERGENCY
    assert triage_of(rf_needs_doctor_ok="yes", rf_calf="yes")[0] is TODAY


# --- stopping at once ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key",
    ["rf_chest_pain_now", "rf_tearing_pain", "rf_bladder", "rf_saddle", "rf_bowel", "rf_sexual"],
)
def test_an_emergency_on_the_first_page_is_seen_before_anything_else_is_known(key: str) -> None:
    assert red_flags.emergency_so_far({"age": 50, key: "yes"})


def test_nothing_answered_yet_is_no_emergency() -> None:
    assert not red_flags.emergency_so_far({})
    assert not red_flags.emergency_so_far({"age": 50, "rf_bladder": "not_sure"})


# --- what the patient is told ---------------------------------------------------------------------


def test_the_advice_names_what_was_told_and_what_to_do() -> None:
    page = red_flags.patient_advice({"rf_saddle": "yes"}, emergency_number="112")
    assert [flag["told"] for flag in page["flags"]] == ["new numbness between your legs"]
    [words] = page["advice"]
    assert "needs to be checked now" in words
    assert "call 112" in words


def test_an_unsure_answer_is_not_told_as_a_fact() -> None:
    page = red_flags.patient_advice({"rf_saddle": "not_sure"})
    assert page["flags"][0]["told"].startswith("you are not sure about this: ")
    assert "checked today" in page["advice"][0]


def test_the_most_urgent_item_comes_first_and_gives_the_advice() -> None:
    page = red_flags.patient_advice({"rf_cancer": "yes", "rf_bladder": "yes", "rf_bowel": "yes"})
    assert [flag["code"] for flag in page["flags"]] == ["RF-1", "RF-3", "RF-9"]
    assert len(page["advice"]) == 1


def test_no_wording_holds_a_phone_number() -> None:
    for item in red_flags.ITEMS:
        for tier in TIERS:
            assert not any(character.isdigit() for character in item.words(tier))
            assert "{" not in item.words(tier).replace("{emergency_number}", "")


def test_an_emergency_never_says_today() -> None:
    for item in red_flags.ITEMS:
        may_be = EMERGENCY in item.tiers.values() or EMERGENCY in item.advice_at
        if may_be:
            assert "today" not in item.words(EMERGENCY), item.code


def test_every_flag_of_any_record_has_words() -> None:
    random = Random(11)
    for _ in range(200):
        answers = parse(random_record(random, flag_share=0.3))
        tier, flags = red_flags.triage(answers)
        page = red_flags.patient_advice(answers)
        assert {flag["code"] for flag in page["flags"]} == set(flags)
        assert bool(page["advice"]) == (tier is not NONE)
