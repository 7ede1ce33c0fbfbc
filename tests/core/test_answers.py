"""What `answers` takes, refuses, drops and says: one test a sentence of the contract."""

import json
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening import answers as contract
from screening.answers import AnswerError, Goal, parse
from screening.questionnaire import QUESTIONS, SECTIONS, Kind, Layout, Option, Question
from tests.core.contract import OPENERS
from tests.core.records import Record, minimal_record, random_record, records

REQUIRED = [key for key in minimal_record() if key in QUESTIONS]


def refused_key(record: Record) -> str:
    """The key that a record is refused for."""
    with pytest.raises(AnswerError) as refusal:
        parse(record)
    assert str(refusal.value)
    return refusal.value.key


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

LIST_KEYS = [key for key, question in QUESTIONS.items() if question.kind is Kind.MANY]


@pytest.mark.parametrize("key", [key for key in LIST_KEYS if key != "reasons"])
def test_a_list_may_be_empty(key: str):
    assert parse(minimal_record(**opened(key)) | {key: []})[key] == ()


def test_reasons_may_not_be_empty():
    assert refused_key(minimal_record(reasons=[])) == "reasons"


@pytest.mark.parametrize("key", LIST_KEYS)
def test_a_list_may_repeat_and_is_kept_once_in_its_order(key: str):
    first, second = [option.value for option in QUESTIONS[key].options][:2]
    raw = [second, first, second, first]
    record = minimal_record(**{**opened(key), key: raw})
    assert parse(record)[key] == (second, first)


@pytest.mark.parametrize("key", LIST_KEYS)
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
