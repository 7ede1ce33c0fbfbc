"""Reading the pose files: one TOML file a figure, checked field by field while it is read.

A wrong key, a missing word or a number where words belong stops the load with the file's name and
the key. What the body may do is checked elsewhere (`checks`). Core: standard library only.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from exercises.figures.muscles import PATCHES
from exercises.figures.outlines import Camera
from exercises.figures.props import DRAW, Prop
from exercises.figures.skeleton import ANKLE_HEIGHT, OTHER, ROOTS, SIDES, Arm, Leg, Pose
from exercises.figures.vectors import Point, Vec

FOLDER = Path(__file__).parent / "poses"
KINDS = ("exercise", "habit", "option")
SIDEDNESS = ("one", "both", "alternating")
CHANGES = (
    "rises",
    "falls",
    "forward",
    "back",
    "moves",
    "stays",
    "apart",
    "together",
    "level",
    "higher",
)

ARMS: Mapping[str, Arm] = {
    "hanging": Arm(shoulder=(0, 8, 0), elbow=12),
    "on hip": Arm(
        at="pelvis",
        to=(3.5, 11, 18.5),
        elbow_points=(-0.55, 0, 1),
        fingers=(0.75, -0.45, -0.5),
        palm=(-0.2, -0.2, -1),
        curl=10,
    ),
    "together": Arm(
        at="chest",
        to=(19, 2, 2.9),
        elbow_points=(-0.3, -0.8, 1),
        fingers=(0.4, 1, -0.1),
        palm=(0, 0, -1),
        curl=0,
    ),
    "forward": Arm(shoulder=(78, 2, 0), elbow=6),
}
"""Arms that many figures share, by name."""


class PoseFileError(ValueError):
    """A pose file that cannot be read; the message names file and key."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ArrowSpec:
    """An arrow: the way a joint goes (`follows`), or a straight one (`at`, `way`).

    `offset`, `way` in picture centimetres, y down; `span`: which part of the movement, 0 to 1.
    `kind`: "move", or "push" for a force without motion.
    """

    follows: str = ""
    at: str = ""
    offset: Point = (0.0, 0.0)
    way: Point = (0.0, 0.0)
    span: Point = (0.0, 1.0)
    kind: str = "move"
    size: float = 1.0
    frames: tuple[str, ...] = ("end",)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """What the movement must do: a joint (or two) that changes in a named way by centimetres."""

    joint: str
    change: str
    least: float = 0.0
    most: float = 999.0
    than: str = ""
    frame: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """One figure: who it is, how it is seen, its two poses, what lies around, what it must show."""

    slug: str
    title: str
    kind: str
    sides: str
    worked: str
    camera: Camera
    start: Pose
    end: Pose
    words: tuple[str, ...]
    muscles: tuple[str, ...] = ()
    muscle_side: str = "worked"
    props: tuple[Prop, ...] = ()
    arrows: tuple[ArrowSpec, ...] = ()
    rules: tuple[Rule, ...] = ()
    after: Mapping[str, str] = field(default_factory=dict)
    hip_line: bool = False
    minutes: tuple[float, ...] = ()
    shadow: bool = True

    @property
    def one_sided(self) -> bool:
        """Whether there is a left and a right version."""
        return self.sides == "one"

    @property
    def poses(self) -> tuple[Pose, ...]:
        """One pose for an option, else start and end."""
        return (self.start,) if self.kind == "option" else (self.start, self.end)

    def pose(self, frame: str) -> Pose:
        """The pose of the frame "start" or "end"."""
        return self.start if frame == "start" else self.end

    def muscle_sides(self) -> tuple[str, ...]:
        """The body sides whose muscle is marked in the base drawing."""
        if self.muscle_side == "both" or self.worked == "both":
            return SIDES
        if self.muscle_side == "other":
            return (OTHER[self.worked],)
        return (self.worked,)


def _vec(where: str, value: Any, size: int = 3) -> tuple[Any, ...]:
    if not isinstance(value, list) or len(value) != size:
        raise PoseFileError(f"{where}: needs {size} numbers")
    if not all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in value):
        raise PoseFileError(f"{where}: needs numbers")
    return tuple(float(v) for v in value)


def _known(where: str, table: Mapping[str, Any], allowed: Sequence[str]) -> None:
    for key in table:
        if key not in allowed:
            raise PoseFileError(f"{where}: unknown key {key!r}")


def _names(cls: Any) -> list[str]:
    return [f.name for f in fields(cls)]


def _leg(where: str, raw: Mapping[str, Any], forward: Vec) -> Leg:
    _known(where, raw, [*_names(Leg), "stands"])
    values: dict[str, Any] = {}
    if "stands" in raw:
        x, y, z = _vec(f"{where}.stands", raw["stands"])
        values |= {"to": (x, y + ANKLE_HEIGHT, z), "toe": forward, "knee_points": forward}
    for key, value in raw.items():
        if key in ("to", "knee_points", "hip", "toe", "instep"):
            values[key] = _vec(f"{where}.{key}", value)
        elif key in ("knee", "ankle", "toes"):
            values[key] = float(value)
    return Leg(**values)


def _arm(where: str, raw: Any) -> Arm:
    if isinstance(raw, str):
        if raw not in ARMS:
            raise PoseFileError(f"{where}: no arm is called {raw!r}")
        return ARMS[raw]
    _known(where, raw, _names(Arm))
    values: dict[str, Any] = {}
    for key, value in raw.items():
        if key in ("to", "elbow_points", "shoulder", "fingers", "palm"):
            values[key] = _vec(f"{where}.{key}", value)
        else:
            values[key] = value if key == "at" else float(value)
    return Arm(**values)


def _pose(where: str, raw: Mapping[str, Any], base: Pose) -> Pose:
    limbs = [f"{s}_{part}" for s in SIDES for part in ("leg", "arm", "shrug")]
    _known(where, raw, [*_names(Pose), *limbs])
    root = raw.get("root", base.root)
    if root not in ROOTS:
        raise PoseFileError(f"{where}.root: {root!r} is not known")
    values: dict[str, Any] = {"root": root}
    for key in ("at", "spine", "neck"):
        if key in raw:
            values[key] = _vec(f"{where}.{key}", raw[key])
    for key in ("lean", "side", "turn"):
        if key in raw:
            values[key] = float(raw[key])
    legs, arms, shrug = dict(base.legs), dict(base.arms), dict(base.shrug)
    for side in SIDES:
        if f"{side}_leg" in raw:
            legs[side] = _leg(f"{where}.{side}_leg", raw[f"{side}_leg"], ROOTS[root][0])
        if f"{side}_arm" in raw:
            arms[side] = _arm(f"{where}.{side}_arm", raw[f"{side}_arm"])
        if f"{side}_shrug" in raw:
            shrug[side] = _vec(f"{where}.{side}_shrug", raw[f"{side}_shrug"])
    values |= {"legs": legs, "arms": arms, "shrug": shrug}
    if "contacts" in raw:
        values["contacts"] = dict(raw["contacts"])
    return replace(base, **values)


def _typed(where: str, cls: Any, raw: Mapping[str, Any], sizes: Mapping[str, int]) -> Any:
    _known(where, raw, _names(cls))
    values: dict[str, Any] = {}
    for key, value in raw.items():
        if key in sizes:
            values[key] = _vec(f"{where}.{key}", value, sizes[key])
        elif key == "points":
            values[key] = tuple(_vec(f"{where}.points", p) for p in value)
        elif isinstance(value, list):
            values[key] = tuple(value)
        else:
            values[key] = float(value) if isinstance(value, int) else value
    return cls(**values)


def _prop(where: str, raw: Mapping[str, Any]) -> Prop:
    if raw.get("kind") not in DRAW:
        raise PoseFileError(f"{where}.kind: {raw.get('kind')!r} is not known")
    sizes = {"at": 3, "offset": 3}
    if "box" in raw:
        sizes["box"] = 4 if raw["kind"] == "mat" else 6
    prop: Prop = _typed(where, Prop, raw, sizes)
    return prop


TOP = (
    "title",
    "kind",
    "sides",
    "worked",
    "view",
    "muscles",
    "muscle_side",
    "words",
    "start",
    "end",
    "props",
    "arrows",
    "rules",
    "after",
    "hip_line",
    "minutes",
    "shadow",
)


def _one_of(where: str, value: Any, allowed: Sequence[str]) -> str:
    if value not in allowed:
        raise PoseFileError(f"{where}: {value!r} is not one of {', '.join(allowed)}")
    return str(value)


def _words(where: str, raw: Mapping[str, Any], frames: int) -> tuple[str, ...]:
    words = tuple(raw.get("words", ()))
    if len(words) != frames or not all(isinstance(w, str) and len(w) > 20 for w in words):
        raise PoseFileError(f"{where}.words: needs {frames} sentences")
    return words


def _rules(where: str, raw: Mapping[str, Any], kind: str) -> tuple[Rule, ...]:
    rules: list[Rule] = [_typed(f"{where}.rules", Rule, r, {}) for r in raw.get("rules", ())]
    for rule in rules:
        _one_of(f"{where}.rules.change", rule.change, CHANGES)
    if kind != "option" and not rules:
        raise PoseFileError(f"{where}.rules: needs at least one")
    return tuple(rules)


def _arrows(where: str, raw: Mapping[str, Any]) -> tuple[ArrowSpec, ...]:
    sizes = {"offset": 2, "way": 2, "span": 2}
    return tuple(_typed(f"{where}.arrows", ArrowSpec, a, sizes) for a in raw.get("arrows", ()))


def parse(slug: str, raw: Mapping[str, Any]) -> Figure:
    """A figure from the tables of its file. Raises PoseFileError."""
    _known(slug, raw, TOP)
    kind = _one_of(f"{slug}.kind", raw.get("kind"), KINDS)
    for muscle in raw.get("muscles", ()):
        _one_of(f"{slug}.muscles", muscle, tuple(PATCHES))
    start = _pose(f"{slug}.start", raw["start"], Pose())
    yaw, elevation = _vec(f"{slug}.view", raw["view"], 2)
    return Figure(
        slug=slug,
        title=raw["title"],
        kind=kind,
        sides=_one_of(f"{slug}.sides", raw.get("sides"), SIDEDNESS),
        worked=_one_of(f"{slug}.worked", raw.get("worked"), (*SIDES, "both")),
        camera=Camera(yaw, elevation),
        start=start,
        end=_pose(f"{slug}.end", raw.get("end", {}), start),
        words=_words(slug, raw, 1 if kind == "option" else 2),
        muscles=tuple(raw.get("muscles", ())),
        muscle_side=raw.get("muscle_side", "worked"),
        props=tuple(_prop(f"{slug}.props", p) for p in raw.get("props", ())),
        arrows=_arrows(slug, raw),
        rules=_rules(slug, raw, kind),
        after=dict(raw.get("after", {})),
        hip_line=raw.get("hip_line", False),
        minutes=tuple(raw.get("minutes", ())),
        shadow=raw.get("shadow", True),
    )


def read(path: Path) -> Figure:
    """One pose file. Raises PoseFileError, also for a file that is no TOML."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise PoseFileError(f"{path.name}: {error}") from error
    return parse(path.stem, raw)


@lru_cache(maxsize=1)
def figures() -> Mapping[str, Figure]:
    """Every figure by slug, in alphabetical order."""
    return {path.stem: read(path) for path in sorted(FOLDER.glob("*.toml"))}
