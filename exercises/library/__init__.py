"""The shelf of exercise and habit cards: one TOML file a card, checked whole when loaded.

Core: standard library only. To add a card, add its file; nothing else lists the cards. Read by
the planner, the paper, the pages, the admin and the drawings.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from exercises.library import ladders
from exercises.library.cards import (
    LADDERS,
    STAGES,
    Card,
    Dose,
    Emg,
    Habit,
    Kind,
    Pose,
    Sides,
    Words,
)
from exercises.library.reading import CardError, read_card

__all__ = [
    "Card", "CardError", "Dose", "Emg", "Habit", "Kind", "Pose", "Sides", "Words", "load", "read",
]  # fmt: skip

FOLDER = Path(__file__).parent


@lru_cache(maxsize=1)
def load() -> Mapping[str, Card]:
    """Slug -> card, by stage, ladder and difficulty. Raises CardError when a file does not hold."""
    return read(FOLDER)


def read(folder: Path) -> Mapping[str, Card]:
    """The cards of a folder, checked one by one and with each other.

    Raises CardError that names the file and the field.
    """
    files = sorted(folder.glob("*.toml"))
    cards = [read_card(file.name, file.read_text(encoding="utf-8")) for file in files]
    shelf = MappingProxyType({card.slug: card for card in sorted(cards, key=_place)})
    ladders.check(shelf)
    return shelf


def _place(card: Card) -> tuple[int, int, int, str]:
    ladder = LADDERS.index(card.ladder) if card.ladder else len(LADDERS)
    return STAGES.index(card.stage), ladder, card.difficulty, card.slug
