"""The pelvis picture of the result page: seen from behind, one for every result that can occur.

Standing on the leg of the named side, the other hip drops and the spine bends a little to balance;
the muscle of the named side is marked. "Possible" shows a small drop, "likely" a clearer one. For
both sides, and for neither, the hips are level. It shows the idea, not the patient. Core: standard
library only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from exercises.figures import marks, palette
from exercises.figures.composition import document
from exercises.figures.curves import line, open_path, q
from exercises.figures.drawing import NEAR, Scene, element, hips_shape, leg_shapes, torso_shape
from exercises.figures.muscles import muscle_shapes
from exercises.figures.outlines import Camera
from exercises.figures.painting import Lines
from exercises.figures.skeleton import OTHER, SIDES, SIGN, Arm, Leg, Pose
from exercises.figures.solving import solve
from exercises.figures.vectors import Point, place

LINES = Lines(1.1, 0.9)
BOX = (-42.0, -131.0, 42.0, -66.0)
TILT: Mapping[str, float] = {"unlikely": 0.0, "possible": 6.0, "likely": 11.0}
"""Level of the finding -> tilt of the pelvis in degrees."""

RESULTS = (
    ("neither", "unlikely"),
    ("left", "possible"),
    ("left", "likely"),
    ("right", "possible"),
    ("right", "likely"),
    ("both", "possible"),
    ("both", "likely"),
)


@dataclass(frozen=True, slots=True)
class Tilt:
    """The stance leg, how far the other side drops, and which muscles are marked."""

    stance: str
    degrees: float
    muscles: tuple[str, ...]


def tilt_of(overall: str, level: str) -> Tilt:
    """What a result's picture shows."""
    if overall in SIDES:
        return Tilt(overall, TILT[level], (overall,))
    return Tilt("right", 0.0, SIDES if overall == "both" else ())


def pelvis_name(overall: str, level: str) -> str:
    """File name without ending: "pelvis-right-likely"; level "unlikely" for neither."""
    return f"pelvis-{overall}-{'unlikely' if overall == 'neither' else level}"


def pose_of(tilt: Tilt) -> Pose:
    """Standing seen from behind; on one leg when a side is named, else on both."""
    s, free = SIGN[tilt.stance], OTHER[tilt.stance]
    shift = s * tilt.degrees * 0.55
    legs = {
        tilt.stance: Leg(to=(s * 8.0, 8.5, 0), knee_points=(0, 0, -1), toe=(0, 0, -1)),
        free: Leg(to=(-s * 9.0, 8.5, 0), knee_points=(0, 0, -1), toe=(0, 0, -1)),
    }
    if tilt.degrees:
        legs[free] = Leg(hip=(12, tilt.degrees * 0.8, 0), knee=60)
    arms = {side: Arm(shoulder=(0, 40, 0)) for side in SIDES}
    return Pose(
        root="standing, back to us",
        at=(shift, 90.0 - tilt.degrees * 0.16, 0),
        side=-s * tilt.degrees,
        spine=(0, s * tilt.degrees * 1.75, 0),
        legs=legs,
        arms=arms,
    )


def _spine(scene: Scene) -> str:
    """A beaded line from the sacrum to between the shoulders."""
    b = scene.body
    spots = [("pelvis", "pelvis", y) for y in (0.0, 8.0)]
    spots += [("waist", "waist", y) for y in (5.0, 12.0, 18.0)]
    spots += [("chest", "chest", y) for y in (4.0, 11.0, 18.0, 23.0)]
    points = [scene.camera.flat(place(b.frames[f], b.joints[j], -9, y, 0)) for j, f, y in spots]
    path = open_path(_dense(points), 0.2)
    text = element(path, stroke="#fff", stroke_width=float(q(4.8)))
    text += element(path, stroke_width=float(q(1.0)))
    lengths = marks.along(points)
    beads = 12
    for i in range(beads):
        where = lengths[-1] * i / (beads - 1)
        x, y = marks.at_length(points, lengths, where)
        text += (
            f'<circle cx="{q(x)}" cy="{q(y)}" r="{q(1.75)}" fill="#fff" stroke-width="{q(0.9)}"/>'
        )
    return text


def _dense(points: list[Point]) -> list[Point]:
    """More points on the way, so that the fitted line is even."""
    return [
        (a[0] + (b[0] - a[0]) * i / 4, a[1] + (b[1] - a[1]) * i / 4)
        for a, b in pairwise(points)
        for i in range(4)
    ] + [points[-1]]


def _hip_bones(scene: Scene, tilt: Tilt) -> str:
    """The line through the hip bones, a dashed level line, and an arrow on the side that drops."""
    b = scene.body
    high = scene.camera.flat(
        place(b.frames["pelvis"], b.joints["pelvis"], 0, 12.5, SIGN[tilt.stance] * 20)
    )
    level = line((-40.0, high[1]), (40.0, high[1]))
    text = element(
        level, stroke=palette.GUIDE, stroke_width=float(q(0.9)), stroke_dasharray=f"{q(2)} {q(2)}"
    )
    text += marks.hip_line(scene, 13.0)
    if tilt.degrees:
        low = scene.camera.flat(
            place(b.frames["pelvis"], b.joints["pelvis"], 0, 12.5, -SIGN[tilt.stance] * 20)
        )
        way = (0.0, 15.0)
        start = (low[0] - SIGN[tilt.stance] * 8.0, low[1] - 19.0)
        text += marks.arrow(marks.straight(start, way), 4.0, 0.75)
    return text


def words_of(overall: str, level: str) -> tuple[str, str]:
    """Title and description of a result's picture."""
    tilt = tilt_of(overall, level)
    if overall == "neither":
        return (
            "Hips level",
            "A person seen from behind, standing on both legs. The line between the hip"
            " bones is level and the spine is straight. No muscle is marked.",
        )
    if overall == "both":
        return (
            "Both side-hip muscles",
            "A person seen from behind, standing on both legs, hips level and spine"
            " straight. The muscles at the side of both hips are marked.",
        )
    other = OTHER[overall]
    much = "a little" if level == "possible" else "clearly"
    return (
        f"Standing on the {overall} leg, the {other} hip drops",
        f"A person seen from behind, standing on the {overall} leg. The {other} side of the pelvis"
        f" has dropped {much} and the spine makes a gentle curve; it comes back when both feet"
        " carry the weight."
        f" The muscle at the side of the {tilt.stance} hip is marked.",
    )


def pelvis(overall: str, level: str) -> str:
    """The picture of a result, as the text of an SVG file; the left is the right's mirror image."""
    tilt = tilt_of("right" if overall == "left" else overall, level)
    scene = Scene(body=solve(pose_of(tilt)), camera=Camera(0, 4))
    shapes = [s for side in SIDES for s in leg_shapes(scene, side, NEAR, over=False)]
    hips = hips_shape(scene, SIDES)
    assert hips.covers is not None
    patches = muscle_shapes(
        scene,
        [("gluteus medius", s) for s in tilt.muscles],
        hips.covers,
        LINES.thin,
        working=level == "likely",
    )
    body = "".join(s.svg for s in [*shapes, torso_shape(scene, ()), hips, *patches])
    body += _spine(scene) + _hip_bones(scene, tilt)
    if overall == "left":
        body = f'<g transform="matrix(-1 0 0 1 0 0)">{body}</g>'
    heading, words = words_of(overall, level)
    return document(pelvis_name(overall, level), BOX, LINES, body, heading, words)
