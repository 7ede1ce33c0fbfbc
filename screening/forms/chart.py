"""The body chart: which drawn zone belongs to which box of the list, and the styles that tie them.

The figure engine draws the two views and writes `static/figures/chart-zones.json`. Without that
file the page shows the list alone. No script is needed: each zone is a second label of its box.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.utils.translation import gettext_lazy

_LEFT, _RIGHT = gettext_lazy("LEFT"), gettext_lazy("RIGHT")
VIEWS = {
    "back": (gettext_lazy("Back of you"), _LEFT, _RIGHT),
    "front": (gettext_lazy("Front of you"), _RIGHT, _LEFT),
}
"""View -> its title and the patient's own side at the left and at the right of the drawing."""


@dataclass(frozen=True, kw_only=True)
class Zone:
    """One zone of one view. `name` goes into class names; `percent` is left, top, width, height.

    A `mirrored` zone has the path of the same place of the other side: the body is even, and the
    same words twice weigh next to nothing on the wire.
    """

    place: str
    name: str
    path: str
    mirrored: bool
    percent: tuple[float, ...]
    target: str = ""


@dataclass(frozen=True, kw_only=True)
class View:
    """The body from one side, with its zones."""

    name: str
    title: str
    left: str
    right: str
    picture: str
    box: str
    zones: tuple[Zone, ...]


def views(ids: Mapping[str, str]) -> tuple[View, ...]:
    """The drawn views; `ids` gives the id of the box of each place."""
    return tuple(_view(name, ids) for name in VIEWS if name in _drawn())


def _view(name: str, ids: Mapping[str, str]) -> View:
    title, left, right = VIEWS[name]
    drawn = _drawn()[name]
    paths = {str(raw["zone"]): str(raw["path"]) for raw in drawn["zones"]}
    return View(
        name=name,
        title=str(title),
        left=str(left),
        right=str(right),
        picture=f"chart-{name}",
        box=" ".join(str(number) for number in drawn["viewBox"]),
        zones=tuple(_zone(raw, paths, ids) for raw in drawn["zones"]),
    )


def _zone(raw: Mapping[str, Any], paths: Mapping[str, str], ids: Mapping[str, str]) -> Zone:
    place = str(raw["zone"])
    other = place.replace(":right", ":left")
    return Zone(
        place=place,
        name=place.replace(":", "-").replace("_", "-"),
        path=paths[other],
        mirrored=other != place,
        percent=tuple(raw["hit_percent"]),
        target=ids.get(place, ""),
    )


@cache
def _drawn() -> Mapping[str, Any]:
    found = finders.find("figures/chart-zones.json")
    if not found:
        return {}
    drawn: Mapping[str, Any] = json.loads(Path(str(found)).read_text())
    return drawn


# --- styles -----------------------------------------------------------------------------------


def styles() -> str:
    """The rules that lie the labels over the zones, and mark the zones whose box is ticked."""
    drawn = views({})
    hits = [
        f".hit-{view.name}-{zone.name} {{\n{_box(zone.percent)}}}\n"
        for view in drawn
        for zone in view.zones
    ]
    zones = {zone.place: zone.name for view in drawn for zone in view.zones}
    checked = _rule(zones.items(), ":checked", CHECKED)
    focused = _rule(zones.items(), ":focus-visible", FOCUSED)
    return "".join([*hits, checked, focused])


CHECKED = "  fill: var(--muscle);\n  stroke: var(--plate-ink);\n  stroke-width: 5;\n"
FOCUSED = "  stroke: var(--plate-ink);\n  stroke-width: 14;\n"


def _box(percent: Iterable[float]) -> str:
    names = ("left", "top", "width", "height")
    return "".join(f"  {n}: {p:g}%;\n" for n, p in zip(names, percent, strict=True))


def _rule(zones: Iterable[tuple[str, str]], state: str, body: str) -> str:
    selectors = [
        f'.where-it-hurts:has(input[value="{place}"]{state}) .zone-{name}' for place, name in zones
    ]
    return ",\n".join(selectors) + " {\n" + body + "}\n"
