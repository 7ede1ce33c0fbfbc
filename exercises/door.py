"""The way from a printed plan to its page: a QR code for a camera, a short code for typing.

Both are secrets that stand on the paper only. They are made before a print, handed to the renderer
in memory and kept as digests (`services.paper_links`). Neither says anything of a patient.
"""

import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy

from chiro.practice.links import new_token

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""What a code is made of: no 0, O, 1, I, L or U, which are misread or misheard."""

CODE_LENGTH = 12
"""12 of 30 signs are 59 bits; a code counts only together with the birth date."""

GROUP = 4
QUIET_MODULES = 4
"""The white edge of a QR code that its standard asks for."""

TITLE = gettext_lazy("Your plan on a phone")
PICTURE = gettext_lazy(
    "QR code that opens this plan on a phone. The address and code beside it do the same."
)


@dataclass(frozen=True, slots=True)
class Door:
    """One way to one patient's plan. Its secrets do not show in a log or an error."""

    token: str = field(repr=False)
    code: str = field(repr=False)

    def printed(self) -> dict[str, object]:
        """What the paper shows of it, ready for a template.

        The address comes in parts, between which a line may end.
        """
        way = reverse("exercises:open_link", args=[self.token])
        size, path = _squares(f"{settings.PUBLIC_BASE_URL}{way}")
        groups = [self.code[at : at + GROUP] for at in range(0, CODE_LENGTH, GROUP)]
        return {
            "title": str(TITLE),
            "address": [part for part in re.split(r"(?<=[./])", short_address()) if part],
            "code": " ".join(groups),
            "picture": str(PICTURE),
            "size": size,
            "path": path,
        }


def new() -> Door:
    """A fresh way, which nobody knows yet."""
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    return Door(token=new_token(), code=code)


def through(content: Mapping[str, object], door: Door) -> dict[str, object]:
    """The content of a plan with the way to it, for one print. It is not to be stored."""
    return {**content, "door": door.printed()}


def short_address() -> str:
    """The address to type, without the part that a browser adds by itself."""
    return f"{settings.PUBLIC_BASE_URL}{reverse('exercises:plan')}".split("://", 1)[-1]


def read_code(typed: str) -> str | None:
    """The code that somebody typed, in any case and grouping; None for what cannot be one."""
    code = "".join(sign for sign in typed.upper() if sign.isalnum())
    if len(code) != CODE_LENGTH or not set(code) <= set(CODE_LETTERS):
        return None
    return code


def _squares(address: str) -> tuple[int, str]:
    """The QR code of an address: its edge in modules, and its dark modules as an SVG path."""
    code = segno.make(address, error="m", micro=False, boost_error=False)
    rows = [[bool(module) for module in row] for row in code.matrix_iter(border=QUIET_MODULES)]
    return len(rows), "".join(_runs(rows))


def _runs(rows: list[list[bool]]) -> Iterator[str]:
    """A rectangle for each unbroken dark run of each row."""
    for y, row in enumerate(rows):
        x = 0
        for dark, run in groupby(row):
            width = len(list(run))
            if dark:
                yield f"M{x} {y}h{width}v1h-{width}z"
            x += width
