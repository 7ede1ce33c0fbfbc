"""The body chart: front and back, with a named zone for every place a patient can point to.

Zones are the answers contract's `places` ("buttock:left"). Each is a soft shape on the body, kept
inside its outline, with a box of its own that a form control can cover; boxes of one view do not
overlap. The patient's own left and right. Core: standard library only.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from exercises.figures import palette
from exercises.figures.composition import document
from exercises.figures.curves import closed_path, q
from exercises.figures.drawing import (
    NEAR,
    Scene,
    Shape,
    hips_shape,
    leg_shapes,
    torso_shape,
)
from exercises.figures.outlines import Camera, Cone, Field, Loop, area, box_of, field_of, flatten
from exercises.figures.painting import Lines
from exercises.figures.skeleton import SIDES, SIGN, Arm, Leg, Pose
from exercises.figures.solving import solve
from exercises.figures.tracing import trace_all
from exercises.figures.vectors import Vec, place

NAMES: Mapping[str, str] = {
    "low_back": "low back",
    "sacral_dimple": "low back at the dimple",
    "buttock": "buttock",
    "outer_hip": "outer hip",
    "groin": "groin or front of hip",
    "back_thigh": "back of thigh",
    "front_thigh": "front or outer thigh",
    "below_knee": "below the knee",
    "knee": "knee",
}
"""Region of the contract -> words on the chart."""

LINES = Lines(1.5, 1.3)
TOP, BOTTOM, HALF = -139.0, 6.0, 38.0
"""Crop in centimetres: from the chest to below the feet."""


@dataclass(frozen=True, slots=True)
class Zone:
    """One zone in one view: its place in the contract's words and its outline."""

    place: str
    view: str
    outline: Loop
    hit: tuple[float, float, float, float]

    @property
    def label(self) -> str:
        """What the zone is called, side first: "Left buttock"."""
        region, _, side = self.place.partition(":")
        return f"{side.capitalize()} {NAMES[region]}"


def scene(view: str) -> Scene:
    """The body standing a little astride, seen from the front or the back."""
    facing = 1 if view == "front" else -1
    root = "standing, facing us" if view == "front" else "standing, back to us"
    legs = {
        side: Leg(
            to=(-SIGN[side] * facing * 11.5, 8.5, 0),
            knee_points=(0, 0, facing),
            toe=(-SIGN[side] * facing * 0.25, 0, facing),
        )
        for side in SIDES
    }
    arms = {side: Arm(shoulder=(0, 40, 0)) for side in SIDES}
    return Scene(
        body=solve(Pose(root=root, at=(0, 90.2, 0), legs=legs, arms=arms)), camera=Camera()
    )


def _cones(view: str, body: Scene) -> dict[str, tuple[Cone, ...]]:
    """Zone -> cones, in the view it belongs to."""
    b = body.body

    def pelvis(x: float, y: float, z: float) -> Vec:
        return place(b.frames["pelvis"], b.joints["pelvis"], x, y, z)

    zones: dict[str, tuple[Cone, ...]] = {}
    if view == "back":
        zones["low_back:middle"] = ((pelvis(0, 29, 0), 3.6, pelvis(0, 19, 0), 3.4),)
    for side in SIDES:
        s = SIGN[side]

        def thigh(y: float, z: float, side: str = side, s: int = s) -> Vec:
            return place(b.frames[f"{side} thigh"], b.joints[f"{side} hip"], 0, y, s * z)

        def shank(y: float, side: str = side) -> Vec:
            return place(b.frames[f"{side} shank"], b.joints[f"{side} knee"], 0, y, 0)

        outer = ((pelvis(0, 4.5, s * 16.6), 4.2, pelvis(0, -7, s * 17.6), 4.4),)
        below = ((shank(-11), 4.4, shank(-31), 3.2),)
        if view == "back":
            zones |= {
                f"low_back:{side}": ((pelvis(0, 29, s * 9.6), 4.4, pelvis(0, 19, s * 9.6), 4.2),),
                f"sacral_dimple:{side}": (
                    (pelvis(0, 10.2, s * 5.6), 3.9, pelvis(0, 9.4, s * 5.2), 3.6),
                ),
                f"buttock:{side}": ((pelvis(0, -2.0, s * 6.6), 5.2, pelvis(0, -5, s * 7.0), 5.2),),
                f"outer_hip:{side}": outer,
                f"back_thigh:{side}": ((thigh(-17, 0), 5.8, thigh(-35, 0), 4.6),),
                f"below_knee:{side}": below,
            }
        else:
            zones |= {
                f"groin:{side}": ((pelvis(0, 4.0, s * 8.8), 3.6, pelvis(0, -4.5, s * 5.8), 3.6),),
                f"outer_hip:{side}": outer,
                f"front_thigh:{side}": ((thigh(-15, 2.4), 6.6, thigh(-30, 1.4), 5.2),),
                f"knee:{side}": ((shank(1.5), 4.6, shank(-2.5), 4.4),),
                f"below_knee:{side}": below,
            }
    return zones


def _body(body: Scene) -> tuple[list[Shape], Field]:
    """The body without head and arms, and where its inside is."""
    shapes = [shape for side in SIDES for shape in leg_shapes(body, side, NEAR, over=False)]
    shapes += [torso_shape(body, ()), hips_shape(body, SIDES)]
    fields = [s.covers for s in shapes if s.covers is not None]
    return shapes, lambda x, y: min(f(x, y) for f in fields)


def zones(view: str) -> tuple[Zone, ...]:
    """The zones of a view ("front", "back"), each traced inside the body."""
    body = scene(view)
    inside = _body(body)[1]
    found = []
    for name, cones in _cones(view, body).items():
        flat = flatten(cones, body.camera)
        own = field_of(flat, 1.0)

        def field(x: float, y: float, own: Field = own) -> float:
            return max(own(x, y), inside(x, y) + 1.3)

        loops = trace_all(field, box_of(flat, 2.0), 0.9)
        outline = max(loops, key=area)
        found.append((name, outline))
    boxes = _hit_boxes([(name, _bounds(outline)) for name, outline in found])
    return tuple(Zone(name, view, outline, boxes[name]) for name, outline in found)


Bounds = tuple[float, float, float, float]


def _bounds(loop: Loop) -> Bounds:
    xs, ys = [p[0] for p in loop], [p[1] for p in loop]
    return (min(xs), min(ys), max(xs), max(ys))


def _overlap(a: Bounds, b: Bounds) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _parted(boxes: dict[str, Bounds]) -> dict[str, Bounds]:
    """Boxes that overlap cut apart half-way, across the direction in which they overlap least."""
    names = list(boxes)
    for i, first in enumerate(names):
        for second in names[i + 1 :]:
            a, b = boxes[first], boxes[second]
            if not _overlap(a, b):
                continue
            wide = min(a[2], b[2]) - max(a[0], b[0])
            tall = min(a[3], b[3]) - max(a[1], b[1])
            axis = 0 if wide < tall else 1
            cut = (max(a[axis], b[axis]) + min(a[axis + 2], b[axis + 2])) / 2
            low, high = (first, second) if a[axis] < b[axis] else (second, first)
            low_box, high_box = list(boxes[low]), list(boxes[high])
            low_box[axis + 2] = high_box[axis] = cut
            boxes[low] = (low_box[0], low_box[1], low_box[2], low_box[3])
            boxes[high] = (high_box[0], high_box[1], high_box[2], high_box[3])
    return boxes


def _hit_boxes(found: Sequence[tuple[str, Bounds]], wanted: float = 13.0) -> dict[str, Bounds]:
    """Boxes grown towards `wanted` centimetres in each direction, stopped before a neighbour."""
    boxes = _parted(dict(found))
    for _ in range(60):
        for name, box in list(boxes.items()):
            others = [b for n, b in boxes.items() if n != name]
            for edge in range(4):
                low, high = (box[0], box[2]) if edge % 2 == 0 else (box[1], box[3])
                if high - low >= wanted:
                    continue
                grown = list(box)
                grown[edge] += -0.25 if edge < 2 else 0.25
                trial: Bounds = (grown[0], grown[1], grown[2], grown[3])
                if not any(_overlap(trial, other) for other in others):
                    box = trial
            boxes[name] = box
    return boxes


def chart(view: str) -> str:
    """The drawing of a view, zones included as pale shapes, as the text of an SVG file."""
    body = scene(view)
    shapes = "".join(s.svg for s in _body(body)[0])
    floor = (
        f'<ellipse cx="0" cy="{q(0)}" rx="{q(30)}" ry="{q(5)}" fill="{palette.FLOOR}"'
        ' stroke="none"/>'
    )
    heading = f"Body chart, seen from the {view}"
    side = (
        "the patient's left is on the right of the picture"
        if view == "front"
        else ("the patient's left is on the left of the picture")
    )
    words = f"The body from the chest to the feet, seen from the {view}; {side}."
    box = (-HALF, TOP, HALF, BOTTOM)
    return document(f"chart-{view}", box, LINES, floor + shapes + _marks(view), heading, words)


def _marks(view: str) -> str:
    """The zones as pale shapes; those of the right side are the left ones mirrored."""
    paths = "".join(
        f'<path d="{path}"/>' + (f'<path d="{path}" transform="scale(-1 1)"/>' if sided else "")
        for path, sided in _left_paths(view)
    )
    look = f'fill="#fff" fill-opacity=".45" stroke="{palette.GUIDE}" stroke-width="{q(0.7)}"'
    return f"<g {look}>{paths}</g>"


def _left_paths(view: str) -> Iterator[tuple[str, bool]]:
    """The path of each zone that is not on the right, and whether the right has the same."""
    for zone in zones(view):
        if not zone.place.endswith(":right"):
            yield closed_path(zone.outline, 0.25), zone.place.endswith(":left")


def zones_json() -> str:
    """The zones of both views with labels, shapes and boxes, in the units of the drawings."""
    views: dict[str, object] = {}
    for view in ("front", "back"):
        views[view] = {
            "viewBox": [q(-HALF), q(TOP), q(HALF) - q(-HALF), q(BOTTOM) - q(TOP)],
            "zones": [
                {
                    "zone": zone.place,
                    "label": zone.label,
                    "path": closed_path(zone.outline, 0.25),
                    "hit": _box(zone.hit),
                    "hit_percent": _percent(zone.hit),
                }
                for zone in zones(view)
            ],
        }
    return json.dumps(views, indent=1) + "\n"


def _box(b: Bounds) -> list[int]:
    return [q(b[0]), q(b[1]), q(b[2]) - q(b[0]), q(b[3]) - q(b[1])]


def _percent(b: Bounds) -> list[float]:
    """Left, top, width and height as percentages of the drawing, for a stylesheet."""
    w, h = 2 * HALF, BOTTOM - TOP
    return [
        round(100 * v, 2)
        for v in ((b[0] + HALF) / w, (b[1] - TOP) / h, (b[2] - b[0]) / w, (b[3] - b[1]) / h)
    ]
