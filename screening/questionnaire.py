"""The questionnaire: the single ordered declaration of pages, questions, options and conditions.

Core: standard library only. No question, order or wording lives anywhere else; forms, pages,
parser, admin, exports and paper are derived from `SECTIONS`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from screening.answers import Answers

VERSION = "1"

type Condition = Callable[[Answers], bool]


def always(answers: Answers) -> bool:
    """The condition of a question that everybody is asked."""
    return True


class Kind(StrEnum):
    """What a question's answer is made of."""

    TICK = "tick"  # one box that must be ticked: True
    NUMBER = "number"  # a whole number between minimum and maximum, typed
    SCALE = "scale"  # a whole number from minimum to maximum, chosen from tiles
    ONE = "one"  # exactly one option
    MANY = "many"  # any number of options, stored as a list; may be empty
    GOALS = "goals"  # up to three texts with a 0 to 10 score each


class Layout(StrEnum):
    """How a page shows its questions."""

    QUESTIONS = "questions"  # one to a few questions under one h1
    SAFETY = "safety"  # ticks, "None of these", "I'm not sure about one of these"
    SIDE_GRID = "side_grid"  # a tick a row that opens its side radios (`aggravators`)
    BODY_CHART = "body_chart"  # the body chart and the same zones as a list
    SELF_TEST = "self_test"  # one self-test, one leg or both, with drawing and timer
    IDENTITY = "identity"  # who it is from; not answers, never passed to the rules


@dataclass(frozen=True, kw_only=True)
class Option:
    """One thing that can be chosen. `value` is the contract's value."""

    value: str | int
    label: str
    hint: str = ""
    picture: str = ""  # name of an option picture, empty for none
    group: str = ""  # e.g. the body region of a `region:side` value


@dataclass(frozen=True, kw_only=True)
class Question:
    """One key of the contract, with its words. `code` is its ID in the specification."""

    key: str
    code: str
    kind: Kind
    label: str
    help: str = ""
    why: str = ""
    error: str = ""  # what to do when the answer is missing: "Choose the side you lie on most"
    options: tuple[Option, ...] = ()
    none_label: str = ""  # label of the exclusive "None of these" of a MANY question
    minimum: int | None = None
    maximum: int | None = None
    unit: str = ""
    ends: tuple[str, str] = ("", "")  # words under the two ends of a scale
    optional: bool = False
    condition: Condition = always


@dataclass(frozen=True, kw_only=True)
class Section:
    """One page: `slug` is its address, `title` its h1 when it holds several questions."""

    slug: str
    part: str  # key of PARTS, for "Part 3 of 5: Your habits"
    title: str
    questions: tuple[Question, ...]
    layout: Layout = Layout.QUESTIONS
    intro: str = ""
    condition: Condition = always  # offered at all (self-tests)


PARTS: dict[str, str] = {
    "start": "About you",
    "safety": "Safety",
    "symptoms": "How it feels",
    "habits": "Your habits",
    "body": "Walking, training and history",
    "plan": "Your plan",
}
"""Part key -> its name, in order."""

SECTIONS: tuple[Section, ...] = ()
