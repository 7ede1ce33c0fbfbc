"""Moving figures: a film strip of poses in between, side by side in one picture.

The page shows one frame's width of the strip and a static stylesheet moves it in steps, so no page
needs a script or an inline style. Core: standard library only.
"""

from functools import lru_cache

from exercises.figures.composition import (
    FigureKey,
    document,
    key_of,
    layout,
    shadow_of,
    side_words,
    title,
)
from exercises.figures.curves import q
from exercises.figures.marks import hip_line
from exercises.figures.painting import paint
from exercises.figures.pose_files import Figure
from exercises.figures.solving import between

FRAMES = 7
"""Frames of a strip, start and end included; `static/css/figures.css` counts on it."""


@lru_cache(maxsize=64)
def _frames(key: FigureKey) -> tuple[str, ...]:
    figure, lines = key.figure, layout(key).lines
    bodies = []
    for i in range(FRAMES):
        pose = between(figure.start, figure.end, _eased(i / (FRAMES - 1)))
        scene, shapes = paint(figure, pose, "end", lines)
        extra = hip_line(scene) if figure.hip_line else ""
        bodies.append(shadow_of(figure)[1] + "".join(s.svg for s in shapes) + extra)
    return tuple(bodies)


def _eased(t: float) -> float:
    """Slow at both ends, as a controlled movement is."""
    return t * t * (3 - 2 * t)


def strip(figure: Figure, side: str, name: str) -> str:
    """The film strip of a figure for the worked side, as the text of an SVG file."""
    key = key_of(figure)
    plan = layout(key)
    mirrored = figure.one_sided and side != figure.worked
    x0, x1 = q(plan.box[0]), q(plan.box[2])
    wide, text = x1 - x0, ""
    for i, body in enumerate(_frames(key)):
        if mirrored:
            place = f"matrix(-1 0 0 1 {x0 + x1 + i * wide} 0)"
        else:
            place = f"translate({i * wide} 0)"
        text += f'<g transform="{place}">{body}</g>'
    words = " ".join(side_words(figure, side, w) for w in figure.words)
    heading = f"{title(figure, side)}, moving"
    return document(name, plan.box, plan.lines, text, heading, words, FRAMES)
