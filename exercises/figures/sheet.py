"""The contact sheet: everything that is drawn on one A4 page, for a clinician to check at once.

Core: standard library only.
"""

import re
from dataclasses import dataclass
from xml.sax.saxutils import escape

from exercises.figures import palette
from exercises.figures.catalogue import title
from exercises.figures.chart import chart
from exercises.figures.composition import files, picture
from exercises.figures.pelvis import RESULTS, pelvis
from exercises.figures.pose_files import Figure, figures

WIDE, HIGH = 2100, 2970
"""Tenths of a millimetre."""
MARGIN, CAPTION, PAIRS, SINGLES = 50, 40, 4, 8
LEVELS = {"possible": "possible", "likely": "likely", "unlikely": "no side"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of the sheet: a heading and one or two drawings."""

    heading: str
    drawings: tuple[str, ...]


def _of(figure: Figure) -> Cell:
    """A figure's frames for the side they were drawn for."""
    frames = [
        picture(figure, frame, side, name)
        for name, (frame, side) in files(figure).items()
        if side in (figure.worked, "both")
    ]
    return Cell(title(figure.slug, figure.worked), tuple(frames))


def cells() -> tuple[list[Cell], list[Cell]]:
    """The fields with two frames, and those with one."""
    kinds = ("exercise", "habit")
    order = sorted(figures().values(), key=lambda f: (f.kind != "exercise", f.slug))
    pairs = [_of(f) for f in order if f.kind in kinds]
    singles = [_of(f) for f in order if f.kind == "option"]
    singles += [Cell(f"Body chart, {view}", (chart(view),)) for view in ("front", "back")]
    singles += [
        Cell(f"Pelvis: {overall}, {LEVELS[level]}", (pelvis(overall, level),))
        for overall, level in RESULTS
    ]
    return pairs, singles


def _nested(svg: str, x: float, y: float, w: float, h: float) -> str:
    """A file's drawing as a part of the sheet, without ids, fitted into a box."""
    view = re.search(r'viewBox="([^"]+)"', svg)
    body = re.search(r"(<g fill=.*</g>)</svg>", svg, re.S)
    if view is None or body is None:
        raise ValueError("not a drawing of this engine")
    place = f'x="{x:.0f}" y="{y:.0f}" width="{w:.0f}" height="{h:.0f}"'
    return f'<svg {place} viewBox="{view[1]}">{body[1]}</svg>'


def _lines(heading: str, room: int) -> list[str]:
    """A heading in one line, or in two when it is longer than `room` letters."""
    if len(heading) <= room:
        return [heading]
    words, first = heading.split(), ""
    while words and len(f"{first} {words[0]}") <= room:
        first = f"{first} {words.pop(0)}".strip()
    return [first, " ".join(words)]


def _field(cell: Cell, x: float, y: float, w: float, h: float) -> str:
    """A white field with its drawings and its heading under them."""
    plate = f"M{x + 4:.0f} {y + 4:.0f}h{w - 8:.0f}v{h - 8:.0f}h{8 - w:.0f}z"
    text = (
        f'<path d="{plate}" fill="{palette.PAPER}" stroke="{palette.MAT_SIDE}" stroke-width="2"/>'
    )
    part = (w - 20) / len(cell.drawings)
    for i, drawing in enumerate(cell.drawings):
        text += _nested(drawing, x + 10 + i * part, y + 10, part, h - CAPTION - 22)
    for i, words in enumerate(_lines(cell.heading, int(w / 9.5))):
        text += (
            f'<text x="{x + w / 2:.0f}" y="{y + h - CAPTION + 8 + i * 22:.0f}" font-size="19"'
            f' font-family="sans-serif" text-anchor="middle" fill="{palette.INK}">'
            f"{escape(words)}</text>"
        )
    return text


def sheet() -> str:
    """The text of an A4 SVG with everything that is drawn, film strips excepted."""
    pairs, singles = cells()
    rows = -(-len(pairs) // PAIRS) + -(-len(singles) // SINGLES)
    h = (HIGH - 2 * MARGIN) / rows
    text = ""
    top: float = MARGIN
    for group, columns in ((pairs, PAIRS), (singles, SINGLES)):
        w = (WIDE - 2 * MARGIN) / columns
        for i, cell in enumerate(group):
            text += _field(cell, MARGIN + i % columns * w, top + i // columns * h, w, h)
        top += -(-len(group) // columns) * h
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="210mm" height="297mm"'
        f' viewBox="0 0 {WIDE} {HIGH}"><title>All drawings</title>'
        f'<path d="M0 0H{WIDE}V{HIGH}H0z" fill="#f4f6f8"/>{text}</svg>\n'
    )
