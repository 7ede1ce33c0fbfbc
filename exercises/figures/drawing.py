"""Drawing a solved body: every part as a flat shape, painted from the far side to the near side.

The result is a list of shapes in order; composition turns it into a file, checking asks it what
covers what. Core: standard library only.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import hypot, sqrt

from exercises.figures import palette
from exercises.figures.curves import closed_path, open_path
from exercises.figures.outlines import (
    Camera,
    Cone,
    Field,
    FlatCone,
    Loop,
    area,
    box_of,
    field_of,
    flatten,
)
from exercises.figures.parts import SHORTS, SLEEVE, Parts, parts_of
from exercises.figures.skeleton import SIDES, Body
from exercises.figures.tracing import melted_outline, trace_outer
from exercises.figures.vectors import Point, Vec, dot, lerp, sub, unit

STEP = 1.5


@dataclass(frozen=True, slots=True)
class Mask:
    """A field that can be recognised again: two masks are the same when their keys are."""

    key: tuple[object, ...]
    test: Field = field(compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """One painted thing: its name, its SVG, and what it covers (None: covers nothing)."""

    name: str
    svg: str
    covers: Field | None = None
    box: tuple[float, float, float, float] | None = None
    patch: Field | None = None  # of a muscle: negative inside the patch


@dataclass(kw_only=True, slots=True)
class Scene:
    """A body before a camera, ready to be drawn. `hair` styles are drawn by the head module."""

    body: Body
    camera: Camera
    parts: Parts = field(init=False)

    def __post_init__(self) -> None:
        self.parts = parts_of(self.body)

    def depth(self, *joints: str) -> float:
        """The mean nearness of some joints to the viewer."""
        return sum(self.camera.depth(self.body.joints[j]) for j in joints) / len(joints)

    def from_the_side(self) -> bool:
        """Whether one hip stands clearly nearer to the viewer than the other."""
        return abs(self.depth("right hip") - self.depth("left hip")) > 6

    def far_to_near(self) -> list[str]:
        """The two sides, the far one first."""
        return sorted(SIDES, key=lambda side: self.depth(f"{side} hip"))


def element(path: str, fill: str = "none", **attributes: str | float) -> str:
    """A path element; a stroke keyword of "none" draws the fill alone."""
    if not path:
        return ""
    extra = "".join(f' {k.replace("_", "-")}="{_short(v)}"' for k, v in attributes.items())
    colour = f' fill="{fill}"' if fill != "none" else ""
    return f'<path d="{path}"{colour}{extra}/>'


def _short(value: str | float) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def melted(
    name: str,
    cones: Sequence[Cone],
    camera: Camera,
    fill: str,
    *,
    melt: float = 2.5,
    step: float = STEP,
    clip: Mask | None = None,
    hide: Mask | None = None,
    tolerance: float = 0.28,
) -> Shape:
    """A part as one smooth shape, cut off where `clip` is positive, unlined where `hide` is
    negative.
    """
    flat = flatten(cones, camera)
    svg, covers, box = _drawn(flat, melt, step, tolerance, fill, clip, hide)
    return Shape(name=name, svg=svg, covers=covers, box=box)


@lru_cache(maxsize=8192)
def _drawn(
    flat: tuple[FlatCone, ...],
    melt: float,
    step: float,
    tolerance: float,
    fill: str,
    clip: Mask | None,
    hide: Mask | None,
) -> tuple[str, Field, tuple[float, float, float, float]]:
    """The SVG, the inside and the box of a part; remembered, as many parts keep still."""
    whole = field_of(flat, melt)
    box = box_of(flat, 3.0)
    if clip is None:
        loop = list(melted_outline(flat, melt, step))
        covers = whole
    else:
        covers = _both(whole, clip.test)
        loop = _clipped(covers, flat, box, step)
    return outlined(loop, fill, None if hide is None else hide.test, tolerance), covers, box


def _both(a: Field, b: Field) -> Field:
    def far(x: float, y: float) -> float:
        value = b(x, y)
        return value if value > 6.0 else max(value, a(x, y))

    return far


def _clipped(
    f: Field, flat: Sequence[tuple[float, ...]], box: tuple[float, float, float, float], step: float
) -> Loop:
    best: Loop = []
    for cone in flat:
        for row in (cone[1], cone[4]):
            loop = trace_outer(f, box, row, step)
            if len(loop) > 4 and area(loop) > (area(best) if best else 0.0):
                best = loop
            if best and area(best) > 80:
                return best
    return best


def outlined(loop: Loop, fill: str, hide: Field | None, tolerance: float) -> str:
    """A filled loop, its line left out where `hide` is negative."""
    if len(loop) < 5:
        return ""
    whole = closed_path(loop, tolerance)
    if hide is None:
        return element(whole, fill)
    shown = [hide(x, y) >= 0 for x, y in loop]
    if all(shown):
        return element(whole, fill)
    lines = "".join(open_path(run, tolerance) for run in _runs(loop, shown) if len(run) > 4)
    return element(whole, fill, stroke="none") + element(lines)


def _runs(loop: Loop, shown: Sequence[bool]) -> list[Loop]:
    """The stretches of a closed line that are shown."""
    if not any(shown):
        return []
    start = next(i for i, s in enumerate(shown) if not s)
    runs: list[Loop] = [[]]
    for k in range(len(loop)):
        i = (start + k) % len(loop)
        if shown[i]:
            runs[-1].append(loop[i])
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def hem(camera: Camera, at: Vec, axis: Vec, radius: float) -> Mask | None:
    """Negative on the body's side of a hem: a ring round a limb, seen as part of an ellipse.

    None when the limb points so straight at the viewer that the ring has no side.
    """
    cx, cy = camera.flat(at)
    ax, ay = dot(axis, camera.right), -dot(axis, camera.up)
    size = hypot(ax, ay)
    if size < 0.3:
        return None
    ux, uy = ax / size, ay / size
    bend = -dot(axis, camera.toward) * radius

    def side(x: float, y: float) -> float:
        px, py = x - cx, y - cy
        w = (px * uy - py * ux) / radius
        return px * ux + py * uy - bend * sqrt(max(0.0, 1 - w * w))

    return Mask(("hem", cx, cy, ux, uy, bend, radius), side)


def negative(mask: Mask | None) -> Mask | None:
    """The other side of a mask."""
    if mask is None:
        return None
    test = mask.test
    return Mask(("not", *mask.key), lambda x, y: -test(x, y))


@dataclass(frozen=True, slots=True)
class Tint:
    """The four fills of a limb: near or far."""

    skin: str
    shirt: str
    shorts: str
    shoe: str


NEAR = Tint(palette.SKIN, palette.SHIRT, palette.SHORTS, palette.SHOE)
FAR = Tint(palette.SKIN_FAR, palette.SHIRT_FAR, palette.SHORTS_FAR, palette.SHOE_FAR)


def thigh_hem(scene: Scene, side: str) -> Mask | None:
    """The hem of one leg of the shorts."""
    j = scene.body.joints
    hip, knee = j[f"{side} hip"], j[f"{side} knee"]
    return hem(scene.camera, lerp(hip, knee, SHORTS), unit(sub(knee, hip)), 9.4)


def _above_hem(scene: Scene, side: str) -> Mask | None:
    """Positive on the hip's side of a hem, near the hip only: a folded shank stays whole."""
    edge = thigh_hem(scene, side)
    if edge is None:
        return None
    j = scene.body.joints
    hx, hy = scene.camera.flat(j[f"{side} hip"])
    ex, ey = scene.camera.flat(lerp(j[f"{side} hip"], j[f"{side} knee"], SHORTS))
    reach = hypot(ex - hx, ey - hy) + 9.0
    test = edge.test
    return Mask(
        ("above", *edge.key, hx, hy, reach),
        lambda x, y: min(-test(x, y), reach - hypot(x - hx, y - hy)),
    )


def leg_shapes(
    scene: Scene, side: str, tint: Tint, *, over: bool, split: bool = False
) -> list[Shape]:
    """Thigh, shank and shoe. `over`: painted after the shorts, so it starts at the hem. `split`:
    the shank is a shape of its own, as it is when the leg is bent towards us or away.
    """
    parts, camera = scene.parts, scene.camera
    clip = _above_hem(scene, side) if over else None
    shoe = melted(f"{side} shoe", parts[f"{side} shoe"], camera, tint.shoe, melt=2.2, step=1.0)
    toward = scene.depth(f"{side} ankle") - scene.depth(f"{side} knee")
    thigh, shank = parts[f"{side} thigh"], parts[f"{side} shank"]
    shoe_front = scene.depth(f"{side} ball") - scene.depth(f"{side} ankle") > -6
    if abs(toward) <= 22 and not split:
        lower = [melted(f"{side} leg", thigh + shank, camera, tint.skin, melt=4.0, clip=clip)]
        return [*lower, shoe] if shoe_front else [shoe, *lower]
    upper = melted(f"{side} leg", thigh, camera, tint.skin, clip=clip)
    low = [melted(f"{side} shank", shank, camera, tint.skin, hide=_knee_seam(scene, side))]
    low = [*low, shoe] if shoe_front else [shoe, *low]
    return [*low, upper] if toward < 0 else [upper, *low]


def _knee_seam(scene: Scene, side: str) -> Mask:
    """Negative near the knee inside the thigh, where a bent leg shows no line."""
    cx, cy = scene.camera.flat(scene.body.joints[f"{side} knee"])
    flat = flatten(scene.parts[f"{side} thigh"], scene.camera)
    thigh = field_of(flat, 2.5)

    def near(x: float, y: float) -> float:
        return max(hypot(x - cx, y - cy) - 7.5, thigh(x, y) + 0.4)

    return Mask(("knee", cx, cy, flat), near)


def sleeve_hem(scene: Scene, side: str) -> Mask | None:
    """The hem of one sleeve."""
    j = scene.body.joints
    shoulder, elbow = j[f"{side} shoulder"], j[f"{side} elbow"]
    return hem(scene.camera, lerp(shoulder, elbow, SLEEVE - 0.04), unit(sub(elbow, shoulder)), 6.2)


def arm_shapes(scene: Scene, side: str, tint: Tint, *, sleeve: bool) -> list[Shape]:
    """Arm and hand; with `sleeve` its own sleeve too, else only from the sleeve's hem on."""
    parts, camera = scene.parts, scene.camera
    edge = sleeve_hem(scene, side)
    hand = scene.body.frames[f"{side} hand"]
    thumb_near = (
        dot(
            sub(scene.body.joints[f"{side} thumb"], scene.body.joints[f"{side} palm"]),
            camera.toward,
        )
        > 0.5
    )
    arm = melted(
        f"{side} arm",
        parts[f"{side} arm"],
        camera,
        tint.skin,
        melt=2.0,
        step=1.0,
        clip=None if sleeve else negative(edge),
    )
    seam = _web_seam(scene, side) if thumb_near or abs(dot(hand[0], camera.toward)) > 0.2 else None
    thumb = melted(
        f"{side} thumb", parts[f"{side} thumb"], camera, tint.skin, melt=1.0, step=0.7, hide=seam
    )
    shapes = [arm, thumb] if seam else [thumb, arm]
    if sleeve:
        shapes.append(
            melted(
                f"{side} sleeve",
                parts[f"{side} sleeve"],
                camera,
                tint.shirt,
                clip=edge,
                hide=_shoulder_seam(scene, side) if tint is NEAR else None,
            )
        )
    return shapes


def _web_seam(scene: Scene, side: str) -> Mask:
    """Negative where the thumb grows out of the palm."""
    cx, cy = scene.camera.flat(scene.body.joints[f"{side} web"])
    tx, ty = scene.camera.flat(scene.body.joints[f"{side} thumb"])
    far = hypot(tx - cx, ty - cy) or 1.0
    ux, uy = (tx - cx) / far, (ty - cy) / far
    return Mask(("web", cx, cy, ux, uy), lambda x, y: (x - cx) * ux + (y - cy) * uy - 0.8)


def _shoulder_seam(scene: Scene, side: str) -> Mask:
    """Negative round the top of the sleeve inside the shirt, where no seam is drawn."""
    shoulder, elbow = scene.body.joints[f"{side} shoulder"], scene.body.joints[f"{side} elbow"]
    cx, cy = scene.camera.flat(shoulder)
    ex, ey = scene.camera.flat(elbow)
    far = hypot(ex - cx, ey - cy) or 1.0
    ux, uy = (ex - cx) / far, (ey - cy) / far
    flat = flatten(scene.parts["torso"], scene.camera)
    shirt = field_of(flat, 4.0)

    def near(x: float, y: float) -> float:
        return max((x - cx) * ux + (y - cy) * uy - 2.5, shirt(x, y) + 0.5)

    return Mask(("shoulder", cx, cy, ux, uy, flat), near)


def sleeve_is_merged(scene: Scene, side: str) -> bool:
    """Whether shirt and sleeve are one shape: seen from the front or back, arm in that plane."""
    z = abs(dot(scene.body.frames["chest"][2], scene.camera.toward))
    upper = abs(dot(scene.body.frames[f"{side} upper arm"][1], scene.camera.toward))
    return z < 0.72 and upper < 0.62


def torso_shape(scene: Scene, merged: Sequence[str]) -> Shape:
    """The shirt, with the sleeves that are one with it."""
    cones = list(scene.parts["torso"])
    clips = []
    for side in merged:
        cones += scene.parts[f"{side} sleeve"]
        edge = sleeve_hem(scene, side)
        if edge is not None:
            clips.append((edge, scene.camera.flat(scene.body.joints[f"{side} elbow"])))
    return melted("torso", cones, scene.camera, palette.SHIRT, melt=4.0, clip=_any_hem(clips, 15.0))


def _any_hem(clips: Sequence[tuple[Mask, Point]], reach: float) -> Mask | None:
    """Positive beyond any of the hems, each counted only near the joint it leads to."""
    if not clips:
        return None

    def beyond(x: float, y: float) -> float:
        return max(min(m.test(x, y), reach - hypot(x - px, y - py)) for m, (px, py) in clips)

    return Mask(("any", *((m.key, p) for m, p in clips), reach), beyond)


def hips_shape(scene: Scene, legs: Sequence[str], fill: str = palette.SHORTS) -> Shape:
    """The shorts: the pelvis with the legs that are one with it, cut at their hems."""
    cones = list(scene.parts["pelvis"])
    clips = []
    for side in legs:
        cones += scene.parts[f"{side} shorts"]
        edge = thigh_hem(scene, side)
        if edge is not None:
            clips.append((edge, scene.camera.flat(scene.body.joints[f"{side} knee"])))
    return melted("hips", cones, scene.camera, fill, melt=3.2, clip=_any_hem(clips, 23.0))


def far_shorts(scene: Scene, side: str) -> Shape:
    """The leg of the shorts on the far side."""
    return melted(
        f"{side} shorts",
        scene.parts[f"{side} shorts"],
        scene.camera,
        palette.SHORTS_FAR,
        clip=thigh_hem(scene, side),
    )


Painter = Callable[[Scene], list[Shape]]


def ordered(shapes: list[Shape], after: Mapping[str, str]) -> list[Shape]:
    """The shapes with some of them moved to just after others, in the order given."""
    for name, below in after.items():
        moved = [s for s in shapes if s.name == name]
        rest = [s for s in shapes if s.name != name]
        at = max((i for i, s in enumerate(rest) if s.name == below), default=len(rest) - 1)
        shapes = rest[: at + 1] + moved + rest[at + 1 :]
    return shapes


def seen(shapes: Sequence[Shape], index: int) -> tuple[Point, ...]:
    """Points of a muscle patch, one centimetre apart, that no later shape covers."""
    patch, box = shapes[index].patch, shapes[index].box
    if patch is None or box is None:
        return ()
    columns, rows = int(box[2] - box[0]) + 1, int(box[3] - box[1]) + 1
    grid = [(box[0] + i, box[1] + j) for j in range(rows) for i in range(columns)]
    later = [s.covers for s in shapes[index + 1 :] if s.covers is not None]
    return tuple(p for p in grid if patch(*p) < 0 and all(f(*p) > 0 for f in later))
