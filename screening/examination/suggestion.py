"""What the findings of a side suggest: a level with its reasons, and notes on other causes.

Core: standard library only. A suggestion is never applied by itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from screening.anatomy import LEVELS, SIDES, Level, Side
from screening.examination.table import BOTH, GRADES, ROOTS

type Findings = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestion:
    """The level that the findings of one side suggest, None without any; and why, in words."""

    level: Level | None
    reasons: tuple[str, ...]


ASYMMETRY_PERCENT = 15
STEP_DOWN_POOR_FROM = 4
HIP_ABDUCTION_POSITIVE_FROM = 2
MYOTOME_NORMAL = 5
LEG_LENGTH_NOTE_ABOVE_MM = 20
SI_POSITIVE_FROM = {"4": 2, "5": 3}
LIKELY_GRADES = GRADES[: GRADES.index("4-") + 1]
POSSIBLE_GRADES = ("4", "4+")
UP_TO_4 = GRADES[: GRADES.index("4") + 1]
UP_TO_3 = GRADES[: GRADES.index("3") + 1]
_WORST = LEVELS.index


def suggest_level(findings: Findings, side: Side) -> Suggestion:
    """The worst signal of weakness on this side, one step higher with a poor single-leg squat.

    Abduction of grade 5 with a good single-leg squat suggests unlikely whatever else was seen.
    Findings are those that `check` returned (specification 6, override principle).
    """
    grade, squat = (
        _found(findings, "mmt_abduction", side),
        _found(findings, "single_leg_squat", side),
    )
    if grade == "5" and squat == "good":
        strong = "Abduction is 5 and the single-leg squat is good."
        return Suggestion(level=Level.UNLIKELY, reasons=(strong,))
    signals = list(_signals(findings, side))
    level = max((level for level, _ in signals), key=_WORST, default=None)
    reasons = [reason for _, reason in signals]
    if squat in ("poor", "unable"):
        level = LEVELS[min(_WORST(level or Level.UNLIKELY) + 1, len(LEVELS) - 1)]
        reasons.append(f"The single-leg squat is {squat}: one level higher.")
    return Suggestion(level=level, reasons=(*reasons, *_supports(findings, side)))


def _signals(findings: Findings, side: Side) -> Iterator[tuple[Level, str]]:
    """Each finding that names a level by itself."""
    grade = _found(findings, "mmt_abduction", side)
    if grade is not None:
        yield _level_of(grade), f"Abduction is {grade}."
    behind = _percent_behind(findings, side)
    if behind is not None and behind >= ASYMMETRY_PERCENT:
        yield Level.LIKELY, f"Abduction force is {behind:.0f}% below the other side."
    if _found(findings, "abduction_clearly_low", side) == "yes":
        yield Level.LIKELY, "Abduction force is clearly low for this person."
    stance = _found(findings, "trendelenburg", side)
    if stance == "positive" and grade in UP_TO_4:
        yield Level.LIKELY, f"Trendelenburg is positive and abduction is {grade}."
    elif stance in ("positive", "delayed"):
        yield Level.POSSIBLE, f"Trendelenburg is {stance}."
    if f"trendelenburg_{side}" in (_found(findings, "gait", BOTH) or ()):
        yield Level.POSSIBLE, "The gait is a Trendelenburg gait."


def _level_of(grade: str) -> Level:
    if grade in LIKELY_GRADES:
        return Level.LIKELY
    return Level.POSSIBLE if grade in POSSIBLE_GRADES else Level.UNLIKELY


def _percent_behind(findings: Findings, side: Side) -> float | None:
    """How far this side's force is below the other's, in percent; None when not comparable."""
    for key, unit in (("abduction_torque", ""), ("abduction_force", "abduction_force_unit")):
        here, there = _found(findings, key, side), _found(findings, key, side.other)
        units = {_found(findings, unit, one) for one in SIDES}
        if here is not None and there and len(units) == 1:
            return float(100 * (there - here) / there)
    return None


def _supports(findings: Findings, side: Side) -> Iterator[str]:
    """Findings that speak for or against weakness without naming a level."""
    score = _found(findings, "step_down_score", side)
    poor = score is not None and score >= STEP_DOWN_POOR_FROM
    if poor or _found(findings, "step_down", side) == "poor":
        yield "The step-down is poor, which supports weakness."
    ratings = (
        _found(findings, f"hip_abduction_{who}", side) or 0 for who in ("examiner", "patient")
    )
    if any(rating >= HIP_ABDUCTION_POSITIVE_FROM for rating in ratings):
        yield "Active hip abduction is positive, which supports the side-hip muscle."
    if _found(findings, "mmt_extension", side) in LIKELY_GRADES:
        yield "Extension is weak: give the buttock muscle more weight."
    if _found(findings, "trendelenburg", side) == "negative":
        yield "Trendelenburg is negative, which lowers the confidence in weakness."


def notes(findings: Findings, side: Side) -> tuple[str, ...]:
    """What to think of on this side beside strength: nerves, tendons, joints, length."""
    return (*_nerve_notes(findings, side), *_other_notes(findings, side))


def _nerve_notes(findings: Findings, side: Side) -> Iterator[str]:
    if _found(findings, "mmt_abduction", side) in UP_TO_3:
        yield "Abduction is 3 or less: check nerves, gluteal tendons and a tear."
    weak = [
        ROOTS[root]
        for root in ("l4", "l5", "s1")
        if (_found(findings, f"myotome_{root}", side) or 0) < MYOTOME_NORMAL
        and _found(findings, f"myotome_{root}", side) is not None
    ]
    if weak:
        yield f"Weak: {', '.join(weak)}. The hip weakness may come from a nerve."
    raised = ("straight_leg_raise", "straight_leg_raise_crossed")
    if any(_found(findings, key, side) == "positive" for key in raised):
        yield "Straight leg raise is positive: hold the hip hinge and loaded cards."


_FABER = {
    "groin": "FABER hurts in the groin: think of the hip joint.",
    "si": "FABER hurts behind: think of the SI joint.",
    "outer_hip": "FABER hurts at the outer hip: think of the gluteal tendons.",
}


def _other_notes(findings: Findings, side: Side) -> Iterator[str]:
    if any(
        _found(findings, key, side) == "yes" for key in ("trochanter_tender", "stance_side_pain")
    ):
        yield "Gluteal tendons (GTPS): no exercise that brings the thigh across."
    pain = _found(findings, "faber_pain", side) or ()
    yield from (note for place, note in _FABER.items() if place in pain)
    needed = SI_POSITIVE_FROM[_found(findings, "si_done", side) or "4"]
    if (_found(findings, "si_positive", side) or 0) >= needed:
        yield "SI joint provocation is positive."
    if _found(findings, "thomas", side) == "positive":
        yield "Thomas is positive: add a hip flexor stretch."
    difference = _found(findings, "leg_length_difference", BOTH) or 0
    if difference > LEG_LENGTH_NOTE_ABOVE_MM and _found(findings, "leg_length_short", BOTH) == side:
        yield f"This leg is {difference} mm shorter: look at the gait."


def _found(findings: Findings, measure: str, side: str) -> Any:
    return findings.get(measure, {}).get(side)
