"""Answers on their way: what a change drops, what is missing, self-tests, words as read."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening import answers as contract
from screening.anatomy import Tier
from screening.answers import AnswerError, parse
from screening.questionnaire import QUESTIONS, SECTIONS, Kind
from tests.core.contract import PAIN, SIDE_GRID
from tests.core.records import Record, minimal_record, records, typed


def page(slug: str) -> Any:
    return next(section for section in SECTIONS if section.slug == slug)


def goals(*pairs: tuple[str, int]) -> list[dict[str, object]]:
    return [{"text": text, "score": score} for text, score in pairs]


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
        with pytest.raises(AnswerError) as refusal:
            parse(contract.to_json(kept))
        assert refusal.value.key in {q.key for q in missing.questions}


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
