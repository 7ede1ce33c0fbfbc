"""What the written criteria say of each exercise of a plan: harder, the same, easier, or see first.

Core: standard library only. Source: specification 5.4 to 5.6. A suggestion is only words for the
clinician; nothing here changes a plan. What a diary does not say is never taken for a good sign.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

from exercises.library.cards import Card
from screening.anatomy import Tier

GREEN_UP_TO, YELLOW_UP_TO = 3, 5
RUNNING = 2
"""How many sessions in a row the criteria look at."""

RISE = 2
RISE_DAYS = 3
MISSED_DAYS = 7
STALE_DAYS = 14
BUILD_FROM_WEEK = 3
DAYS_A_WEEK = 7

DONE, EASIER_WAY = "done", "easier"
TOO_EASY, TOO_HARD = "easy", "hard"


class Act(StrEnum):
    """What is suggested."""

    HARDER = "harder"
    MORE_SETS = "more_sets"
    MORE_REPS = "more_reps"
    STAY = "stay"
    FEWER_SETS = "fewer_sets"
    EASIER = "easier"
    REVIEW = "review"


UP = (Act.HARDER, Act.MORE_SETS, Act.MORE_REPS)
DOWN = (Act.FEWER_SETS, Act.EASIER)
CHANGES = (*UP, *DOWN)
"""What can be put into a draft; the others leave the plan as it is."""

REVIEW_REASONS: Mapping[str, str] = {
    "chest": "Check-in: chest pain or trouble breathing.",
    "saddle": "Check-in: numbness between the legs.",
    "bladder": "Check-in: new bladder or bowel trouble.",
    "weak_leg": "Check-in: a leg getting weaker.",
    "calf": "Check-in: one calf swollen, hot and sore.",
    "fall": "Check-in: a hard fall or crash.",
    "fever": "Check-in: fever or chills with the pain.",
    "tingling": "Check-in: new tingling in a leg.",
    "health": "Check-in: a new illness or pregnancy.",
    "pain_rise": "Check-in: pain rose by 2 or more.",
    "much_worse": "Check-in: feels much worse.",
    "no_change": "Check-in: no change by week 4.",
}
"""Code of what a check-in reported -> why the clinician looks first."""


class Day(Protocol):
    """One written day of a diary; pain is the worst of the day, 0 to 10."""

    @property
    def day(self) -> date: ...
    @property
    def ticks(self) -> Mapping[str, str]: ...
    @property
    def pain(self) -> int | None: ...
    @property
    def difficulty(self) -> str: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """One check-in: when it was sent, how urgent it was, and the codes that made it so."""

    on: date
    tier: Tier
    reported: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Exercise:
    """One exercise as it stands on the plan; `sets` are those of the side with fewer."""

    slug: str
    sets: int
    reps: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What is on the plan, when it began, and the cards that are open to this patient.

    `green_up_to` and `yellow_up_to` are the limits of the practice's pain guide.
    """

    exercises: tuple[Exercise, ...]
    began: date
    cards: Mapping[str, Card]
    open: Collection[str]
    green_up_to: int = GREEN_UP_TO
    yellow_up_to: int = YELLOW_UP_TO


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestion:
    """What the criteria suggest for one exercise, or for the whole plan with slug "".

    `to` is the neighbour on the ladder for "harder" and "easier", else the exercise itself.
    """

    slug: str
    act: Act
    to: str
    reasons: tuple[str, ...]

    @property
    def is_change(self) -> bool:
        """Whether it can be put into a draft."""
        return self.act in CHANGES


def suggest(
    history: Sequence[Day], check_ins: Sequence[Report], plan: Plan, *, today: date
) -> tuple[Suggestion, ...]:
    """One suggestion an exercise, in the order of the plan; first one for the plan as a whole where
    the clinician has to look before anything gets harder.

    `history` are the written days of this plan, `check_ins` those since it began, in any order.
    """
    days = sorted((one for one in history if one.day <= today), key=lambda one: one.day)
    look_first = _look_first(days, check_ins)
    found = tuple(_one(exercise, days, plan, today) for exercise in plan.exercises)
    if not look_first:
        return found
    whole = Suggestion(slug="", act=Act.REVIEW, to="", reasons=look_first)
    return (whole, *(_held(one) for one in found))


# --- the plan as a whole ----------------------------------------------------------------------


def _look_first(days: Sequence[Day], check_ins: Sequence[Report]) -> tuple[str, ...]:
    last = max(check_ins, key=lambda one: one.on, default=None)
    codes = last.reported if last and last.tier is not Tier.NONE else ()
    reasons = [REVIEW_REASONS.get(code, f"Check-in: {code}.") for code in codes]
    if last and last.tier is not Tier.NONE and not reasons:
        reasons.append("The last check-in needs a chiropractor.")
    if _pain_rose(days):
        reasons.append("Diary: pain rose by 2 or more and stayed there for 3 days.")
    return tuple(reasons)


def _pain_rose(days: Sequence[Day]) -> bool:
    """The last three days written, one after the other, are all above the day before them."""
    told = [(one.day, one.pain) for one in days if one.pain is not None]
    if len(told) <= RISE_DAYS:
        return False
    (_, before), *last = told[-RISE_DAYS - 1 :]
    in_a_row = (last[-1][0] - last[0][0]).days == RISE_DAYS - 1
    return in_a_row and all(pain >= before + RISE for _, pain in last)


def _held(found: Suggestion) -> Suggestion:
    """Nothing gets harder while the clinician has to look first."""
    if found.act not in UP:
        return found
    reasons = (*found.reasons, "Not harder before a chiropractor has looked.")
    return Suggestion(slug=found.slug, act=Act.STAY, to=found.slug, reasons=reasons)


# --- one exercise -----------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class _Session:
    """One day on which the exercise was done; `next_day` is the pain of the day after."""

    how: str
    pain: int | None
    effort: str
    next_day: int | None


def _one(exercise: Exercise, days: Sequence[Day], plan: Plan, today: date) -> Suggestion:
    if not days:
        return _stay(exercise, "No diary yet.")
    if (today - days[-1].day).days > STALE_DAYS:
        return _stay(exercise, f"The diary ends on {days[-1].day:%b %-d}. Ask first.")
    last = _sessions(exercise.slug, days)[-RUNNING:]
    against = _against(exercise.slug, last, days, plan)
    if against:
        return _down(exercise, plan, against)
    held = _held_back(last, plan)
    if held:
        return _stay(exercise, held)
    if all(session.effort == TOO_EASY for session in last):
        return _up(exercise, plan, last)
    return _about_right(exercise, plan, today)


def _sessions(slug: str, days: Sequence[Day]) -> list[_Session]:
    pain = {one.day: one.pain for one in days}
    return [
        _Session(
            how=one.ticks[slug],
            pain=one.pain,
            effort=one.difficulty,
            next_day=pain.get(one.day + timedelta(days=1)),
        )
        for one in days
        if one.ticks.get(slug)
    ]


def _against(
    slug: str, last: Sequence[_Session], days: Sequence[Day], plan: Plan
) -> tuple[str, ...]:
    """What asks for one step back."""
    reds = [one.pain for one in last if one.pain is not None and one.pain > plan.yellow_up_to]
    found = (
        (bool(reds), f"Pain {max(reds, default=0)} of 10 on a day of this exercise (red)."),
        (any(_flares(one, plan) for one in last), "Pain was not settled the day after."),
        (bool(last) and last[-1].effort == TOO_HARD, "The last session felt too hard."),
        (
            len(last) == RUNNING and all(one.how == EASIER_WAY for one in last),
            "Done the easier way twice running.",
        ),
        (_missed(slug, days, plan), "Not done for a week: start again one step lower."),
    )
    return tuple(words for holds, words in found if holds)


def _flares(session: _Session, plan: Plan) -> bool:
    """The day after is worse by what is felt, and above green."""
    if session.pain is None or session.next_day is None:
        return False
    return session.next_day > plan.green_up_to and session.next_day - session.pain >= RISE


def _missed(slug: str, days: Sequence[Day], plan: Plan) -> bool:
    """The diary goes on for a week without this exercise."""
    done = [one.day for one in days if one.ticks.get(slug)]
    since = done[-1] if done else plan.began - timedelta(days=1)
    return (days[-1].day - since).days >= MISSED_DAYS


def _held_back(last: Sequence[_Session], plan: Plan) -> str:
    """Why it stays as it is; "" where nothing holds it back."""
    if len(last) < RUNNING:
        return "Fewer than 2 sessions are written."
    told = [one.pain for one in last if one.pain is not None]
    told += [one.next_day for one in last if one.next_day is not None]
    if any(pain > plan.green_up_to for pain in told):
        return f"Pain {max(told)} of 10 in the last 2 sessions or the day after (yellow)."
    if any(one.pain is None for one in last):
        return "Pain is not written for each of the last 2 sessions."
    if any(one.how != DONE for one in last):
        return "One of the last 2 sessions was done the easier way."
    if any(not one.effort for one in last):
        return "How hard it felt is not written for each of the last 2 sessions."
    if any(one.effort == TOO_HARD for one in last):
        return "One of the last 2 sessions felt too hard."
    return ""


def _up(exercise: Exercise, plan: Plan, last: Sequence[_Session]) -> Suggestion:
    """One thing more: a set while the card allows one, else the next card of the ladder."""
    card = plan.cards[exercise.slug]
    reasons = ["2 sessions running: done in full, pain green, too easy."]
    if any(one.next_day is None for one in last):
        reasons.append("Pain of the day after is not written each time: ask.")
    if card.dose and exercise.sets < card.dose.sets.high:
        return _change(exercise, Act.MORE_SETS, exercise.slug, reasons)
    if card.harder and card.harder in plan.open:
        return _change(exercise, Act.HARDER, card.harder, reasons)
    closed = "The next step is not open to this patient." if card.harder else "Top of its ladder."
    return _stay(exercise, *reasons, closed)


def _about_right(exercise: Exercise, plan: Plan, today: date) -> Suggestion:
    """The same exercise; from week 3 on once more each set, up to what the card allows."""
    dose = plan.cards[exercise.slug].dose
    week = (today - plan.began).days // DAYS_A_WEEK + 1
    room = dose and dose.reps and exercise.reps is not None and exercise.reps < dose.reps.high
    if week >= BUILD_FROM_WEEK and room:
        reasons = [f"Week {week}, pain green, about right: the same, once more each set."]
        return _change(exercise, Act.MORE_REPS, exercise.slug, reasons)
    return _stay(exercise, "Pain green, about right.")


def _down(exercise: Exercise, plan: Plan, reasons: Sequence[str]) -> Suggestion:
    card = plan.cards[exercise.slug]
    if card.easier and card.easier in plan.open:
        return _change(exercise, Act.EASIER, card.easier, reasons)
    if exercise.sets > 1:
        return _change(exercise, Act.FEWER_SETS, exercise.slug, reasons)
    reasons = (*reasons, "There is nothing easier to give: talk about it.")
    return Suggestion(slug=exercise.slug, act=Act.REVIEW, to=exercise.slug, reasons=tuple(reasons))


def _stay(exercise: Exercise, *reasons: str) -> Suggestion:
    return Suggestion(slug=exercise.slug, act=Act.STAY, to=exercise.slug, reasons=reasons)


def _change(exercise: Exercise, act: Act, to: str, reasons: Sequence[str]) -> Suggestion:
    return Suggestion(slug=exercise.slug, act=act, to=to, reasons=tuple(reasons))
