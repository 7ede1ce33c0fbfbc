"""What a questionnaire is made of: answers, options, questions, sections.

Core: standard library only. Types and nothing else; the questions themselves stand in the other
modules of this package.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, kw_only=True, slots=True)
class Goal:
    """One thing that is hard, in the patient's words, and how well it goes (0 to 10)."""

    text: str
    score: int


type Answer = bool | int | str | tuple[str, ...] | tuple[Goal, ...]
type Answers = Mapping[str, Answer]
"""Key of the contract -> checked value. An absent key was not asked or not answered."""

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
    """One key of the contract, with its words. `code` is its ID in the specification.

    A SCALE may have options: then they are all its values, whole numbers and others
    ("I could not try it").
    """

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
    at_least: int = 0  # how many options of a MANY question must be chosen
    not_below: str = ""  # key of the number that this one cannot be below


@dataclass(frozen=True, kw_only=True)
class Section:
    """One page: `slug` is its address, `title` its h1 when it holds several questions.

    Paragraphs of `intro` are parted by a blank line. `condition` says when the page is offered;
    what a record may hold is said by the questions' own conditions.
    """

    slug: str
    part: str  # key of PARTS, for "Part 3 of 5: Your habits"
    title: str
    questions: tuple[Question, ...]
    layout: Layout = Layout.QUESTIONS
    intro: str = ""
    condition: Condition = always
