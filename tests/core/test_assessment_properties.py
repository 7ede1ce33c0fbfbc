"""Properties of every assessment, specification 3.4: monotone, mirrored, bounded, explained."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from screening import assessment, rules, rulesets
from screening.anatomy import LEVELS, SIDES, Level, Side, Tier
from screening.answers import Answers, parse
from screening.assessment import Assessment, SideFinding
from tests.core.records import Record, records, typed

RULESET = rulesets.load("1")


def assess_record(record: Record) -> Assessment:
    return assessment.assess(parse(record), RULESET)


def finding(result: Assessment, side: Side) -> SideFinding:
    return result.left if side is Side.LEFT else result.right


RISING: dict[str, tuple[Any, ...]] = {
    "side_sleep_nights": ("0_1", "2_4", "5_7"),
    "top_knee_drops": ("no", "not_sure", "yes"),
    "knee_pillow": ("always", "sometimes", "never"),
    "one_leg_standing": ("rarely", "under_2_hours", "2_hours_or_more"),
    "sitting_bout": ("up_to_30", "31_to_60", "over_60"),
    "sitting_hours": ("under_4", "4_to_6", "6_to_8", "over_8"),
    "leg_crossing": ("rarely", "under_2_hours", "2_hours_or_more"),
    "crossing_style": ("ankles", "ankle_on_knee", "knee_over_knee"),
    "side_lain_on": ("left", "both"),
    "top_leg": ("left", "both"),
    "hard_one_leg": ("no", "left", "both"),
    "hard_stairs": ("no", "right", "both"),
    "hard_long_standing": ("no", "left", "both"),
    "limp": ("no", "left", "both"),
    "hip_drop": ("no", "right", "both"),
    "tires_early": ("no", "left", "both"),
    "waddle": ("no", "yes"),
    "stance_left": ("ok", "bal", "drop", "drop0"),
    "stance_right": ("ok", "bal", "drop", "drop0"),
    "leg_lift_left": (0, 1, 2, 3, 4, 5),
    "leg_lift_right": (0, 1, 2, 3, 4, 5),
    "training_hours": ("0_2", "3_4", "5_9", "10_plus"),
    "training_jump": ("no", "yes"),
}
"""Key -> its answers from less to more exposure, side answers fixed."""

GROWING = {
    "places": ("low_back:left", "low_back:middle", "buttock:right", "outer_hip:left"),
    "injuries": ("ankle:left", "knee:right", "hip:left"),
    "surgery": ("hip_replacement:right", "hip_other:left", "knee:left"),
}
"""List key -> entries that can only add to the picture."""


def never_lower(before: Assessment, after: Assessment) -> None:
    for side in SIDES:
        was, now = finding(before, side), finding(after, side)
        assert now.total >= was.total
        assert now.level.rank >= was.level.rank


@given(records(), st.sampled_from(sorted(RISING)), st.data())
def test_more_exposure_never_lowers_a_side(record: Record, key: str, data: st.DataObject) -> None:
    order = RISING[key]
    low = data.draw(st.integers(0, len(order) - 2))
    high = data.draw(st.integers(low + 1, len(order) - 1))
    answers = typed(record)
    before = assessment.assess({**answers, key: order[low]}, RULESET)
    never_lower(before, assessment.assess({**answers, key: order[high]}, RULESET))


@given(records(), st.sampled_from(sorted(GROWING)), st.data())
def test_another_place_or_event_never_lowers_a_side(
    record: Record, key: str, data: st.DataObject
) -> None:
    answers = typed(record)
    more = data.draw(st.sampled_from(GROWING[key]))
    before = assessment.assess(answers, RULESET)
    never_lower(before, assessment.assess({**answers, key: (*record[key], more)}, RULESET))


SWAPPED_KEYS = {
    f"{test}_{here}{part}": f"{test}_{there}{part}"
    for here, there in (("left", "right"), ("right", "left"))
    for test, parts in (
        ("stance", ("", "_seconds", "_pain", "_pain_place")),
        ("leg_lift", ("",)),
    )
    for part in parts
}


def mirrored(record: Record) -> Record:
    """The same person seen in a mirror."""
    return {SWAPPED_KEYS.get(key, key): _mirrored(value) for key, value in record.items()}


def _mirrored(value: Any) -> Any:
    if isinstance(value, list):
        return [_mirrored(item) for item in value]
    if not isinstance(value, str):
        return value
    region, colon, side = value.rpartition(":")
    return region + colon + {"left": "right", "right": "left"}.get(side, side)


@given(records())
def test_a_mirrored_record_gives_the_mirrored_result(record: Record) -> None:
    seen, mirror = assess_record(record), assess_record(mirrored(record))
    assert mirror.left == seen.right
    assert mirror.right == seen.left
    swap = {"left": "right", "right": "left"}
    assert mirror.overall == swap.get(seen.overall, seen.overall)
    for part in ("triage", "flags", "prompts", "tags", "confidence", "emphasis"):
        assert getattr(mirror, part) == getattr(seen, part)


@given(records())
def test_a_tier_shows_no_level_to_the_patient(record: Record) -> None:
    result = assess_record(record)
    sentence = assessment.result_sentence(result, RULESET)
    assert bool(sentence) == (result.triage is Tier.NONE)
    assert (result.flags == ()) == (result.triage is Tier.NONE)


@given(records())
def test_the_groups_stay_within_their_bounds(record: Record) -> None:
    result = assess_record(record)
    for side in SIDES:
        sums = dict.fromkeys("ABCDE", 0)
        for rule, points in finding(result, side).points.items():
            assert points > 0
            sums[rule[0]] += points
        capped = {group: min(total, RULESET.caps[group]) for group, total in sums.items()}
        assert sums["D"] <= 2
        assert sums["E"] <= 1
        assert finding(result, side).total == sum(capped.values())
        assert 0 <= finding(result, side).total <= 19


@given(records(), st.booleans())
def test_habits_alone_and_pain_alone_never_reach_likely(record: Record, painless: bool) -> None:
    signs = {rule.id for rule in rules.RULES if rule.group == "C"}
    result = assess_record(record)
    for side in SIDES:
        found = finding(result, side)
        if signs.isdisjoint(found.points):
            assert found.level is not Level.LIKELY
        if set(found.points) <= {"A1", "A2", "A3", "A4"}:
            assert found.total <= 4


@given(records())
def test_the_same_answers_give_the_same_result_and_reasons(record: Record) -> None:
    answers = parse(record)
    first, second = assessment.assess(answers, RULESET), assessment.assess(answers, RULESET)
    assert first == second
    reasons = assessment.explain(answers, first, RULESET)
    assert reasons == assessment.explain(answers, second, RULESET)


@given(records())
def test_the_reasons_add_up_to_the_total_of_each_side(record: Record) -> None:
    answers = parse(record)
    result = assessment.assess(answers, RULESET)
    reasons = assessment.explain(answers, result, RULESET)
    for side in SIDES:
        mine = [reason for reason in reasons if reason.side == side]
        assert sum(reason.counted for reason in mine) == finding(result, side).total
        assert {reason.rule: reason.points for reason in mine} == finding(result, side).points
        assert len({reason.rule for reason in mine}) == len(mine)
    assert all(0 <= reason.counted <= reason.points for reason in reasons)
    weights = [reason.counted for reason in reasons]
    assert weights == sorted(weights, reverse=True)


@given(records())
def test_every_reason_begins_with_what_the_patient_told_us(record: Record) -> None:
    answers = parse(record)
    for reason in assessment.explain(answers, assessment.assess(answers, RULESET), RULESET):
        assert reason.told.startswith("Because you told us ")
        assert reason.told.endswith(".")
        assert "_" not in reason.told
        assert "{" not in reason.told


SELF_TESTS = ("stance_left", "stance_right", "leg_lift_left", "leg_lift_right")


@given(records())
def test_skipping_the_self_tests_never_raises_a_level(record: Record) -> None:
    answers = parse(record)
    skipped = {key: value for key, value in answers.items() if key not in SELF_TESTS}
    with_tests = assessment.assess(answers, RULESET)
    without = assessment.assess(skipped, RULESET)
    assert without.confidence == "low"
    never_lower(without, with_tests)


@given(records(), st.sampled_from(SIDES))
def test_a_sided_habit_speaks_of_one_side_only(record: Record, side: Side) -> None:
    answers: Answers = {
        **typed(record),
        "side_lain_on": side,
        "standing_leg": side,
        "top_leg": side,
    }
    result = assessment.assess(answers, RULESET)
    assert "A1" not in finding(result, side).points
    assert "A2" not in finding(result, side.other).points
    assert "A4" not in finding(result, side.other).points


PROMPT_ONLY = {
    "worse_lying_on_side": ("no", "left", "both"),
    "worse_sitting": ("no", "right"),
    "worse_bending": ("no", "yes"),
    "hard_shoes": ("no", "left"),
    "worse_turning": ("no", "not_sure"),
    "walking_leg_pain": ("no", "eases_standing", "eases_sitting"),
    "morning_stiffness": ("no", "yes"),
    "worry": (0, 10),
}


@given(records(), st.sampled_from(sorted(PROMPT_ONLY)), st.data())
def test_what_sets_prompts_changes_no_score(record: Record, key: str, data: st.DataObject) -> None:
    answers = typed(record)
    changed = {**answers, key: data.draw(st.sampled_from(PROMPT_ONLY[key]))}
    before = assessment.assess(answers, RULESET)
    after = assessment.assess(changed, RULESET)
    assert (after.left, after.right) == (before.left, before.right)
    assert (after.overall, after.emphasis) == (before.overall, before.emphasis)


@given(records(), st.data())
def test_a_part_of_a_record_can_be_assessed(record: Record, data: st.DataObject) -> None:
    kept = data.draw(st.sets(st.sampled_from(sorted(record))))
    part = {key: value for key, value in typed(record).items() if key in kept}
    result = assessment.assess(part, RULESET)
    assert result.left.level in LEVELS


@given(records())
def test_an_assessment_survives_being_stored(record: Record) -> None:
    result = assess_record(record)
    assert assessment.from_json(assessment.to_json(result)) == result
