"""Tracing: from a field of signed distances to closed lines, by marching squares.

A point of a line lies on a grid edge where the field is zero, found by secant steps, so that lines
are smooth although the grid is coarse. Core: standard library only.
"""

from functools import lru_cache

from exercises.figures.outlines import Field, FlatCone, Loop, box_of, field_of
from exercises.figures.vectors import Point

Box = tuple[float, float, float, float]
Edge = tuple[int, int, int]
"""Column, row, and 1 for an edge along x or 0 for one along y."""

# For every pattern of inside corners (1 left top, 2 right top, 4 right bottom, 8 left bottom): the
# line's way through the cell, from edge to edge, each counted from the cell.
_T, _R, _B, _L = (0, 0, 1), (1, 0, 0), (0, 1, 1), (0, 0, 0)
_WAYS: dict[int, tuple[tuple[Edge, Edge], ...]] = {
    0: (),
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
    15: (),
}
_NEXT_CELL = {_T: (0, -1), _R: (1, 0), _B: (0, 1), _L: (-1, 0)}
_SAME_EDGE = {_T: _B, _B: _T, _R: _L, _L: _R}


class Grid:
    """A field on a grid, looked at only where it is asked for."""

    def __init__(self, field: Field, origin: Point, step: float) -> None:
        self.field, self.origin, self.step = field, origin, step
        self._known: dict[tuple[int, int], float] = {}

    def value(self, i: int, j: int) -> float:
        """The field at a corner; never quite zero."""
        found = self._known.get((i, j))
        if found is None:
            x, y = self.origin
            found = self.field(x + i * self.step, y + j * self.step) or 1e-9
            self._known[(i, j)] = found
        return found

    def ways(self, i: int, j: int) -> tuple[tuple[Edge, Edge], ...]:
        """The line's ways through a cell."""
        return _WAYS[
            (self.value(i, j) < 0)
            + 2 * (self.value(i + 1, j) < 0)
            + 4 * (self.value(i + 1, j + 1) < 0)
            + 8 * (self.value(i, j + 1) < 0)
        ]

    def point(self, edge: Edge) -> Point:
        """Where the field is zero on an edge, by two secant steps."""
        i, j, level = edge
        k, m = i + level, j + 1 - level
        (x0, y0), step = self.origin, self.step
        ax, ay, bx, by = x0 + i * step, y0 + j * step, x0 + k * step, y0 + m * step
        fa, fb = self.value(i, j), self.value(k, m)
        lo, hi, t = 0.0, 1.0, fa / (fa - fb)
        for _ in range(2):
            value = self.field(ax + (bx - ax) * t, ay + (by - ay) * t)
            if abs(value) < 0.01:
                break
            if (value < 0) == (fa < 0):
                lo, fa = t, value
            else:
                hi, fb = t, value
            t = lo + (hi - lo) * fa / (fa - fb)
        return (ax + (bx - ax) * t, ay + (by - ay) * t)


def _moved(edge: Edge, i: int, j: int) -> Edge:
    return (i + edge[0], j + edge[1], edge[2])


def trace_outer(field: Field, box: Box, row: float, step: float) -> Loop:
    """The outer outline of a connected shape, found on the line y = `row` and followed round.

    Only cells that the outline crosses are looked at. An empty list when the line misses.
    """
    x0 = box[0] - step
    grid = Grid(field, (x0, row - step * 0.5), step)
    width = int((box[2] - x0) / step) + 2
    start = next((i for i in range(width) if grid.ways(i, 0)), None)
    if start is None:
        return []
    i, j = start, 0
    came, leave = grid.ways(i, j)[0]
    first = _moved(came, i, j)
    loop: Loop = []
    while len(loop) < 6000:
        edge = _moved(leave, i, j)
        loop.append(grid.point(edge))
        if edge == first:
            break
        di, dj = _NEXT_CELL[leave]
        i, j, came = i + di, j + dj, _SAME_EDGE[leave]
        leave = next(out for into, out in grid.ways(i, j) if into == came)
    return loop


def trace_all(field: Field, box: Box, step: float) -> list[Loop]:
    """Every outline inside a box, by looking at all of its cells; for small shapes."""
    x0, y0, x1, y1 = box
    grid = Grid(field, (x0, y0), step)
    columns, rows = int((x1 - x0) / step) + 1, int((y1 - y0) / step) + 1
    links: dict[Edge, Edge] = {}
    for j in range(rows):
        for i in range(columns):
            links |= {_moved(a, i, j): _moved(b, i, j) for a, b in grid.ways(i, j)}
    loops = []
    while links:
        first, edge = next(iter(links.items()))
        del links[first]
        edges = [first]
        while edge != first and edge in links:
            edges.append(edge)
            edge = links.pop(edge)
        loops.append([grid.point(e) for e in edges])
    return [loop for loop in loops if len(loop) > 4]


@lru_cache(maxsize=4096)
def melted_outline(cones: tuple[FlatCone, ...], melt: float, step: float) -> tuple[Point, ...]:
    """The outer outline of flat cones that hang together; remembered, as parts often stay put."""
    f = field_of(cones, melt)
    box = box_of(cones, 3.0)
    row = cones[0][1]
    return tuple(trace_outer(f, box, row, step))
