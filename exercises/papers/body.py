"""The body chart: both views, every zone with the code that the staff keys in, or what is marked.

The drawings and their zones are the committed ones of the web page; the codes are those of the
boxes beside the same places in the table, so that a mark in either is keyed in the same way.
"""

import json
import re
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.utils.translation import gettext as _

ZONES = "figures/chart-zones.json"
DROP = 10
"""How far below its zone's middle a code stands on its line, in units of the drawing."""

SLIM = 30
"""A zone less wide than this holds no code: it stands beside the body, with a line to its zone."""

BESIDE, LINE_ENDS = 132, 108
"""How far from the middle such a code stands, and its line ends."""


def views(codes: Mapping[str | int, str]) -> list[dict[str, Any]]:
    """Back and front: drawing, what it shows, and each zone's code with its place on it.

    `codes` are the question's, option -> code.
    """
    words = {
        "back": (_("Your back. Left is left."), _("The body seen from the back.")),
        "front": (_("Your front. Left is on the right."), _("The body seen from the front.")),
    }
    return [
        {
            "file": f"figures/chart-{view}.svg",
            "title": title,
            "alt": alt,
            "box": " ".join(map(str, _zones()[view]["viewBox"])),
            "zones": [_code(zone, codes) for zone in _zones()[view]["zones"]],
        }
        for view, (title, alt) in words.items()
        if view in _zones()
    ]


def marked(places: Collection[str]) -> list[dict[str, Any]]:
    """Back and front with the outlines of the zones that were marked, for staff; in English."""
    titles = {"back": "Back. Left is left.", "front": "Front. Left is on the right."}
    return [
        {
            "file": f"figures/chart-{view}.svg",
            "title": title,
            "box": " ".join(map(str, _zones()[view]["viewBox"])),
            "corner": _zones()[view]["viewBox"],
            "paths": [zone["path"] for zone in _zones()[view]["zones"] if zone["zone"] in places],
            "zones": [zone["label"] for zone in _zones()[view]["zones"] if zone["zone"] in places],
        }
        for view, title in titles.items()
        if view in _zones()
    ]


def _code(zone: Mapping[str, Any], codes: Mapping[str | int, str]) -> dict[str, Any]:
    left, top, right, bottom = _box(zone["path"])
    x, y, line = (left + right) // 2, (top + bottom) // 2, ""
    if right - left < SLIM:
        out = 1 if x > 0 else -1
        line, x = f"M{x} {y}H{out * LINE_ENDS}", out * BESIDE
    return {"code": codes[zone["zone"]], "x": x, "y": y + DROP, "line": line}


def _box(path: str) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of a closed path of curves ("M0 0c…z"), by their ends."""
    numbers = [int(number) for number in re.findall(r"-?\d+", path)]
    x, y = numbers[:2]
    xs, ys = [x], [y]
    for at in range(2, len(numbers) - 5, 6):
        x, y = x + numbers[at + 4], y + numbers[at + 5]
        xs.append(x)
        ys.append(y)
    return min(xs), min(ys), max(xs), max(ys)


@cache
def _zones() -> dict[str, Any]:
    """The committed zones of both views; none if not drawn: the table stands alone."""
    found = finders.find(ZONES)
    if not found:
        return {}
    zones: dict[str, Any] = json.loads(Path(found).read_text(encoding="utf-8"))
    return zones
