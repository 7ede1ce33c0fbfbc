"""The drawings of a plan on a page: addresses, sizes and, where asked for, the moving figure.

Sizes are read once from the head of the committed drawings, so that a page keeps their place free
before they arrive; nothing is drawn here.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext

from chiro.practice.translation import translated
from exercises import figures, handout
from exercises.shelf import PICTURE

HEAD_BYTES = 400
SQUARE_FROM, WIDE_FROM = 1.0, 1.6
"""Width by height from which a frame counts as square and as wide."""


@lru_cache(maxsize=512)
def size(name: str) -> tuple[int, int]:
    """Width and height of a drawing among the static files; (0, 0) where there is none."""
    found = finders.find(name)
    if found is None:
        return 0, 0
    with Path(found).open(encoding="utf-8") as file:
        match = re.search(r' width="(\d+)" height="(\d+)"', file.read(HEAD_BYTES))
    return (int(match[1]), int(match[2])) if match else (0, 0)


def address(file: str) -> str:
    """What an `img` loads: a drawing among the static files, or a picture of the practice's own."""
    if file.startswith(PICTURE):
        return reverse("exercises:own_picture", args=[file.removeprefix(PICTURE)])
    return static(file)


def for_page(content: Mapping[str, Any], *, moving: bool = False) -> dict[str, Any]:
    """A plan's content with addresses and sizes of its pictures; with the moving ones if wanted."""
    sheet = handout.with_pictures(content, address)
    sheet["habits"] = [_sized(card) for card in sheet["habits"]]
    sheet["exercises"] = [_sized(card) for card in sheet["exercises"]]
    if moving:
        sheet["exercises"] = [
            {**card, "moving": _moving(card), "bad_day": _easier(card)}
            for card in sheet["exercises"]
        ]
    return sheet


def _easier(card: Mapping[str, Any]) -> dict[str, Any] | None:
    """The card for a bad day with its pictures; None where the plan holds none."""
    easier = card.get("bad_day")
    if not easier:
        return None
    pictures = [{**picture, "src": address(picture["file"])} for picture in easier["pictures"]]
    return _sized({**easier, "pictures": pictures})


def _sized(card: Mapping[str, Any]) -> dict[str, Any]:
    pictures = []
    for picture in card["pictures"]:
        width, height = size(picture["file"])
        pictures.append({"width": width, "height": height, **picture})
    shape = _shape(pictures[0]["width"], pictures[0]["height"]) if pictures else ""
    return {**card, "pictures": pictures, "shape": shape, "tall": shape == "tall"}


def _shape(width: int, height: int) -> str:
    """ "tall", "square" or "wide": how much room a frame is given."""
    if width < height * SQUARE_FROM:
        return "tall"
    return "square" if width < height * WIDE_FROM else "wide"


def _moving(card: Mapping[str, Any]) -> dict[str, Any] | None:
    """The film strip of a card, for the side that its pictures show; None where there is none."""
    slug, side = card["slug"], card["side"] or "both"
    if not card["pictures"] or slug not in figures.figure_names():
        return None
    file = figures.moving_file(slug, side)
    width, height = size(file)
    if not width:
        return None
    shown = " ".join(translated(sentence) for sentence in figures.sentences(slug, side))
    words = gettext("{title}, moving. {shown}").format(
        title=translated(figures.title(slug, side)), shown=shown
    )
    return {"src": static(file), "alt": words, "width": width, "height": height}
