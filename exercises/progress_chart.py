"""The picture of pain over the weeks: where its lines, points and words stand, in SVG units.

The template draws it; a table and a sentence beside it say the same. Two lines differ in shape of
point and in dash, not in colour.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from exercises.services.check_ins import Point

LEFT, RIGHT, TOP, BOTTOM = 30.0, 290.0, 14.0, 212.0
MOST = 10
TEXT_GAP = 16.0


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One place with a word or a point."""

    x: float
    y: float
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row of measurements: its path, its points and the place of its name."""

    path: str
    marks: tuple[Mark, ...]
    label: Mark
    value: int


@dataclass(frozen=True, kw_only=True)
class Chart:
    """Everything that the template draws."""

    grid: tuple[tuple[float, Mark], ...]  # where the line is, and its number
    weeks: tuple[tuple[float, int], ...]
    worst: Line | None
    now: Line | None


def draw(points: Sequence[Point]) -> Chart | None:
    """The chart of one plan; None with fewer than two points, which make no line."""
    shown = [point for point in points if point.pain_worst is not None]
    if len(shown) < 2:
        return None
    last = shown[-1].week or 1
    xs = [LEFT + (RIGHT - LEFT) * point.week / last for point in shown]
    worst = [(x, point.pain_worst) for x, point in zip(xs, shown, strict=True)]
    now = [(x, point.pain_now) for x, point in zip(xs, shown, strict=True)]
    gap = abs((worst[-1][1] or 0) - (now[-1][1] or 0))
    shift = 9.0 if gap < 1 else 0.0
    return Chart(
        grid=tuple(
            (_y(value), Mark(x=20, y=round(_y(value) + 5, 1), text=str(value)))
            for value in range(0, MOST + 1, 2)
        ),
        weeks=tuple(zip(xs, (point.week for point in shown), strict=True)),
        worst=_line(worst, -shift),
        now=_line(now, shift),
    )


def _y(pain: int) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * pain / MOST, 1)


def _line(values: Sequence[tuple[float, int | None]], shift: float) -> Line | None:
    marks = tuple(Mark(x=round(x, 1), y=_y(pain)) for x, pain in values if pain is not None)
    if not marks:
        return None
    path = "M" + "L".join(f"{mark.x} {mark.y}" for mark in marks)
    end = marks[-1]
    value = next(pain for _, pain in reversed(values) if pain is not None)
    label = Mark(x=end.x + TEXT_GAP, y=end.y + 5 + shift)
    return Line(path=path, marks=marks, label=label, value=value)
