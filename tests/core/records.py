"""Valid records of raw answers, for every test that needs a patient.

`minimal_record` is the healthy person with no sign, no pain and no habit that the shipped example
patients start from.
`random_record` and the Hypothesis strategy `records` walk through `SECTIONS`, so that they cover
every key and cannot go stale.
"""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any, Protocol

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from screening.examples import Record, typed
from screening.examples import healthy as minimal_record

__all__ = ["minimal_record", "random_record", "records", "typed"]
from screening.questionnaire import QUESTIONS, Kind, Question

GOAL_TEXTS = ("Climb the stairs", "Put on my shoes", "Sit through a film", "Größe: 5 Stufen")

# --- any person -------------------------------------------------------------------------------


class Chance(Protocol):
    """Where choices come from: a seeded generator or Hypothesis."""

    def number(self, low: int, high: int) -> int:
        """A whole number from low to high."""

    def pick(self, values: Sequence[Any]) -> Any:
        """One of these."""

    def some(self, values: Sequence[Any], least: int) -> list[Any]:
        """Any of these, at least so many."""

    def flagged(self) -> bool:
        """Whether a safety question gets any answer; otherwise it gets no."""

    def answered(self) -> bool:
        """Whether an optional question is answered."""


def fill_in(chance: Chance, fixed: Record, allowed: Callable[[Question], Sequence[Any]]) -> Record:
    """Answer every open question in order, from what is allowed."""
    record: Record = {}
    answers: dict[str, Any] = {}
    for key, question in QUESTIONS.items():
        if not question.condition(answers):
            continue
        if key in fixed:
            record[key] = fixed[key]
        elif not question.optional or chance.answered():
            low = record[question.not_below] if question.not_below else question.minimum or 0
            record[key] = _value(question, chance, allowed(question), low)
        answers |= typed({key: record[key]} if key in record else {})
    return record


def _value(question: Question, chance: Chance, values: Sequence[Any], low: int) -> Any:
    if question.kind is Kind.TICK:
        return True
    if question.key.startswith("rf_") and values[0] == "no" and not chance.flagged():
        return "no"
    if question.kind is Kind.MANY:
        return chance.some(values, question.at_least)
    if question.kind is Kind.GOALS:
        texts = chance.some(GOAL_TEXTS, 0)[:3]
        return [{"text": text, "score": chance.number(0, 10)} for text in texts]
    return chance.pick([v for v in values if not isinstance(v, int) or v >= low])


def every_value(question: Question) -> Sequence[Any]:
    """All values that the contract allows for a question."""
    if question.options:
        return [option.value for option in question.options]
    return range(question.minimum or 0, (question.maximum or 0) + 1)


CALM: dict[str, Sequence[Any]] = {
    "age": range(18, 111),
    "pregnancy": ["no", "not_applicable"],
    "pain_now": range(8),
    "leg_symptoms": ["no", "same_for_weeks"],
    "surgery_months": range(12, 600),
    "conditions": [
        str(option.value)
        for option in QUESTIONS["conditions"].options
        if option.value not in ("heart", "blood_pressure")
    ],
}
"""Key -> the values that raise no flag, where not all do that."""


def calm_value(question: Question) -> Sequence[Any]:
    """The values that leave the triage at none."""
    return (
        ["no"] if question.key.startswith("rf_") else CALM.get(question.key, every_value(question))
    )


class SeededChance:
    """Choices of a seeded generator. Most people have no flag."""

    def __init__(self, random: Random, flag_share: float) -> None:
        self.random = random
        self.flag_share = flag_share

    def number(self, low: int, high: int) -> int:
        """A whole number from low to high."""
        return self.random.randint(low, high)

    def pick(self, values: Sequence[Any]) -> Any:
        """One of these."""
        return self.random.choice(values)

    def some(self, values: Sequence[Any], least: int) -> list[Any]:
        """None, a few or all of these, in their own order."""
        most = self.random.choice((least, min(3, len(values)), len(values)))
        chosen = self.random.sample(list(values), self.random.randint(least, max(least, most)))
        return sorted(chosen, key=list(values).index)

    def flagged(self) -> bool:
        """Whether a safety question gets any answer."""
        return self.random.random() < self.flag_share

    def answered(self) -> bool:
        """Whether an optional question is answered."""
        return self.random.random() < 0.6


def random_record(
    random: Random, *, calm: bool = False, flag_share: float = 0.03, **fixed: Any
) -> Record:
    """A valid, complete record. `calm` leaves the triage at none; `fixed` answers are kept."""
    allowed = calm_value if calm else every_value
    return fill_in(SeededChance(random, flag_share), fixed, allowed)


class DrawnChance:
    """Choices of Hypothesis."""

    def __init__(self, draw: DrawFn) -> None:
        self.draw = draw

    def number(self, low: int, high: int) -> int:
        """A whole number from low to high."""
        return self.draw(st.integers(low, high))

    def pick(self, values: Sequence[Any]) -> Any:
        """One of these."""
        return self.draw(st.sampled_from(values))

    def some(self, values: Sequence[Any], least: int) -> list[Any]:
        """Any of these, without repeats."""
        return self.draw(st.lists(st.sampled_from(values), unique=True, min_size=least))

    def flagged(self) -> bool:
        """Whether a safety question gets any answer: rarely, so that calm people occur too."""
        return self.draw(st.integers(0, 9)) == 9

    def answered(self) -> bool:
        """Whether an optional question is answered."""
        return self.draw(st.booleans())


@st.composite
def _records(draw: DrawFn, calm: bool, fixed: Record) -> Record:
    return fill_in(DrawnChance(draw), fixed, calm_value if calm else every_value)


def records(*, calm: bool = False, **fixed: Any) -> SearchStrategy[Record]:
    """Valid, complete records. `calm` leaves the triage at none; `fixed` answers are kept."""
    return _records(calm, fixed)
