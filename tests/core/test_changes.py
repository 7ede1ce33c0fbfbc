"""What changed between two screenings: which way each answer went, and what cannot be compared."""

from typing import Any

import pytest

from screening import answers as contract
from screening import rulesets
from screening.answers import Answers
from screening.assessment import Assessment, assess
from screening.changes import Changes, Direction, changes
from tests.web.visitor import RECORD


def record(**answers: Any) -> tuple[Answers, Assessment]:
    checked = contract.parse({**RECORD, **answers})
    return checked, assess(checked, rulesets.load())


def between(before: dict[str, Any], after: dict[str, Any]) -> Changes:
    return changes(record(**before), record(**after))


def test_the_same_answers_are_no_change() -> None:
    found = between({}, {})
    assert found.different == found.new_flags == found.gone_flags == ()
    assert {side.direction for side in found.sides} == {Direction.SAME}
    assert "Sitting a long time" in [change.question for change in found.same]


def test_less_pain_a_level_hip_and_a_pillow_are_better_in_the_patients_words() -> None:
    better = {
        "pain_worst": 3,
        "knee_pillow": "always",
        "stance_right": "ok",
        "stance_right_seconds": 30,
    }
    found = between({}, better)
    told = {c.key: (c.before, c.after, c.direction.value) for c in found.different}
    assert told["pain_worst"] == ("5 out of 10", "3 out of 10", "better")
    assert told["knee_pillow"] == ("Never", "Always", "better")
    assert told["stance_right"][1:] == ("I held 30 seconds and stayed level", "better")
    assert [change.key for change in found.different] == list(told)
    right = next(side for side in found.sides if side.side == "right")
    assert (right.before, right.after, right.direction) == ("likely", "possible", "better")


@pytest.mark.parametrize(
    ("key", "before", "after", "direction"),
    [
        ("hard_stairs", "right", "both", "worse"),
        ("hard_stairs", "right", "left", "other"),
        ("hard_stairs", "not_sure", "no", "other"),
        ("hard_stairs", "both", "no", "better"),
        ("sitting_bout", "up_to_30", "over_60", "worse"),
        ("leg_lift_right", 3, 1, "better"),
        ("leg_lift_right", 3, "nd", "other"),
        ("places", ["low_back:right", "buttock:right"], ["buttock:right"], "better"),
        ("places", ["low_back:right"], ["buttock:right"], "other"),
        ("worse_bending", "no", "yes", "worse"),
    ],
)
def test_each_answer_goes_one_way_or_cannot_be_ranked(
    key: str, before: Any, after: Any, direction: str
) -> None:
    found = between({key: before}, {key: after})
    assert [c.direction for c in found.different if c.key == key] == [direction]


def test_the_order_of_ticks_is_no_change() -> None:
    found = between({}, {"places": ["buttock:right", "low_back:right"]})
    assert "places" in [change.key for change in found.same]


def test_what_was_not_asked_both_times_is_left_out() -> None:
    bare = {key: value for key, value in RECORD.items() if not key.startswith("stance_left")}
    checked = contract.parse(bare)
    found = changes(record(), (checked, assess(checked, rulesets.load())))
    assert "stance_left" not in {c.key for c in (*found.different, *found.same)}


def test_a_new_red_flag_is_named_and_hides_the_levels() -> None:
    found = between({}, {"rf_calf": "yes"})
    assert [flag.told for flag in found.new_flags] == [
        "one calf that is newly swollen, hot and sore"
    ]
    assert found.sides == ()


def test_a_red_flag_that_is_gone_is_named() -> None:
    found = between({"rf_calf": "yes"}, {})
    assert (len(found.gone_flags), found.new_flags) == (1, ())
