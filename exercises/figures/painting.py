"""The painter's order: one frame of a figure as shapes from far to near, with props and muscles.

Core: standard library only. Composition and motion turn the shapes into files; checks ask them
what is seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from exercises.figures.drawing import (
    FAR,
    NEAR,
    Scene,
    Shape,
    arm_shapes,
    far_shorts,
    hips_shape,
    leg_shapes,
    ordered,
    sleeve_is_merged,
    torso_shape,
)
from exercises.figures.head import head_shapes, neck_shape
from exercises.figures.muscles import muscle_shapes
from exercises.figures.outlines import Camera, Field, field_of, flatten
from exercises.figures.pose_files import Figure
from exercises.figures.props import prop_shape
from exercises.figures.skeleton import Pose
from exercises.figures.solving import solve


@dataclass(frozen=True, slots=True)
class Lines:
    """Widths in centimetres: the ink line and the thin line of details."""

    ink: float
    thin: float


def scene_of(pose: Pose, camera: Camera) -> Scene:
    """The solved pose before the camera."""
    return Scene(body=solve(pose), camera=camera)


def _arm_in_front(scene: Scene, side: str) -> bool:
    arm = scene.depth(f"{side} elbow", f"{side} wrist", f"{side} shoulder")
    return arm - scene.depth("chest") > -5


def _knee_in_front(scene: Scene, figure: Figure, side: str) -> bool:
    """Whether a leg is painted over the shorts: its knee is near to us, or the file says so."""
    if f"{side} leg" in figure.after:
        return True
    return scene.depth(f"{side} knee") - scene.depth(f"{side} hip") > 24


def paint(figure: Figure, pose: Pose, frame: str, lines: Lines) -> tuple[Scene, list[Shape]]:
    """The shapes of one frame ("start", "end") in painting order."""
    scene = scene_of(pose, figure.camera)
    far, near = scene.far_to_near()
    sideways = scene.from_the_side()
    tint = {far: FAR if sideways else NEAR, near: NEAR}
    merged = [s for s in (far, near) if not sideways and sleeve_is_merged(scene, s)]
    arms = {s: arm_shapes(scene, s, tint[s], sleeve=s not in merged) for s in (far, near)}
    front = [s for s in (far, near) if _arm_in_front(scene, s) and not (sideways and s == far)]
    shapes: list[Shape] = []
    for side in (far, near):
        if side not in front:
            shapes += arms[side]
    shapes += _middle(scene, figure, frame, lines, sideways, merged)
    for side in (far, near):
        if side in front:
            shapes += arms[side]
    props = [(p, prop_shape(p, scene, lines.ink)) for p in figure.props if frame in p.frames]
    behind = [shape for prop, shape in props if not prop.after]
    shapes = ordered(behind + shapes, figure.after)
    for prop, shape in props:
        if prop.after:
            at = max(
                (i for i, s in enumerate(shapes) if s.name == prop.after), default=len(shapes) - 1
            )
            shapes.insert(at + 1, shape)
    return scene, [s for s in shapes if s.svg]


def _middle(
    scene: Scene, figure: Figure, frame: str, lines: Lines, sideways: bool, merged: Sequence[str]
) -> list[Shape]:
    """Legs, shorts, shirt, neck, head and muscles."""
    far, near = scene.far_to_near()
    top = _upper(scene, lines, merged)
    own = (
        [near]
        if sideways
        else sorted((far, near), key=lambda s: scene.depth(f"{s} knee", f"{s} ankle"))
    )
    early = [s for s in own if not _knee_in_front(scene, figure, s)]
    before = [shape for s in early for shape in _leg(scene, figure, s, over=False)]
    after = [shape for s in own if s not in early for shape in _leg(scene, figure, s, over=True)]
    hips = hips_shape(scene, own if sideways else (far, near))
    working = frame == "end" and figure.kind == "exercise"
    flesh = _flesh(scene, own, hips)
    marks = muscle_shapes(scene, _wanted(figure), flesh, lines.thin, working=working)
    on_leg = any(muscle.endswith("thigh") for muscle in figure.muscles)
    rest = [hips, *after, *marks] if on_leg else [hips, *marks, *after]
    if sideways:
        return [*_far_leg(scene, figure, far), *top, *before, *rest]
    return [*before, *top, *rest]


def _upper(scene: Scene, lines: Lines, merged: Sequence[str]) -> list[Shape]:
    """Neck, shirt and head; the head last unless it lies behind the shirt."""
    neck, head = neck_shape(scene), head_shapes(scene, lines.thin)
    torso = torso_shape(scene, merged)
    if scene.depth("head") - scene.depth("chest") > -9:
        return [neck, torso, *head]
    return [neck, *head, torso]


def _leg(scene: Scene, figure: Figure, side: str, *, over: bool) -> list[Shape]:
    return leg_shapes(scene, side, NEAR, over=over, split=f"{side} shank" in figure.after)


def _far_leg(scene: Scene, figure: Figure, side: str) -> list[Shape]:
    """The leg on the far side, in the darker tint, with its part of the shorts."""
    late = _knee_in_front(scene, figure, side)
    legs = leg_shapes(scene, side, FAR, over=late, split=f"{side} shank" in figure.after)
    shorts = [far_shorts(scene, side)]
    return [*shorts, *legs] if late else [*legs, *shorts]


def _wanted(figure: Figure) -> list[tuple[str, str]]:
    return [(m, s) for m in figure.muscles for s in figure.muscle_sides()]


def _flesh(scene: Scene, legs: Sequence[str], hips: Shape) -> Field:
    """Negative on the hips, the near legs and the shirt: where a patch may lie."""
    cones = [cone for side in legs for cone in scene.parts[f"{side} thigh"]]
    thighs = field_of(flatten(cones, scene.camera), 2.5)
    shirt = field_of(flatten(scene.parts["torso"], scene.camera), 4.0)
    covers = hips.covers
    assert covers is not None

    def field(x: float, y: float) -> float:
        value = covers(x, y)
        return value if value < -1.5 else min(value, thighs(x, y), shirt(x, y))

    return field
