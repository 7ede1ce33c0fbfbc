"""The worked muscle: a striped patch on the shorts or the leg. Core: standard library only."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from exercises.figures import palette
from exercises.figures.curves import closed_path, join, q
from exercises.figures.drawing import Scene, Shape, element
from exercises.figures.outlines import (
    UNITS,
    Cone,
    Field,
    Loop,
    area,
    box_of,
    field_of,
    flatten,
    trace_all,
)
from exercises.figures.skeleton import SIGN
from exercises.figures.vectors import Vec, add, dot, place, scale

NAMES: Mapping[str, str] = {
    "gluteus medius": "the side of the hip",
    "gluteus maximus": "the buttock",
    "hip flexors": "the front of the hip",
    "abdominals": "the front of the belly",
    "obliques": "the side of the waist",
    "inner thigh": "the inner thigh",
    "outer thigh": "the outer thigh",
}
"""Muscle -> where the patient feels it."""


@dataclass(frozen=True, slots=True)
class Patch:
    """Cones of a patch and the world direction it faces."""

    cones: tuple[Cone, ...]
    faces: Vec


def _points(scene: Scene, side: str) -> tuple[Callable[..., Vec], Callable[..., Vec]]:
    body, s = scene.body, SIGN[side]

    def pelvis(x: float, y: float, z: float) -> Vec:
        return place(body.frames["pelvis"], body.joints["pelvis"], x, y, s * z)

    def thigh(x: float, y: float, z: float) -> Vec:
        return place(body.frames[f"{side} thigh"], body.joints[f"{side} hip"], x, y, s * z)

    return pelvis, thigh


def patch(scene: Scene, muscle: str, side: str) -> Patch:
    """The patch of one muscle of one side."""
    pelvis, thigh = _points(scene, side)
    x, _, z = scene.body.frames["pelvis"]
    out = scale(z, SIGN[side])
    tx, _, tz = scene.body.frames[f"{side} thigh"]
    if muscle == "gluteus medius":
        end = thigh(-0.5, -1.0, 7.5)
        return Patch(
            (
                (pelvis(-4.5, 8.6, 9.0), 4.0, end, 2.6),
                (pelvis(2.5, 9.4, 9.5), 3.6, end, 2.6),
                (pelvis(-1.0, 9.6, 9.4), 3.8, end, 2.6),
                (pelvis(-6.5, 7.0, 6.8), 3.2, end, 2.8),
                (end, 2.8, thigh(-0.5, -4.0, 7.2), 2.8),
            ),
            out,
        )
    if muscle == "gluteus maximus":
        low = thigh(-5.5, -5.5, 5.0)
        return Patch(
            (
                (pelvis(-8.0, 7.0, 3.6), 2.8, low, 3.8),
                (pelvis(-9.0, 0.5, 4.2), 3.6, low, 3.8),
                (pelvis(-7.5, 5.5, 7.5), 2.6, low, 3.8),
            ),
            add(scale(x, -0.8), scale(out, 0.6)),
        )
    if muscle == "hip flexors":
        return Patch(
            (
                (pelvis(6.5, 7, 6.5), 2.4, thigh(6.5, -8, -0.5), 3.0),
                (thigh(6.5, -8, -0.5), 3.0, thigh(7.4, -15, 0.5), 2.4),
            ),
            add(x, scale(out, 0.5)),
        )
    if muscle == "inner thigh":
        return Patch(
            (
                (thigh(0.5, -5, -5.0), 2.6, thigh(0.8, -16, -5.2), 3.0),
                (thigh(0.8, -16, -5.2), 3.0, thigh(0.5, -28, -4.2), 2.2),
            ),
            add(scale(tz, -SIGN[side]), scale(tx, 0.3)),
        )
    if muscle == "outer thigh":
        return Patch(
            (
                (thigh(2.5, -4, 7.0), 2.6, thigh(1.5, -18, 6.2), 3.0),
                (thigh(1.5, -18, 6.2), 3.0, thigh(0.8, -30, 5.0), 2.2),
            ),
            add(scale(tz, SIGN[side]), scale(tx, 0.5)),
        )
    if muscle == "obliques":
        chest = scene.body.joints["chest"]
        frame = scene.body.frames["chest"]
        rib = place(frame, chest, 3.0, 4.0, SIGN[side] * 12.5)
        return Patch(((rib, 3.0, pelvis(4.0, 13.0, 12.0), 3.0),), add(out, scale(x, 0.4)))
    chest = scene.body.joints["chest"]
    return Patch(
        ((pelvis(7.5, 7, 0), 3.6, place(scene.body.frames["chest"], chest, 9.0, 1, 0), 4.2),), x
    )


def muscle_shapes(
    scene: Scene, wanted: Sequence[tuple[str, str]], clip: Field, thin: float, *, working: bool
) -> list[Shape]:
    """Patches of (muscle, side), kept inside `clip`, left out where they face away.

    Working muscles are solid with light stripes; in the start frame they are light with dark ones.
    """
    shapes = []
    for muscle, side in wanted:
        spot = patch(scene, muscle, side)
        if dot(spot.faces, scene.camera.toward) < -0.5:
            continue
        flat = flatten(spot.cones, scene.camera)
        own = field_of(flat, 1.5)

        def field(x: float, y: float, own: Field = own) -> float:
            value = own(x, y)
            return value if value > 2.5 else max(value, clip(x, y) + 1.0)

        loops = [p for p in trace_all(field, box_of(flat, 2.0), 0.9) if area(p) > 6]
        fill, stripe = (palette.MUSCLE, "#fff") if working else ("#fff", palette.MUSCLE)
        svg = "".join(
            element(
                closed_path(loop, 0.25),
                fill,
                stroke=palette.MUSCLE if not working else palette.INK,
                stroke_width=float(ceil(thin * UNITS)),
            )
            + element(_stripes(loop), stroke=stripe, stroke_width=float(ceil(thin * UNITS)))
            for loop in loops
        )
        shapes.append(
            Shape(
                name=f"{side} {muscle}",
                svg=svg,
                box=box_of(flat),
                patch=field,
            )
        )
    return shapes


def _stripes(loop: Loop, gap: float = 4.6, inset: float = 1.2) -> str:
    """Slanting lines inside a loop, a little away from its edge."""
    sums = [x + y for x, y in loop]
    text, v = "", min(sums) + gap * 0.75
    while v < max(sums):
        xs = sorted(_crossings(loop, v))
        for left, right in zip(xs[::2], xs[1::2], strict=False):
            a, b = left + inset, right - inset
            if b - a > 1.4:
                text += f"M{join((q(a), q(v - a)))}L{join((q(b), q(v - b)))}"
        v += gap
    return text


def _crossings(loop: Loop, v: float) -> list[float]:
    """Where the line x + y = v meets a closed loop, as values of x."""
    found = []
    for (ax, ay), (bx, by) in zip(loop, loop[1:] + loop[:1], strict=True):
        a, b = ax + ay - v, bx + by - v
        if (a < 0) != (b < 0):
            found.append(ax + (bx - ax) * a / (a - b))
    return found
