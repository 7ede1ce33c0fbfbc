"""Where each box of a paper was laid out: on its page, in its cell, whole."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from exercises import pdf

WHOLE = frozenset(
    {"ex", "short", "habit", "safety", "wallet", "door", "diary-page", "item", "stop"}
)
"""Blocks that may not be split between two pages."""

HAIR, LEADING = 0.75, 4.0
"""In CSS pixels: a rounding, and how far the box of a letter may be higher than its line."""


@contextmanager
def kept() -> Iterator[list[Any]]:
    """The documents that are written meanwhile, the last one last."""
    documents: list[Any] = []
    scope = pdf._scope_headers

    def keep(document: Any, file: Any) -> None:
        documents.append(document)
        scope(document, file)

    with patch.object(pdf, "_scope_headers", keep):
        yield documents


def misplaced(document: Any) -> list[str]:
    """What is not where it belongs: words or pictures past the edge of the page's area or of their
    cell, words in the margins past the edge of the paper, and blocks that were split.
    """
    found: list[str] = []
    pages_of: defaultdict[int, set[int]] = defaultdict(set)
    names: dict[int, str] = {}
    for number, page in enumerate(document.pages, 1):
        root = page._page_box
        for child in root.children:
            area = _paper(root) if type(child).__name__ == "MarginBox" else _area(root)
            found += [f"page {number}: {told}" for told in _outside(child, area)]
        for key, name in _blocks(root):
            pages_of[key].add(number)
            names[key] = name
    return found + [f"split: {names[key]}" for key, pages in pages_of.items() if len(pages) > 1]


type Edges = tuple[float, float, float, float]
"""Left, top, right and bottom."""


def _paper(page: Any) -> Edges:
    """The whole page."""
    return 0, 0, page.margin_width(), page.margin_height()


def _area(page: Any) -> Edges:
    """The part of a page that its margins leave."""
    left, top = page.content_box_x(), page.content_box_y()
    return left, top, left + page.width, top + page.height


def _cell(box: Any) -> Edges:
    """A cell with its borders."""
    left, top = box.position_x + box.margin_left, box.position_y + box.margin_top
    return left, top, left + box.border_width(), top + box.border_height()


def _outside(box: Any, area: Edges) -> Iterator[str]:
    """Each text and picture in a box that leaves the area, or the cell that it stands in."""
    kind = type(box).__name__
    if kind == "TableCellBox":
        area = _cell(box)
    if kind == "TextBox" or hasattr(box, "replacement"):
        left, top, right, bottom = area
        ends = (box.position_x + box.width, box.position_y + box.height)
        aside = max(left - box.position_x, ends[0] - right)
        above = max(top - box.position_y, ends[1] - bottom)
        if aside > HAIR or above > LEADING:
            yield f"{getattr(box, 'text', 'a picture')!r} past the edge by {aside:.1f}, {above:.1f}"
    for child in getattr(box, "children", ()):
        yield from _outside(child, area)


def _blocks(box: Any) -> Iterator[tuple[int, str]]:
    """Each block on a page that has to be whole: which element, and its class."""
    for child in getattr(box, "children", ()):
        element = getattr(child, "element", None)
        classes = set() if element is None else set(element.get("class", "").split())
        if classes & WHOLE:
            yield id(element), " ".join(sorted(classes))
        yield from _blocks(child)


def small(document: Any, least: float) -> list[str]:
    """The boxes to fill in of the diary that are less wide or high than this, in CSS pixels."""
    return [
        f"a box of the diary is {box.border_width():.1f} by {box.border_height():.1f} px"
        for page in document.pages
        for box in _cells(page._page_box, inside=False)
        if min(box.border_width(), box.border_height()) < least
    ]


def _cells(box: Any, *, inside: bool) -> Iterator[Any]:
    """The data cells of tables of the diary."""
    element = getattr(box, "element", None)
    inside = inside or (element is not None and element.get("class") == "diary")
    if inside and type(box).__name__ == "TableCellBox" and box.element_tag == "td":
        yield box
    for child in getattr(box, "children", ()):
        yield from _cells(child, inside=inside)
