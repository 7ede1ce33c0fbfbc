"""Lines of a drawing that stay visible on paper: never thinner than 0.35 mm, however small it is.

A drawing is made in its own units, so that its lines shrink with it. `kept` returns a copy whose
thin lines are as wide as the printed size needs. Pure: an element tree and a width. Read by `pdf`.
"""

from copy import deepcopy
from xml.etree.ElementTree import Element

DRAWING = "drawing:"
"""What the address of a committed drawing begins with, in a page that becomes a paper."""

LEAST_MM = 0.36
"""The thinnest line in print; a hair above the 0.35 mm that are promised, for rounding."""

PIXELS_PER_MM = 96 / 25.4
WIDTH = "stroke-width"


def kept(svg: Element, width: float) -> Element:
    """A copy of a drawing to be printed `width` CSS pixels wide; its own lines where they do."""
    drawn = deepcopy(svg)
    least = LEAST_MM * PIXELS_PER_MM * _units_wide(svg) / width
    for parent in drawn.iter():
        before: Element | None = None
        for part in parent:
            _thicken(part, least)
            if before is not None and _is_edge(before, part):
                _set(before, max(_wide(before), _wide(part) + 2 * least))
            before = part
    return drawn


def _units_wide(svg: Element) -> float:
    """How many of its own units a drawing is wide."""
    return float(svg.attrib["viewBox"].split()[2])


def _thicken(part: Element, least: float) -> None:
    if WIDTH in part.attrib and _wide(part) < least:
        _set(part, least)


def _is_edge(under: Element, over: Element) -> bool:
    """Whether a line lies under a narrower one of the same way: only its two edges are seen."""
    same = under.get("d") == over.get("d") is not None
    return same and WIDTH in under.attrib and WIDTH in over.attrib and _wide(under) > _wide(over)


def _wide(part: Element) -> float:
    return float(part.attrib[WIDTH])


def _set(part: Element, width: float) -> None:
    part.set(WIDTH, f"{width:.2f}")
