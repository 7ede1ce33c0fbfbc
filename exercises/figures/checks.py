"""What every figure must hold to: the body's limits, its contacts, its movement, what is seen.

Each check takes a figure and gives sentences about what is wrong; an empty list is a pass. The
tests run all of them on all figures. Core: standard library only.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from math import acos, asin, atan2, degrees, hypot

from exercises.figures import palette
from exercises.figures.composition import (
    PRINT_WIDTH_MM,
    arrow_points,
    badge_box,
    badge_is_clear,
    body_box,
    frame_names,
    key_of,
    layout,
)
from exercises.figures.drawing import seen
from exercises.figures.outlines import field_of, flatten
from exercises.figures.painting import paint, scene_of
from exercises.figures.parts import parts_of
from exercises.figures.pose_files import Figure, Rule
from exercises.figures.props import SEAT_HEIGHT, prop_points
from exercises.figures.skeleton import (
    FOREARM,
    LIMITS,
    RADIUS,
    SHANK,
    SIDES,
    THIGH,
    UPPER_ARM,
    Body,
    Pose,
)
from exercises.figures.solving import between, solve
from exercises.figures.vectors import Frame, Vec, dot, length, scale, sub, unit

TOUCH_CM = 1.0
SINK_CM = 1.8
STROKE_MM = 0.35
FRAME_BYTES = 6000
PATCH_CM2 = 20.0
ARROW_GAP_CM = 2.5
BADGE_MM = (2.2, 2.8)
"""Radius of a number where the longer side of its frame prints 45 mm."""

CONTRASTS = (
    (palette.INK, palette.SKIN, 7.0),
    (palette.INK, palette.SHORTS, 7.0),
    (palette.INK, palette.SHIRT, 7.0),
    (palette.INK, palette.MAT, 7.0),
    (palette.MUSCLE, palette.SHORTS, 3.0),
    (palette.MUSCLE, palette.SHIRT, 3.0),
    (palette.MUSCLE, "#ffffff", 4.5),
    (palette.MOVE, palette.PAPER, 4.5),
    (palette.MOVE, palette.MAT, 4.5),
    (palette.MOVE, palette.PROP_SIDE, 4.5),
    (palette.MOVE, palette.SHORTS, 3.0),
    (palette.INK, palette.BAND, 7.0),
    (palette.INK, palette.PILLOW, 7.0),
    (palette.WRONG, "#ffffff", 4.5),
    (palette.GOOD, "#ffffff", 4.5),
    (palette.GUIDE, palette.SHORTS, 3.0),
)
"""Pairs that lie on each other and the least contrast; luminance, so it holds in grey as well."""


def angle(a: Vec, b: Vec) -> float:
    """The angle between two directions in degrees."""
    return degrees(acos(max(-1.0, min(1.0, dot(unit(a), unit(b))))))


def joint_angles(body: Body) -> dict[str, float]:
    """Joint -> angle as in `skeleton.LIMITS`, with the side in front: "left knee"."""
    j, found = body.joints, {}
    for side in SIDES:
        thigh: Frame = body.frames[f"{side} thigh"]
        shank: Frame = body.frames[f"{side} shank"]
        back = dot(sub(j[f"{side} ankle"], j[f"{side} knee"]), thigh[0]) <= 1.5
        knee = angle(thigh[1], shank[1])
        found[f"{side} knee"] = knee if back else -knee
        found[f"{side} hip"] = angle(scale(thigh[1], -1), scale(body.frames["pelvis"][1], -1))
        found[f"{side} ankle"] = 90 - angle(body.frames[f"{side} foot"][0], shank[1])
        upper, lower = body.frames[f"{side} upper arm"], body.frames[f"{side} forearm"]
        found[f"{side} elbow"] = angle(upper[1], lower[1])
    return found


def bones(figure: Figure, pose: Pose) -> Iterator[str]:
    """Bones keep their length, joints their limits."""
    body = solve(pose)
    pairs = (
        ("hip", "knee", THIGH),
        ("knee", "ankle", SHANK),
        ("shoulder", "elbow", UPPER_ARM),
        ("elbow", "wrist", FOREARM),
    )
    for side in SIDES:
        for a, b, long in pairs:
            real = length(sub(body.joints[f"{side} {a}"], body.joints[f"{side} {b}"]))
            if abs(real - long) > 0.01:
                yield f"{side} {a} to {b} is {real:.1f} cm, not {long}"
        toes = pose.legs[side].toes if side in pose.legs else 0.0
        if not LIMITS["toes"][0] <= toes <= LIMITS["toes"][1]:
            yield f"{side} toes bend {toes:.0f}"
    for name, value in joint_angles(body).items():
        low, high = LIMITS[name.split()[1]]
        if not low - 0.5 <= value <= high + 0.5:
            yield f"{name} at {value:.0f} degrees, limit {low} to {high}"
    for name, angles in (("spine", pose.spine), ("neck", pose.neck)):
        low, high = LIMITS[name]
        if not all(low <= a <= high for a in angles):
            yield f"{name} {angles}"


def _bottoms(body: Body) -> dict[str, tuple[float, ...]]:
    """Contact name -> heights of the undersides that must touch."""
    j = body.joints
    found: dict[str, tuple[float, ...]] = {}
    for side in SIDES:

        def low(name: str, radius: float, side: str = side) -> float:
            return j[f"{side} {name}"][1] - radius

        heel, ball = low("heel", RADIUS["heel"]), low("ball", RADIUS["ball"])
        found[f"{side} foot"] = (heel, ball)
        found[f"{side} heel"] = (heel,)
        found[f"{side} toe"] = (min(ball, low("toe", RADIUS["toe"])),)
        found[f"{side} knee"] = (low("knee", RADIUS["knee"]),)
        found[f"{side} hand"] = (low("palm", RADIUS["palm"]),)
        found[f"{side} elbow"] = (low("elbow", RADIUS["elbow"]),)
    parts = parts_of(body)
    for name in ("pelvis", "head"):
        spheres = [s for a, ra, b, rb in parts[name] for s in ((a, ra), (b, rb))]
        found[name] = (min(p[1] - r for p, r in spheres),)
    return found


def _height(figure: Figure, surface: str) -> float:
    """The height of a surface that a body may touch."""
    if surface == "floor":
        return 0.0
    if surface == "chair":
        return SEAT_HEIGHT
    prop = next(p for p in figure.props if p.kind == surface)
    if surface == "pillow":
        return prop.points[0][1] + prop.radius
    return prop.box[3]


def contacts(figure: Figure, pose: Pose) -> Iterator[str]:
    """What the file says touches does touch, and nothing sinks into the floor."""
    body = solve(pose)
    bottoms = _bottoms(body)
    for name, surface in pose.contacts.items():
        if surface == "wall":
            yield from _wall(figure, body)
            continue
        height = _height(figure, surface)
        for bottom in bottoms[name]:
            if abs(bottom - height) > TOUCH_CM:
                yield f"{name} is {bottom - height:+.1f} cm from the {surface}"
    for name, values in bottoms.items():
        if min(values) < -SINK_CM:
            yield f"{name} is {-min(values):.1f} cm under the floor"


def _wall(figure: Figure, body: Body) -> Iterator[str]:
    wall = next(p for p in figure.props if p.kind == "wall")
    back = min(min(a[0] - ra, b[0] - rb) for a, ra, b, rb in parts_of(body)["pelvis"])
    if abs(back - wall.box[1]) > TOUCH_CM:
        yield f"pelvis is {back - wall.box[1]:+.1f} cm from the wall"


def _change(rule: Rule, a: Body, b: Body) -> float:
    """By how much a joint does what its rule says, from body a to body b."""
    move = sub(b.joints[rule.joint], a.joints[rule.joint])
    forward = a.frames["pelvis"][0]
    level = unit((forward[0], 0.0, forward[2]))
    if rule.change in ("apart", "together"):
        far = [length(sub(x.joints[rule.joint], x.joints[rule.than])) for x in (a, b)]
        return far[1] - far[0] if rule.change == "apart" else far[0] - far[1]
    return {
        "rises": move[1],
        "falls": -move[1],
        "moves": length(move),
        "stays": length(move),
        "forward": dot(move, level),
        "back": -dot(move, level),
    }[rule.change]


def obeys(rule: Rule, start: Body, end: Body) -> str:
    """What is wrong with a movement by one rule; empty when nothing is."""
    if rule.change in ("level", "higher"):
        for name, body in (("start", start), ("end", end)):
            if rule.frame not in ("", name):
                continue
            gap = body.joints[rule.joint][1] - body.joints[rule.than][1]
            wrong = abs(gap) > rule.most if rule.change == "level" else gap < rule.least
            if wrong:
                return f"{name}: {rule.joint} is {gap:+.1f} cm above {rule.than}"
        return ""
    amount = _change(rule, start, end)
    if rule.least <= amount <= rule.most:
        return ""
    return f"{rule.joint} {rule.change} by {amount:.1f} cm, wanted {rule.least} to {rule.most}"


def movement(figure: Figure) -> Iterator[str]:
    """The two poses do the exercise."""
    start, end = solve(figure.start), solve(figure.end)
    for rule in figure.rules:
        wrong = obeys(rule, start, end)
        if wrong:
            yield wrong


def in_between(figure: Figure) -> Iterator[str]:
    """The poses on the way are bodies too."""
    if figure.kind != "exercise":
        return
    for step in range(1, 6):
        try:
            body = solve(between(figure.start, figure.end, step / 6))
        except ValueError as error:
            yield f"at {step}/6: {error}"
            continue
        for name, values in _bottoms(body).items():
            if min(values) < -4.0:
                yield f"at {step}/6: {name} is {-min(values):.1f} cm under the floor"


def hip_line(figure: Figure) -> Iterator[str]:
    """Where a hip line is drawn, level hips look level and tilted ones tilted the same way."""
    if not figure.hip_line:
        return
    for name, pose in zip(frame_names(figure), figure.poses, strict=True):
        scene = scene_of(pose, figure.camera)
        a, b = (scene.body.joints[f"{side} hip"] for side in SIDES)
        (ax, ay), (bx, by) = scene.camera.flat(a), scene.camera.flat(b)
        seen_rise = degrees(atan2(ay - by, abs(bx - ax)))
        real_rise = degrees(asin(max(-1.0, min(1.0, (b[1] - a[1]) / length(sub(b, a))))))
        if abs(seen_rise - real_rise) > 1.2:
            yield f"{name}: hips rise {real_rise:.1f} degrees and look {seen_rise:.1f}"


def crop(figure: Figure) -> Iterator[str]:
    """Bodies, things, arrows and numbers are inside the frame."""
    x0, y0, x1, y1 = layout(key_of(figure)).box
    for prop in figure.props:
        for x, y in prop_points(prop, figure.camera):
            if not (x0 < x < x1 and y0 < y < y1):
                yield f"the {prop.kind} leaves the frame"
                break
    for pose in figure.poses:
        a0, b0, a1, b1 = body_box(scene_of(pose, figure.camera))
        if a0 < x0 or b0 < y0 or a1 > x1 or b1 > y1:
            yield "a body leaves the frame"
    for spec in figure.arrows:
        for x, y in arrow_points(figure, spec):
            if not (x0 + 2 < x < x1 - 2 and y0 + 2 < y < y1 - 2):
                yield "an arrow leaves the frame"
                break


def badge(figure: Figure) -> Iterator[str]:
    """The number is inside the frame, touches nothing and is about as large as on other figures."""
    if figure.kind == "option":
        return
    plan = layout(key_of(figure))
    x0, y0, x1, y1 = plan.box
    a0, b0, a1, b1 = badge_box(figure, plan.badge, plan.radius)
    if a0 < x0 or b0 < y0 or a1 > x1 or b1 > y1:
        yield "the number leaves the frame"
    if not badge_is_clear(figure):
        yield "the number touches something"
    printed = plan.radius * PRINT_WIDTH_MM / max(x1 - x0, y1 - y0)
    if not BADGE_MM[0] <= printed <= BADGE_MM[1]:
        yield f"the number is {2 * printed:.1f} mm wide"


def highlight(figure: Figure) -> Iterator[str]:
    """The worked muscle is seen in both frames, and no arrow lies on it or on the face."""
    lines = layout(key_of(figure)).lines
    for name, pose in zip(frame_names(figure), figure.poses, strict=True):
        scene, shapes = paint(figure, pose, name, lines)
        spots = [p for i in range(len(shapes)) for p in seen(shapes, i)]
        if figure.muscles and len(spots) < PATCH_CM2:
            yield f"{name}: only {len(spots)} cm2 of the muscle are seen"
    face = field_of(flatten(scene.parts["head"], scene.camera), 1.0)
    for spec in figure.arrows:
        points = arrow_points(figure, spec)
        if any(face(x, y) < ARROW_GAP_CM for x, y in points):
            yield "an arrow touches the face"
        if any(hypot(x - a, y - b) < ARROW_GAP_CM for x, y in points for a, b in spots):
            yield "an arrow touches the muscle"


def file_text(figure: Figure, name: str, text: str) -> Iterator[str]:
    """Size, lines and ids of one written frame."""
    if len(text.encode()) > FRAME_BYTES:
        yield f"{len(text.encode())} bytes"
    width = layout(key_of(figure)).box
    centimetre = PRINT_WIDTH_MM / (width[2] - width[0]) / 5
    thin = min(float(v) for v in re.findall(r'stroke-width="([\d.]+)"', text)) * centimetre
    if thin < STROKE_MM - 0.005:
        yield f"a line prints {thin:.2f} mm wide"
    ids = re.findall(r' id="([^"]+)"', text)
    if len(ids) != len(set(ids)) or not all(i.startswith(name) for i in ids):
        yield f"ids {ids}"
    tags = set(re.findall(r"<([a-z]+)", text)) - {"svg", "g", "title", "desc"}
    if tags - {"path", "circle", "ellipse", "text"}:
        yield f"elements {sorted(tags)}"


def contrasts() -> Iterator[str]:
    """Colours that lie on each other can be told apart, in grey too."""
    for a, b, least in CONTRASTS:
        if palette.contrast(a, b) < least:
            yield f"{a} on {b}: {palette.contrast(a, b):.2f}, wanted {least}"


def faults(figure: Figure) -> list[str]:
    """Everything that is wrong with a figure, short of its files."""
    found: list[str] = []
    each: tuple[Callable[[Figure, Pose], Iterator[str]], ...] = (bones, contacts)
    for name, pose in zip(frame_names(figure), figure.poses, strict=True):
        for check in each:
            found += [f"{figure.slug} {name}: {wrong}" for wrong in check(figure, pose)]
    whole: Mapping[str, Callable[[Figure], Iterator[str]]] = {
        "movement": movement,
        "in between": in_between,
        "hip line": hip_line,
        "crop": crop,
        "badge": badge,
        "highlight": highlight,
    }
    for name, examine in whole.items():
        found += [f"{figure.slug} {name}: {wrong}" for wrong in examine(figure)]
    return found
