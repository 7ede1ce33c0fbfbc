"""Which numbers of a ruleset a practice may change, within what, and in what words.

Core: standard library only. Weights, group caps and the cut-offs of the levels can be changed. The
numbers of red flags, prompts and tags are not in the table, so no edit can touch the triage; and
"likely" can be asked to rest on more signs than version 1 asks, never on fewer.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from screening.rulesets import GROUPS, POINT_KEYS, RuleSet, RuleSetError, load, parse

MOST_POINTS = 4
MOST_OF_A_GROUP = {"A": 8, "B": 8, "C": 12, "D": 4, "E": 2}
AGES = frozenset({("C5", "bal_below_age")})
"""Numbers among the points that are ages: they tell what an answer means, not what it weighs."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Number:
    """One number that can be changed. `name` is its place: `points.A1.5_7`, `caps.A`."""

    name: str
    low: int
    high: int

    @property
    def section(self) -> str:
        """points, caps or limits."""
        return self.name.partition(".")[0]

    @property
    def rule(self) -> str:
        """The rule or the group that it belongs to; empty for a cut-off."""
        return self.name.split(".")[1] if self.section != "limits" else ""

    @property
    def answer(self) -> str:
        """The answer that earns it, or the cut-off's name."""
        return self.name.split(".")[-1]


def _numbers() -> tuple[Number, ...]:
    points = (
        Number(name=f"points.{rule}.{answer}", low=0, high=MOST_POINTS)
        for rule, answers in POINT_KEYS.items()
        for answer in answers
        if (rule, answer) not in AGES
    )
    caps = (Number(name=f"caps.{group}", low=0, high=MOST_OF_A_GROUP[group]) for group in GROUPS)
    gate = load("1").limits.likely_signs_from
    limits = (
        Number(name="limits.possible_from", low=2, high=8),
        Number(name="limits.likely_from", low=4, high=16),
        Number(name="limits.likely_signs_from", low=gate, high=6),
    )
    return (*points, *caps, *limits)


NUMBERS: Mapping[str, Number] = {number.name: number for number in _numbers()}
"""Name -> number, in the order of the rule table."""


def to_json(ruleset: RuleSet) -> dict[str, Any]:
    """The ruleset as plain values; `parse` reads them back."""
    return {
        "version": ruleset.version,
        "points": {rule: dict(answers) for rule, answers in ruleset.points.items()},
        "caps": dict(ruleset.caps),
        "limits": asdict(ruleset.limits),
    }


def values(ruleset: RuleSet) -> dict[str, int]:
    """The numbers that can be changed, as they are in this ruleset."""
    data = to_json(ruleset)
    return {name: _place(data, name)[0][_place(data, name)[1]] for name in NUMBERS}


def changed(base: RuleSet, changes: Mapping[str, int], *, version: str) -> RuleSet:
    """The base with these numbers changed, under another version.

    Raises RuleSetError for a number that may not be changed, one that is out of its range and
    cut-offs that contradict each other.
    """
    data = to_json(base)
    for name, value in changes.items():
        number = NUMBERS.get(name)
        if number is None:
            raise RuleSetError(f"{name}: cannot be changed.")
        if isinstance(value, bool) or not number.low <= value <= number.high:
            raise RuleSetError(f"{name}: write a number from {number.low} to {number.high}.")
        table, key = _place(data, name)
        table[key] = value
    return parse({**data, "version": version})


def _place(data: dict[str, Any], name: str) -> tuple[dict[str, int], str]:
    *tables, key = name.split(".")
    for table in tables:
        data = data[table]
    return data, key
