"""Outlines: round cones seen by a camera, melted together, traced and fitted with smooth curves.

A sphere swept from one radius to another looks, without perspective, like the hull of two
circles, whatever the view. The parts of a limb are such hulls, joined by a smooth minimum of
their distances. Centimetres; y points down in the picture. Core: standard library only.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import cos, hypot, radians, sin, sqrt

from exercises.figures.vectors import Point, Vec, add, dot, scale

UNITS = 5
"""Picture units a centimetre: whole numbers keep the files small and the bytes the same."""

Cone = tuple[Vec, float, Vec, float]
FlatCone = tuple[float, float, float, float, float, float]
Field = Callable[[float, float], float]
Loop = list[Point]


@dataclass(frozen=True, slots=True)
class Camera:
    """A view without perspective: degrees turned to the right and raised above the floor."""

    yaw: float = 0.0
    elevation: float = 0.0

    @property
    def right(self) -> Vec:
        """World direction of the picture's right."""
        return (cos(radians(self.yaw)), 0.0, -sin(radians(self.yaw)))

    @property
    def toward(self) -> Vec:
        """World direction from the scene to the viewer."""
        level = (sin(radians(self.yaw)), 0.0, cos(radians(self.yaw)))
        return add(scale(level, cos(radians(self.elevation))), (0, sin(radians(self.elevation)), 0))

    @property
    def up(self) -> Vec:
        """World direction of the picture's upward edge."""
        level = (sin(radians(self.yaw)), 0.0, cos(radians(self.yaw)))
        tilt = radians(self.elevation)
        return add((0, cos(tilt), 0), scale(level, -sin(tilt)))

    def flat(self, v: Vec) -> Point:
        """Where a world point is in the picture."""
        return (dot(v, self.right), -dot(v, self.up))

    def depth(self, v: Vec) -> float:
        """How near to the viewer a world point is; greater is nearer."""
        return dot(v, self.toward)


def flatten(cones: Iterable[Cone], camera: Camera, grow: float = 0.0) -> tuple[FlatCone, ...]:
    """The cones as the camera sees them, each as two circles."""
    flat = []
    for a, ra, b, rb in cones:
        (ax, ay), (bx, by) = camera.flat(a), camera.flat(b)
        flat.append((ax, ay, ra + grow, bx, by, rb + grow))
    return tuple(flat)


def field_of(cones: Sequence[FlatCone], melt: float) -> Field:
    """Signed distance (negative inside) of cones melted together over `melt` centimetres."""
    table = []
    for ax, ay, ra, bx, by, rb in cones:
        if rb > ra:
            ax, ay, ra, bx, by, rb = bx, by, rb, ax, ay, ra
        dx, dy = bx - ax, by - ay
        long = hypot(dx, dy)
        if long <= ra - rb + 1e-6:
            table.append((ax, ay, 0.0, 0.0, 1.0, 0.0, -1.0, ra, ax, ay, ra))
            continue
        slope = (ra - rb) / long
        rise = sqrt(1 - slope * slope)
        table.append((ax, ay, dx / long, dy / long, rise, slope, rise * long, ra, bx, by, rb))
    four = 4 * melt

    def distance(x: float, y: float) -> float:
        least = 1e9
        for ax, ay, ux, uy, rise, slope, end, ra, bx, by, rb in table:
            px, py = x - ax, y - ay
            along = px * ux + py * uy
            aside = abs(px * uy - py * ux)
            where = rise * along - slope * aside
            if where < 0 or end < 0:
                value = sqrt(px * px + py * py) - ra
            elif where > end:
                qx, qy = x - bx, y - by
                value = sqrt(qx * qx + qy * qy) - rb
            else:
                value = aside * rise + along * slope - ra
            if value < least:
                gap = melt - least + value
                least = value
            else:
                gap = melt + least - value
            if gap > 0:
                least -= gap * gap / four
        return least

    return distance


def box_of(cones: Iterable[FlatCone], margin: float = 0.0) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of flat cones."""
    xs: list[float] = []
    ys: list[float] = []
    for ax, ay, ra, bx, by, rb in cones:
        xs += [ax - ra, ax + ra, bx - rb, bx + rb]
        ys += [ay - ra, ay + ra, by - rb, by + rb]
    return (min(xs) - margin, min(ys) - margin, max(xs) + margin, max(ys) + margin)


def area(loop: Loop) -> float:
    """The area of a closed line in square centimetres."""
    return (
        abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(loop, loop[1:] + loop[:1], strict=True)))
        / 2
    )


def inside(loop: Loop, p: Point) -> bool:
    """Whether a point is inside a closed line."""
    hit = False
    for (ax, ay), (bx, by) in zip(loop, loop[1:] + loop[:1], strict=True):
        if (ay > p[1]) != (by > p[1]) and p[0] < (bx - ax) * (p[1] - ay) / (by - ay) + ax:
            hit = not hit
    return hit
