"""Checking of findings: measure -> side (or both) -> raw value, as the tests allow.

Core: standard library only.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from screening.examination.table import MEASURES, SIDES_OF, Kind, Measure


class ExaminationError(ValueError):
    """A finding that a test does not allow. `key` is `measure` or `measure_side`."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


def check(findings: Mapping[str, object]) -> dict[str, dict[str, Any]]:
    """The findings with empty values left out, in table order, ready to be stored as JSON.

    Raises ExaminationError with the key of the first finding that its test does not allow.
    """
    for key, by_side in findings.items():
        if key not in MEASURES:
            raise ExaminationError(key, f"There is no measure called {key}.")
        if not isinstance(by_side, Mapping):
            raise ExaminationError(key, "Give a value for a side.")
        for side in by_side:
            if side not in SIDES_OF[key]:
                raise ExaminationError(f"{key}_{side}", f"Use {' or '.join(SIDES_OF[key])}.")
    checked = {key: dict(_checked(measure, findings)) for key, measure in MEASURES.items()}
    return {key: by_side for key, by_side in checked.items() if by_side}


def _checked(measure: Measure, findings: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    by_side = findings.get(measure.key, {})
    for side in SIDES_OF[measure.key]:
        raw = by_side.get(side)
        if raw is None or raw == "" or raw == [] or raw == ():
            continue
        problem = _PROBLEMS[measure.kind](measure, raw)
        if problem:
            raise ExaminationError(f"{measure.key}_{side}", problem)
        yield side, list(raw) if measure.kind is Kind.MANY else raw


def _one_problem(measure: Measure, raw: object) -> str:
    options = measure.options or {}
    return "" if isinstance(raw, str) and raw in options else f"Choose one of {', '.join(options)}."


def _many_problem(measure: Measure, raw: object) -> str:
    if isinstance(raw, str) or not isinstance(raw, Sequence):
        return "Choose any number of the options."
    problem = next(filter(None, (_one_problem(measure, value) for value in raw)), "")
    if not problem and "normal" in raw and len(set(raw)) > 1:
        return "Choose normal alone, or what you saw."
    return problem


def _number_problem(measure: Measure, raw: object) -> str:
    wanted = f"a number from {measure.minimum} to {measure.maximum}"
    allowed = (int, float) if measure.decimals else (int,)
    if isinstance(raw, bool) or not isinstance(raw, allowed):
        return f"Enter {wanted}."
    within = measure.minimum <= raw <= measure.maximum
    return "" if within else f"Enter {wanted}{measure.unit and ' ' + measure.unit}."


def _text_problem(measure: Measure, raw: object) -> str:
    short = isinstance(raw, str) and len(raw) <= measure.maximum and raw.isprintable()
    return "" if short else f"Enter up to {measure.maximum} characters on one line."


_PROBLEMS = {
    Kind.ONE: _one_problem,
    Kind.MANY: _many_problem,
    Kind.NUMBER: _number_problem,
    Kind.TEXT: _text_problem,
}
