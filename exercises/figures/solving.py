"""From a pose to a body: joint angles forward, contacts by two-bone reach, and poses in between.

Core: standard library only. Drawing and checking read the result; nothing here knows a picture.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from math import sqrt
from typing import Any

from exercises.figures.skeleton import (
    FOREARM,
    HAND,
    HIP_HALF,
    LUMBAR,
    NECK_UP,
    OTHER,
    ROOTS,
    SHANK,
    SHOULDER_HALF,
    SIDES,
    SIGN,
    THIGH,
    THORAX,
    UPPER_ARM,
    WAIST_UP,
    Arm,
    Body,
    Leg,
    Pose,
)
from exercises.figures.vectors import (
    Frame,
    Vec,
    across,
    add,
    cross,
    dot,
    frame,
    length,
    place,
    scale,
    sub,
    turned,
    unit,
)


class PoseError(ValueError):
    """A pose that no body can take; the message names the limb and the distance."""


def reach(origin: Vec, target: Vec, bones: tuple[float, float], points: Vec, limb: str) -> Vec:
    """The middle joint of a two-bone limb from `origin` to `target`, on the side `points`.

    Raises PoseError when the target is out of reach or the limb lies along `points`.
    """
    upper, lower = bones
    way = sub(target, origin)
    far = length(way)
    if not abs(upper - lower) < far < upper + lower:
        raise PoseError(f"{limb}: target {far:.1f} cm away, limb is {upper + lower:.1f} cm")
    along = unit(way)
    bulge = across(points, along)
    if bulge == (0.0, 0.0, 0.0):
        raise PoseError(f"{limb}: points along the limb")
    near = (upper * upper - lower * lower + far * far) / (2 * far)
    out = sqrt(max(upper * upper - near * near, 0.0))
    return add(add(origin, scale(along, near)), scale(bulge, out))


def solve(pose: Pose) -> Body:
    """The body of a pose. Raises PoseError when a limb cannot reach its target."""
    joints: dict[str, Vec] = {"pelvis": pose.at}
    frames: dict[str, Frame] = {}
    _trunk(pose, joints, frames)
    for side in SIDES:
        _leg(side, pose.legs.get(side, Leg()), joints, frames)
    for side in SIDES:
        _arm(side, pose.arms.get(side, Arm()), pose, joints, frames)
    return Body(joints=joints, frames=frames)


def _bent(f: Frame, angles: tuple[float, float, float], share: float) -> Frame:
    flexion, side, twist = (angle * share for angle in angles)
    return turned(turned(turned(f, "right", -flexion), "forward", side), "up", -twist)


def _trunk(pose: Pose, joints: dict[str, Vec], frames: dict[str, Frame]) -> None:
    pelvis = frame(*ROOTS[pose.root])
    pelvis = turned(turned(pelvis, "right", -pose.lean), "forward", pose.side)
    pelvis = turned(pelvis, "up", -pose.turn)
    waist = _bent(pelvis, pose.spine, 0.5)
    chest = _bent(waist, pose.spine, 0.5)
    head = _bent(chest, pose.neck, 1.0)
    frames |= {"pelvis": pelvis, "waist": waist, "chest": chest, "head": head}
    joints["waist"] = place(pelvis, pose.at, 0, WAIST_UP, 0)
    joints["chest"] = place(waist, joints["waist"], 0, LUMBAR, 0)
    joints["neck"] = place(chest, joints["chest"], 0, THORAX - 5, 0)
    joints["head"] = place(head, joints["neck"], 2.2, NECK_UP, 0)


def _leg(side: str, leg: Leg, joints: dict[str, Vec], frames: dict[str, Frame]) -> None:
    sign = SIGN[side]
    hip = place(frames["pelvis"], joints["pelvis"], 0, 0, sign * HIP_HALF)
    if leg.to is None:
        flexion, abduction, inward = leg.hip
        thigh = turned(turned(frames["pelvis"], "right", flexion), "forward", -sign * abduction)
        thigh = turned(thigh, "up", sign * inward)
        shank = turned(thigh, "right", -leg.knee)
        knee = place(thigh, hip, 0, -THIGH, 0)
        ankle = place(shank, knee, 0, -SHANK, 0)
    else:
        ankle = leg.to
        knee = reach(hip, ankle, (THIGH, SHANK), leg.knee_points, f"{side} leg")
        along = unit(sub(ankle, hip))
        z = cross(across(leg.knee_points, along), scale(along, -1))
        thigh_up, shank_up = unit(sub(hip, knee)), unit(sub(knee, ankle))
        thigh = (cross(thigh_up, z), thigh_up, z)
        shank = (cross(shank_up, z), shank_up, z)
    foot = _foot(leg, shank)
    joints |= {f"{side} hip": hip, f"{side} knee": knee, f"{side} ankle": ankle}
    frames |= {f"{side} thigh": thigh, f"{side} shank": shank, f"{side} foot": foot}
    joints[f"{side} heel"] = place(foot, ankle, -4.2, -4.6, 0)
    ball = place(foot, ankle, 10.5, -5.3, 0)
    joints[f"{side} ball"] = ball
    joints[f"{side} toe"] = place(turned(foot, "right", leg.toes), ball, 6.4, -0.6, 0)


def _foot(leg: Leg, shank: Frame) -> Frame:
    if leg.toe is None:
        return turned(shank, "right", leg.ankle)
    x = unit(leg.toe)
    y = across(leg.instep, x)
    return (x, y, cross(x, y))


def _raised(way: Vec, chest: Frame, sign: int) -> Vec:
    """How the shoulder rides up and in as the arm rises (forward, up, right in the chest)."""
    height = dot(unit(way), chest[1])
    lift = max(0.0, height + 0.1)
    ahead = max(0.0, dot(unit(way), chest[0]))
    return (2.5 * ahead, 4.5 * lift, -sign * (3.5 * lift + 1.0 * ahead))


def _in_world(side: str, arm: Arm, joints: dict[str, Vec], frames: dict[str, Frame]) -> Arm:
    """An arm given in a part's own forward, up and outward, turned into world directions."""
    base = frames.get(arm.at, frames["pelvis"])

    def world(v: Vec | None) -> Vec | None:
        return None if v is None else place(base, (0, 0, 0), v[0], v[1], SIGN[side] * v[2])

    to = add(joints[arm.at], world(arm.to) or (0, 0, 0))
    points = world(arm.elbow_points) or arm.elbow_points
    return replace(
        arm, at="", to=to, elbow_points=points, fingers=world(arm.fingers), palm=world(arm.palm)
    )


def _arm(side: str, arm: Arm, pose: Pose, joints: dict[str, Vec], frames: dict[str, Frame]) -> None:
    sign, chest = SIGN[side], frames["chest"]
    arm = _in_world(side, arm, joints, frames) if arm.at else arm
    rest = place(chest, joints["chest"], 0, THORAX - 11, sign * SHOULDER_HALF)
    shrug = pose.shrug.get(side, (0.0, 0.0, 0.0))
    rest = place(chest, rest, shrug[0], shrug[1], sign * shrug[2])
    if arm.to is None:
        flexion, abduction, inward = arm.shoulder
        upper = turned(turned(chest, "right", flexion), "forward", -sign * abduction)
        upper = turned(upper, "up", sign * inward)
        shoulder = place(chest, rest, *_raised(scale(upper[1], -1), chest, sign))
        lower = turned(upper, "right", arm.elbow)
        elbow = place(upper, shoulder, 0, -UPPER_ARM, 0)
        wrist = place(lower, elbow, 0, -FOREARM, 0)
    else:
        wrist = arm.to
        shoulder = place(chest, rest, *_raised(sub(wrist, rest), chest, sign))
        elbow = reach(shoulder, wrist, (UPPER_ARM, FOREARM), arm.elbow_points, f"{side} arm")
        along = unit(sub(wrist, shoulder))
        z = cross(across(arm.elbow_points, along), along)
        upper_up, lower_up = unit(sub(shoulder, elbow)), unit(sub(elbow, wrist))
        upper = (cross(upper_up, z), upper_up, z)
        lower = (cross(lower_up, z), lower_up, z)
    joints |= {f"{side} shoulder": shoulder, f"{side} elbow": elbow, f"{side} wrist": wrist}
    frames |= {f"{side} upper arm": upper, f"{side} forearm": lower}
    _hand(side, arm, joints, frames)


def _hand(side: str, arm: Arm, joints: dict[str, Vec], frames: dict[str, Frame]) -> None:
    sign, lower, wrist = SIGN[side], frames[f"{side} forearm"], joints[f"{side} wrist"]
    fingers = unit(arm.fingers) if arm.fingers else scale(lower[1], -1)
    palm = across(arm.palm or scale(lower[2], -sign), fingers)
    thumb = scale(cross(fingers, palm), sign)
    hand: Frame = (palm, scale(fingers, -1), scale(cross(palm, fingers), -1))
    curled = turned(hand, "right", arm.curl)
    knuckle = place(hand, wrist, 0, -6.2, 0)
    frames[f"{side} hand"] = hand
    joints[f"{side} palm"] = add(wrist, scale(fingers, 4.2))
    joints[f"{side} knuckle"] = knuckle
    joints[f"{side} fingers"] = place(curled, knuckle, 0, -(HAND - 5.2), 0)
    web = add(add(wrist, scale(fingers, 2.2)), scale(thumb, 1.6))
    joints[f"{side} web"] = web
    joints[f"{side} thumb"] = add(
        add(web, scale(fingers, 4.2)), add(scale(thumb, 3.0), scale(palm, 1.2))
    )


def as_reach(side: str, pose: Pose) -> Leg:
    """A leg given by angles rewritten as a reach to the same place."""
    leg = pose.legs.get(side, Leg())
    body = solve(pose)
    foot, shank = body.frames[f"{side} foot"], body.frames[f"{side} shank"]
    points = add(body.frames[f"{side} thigh"][0], shank[0])
    return replace(
        leg, to=body.joints[f"{side} ankle"], knee_points=points, toe=foot[0], instep=foot[1]
    )


def arm_as_reach(side: str, pose: Pose) -> Arm:
    """An arm given by angles, or from a moving joint, rewritten as a reach to the same place."""
    arm = pose.arms.get(side, Arm())
    body = solve(pose)
    hand = body.frames[f"{side} hand"]
    upper, lower = body.frames[f"{side} upper arm"], body.frames[f"{side} forearm"]
    return replace(
        arm,
        to=body.joints[f"{side} wrist"],
        at="",
        elbow_points=scale(add(upper[0], lower[0]), -1),
        fingers=scale(hand[1], -1),
        palm=hand[0],
    )


def between(start: Pose, end: Pose, t: float) -> Pose:
    """The pose a fraction t of the way; limbs given in different ways meet as reaches."""
    if t <= 0 or t >= 1:
        return end if t >= 1 else start
    legs_a, legs_b = dict(start.legs), dict(end.legs)
    arms_a, arms_b = dict(start.arms), dict(end.arms)
    for side in SIDES:
        a, b = start.legs.get(side, Leg()), end.legs.get(side, Leg())
        if (a.to is None) != (b.to is None) or (a.toe is None) != (b.toe is None):
            a, b = as_reach(side, start), as_reach(side, end)
        legs_a[side], legs_b[side] = a, b
        c, d = start.arms.get(side, Arm()), end.arms.get(side, Arm())
        same = (c.to is None, c.at, c.fingers is None, c.palm is None) == (
            d.to is None,
            d.at,
            d.fingers is None,
            d.palm is None,
        )
        if not same:
            c, d = arm_as_reach(side, start), arm_as_reach(side, end)
        arms_a[side], arms_b[side] = c, d
    mixed: Pose = _mix(
        replace(start, legs=legs_a, arms=arms_a), replace(end, legs=legs_b, arms=arms_b), t
    )
    return replace(mixed, contacts={})


def _mix(a: Any, b: Any, t: float) -> Any:
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return a + (b - a) * t
    if isinstance(a, tuple) and isinstance(b, tuple):
        return tuple(_mix(p, q, t) for p, q in zip(a, b, strict=True))
    if isinstance(a, Mapping):
        zero = (0.0, 0.0, 0.0)
        return {k: _mix(a.get(k, zero), b.get(k, zero), t) for k in {**a, **b}} if a != b else a
    if is_dataclass(a) and not isinstance(a, type):
        values = {f.name: _mix(getattr(a, f.name), getattr(b, f.name), t) for f in fields(a)}
        return type(a)(**values)
    return a


def mirrored(body: Body) -> Body:
    """The same body as its mirror image: x changes sign, left and right change names."""

    def other(name: str) -> str:
        head, _, rest = name.partition(" ")
        return f"{OTHER[head]} {rest}" if head in OTHER else name

    flip = {other(name): (-x, y, z) for name, (x, y, z) in body.joints.items()}
    frames = {
        other(name): (_flip(f[0]), _flip(f[1]), scale(_flip(f[2]), -1))
        for name, f in body.frames.items()
    }
    return Body(joints=flip, frames=frames)


def _flip(v: Vec) -> Vec:
    return (-v[0], v[1], v[2])
