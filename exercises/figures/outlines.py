"""Outlines: round cones seen by a camera, melted together, traced and fitted with smooth curves.

A sphere swept from one radius to another looks, without perspective, like the hull of two
circles, whatever the view. The parts of a limb are such hulls, joined by a smooth minimum of
their distances. Centimetres; y points down in the picture. Core: standard library only.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
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


def _edge(f: Field, a: Point, b: Point, fa: float, fb: float) -> Point:
    """The zero of the field between two points of opposite sign, by two secant steps."""
    lo, hi = 0.0, 1.0
    t = fa / (fa - fb)
    for _ in range(2):
        value = f(a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t)
        if abs(value) < 0.01:
            break
        if (value < 0) == (fa < 0):
            lo, fa = t, value
        else:
            hi, fb = t, value
        t = lo + (hi - lo) * fa / (fa - fb)
    return (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t)


# Edge of a cell: (column, row, 1 along x or 0 along y) relative to the cell. For every pattern of
# inside corners (1 left top, 2 right top, 4 right bottom, 8 left bottom): from edge to edge.
_T, _R, _B, _L = (0, 0, 1), (1, 0, 0), (0, 1, 1), (0, 0, 0)
_SEGMENTS: dict[int, tuple[tuple[tuple[int, int, int], tuple[int, int, int]], ...]] = {
    1: ((_L, _T),),
    2: ((_T, _R),),
    3: ((_L, _R),),
    4: ((_R, _B),),
    5: ((_L, _B), (_R, _T)),
    6: ((_T, _B),),
    7: ((_L, _B),),
    8: ((_B, _L),),
    9: ((_B, _T),),
    10: ((_T, _L), (_B, _R)),
    11: ((_B, _R),),
    12: ((_R, _L),),
    13: ((_R, _T),),
    14: ((_T, _L),),
}
_NEXT_CELL = {_T: (0, -1), _R: (1, 0), _B: (0, 1), _L: (-1, 0)}
_SAME_EDGE = {_T: _B, _B: _T, _R: _L, _L: _R}


def trace_outer(f: Field, box: tuple[float, float, float, float], row: float, step: float) -> Loop:
    """The outer outline of a connected shape, found on the line y = `row` and followed round.

    Only cells that the outline crosses are looked at. An empty list when the line misses.
    """
    x0, y0 = box[0] - step, row - step * 0.5
    memo: dict[tuple[int, int], float] = {}

    def corner(i: int, j: int) -> float:
        value = memo.get((i, j))
        if value is None:
            value = f(x0 + i * step, y0 + j * step) or 1e-9
            memo[(i, j)] = value
        return value

    def pattern(i: int, j: int) -> int:
        return (
            (corner(i, j) < 0)
            + 2 * (corner(i + 1, j) < 0)
            + 4 * (corner(i + 1, j + 1) < 0)
            + 8 * (corner(i, j + 1) < 0)
        )

    width = int((box[2] - x0) / step) + 2
    start = next((i for i in range(width) if pattern(i, 0) not in (0, 15)), None)
    if start is None:
        return []
    i, j = start, 0
    came, leave = _SEGMENTS[pattern(i, j)][0]
    first = (i + came[0], j + came[1], came[2])
    loop: Loop = []
    for _ in range(6000):
        key = (i + leave[0], j + leave[1], leave[2])
        a, b = (key[0], key[1]), (key[0] + key[2], key[1] + 1 - key[2])
        loop.append(
            _edge(
                f,
                (x0 + a[0] * step, y0 + a[1] * step),
                (x0 + b[0] * step, y0 + b[1] * step),
                corner(*a),
                corner(*b),
            )
        )
        if key == first:
            break
        di, dj = _NEXT_CELL[leave]
        i, j, came = i + di, j + dj, _SAME_EDGE[leave]
        leave = next(out for inn, out in _SEGMENTS[pattern(i, j)] if inn == came)
    return loop


def trace_all(f: Field, box: tuple[float, float, float, float], step: float) -> list[Loop]:
    """Every outline inside a box, by looking at all of its cells; for small shapes."""
    x0, y0, x1, y1 = box
    nx, ny = int((x1 - x0) / step) + 2, int((y1 - y0) / step) + 2
    grid = [[f(x0 + i * step, y0 + j * step) or 1e-9 for i in range(nx)] for j in range(ny)]
    links: dict[tuple[int, int, int], tuple[int, int, int]] = {}
    for j in range(ny - 1):
        for i in range(nx - 1):
            case = (
                (grid[j][i] < 0)
                + 2 * (grid[j][i + 1] < 0)
                + 4 * (grid[j + 1][i + 1] < 0)
                + 8 * (grid[j + 1][i] < 0)
            )
            for p, q in _SEGMENTS.get(case, ()):
                links[(i + p[0], j + p[1], p[2])] = (i + q[0], j + q[1], q[2])
    loops = []
    while links:
        first, key = next(iter(links.items()))
        del links[first]
        keys = [first]
        while key != first and key in links:
            keys.append(key)
            key = links.pop(key)
        loops.append([_on_grid(f, grid, k, (x0, y0), step) for k in keys])
    return [loop for loop in loops if len(loop) > 4]


def _on_grid(
    f: Field, grid: list[list[float]], key: tuple[int, int, int], origin: Point, step: float
) -> Point:
    i, j, level = key
    k, m = i + level, j + 1 - level
    a = (origin[0] + i * step, origin[1] + j * step)
    b = (origin[0] + k * step, origin[1] + m * step)
    return _edge(f, a, b, grid[j][i], grid[m][k])


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


@lru_cache(maxsize=4096)
def melted_outline(cones: tuple[FlatCone, ...], melt: float, step: float) -> tuple[Point, ...]:
    """The outer outline of flat cones that hang together; remembered, as parts often stay put."""
    f = field_of(cones, melt)
    box = box_of(cones, 3.0)
    row = cones[0][1]
    return tuple(trace_outer(f, box, row, step))
