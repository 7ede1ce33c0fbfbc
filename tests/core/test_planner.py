"""The planner: golden plans, the matrix row by row, doses, time-fit, and what every plan keeps."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exercises import library, planner
from exercises.library import Card, Kind, Sides, matrix
from exercises.planner import PlanCard, PlanDraft
from exercises.planner.doses import Dosed, dose, fit, seconds
from exercises.planner.patient import Patient, read_patient
from screening import rulesets
from screening.anatomy import Level
from screening.answers import parse
from screening.assessment import assess
from tests.core.records import Record, minimal_record, records

CARDS = library.load()
RULES = rulesets.load()
SORE = {"places": ["low_back:left"], "pain_worst": 3}
"""A little pain, low irritability: a full plan and no other tag."""
ALL_EQUIPMENT = ["band", "step", "chair", "pillow", "mat"]

RIGHT_SIDED = {
    "side_sleep_nights": "5_7",
    "top_knee_drops": "yes",
    "side_lain_on": "left",
    "knee_pillow": "never",
    "sitting_bout": "31_to_60",
    "sitting_hours": "6_to_8",
    "places": ["low_back:right", "buttock:right"],
    "pain_worst": 3,
    "hard_one_leg": "right",
    "hard_stairs": "right",
    "stance_left": "ok",
    "stance_right": "drop",
    "leg_lift_left": 0,
    "leg_lift_right": 3,
}
"""Persona P2: the right side is likely."""


def draft(record: Record, *, cleared: bool = False) -> PlanDraft | None:
    answers = parse(record)
    return planner.plan(assess(answers, RULES), answers, CARDS, RULES, cleared)


def planned(*, cleared: bool = False, **changes: Any) -> PlanDraft:
    found = draft(minimal_record(**changes), cleared=cleared)
    assert found is not None
    return found


def known(record: Record) -> Patient:
    answers = parse(record)
    return read_patient(assess(answers, RULES), answers, RULES)


def in_slot_order(plan: PlanDraft) -> list[str]:
    order = ["ABD", "EXT", "STAND", "FUNC", "CORE", "MOB"]
    return [card.slug for card in sorted(plan.cards, key=lambda card: order.index(card.slot))]


def slugs(plan: PlanDraft) -> list[str]:
    return [card.slug for card in plan.cards]


def the(plan: PlanDraft, slug: str) -> PlanCard:
    return next(card for card in plan.cards if card.slug == slug)


# --- the golden plans of specification 5.2 -------------------------------------------------------


def test_new_without_equipment_in_10_minutes() -> None:
    plan = planned(**SORE, experience="never", equipment=[], minutes=10)
    assert in_slot_order(plan) == ["clamshell", "double-leg-bridge", "standing-weight-shift"]


def test_some_experience_with_chair_and_band_in_10_minutes() -> None:
    plan = planned(**SORE, experience="a_little", equipment=["chair", "band"], minutes=10)
    assert in_slot_order(plan) == ["side-lying-leg-lift", "double-leg-bridge", "single-leg-stance"]


def test_regular_with_all_equipment_in_30_minutes() -> None:
    plan = planned(
        **SORE, experience="regularly", equipment=ALL_EQUIPMENT, minutes=30, hip_drop="left"
    )
    assert in_slot_order(plan) == [
        "side-plank-knees",
        "single-leg-bridge",
        "hip-hitch",
        "lateral-step-up",
        "bird-dog",
        "adductor-rock-back",
    ]


def test_long_sitting_gets_the_hip_flexor_stretch() -> None:
    plan = planned(**SORE, experience="regularly", minutes=30, sitting_bout="over_60")
    assert the(plan, "half-kneeling-hip-flexor-stretch").slot == "MOB"


def test_high_irritability() -> None:
    plan = planned(places=["low_back:left"], pain_worst=8, minutes=30)
    assert in_slot_order(plan) == [
        "isometric-hip-abduction",
        "glute-squeeze",
        "standing-weight-shift",
    ]


def test_age_78_with_balance_risk_and_no_floor() -> None:
    plan = planned(
        **SORE, age=78, unsteady="sometimes", floor="no", equipment=["chair"], experience="never"
    )
    assert in_slot_order(plan) == [
        "clamshell",
        "double-leg-bridge",
        "standing-weight-shift",
        "sit-to-stand",
    ]
    assert "Do it on your bed." in the(plan, "clamshell").cautions
    assert "Do it on your bed." in the(plan, "double-leg-bridge").cautions


def test_pregnant_and_cleared() -> None:
    plan = planned(
        cleared=True, **SORE, pregnancy="pregnant", equipment=["chair"], experience="never"
    )
    assert in_slot_order(plan) == [
        "clamshell",
        "glute-squeeze",
        "standing-weight-shift",
        "sit-to-stand",
    ]
    assert the(plan, "glute-squeeze").cautions == ("Do it standing.",)


def test_outer_hip_pain_with_some_experience() -> None:
    plan = planned(places=["outer_hip:right"], pain_worst=3, equipment=["chair", "band"])
    assert in_slot_order(plan) == [
        "side-lying-leg-lift",
        "double-leg-bridge",
        "single-leg-stance",
        "split-squat",
    ]
    note = the(plan, "side-lying-leg-lift").cautions[0]
    assert "sore hip on top" in note
    assert "pillow" in note


# --- who gets a plan -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "uncleared", "cleared"),
    [
        ({}, True, True),
        ({"rf_cancer": "not_sure"}, False, True),
        ({"rf_calf": "yes"}, False, False),
        ({"rf_bladder": "yes"}, False, False),
    ],
    ids=["none", "clinician first", "same day", "emergency"],
)
def test_only_clearing_opens_a_plan_and_only_for_clinician_first(
    changes: Record, uncleared: bool, cleared: bool
) -> None:
    record = minimal_record(**changes)
    assert (draft(record) is not None) == uncleared
    assert (draft(record, cleared=True) is not None) == cleared


def test_no_pain_and_no_finding_get_two_cards_to_keep_going() -> None:
    plan = planned(minutes=30)
    assert [(card.slot, card.slug) for card in plan.cards] == [
        ("ABD", "side-lying-leg-lift"),
        ("EXT", "double-leg-bridge"),
    ]
    assert plan.skipped == ()
    assert all(card.first_side == "" for card in plan.cards)


def test_pain_without_a_finding_gets_the_full_plan() -> None:
    assert len(planned(**SORE, minutes=30).cards) == 6


# --- the matrix: each row of specification 5.2 and the contract ----------------------------------

ROWS: Mapping[str, tuple[Record, str]] = {
    "lateral_hip_pain": (
        {"places": ["outer_hip:right"], "pain_worst": 3},
        "hip-hitch side-plank-knees side-plank side-plank-leg-lift",
    ),
    "outer_hip_pain_both_sides": (
        {"places": ["outer_hip:right", "outer_hip:left"], "pain_worst": 3},
        "clamshell side-lying-leg-lift hip-hitch side-plank-knees side-plank side-plank-leg-lift",
    ),
    "painful_stance": (
        {"places": ["outer_hip:right"], "pain_worst": 3, "stance_left_pain": 4},
        "single-leg-stance hip-hitch side-plank-knees side-plank side-plank-leg-lift",
    ),
    "groin_pain": (
        {"places": ["groin:left"], "pain_worst": 3},
        "single-leg-squat step-down split-squat adductor-rock-back "
        "half-kneeling-hip-flexor-stretch",
    ),
    "leg_neuro": (
        {"leg_symptoms": "same_for_weeks", "leg_symptom_places": ["thigh:left"]},
        "hip-hinge single-leg-deadlift single-leg-bridge",
    ),
    "balance_risk": (
        {"falls": "once"},
        "hip-hitch lateral-step-up step-down split-squat single-leg-deadlift single-leg-squat "
        "half-kneeling-hip-flexor-stretch",
    ),
    "age 75": (
        {"age": 75},
        "hip-hitch lateral-step-up step-down split-squat single-leg-deadlift single-leg-squat "
        "half-kneeling-hip-flexor-stretch",
    ),
    "hip_replacement": (
        {"surgery": ["hip_replacement:left"], "surgery_months": 24},
        "hip-hitch split-squat single-leg-squat single-leg-deadlift side-plank-leg-lift "
        "adductor-rock-back half-kneeling-hip-flexor-stretch",
    ),
    "osteoporosis": (
        {"conditions": ["osteoporosis"]},
        "single-leg-deadlift single-leg-squat side-plank side-plank-leg-lift",
    ),
    "no_floor": (
        {"floor": "no"},
        "quadruped-hip-extension bird-dog side-plank-knees side-plank side-plank-leg-lift "
        "adductor-rock-back half-kneeling-hip-flexor-stretch",
    ),
    "no_kneel": (
        {"support_limits": ["knees"]},
        "quadruped-hip-extension bird-dog side-plank-knees adductor-rock-back "
        "half-kneeling-hip-flexor-stretch",
    ),
    "no_wrist": (
        {"support_limits": ["wrists"]},
        "quadruped-hip-extension bird-dog side-plank-knees side-plank side-plank-leg-lift "
        "adductor-rock-back",
    ),
    "knee_pain": (
        {"places": ["knee:left"], "pain_worst": 3},
        "step-down split-squat single-leg-squat half-kneeling-hip-flexor-stretch",
    ),
    "bp": ({"conditions": ["blood_pressure"]}, "side-plank side-plank-leg-lift"),
    "hernia": (
        {"conditions": ["hernia"]},
        "dead-bug side-plank-knees side-plank side-plank-leg-lift",
    ),
    "pregnant": (
        {"pregnancy": "pregnant"},
        "dead-bug double-leg-bridge single-leg-bridge side-plank side-plank-leg-lift "
        "adductor-rock-back",
    ),
    "no band": ({"equipment": ["step", "chair"]}, "lateral-band-walk"),
    "no step": ({"equipment": ["band", "chair"]}, "hip-hitch lateral-step-up step-down"),
    "no chair": ({"equipment": ["band", "step"]}, "sit-to-stand single-leg-squat"),
    "nothing at home": (
        {"equipment": []},
        "lateral-band-walk hip-hitch lateral-step-up step-down sit-to-stand single-leg-squat",
    ),
}


@pytest.mark.parametrize(("changes", "removed"), ROWS.values(), ids=list(ROWS))
def test_each_row_of_the_matrix_removes_exactly_its_cards(changes: Record, removed: str) -> None:
    filtered = known(minimal_record(**changes)).filter
    closed = {
        slug
        for slug, card in CARDS.items()
        if card.kind is not Kind.HABIT and not filtered.open(card)
    }
    assert closed == set(removed.split())


def test_high_irritability_removes_all_harder_strength_work_and_two_floor_stretches() -> None:
    filtered = known(minimal_record(places=["low_back:left"], pain_worst=7)).filter
    still_open = {
        slug for slug, card in CARDS.items() if card.kind is not Kind.HABIT and filtered.open(card)
    }
    assert still_open == {
        "glute-squeeze",
        "isometric-hip-abduction",
        "dead-bug",
        "standing-weight-shift",
        "standing-hip-flexor-stretch",
        "lateral-thigh-self-massage",
    }


@pytest.mark.parametrize(
    ("changes", "cap"),
    [
        ({}, "3"),
        ({"falls": "once"}, "2"),
        ({"age": 75}, "2"),
        ({"pregnancy": "pregnant"}, "2"),
        ({"conditions": ["osteoporosis"]}, "2"),
        ({"surgery": ["hip_replacement:left"], "surgery_months": 24}, "2"),
    ],
)
def test_stage_caps_stay_closed_even_when_cleared(changes: Record, cap: str) -> None:
    answers = parse(minimal_record(**changes))
    found = planner.open_cards(assess(answers, RULES), answers, CARDS, RULES)
    assert max(CARDS[slug].stage for slug in found if CARDS[slug].kind is Kind.STRENGTH) == cap


@pytest.mark.parametrize(
    ("changes", "slug", "note"),
    [
        ({"pain_worst": 8}, "glute-squeeze", "half your effort"),
        ({"places": ["outer_hip:left"]}, "clamshell", "sore hip on top"),
        ({"places": ["outer_hip:left"]}, "lateral-band-walk", "above your knees"),
        ({"places": ["outer_hip:left"]}, "lateral-thigh-self-massage", "Thigh only"),
        ({"places": ["outer_hip:left"]}, "single-leg-stance", "even weight shift"),
        ({"places": ["groin:left"]}, "clamshell", "small"),
        ({"places": ["groin:left"]}, "dead-bug", "one foot down"),
        ({"places": ["groin:left"]}, "sit-to-stand", "high seat"),
        ({"places": ["groin:left"]}, "hip-hinge", "only a little"),
        ({"leg_symptoms": "same_for_weeks"}, "clamshell", "spreads down"),
        ({"falls": "once"}, "standing-weight-shift", "both hands on the counter"),
        ({"falls": "once"}, "lateral-band-walk", "without the band"),
        ({"falls": "once"}, "single-leg-stance", "fingertips"),
        ({"surgery": ["hip_replacement:left"]}, "clamshell", "Pillow between your knees"),
        ({"surgery": ["hip_replacement:left"]}, "sit-to-stand", "high seat"),
        ({"surgery": ["hip_replacement:left"]}, "double-leg-bridge", "surgeon's rules"),
        ({"conditions": ["osteoporosis"]}, "hip-hinge", "no weight"),
        ({"conditions": ["osteoporosis"]}, "split-squat", "not twist"),
        ({"floor": "no"}, "clamshell", "on your bed"),
        ({"floor": "no"}, "dead-bug", "on your bed"),
        ({"injuries": ["knee:left"]}, "sit-to-stand", "high seat"),
        ({"injuries": ["knee:left"]}, "lateral-step-up", "4-inch"),
        ({"injuries": ["knee:left"]}, "lateral-band-walk", "above your knees"),
        ({"conditions": ["blood_pressure"]}, "isometric-hip-abduction", "5 seconds at most"),
        ({"conditions": ["blood_pressure"]}, "clamshell", "never hold your breath"),
        ({"conditions": ["hernia"]}, "clamshell", "bulge"),
        ({"pregnancy": "pregnant"}, "glute-squeeze", "standing"),
        ({"pregnancy": "pregnant"}, "isometric-hip-abduction", "sitting or leaning back"),
        ({"medicines": ["blood_thinners"]}, "lateral-thigh-self-massage", "gentle hands"),
    ],
)
def test_a_card_that_stays_prints_its_note(changes: Record, slug: str, note: str) -> None:
    if "places" in changes:
        changes = {"pain_worst": 3, **changes}
    notes = known(minimal_record(**changes)).filter.notes(CARDS[slug])
    assert any(note in words for words in notes)


def test_where_no_row_speaks_the_card_s_own_caution_is_printed() -> None:
    notes = known(minimal_record(falls="once")).filter.notes(CARDS["sit-to-stand"])
    assert notes == ("Chair against the wall, and something to hold in reach.",)


def test_a_healthy_person_s_cards_print_no_note() -> None:
    filtered = known(minimal_record()).filter
    assert all(filtered.notes(card) == () for card in CARDS.values())


# --- slots, order, sides -------------------------------------------------------------------------


@pytest.mark.parametrize(("minutes", "most"), [(5, 2), (10, 3), (15, 4), (20, 5), (30, 6)])
def test_minutes_decide_how_many_exercises_there_are(minutes: int, most: int) -> None:
    patient = known(minimal_record(**SORE, minutes=minutes))
    chosen, _ = planner.choose(patient, CARDS)
    assert len(chosen) == most


def test_a_slot_that_finds_nothing_leaves_its_place_to_the_next() -> None:
    """A new patient without a chair has no squat and no hinge easy enough: CORE takes the place."""
    plan = planned(**SORE, experience="never", equipment=[], minutes=15)
    assert "FUNC" in plan.skipped
    assert [card.slot for card in plan.cards] == ["ABD", "EXT", "CORE", "STAND"]


def test_emphasis_on_the_buttock_swaps_the_first_two() -> None:
    plan = planned(**SORE, sitting_bout="over_60", sitting_hours="over_8")
    assert [card.slot for card in plan.cards][:2] == ["EXT", "ABD"]


def test_from_60_on_standing_work_comes_first() -> None:
    younger = planned(**SORE, age=59, minutes=30)
    older = planned(**SORE, age=60, minutes=30)
    assert [card.slot for card in younger.cards] == ["ABD", "EXT", "CORE", "STAND", "FUNC", "MOB"]
    assert [card.slot for card in older.cards] == ["STAND", "ABD", "EXT", "CORE", "FUNC", "MOB"]


def test_the_likely_side_goes_first_with_one_more_set() -> None:
    plan = planned(**RIGHT_SIDED, minutes=30, experience="never")
    clam = the(plan, "clamshell")
    assert clam.first_side == "right"
    assert dict(clam.sets) == {"left": 2, "right": 3}
    assert (clam.reps, clam.hold_seconds, clam.rest_seconds) == (12, 2, 45)
    assert dict(the(plan, "double-leg-bridge").sets) == {"both": 2}
    assert the(plan, "double-leg-bridge").first_side == ""


def test_a_possible_side_goes_first_with_the_same_sets() -> None:
    plan = planned(**SORE, hip_drop="left", experience="never", minutes=30)
    clam = the(plan, "clamshell")
    assert clam.first_side == "left"
    assert dict(clam.sets) == {"left": 2, "right": 2}


@pytest.mark.parametrize(
    ("activity", "experience", "abd"),
    [
        ("light", "never", "clamshell"),
        ("light", "a_little", "side-lying-leg-lift"),
        ("light", "regularly", "side-plank-knees"),
        ("3_plus_days", "never", "side-plank-knees"),
        ("sport", "never", "side-plank-knees"),
    ],
)
def test_experience_and_activity_set_the_first_card(
    activity: str, experience: str, abd: str
) -> None:
    plan = planned(**SORE, activity=activity, experience=experience)
    assert plan.cards[0].slug == abd


# --- doses and time ------------------------------------------------------------------------------


def test_the_worked_check_of_the_time_formula() -> None:
    """Clam 305 s, bridge 185 s, weight shift 305 s: 795 s fitted to 10 minutes is 525 s."""
    patient = known(minimal_record(**SORE, experience="never", equipment=[], minutes=10))
    chosen, _ = planner.choose(patient, CARDS)
    doses = [dose(slot, card, patient) for slot, card in chosen]
    assert [seconds(one) for one in doses] == [305, 185, 305]
    fitted = fit(doses, 600)
    assert [seconds(one) for one in fitted] == [305, 80, 140]
    plan = planned(**SORE, experience="never", equipment=[], minutes=10)
    assert plan.minutes == 8.8


def test_the_extra_set_is_the_first_thing_to_go() -> None:
    patient = known(minimal_record(**RIGHT_SIDED, experience="never", minutes=10))
    chosen, _ = planner.choose(patient, CARDS)
    doses = [dose(slot, card, patient) for slot, card in chosen]
    assert [one.extra for one in doses] == [1, 0, 1]
    enough = sum(map(seconds, doses))
    assert [one.extra for one in fit(doses, enough)] == [1, 0, 1]
    assert [one.extra for one in fit(doses, enough - 1)] == [1, 0, 0]
    without = sum(map(seconds, fit(doses, enough - 1)))
    assert [one.extra for one in fit(doses, without - 1)] == [0, 0, 0]
    assert [one.sets for one in fit(doses, without - 1)] == [2, 2, 2]


def test_time_fit_never_drops_the_first_two_cards() -> None:
    patient = known(minimal_record(**SORE, minutes=30))
    chosen, _ = planner.choose(patient, CARDS)
    fitted = fit([dose(slot, card, patient) for slot, card in chosen], 0)
    assert [(one.slot, one.sets) for one in fitted] == [("ABD", 1), ("EXT", 1)]


@pytest.mark.parametrize(
    ("changes", "sets", "reps"),
    [
        ({"experience": "never"}, 2, 12),
        ({"experience": "a_little"}, 2, 12),
        ({"experience": "regularly"}, 3, 12),
        ({"experience": "regularly", "pain_worst": 5}, 2, 10),
        ({"experience": "regularly", "pain_worst": 7}, 2, 8),
    ],
    ids=["new", "some", "regular", "moderate", "high"],
)
def test_sets_and_repetitions_follow_card_and_column(changes: Record, sets: int, reps: int) -> None:
    found = dose("ABD", CARDS["clamshell"], known(minimal_record(**{**SORE, **changes})))
    assert (found.sets, found.reps) == (sets, reps)


def test_high_irritability_shortens_holds_of_repeated_cards_only() -> None:
    patient = known(minimal_record(**{**SORE, "pain_worst": 8}))
    assert dose("ABD", CARDS["isometric-hip-abduction"], patient).hold_seconds == 5
    assert dose("MOB", CARDS["standing-hip-flexor-stretch"], patient).hold_seconds == 20
    assert dose("MOB", CARDS["standing-hip-flexor-stretch"], patient).reps is None


@pytest.mark.parametrize(
    ("changes", "rest"),
    [
        ({"pain_worst": 8}, 60),
        ({"pain_worst": 5}, 45),
        ({"experience": "never"}, 45),
        ({"experience": "a_little"}, 45),
        ({"experience": "regularly"}, 60),
    ],
)
def test_a_card_without_a_rest_takes_the_column_s(changes: Record, rest: int) -> None:
    patient = known(minimal_record(**{**SORE, **changes}))
    assert dose("STAND", CARDS["standing-weight-shift"], patient).rest_seconds == rest
    assert dose("ABD", CARDS["clamshell"], patient).rest_seconds == 45


def test_a_card_without_a_hold_has_none() -> None:
    patient = known(minimal_record(**SORE))
    assert dose("FUNC", CARDS["sit-to-stand"], patient).hold_seconds == 0


def test_taking_turns_counts_as_one_side_in_the_time() -> None:
    turns = Dosed(
        slot="CORE",
        card=CARDS["dead-bug"],
        sets=2,
        extra=0,
        reps=8,
        hold_seconds=0,
        rest_seconds=45,
    )
    assert seconds(turns) == 2 * 8 * 3 + 45 + 20


def test_a_timed_hold_counts_both_sides_and_the_rests_between_rounds() -> None:
    patient = known(minimal_record(**SORE, experience="a_little"))
    stand = dose("STAND", CARDS["single-leg-stance"], patient)
    assert seconds(stand) == 3 * 20 * 2 + 2 * 30 + 20


def test_days_are_those_of_the_card_within_those_of_the_patient() -> None:
    plan = planned(**SORE, experience="never", days=4, minutes=30)
    assert the(plan, "clamshell").days_per_week == 4
    assert the(plan, "sit-to-stand").days_per_week == 3
    assert the(plan, "standing-weight-shift").days_per_week == 4


def test_the_belt_push_out_is_twice_a_day_when_irritable() -> None:
    irritable = planned(places=["low_back:left"], pain_worst=8)
    assert the(irritable, "isometric-hip-abduction").times_a_day == 2
    assert the(irritable, "glute-squeeze").times_a_day == 1


# --- habits, advice, reasons ---------------------------------------------------------------------

ALL_HABITS = {
    "side_sleep_nights": "5_7",
    "top_knee_drops": "yes",
    "side_lain_on": "left",
    "knee_pillow": "never",
    "one_leg_standing": "under_2_hours",
    "standing_leg": "left",
    "sitting_bout": "31_to_60",
    "leg_crossing": "under_2_hours",
    "crossing_style": "knee_over_knee",
    "top_leg": "left",
}


def test_each_habit_that_counted_gets_its_card_in_order() -> None:
    plan = planned(**ALL_HABITS)
    assert plan.habits == (
        "habit-sleep-pillow",
        "habit-even-stance",
        "habit-sit-break",
        "habit-uncross",
    )
    assert len(plan.habit_reasons) == 4
    assert plan.habit_reasons[0].startswith("Because you told us you sleep on your left side")


def test_the_habit_that_the_patient_wants_to_change_comes_first() -> None:
    assert planned(**ALL_HABITS, first_habit="crossing").habits[0] == "habit-uncross"
    assert planned(**ALL_HABITS, first_habit="none").habits[0] == "habit-sleep-pillow"


def test_a_habit_that_did_not_count_gets_no_card() -> None:
    assert planned(first_habit="sleep").habits == ()


def test_overuse_is_advice_in_words() -> None:
    athlete = planned(
        **RIGHT_SIDED, activity="sport", sport_kind="running", training_hours="10_plus"
    )
    assert len(athlete.advice) == 1
    assert "about a third" in athlete.advice[0]
    assert planned(**RIGHT_SIDED).advice == ()


def test_every_card_says_which_answers_put_it_there() -> None:
    plan = planned(**RIGHT_SIDED, minutes=30)
    assert all(card.because.startswith("Because you told us ") for card in plan.cards)
    assert "right" in plan.cards[0].because
    assert "stairs" in next(card for card in plan.cards if card.slot == "EXT").because


def test_without_any_finding_the_card_names_why_the_patient_came() -> None:
    plan = planned(reasons=["prevention"])
    assert plan.cards[0].because == "Because you told us you want to prevent problems."


# --- what every plan keeps (specification 5.8) ---------------------------------------------------


@given(record=records())
def test_a_tier_withholds_the_plan(record: Record) -> None:
    answers = parse(record)
    triage = assess(answers, RULES).triage.value
    assert (draft(record) is not None) == (triage == "none")
    assert (draft(record, cleared=True) is not None) == (triage in ("none", "clinician_first"))


def cards_of(plan: PlanDraft) -> list[Card]:
    return [CARDS[card.slug] for card in plan.cards]


@given(record=records())
def test_every_plan_is_short_safe_and_within_its_ladders(record: Record) -> None:
    plan = draft(record, cleared=True)
    if plan is None:
        return
    patient, cards = known(record), cards_of(plan)
    assert len(cards) <= (3 if patient.irritable else 6)
    assert not [card for card in cards if card.kind is Kind.HABIT]
    assert all(patient.filter.open(card) for card in cards)
    assert all(card.kind is Kind.MOBILITY or int(card.stage) <= patient.stage_cap for card in cards)
    assert not any(card.clinician_released for card in cards)
    assert all(card.difficulty <= patient.entry for card in cards)
    ladders = [card.ladder for card in cards if card.ladder]
    assert len(ladders) == len(set(ladders))
    assert len({card.slug for card in cards}) == len(cards)
    needs = matrix.load().needs
    assert all(needs.get(card.slug) in (None, *record["equipment"]) for card in cards)


@given(record=records(calm=True))
def test_a_finding_gets_side_hip_and_buttock_work_or_says_what_was_skipped(record: Record) -> None:
    plan = draft(record)
    assert plan is not None
    slots = [card.slot for card in plan.cards]
    for slot in ("ABD", "EXT"):
        assert slots.count(slot) == (0 if slot in plan.skipped else 1)


@given(record=records(calm=True))
def test_the_weaker_side_gets_at_most_one_set_more_and_the_other_never_fewer(
    record: Record,
) -> None:
    plan = draft(record)
    assert plan is not None
    patient = known(record)
    likely = [
        side
        for side in ("left", "right")
        if getattr(patient.assessment, side).level is Level.LIKELY
        and patient.assessment.overall == side
    ]
    for card in plan.cards:
        if CARDS[card.slug].sides is not Sides.EACH:
            assert set(card.sets) == {"both"}
            continue
        assert set(card.sets) == {"left", "right"}
        difference = card.sets["right"] - card.sets["left"]
        assert abs(difference) <= 1
        if difference:
            assert likely == ["right" if difference > 0 else "left"]
            assert CARDS[card.slug].ladder


@given(record=records(calm=True))
def test_a_plan_fits_the_minutes_unless_only_one_set_of_two_cards_is_left(record: Record) -> None:
    plan = draft(record)
    assert plan is not None
    if plan.minutes <= record["minutes"]:
        return
    assert {card.slot for card in plan.cards} <= {"ABD", "EXT"}
    assert all(set(card.sets.values()) == {1} for card in plan.cards)


def proposal(record: Record) -> list[Dosed]:
    """The cards with base sets before time-fit."""
    patient = known(record)
    chosen, _ = planner.choose(patient, CARDS)
    return [dose(slot, card, patient) for slot, card in chosen]


CALMER = ("minutes", "under_1_hour", "1_to_24_hours", "over_a_day", "never")


@given(record=records(calm=True, places=["low_back:left"]), data=st.data())
def test_more_pain_never_means_harder_or_more(record: Record, data: st.DataObject) -> None:
    low, high = sorted(data.draw(st.lists(st.integers(1, 10), min_size=2, max_size=2)))
    soon, late = sorted(data.draw(st.lists(st.integers(0, 4), min_size=2, max_size=2)))
    quiet = {**record, "pain_now": 0, "pain_worst": low, "settles": CALMER[soon]}
    loud = {**record, "pain_now": 0, "pain_worst": high, "settles": CALMER[late]}
    fewer, more = proposal(loud), proposal(quiet)
    assert len(fewer) <= len(more)
    assert max((one.card.difficulty for one in fewer), default=0) <= max(
        (one.card.difficulty for one in more), default=0
    )
    sets = {one.slot: one.sets for one in more}
    assert all(one.sets <= sets[one.slot] for one in fewer if one.slot in sets)
    assert sum(one.sets for one in fewer) <= sum(one.sets for one in more)


ADDED = {
    "floor": ("yes", "no"),
    "support_limits": ([], ["knees", "wrists"]),
    "conditions": ([], ["osteoporosis", "hernia"]),
    "falls": ("none", "once"),
    "injuries": ([], ["knee:left"]),
}


@given(record=records(calm=True), key=st.sampled_from(sorted(ADDED)))
def test_one_more_safety_tag_opens_no_card(record: Record, key: str) -> None:
    without, with_it = ({**record, key: value} for value in ADDED[key])
    opened = planner.pool(known(with_it), CARDS).keys() - planner.pool(known(without), CARDS).keys()
    assert not opened


SWAP = {"left": "right", "right": "left"}


def mirrored(value: Any) -> Any:
    if isinstance(value, list):
        return [mirrored(one) for one in value]
    if isinstance(value, str):
        head, _, side = value.rpartition(":")
        return f"{head}:{SWAP.get(side, side)}" if head else SWAP.get(value, value)
    return value


def mirrored_key(key: str) -> str:
    return "_".join(SWAP.get(part, part) for part in key.split("_"))


def mirror(record: Record) -> Record:
    """The same patient in a mirror; goals are the patient's words and stay."""
    return {
        mirrored_key(key): value if key == "goals" else mirrored(value)
        for key, value in record.items()
    }


@given(record=records(calm=True))
def test_a_mirrored_patient_gets_the_mirrored_plan(record: Record) -> None:
    plan, other = draft(record), draft(mirror(record))
    assert plan is not None
    assert other is not None
    assert slugs(plan) == slugs(other)
    assert (plan.minutes, plan.skipped, plan.habits) == (other.minutes, other.skipped, other.habits)
    for one, two in zip(plan.cards, other.cards, strict=True):
        assert dict(one.sets) == {SWAP.get(side, side): n for side, n in two.sets.items()}
        assert one.first_side == SWAP.get(two.first_side, "")
        assert one.cautions == two.cautions


@settings(max_examples=30)
@given(record=records(calm=True))
def test_the_same_answers_give_the_same_plan(record: Record) -> None:
    assert draft(record) == draft(record)
