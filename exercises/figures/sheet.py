"""The contact sheet: every figure on one A4 page, for a clinician to check all at once.

Core: standard library only.
"""

import re
from xml.sax.saxutils import escape

from exercises.figures import palette
from exercises.figures.catalogue import title
from exercises.figures.composition import files, picture
from exercises.figures.pose_files import Figure, figures

WIDE, HIGH = 2100, 2970
"""Tenths of a millimetre."""
COLUMNS, MARGIN, CAPTION = 4, 60, 46


def _nested(svg: str, x: float, y: float, w: float, h: float) -> str:
    """A file's drawing as a part of the sheet, without ids, fitted into a box."""
    view = re.search(r'viewBox="([^"]+)"', svg)
    body = re.search(r"(<g fill=.*</g>)</svg>", svg, re.S)
    if view is None or body is None:
        raise ValueError("not a drawing of this engine")
    return (
        f'<svg x="{x:.0f}" y="{y:.0f}" width="{w:.0f}" height="{h:.0f}" viewBox="{view[1]}">'
        f"{body[1]}</svg>"
    )


def _cell(figure: Figure, x: float, y: float, w: float, h: float) -> str:
    """The frames of a figure, in the side they were drawn for, with the heading under them."""
    frames = [
        (name, f, s) for name, (f, s) in files(figure).items() if s in (figure.worked, "both")
    ]
    part = (w - 16) / len(frames)
    text = (
        f'<rect x="{x + 4:.0f}" y="{y + 4:.0f}" width="{w - 8:.0f}" height="{h - 8:.0f}" rx="10"'
        f' fill="{palette.PAPER}" stroke="{palette.MAT_SIDE}" stroke-width="2"/>'
    )
    for i, (name, frame, side) in enumerate(frames):
        text += _nested(
            picture(figure, frame, side, name), x + 8 + i * part, y + 10, part, h - CAPTION - 14
        )
    heading = escape(title(figure.slug, figure.worked))
    size = 22 if len(heading) < 40 else 19
    return text + (
        f'<text x="{x + w / 2:.0f}" y="{y + h - 22:.0f}" font-family="sans-serif"'
        f' font-size="{size}" text-anchor="middle" fill="{palette.INK}">{heading}</text>'
    )


def sheet() -> str:
    """The text of an A4 SVG with all exercises, habits and option pictures."""
    rows: list[str] = []
    order = sorted(
        figures().values(), key=lambda f: (("exercise", "habit", "option").index(f.kind), f.slug)
    )
    pairs = [f for f in order if f.kind != "option"]
    singles = [f for f in order if f.kind == "option"]
    w = (WIDE - 2 * MARGIN) / COLUMNS
    lines = -(-len(pairs) // COLUMNS) + -(-len(singles) // (2 * COLUMNS))
    h = (HIGH - 2 * MARGIN) / lines
    for i, figure in enumerate(pairs):
        rows.append(_cell(figure, MARGIN + i % COLUMNS * w, MARGIN + i // COLUMNS * h, w, h))
    top = MARGIN + -(-len(pairs) // COLUMNS) * h
    for i, figure in enumerate(singles):
        column, row = i % (2 * COLUMNS), i // (2 * COLUMNS)
        rows.append(_cell(figure, MARGIN + column * w / 2, top + row * h, w / 2, h))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="210mm" height="297mm"'
        f' viewBox="0 0 {WIDE} {HIGH}"><rect width="{WIDE}" height="{HIGH}" fill="#f4f6f8"/>'
        f"{''.join(rows)}</svg>\n"
    )
