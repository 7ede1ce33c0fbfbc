"""The flesh on the bones: which round cones make up each part of a solved body.

Core: standard library only. The drawing and the body chart read it.
"""

from collections.abc import Mapping
from itertools import pairwise

from exercises.figures.outlines import Cone
from exercises.figures.skeleton import RADIUS, SIDES, SIGN, THORAX, Body
from exercises.figures.vectors import Vec, add, lerp, place, scale

SLEEVE, SHORTS = 0.56, 0.52
"""Where the sleeve and the shorts end, as a share of the upper arm and the thigh."""

Parts = Mapping[str, tuple[Cone, ...]]


def chain(*stops: tuple[Vec, float]) -> tuple[Cone, ...]:
    """Cones from stop to stop, each stop a point and a radius."""
    return tuple((a, ra, b, rb) for (a, ra), (b, rb) in pairwise(stops))


def parts_of(body: Body) -> Parts:
    """Every part of the body by name: "left thigh", "torso", "pelvis", "head", ..."""
    parts: dict[str, tuple[Cone, ...]] = {}
    for side in SIDES:
        parts |= _leg(body, side) | _arm(body, side)
    return parts | _trunk(body) | _head(body)


def _leg(body: Body, side: str) -> dict[str, tuple[Cone, ...]]:
    j, r = body.joints, RADIUS
    hip, knee, ankle = j[f"{side} hip"], j[f"{side} knee"], j[f"{side} ankle"]
    thigh, shank = body.frames[f"{side} thigh"], body.frames[f"{side} shank"]
    heel, ball, toe = j[f"{side} heel"], j[f"{side} ball"], j[f"{side} toe"]
    front = add(lerp(hip, knee, 0.42), scale(thigh[0], 0.9))
    calf = add(lerp(knee, ankle, 0.3), scale(shank[0], -1.2))
    hem = lerp(hip, knee, SHORTS)
    cap = place(thigh, knee, 0.5, 0.5, 0)
    return {
        f"{side} thigh": chain((hip, r["hip"]), (front, r["thigh"]), (cap, r["knee"])),
        f"{side} shank": chain((cap, r["knee"]), (calf, r["calf"]), (ankle, r["ankle"])),
        f"{side} shoe": (
            *chain(
                (ankle, r["ankle"] + 0.2), (heel, r["heel"]), (ball, r["ball"]), (toe, r["toe"])
            ),
            *chain((ankle, r["ankle"]), (lerp(ankle, ball, 0.5), 3.7), (ball, r["ball"])),
        ),
        f"{side} shorts": chain(
            (hip, r["hip"] + 0.6),
            (add(lerp(hip, knee, 0.28), scale(thigh[0], 0.6)), r["thigh"] + 1.0),
            (hem, r["thigh"] + 0.9),
        ),
    }


def _arm(body: Body, side: str) -> dict[str, tuple[Cone, ...]]:
    j, r = body.joints, RADIUS
    shoulder, elbow, wrist = j[f"{side} shoulder"], j[f"{side} elbow"], j[f"{side} wrist"]
    palm, knuckle, fingers = j[f"{side} palm"], j[f"{side} knuckle"], j[f"{side} fingers"]
    upper = body.frames[f"{side} upper arm"]
    muscle = add(lerp(elbow, wrist, 0.25), scale(upper[0], 0.0))
    hem = lerp(shoulder, elbow, SLEEVE)
    return {
        f"{side} arm": (
            *chain((lerp(shoulder, elbow, 0.22), 4.2), (elbow, r["elbow"])),
            *chain((elbow, r["elbow"]), (muscle, r["forearm"]), (wrist, r["wrist"])),
            *chain((wrist, r["wrist"]), (palm, r["palm"]), (knuckle, 2.7), (fingers, r["fingers"])),
        ),
        f"{side} thumb": chain((j[f"{side} web"], 1.9), (j[f"{side} thumb"], r["thumb"])),
        f"{side} sleeve": chain((shoulder, r["shoulder"] + 0.4), (hem, r["shoulder"] + 0.1)),
    }


def _trunk(body: Body) -> dict[str, tuple[Cone, ...]]:
    j = body.joints

    def pelvis(x: float, y: float, z: float) -> Vec:
        return place(body.frames["pelvis"], j["pelvis"], x, y, z)

    def waist(x: float, y: float, z: float) -> Vec:
        return place(body.frames["waist"], j["waist"], x, y, z)

    def chest(x: float, y: float, z: float) -> Vec:
        return place(body.frames["chest"], j["chest"], x, y, z)

    hips: list[Cone] = [
        (pelvis(0, 1, 7.5), 9.2, pelvis(0, 1, -7.5), 9.2),
        (pelvis(0, 10, 6), 8.5, pelvis(0, 10, -6), 8.5),
        (pelvis(0, 1, 0), 9.2, pelvis(0, 10, 0), 8.6),
    ]
    torso: list[Cone] = [
        (pelvis(0, 9, 0), 8.8, chest(1.3, 5, 0), 10.6),
        (chest(1.3, 5, 0), 10.6, chest(-1.5, THORAX - 6.5, 0), 6.2),
    ]
    collar = chest(-1.5, THORAX - 6.0, 0)
    for side in SIDES:
        s = SIGN[side]
        shoulder = j[f"{side} shoulder"]
        hips += [
            (pelvis(0, 1, s * 7.5), 9.2, pelvis(0, 10, s * 6), 8.5),
            (pelvis(-3.9, -0.5, s * 6.2), 8.3, pelvis(-2.2, 6, s * 6.2), 7.6),
        ]
        torso += [
            (pelvis(0, 9, s * 6), 8.6, waist(0.4, 6, s * 5.4), 8.5),
            (waist(0.4, 6, s * 5.4), 8.5, chest(1.2, 5, s * 7.0), 10.2),
            (chest(1.2, 5, s * 7.0), 10.2, chest(-0.8, THORAX - 13, s * 10), 7.6),
            (chest(-0.8, THORAX - 13, s * 10), 7.6, shoulder, RADIUS["shoulder"]),
            (collar, 5.2, shoulder, 5.0),
        ]
    head = place(body.frames["head"], j["head"], -2.0, -4, 0)
    return {
        "pelvis": tuple(hips),
        "torso": tuple(torso),
        "neck": ((chest(-1.5, THORAX - 9, 0), 5.5, head, 5.2),),
    }


def _head(body: Body) -> dict[str, tuple[Cone, ...]]:
    def at(x: float, y: float, z: float) -> Vec:
        return place(body.frames["head"], body.joints["head"], x, y, z)

    return {
        "head": (
            (at(-0.8, 2.2, 0), 10.6, at(2.2, -4.6, 0), 7.2),
            (at(2.2, -4.6, 0), 7.2, at(4.2, -7.6, 0), 4.2),
        ),
        "nose": ((at(7.6, 0.4, 0), 1.2, at(9.7, -1.9, 0), 1.5),),
    }
