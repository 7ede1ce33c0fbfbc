"""When a check-in is due, what its answers mean, and what is a real change.

Core: standard library only. Sources: specification 5.5, 5.6 and 7 (a change of about 2 of 10, or
30 % of pain, is the smallest that matters; pain that rises 2 or more, new leg tingling, a new
illness or pregnancy, and no change by week 4 need the clinician).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from screening.anatomy import Tier

WEEKS = (2, 4, 6, 12)
LEAD = timedelta(days=3)
"""How long before its day a check-in may be sent."""

LAST_OPEN = timedelta(weeks=4)
"""How long the last one stays open."""

MOST_ACTIVITIES = 3
REAL_CHANGE = 2
REAL_PART = 0.3
GREEN_UP_TO = 3
NO_CHANGE_FROM_WEEK = 4

GLOBAL_CHANGE: Mapping[str, int] = {
    "much_better": 2,
    "better": 1,
    "same": 0,
    "worse": -1,
    "much_worse": -2,
}
"""Code of the global rating of change -> its value, high is better."""

SIGNS: Mapping[str, tuple[Tier, Mapping[str, str]]] = {
    "chest": (Tier.EMERGENCY, {"rf_chest_pain_now": "yes"}),
    "saddle": (Tier.EMERGENCY, {"rf_saddle": "yes"}),
    "bladder": (Tier.EMERGENCY, {"rf_bladder": "yes"}),
    "weak_leg": (Tier.EMERGENCY, {"rf_leg_weaker": "yes", "rf_leg_weaker_onset": "days"}),
    "calf": (Tier.SAME_DAY, {"rf_calf": "yes"}),
    "fall": (Tier.SAME_DAY, {"rf_trauma": "yes", "rf_trauma_weight_bearing": "yes"}),
    "fever": (Tier.SAME_DAY, {"rf_fever": "yes"}),
    "tingling": (Tier.CLINICIAN_FIRST, {}),
    "health": (Tier.CLINICIAN_FIRST, {}),
}
"""New sign -> its tier, and the answers of the questionnaire that say the same."""

PAIN_RISE, MUCH_WORSE, NO_CHANGE = "pain_rise", "much_worse", "no_change"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """Pain at one time; `activities` are the scores in the order in which they were named."""

    pain_now: int | None
    pain_worst: int | None
    activities: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """Which check-in can be sent now, and which comes next; None for none."""

    week: int | None
    on: date | None
    next_on: date | None
    current_week: int


def day_of(week: int, start: date) -> date:
    """The day on which the check-in of a week is due."""
    return start + timedelta(weeks=week)


def due(start: date, sent: Collection[int], today: date) -> Due:
    """What is due on a day. A check-in is open until the next one opens; a missed one is gone."""
    opens = [(week, day_of(week, start) - LEAD) for week in WEEKS]
    begun = [week for week, day in opens if day <= today]
    latest = begun[-1] if begun else None
    ended = today > day_of(WEEKS[-1], start) + LAST_OPEN
    week = None if latest is None or latest in sent or ended else latest
    return Due(
        week=week,
        on=day_of(week, start) if week else None,
        next_on=next((day_of(w, start) for w, day in opens if day > today), None),
        current_week=max(0, (today - start).days) // 7 + 1,
    )


def judge(
    *, week: int, start: Reading, before: Reading, now: Reading, change: int, signs: Iterable[str]
) -> tuple[Tier, tuple[str, ...]]:
    """How urgently a check-in needs a person, and the codes that say why.

    `start` is the reading of the screening, `before` the latest one.
    """
    told = tuple(sign for sign in SIGNS if sign in set(signs))
    tiers = [SIGNS[sign][0] for sign in told]
    others = [
        code
        for code, holds in (
            (PAIN_RISE, _rises(before, now)),
            (MUCH_WORSE, change <= GLOBAL_CHANGE["much_worse"]),
            (NO_CHANGE, week >= NO_CHANGE_FROM_WEEK and _is_stuck(start, now, change)),
        )
        if holds
    ]
    tiers += [Tier.CLINICIAN_FIRST] * len(others)
    return max(tiers, key=lambda tier: tier.rank, default=Tier.NONE), (*told, *others)


def _rises(before: Reading, now: Reading) -> bool:
    """Pain went up by what is felt, and above what counts as green while exercising."""
    pairs = ((before.pain_now, now.pain_now), (before.pain_worst, now.pain_worst))
    return any(
        old is not None and new is not None and new - old >= REAL_CHANGE and new > GREEN_UP_TO
        for old, new in pairs
    )


def _is_stuck(before: Reading, now: Reading, change: int) -> bool:
    """Neither pain nor an activity moved, and the patient says so too; nothing hurts: not stuck."""
    if change > 0 or not now.pain_worst or before.pain_worst is None:
        return False
    return not eased(before.pain_worst, now.pain_worst) and not regained(
        before.activities, now.activities
    )


def eased(before: int, after: int) -> bool:
    """Whether pain went down by what matters: 2 points, or 30 percent."""
    drop = before - after
    return drop >= REAL_CHANGE or (drop > 0 and drop >= REAL_PART * before)


def regained(before: Sequence[int], after: Sequence[int]) -> bool:
    """Whether the average of the activities rose by what matters: 2 points."""
    if not before or len(before) != len(after):
        return False
    return (sum(after) - sum(before)) / len(before) >= REAL_CHANGE


def said(signs: Iterable[str]) -> dict[str, str]:
    """The answers of the questionnaire that say the same as these signs."""
    answers: dict[str, str] = {}
    for sign in signs:
        answers |= SIGNS[sign][1] if sign in SIGNS else {}
    return answers
