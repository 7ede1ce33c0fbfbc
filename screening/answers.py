"""Answers: what a patient said, checked against the questionnaire.

Core: standard library only. `parse` is the only way from raw values to complete `Answers`; forms
use `check_value`, which judges a single value by the same checks.
"""

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from screening.anatomy import Tier
from screening.questionnaire import (
    QUESTIONS,
    SECTIONS,
    Answer,
    Answers,
    Condition,
    Goal,
    Kind,
    Layout,
    Question,
    Section,
    always,
)

__all__ = [
    "Answer",
    "AnswerError",
    "Answers",
    "Goal",
    "answer_in_words",
    "asked",
    "check_value",
    "contradiction",
    "drop_closed",
    "first_missing",
    "parse",
    "self_tests_offered",
    "to_json",
    "words",
]

MOST_GOALS = 3
LONGEST_GOAL = 200
NOT_ANSWERED = "Not answered"
UNKNOWN = "No question has this key. Remove it"
CLOSED = "This question is not asked after the answers before it. Remove the answer"
BELOW = "Choose a number that is not below “{}”"
SCORED = "{number} out of {maximum}"
AGREED = "Yes"

TOO_MANY_GOALS = f"Name up to {MOST_GOALS} things"
GOAL_SCORE = "Choose a number from 0 to 10 for each thing you name"
GOAL_TOO_LONG = f"Use {LONGEST_GOAL} characters or fewer for each thing"
GOAL_SIGNS = "Write it with letters and numbers only"
GOAL_PROBLEMS = (TOO_MANY_GOALS, GOAL_SCORE, GOAL_TOO_LONG, GOAL_SIGNS)
"""What can be wrong with something that the patient typed."""

MOST_PAIN_NOW = 5
MOST_PAIN_WORST = 7
SELF_TEST_AGE = 75
SURGERY_HEALED_MONTHS = 6


class AnswerError(ValueError):
    """A value that the contract does not allow. `key` names it; str() says what to do."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


# --- one value --------------------------------------------------------------------------------

type Check = Callable[[object], Answer]
type Say = Callable[[str], str]
"""English words -> the same words in the language to print."""


def check_value(question: Question, raw: object) -> Answer:
    """The checked answer to one question: a list becomes a tuple without repeats.

    Numbers are whole numbers, never strings or booleans. Raises AnswerError with what to do. The
    question may be one of another form (who it is from).
    """
    check = _CHECKS.get(question.key) or CHECKERS[question.kind](question)
    return check(raw)


def _check_of_tick(question: Question) -> Check:
    def check(raw: object) -> Answer:
        if raw is True:
            return True
        raise AnswerError(question.key, question.error)

    return check


def _check_of_number(question: Question) -> Check:
    allowed = range(question.minimum or 0, (question.maximum or 0) + 1)

    def check(raw: object) -> Answer:
        if type(raw) is int and raw in allowed:
            return raw
        raise AnswerError(question.key, question.error)

    return check


def _check_of_one(question: Question) -> Check:
    texts = frozenset(o.value for o in question.options if isinstance(o.value, str))
    numbers = frozenset(o.value for o in question.options if isinstance(o.value, int))

    def check(raw: object) -> Answer:
        if type(raw) is str and raw in texts:
            return raw
        if type(raw) is int and raw in numbers:
            return raw
        raise AnswerError(question.key, question.error)

    return check


def _check_of_scale(question: Question) -> Check:
    return _check_of_one(question) if question.options else _check_of_number(question)


def _check_of_many(question: Question) -> Check:
    allowed = frozenset(str(option.value) for option in question.options)

    def check(raw: object) -> Answer:
        if not isinstance(raw, list | tuple) or len(raw) < question.at_least:
            raise AnswerError(question.key, question.error)
        if not _all_among(raw, allowed):
            raise AnswerError(question.key, question.error)
        return tuple(dict.fromkeys(raw))

    return check


def _all_among(values: Iterable[object], allowed: frozenset[str]) -> bool:
    try:
        return allowed.issuperset(values)
    except TypeError:  # a list or an object among them cannot be looked up
        return False


def _check_of_goals(question: Question) -> Check:
    def check(raw: object) -> Answer:
        if not isinstance(raw, list | tuple) or len(raw) > MOST_GOALS:
            raise AnswerError(question.key, TOO_MANY_GOALS)
        return tuple(_goal(question, goal) for goal in raw)

    return check


def _goal(question: Question, raw: object) -> Goal:
    if not isinstance(raw, dict) or raw.keys() != {"text", "score"}:
        raise AnswerError(question.key, question.error)
    score = raw["score"]
    text = _one_line(question, raw["text"])
    if type(score) is not int or not 0 <= score <= 10:
        raise AnswerError(question.key, GOAL_SCORE)
    return Goal(text=text, score=score)


def _one_line(question: Question, raw: object) -> str:
    """The text with single spaces. Control characters and lone surrogates cannot be stored."""
    text = " ".join(raw.split()) if isinstance(raw, str) else ""
    if not text:
        raise AnswerError(question.key, question.error)
    if len(text) > LONGEST_GOAL:
        raise AnswerError(question.key, GOAL_TOO_LONG)
    if not text.isprintable() and any(unicodedata.category(char) in ("Cc", "Cs") for char in text):
        raise AnswerError(question.key, GOAL_SIGNS)
    return text


CHECKERS: Mapping[Kind, Callable[[Question], Check]] = {
    Kind.TICK: _check_of_tick,
    Kind.NUMBER: _check_of_number,
    Kind.SCALE: _check_of_scale,
    Kind.ONE: _check_of_one,
    Kind.MANY: _check_of_many,
    Kind.GOALS: _check_of_goals,
}
"""Kind -> what makes the check of a question of that kind."""

_CHECKS = {key: CHECKERS[question.kind](question) for key, question in QUESTIONS.items()}


# --- a whole record ---------------------------------------------------------------------------


type _Step = tuple[str, frozenset[str], Check, Condition | None, bool, str]
"""One question made ready for `parse`: key, texts that are answers as they stand, check of the
rest, condition (None for always), required, key of the number that it cannot be below."""


def _step(question: Question) -> _Step:
    is_one = question.kind in (Kind.ONE, Kind.SCALE)
    texts = frozenset(o.value for o in question.options if is_one and isinstance(o.value, str))
    condition = None if question.condition is always else question.condition
    check = _CHECKS[question.key]
    return question.key, texts, check, condition, not question.optional, question.not_below


_STEPS = tuple(_step(question) for question in QUESTIONS.values())
_KNOWN = frozenset(QUESTIONS)


def parse(record: Mapping[str, object]) -> Answers:
    """A complete record of raw values as checked answers, in the order of the questionnaire.

    Raises AnswerError for an unknown key first (the first one in the record), then for the first
    problem in the order of the questionnaire: a value that is not allowed, a required key that is
    missing, a key whose condition does not hold.
    """
    if not record.keys() <= _KNOWN:
        raise AnswerError(next(key for key in record if key not in _KNOWN), UNKNOWN)
    answers: dict[str, Answer] = {}
    for key, texts, check, condition, required, not_below in _STEPS:
        if key in record:
            if condition is not None and not condition(answers):
                raise AnswerError(key, CLOSED)
            raw = record[key]
            answers[key] = raw if type(raw) is str and raw in texts else check(raw)
            if not_below and _is_below(answers, key, not_below):
                raise _below(key)
        elif required and (condition is None or condition(answers)):
            raise AnswerError(key, QUESTIONS[key].error)
    return answers


def _is_below(answers: Answers, key: str, other: str) -> bool:
    number, floor = answers.get(key), answers.get(other)
    return isinstance(number, int) and isinstance(floor, int) and number < floor


def _below(key: str) -> AnswerError:
    floor = QUESTIONS[QUESTIONS[key].not_below]
    return AnswerError(key, BELOW.format(floor.label))


def contradiction(answers: Answers) -> AnswerError | None:
    """What two answers together do not allow: the worst pain below the pain right now."""
    for key, question in QUESTIONS.items():
        if question.not_below and _is_below(answers, key, question.not_below):
            return _below(key)
    return None


def to_json(answers: Answers) -> dict[str, Any]:
    """The answers as JSON values; `parse` reads them back to the same answers."""
    return {key: _value_to_json(value) for key, value in answers.items()}


def _value_to_json(value: Answer) -> object:
    if not isinstance(value, tuple):
        return value
    return [{"text": v.text, "score": v.score} if isinstance(v, Goal) else v for v in value]


# --- the way through a draft ------------------------------------------------------------------


def asked(item: Question | Section, answers: Answers) -> bool:
    """Whether these answers open a question, or a page with at least one open question.

    The page of who it is from is always open. Whether self-tests may be done at all is said by
    `self_tests_offered`.
    """
    if isinstance(item, Question):
        return item.condition(answers)
    opened = not item.questions or any(q.condition(answers) for q in item.questions)
    return item.condition(answers) and opened


def drop_closed(answers: Answers) -> tuple[Answers, tuple[str, ...]]:
    """The answers that still apply, and the keys of those that do not, in questionnaire order.

    A condition reads earlier answers only, so that one pass in order leaves nothing to drop.
    """
    kept: dict[str, Answer] = {}
    for section in SECTIONS:
        for question in section.questions:
            if question.key in answers and section.condition(kept) and question.condition(kept):
                kept[question.key] = answers[question.key]
    return kept, tuple(key for key in QUESTIONS if key in answers and key not in kept)


def first_missing(answers: Answers) -> Section | None:
    """The first page where a required answer is missing or contradicts; None when complete."""
    return next((s for s in SECTIONS if _is_missing(s, answers)), None)


def _is_missing(section: Section, answers: Answers) -> bool:
    return any(
        (q.key not in answers and not q.optional and q.condition(answers))
        or (q.not_below and _is_below(answers, q.key, q.not_below))
        for q in section.questions
    )


def self_tests_offered(answers: Answers, triage: Tier) -> bool:
    """Whether the two self-tests may be done at home.

    What only the patient can see (feet together, a counter, another person) is said on the page.
    Source: specification 1.10.
    """
    return (
        triage is Tier.NONE
        and _at_most(answers, "pain_now", MOST_PAIN_NOW)
        and _at_most(answers, "pain_worst", MOST_PAIN_WORST)
        and _at_most(answers, "age", SELF_TEST_AGE - 1)
        and answers.get("falls") == "none"
        and answers.get("unsteady") == "no"
        and answers.get("pregnancy") in ("no", "not_applicable")
        and not _had_recent_surgery(answers)
    )


def _at_most(answers: Answers, key: str, most: int) -> bool:
    value = answers.get(key)
    return isinstance(value, int) and value <= most


def _had_recent_surgery(answers: Answers) -> bool:
    """Surgery of hip, knee or spine within 6 months; the questionnaire asks for no other."""
    return bool(answers.get("surgery")) and _at_most(
        answers, "surgery_months", SURGERY_HEALED_MONTHS - 1
    )


# --- as read ----------------------------------------------------------------------------------


def words(
    answers: Answers, sections: Sequence[Section] = SECTIONS, say: Say = str
) -> list[dict[str, Any]]:
    """The answers as the patient read them, a page an entry, in the order of the questionnaire.

    `sections` are the pages in the language to print, `say` puts the few words of this module into
    it; without them it is English.

    Each is `{"section", "title", "rows": [{"key", "code", "question", "answer"}]}`. An optional
    question that was asked and left out says so; a self-test that was not done is left away.
    """
    pages = []
    for section in sections:
        rows = [_row(q, answers, say) for q in section.questions if _is_read(section, q, answers)]
        if rows:
            pages.append({"section": section.slug, "title": section.title, "rows": rows})
    return pages


def _is_read(section: Section, question: Question, answers: Answers) -> bool:
    if question.key in answers:
        return True
    may_be_left_out = question.optional and section.layout is not Layout.SELF_TEST
    return may_be_left_out and section.condition(answers) and question.condition(answers)


def _row(question: Question, answers: Answers, say: Say) -> dict[str, str]:
    answer = answers.get(question.key)
    return {
        "key": question.key,
        "code": question.code,
        "question": question.label,
        "answer": say(NOT_ANSWERED) if answer is None else _in_words(question, answer, say),
    }


def answer_in_words(
    key: str, answer: Answer, question: Question | None = None, say: Say = str
) -> str:
    """One answer as the patient read it. Raises KeyError for a key that no question has.

    `question` is the one of this key in the language to print, `say` as in `words`.
    """
    return _in_words(question or QUESTIONS[key], answer, say)


def _in_words(question: Question, answer: Answer, say: Say) -> str:
    if answer is True:
        return say(AGREED)
    labels = {option.value: option.label for option in question.options}
    if isinstance(answer, tuple):
        texts = [_item_in_words(question, item, labels, say) for item in answer]
        return "; ".join(texts) or question.none_label or say(NOT_ANSWERED)
    if isinstance(answer, int) and question.kind is Kind.SCALE:
        return say(SCORED).format(number=answer, maximum=question.maximum)
    label = labels.get(answer, str(answer))
    return f"{label} {question.unit}".rstrip()


def _item_in_words(
    question: Question, item: str | Goal, labels: Mapping[str | int, str], say: Say
) -> str:
    if isinstance(item, Goal):
        scored = say(SCORED).format(number=item.score, maximum=question.maximum)
        return f"{item.text}: {scored}"
    return labels[item]
