"""Vectors and frames in three dimensions, in centimetres and degrees.

World axes: x to the right of the picture, y up, z towards the viewer. A frame holds the world
directions of a body part's own forward, up and right. Core: standard library only.
"""

from math import cos, radians, sin, sqrt

Vec = tuple[float, float, float]
Point = tuple[float, float]
Frame = tuple[Vec, Vec, Vec]


def add(a: Vec, b: Vec) -> Vec:
    """The sum of two vectors."""
    return (a[0] + b[0], a[1] + b[1], a[2] + b[2])


def sub(a: Vec, b: Vec) -> Vec:
    """The vector from b to a."""
    return (a[0] - b[0], a[1] - b[1], a[2] - b[2])


def scale(a: Vec, by: float) -> Vec:
    """The vector made `by` times as long."""
    return (a[0] * by, a[1] * by, a[2] * by)


def dot(a: Vec, b: Vec) -> float:
    """The scalar product."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a: Vec, b: Vec) -> Vec:
    """The vector product, right handed."""
    return (
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    )


def length(a: Vec) -> float:
    """The length in centimetres."""
    return sqrt(dot(a, a))


def unit(a: Vec) -> Vec:
    """The same direction with length one; the zero vector stays zero."""
    size = length(a)
    return scale(a, 1 / size) if size > 1e-9 else (0.0, 0.0, 0.0)


def lerp(a: Vec, b: Vec, t: float) -> Vec:
    """The point a fraction t of the way from a to b."""
    return (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t)


def across(a: Vec, axis: Vec) -> Vec:
    """The unit vector along the part of `a` that stands at right angles to the unit `axis`."""
    return unit(sub(a, scale(axis, dot(a, axis))))


def frame(forward: Vec, up: Vec) -> Frame:
    """The frame whose up is exact and whose forward is as near to `forward` as can be."""
    y = unit(up)
    x = across(forward, y)
    return (x, y, cross(x, y))


def place(f: Frame, origin: Vec, forward: float, up: float, right: float) -> Vec:
    """The world point at an offset given in the frame's own directions."""
    x, y, z = f
    return (
        origin[0] + x[0] * forward + y[0] * up + z[0] * right,
        origin[1] + x[1] * forward + y[1] * up + z[1] * right,
        origin[2] + x[2] * forward + y[2] * up + z[2] * right,
    )


def turned(f: Frame, axis: str, degrees: float) -> Frame:
    """The frame rotated about one of its own axes: "forward", "up" or "right".

    About right: forward rises. About forward: up goes to the right. About up: forward goes to the
    left.
    """
    c, s = cos(radians(degrees)), sin(radians(degrees))
    x, y, z = f
    if axis == "right":
        return (add(scale(x, c), scale(y, s)), sub(scale(y, c), scale(x, s)), z)
    if axis == "forward":
        return (x, add(scale(y, c), scale(z, s)), sub(scale(z, c), scale(y, s)))
    return (sub(scale(x, c), scale(z, s)), y, add(scale(z, c), scale(x, s)))
