"""What is different between two screenings of one person: sides, pain, signs, habits, red flags.

Core: standard library only. `changes` is pure and tells no cause: a level that went down means that
fewer answers fit the pattern, not that a muscle is stronger. Words are those the patient read.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from screening import red_flags
from screening.anatomy import SIDES, Level, Side, Tier
from screening.answers import Answer, Answers, answer_in_words
from screening.assessment import Assessment
from screening.questionnaire import QUESTIONS


class Direction(StrEnum):
    """Which way something went, as far as that can be said."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    OTHER = "other"  # different, and nobody can say that it is better or worse


class Topic(StrEnum):
    """What a change is about."""

    PAIN = "pain"
    SYMPTOM = "symptom"
    HABIT = "habit"
    SELF_TEST = "self_test"


@dataclass(frozen=True, kw_only=True, slots=True)
class SideChange:
    """The level of one side, then and now."""

    side: Side
    before: Level
    after: Level
    direction: Direction  # BETTER: fewer answers fit the pattern


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One question that was answered both times; `before` and `after` as the patient read them."""

    key: str
    topic: Topic
    question: str
    before: str
    after: str
    direction: Direction


@dataclass(frozen=True, kw_only=True, slots=True)
class FlagChange:
    """One safety item; `told` continues "You told us: "."""

    code: str
    told: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Changes:
    """Everything that can be compared. `sides` is empty while either record may show no level."""

    sides: tuple[SideChange, ...]
    different: tuple[Change, ...]
    same: tuple[Change, ...]
    new_flags: tuple[FlagChange, ...]
    gone_flags: tuple[FlagChange, ...]

    @property
    def worse(self) -> tuple[Change, ...]:
        """What got worse, for whoever has to look at it first."""
        return tuple(change for change in self.different if change.direction is Direction.WORSE)


# --- what is compared ---------------------------------------------------------------------------

_TOPICS: Mapping[Topic, tuple[str, ...]] = {
    Topic.PAIN: ("pain_worst", "pain_now", "settles", "places"),
    Topic.SYMPTOM: (
        "hard_one_leg",
        "hard_stairs",
        "hard_long_standing",
        "worse_lying_on_side",
        "worse_sitting",
        "worse_bending",
        "hard_shoes",
        "worse_turning",
        "leg_symptoms",
        "limp",
        "hip_drop",
        "waddle",
        "tires_early",
        "falls",
        "unsteady",
    ),
    Topic.HABIT: (
        "knee_pillow",
        "top_knee_drops",
        "one_leg_standing",
        "sitting_bout",
        "sitting_hours",
        "leg_crossing",
    ),
    Topic.SELF_TEST: ("stance_left", "stance_right", "leg_lift_left", "leg_lift_right"),
}

NAMES = {
    "stance_left": "Mirror check, left leg",
    "stance_right": "Mirror check, right leg",
    "leg_lift_left": "Leg lift, left leg",
    "leg_lift_right": "Leg lift, right leg",
}
"""What a self-test is called away from its own page."""

_UNRANKED = frozenset(("not_sure", "nd", "declined"))
"""Answers that say nothing about better or worse: unknown, or a test that was not done."""

_SIDED = {"no": 0, "left": 1, "right": 1, "both": 2}
_BEST_LAST = frozenset(("knee_pillow",))


type Read = Callable[[str, Answer], str]
"""The key of a question and its answer -> the answer in words."""


def changes(
    previous: tuple[Answers, Assessment],
    current: tuple[Answers, Assessment],
    read: Read = answer_in_words,
) -> Changes:
    """What is different now, in the order pain, symptoms, habits, self-tests.

    Each record is its checked answers and the assessment that was frozen with them. A question that
    was not asked both times is left out: there is nothing to compare. `read` puts an answer into
    the language to print.
    """
    (then, old), (now, new) = previous, current
    rows = tuple(_rows(then, now, read))
    return Changes(
        sides=_sides(old, new),
        different=tuple(row for row in rows if row.direction is not Direction.SAME),
        same=tuple(row for row in rows if row.direction is Direction.SAME),
        new_flags=_flags(now, new, unless=old),
        gone_flags=_flags(then, old, unless=new),
    )


def _sides(old: Assessment, new: Assessment) -> tuple[SideChange, ...]:
    if old.triage is not Tier.NONE or new.triage is not Tier.NONE:
        return ()
    pairs = ((old.left.level, new.left.level), (old.right.level, new.right.level))
    return tuple(
        SideChange(side=side, before=before, after=after, direction=_way(before.rank, after.rank))
        for side, (before, after) in zip(SIDES, pairs, strict=True)
    )


def _way(before: int, after: int) -> Direction:
    if before == after:
        return Direction.SAME
    return Direction.BETTER if after < before else Direction.WORSE


def _rows(then: Answers, now: Answers, read: Read) -> Iterator[Change]:
    for topic, keys in _TOPICS.items():
        for key in keys:
            if key in then and key in now:
                yield Change(
                    key=key,
                    topic=topic,
                    question=NAMES.get(key, QUESTIONS[key].label),
                    before=read(key, then[key]),
                    after=read(key, now[key]),
                    direction=_direction(key, then[key], now[key]),
                )


def _direction(key: str, before: Answer, after: Answer) -> Direction:
    """SAME only for the same answer; OTHER where the two cannot be ranked."""
    if isinstance(before, tuple) and isinstance(after, tuple):
        return _spread(frozenset(before), frozenset(after))
    if before == after:
        return Direction.SAME
    old, new = _rank(key, before), _rank(key, after)
    if old is None or new is None or old == new:
        return Direction.OTHER
    return _way(old, new)


def _spread(before: frozenset[object], after: frozenset[object]) -> Direction:
    """Places: fewer of the same is better, more is worse; others cannot be ranked."""
    if after == before:
        return Direction.SAME
    if after < before:
        return Direction.BETTER
    return Direction.WORSE if after > before else Direction.OTHER


def _rank(key: str, answer: Answer) -> int | None:
    """How bad an answer is, higher is worse; None where that cannot be said."""
    if isinstance(answer, tuple) or answer in _UNRANKED:
        return None
    if isinstance(answer, int):
        return answer
    values = [option.value for option in QUESTIONS[key].options if option.value not in _UNRANKED]
    if set(values) <= set(_SIDED):
        return _SIDED[str(answer)]
    place = values.index(answer)
    return -place if key in _BEST_LAST else place


# --- safety -------------------------------------------------------------------------------------


def _flags(
    answers: Answers, assessment: Assessment, *, unless: Assessment
) -> tuple[FlagChange, ...]:
    """The safety items of one record that the other does not have."""
    return tuple(
        FlagChange(code=code, told=red_flags.told(red_flags.BY_CODE[code], answers))
        for code in assessment.flags
        if code not in unless.flags
    )
