"""What `answers` takes, refuses, drops and says: one test a sentence of the contract."""

import json
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening import answers as contract
from screening.anatomy import Tier
from screening.answers import AnswerError, Goal, parse
from screening.questionnaire import QUESTIONS, SECTIONS, Kind, Layout, Option, Question
from tests.core.records import Record, minimal_record, random_record, records, typed

REQUIRED = [key for key in minimal_record() if key in QUESTIONS]

SIDE_GRID = [
    "hard_one_leg",
    "hard_stairs",
    "hard_long_standing",
    "worse_lying_on_side",
    "worse_sitting",
    "worse_bending",
    "hard_shoes",
    "worse_turning",
]


def refused_key(record: Record) -> str:
    """The key that a record is refused for."""
    with pytest.raises(AnswerError) as refusal:
        parse(record)
    assert str(refusal.value)
    return refusal.value.key


def page(slug: str) -> Any:
    return next(section for section in SECTIONS if section.slug == slug)


# --- what is required -------------------------------------------------------------------------


def test_a_healthy_person_without_complaint_is_a_complete_record():
    record = minimal_record()
    assert contract.to_json(parse(record)) == record


@pytest.mark.parametrize("key", REQUIRED)
def test_a_required_key_may_not_be_missing(key: str):
    assert refused_key(minimal_record(**{key: None})) == key


@pytest.mark.parametrize("key", QUESTIONS)
def test_null_is_never_a_value(key: str):
    assert refused_key(minimal_record(**opened(key)) | {key: None}) == key


@pytest.mark.parametrize("key", ["knee_pilow", "", "full_name", "aggravators", "RF_BLADDER"])
def test_an_unknown_key_is_refused_by_its_name(key: str):
    assert refused_key(minimal_record() | {key: "no"}) == key


def test_an_unknown_key_is_named_before_the_key_that_it_was_meant_to_be():
    record = minimal_record(floor=None) | {"flor": "yes"}
    assert refused_key(record) == "flor"


def test_the_first_problem_in_the_order_of_the_questionnaire_is_named():
    record = minimal_record(floor="sometimes", age=0, limp="middle")
    assert refused_key(dict(reversed(record.items()))) == "age"


# --- values -----------------------------------------------------------------------------------

NOT_A_SCALE = [-1, 11, 5.0, 1.5, "5", True, False, None, [], {}, 10**30]

WRONG_VALUES = [
    ("consent", [False, 1, "true", "on", None]),
    ("age", [0, 111, -1, 40.0, "40", True, None, 10**30]),
    ("pregnancy", ["", "yes", "Pregnant", True, 1, ["no"]]),
    ("rf_bladder", ["maybe", "skipped", "", True, False, 0, ["yes"], {"yes": 1}]),
    ("rf_sexual", ["not_sure", "declined", ""]),
    ("rf_cannot_move", ["yes", "not_sure"]),
    ("leg_symptoms", ["yes", "not_sure"]),
    ("pain_now", NOT_A_SCALE),
    ("pain_worst", NOT_A_SCALE),
    ("worry", NOT_A_SCALE),
    ("tires_early", ["not_sure"]),
    ("waddle", ["left"]),
    ("side_sleep_nights", ["1", 3, "2-4"]),
    ("minutes", [0, 7, 25, 60, "15", 15.0, True]),
    ("days", [1, 2, 7, "4", 4.0, True]),
    ("floor", ["not_sure"]),
    ("stance_left", ["no", "declined ", 0, "not_sure"]),
    ("stance_right_seconds", [-1, 31, 12.0, "12", True]),
    ("stance_left_pain", NOT_A_SCALE),
    ("stance_right_pain_place", ["hip", "", "low_back"]),
    ("leg_lift_left", [-1, 6, "3", 3.0, True, False, "not_sure", ""]),
]


@pytest.mark.parametrize(("key", "value"), [(k, v) for k, values in WRONG_VALUES for v in values])
def test_a_value_that_the_contract_does_not_name_is_refused(key: str, value: object):
    assert refused_key(minimal_record() | {key: value}) == key


@pytest.mark.parametrize("value", [1, 18, 75, 110])
def test_age_is_a_whole_number_from_1_to_110(value: int):
    assert parse(minimal_record(age=value))["age"] == value


@pytest.mark.parametrize("value", [0, 1, 2, 3, 4, 5, "nd", "declined"])
def test_a_leg_lift_is_rated_0_to_5_or_was_not_done(value: int | str):
    assert parse(minimal_record(leg_lift_right=value))["leg_lift_right"] == value


@pytest.mark.parametrize("months", [0, 1, 999])
def test_months_since_surgery_go_from_0_to_999(months: int):
    assert parse(minimal_record(surgery=["spine"], surgery_months=months))


@pytest.mark.parametrize("months", [-1, 1000, 6.0, "6", True])
def test_other_months_since_surgery_are_refused(months: object):
    record = minimal_record(surgery=["spine"], surgery_months=months)
    assert refused_key(record) == "surgery_months"


def test_the_worst_pain_may_equal_the_pain_now():
    assert parse(minimal_record(pain_now=4, pain_worst=4))


@pytest.mark.parametrize(("now", "worst"), [(1, 0), (5, 4), (10, 9)])
def test_a_worst_pain_below_the_pain_now_is_an_error_on_the_worst_pain(now: int, worst: int):
    assert refused_key(minimal_record(pain_now=now, pain_worst=worst)) == "pain_worst"


# --- lists ------------------------------------------------------------------------------------

LISTS = [key for key, question in QUESTIONS.items() if question.kind is Kind.MANY]


@pytest.mark.parametrize("key", [key for key in LISTS if key != "reasons"])
def test_a_list_may_be_empty(key: str):
    assert parse(minimal_record(**opened(key)) | {key: []})[key] == ()


def test_reasons_may_not_be_empty():
    assert refused_key(minimal_record(reasons=[])) == "reasons"


@pytest.mark.parametrize("key", LISTS)
def test_a_list_may_repeat_and_is_kept_once_in_its_order(key: str):
    first, second = [option.value for option in QUESTIONS[key].options][:2]
    raw = [second, first, second, first]
    record = minimal_record(**{**opened(key), key: raw})
    assert parse(record)[key] == (second, first)


@pytest.mark.parametrize("key", LISTS)
@pytest.mark.parametrize("value", ["none", ["none"], [["x"]], [{}], [None], [1], {}, "", 0, True])
def test_a_list_holds_known_texts_only(key: str, value: object):
    assert refused_key(minimal_record(**opened(key)) | {key: value}) == key


@pytest.mark.parametrize("place", ["groin:middle", "groin", "hip:left", "low_back:both", "LEFT"])
def test_a_place_is_a_region_with_a_side_of_its_own(place: str):
    assert refused_key(minimal_record(places=[place])) == "places"


# --- goals ------------------------------------------------------------------------------------


def goals(*pairs: tuple[object, object]) -> list[dict[str, object]]:
    return [{"text": text, "score": score} for text, score in pairs]


def test_up_to_three_goals_are_texts_with_a_score():
    record = minimal_record(goals=goals(("Walk", 0), ("Sit", 5), ("Run", 10)))
    assert parse(record)["goals"] == (
        Goal(text="Walk", score=0),
        Goal(text="Sit", score=5),
        Goal(text="Run", score=10),
    )


def test_goals_may_be_given_by_somebody_without_pain():
    assert parse(minimal_record(places=[], goals=goals(("Run", 8))))


def test_spaces_around_and_within_a_goal_are_made_single():
    record = minimal_record(goals=goals(("  Climb \n the\tstairs ", 4)))
    assert parse(record)["goals"] == (Goal(text="Climb the stairs", score=4),)


@pytest.mark.parametrize(
    "value",
    [
        goals(("a", 1), ("b", 1), ("c", 1), ("d", 1)),
        goals(("", 1)),
        goals((" \n", 1)),
        goals(("x" * 201, 1)),
        goals(("x" * 20_000, 1)),
        goals(("bell \x07", 1)),
        goals(("nul \x00", 1)),
        goals(("half \ud800", 1)),
        goals((5, 1)),
        goals((None, 1)),
        goals(("a", -1)),
        goals(("a", 11)),
        goals(("a", "5")),
        goals(("a", 5.0)),
        goals(("a", True)),
        goals(("a", None)),
        [{"text": "a"}],
        [{"score": 1}],
        [{"text": "a", "score": 1, "note": ""}],
        ["a"],
        [["a", 1]],
        {"text": "a", "score": 1},
        "a",
        None,
    ],
)
def test_any_other_goal_is_refused(value: object):
    assert refused_key(minimal_record() | {"goals": value}) == "goals"


def test_a_goal_may_be_200_characters_in_any_language():
    text = "é" * 199 + "走"
    assert parse(minimal_record(goals=goals((text, 3))))["goals"] == (Goal(text=text, score=3),)


# --- conditions -------------------------------------------------------------------------------

PAIN = {"places": ["outer_hip:left"]}

OPENERS: list[tuple[str, list[Record], list[Record]]] = [
    (
        "rf_leg_weaker_onset",
        [{"rf_leg_weaker": "yes"}],
        [{"rf_leg_weaker": "not_sure"}, {"rf_leg_weaker": "no"}],
    ),
    (
        "rf_trauma_weight_bearing",
        [{"rf_trauma": "yes"}],
        [{"rf_trauma": "not_sure"}, {"rf_trauma": "no"}],
    ),
    (
        "rf_cancer_pain_changed",
        [{"rf_cancer": "yes"}],
        [{"rf_cancer": "not_sure"}, {"rf_cancer": "no"}],
    ),
    ("rf_fever_severe", [{"rf_fever": "yes"}], [{"rf_fever": "not_sure"}, {"rf_fever": "no"}]),
    ("duration", [PAIN], [{"places": []}]),
    ("recurrence", [PAIN], [{"places": []}]),
    ("settles", [{"pain_worst": 1}], [{"pain_worst": 0}]),
    *((key, [PAIN], [{"places": []}]) for key in SIDE_GRID),
    (
        "leg_symptom_places",
        [{"leg_symptoms": "same_for_weeks"}, {"leg_symptoms": "new_or_worse"}],
        [{"leg_symptoms": "no"}],
    ),
    (
        "morning_stiffness",
        [
            {"places": ["low_back:middle"]},
            {"places": ["sacral_dimple:left"]},
            {"places": ["knee:left", "buttock:right"]},
        ],
        [{"places": []}, {"places": ["groin:left", "back_thigh:right", "knee:left"]}],
    ),
    (
        "stiff_before_45",
        [{"places": ["buttock:left"], "morning_stiffness": "yes"}],
        [
            {"places": ["buttock:left"], "morning_stiffness": "not_sure"},
            {"places": ["buttock:left"], "morning_stiffness": "no"},
            {"places": []},
        ],
    ),
    (
        "walking_leg_pain",
        [{**PAIN, "age": 50}, {**PAIN, "age": 90}],
        [{**PAIN, "age": 49}, {"places": [], "age": 70}],
    ),
    (
        "top_knee_drops",
        [{"side_sleep_nights": "2_4"}, {"side_sleep_nights": "5_7"}],
        [{"side_sleep_nights": "0_1"}],
    ),
    *(
        (
            key,
            [
                {"side_sleep_nights": "2_4", "top_knee_drops": "yes"},
                {"side_sleep_nights": "5_7", "top_knee_drops": "not_sure"},
            ],
            [
                {"side_sleep_nights": "5_7", "top_knee_drops": "no"},
                {"side_sleep_nights": "0_1"},
            ],
        )
        for key in ("side_lain_on", "knee_pillow")
    ),
    (
        "standing_leg",
        [{"one_leg_standing": "under_2_hours"}, {"one_leg_standing": "2_hours_or_more"}],
        [{"one_leg_standing": "rarely"}],
    ),
    (
        "crossing_style",
        [{"leg_crossing": "under_2_hours"}, {"leg_crossing": "2_hours_or_more"}],
        [{"leg_crossing": "rarely"}],
    ),
    (
        "top_leg",
        [
            {"leg_crossing": "under_2_hours", "crossing_style": "knee_over_knee"},
            {"leg_crossing": "under_2_hours", "crossing_style": "ankle_on_knee"},
        ],
        [
            {"leg_crossing": "under_2_hours", "crossing_style": "ankles"},
            {"leg_crossing": "rarely"},
        ],
    ),
    *(
        (
            key,
            [{"activity": "3_plus_days"}, {"activity": "sport"}],
            [{"activity": a} for a in ("mostly_sitting", "light", "1_to_2_days")],
        )
        for key in ("sport_kind", "training_hours")
    ),
    (
        "training_jump",
        [{"activity": a} for a in ("1_to_2_days", "3_plus_days", "sport")],
        [{"activity": a} for a in ("mostly_sitting", "light")],
    ),
    (
        "surgery_months",
        [{"surgery": ["knee:left"]}, {"surgery": ["spine", "hip_other:right"]}],
        [{"surgery": []}],
    ),
]
"""Key -> answers that open it and answers that close it, from the contract's condition column."""

OPENED = {key: opens[0] for key, opens, _ in OPENERS}


def opened(key: str) -> Record:
    """What has to be answered so that a question is asked."""
    return OPENED.get(key, {})


def some_value(key: str) -> object:
    question = QUESTIONS[key]
    if question.kind is Kind.MANY:
        return [question.options[0].value]
    return question.options[0].value if question.options else question.minimum


def test_every_question_with_a_condition_is_tested_for_it():
    assert set(OPENED) == {k for k, q in QUESTIONS.items() if not q.condition({})}


@pytest.mark.parametrize(("key", "answers"), [(k, a) for k, opens, _ in OPENERS for a in opens])
def test_a_question_is_asked_when_its_condition_holds(key: str, answers: Record):
    record = minimal_record(**answers, **{key: some_value(key)})
    assert key in parse(record)
    del record[key]
    if QUESTIONS[key].optional:
        assert key not in parse(record)
    else:
        assert refused_key(record) == key


@pytest.mark.parametrize(("key", "answers"), [(k, a) for k, _, closes in OPENERS for a in closes])
def test_a_key_whose_condition_does_not_hold_is_refused(key: str, answers: Record):
    record = minimal_record(**answers)
    assert key not in parse(record)
    assert refused_key(record | {key: some_value(key)}) == key


SELF_TEST_KEYS = [q.key for s in SECTIONS if s.layout is Layout.SELF_TEST for q in s.questions]


@pytest.mark.parametrize("key", [*SELF_TEST_KEYS, "first_habit", "worry"])
def test_an_optional_key_without_condition_may_stand_alone(key: str):
    assert key in parse(minimal_record(**{key: some_value(key)}))


def test_self_tests_are_taken_even_when_they_would_not_be_offered():
    record = minimal_record(age=90, pain_now=9, pain_worst=9, stance_left="drop", leg_lift_left=4)
    assert parse(record)["stance_left"] == "drop"


# --- every record -----------------------------------------------------------------------------


@given(records())
def test_every_valid_record_is_taken_and_reads_back_the_same(record: Record):
    answers = parse(record)
    kept = contract.to_json(answers)
    assert kept == record
    assert parse(json.loads(json.dumps(kept))) == answers
    assert contract.first_missing(answers) is None


@given(records(), st.data())
def test_without_one_required_key_a_record_is_refused_for_that_key(
    record: Record, data: st.DataObject
):
    keys = [key for key in record if not QUESTIONS[key].optional]
    key = data.draw(st.sampled_from(keys))
    refused = refused_key({k: v for k, v in record.items() if k != key})
    assert refused == key


@given(records(), st.data())
def test_with_one_closed_key_a_record_is_refused_for_that_key(record: Record, data: st.DataObject):
    answers = parse(record)
    closed = [key for key, question in QUESTIONS.items() if not question.condition(answers)]
    if closed:
        key = data.draw(st.sampled_from(closed))
        assert refused_key(record | {key: some_value(key)}) == key


@given(records(calm=True), st.integers(0, 1000))
def test_a_record_is_kept_in_the_order_of_the_questionnaire(record: Record, seed: int):
    shuffled = list(record.items())
    Random(seed).shuffle(shuffled)
    assert list(parse(dict(shuffled))) == [key for key in QUESTIONS if key in record]


# --- changed answers --------------------------------------------------------------------------


@given(records(), st.data())
def test_after_any_change_what_is_kept_is_complete_or_a_page_is_missing(
    record: Record, data: st.DataObject
):
    key = data.draw(st.sampled_from([k for k in record if QUESTIONS[k].options]))
    value = data.draw(st.sampled_from([o.value for o in QUESTIONS[key].options]))
    many = QUESTIONS[key].kind is Kind.MANY
    kept, dropped = contract.drop_closed(typed(record | {key: [value] if many else value}))
    assert not set(dropped) & set(kept)
    assert set(dropped) | set(kept) == record.keys()
    assert contract.drop_closed(kept) == (kept, ())
    missing = contract.first_missing(kept)
    if missing is None:
        parse(contract.to_json(kept))
    else:
        assert refused_key(contract.to_json(kept)) in {q.key for q in missing.questions}


def test_a_changed_answer_drops_what_it_had_opened_and_what_that_had_opened():
    before = typed(
        minimal_record(
            side_sleep_nights="5_7", top_knee_drops="yes", side_lain_on="left", knee_pillow="never"
        )
    )
    kept, dropped = contract.drop_closed({**before, "side_sleep_nights": "0_1"})
    assert dropped == ("top_knee_drops", "side_lain_on", "knee_pillow")
    assert not set(dropped) & set(kept)


def test_taking_back_every_place_drops_all_that_was_asked_about_it():
    before = typed(minimal_record(age=60, **PAIN, walking_leg_pain="no", goals=goals(("Run", 1))))
    _, dropped = contract.drop_closed({**before, "places": ()})
    assert dropped == ("duration", *SIDE_GRID, "walking_leg_pain", "goals")


def test_choosing_not_to_do_a_self_test_drops_its_pain():
    record = minimal_record(stance_left="declined", stance_left_pain=3, stance_right_pain=2)
    kept, dropped = contract.drop_closed(typed(record | {"stance_right": "nd"}))
    assert dropped == ("stance_left_pain",)
    assert kept["stance_right_pain"] == 2


def test_nothing_is_dropped_when_nothing_was_closed():
    before = typed(minimal_record(**PAIN))
    assert contract.drop_closed(before) == (before, ())


# --- what is missing and what is asked --------------------------------------------------------


def test_the_first_page_is_missing_at_the_start():
    assert contract.first_missing({}) is page("consent")


def test_the_first_page_with_a_missing_answer_is_found():
    answers = typed(minimal_record(limp=None, floor=None))
    assert contract.first_missing(answers) is page("limp")


def test_a_page_that_a_change_opened_is_missing():
    answers = typed(minimal_record()) | {"leg_crossing": "2_hours_or_more"}
    assert contract.first_missing(answers) is page("crossing-style")


def test_a_worst_pain_that_became_too_low_is_asked_again():
    answers = typed(minimal_record(pain_now=6, pain_worst=4))
    assert contract.first_missing(answers) is page("pain")
    problem = contract.contradiction(answers)
    assert problem is not None
    assert problem.key == "pain_worst"
    assert "Pain right now" in str(problem)
    assert contract.contradiction(typed(minimal_record())) is None


def test_a_page_is_asked_when_one_of_its_questions_is():
    assert contract.asked(page("aggravators"), typed(minimal_record(**PAIN)))
    assert not contract.asked(page("aggravators"), typed(minimal_record()))


def test_who_it_is_from_is_always_asked():
    assert contract.asked(page("about-you"), {})


def test_goals_are_asked_for_when_there_is_a_place():
    assert contract.asked(page("goals"), typed(minimal_record(**PAIN)))
    assert not contract.asked(page("goals"), typed(minimal_record()))


def test_the_first_habit_is_asked_for_when_there_is_one():
    assert contract.asked(page("first-habit"), {"sitting_bout": "over_60"})
    assert not contract.asked(page("first-habit"), typed(minimal_record()))


# --- single values, for the forms -------------------------------------------------------------


@given(records())
def test_forms_and_records_are_judged_alike(record: Record):
    answers = parse(record)
    for key, value in record.items():
        assert contract.check_value(QUESTIONS[key], value) == answers[key]


@pytest.mark.parametrize("key", [k for k, q in QUESTIONS.items() if q.kind is not Kind.GOALS])
def test_a_wrong_value_says_what_to_do(key: str):
    with pytest.raises(AnswerError) as refusal:
        contract.check_value(QUESTIONS[key], "something else")
    assert str(refusal.value) == QUESTIONS[key].error


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (goals(("Run", None)), "Choose a number from 0 to 10 for each thing you name"),
        (goals(("x" * 201, 1)), "Use 200 characters or fewer for each thing"),
        (goals(*[("Run", 1)] * 4), "Name up to 3 things"),
        (goals(("bell \x07", 1)), "Write it with letters and numbers only"),
    ],
)
def test_a_wrong_goal_says_what_to_do(value: object, words: str):
    with pytest.raises(AnswerError, match=f"^{words}$"):
        contract.check_value(QUESTIONS["goals"], value)


def test_a_question_of_another_form_is_judged_too():
    filled_by = Question(
        key="filled_by",
        code="",
        kind=Kind.ONE,
        label="Who is filling this in?",
        error="Choose who is filling this in",
        options=(Option(value="self", label="I am"),),
    )
    assert contract.check_value(filled_by, "self") == "self"
    with pytest.raises(AnswerError, match="Choose who"):
        contract.check_value(filled_by, "nobody")


# --- self-tests -------------------------------------------------------------------------------

ALLOWED: list[Record] = [
    {},
    {"pain_now": 5, "pain_worst": 7},
    {"age": 74},
    {"pregnancy": "not_applicable"},
    {"surgery": ["hip_replacement:left"], "surgery_months": 6},
    {"falls": "none", "unsteady": "no"},
]

NOT_ALLOWED: list[Record] = [
    {"pain_now": 6, "pain_worst": 7},
    {"pain_now": 5, "pain_worst": 8},
    {"falls": "once"},
    {"falls": "twice_or_more"},
    {"unsteady": "sometimes"},
    {"unsteady": "often"},
    {"age": 75},
    {"pregnancy": "pregnant"},
    {"pregnancy": "postpartum"},
    {"surgery": ["knee:left"], "surgery_months": 5},
    {"surgery": ["spine"], "surgery_months": 0},
]


@pytest.mark.parametrize("changes", ALLOWED)
def test_self_tests_are_offered_to_people_who_may_do_them(changes: Record):
    assert contract.self_tests_offered(parse(minimal_record(**changes)), Tier.NONE)


@pytest.mark.parametrize("changes", NOT_ALLOWED)
def test_self_tests_are_not_offered_to_people_who_may_fall_or_hurt_themselves(changes: Record):
    assert not contract.self_tests_offered(parse(minimal_record(**changes)), Tier.NONE)


@pytest.mark.parametrize("tier", [Tier.CLINICIAN_FIRST, Tier.SAME_DAY, Tier.EMERGENCY])
def test_self_tests_are_not_offered_with_any_flag(tier: Tier):
    assert not contract.self_tests_offered(parse(minimal_record()), tier)


@pytest.mark.parametrize("key", ["age", "pain_now", "pain_worst", "falls", "unsteady", "pregnancy"])
def test_self_tests_are_not_offered_before_it_is_known_that_they_are_safe(key: str):
    assert not contract.self_tests_offered(typed(minimal_record(**{key: None})), Tier.NONE)


# --- in words ---------------------------------------------------------------------------------


def read(record: Record) -> dict[str, str]:
    """Key -> the answer in words."""
    return {r["key"]: r["answer"] for p in contract.words(parse(record)) for r in p["rows"]}


SAID: list[tuple[Record, str, str]] = [
    ({}, "consent", "Yes"),
    ({"age": 41}, "age", "41 years"),
    ({"pregnancy": "postpartum"}, "pregnancy", "Yes, I had a baby in the last 12 weeks"),
    ({"rf_sexual": "skipped"}, "rf_sexual", "I'd rather not say"),
    (
        {"places": ["buttock:right", "low_back:middle"]},
        "places",
        "Buttock, right; Low back, middle",
    ),
    ({"places": []}, "places", "None of these"),
    ({"medicines": []}, "medicines", "None of these"),
    ({"pain_now": 5, "pain_worst": 7}, "pain_worst", "7 out of 10"),
    ({**PAIN, "hard_stairs": "both"}, "hard_stairs", "Both"),
    (
        {"goals": goals(("Climb stairs", 4), ("Run", 0))},
        "goals",
        "Climb stairs: 4 out of 10; Run: 0 out of 10",
    ),
    ({"surgery": ["spine"], "surgery_months": 8}, "surgery_months", "8 months"),
    ({"minutes": 10}, "minutes", "10 minutes"),
    ({"minutes": 30}, "minutes", "30 or more minutes"),
    ({"days": 6}, "days", "6 or 7 days"),
    ({"stance_left_seconds": 12}, "stance_left_seconds", "12 seconds"),
    ({"stance_left": "drop"}, "stance_left", "My right hip dropped, or I leaned over"),
    ({"stance_right": "drop"}, "stance_right", "My left hip dropped, or I leaned over"),
    ({"leg_lift_left": 3}, "leg_lift_left", "3 out of 5"),
    ({"leg_lift_left": "declined"}, "leg_lift_left", "I chose not to do it"),
    ({}, "worry", "Not answered"),
    (PAIN, "goals", "Not answered"),
]


@pytest.mark.parametrize(("changes", "key", "said"), SAID)
def test_an_answer_is_read_as_the_patient_read_it(changes: Record, key: str, said: str):
    assert read(minimal_record(**changes))[key] == said


def test_what_was_not_asked_is_not_read():
    assert not {"duration", "goals", "first_habit", "stance_left"} & read(minimal_record()).keys()


@given(records())
def test_every_answer_is_read_once_with_its_question_and_id(record: Record):
    pages = contract.words(parse(record))
    rows = [row for entry in pages for row in entry["rows"]]
    keys = [row["key"] for row in rows]
    assert len(keys) == len(set(keys))
    assert record.keys() <= set(keys)
    for row in rows:
        question = QUESTIONS[row["key"]]
        assert (row["question"], row["code"]) == (question.label, question.code)
        assert row["answer"]
    assert json.loads(json.dumps(pages)) == pages


# --- the generators themselves ----------------------------------------------------------------


def test_random_records_are_valid_and_cover_every_key_and_option():
    chance = Random(20261125)
    seen: dict[str, set[str]] = {}
    for _ in range(1500):
        for key, value in parse(random_record(chance, flag_share=0.3)).items():
            found = value if isinstance(value, tuple) else (value,)
            seen.setdefault(key, set()).update(str(v) for v in found)
    assert seen.keys() == QUESTIONS.keys()
    for key, question in QUESTIONS.items():
        if question.options:
            assert seen[key] == {str(o.value) for o in question.options}, key


def test_the_same_seed_gives_the_same_person():
    assert random_record(Random(7)) == random_record(Random(7))


@given(records(calm=True, places=["groin:left"], age=60))
def test_fixed_answers_are_kept_by_the_generators(record: Record):
    assert (record["places"], record["age"]) == (["groin:left"], 60)
    assert parse(record)
