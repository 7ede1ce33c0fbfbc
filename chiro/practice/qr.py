"""QR codes as black squares: an edge in modules and one SVG path. Nothing is fetched or stored."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import segno

QUIET_MODULES = 4
"""The white edge of a QR code that its standard asks for."""


@dataclass(frozen=True, kw_only=True)
class Squares:
    """A QR code ready to print: its edge in modules, and its dark modules as an SVG path."""

    size: int
    path: str


def squares(address: str) -> Squares:
    """The QR code of an address."""
    code = segno.make(address, error="m", micro=False, boost_error=False)
    rows = [[bool(module) for module in row] for row in code.matrix_iter(border=QUIET_MODULES)]
    return Squares(size=len(rows), path="".join(_runs(rows)))


def _runs(rows: list[list[bool]]) -> Iterator[str]:
    """A rectangle for each unbroken dark run of each row."""
    for y, row in enumerate(rows):
        x = 0
        for dark, run in groupby(row):
            width = len(list(run))
            if dark:
                yield f"M{x} {y}h{width}v1h-{width}z"
            x += width
