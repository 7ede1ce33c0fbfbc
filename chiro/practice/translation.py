"""Words of the core in the language of the page: what a patient reads, looked up as a whole.

The core holds plain English sentences. `translated` gives a sentence in the active language, or the
English where a catalogue lacks it. Nothing is put together here: a sentence with a gap is
translated with its gap, and filled afterwards.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """One sentence for the catalogues: where it stands, what a translator should know.

    `safety` marks what a patient must not misread: a practice is told how many of these no person
    has reviewed.
    """

    english: str
    file: str
    note: str = ""
    safety: bool = False


def translated(english: str) -> str:
    """A sentence in the active language; nothing for nothing."""
    return gettext(english) if english else ""


def filled(english: str, **gaps: Any) -> str:
    """A sentence with gaps in the active language, and what stands in the gaps."""
    return translated(english).format(**gaps)


def translated_all(sentences: Any) -> Iterator[str]:
    """Each sentence in the active language."""
    return (translated(sentence) for sentence in sentences)
