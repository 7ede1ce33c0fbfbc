"""Marks on top of a figure: motion arrows, push marks, hip line, numbers, cross and tick.

Numbers and signs are drawn as lines, never as text, and are never mirrored. Core: standard library
only.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import cos, hypot, radians, sin

from exercises.figures import palette
from exercises.figures.curves import join, line, open_path, polygon, q
from exercises.figures.drawing import Scene, element
from exercises.figures.outlines import Loop
from exercises.figures.vectors import Point, place

HEAD_LONG, HEAD_WIDE = 10.5, 6.6


def along(points: Sequence[Point]) -> list[float]:
    """Lengths from the first point to each point."""
    total = [0.0]
    for a, b in pairwise(points):
        total.append(total[-1] + hypot(b[0] - a[0], b[1] - a[1]))
    return total


def arrow(points: Sequence[Point], width: float, size: float = 1.0) -> str:
    """A blue arrow with a white rim along picture points; the shaft grows towards the head."""
    lengths = along(points)
    long = HEAD_LONG * size
    cut = lengths[-1] - long
    if cut <= 0:
        return ""
    shaft = [p for p, s in zip(points, lengths, strict=True) if s < cut]
    shaft.append(at_length(points, lengths, cut))
    path = _arrow_path(shaft, points[-1], width, size)
    rim = element(path, "#fff", stroke="#fff", stroke_width=float(q(3.4)))
    return rim + element(path, palette.MOVE, stroke="none")


def at_length(points: Sequence[Point], lengths: Sequence[float], where: float) -> Point:
    """The point of a line at a length from its start."""
    for i in range(1, len(points)):
        if lengths[i] >= where:
            span = lengths[i] - lengths[i - 1] or 1.0
            t = (where - lengths[i - 1]) / span
            a, b = points[i - 1], points[i]
            return (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t)
    return points[-1]


def _arrow_path(shaft: Sequence[Point], tip: Point, width: float, size: float) -> str:
    """A shaft that grows wider, and a pointed head that looks along its last stretch."""
    left: Loop = []
    right: Loop = []
    for i, p in enumerate(shaft):
        a, b = shaft[max(i - 1, 0)], shaft[min(i + 1, len(shaft) - 1)]
        n = _normal(a, b)
        half = width * (0.32 + 0.18 * i / max(len(shaft) - 1, 1))
        left.append((p[0] + n[0] * half, p[1] + n[1] * half))
        right.append((p[0] - n[0] * half, p[1] - n[1] * half))
    base = shaft[-1]
    n = _normal(base, tip)
    wide = HEAD_WIDE * size
    head = (
        (base[0] + n[0] * wide, base[1] + n[1] * wide),
        tip,
        (base[0] - n[0] * wide, base[1] - n[1] * wide),
    )
    corners = "".join(f"L{join((q(x), q(y)))}" for x, y in head)
    back = list(reversed(right))
    if len(shaft) < 5:
        ends = "".join(f"L{join((q(x), q(y)))}" for x, y in (*left, *head, *back))
        return f"M{ends[1:]}z"
    return f"{open_path(left, 0.2)}{corners}L{open_path(back, 0.2)[1:]}z"


def _normal(a: Point, b: Point) -> Point:
    far = hypot(b[0] - a[0], b[1] - a[1]) or 1.0
    return (-(b[1] - a[1]) / far, (b[0] - a[0]) / far)


def straight(start: Point, way: Point, steps: int = 2) -> list[Point]:
    """Points of a straight arrow."""
    return [
        (start[0] + way[0] * i / steps, start[1] + way[1] * i / steps) for i in range(steps + 1)
    ]


def push(start: Point, way: Point, width: float, size: float = 1.0) -> str:
    """A force without motion: a short arrow that ends on a bar."""
    tip = (start[0] + way[0], start[1] + way[1])
    n = _normal(start, tip)
    u = (n[1], -n[0])
    stop = (tip[0] + u[0] * 2.6, tip[1] + u[1] * 2.6)
    bar = line(
        (stop[0] + n[0] * 8 * size, stop[1] + n[1] * 8 * size),
        (stop[0] - n[0] * 8 * size, stop[1] - n[1] * 8 * size),
    )
    rim = element(bar, stroke="#fff", stroke_width=float(q(6.4)))
    return (
        rim
        + arrow(straight(start, way), width, size)
        + element(bar, stroke=palette.MOVE, stroke_width=float(q(3.0)))
    )


def hip_line(scene: Scene, reach: float = 12.5) -> str:
    """A dashed line through the tops of the two hip bones, with a level line when they differ."""
    body = scene.body
    a, b = (
        scene.camera.flat(place(body.frames["pelvis"], body.joints["pelvis"], 0, 12.5, s * reach))
        for s in (-1, 1)
    )
    (ax, ay), (bx, by) = a, b
    far = hypot(bx - ax, by - ay)
    u = ((bx - ax) / far, (by - ay) / far)
    p, r = (ax - u[0] * 7, ay - u[1] * 7), (bx + u[0] * 7, by + u[1] * 7)
    rim = element(line(p, r), stroke="#fff", stroke_width=float(q(5.4)))
    bar = element(line(p, r), stroke=palette.MOVE, stroke_width=float(q(2.6)))
    dots = "".join(
        f'<circle cx="{q(x)}" cy="{q(y)}" r="{q(2.8)}" fill="#fff" stroke="{palette.MOVE}"'
        f' stroke-width="{q(2.2)}"/>'
        for x, y in (p, r)
    )
    return rim + bar + dots


def level_inset(at: Point, radius: float) -> str:
    """A round window on the hips from the front, with the line through both hip bones level.

    For figures seen from the side, where the line cannot be seen. It is its own mirror image.
    """
    x, y = at
    r = radius
    half = ((0.0, -0.62), (0.42, -0.6), (0.6, -0.1), (0.64, 0.5), (0.1, 0.52), (0.0, 0.2))
    outline = [*half, *((-a, b) for a, b in reversed(half[1:-1]))]
    shorts = polygon([(x + a * r, y + b * r) for a, b in outline])
    ends = [(x + s * 0.78 * r, y - 0.28 * r) for s in (-1, 1)]
    dots = "".join(
        f'<circle cx="{q(a)}" cy="{q(b)}" r="{q(2.4)}" fill="#fff" stroke="{palette.MOVE}"'
        f' stroke-width="{q(1.9)}"/>'
        for a, b in ends
    )
    return (
        f'<circle cx="{q(x)}" cy="{q(y)}" r="{q(r)}" fill="#fff"/>'
        + element(shorts, palette.SHORTS)
        + element(line(*ends), stroke="#fff", stroke_width=float(q(4.6)))
        + element(line(*ends), stroke=palette.MOVE, stroke_width=float(q(2.4)))
        + dots
    )


DIGITS: dict[str, tuple[tuple[Point, ...], ...]] = {
    "1": (((-0.24, -0.24), (0.06, -0.46), (0.06, 0.46)),),
    "2": (
        (
            (-0.28, -0.2),
            (-0.25, -0.36),
            (-0.1, -0.46),
            (0.08, -0.46),
            (0.23, -0.38),
            (0.29, -0.22),
            (0.24, -0.04),
            (-0.28, 0.46),
        ),
        ((-0.28, 0.46), (0.3, 0.46)),
    ),
}


def _plate(at: Point, radius: float, fill: str) -> str:
    x, y = at
    return f'<circle cx="{q(x)}" cy="{q(y)}" r="{q(radius)}" fill="{fill}" stroke="none"/>'


def badge(number: str, at: Point, radius: float) -> str:
    """A filled disc with a number drawn as lines."""
    text = _plate(at, radius, palette.INK)
    for stroke in DIGITS[number]:
        points = [(at[0] + x * radius * 1.15, at[1] + y * radius * 1.15) for x, y in stroke]
        if len(points) > 4:
            path = open_path(points, 0.1)
        else:
            path = "".join(line(a, b) for a, b in pairwise(points))
        text += element(path, stroke="#fff", stroke_width=float(q(radius * 0.26)))
    return text


def verdict(good: bool, at: Point, radius: float) -> str:
    """A tick on a green disc or a cross on a red square-cornered sign: shape and colour differ."""
    x, y = at
    if good:
        plate = _plate(at, radius, palette.GOOD)
        mark = ((-0.5, 0.02), (-0.12, 0.42), (0.52, -0.4))
        lines: list[tuple[Point, ...]] = [mark]
    else:
        plate = element(_octagon(at, radius * 1.04), palette.WRONG, stroke="none")
        lines = [((-0.42, -0.42), (0.42, 0.42)), ((-0.42, 0.42), (0.42, -0.42))]
    path = "".join(
        line((x + a[0] * radius, y + a[1] * radius), (x + b[0] * radius, y + b[1] * radius))
        for mark in lines
        for a, b in pairwise(mark)
    )
    return plate + element(path, stroke="#fff", stroke_width=float(q(radius * 0.3)))


def _octagon(at: Point, radius: float) -> str:
    corners = [
        (at[0] + radius * cos(radians(22.5 + 45 * i)), at[1] + radius * sin(radians(22.5 + 45 * i)))
        for i in range(8)
    ]
    return polygon(corners)


def clock_hands(at: Point, radius: float, minutes: float) -> str:
    """Twelve o'clock mark, a filled slice of the minutes that passed, and the hand."""
    x, y = at
    end = radians(minutes * 6 - 90)
    tip = (x + radius * 0.72 * cos(end), y + radius * 0.72 * sin(end))
    r = q(radius * 0.72)
    large = 1 if minutes > 30 else 0
    slice_ = f"M{q(x)} {q(y)}V{q(y - radius * 0.72)}A{r} {r} 0 {large} 1 {q(tip[0])} {q(tip[1])}z"
    ticks = "".join(
        line(
            (x + radius * 0.82 * cos(radians(a)), y + radius * 0.82 * sin(radians(a))),
            (x + radius * 0.9 * cos(radians(a)), y + radius * 0.9 * sin(radians(a))),
        )
        for a in range(0, 360, 90)
    )
    return element(slice_, palette.BAND) + element(ticks)
