"""From answers to a per-side assessment: triage, points, levels, confidence, emphasis, tags.

Core: standard library only. `assess` is pure; the same answers and rules give the same result.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from screening.anatomy import Level, Tier


@dataclass(frozen=True, kw_only=True, slots=True)
class SideFinding:
    """One side's result. `points` holds each fired rule's own points, before the group caps."""

    level: Level
    total: int
    points: Mapping[str, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Assessment:
    """What the rules make of one record; the keys and values of the contract."""

    triage: Tier
    flags: tuple[str, ...]
    prompts: tuple[str, ...]
    tags: tuple[str, ...]
    left: SideFinding
    right: SideFinding
    overall: str  # left, right, both, neither
    confidence: str  # low, moderate
    emphasis: str  # gmed, gmax, both
    questionnaire: str
    ruleset: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """One fired rule on one side, in words: what is frozen with the record and shown."""

    rule: str
    side: str  # left, right
    points: int
    counted: int  # what is left of `points` after the group's cap: "counts 4 of 5" adds up
    group: str  # A habits, B symptoms, C signs, D history, E overuse
    told: str  # "because you told us ...", patient's words
    patient: str  # the patient sentence of the rule
    clinician: str
    evidence: str  # E0, E1, E2, E3, E-
    sources: tuple[str, ...]  # keys of sources.SOURCES
