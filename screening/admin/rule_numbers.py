"""The editable numbers of the rules in words, as tables of a form, and what was typed into them."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict

from screening import rules
from screening.rulesets import editing

FORM_PREFIX = "n."
GROUPS = {
    "A": "Habits",
    "B": "Symptoms",
    "C": "Signs",
    "D": "History",
    "E": "Overuse",
}
ANSWERS = {
    "A1.2_4": "2 to 4 nights a week",
    "A1.5_7": "5 to 7 nights a week",
    "A2.under_2_hours": "under 2 hours a day",
    "A2.2_hours_or_more": "2 hours a day or more",
    "A3.31_to_60": "31 to 60 minutes at a time",
    "A3.over_60": "over 60 minutes at a time",
    "A3.over_60_long_day": "over 60 minutes at a time, 6 hours a day or more",
    "A4.under_2_hours": "knee over knee, under 2 hours a day",
    "A4.2_hours_or_more": "knee over knee, 2 hours a day or more",
    "A4.ankle_on_knee": "ankle on knee",
    "C5.bal": "lost balance",
    "C5.drop": "the hip drops later",
    "C5.drop0": "the hip drops at once",
    "C6.2": "effort 2 of 5",
    "C6.3": "effort 3 of 5",
    "C6.4": "effort 4 of 5",
    "C6.5": "effort 5 of 5",
}
"""Rule.answer -> what was answered. Rules with one way to earn points need no words."""
PLAIN = {"unsure": "not sure which side, at most"}
LIMITS = {
    "possible_from": "Possible from",
    "likely_from": "Likely from",
    "likely_signs_from": "Likely needs signs (C) of at least",
}


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One number of the form: its value now, before, and what was typed instead."""

    field: str
    label: str
    rule: str
    evidence: str
    low: int
    high: int
    value: int
    before: int
    typed: str

    @property
    def changed(self) -> bool:
        """Whether it differs from the version that it is based on."""
        return self.value != self.before


@dataclass(frozen=True, kw_only=True)
class Table:
    """The numbers of one section under its heading."""

    heading: str
    cells: tuple[Cell, ...]


def tables(
    values: Mapping[str, int], before: Mapping[str, int], typed: QueryDict | None = None
) -> list[Table]:
    """Every editable number, by section; `before` may name only those that differ."""
    found: dict[str, list[Cell]] = {}
    for name, number in editing.NUMBERS.items():
        cell = _cell(number, values[name], before.get(name, values[name]), typed)
        found.setdefault(_heading(number), []).append(cell)
    return [Table(heading=heading, cells=tuple(cells)) for heading, cells in found.items()]


def _cell(number: editing.Number, value: int, before: int, typed: QueryDict | None) -> Cell:
    field = FORM_PREFIX + number.name
    rule = rules.BY_ID.get(number.rule)
    return Cell(
        field=field,
        label=label(number),
        rule=number.rule,
        evidence=rule.evidence if rule else "",
        low=number.low,
        high=number.high,
        value=value,
        before=before,
        typed=str(value) if typed is None else typed.get(field, str(value)),
    )


def label(number: editing.Number) -> str:
    """A number in words: "Sleep: top knee drops across, 5 to 7 nights a week"."""
    if number.section == "limits":
        return LIMITS[number.answer]
    if number.section == "caps":
        return f"{number.rule}: {GROUPS[number.rule]}, at most"
    rule = rules.BY_ID.get(number.rule)
    title = rule.title if rule else GROUPS[number.rule]
    said = ANSWERS.get(f"{number.rule}.{number.answer}") or PLAIN.get(number.answer, "")
    return f"{title}, {said}" if said else title


def _heading(number: editing.Number) -> str:
    if number.section == "limits":
        return "Cut-offs"
    if number.section == "caps":
        return "The most that a group counts on a side"
    return f"{GROUPS[number.rule[0]]}: points"


# --- what was typed ---------------------------------------------------------------------------


def typed(post: QueryDict) -> tuple[dict[str, int], list[str]]:
    """The numbers of a posted form, and a sentence for each that is none."""
    numbers: dict[str, int] = {}
    wrong = []
    for name, row in editing.NUMBERS.items():
        found = number(post.get(FORM_PREFIX + name))
        if found is None or not row.low <= found <= row.high:
            wrong.append(f"{label(row)}: write a number from {row.low} to {row.high}.")
        else:
            numbers[name] = found
    return numbers, wrong


def number(raw: str | None) -> int | None:
    """A whole number, 0 or more, of up to nine digits; None for anything else."""
    text = (raw or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def said(problem: str) -> str:
    """A ruleset's own complaint in the words of the form."""
    if "likely_from" in problem:
        return "Possible may not start above likely."
    return problem
