"""Suggestions by the written criteria: nothing gets harder unless the diary shows that it may."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from exercises import library, progression
from exercises.progression import Act, Exercise, Plan, Report, Suggestion
from screening.anatomy import Tier

BEGAN = date(2026, 11, 2)
CARDS = library.load()
CLAM = "clamshell"
HARDER, EASIER = CARDS[CLAM].harder, CARDS[CLAM].easier
MOST_SETS = CARDS[CLAM].dose.sets.high
MOST_REPS = CARDS[CLAM].dose.reps.high
EVERY = {act.value for act in Act}


@dataclass(frozen=True, kw_only=True)
class Day:
    """A written day."""

    day: date
    ticks: dict[str, str] = field(default_factory=dict)
    pain: int | None = None
    difficulty: str = ""


def day(number: int, how: str = "done", pain: int | None = 2, felt: str = "easy") -> Day:
    """Day 1 is the first of the plan; `how` "" for a day without the exercise."""
    ticks = {CLAM: how} if how else {}
    on = BEGAN + timedelta(days=number - 1)
    return Day(day=on, ticks=ticks, pain=pain, difficulty=felt)


def plan(**changes: Any) -> Plan:
    exercise = Exercise(slug=CLAM, sets=MOST_SETS, reps=MOST_REPS)
    facts = {"exercises": (exercise,), "began": BEGAN, "cards": CARDS, "open": frozenset(CARDS)}
    return Plan(**{**facts, **changes})


def suggested(*days: Day, on: int = 0, **changes: Any) -> Suggestion:
    """The suggestion for the exercise, looked at on the last written day or another."""
    today = BEGAN + timedelta(days=on - 1) if on else days[-1].day
    return progression.suggest(days, (), plan(**changes), today=today)[-1]


def test_two_easy_green_sessions_running_lead_one_step_up_the_ladder() -> None:
    found = suggested(day(1), day(3))
    assert (found.act, found.to) == (Act.HARDER, HARDER)
    assert found.is_change


def test_a_set_comes_before_a_harder_card() -> None:
    fewer = Exercise(slug=CLAM, sets=MOST_SETS - 1, reps=MOST_REPS)
    assert suggested(day(1), day(3), exercises=(fewer,)).act is Act.MORE_SETS


@pytest.mark.parametrize(
    ("second", "words"),
    [
        ({"pain": 4}, "yellow"),
        ({"pain": None}, "not written"),
        ({"how": "easier"}, "easier way"),
        ({"felt": ""}, "not written"),
        ({"felt": "right"}, "about right"),
    ],
)
def test_what_is_not_shown_keeps_the_exercise_as_it_is(second: dict[str, Any], words: str) -> None:
    found = suggested(day(1), day(3, **second))
    assert found.act is Act.STAY
    assert words in " ".join(found.reasons)


def test_one_session_is_not_enough() -> None:
    assert suggested(day(1), day(2, how="")).act is Act.STAY


def test_a_yellow_day_after_holds_it_back() -> None:
    assert suggested(day(1), day(3, pain=3), day(4, how="", pain=4)).act is Act.STAY


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([day(1), day(3, pain=6)], "red"),
        ([day(1), day(2, how="", pain=5), day(3)], "not settled"),
        ([day(1), day(3, felt="hard")], "too hard"),
        ([day(1, how="easier"), day(3, how="easier")], "twice running"),
        ([day(1), day(3), day(6, how=""), day(10, how="")], "week"),
    ],
)
def test_each_written_reason_leads_one_step_back(days: list[Day], words: str) -> None:
    found = suggested(*days)
    assert (found.act, found.to) == (Act.EASIER, EASIER)
    assert words in " ".join(found.reasons)


def test_without_an_easier_card_a_set_is_taken_away_and_then_it_is_talked_about() -> None:
    one = Exercise(slug=CLAM, sets=1, reps=8)
    assert suggested(day(1), day(3, pain=8), open=()).act is Act.FEWER_SETS
    assert suggested(day(1), day(3, pain=8), open=(), exercises=(one,)).act is Act.REVIEW


def test_a_card_that_is_closed_to_the_patient_is_never_suggested() -> None:
    found = suggested(day(1), day(3), open=frozenset(CARDS) - {HARDER})
    assert found.act is Act.STAY
    assert "not open" in " ".join(found.reasons)


def test_from_week_3_about_right_earns_one_repetition() -> None:
    fewer = Exercise(slug=CLAM, sets=2, reps=MOST_REPS - 1)
    found = suggested(day(15, felt="right"), day(17, felt="right"), exercises=(fewer,))
    assert found.act is Act.MORE_REPS
    early = suggested(day(1, felt="right"), day(3, felt="right"), exercises=(fewer,))
    assert early.act is Act.STAY


def test_without_a_diary_or_with_an_old_one_nothing_is_concluded() -> None:
    assert progression.suggest((), (), plan(), today=BEGAN)[0].reasons == ("No diary yet.",)
    found = suggested(day(1), day(3, pain=9), on=40)
    assert found.act is Act.STAY
    assert "Nov 4" in found.reasons[0]


def test_the_limits_are_those_of_the_practice() -> None:
    assert suggested(day(1, pain=4), day(3, pain=4), green_up_to=4).act is Act.HARDER
    assert suggested(day(1), day(3, pain=5), yellow_up_to=4).act is Act.EASIER


REPORT = Report(on=BEGAN + timedelta(days=20), tier=Tier.CLINICIAN_FIRST, reported=("tingling",))


def test_a_reported_sign_comes_first_and_nothing_gets_harder() -> None:
    whole, one = progression.suggest((day(1), day(3)), (REPORT,), plan(), today=BEGAN)
    assert whole.act is Act.REVIEW
    assert whole.reasons == ("Check-in: new tingling in a leg.",)
    assert one.act is Act.STAY


def test_only_the_latest_check_in_counts() -> None:
    later = replace(REPORT, on=REPORT.on + timedelta(days=14), tier=Tier.NONE, reported=())
    assert len(progression.suggest((day(1), day(3)), (REPORT, later), plan(), today=BEGAN)) == 1


def test_pain_that_rose_for_3_days_comes_first() -> None:
    days = [day(1, pain=1), *(day(number, how="", pain=3) for number in (3, 4, 5))]
    assert suggested(*days).act is Act.STAY
    assert progression.suggest(days, (), plan(), today=days[-1].day)[0].act is Act.REVIEW
    gap = [*days[:-1], day(6, how="", pain=3)]
    assert progression.suggest(gap, (), plan(), today=gap[-1].day)[0].act is not Act.REVIEW


DAYS = some.lists(
    some.builds(
        day,
        some.integers(1, 42),
        some.sampled_from(["", "done", "easier"]),
        some.none() | some.integers(0, 10),
        some.sampled_from(["", "easy", "right", "hard"]),
    ),
    max_size=14,
    unique_by=lambda one: one.day,
)
TODAY = BEGAN + timedelta(days=41)


@given(DAYS, some.sampled_from(sorted(slug for slug, card in CARDS.items() if card.dose)))
def test_a_step_is_never_more_than_one_on_the_own_ladder(days: list[Day], slug: str) -> None:
    moved = [replace(one, ticks={slug: "done"} if one.ticks else {}) for one in days]
    mine = plan(exercises=(Exercise(slug=slug, sets=1, reps=1),))
    for found in progression.suggest(moved, (), mine, today=TODAY):
        assert found.act in EVERY
        assert found.reasons
        assert found.to in {"", slug, CARDS[slug].easier, CARDS[slug].harder}
        assert (found.act is Act.HARDER) == (found.to == CARDS[slug].harder != "")


@given(DAYS, some.data())
def test_more_pain_never_leads_to_more_exercise(days: list[Day], data: some.DataObject) -> None:
    if not days:
        return
    worse = list(days)
    at = data.draw(some.integers(0, len(days) - 1))
    if days[at].pain is None:
        return
    worse[at] = replace(days[at], pain=data.draw(some.integers(days[at].pain, 10)))
    before = progression.suggest(days, (), plan(), today=TODAY)[-1]
    after = progression.suggest(worse, (), plan(), today=TODAY)[-1]
    if before.act not in progression.UP:
        assert after.act not in progression.UP


@given(DAYS)
def test_the_order_of_the_days_does_not_matter(days: list[Day]) -> None:
    forth = progression.suggest(days, (), plan(), today=TODAY)
    assert forth == progression.suggest(days[::-1], (), plan(), today=TODAY)


@given(DAYS)
def test_a_sign_that_needs_a_person_never_goes_with_more(days: list[Day]) -> None:
    found = progression.suggest(days, (REPORT,), plan(), today=TODAY)
    assert found[0].act is Act.REVIEW
    assert not {one.act for one in found} & set(progression.UP)
