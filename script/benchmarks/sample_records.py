"""Invented records of answers for measuring: complete, valid, and the same every time."""

import random
from collections.abc import Iterator
from typing import Any, cast

from screening import answers, questionnaire
from screening.questionnaire import Kind, Question

SEED = 20261125
# As in a practice, most have no red flag: these answers are rarely drawn from all options.
FLAG_PREFIX = "rf_"
FLAG_CHANCE = 0.01
CALM: dict[str, object] = {
    "pregnancy": "no",
    "leg_symptoms": "no",
    "conditions": [],
    "surgery": [],
}
CALM_CHANCE = 0.95
BOUNDS = {"age": (18, 85), "pain_now": (0, 7), "pain_worst": (0, 9)}
NOT_BELOW = {"pain_worst": "pain_now"}
OPTIONAL_CHANCE = 0.5
WORDS = "climb the stairs to my flat"


def records(count: int, seed: int = SEED) -> Iterator[dict[str, object]]:
    """Yield `count` records as the command `assess` reads them."""
    chance = random.Random(seed)
    for _ in range(count):
        yield _record(chance)


def _record(chance: random.Random) -> dict[str, object]:
    """Answer every question that is asked, in the order of the questionnaire."""
    record: dict[str, object] = {}
    for section in questionnaire.SECTIONS:
        for question in section.questions:
            if not answers.asked(question, _typed(record)) or _left_out(question, chance):
                continue
            value = _value(question, chance)
            record[question.key] = _not_below(record.get(NOT_BELOW.get(question.key, "")), value)
    return record


def _not_below(floor: object, value: object) -> object:
    """Return the value, or the earlier answer that it must not be below."""
    if isinstance(floor, int) and isinstance(value, int):
        return max(floor, value)
    return value


def _typed(record: dict[str, object]) -> answers.Answers:
    """Return the record so far with tuples for lists, as conditions read it."""
    typed: Any = {
        key: tuple(value) if isinstance(value, list) else value for key, value in record.items()
    }
    return cast("answers.Answers", typed)


def _left_out(question: Question, chance: random.Random) -> bool:
    """Say whether an optional question stays unanswered."""
    return question.optional and chance.random() > OPTIONAL_CHANCE


def _value(question: Question, chance: random.Random) -> object:
    """Return a value of the question's kind."""
    if question.key in CALM and chance.random() < CALM_CHANCE:
        return CALM[question.key]
    values = [option.value for option in question.options]
    match question.kind:
        case Kind.TICK:
            return True
        case Kind.NUMBER | Kind.SCALE:
            low, high = question.minimum or 0, question.maximum or 0
            return chance.randint(*BOUNDS.get(question.key, (low, high)))
        case Kind.ONE if question.key.startswith(FLAG_PREFIX) and "no" in values:
            return chance.choice(values) if chance.random() < FLAG_CHANCE else "no"
        case Kind.ONE:
            return chance.choice(values)
        case Kind.MANY:
            return chance.sample(values, chance.randint(1, min(3, len(values))))
        case Kind.GOALS:
            return [{"text": WORDS, "score": chance.randint(0, 10)}]
