"""Parts of pages that are the same for everybody: printed once in each language, then kept.

Nothing that a person said or is may stand in such a part: no answer, no name, no one-time code.
What it depends on is in its key. A process keeps its own parts and forgets them when it ends.
"""

from collections.abc import Callable, Hashable

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import get_language

MOST = 2_000
"""How many parts are kept. A page has a handful, so this is every page in ten languages."""

_kept: dict[Hashable, SafeString] = {}


def kept(key: Hashable, make: Callable[[], SafeString]) -> SafeString:
    """The part with this key in the active language; `make` prints it the first time."""
    whole = (key, get_language())
    found = _kept.get(whole)
    if found is None or settings.DEBUG:
        found = make()
        if len(_kept) >= MOST:
            _kept.clear()
        _kept[whole] = found
    return found


def forget() -> None:
    """Print every part anew from now on, because words or templates changed."""
    _kept.clear()
