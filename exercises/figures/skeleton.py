"""The body that is drawn: bones, radii, joint limits, and the pose that moves it.

Lengths in centimetres for a person of about 170 cm; angles in degrees. A pose is data: every limb
is given either by joint angles (a free limb) or by a target and the direction in which its knee or
elbow points (a limb that touches something). Core: standard library only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from exercises.figures.vectors import Vec

SIDES = ("left", "right")
SIGN: Mapping[str, int] = {"left": -1, "right": 1}
OTHER: Mapping[str, str] = {"left": "right", "right": "left"}

THIGH, SHANK, UPPER_ARM, FOREARM = 42.0, 40.0, 29.0, 25.0
HAND = 12.0
HIP_HALF, SHOULDER_HALF = 8.6, 16.5
WAIST_UP, LUMBAR, THORAX, NECK_UP = 9.0, 20.0, 27.0, 16.0
ANKLE_HEIGHT = 8.5

RADIUS: Mapping[str, float] = {
    "hip": 8.8,
    "thigh": 8.2,
    "knee": 5.6,
    "calf": 5.7,
    "ankle": 3.7,
    "heel": 3.9,
    "ball": 3.2,
    "toe": 2.6,
    "shoulder": 5.6,
    "elbow": 3.8,
    "forearm": 3.9,
    "wrist": 2.7,
    "palm": 3.0,
    "fingers": 1.9,
    "thumb": 1.7,
    "head": 11.3,
    "chest": 10.4,
    "pelvis": 9.2,
}

LIMITS: Mapping[str, tuple[float, float]] = {
    "hip": (0, 130),
    "knee": (0, 150),
    "ankle": (-62, 42),
    "toes": (-20, 70),
    "elbow": (0, 150),
    "spine": (-40, 60),
    "neck": (-50, 60),
}
"""Joint -> least and greatest angle. Ankle: minus is plantar flexion (toes pointed)."""

ROOTS: Mapping[str, tuple[Vec, Vec]] = {
    "standing, facing right": ((1, 0, 0), (0, 1, 0)),
    "standing, facing left": ((-1, 0, 0), (0, 1, 0)),
    "standing, facing us": ((0, 0, 1), (0, 1, 0)),
    "standing, back to us": ((0, 0, -1), (0, 1, 0)),
    "on the back, head left": ((0, 1, 0), (-1, 0, 0)),
    "on the right side, head left": ((0, 0, 1), (-1, 0, 0)),
    "on the left side, head right": ((0, 0, 1), (1, 0, 0)),
    "hands and knees, head right": ((0, -1, 0), (1, 0, 0)),
}
"""Name -> world directions of the pelvis' forward and up before it leans."""

Angles = tuple[float, float, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class Leg:
    """A leg: `to` (the ankle) with `knee_points`, or `hip` (flexion, abduction, inward turn) and
    `knee`. The foot: world directions `toe` and `instep`, or the `ankle` angle; `toes` bend up.
    """

    to: Vec | None = None
    knee_points: Vec = (1.0, 0.0, 0.0)
    hip: Angles = (0.0, 0.0, 0.0)
    knee: float = 0.0
    toe: Vec | None = None
    instep: Vec = (0.0, 1.0, 0.0)
    ankle: float = 0.0
    toes: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Arm:
    """An arm: `to` (the wrist) with `elbow_points`, or `shoulder` (flexion, abduction, inward
    turn) and `elbow`. The hand: directions `fingers` and `palm` (the way the palm faces); `curl`
    bends the fingers to the palm. With `at` (a part) all of them are counted from that part in its
    own forward, up and outward, else in the world.
    """

    to: Vec | None = None
    at: str = ""
    elbow_points: Vec = (-1.0, 0.0, 0.0)
    shoulder: Angles = (0.0, 7.0, 0.0)
    elbow: float = 10.0
    fingers: Vec | None = None
    palm: Vec | None = None
    curl: float = 18.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Pose:
    """One held position. Plus is: lean forward, side and turn to the body's own right."""

    root: str = "standing, facing us"
    at: Vec = (0.0, 90.5, 0.0)
    lean: float = 0.0
    side: float = 0.0
    turn: float = 0.0
    spine: Angles = (0.0, 0.0, 0.0)
    neck: Angles = (0.0, 0.0, 0.0)
    shrug: Mapping[str, Vec] = field(default_factory=dict)
    legs: Mapping[str, Leg] = field(default_factory=dict)
    arms: Mapping[str, Arm] = field(default_factory=dict)
    contacts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Body:
    """A solved pose: world points of the joints and world frames of the parts."""

    joints: Mapping[str, Vec]
    frames: Mapping[str, tuple[Vec, Vec, Vec]]
