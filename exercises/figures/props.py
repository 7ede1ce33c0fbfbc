"""Things in the picture: mat, step with rail, chair, counter, wall, pillow, ball, band, belt.

Each is given in world centimetres and drawn in the same view as the body. Every thing with a top
that a body may touch says so (`surfaces`). Core: standard library only.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, hypot

from exercises.figures import palette
from exercises.figures.curves import line, polygon, q
from exercises.figures.drawing import Scene, Shape, element, melted
from exercises.figures.marks import level_inset
from exercises.figures.outlines import UNITS, Camera, Cone, flatten
from exercises.figures.vectors import Point, Vec, add, dot, lerp, scale

SEAT_HEIGHT = 45.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Prop:
    """One thing: its kind, its numbers, what it is painted after ("" = before the body)."""

    kind: str
    box: tuple[float, ...] = ()
    at: Vec = (0.0, 0.0, 0.0)
    faces: str = "right"
    after: str = ""
    points: tuple[Vec, ...] = ()
    joints: tuple[str, ...] = ()
    offset: Vec = (0.0, 0.0, 0.0)
    radius: float = 6.0
    share: float = 0.86
    frames: tuple[str, ...] = ("start", "end")


def cuboid(camera: Camera, box: Sequence[float], top: str, side: str, ink: float) -> str:
    """The faces of an upright box that the camera sees."""
    paths = cuboid_paths(camera, box)
    if top == side:
        return _faces(paths[0] + paths[1], top, ink)
    return _faces(paths[1], side, ink) + _faces(paths[0], top, ink)


def _faces(path: str, fill: str, ink: float) -> str:
    """Things are lined a little thinner than bodies, but never too thin to print."""
    return element(path, fill, stroke_width=float(ceil(ink * 0.9 * UNITS)))


def cuboid_paths(camera: Camera, box: Sequence[float]) -> tuple[str, str]:
    """Path data of the visible top, and of the visible sides, of an upright box."""
    x0, x1, y0, y1, z0, z1 = box
    corners = [(x, y, z) for x in (x0, x1) for y in (y0, y1) for z in (z0, z1)]
    faces: tuple[tuple[tuple[int, ...], Vec], ...] = (
        ((0, 1, 3, 2), (-1, 0, 0)),
        ((4, 5, 7, 6), (1, 0, 0)),
        ((0, 2, 6, 4), (0, 0, -1)),
        ((1, 3, 7, 5), (0, 0, 1)),
        ((2, 3, 7, 6), (0, 1, 0)),
    )
    top, sides = "", ""
    for indices, normal in faces:
        if dot(normal, camera.toward) > 0.04:
            path = polygon([camera.flat(corners[i]) for i in indices])
            top, sides = (path, sides) if normal[1] == 1 else (top, sides + path)
    return top, sides


def _tube(
    camera: Camera, lines: Sequence[tuple[Vec, Vec]], width: float, ink: float, fill: str
) -> str:
    """Round bars: all lined first and filled after, so that they join."""
    path = "".join(line(camera.flat(a), camera.flat(b)) for a, b in lines)
    return element(path, stroke_width=float(q(width + 2 * ink))) + element(
        path, stroke=fill, stroke_width=float(q(width))
    )


def _mat(prop: Prop, scene: Scene, ink: float) -> str:
    x0, x1, z0, z1 = prop.box
    return cuboid(scene.camera, (x0, x1, -2.0, 0, z0, z1), palette.MAT, palette.MAT_SIDE, ink)


def _step(prop: Prop, scene: Scene, ink: float) -> str:
    return cuboid(scene.camera, prop.box, palette.PROP, palette.PROP_SIDE, ink)


def _rail(prop: Prop, scene: Scene, ink: float) -> str:
    a, b = prop.points
    bars = [(p, (p[0], 0.0, p[2])) for p in (a, b)]
    return _tube(scene.camera, [*bars, (a, b)], 2.4, ink * 0.8, palette.PROP)


def _chair(prop: Prop, scene: Scene, ink: float) -> str:
    """A chair whose seat is centred over `at`; its back stands away from where it faces."""
    x, _, z = prop.at
    h, cam = SEAT_HEIGHT, scene.camera
    sx, sz = {"right": (1, 0), "left": (-1, 0), "us": (0, 1), "away": (0, -1)}[prop.faces]
    corners = [(x + dx, z + dz) for dz in (-18.0, 18.0) for dx in (-18.0, 18.0)]
    legs = _tube(
        cam,
        [((lx, h - 4, lz), (lx, 0.0, lz)) for lx, lz in corners],
        1.8,
        ink * 0.7,
        palette.PROP_SIDE,
    )
    if sx:
        b = sorted((x - sx * 20, x - sx * 23.5))
        back = (b[0], b[1], h, 92, z - 20, z + 20)
    else:
        b = sorted((z - sz * 20, z - sz * 23.5))
        back = (x - 20, x + 20, h, 92, b[0], b[1])
    seat = cuboid(
        cam, (x - 20, x + 20, h - 4, h, z - 20, z + 20), palette.PROP, palette.PROP_SIDE, ink
    )
    rest = cuboid(cam, back, palette.PROP, palette.PROP_SIDE, ink)
    towards = (back[4] + back[5]) / 2 - z if sz else 0.0
    behind = cam.depth(((back[0] + back[1]) / 2, h, z + towards)) < cam.depth((x, h, z))
    return (rest + legs + seat) if behind else (legs + seat + rest)


def _counter(prop: Prop, scene: Scene, ink: float) -> str:
    x0, x1, y0, y1, z0, z1 = prop.box
    body = cuboid(
        scene.camera, (x0 + 3, x1 - 3, y0, y1 - 4, z0, z1 - 3), palette.PROP, palette.PROP, ink
    )
    top = cuboid(scene.camera, (x0, x1, y1 - 4, y1, z0, z1), palette.PROP, palette.PROP_SIDE, ink)
    return body + top


def _blob(prop: Prop, scene: Scene, ink: float) -> str:
    cones = _blob_cones(prop, scene)
    return melted("pillow", cones, scene.camera, palette.PILLOW, melt=4.0, step=1.4).svg


def _blob_cones(prop: Prop, scene: Scene) -> tuple[Cone, ...]:
    """A pillow: given by world points, or lying between joint pairs "knees", "ankles"."""
    if prop.points:
        r = prop.radius
        return tuple((a, r, b, r) for a, b in zip(prop.points, prop.points[1:], strict=False))
    j = scene.body.joints
    spots = [add(lerp(j[f"left {n}"], j[f"right {n}"], 0.5), prop.offset) for n in prop.joints]
    r = prop.radius
    wide = scale(scene.camera.toward, 5.0)
    a, b = spots[0], spots[-1]
    return ((add(a, wide), r, add(b, wide), r), (a, r, b, r))


def _ball(prop: Prop, scene: Scene, ink: float) -> str:
    x, y = scene.camera.flat(add(scene.body.joints[prop.joints[0]], prop.offset))
    return f'<circle cx="{q(x)}" cy="{q(y)}" r="{q(prop.radius)}" fill="{palette.BALL}"/>'


def _strap(prop: Prop, scene: Scene, ink: float) -> str:
    """A loop round both thighs (joints hip, knee) or both shanks: the strand in front."""
    ends = [_strap_end(prop, scene, side) for side in ("left", "right")]
    (a, ra), (b, rb) = ends
    far = hypot(b[0] - a[0], b[1] - a[1])
    if far < 9:
        return ""
    u = ((b[0] - a[0]) / far, (b[1] - a[1]) / far)
    n = (-u[1] * prop.radius / 2, u[0] * prop.radius / 2)
    p = (a[0] - u[0] * ra, a[1] - u[1] * ra)
    r = (b[0] + u[0] * rb, b[1] + u[1] * rb)
    corners: list[Point] = [
        (p[0] + n[0], p[1] + n[1]),
        (r[0] + n[0], r[1] + n[1]),
        (r[0] - n[0], r[1] - n[1]),
        (p[0] - n[0], p[1] - n[1]),
    ]
    fill = palette.BAND if prop.kind == "band" else palette.PILLOW
    return element(polygon(corners), fill)


def _strap_end(prop: Prop, scene: Scene, side: str) -> tuple[Point, float]:
    upper, lower = prop.joints
    j = scene.body.joints
    p = scene.camera.flat(lerp(j[f"{side} {upper}"], j[f"{side} {lower}"], prop.share))
    return p, (6.9 if upper == "hip" else 4.9)


def _clock(prop: Prop, scene: Scene, ink: float) -> str:
    """A wall clock at a world point; its face is drawn upright by the composition."""
    x, y = scene.camera.flat(prop.at)
    return f'<circle cx="{q(x)}" cy="{q(y)}" r="{q(prop.radius)}" fill="#fff"/>'


def _level_hips(prop: Prop, scene: Scene, ink: float) -> str:
    """A round window that shows the hips level, where the view hides it."""
    return level_inset(scene.camera.flat(prop.at), prop.radius)


DRAW: Mapping[str, Callable[[Prop, Scene, float], str]] = {
    "mat": _mat,
    "step": _step,
    "rail": _rail,
    "chair": _chair,
    "counter": _counter,
    "wall": _step,
    "pillow": _blob,
    "ball": _ball,
    "band": _strap,
    "belt": _strap,
    "clock": _clock,
    "bed": _step,
    "level hips": _level_hips,
}


def prop_shape(prop: Prop, scene: Scene, ink: float) -> Shape:
    """A prop as a shape named after its kind."""
    return Shape(name=prop.kind, svg=DRAW[prop.kind](prop, scene, ink))


def prop_points(prop: Prop, camera: Camera) -> list[Point]:
    """Picture points that the frame must hold."""
    boxes = {
        "mat": lambda: (prop.box[0], prop.box[1], -2.5, 0.0, prop.box[2], prop.box[3]),
        "chair": lambda: (
            prop.at[0] - 24,
            prop.at[0] + 24,
            0.0,
            92.0,
            prop.at[2] - 24,
            prop.at[2] + 24,
        ),
    }
    if prop.kind in boxes or prop.box:
        b = boxes.get(prop.kind, lambda: prop.box)()
        return [camera.flat((x, y, z)) for x in b[:2] for y in b[2:4] for z in b[4:6]]
    if prop.kind in ("clock", "level hips"):
        x, y = camera.flat(prop.at)
        r = prop.radius + 1
        return [(x - r, y - r), (x + r, y + r)]
    if prop.kind == "rail":
        return [camera.flat(p) for p in prop.points] + [
            camera.flat((p[0], 0, p[2])) for p in prop.points
        ]
    if prop.kind == "pillow" and prop.points:
        flat = flatten([(p, prop.radius, p, prop.radius) for p in prop.points], camera)
        return [(c[0] + d * c[2], c[1] + d * c[2]) for c in flat for d in (-1, 1)]
    return []


def prop_box(prop: Prop, camera: Camera) -> tuple[float, float, float, float] | None:
    """The box of a thing in the picture; None for what lies on the body."""
    points = prop_points(prop, camera)
    if not points:
        return None
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return (min(xs), min(ys), max(xs), max(ys))


def prop_top(prop: Prop, camera: Camera) -> list[Point]:
    """The corners of the top of a mat or bed, in order."""
    x0, x1 = prop.box[:2]
    z0, z1 = prop.box[-2:]
    return [camera.flat((x, 0.0, z)) for x, z in ((x0, z0), (x1, z0), (x1, z1), (x0, z1))]
