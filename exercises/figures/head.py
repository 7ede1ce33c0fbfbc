"""The head: face, hair, ear, eyes and mouth, right in any view. Core: standard library only."""

from functools import lru_cache
from math import ceil, hypot, sqrt

from exercises.figures import palette
from exercises.figures.curves import closed_path, join, q
from exercises.figures.drawing import Scene, Shape, element, melted
from exercises.figures.outlines import UNITS, Camera, area
from exercises.figures.skeleton import SIGN
from exercises.figures.tracing import trace_all
from exercises.figures.vectors import Point, Vec, add, dot, place, scale

SKULL = 11.4


def neck_shape(scene: Scene) -> Shape:
    """The neck, painted before the shirt."""
    return melted("neck", scene.parts["neck"], scene.camera, palette.SKIN, step=1.0)


def head_shapes(scene: Scene, detail: float) -> list[Shape]:
    """Face and hair as one group. `detail`: width of the thin lines in centimetres."""
    camera, frame = scene.camera, scene.body.frames["head"]
    facing = dot(frame[0], camera.toward)
    cones = scene.parts["head"] + (scene.parts["nose"] if abs(facing) < 0.9 else ())
    face = melted("head", cones, camera, palette.SKIN, melt=2.2, step=0.9)
    hair = element(_hair(scene), palette.HAIR)
    marks = _ears(scene, detail) + _eyes(scene) + _mouth(scene, detail)
    return [Shape(name="head", svg=face.svg + hair + marks, covers=face.covers, box=face.box)]


def _at(scene: Scene, x: float, y: float, z: float) -> Vec:
    return place(scene.body.frames["head"], scene.body.joints["head"], x, y, z)


def _hair(scene: Scene) -> str:
    """The part of the skull above and behind the hair line, as the camera sees it."""
    forward, up, _ = scene.body.frames["head"]
    centre = scene.camera.flat(_at(scene, -0.8, 2.2, 0))
    return _hair_path(scene.camera, centre, forward, up)


@lru_cache(maxsize=1024)
def _hair_path(camera: Camera, centre: Point, forward: Vec, up: Vec) -> str:
    cx, cy = centre

    def field(x: float, y: float) -> float:
        px, py = (x - cx) / SKULL, -(y - cy) / SKULL
        square = px * px + py * py
        out = add(scale(camera.right, px), scale(camera.up, py))
        if square < 1:
            normal = add(out, scale(camera.toward, sqrt(1 - square)))
        else:
            normal = scale(out, 1 / sqrt(square))
        hx, hy = dot(normal, forward), dot(normal, up)
        brow = 0.62 * hx - 0.78 * hy + 0.02
        temple = 0.95 * hx + 0.30 * hy + 0.12
        nape = -hy - 0.66
        return max(hypot(x - cx, y - cy) - SKULL, max(min(brow, temple), nape) * SKULL)

    grow = SKULL + 2
    loops = trace_all(field, (cx - grow, cy - grow, cx + grow, cy + grow), 1.0)
    return "".join(closed_path(loop, 0.2) for loop in loops if area(loop) > 8)


def _dot(p: Point, radius: float, fill: str, extra: str = "") -> str:
    return f'<circle cx="{q(p[0])}" cy="{q(p[1])}" r="{q(radius)}" fill="{fill}"{extra}/>'


def _ears(scene: Scene, detail: float) -> str:
    z, text = scene.body.frames["head"][2], ""
    for sign in SIGN.values():
        if dot(z, scene.camera.toward) * sign > 0.3:
            p = scene.camera.flat(_at(scene, -1.6, -1.4, sign * 9.4))
            text += _dot(p, 2.1, palette.SKIN, f' stroke-width="{ceil(detail * UNITS)}"')
    return text


def _eyes(scene: Scene) -> str:
    x, _, z = scene.body.frames["head"]
    text = ""
    for sign in SIGN.values():
        if dot(add(scale(x, 0.92), scale(z, sign * 0.38)), scene.camera.toward) > 0.22:
            p = scene.camera.flat(_at(scene, 8.7, -0.2, sign * 3.8))
            text += _dot(p, 1.2, palette.INK, ' stroke="none"')
    return text


def _mouth(scene: Scene, detail: float) -> str:
    x, _, z = scene.body.frames["head"]
    toward = dot(x, scene.camera.toward)
    side = dot(z, scene.camera.toward)
    if toward < 0.12:
        return ""
    reach = 2.6
    ends = (-reach, reach) if toward > 0.75 else ((0.0, reach) if side > 0 else (-reach, 0.0))
    if 0.35 < toward <= 0.75:
        ends = (-1.4, reach) if side > 0 else (-reach, 1.4)
    points = [
        scene.camera.flat(_at(scene, 8.0 if z0 else 8.9, y, z0))
        for y, z0 in ((-6.0, ends[0]), (-7.4, sum(ends) / 2), (-6.0, ends[1]))
    ]
    (ax, ay), (bx, by), (cx, cy) = points
    path = f"M{join((q(ax), q(ay)))}Q{join((q(bx), q(by), q(cx), q(cy)))}"
    return element(path, stroke_width=float(ceil(detail * UNITS)))
