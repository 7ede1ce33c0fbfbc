"""What the templates of `templates/clinic/` print: plain values, nothing to compute."""

from dataclasses import dataclass

from django.forms import BoundField

GOAL_LENGTH = 200
SHORT_SCALE = 6


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One radio or checkbox as the templates print it."""

    name: str
    value: str
    label: str
    id: str
    type: str = "radio"
    hint: str = ""
    picture: str = ""
    checked: bool = False
    invalid: bool = False
    alone: bool = False
    opens: bool = False
    side: str = ""
    place: str = ""


@dataclass(frozen=True, kw_only=True)
class Region:
    """One body region of the chart's list, with its boxes from left to right."""

    label: str
    hint: str
    columns: str
    options: tuple[Choice, ...]


@dataclass(frozen=True, kw_only=True)
class TickRow:
    """One tick, and the question that opens under it."""

    key: str
    tick: Choice
    follows: tuple[BoundField, ...] = ()
    follow_label: str = ""
    follow_options: tuple[Choice, ...] = ()
    is_side: bool = False
    error: str = ""

    @property
    def tile_count(self) -> int:
        """How many tiles stand side by side."""
        return len(self.follow_options)


@dataclass(frozen=True, kw_only=True)
class GoalRow:
    """One thing that is hard, with its 0 to 10 scale."""

    title: str
    text_name: str
    text_id: str
    text: str
    score_id: str
    score_label: str
    scale: "Scale"
    max_length: int = GOAL_LENGTH
    error: str = ""
    error_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Scale:
    """Numbers in a row with a word at each end."""

    numbers: tuple[Choice, ...]
    low_end: str = ""
    high_end: str = ""

    @property
    def highest(self) -> Choice:
        """The last number."""
        return self.numbers[-1]

    @property
    def is_short(self) -> bool:
        """Whether the numbers fit one row on a phone (0 to 5)."""
        return len(self.numbers) <= SHORT_SCALE
