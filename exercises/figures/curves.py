"""Smooth curves through traced points, and the path data they become.

Schneider's method: cubic curves that stay within a tolerance, split where they cannot. Corners
are kept. Core: standard library only.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import hypot

from exercises.figures.outlines import UNITS, Loop
from exercises.figures.vectors import Point

Cubic = tuple[Point, Point, Point, Point]
CORNER = 0.45
"""Cosine of the turn above which a point counts as a corner."""


def _unit(a: Point, b: Point) -> Point:
    far = hypot(b[0] - a[0], b[1] - a[1]) or 1.0
    return ((b[0] - a[0]) / far, (b[1] - a[1]) / far)


def _at(t: float, c: Cubic) -> Point:
    s = 1 - t
    w = (s * s * s, 3 * t * s * s, 3 * t * t * s, t * t * t)
    return (
        w[0] * c[0][0] + w[1] * c[1][0] + w[2] * c[2][0] + w[3] * c[3][0],
        w[0] * c[0][1] + w[1] * c[1][1] + w[2] * c[2][1] + w[3] * c[3][1],
    )


def _arc(points: Sequence[Point]) -> tuple[list[float], float]:
    u = [0.0]
    for a, b in pairwise(points):
        u.append(u[-1] + hypot(b[0] - a[0], b[1] - a[1]))
    total = u[-1] or 1.0
    return [v / total for v in u], total


def _guess(points: Sequence[Point], u: list[float], t1: Point, t2: Point, total: float) -> Cubic:
    """The least-squares cubic for given parameters and end tangents."""
    c00 = c01 = c11 = x0 = x1 = 0.0
    p0, p3 = points[0], points[-1]
    for t, p in zip(u, points, strict=True):
        s = 1 - t
        b1, b2 = 3 * t * s * s, 3 * t * t * s
        b01, b23 = s * s * s + b1, b2 + t * t * t
        c00 += b1 * b1
        c01 += b1 * b2 * (t1[0] * t2[0] + t1[1] * t2[1])
        c11 += b2 * b2
        rx, ry = p[0] - p0[0] * b01 - p3[0] * b23, p[1] - p0[1] * b01 - p3[1] * b23
        x0 += b1 * (t1[0] * rx + t1[1] * ry)
        x1 += b2 * (t2[0] * rx + t2[1] * ry)
    det = c00 * c11 - c01 * c01
    left = right = total / 3
    if abs(det) > 1e-9:
        left, right = (x0 * c11 - x1 * c01) / det, (c00 * x1 - c01 * x0) / det
    if min(left, right) < total * 0.04 or max(left, right) > total:
        left = right = total / 3
    q1 = (p0[0] + t1[0] * left, p0[1] + t1[1] * left)
    q2 = (p3[0] + t2[0] * right, p3[1] + t2[1] * right)
    return (p0, q1, q2, p3)


def _improve(t: float, p: Point, c: Cubic) -> float:
    """One Newton step towards the parameter nearest to a point."""
    s = 1 - t
    x, y = _at(t, c)
    dx = dy = 0.0
    for w, a, b in ((s * s, c[0], c[1]), (2 * s * t, c[1], c[2]), (t * t, c[2], c[3])):
        dx += 3 * w * (b[0] - a[0])
        dy += 3 * w * (b[1] - a[1])
    speed = dx * dx + dy * dy
    return (
        min(1.0, max(0.0, t - ((x - p[0]) * dx + (y - p[1]) * dy) / speed)) if speed > 1e-9 else t
    )


def _fit(points: Sequence[Point], t1: Point, t2: Point, tolerance: float, out: list[Cubic]) -> None:
    n = len(points)
    u, total = _arc(points)
    if n == 2:
        third = total / 3
        a, b = points
        out.append(
            (
                a,
                (a[0] + t1[0] * third, a[1] + t1[1] * third),
                (b[0] + t2[0] * third, b[1] + t2[1] * third),
                b,
            )
        )
        return
    limit = tolerance * tolerance
    worst, where = 0.0, n // 2
    for _ in range(3):
        cubic = _guess(points, u, t1, t2, total)
        worst = 0.0
        for i in range(1, n - 1):
            x, y = _at(u[i], cubic)
            miss = (x - points[i][0]) ** 2 + (y - points[i][1]) ** 2
            if miss > worst:
                worst, where = miss, i
        if worst <= limit:
            out.append(cubic)
            return
        if worst > limit * 12:
            break
        u = [_improve(t, p, cubic) for t, p in zip(u, points, strict=True)]
    middle = _unit(points[max(where - 2, 0)], points[min(where + 2, n - 1)])
    _fit(points[: where + 1], t1, (-middle[0], -middle[1]), tolerance, out)
    _fit(points[where:], middle, t2, tolerance, out)


def _turn(loop: Loop, i: int, reach: int = 2) -> float:
    """Cosine of the turn at a point of a closed line."""
    n = len(loop)
    a = _unit(loop[(i - reach) % n], loop[i])
    b = _unit(loop[i], loop[(i + reach) % n])
    return a[0] * b[0] + a[1] * b[1]


def _corners(loop: Loop) -> list[int]:
    n = len(loop)
    turns = [_turn(loop, i) for i in range(n)]
    return [
        i
        for i in range(n)
        if turns[i] < CORNER and all(turns[i] <= turns[(i + d) % n] for d in (-3, -2, -1, 1, 2, 3))
    ]


def fit_open(points: Sequence[Point], tolerance: float) -> list[Cubic]:
    """Cubics along an open line."""
    reach = min(2, len(points) - 1)
    out: list[Cubic] = []
    _fit(
        points,
        _unit(points[0], points[reach]),
        _unit(points[-1], points[-1 - reach]),
        tolerance,
        out,
    )
    return out


def fit_closed(loop: Loop, tolerance: float) -> list[Cubic]:
    """Cubics round a closed line; smooth where it starts unless there is a corner."""
    corners = _corners(loop)
    if corners:
        out: list[Cubic] = []
        turned = loop[corners[0] :] + loop[: corners[0]]
        marks = [c - corners[0] for c in corners] + [len(loop)]
        turned.append(turned[0])
        for a, b in pairwise(marks):
            out += fit_open(turned[a : b + 1], tolerance)
        return out
    n = len(loop)
    start = max(range(n), key=lambda i: (round(_turn(loop, i, 3), 6), -i))
    turned = loop[start:] + loop[:start]
    way = _unit(turned[-2], turned[2])
    turned.append(turned[0])
    half = n // 2
    middle = _unit(turned[half - 2], turned[half + 2])
    out = []
    _fit(turned[: half + 1], way, (-middle[0], -middle[1]), tolerance, out)
    _fit(turned[half:], middle, (-way[0], -way[1]), tolerance, out)
    return out


def q(value: float) -> int:
    """A length in whole picture units."""
    return round(value * UNITS)


def join(values: Sequence[int]) -> str:
    """Numbers as short path data: a minus sign needs no blank before it."""
    text = ""
    for value in values:
        text += str(value) if not text or value < 0 else f" {value}"
    return text


def data(cubics: Sequence[Cubic], closed: bool) -> str:
    """Path data of joined cubics, in whole picture units, relative."""
    x, y = q(cubics[0][0][0]), q(cubics[0][0][1])
    text = f"M{x} {y}c"
    values: list[int] = []
    for _, b, c, d in cubics:
        for p in (b, c, d):
            values += [q(p[0]) - x, q(p[1]) - y]
        x, y = q(d[0]), q(d[1])
    return text + join(values) + ("z" if closed else "")


def closed_path(loop: Loop, tolerance: float = 0.28) -> str:
    """Path data of a closed traced line; empty for a line of fewer than five points."""
    return data(fit_closed(loop, tolerance), closed=True) if len(loop) > 4 else ""


def open_path(points: Sequence[Point], tolerance: float = 0.28) -> str:
    """Path data of an open line; empty for fewer than two points."""
    return data(fit_open(points, tolerance), closed=False) if len(points) > 1 else ""


def polygon(points: Sequence[Point]) -> str:
    """Path data of straight lines, closed."""
    x, y = q(points[0][0]), q(points[0][1])
    text, values = f"M{x} {y}l", []
    for p in points[1:]:
        values += [q(p[0]) - x, q(p[1]) - y]
        x, y = q(p[0]), q(p[1])
    return text + join(values) + "z"


def line(a: Point, b: Point) -> str:
    """Path data of one straight line."""
    return f"M{join((q(a[0]), q(a[1])))}L{join((q(b[0]), q(b[1])))}"
