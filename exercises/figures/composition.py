"""Putting a frame together: crop, line widths, arrows, numbers, title and description, SVG text.

Both frames of a figure share one crop, so that the movement can be read between them. Mirroring
turns the figure and nothing else: numbers and signs keep their shape. Core: standard library only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from xml.sax.saxutils import escape

from exercises.figures import marks, palette
from exercises.figures.curves import q
from exercises.figures.drawing import Scene
from exercises.figures.outlines import Field, box_of, field_of, flatten, inside
from exercises.figures.painting import Lines, paint, scene_of
from exercises.figures.pose_files import ArrowSpec, Figure
from exercises.figures.props import prop_box, prop_points, prop_top
from exercises.figures.skeleton import OTHER, Pose
from exercises.figures.solving import between
from exercises.figures.vectors import Point

PRINT_WIDTH_MM = 45.0
INK_MM, THIN_MM = 0.4, 0.36
PAD = 3.0
Box = tuple[float, float, float, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """The shared crop of a figure's frames, its line widths and where its number stands."""

    box: Box
    lines: Lines
    badge: Point
    radius: float


def lines_for(width: float) -> Lines:
    """Line widths in centimetres that print at least 0.35 mm wide at 45 mm."""
    return Lines(
        max(1.55, INK_MM * width / PRINT_WIDTH_MM), max(1.1, THIN_MM * width / PRINT_WIDTH_MM)
    )


def union(boxes: Sequence[Box]) -> Box:
    """The smallest box around boxes."""
    return (
        min(b[0] for b in boxes),
        min(b[1] for b in boxes),
        max(b[2] for b in boxes),
        max(b[3] for b in boxes),
    )


def body_box(scene: Scene) -> Box:
    """The box of a body in the picture."""
    cones = [cone for part in scene.parts.values() for cone in part]
    return box_of(flatten(cones, scene.camera))


def frame_names(figure: Figure) -> tuple[str, ...]:
    """The frames of a figure: one for an option, else start and end."""
    return ("start",) if figure.kind == "option" else ("start", "end")


def arrow_points(figure: Figure, spec: ArrowSpec) -> list[Point]:
    """The picture points an arrow runs through."""
    if spec.follows:
        points = []
        for i in range(17):
            t = spec.span[0] + (spec.span[1] - spec.span[0]) * i / 16
            joint = scene_of(between(figure.start, figure.end, t), figure.camera).body.joints
            x, y = figure.camera.flat(joint[spec.follows])
            points.append((x + spec.offset[0], y + spec.offset[1]))
        return points
    x, y = figure.camera.flat(scene_of(figure.end, figure.camera).body.joints[spec.at])
    return marks.straight((x + spec.offset[0], y + spec.offset[1]), spec.way)


def shadow_of(figure: Figure) -> tuple[Box, str]:
    """The soft patch of floor under the feet, for figures that stand or sit."""
    if not figure.shadow or any(p.kind in ("mat", "bed") for p in figure.props):
        return ((0.0, 0.0, 0.0, 0.0), "")
    xs: list[float] = []
    for pose in figure.poses:
        joints = scene_of(pose, figure.camera).body.joints
        for name, joint in joints.items():
            if name.endswith((" toe", " heel")) and joint[1] < 12:
                xs.append(figure.camera.flat((joint[0], 0.0, joint[2]))[0])
    if not xs:
        return ((0.0, 0.0, 0.0, 0.0), "")
    middle, half = (min(xs) + max(xs)) / 2, (max(xs) - min(xs)) / 2 + 13
    tall = 5.0 + abs(figure.camera.elevation) * 0.35
    y = figure.camera.flat((0.0, 0.0, 0.0))[1]
    svg = (
        f'<ellipse cx="{q(middle)}" cy="{q(y)}" rx="{q(half)}" ry="{q(tall)}"'
        f' fill="{palette.FLOOR}" stroke="none"/>'
    )
    return ((middle - half, y - tall, middle + half, y + tall), svg)


@lru_cache(maxsize=256)
def layout(slug_key: "FigureKey") -> Layout:
    """The crop that holds both frames, the things around them and the arrows."""
    figure = slug_key.figure
    boxes = [body_box(scene_of(pose, figure.camera)) for pose in figure.poses]
    for prop in figure.props:
        points = prop_points(prop, figure.camera)
        boxes += [(x, y, x, y) for x, y in points]
    for spec in figure.arrows:
        m = 7.0 * spec.size
        boxes += [(x - m, y - m, x + m, y + m) for x, y in arrow_points(figure, spec)]
    floor = shadow_of(figure)
    if floor[1]:
        boxes.append(floor[0])
    x0, y0, x1, y1 = union(boxes)
    x0, y0, x1, y1 = _not_too_thin((x0 - PAD, y0 - PAD, x1 + PAD, y1 + PAD))
    return _with_badge(figure, (x0, y0, x1, y1))


def _not_too_thin(box: Box, least: float = 0.62) -> Box:
    x0, y0, x1, y1 = box
    lack = (y1 - y0) * least - (x1 - x0)
    return (x0 - lack / 2, y0, x1 + lack / 2, y1) if lack > 0 else box


BADGE_SHARE = 0.055
"""Radius of a number as a share of the frame's longer side: about the same on paper for all."""


def _with_badge(figure: Figure, box: Box) -> Layout:
    """The layout with a free corner for the number; the frame grows until there is one."""
    if figure.kind == "option":
        return Layout(box=box, lines=lines_for(box[2] - box[0]), badge=box[:2], radius=0.0)
    bodies = [_body_field(figure, pose) for pose in figure.poses]
    arrows = [p for spec in figure.arrows for p in arrow_points(figure, spec)]
    flat = box[2] - box[0] > (box[3] - box[1]) * 1.2
    while True:
        radius = BADGE_SHARE * max(box[2] - box[0], box[3] - box[1])
        place = _free_corner(figure, box, radius, bodies, arrows)
        if place:
            return Layout(box=box, lines=lines_for(box[2] - box[0]), badge=place, radius=radius)
        x0, y0, x1, y1 = box
        box = (x0, y0 - 2.0, x1, y1) if flat else (x0 - 2.0, y0, x1 + 2.0, y1)


def badge_box(figure: Figure, at: Point, radius: float) -> Box:
    """The room of a number, and of the cross or tick beside it."""
    wide = radius * (4.4 if figure.kind == "habit" else 2)
    return (at[0] - radius, at[1] - radius, at[0] - radius + wide, at[1] + radius)


def _free_corner(
    figure: Figure, box: Box, radius: float, bodies: Sequence[Field], arrows: Sequence[Point]
) -> Point | None:
    """The middle of a number in the upper left or right corner, where nothing is near it."""
    x0, y0, x1, _ = box
    area = badge_box(figure, (0.0, 0.0), radius)
    for x in (x0 + 1.5 - area[0], x1 - 1.5 - area[2]):
        at = (x, y0 + 1.5 + radius)
        if not _touched(badge_box(figure, at, radius), bodies, arrows):
            return at
    return None


def _body_field(figure: Figure, pose: Pose) -> Field:
    """Distance to a body and to what stands round it."""
    cones = [cone for part in scene_of(pose, figure.camera).parts.values() for cone in part]
    body = field_of(flatten(cones, figure.camera), 0.1)
    boxes = [prop_box(p, figure.camera) for p in figure.props if p.kind not in ("mat", "bed")]

    mats = [prop_top(p, figure.camera) for p in figure.props if p.kind in ("mat", "bed")]

    def distance(x: float, y: float) -> float:
        if any(inside(mat, (x, y)) for mat in mats):
            return 0.0
        out = [max(b[0] - x, x - b[2], b[1] - y, y - b[3]) for b in boxes if b is not None]
        return min(body(x, y), *out) if out else body(x, y)

    return distance


BADGE_GAP = 3.0
"""Centimetres that a number keeps from bodies and things."""


def _touched(area: Box, bodies: Sequence[Field], arrows: Sequence[Point]) -> bool:
    x0, y0, x1, y1 = _wider(area, BADGE_GAP)
    grid = [(x0 + (x1 - x0) * i / 6, y0 + (y1 - y0) * j / 6) for i in range(7) for j in range(7)]
    if any(body(x, y) < 1.5 for body in bodies for x, y in grid):
        return True
    return any(x0 - 8 < x < x1 + 8 and y0 - 8 < y < y1 + 8 for x, y in arrows)


def _wider(box: Box, by: float) -> Box:
    return (box[0] - by, box[1] - by, box[2] + by, box[3] + by)


def badge_is_clear(figure: Figure) -> bool:
    """Whether the number of a figure keeps clear of both bodies, of things and arrows."""
    plan = layout(key_of(figure))
    bodies = [_body_field(figure, pose) for pose in figure.poses]
    arrows = [p for spec in figure.arrows for p in arrow_points(figure, spec)]
    return not _touched(badge_box(figure, plan.badge, plan.radius), bodies, arrows)


@dataclass(frozen=True, eq=False, slots=True)
class FigureKey:
    """A figure as a key by identity: figures hold mappings, which cannot be hashed."""

    figure: Figure


_KEYS: dict[int, FigureKey] = {}


def key_of(figure: Figure) -> FigureKey:
    """The remembered key of a figure."""
    key = _KEYS.get(id(figure))
    if key is None or key.figure is not figure:
        key = _KEYS[id(figure)] = FigureKey(figure)
    return key


def arrow_svg(figure: Figure, frame: str, lines: Lines) -> str:
    """The arrows of one frame."""
    text = ""
    for spec in figure.arrows:
        if frame in spec.frames:
            points = arrow_points(figure, spec)
            width = max(4.6, lines.ink * 2.6) * spec.size
            if spec.kind == "push":
                text += marks.push(points[0], spec.way, width, spec.size)
            else:
                text += marks.arrow(points, width, spec.size)
    return text


def side_words(figure: Figure, side: str, text: str) -> str:
    """A sentence with {worked} and {other} turned into left and right."""
    worked = side if figure.one_sided else (figure.worked if figure.worked in OTHER else "right")
    return text.format(worked=worked, other=OTHER[worked])


def title(figure: Figure, side: str) -> str:
    """The title of a figure for the worked side."""
    text = side_words(figure, side, figure.title)
    return text[0].upper() + text[1:]


def describe(figure: Figure, side: str) -> str:
    """What the frames show, in words."""
    shown = sentences(figure, side)
    return shown[0] if len(shown) == 1 else f"1: {shown[0]} 2: {shown[1]}"


def sentences(figure: Figure, side: str) -> tuple[str, ...]:
    """What each frame shows, in words."""
    return tuple(side_words(figure, side, words) for words in figure.words)


def figure_body(figure: Figure, frame: str, lines: Lines) -> str:
    """The mirrorable part of one frame: floor, things, body, hip line, arrows."""
    scene, shapes = paint(figure, figure.pose(frame), frame, lines)
    text = shadow_of(figure)[1] + "".join(s.svg for s in shapes)
    if figure.hip_line:
        text += marks.hip_line(scene)
    return text + arrow_svg(figure, frame, lines)


@lru_cache(maxsize=256)
def _body(key: FigureKey, frame: str) -> str:
    return figure_body(key.figure, frame, layout(key).lines)


def signs(figure: Figure, frame: str, plan: Layout, mirrored: bool) -> str:
    """Number, cross or tick, and clock hands: never mirrored, only moved."""
    x0, _, x1, _ = plan.box

    def across(x: float) -> float:
        return x0 + x1 - x if mirrored else x

    text = ""
    for prop in figure.props:
        if prop.kind == "clock" and frame in prop.frames:
            x, y = figure.camera.flat(prop.at)
            minutes = figure.minutes[0 if frame == "start" else -1]
            text += marks.clock_hands((across(x), y), prop.radius, minutes)
    if figure.kind == "option":
        return text
    x, y = plan.badge
    wide = plan.radius * (2.4 if figure.kind == "habit" else 0.0)
    left = across(x) - wide if mirrored else x
    text += marks.badge("1" if frame == "start" else "2", (left, y), plan.radius)
    if figure.kind == "habit":
        text += marks.verdict(frame == "end", (left + wide, y), plan.radius)
    return text


def document(
    name: str, box: Box, lines: Lines, body: str, heading: str, words: str, copies: int = 1
) -> str:
    """A whole SVG file with title and description; ids are made from the file's name.

    `copies`: how many frames of the box's width stand side by side.
    """
    x0, y0, x1, y1 = (q(v) for v in box)
    w, h = (x1 - x0) * copies, y1 - y0
    scale = 240 / max(x1 - x0, h)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{w * scale:.0f}" height="{h * scale:.0f}"'
        f' viewBox="{x0} {y0} {w} {h}" role="img" aria-labelledby="{name}-t {name}-d">'
        f'<title id="{name}-t">{escape(heading)}</title><desc id="{name}-d">{escape(words)}</desc>'
        f'<g fill="none" stroke="{palette.INK}" stroke-width="{q(lines.ink)}"'
        f' stroke-linecap="round" stroke-linejoin="round">{body}</g></svg>\n'
    )


def picture(figure: Figure, frame: str, side: str, name: str) -> str:
    """One frame of a figure for the worked side, as the text of an SVG file."""
    plan = layout(key_of(figure))
    mirrored = figure.one_sided and side != figure.worked
    body = _body(key_of(figure), frame)
    if mirrored:
        middle = q(plan.box[0]) + q(plan.box[2])
        body = f'<g transform="matrix(-1 0 0 1 {middle} 0)">{body}</g>'
    body += signs(figure, frame, plan, mirrored)
    index = 0 if frame == "start" else 1
    words = side_words(figure, side, figure.words[index])
    return document(name, plan.box, plan.lines, body, title(figure, side), words)


def files(figure: Figure) -> Mapping[str, tuple[str, str]]:
    """File name without ending -> (frame, side) for all pictures of a figure."""
    if figure.kind == "option":
        stem = f"option-{figure.slug.removeprefix('option-')}"
        sides = ("left", "right") if figure.one_sided else ("both",)
        return {f"{stem}-{s}" if figure.one_sided else stem: ("start", s) for s in sides}
    sides = ("left", "right") if figure.one_sided else ("both",)
    return {
        f"{figure.slug}-{side}-{n}" if figure.one_sided else f"{figure.slug}-{n}": (frame, side)
        for side in sides
        for n, frame in ((1, "start"), (2, "end"))
    }
