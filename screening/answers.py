"""Answers: what a patient said, checked against the questionnaire.

Core: standard library only. `parse` is the only way from raw values to `Answers`.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Goal:
    """One thing that is hard, in the patient's words, and how well it goes (0 to 10)."""

    text: str
    score: int


type Answer = bool | int | str | tuple[str, ...] | tuple[Goal, ...]
type Answers = Mapping[str, Answer]
"""Key of the contract -> checked value. An absent key was not asked or not answered."""


class AnswerError(ValueError):
    """A value that the contract does not allow. `key` names it; str() says what to do."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key
