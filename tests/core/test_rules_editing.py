"""What a practice may change about the rules' numbers, and what no change can weaken."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening import assessment, examples, rulesets
from screening.anatomy import Level
from screening.answers import parse
from screening.rulesets import RuleSet, RuleSetError, editing
from tests.core.records import Record, records

SHIPPED = rulesets.load("1")


@st.composite
def drafts(draw: st.DrawFn) -> RuleSet:
    """Any version that a practice could publish."""
    changes = {
        name: draw(st.integers(number.low, number.high)) for name, number in editing.NUMBERS.items()
    }
    low, high = "limits.possible_from", "limits.likely_from"
    changes[high] = max(changes[low], changes[high])
    return editing.changed(SHIPPED, changes, version="2")


@given(records(), drafts())
@settings(max_examples=60)
def test_no_version_touches_triage_flags_or_confidence(record: Record, draft: RuleSet) -> None:
    answers = parse(record)
    before, after = assessment.assess(answers, SHIPPED), assessment.assess(answers, draft)
    for part in ("triage", "flags", "confidence"):
        assert getattr(after, part) == getattr(before, part)


@given(records(), drafts())
@settings(max_examples=60)
def test_likely_always_rests_on_signs(record: Record, draft: RuleSet) -> None:
    found = assessment.assess(parse(record), draft)
    for side in (found.left, found.right):
        if side.level is Level.LIKELY:
            assert sum(points for rule, points in side.points.items() if rule[0] == "C") >= 2


@pytest.mark.parametrize(
    "name",
    [
        "limits.severe_pain_from",
        "limits.adult_from_age",
        "limits.stance_pain_limits_from",
        "points.C5.bal_below_age",
        "version",
    ],
)
def test_what_safety_rests_on_cannot_be_changed(name: str) -> None:
    with pytest.raises(RuleSetError, match="cannot be changed"):
        editing.changed(SHIPPED, {name: 1}, version="2")


@pytest.mark.parametrize(
    ("name", "value"),
    [("limits.likely_signs_from", 1), ("points.A1.5_7", 5), ("caps.C", -1)],
)
def test_a_number_stays_in_its_range(name: str, value: int) -> None:
    with pytest.raises(RuleSetError, match="write a number from"):
        editing.changed(SHIPPED, {name: value}, version="2")


def test_possible_never_starts_above_likely() -> None:
    changes = {"limits.possible_from": 8, "limits.likely_from": 5}
    with pytest.raises(RuleSetError, match="possible_from"):
        editing.changed(SHIPPED, changes, version="2")


def test_a_change_is_that_change_and_nothing_else() -> None:
    draft = editing.changed(SHIPPED, {"points.A1.5_7": 0}, version="2")
    assert editing.values(draft) == {**editing.values(SHIPPED), "points.A1.5_7": 0}
    assert (draft.version, SHIPPED.points["A1"]["5_7"]) == ("2", 2)
    assert rulesets.parse(editing.to_json(draft)).limits == SHIPPED.limits


def test_the_examples_are_complete_answers() -> None:
    assert len(examples.load()) >= 14
