"""The worked muscle: a striped patch on the shorts or the leg. Core: standard library only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from exercises.figures import palette
from exercises.figures.curves import closed_path, join, q
from exercises.figures.drawing import Scene, Shape, element
from exercises.figures.outlines import UNITS, Cone, Field, Loop, area, box_of, field_of, flatten
from exercises.figures.skeleton import SIGN
from exercises.figures.tracing import trace_all
from exercises.figures.vectors import Frame, Vec, add, dot, place, scale

Spot = tuple[str, float, float, float, float]
"""A part (pelvis, chest or thigh), forward, up and outward from its joint, and a radius."""


@dataclass(frozen=True, slots=True)
class Patch:
    """Pairs of spots, and the way the patch faces: part, forward share, outward share."""

    pairs: tuple[tuple[Spot, Spot], ...]
    faces: tuple[str, float, float]


_TROCHANTER: Spot = ("thigh", -0.5, -1.0, 7.5, 2.7)
_UPPER_FEMUR: Spot = ("thigh", -5.5, -5.5, 5.0, 3.8)
PATCHES: Mapping[str, Patch] = {
    "gluteus medius": Patch(
        (
            (("pelvis", -4.5, 8.6, 9.0, 4.0), _TROCHANTER),
            (("pelvis", 2.5, 9.4, 9.5, 3.6), _TROCHANTER),
            (("pelvis", -1.0, 9.6, 9.4, 3.8), _TROCHANTER),
            (("pelvis", -6.5, 7.0, 6.8, 3.2), _TROCHANTER),
            (_TROCHANTER, ("thigh", -0.5, -4.0, 7.2, 2.8)),
        ),
        ("pelvis", 0.0, 1.0),
    ),
    "gluteus maximus": Patch(
        (
            (("pelvis", -8.0, 7.0, 3.6, 2.8), _UPPER_FEMUR),
            (("pelvis", -9.0, 0.5, 4.2, 3.6), _UPPER_FEMUR),
            (("pelvis", -7.5, 5.5, 7.5, 2.6), _UPPER_FEMUR),
        ),
        ("pelvis", -0.8, 0.6),
    ),
    "hip flexors": Patch(
        (
            (("pelvis", 6.5, 7.0, 6.5, 2.4), ("thigh", 6.5, -8.0, -0.5, 3.0)),
            (("thigh", 6.5, -8.0, -0.5, 3.0), ("thigh", 7.4, -15.0, 0.5, 2.4)),
        ),
        ("pelvis", 1.0, 0.5),
    ),
    "inner thigh": Patch(
        (
            (("thigh", 0.5, -5.0, -5.0, 2.6), ("thigh", 0.8, -16.0, -5.2, 3.0)),
            (("thigh", 0.8, -16.0, -5.2, 3.0), ("thigh", 0.5, -28.0, -4.2, 2.2)),
        ),
        ("thigh", 0.3, -1.0),
    ),
    "outer thigh": Patch(
        (
            (("thigh", 2.5, -4.0, 7.0, 2.6), ("thigh", 1.5, -18.0, 6.2, 3.0)),
            (("thigh", 1.5, -18.0, 6.2, 3.0), ("thigh", 0.8, -30.0, 5.0, 2.2)),
        ),
        ("thigh", 0.5, 1.0),
    ),
    "abdominals": Patch(
        ((("pelvis", 7.5, 7.0, 0.0, 3.6), ("chest", 9.0, 1.0, 0.0, 4.2)),), ("pelvis", 1.0, 0.0)
    ),
}
"""Muscle -> its patch, for either side."""


def _part(scene: Scene, part: str, side: str) -> tuple[Frame, Vec]:
    """The frame of a part and the joint it hangs on."""
    frames, joints = scene.body.frames, scene.body.joints
    if part == "thigh":
        return frames[f"{side} thigh"], joints[f"{side} hip"]
    return frames[part], joints[part]


def cones_of(scene: Scene, muscle: str, side: str) -> tuple[Cone, ...]:
    """The patch of one muscle of one side as cones in the world."""

    def at(spot: Spot) -> tuple[Vec, float]:
        part, forward, up, outward, radius = spot
        frame, joint = _part(scene, part, side)
        return place(frame, joint, forward, up, SIGN[side] * outward), radius

    return tuple((*at(a), *at(b)) for a, b in PATCHES[muscle].pairs)


def faces_us(scene: Scene, muscle: str, side: str) -> bool:
    """Whether a patch is on the side of the body that is seen, or at its edge."""
    part, forward, outward = PATCHES[muscle].faces
    x, _, z = _part(scene, part, side)[0]
    way = add(scale(x, forward), scale(z, SIGN[side] * outward))
    return dot(way, scene.camera.toward) >= -0.5


def muscle_shapes(
    scene: Scene, wanted: Sequence[tuple[str, str]], clip: Field, thin: float, *, working: bool
) -> list[Shape]:
    """Patches of (muscle, side), kept inside `clip`, left out where they face away.

    Working muscles are solid with light stripes; in the start frame they are light with dark ones.
    """
    return [
        _shape(scene, muscle, side, clip, thin, working)
        for muscle, side in wanted
        if faces_us(scene, muscle, side)
    ]


def _shape(scene: Scene, muscle: str, side: str, clip: Field, thin: float, working: bool) -> Shape:
    flat = flatten(cones_of(scene, muscle, side), scene.camera)
    own = field_of(flat, 1.5)

    def field(x: float, y: float) -> float:
        value = own(x, y)
        return value if value > 2.5 else max(value, clip(x, y) + 1.0)

    loops = [p for p in trace_all(field, box_of(flat, 2.0), 0.9) if area(p) > 6]
    fill, stripe = (palette.MUSCLE, "#fff") if working else ("#fff", palette.MUSCLE)
    edge = palette.INK if working else palette.MUSCLE
    width = float(ceil(thin * UNITS))
    svg = "".join(
        element(closed_path(loop, 0.25), fill, stroke=edge, stroke_width=width)
        + element(_stripes(loop), stroke=stripe, stroke_width=width)
        for loop in loops
    )
    return Shape(name=f"{side} {muscle}", svg=svg, box=box_of(flat), patch=field)


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
