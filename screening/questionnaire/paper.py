"""The questionnaire on paper: numbers, the order of the sheet, codes, conditions in words.

Core: standard library only. The blank paper, the form that staff key it into and whoever names a
question by its number read this module; nobody else numbers or codes anything.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache

from screening.questionnaire import conditions
from screening.questionnaire.declaration import Condition, Kind, Option, Question, Section, always

LETTERS: Mapping[str | int, str] = {
    "no": "N",
    "yes": "Y",
    "not_sure": "U",
    "skipped": "S",
    "left": "L",
    "right": "R",
    "middle": "M",
    "both": "B",
}
"""Value -> the letter beside its box. Other answers are numbered from 1."""

SCALE_LETTERS = "XZ"  # answers of a scale that are no number
NONE_CODE = "0"
TICK_CODES = ("Y", "X")
TOKEN = re.compile(r"(\d)([A-Z]*)")
BETWEEN = re.compile(r"[\s,;.]*")
SAFETY = "safety"


class CodeError(ValueError):
    """A code that stands beside no box of this question; str() names those that do."""


# --- order and numbers ------------------------------------------------------------------------


def ordered(sections: Sequence[Section]) -> tuple[Section, ...]:
    """The pages as the sheet prints them: consent, what cannot wait, then the rest in order."""
    return tuple(sorted(sections, key=_place))


def _place(section: Section) -> int:
    if any(question.kind is Kind.TICK for question in section.questions):
        return 0
    return 1 if section.part == SAFETY else 2


def numbered(sections: Sequence[Section]) -> dict[str, int]:
    """Key -> number, counted from 1 through every question of the sheet."""
    keys = [question.key for section in ordered(sections) for question in section.questions]
    return {key: number for number, key in enumerate(keys, start=1)}


# --- codes ------------------------------------------------------------------------------------


@cache
def codes(question: Question) -> dict[str | int, str]:
    """Value of each option -> the code printed beside its box: "Y", "L", "2"; "3R" for a place.

    Empty for a question that is answered with a number or in words.
    """
    if question.kind is Kind.MANY:
        return _place_codes(question.options)
    if question.kind is Kind.SCALE:
        return _scale_codes(question.options)
    if all(isinstance(option.value, int) for option in question.options):
        return {option.value: str(option.value) for option in question.options}
    digits = iter(range(1, len(question.options) + 1))
    return {o.value: LETTERS.get(o.value) or str(next(digits)) for o in question.options}


def rows(question: Question) -> dict[str, tuple[Option, ...]]:
    """The rows of a question with many answers: a body region, or a single thing, a row."""
    found: dict[str, list[Option]] = {}
    for option in question.options:
        found.setdefault(option.group or option.label, []).append(option)
    return {label: tuple(options) for label, options in found.items()}


def _place_codes(options: Sequence[Option]) -> dict[str | int, str]:
    labels = list(dict.fromkeys(option.group or option.label for option in options))
    return {
        option.value: f"{labels.index(option.group or option.label) + 1}{_side(option)}"
        for option in options
    }


def _side(option: Option) -> str:
    return LETTERS.get(str(option.value).partition(":")[2], "")


def _scale_codes(options: Sequence[Option]) -> dict[str | int, str]:
    letters = iter(SCALE_LETTERS)
    return {o.value: str(o.value) if isinstance(o.value, int) else next(letters) for o in options}


def read(question: Question, typed: str) -> object:
    """The raw value of a typed code, for `answers.check_value`; None for nothing typed.

    A question in words (goals) is not coded. Raises CodeError naming the codes that may be typed.
    """
    text = typed.strip().upper()
    if not text:
        return None
    if question.kind is Kind.TICK:
        return _read_tick(text)
    if question.kind is Kind.MANY:
        return list(_read_many(question, text))
    return _read_one(question, text)


def _read_tick(text: str) -> bool:
    if text not in TICK_CODES:
        raise CodeError(f"Type {TICK_CODES[0]} if the box is ticked")
    return True


def _read_one(question: Question, text: str) -> str | int:
    by_code = {code: value for value, code in codes(question).items()}
    if text in by_code:
        return by_code[text]
    if not by_code and text.isascii() and text.isdigit() and len(text) <= len("999"):
        return int(text)
    raise CodeError(f"Type {told(question)}")


def _read_many(question: Question, text: str) -> Iterator[str | int]:
    if text == NONE_CODE and question.none_label:
        return
    by_code = {code: value for value, code in codes(question).items()}
    if BETWEEN.sub("", TOKEN.sub("", text)):
        raise CodeError(f"Type {told(question)}")
    for digit, letters in TOKEN.findall(text):
        for letter in letters.replace("B", "LR") or ("",):
            if digit + letter not in by_code:
                raise CodeError(f"Type {told(question)}")
            yield by_code[digit + letter]


def told(question: Question) -> str:
    """What may be typed, in words: "N, Y or U"; "a number from 0 to 10"."""
    found = list(codes(question).values())
    if question.kind is Kind.TICK:
        return f"{TICK_CODES[0]} if the box is ticked"
    if question.kind is Kind.MANY:
        alone = f", or {NONE_CODE} for none" if question.none_label else ""
        return f"one or more of {', '.join(found)}{alone}"
    if not found:
        return f"a number from {question.minimum} to {question.maximum}"
    return f"{', '.join(found[:-1])} or {found[-1]}"


# --- conditions in words ----------------------------------------------------------------------

WHEN: Mapping[Condition, str] = {
    conditions.has_places: "If you ticked a place in {places}",
    conditions.has_back_or_buttock_place: (
        "If you ticked a place on the back or buttock in {places}"
    ),
    conditions.has_places_from_age_50: "If you are 50 or older and ticked a place in {places}",
    conditions.had_pain: "If you chose 1 or more in {pain_worst}",
    conditions.has_leg_symptoms: "If yes to {leg_symptoms}",
    conditions.sleeps_on_side: "If 2 nights or more in {side_sleep_nights}",
    conditions.top_knee_may_drop: "If yes or not sure to {top_knee_drops}",
    conditions.stands_on_one_leg: "If more than rarely in {one_leg_standing}",
    conditions.crosses_legs: "If more than rarely in {leg_crossing}",
    conditions.one_leg_is_on_top: "If knee over knee or ankle on knee in {crossing_style}",
    conditions.has_a_habit: (
        "If you have one of the habits in {side_sleep_nights}, {one_leg_standing}, "
        "{sitting_bout} or {leg_crossing}"
    ),
    conditions.exercises: "If you exercise on 1 day a week or more ({activity})",
    conditions.trains_often: "If you train on 3 days a week or more, or for a sport ({activity})",
    conditions.had_surgery: "If you ticked one in {surgery}",
    conditions.tried_left_stand: "If you tried {stance_left}",
    conditions.tried_right_stand: "If you tried {stance_right}",
}
"""Condition -> when a question is asked, with `{key}` for the number of an earlier question."""
WHEN_YES = "If yes to {number}"


def when(
    section: Section,
    question: Question,
    numbers: Mapping[str, int],
    say: Callable[[str], str] = str,
) -> str:
    """When a question is asked: "If yes to 12"; empty for one that everybody is asked.

    `say` puts the words into the language to print.
    """
    condition = question.condition if question.condition is not always else section.condition
    if condition is always:
        return ""
    if condition in WHEN:
        return say(WHEN[condition]).format_map(numbers)
    return say(WHEN_YES).format(number=numbers[opener(question, numbers)])


def opener(question: Question, keys: Iterable[str]) -> str:
    """The key among these whose "yes" alone opens the question; empty when there is none."""
    if question.condition is always:
        return ""
    return next((key for key in keys if question.condition({key: "yes"})), "")
