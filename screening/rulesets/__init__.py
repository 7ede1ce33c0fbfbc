"""The numbered versions of the rules' numbers, one TOML file each, checked when loaded.

Core: standard library only. No rule lives here, only its numbers; `rules`, `prompts`,
`red_flags` and `assessment` read them from the `RuleSet` that they are given.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent
CURRENT = "1"

POINT_KEYS: Mapping[str, tuple[str, ...]] = {
    "A1": ("2_4", "5_7", "unsure"),
    "A2": ("under_2_hours", "2_hours_or_more", "unsure"),
    "A3": ("31_to_60", "over_60", "over_60_long_day"),
    "A4": ("under_2_hours", "2_hours_or_more", "ankle_on_knee", "unsure"),
    **dict.fromkeys(("B1", "B2", "B3", "B4", "B5", "B6", "C1", "C2"), ("side",)),
    "C3": ("yes",),
    "C4": ("side",),
    "C5": ("bal", "bal_below_age", "drop", "drop0"),
    "C6": ("2", "3", "4", "5"),
    "D1": ("side",),
    "D2": ("side",),
    "E": ("yes",),
}
"""Rule -> the answers that earn points; a ruleset names each of them and nothing else."""

GROUPS = ("A", "B", "C", "D", "E")


class RuleSetError(ValueError):
    """A ruleset file that names too much, too little or something that is no whole number."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """The cut-offs of one version. Ages in years, pain 0 to 10, times in months, else points."""

    possible_from: int
    likely_from: int
    likely_signs_from: int
    overuse_from: int
    side_gap: int
    emphasis_lead: int
    stance_pain_limits_from: int
    moderate_pain_from: int
    high_pain_from: int
    balance_risk_from_age: int
    gtps_stance_pain_from: int
    hip_oa_from_age: int
    stenosis_from_age: int
    neuromuscular_signs_from: int
    adult_from_age: int
    severe_pain_from: int
    surgery_heals_months: int
    hip_surgery_heals_months: int


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class RuleSet:
    """One version: rule -> answer -> points, group -> cap, and the cut-offs."""

    version: str
    points: Mapping[str, Mapping[str, int]]
    caps: Mapping[str, int]
    limits: Limits


@lru_cache
def load(version: str = CURRENT) -> RuleSet:
    """The published ruleset of that version.

    Raises RuleSetError when there is no such version or its file does not hold.
    """
    path = FOLDER / f"{version}.toml"
    if not version.isalnum() or not path.is_file():
        raise RuleSetError(f"There is no ruleset {version!r}.")
    with path.open("rb") as file:
        ruleset = parse(tomllib.load(file))
    if ruleset.version != version:
        raise RuleSetError(f"{path.name} says that it is version {ruleset.version!r}.")
    return ruleset


def parse(data: Mapping[str, object]) -> RuleSet:
    """A ruleset from plain values; the same checks for a file and for an edited version.

    Raises RuleSetError that names the first place that does not hold.
    """
    _check_names("the ruleset", data, ("version", "points", "caps", "limits"))
    version, points = data["version"], _table("points", data["points"])
    if not isinstance(version, str) or not version:
        raise RuleSetError("version: needs a text.")
    _check_names("points", points, POINT_KEYS)
    limits = _numbers("limits", data["limits"], [field.name for field in fields(Limits)])
    return RuleSet(
        version=version,
        points={
            rule: _numbers(f"points.{rule}", points[rule], names)
            for rule, names in POINT_KEYS.items()
        },
        caps=_numbers("caps", data["caps"], GROUPS),
        limits=Limits(**_in_order(limits)),
    )


def _in_order(limits: Mapping[str, int]) -> dict[str, int]:
    """The limits, when none contradicts another."""
    for low, high in (
        ("possible_from", "likely_from"),
        ("moderate_pain_from", "high_pain_from"),
        ("surgery_heals_months", "hip_surgery_heals_months"),
    ):
        if limits[low] > limits[high]:
            raise RuleSetError(f"limits.{low}: may not be above {high}.")
    return dict(limits)


def _numbers(where: str, raw: object, names: Sequence[str]) -> Mapping[str, int]:
    table = _table(where, raw)
    _check_names(where, table, names)
    return {name: _number(f"{where}.{name}", table[name]) for name in names}


def _number(where: str, raw: object) -> int:
    if not isinstance(raw, int) or isinstance(raw, bool) or raw < 0:
        raise RuleSetError(f"{where}: needs a whole number, 0 or more.")
    return raw


def _table(where: str, raw: object) -> Mapping[str, object]:
    if not isinstance(raw, Mapping):
        raise RuleSetError(f"{where}: needs a table.")
    return raw


def _check_names(where: str, table: Mapping[str, object], names: Iterable[str]) -> None:
    expected = set(names)
    for name in sorted(expected - set(table)):
        raise RuleSetError(f"{where}: {name} is missing.")
    for name in sorted(set(table) - expected):
        raise RuleSetError(f"{where}: {name} is not known.")
