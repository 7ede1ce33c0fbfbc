"""The body words of the project: sides, muscles, levels and triage tiers.

Core: standard library only. Everybody reads it; no wording of questions or rules lives here.
"""

from enum import StrEnum


class Side(StrEnum):
    """The patient's own left or right, never the mirror's."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def other(self) -> "Side":
        """The opposite side."""
        return Side.RIGHT if self is Side.LEFT else Side.LEFT


SIDES = (Side.LEFT, Side.RIGHT)


class Muscle(StrEnum):
    """The two muscle groups that the rules and the exercises speak of."""

    GMED = "gmed"
    GMAX = "gmax"


class Level(StrEnum):
    """How well the answers of one side fit the pattern, from low to high."""

    UNLIKELY = "unlikely"
    POSSIBLE = "possible"
    LIKELY = "likely"

    @property
    def rank(self) -> int:
        """0 for unlikely, 1 for possible, 2 for likely."""
        return LEVELS.index(self)


LEVELS = (Level.UNLIKELY, Level.POSSIBLE, Level.LIKELY)


class Tier(StrEnum):
    """How urgently a record needs a person, from low to high."""

    NONE = "none"
    CLINICIAN_FIRST = "clinician_first"
    SAME_DAY = "same_day"
    EMERGENCY = "emergency"

    @property
    def rank(self) -> int:
        """0 for none up to 3 for emergency."""
        return TIERS.index(self)


TIERS = (Tier.NONE, Tier.CLINICIAN_FIRST, Tier.SAME_DAY, Tier.EMERGENCY)

MUSCLE_NAMES = {
    Muscle.GMED: ("side-hip muscle", "gluteus medius and minimus"),
    Muscle.GMAX: ("buttock muscle", "gluteus maximus"),
}
"""Muscle -> (patient's name, clinician's name)."""
