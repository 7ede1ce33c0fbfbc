"""Invented records of answers for measuring: complete, valid, and the same every time."""

import random
from collections.abc import Iterator
from typing import Any, cast

from screening import answers, questionnaire
from screening.questionnaire import Kind, Question

SEED = 20261125
# Most patients have no red flag; one answer in twenty is drawn from all options.
FLAG_PREFIX = "rf_"
FLAG_CHANCE = 0.05
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
            if value is not None:
                record[question.key] = value
    if "pain_worst" in record:
        record["pain_worst"] = max(int(str(record["pain_now"])), int(str(record["pain_worst"])))
    return record


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
    values = [option.value for option in question.options]
    match question.kind:
        case Kind.TICK:
            return True
        case Kind.NUMBER | Kind.SCALE:
            return chance.randint(question.minimum or 0, question.maximum or 0)
        case Kind.ONE if question.key.startswith(FLAG_PREFIX):
            return chance.choice(values) if chance.random() < FLAG_CHANCE else "no"
        case Kind.ONE:
            return chance.choice(values)
        case Kind.MANY:
            return chance.sample(values, chance.randint(1, min(3, len(values))))
        case Kind.GOALS:
            return [{"text": WORDS, "score": chance.randint(0, 10)}]
