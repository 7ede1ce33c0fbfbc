"""What must hold between cards: neighbours name each other, and a ladder only goes up.

Core: standard library only.
"""

from collections.abc import Mapping

from exercises.library.cards import STAGES, Card
from exercises.library.reading import CardError

_BACK = {"easier": "harder", "harder": "easier"}


def check(cards: Mapping[str, Card]) -> None:
    """Refuse cards whose ladders do not hold.

    Raises CardError about the first card that does not hold. Difficulty that strictly rises with
    every `harder` leaves no room for a circle.
    """
    for card in cards.values():
        for way, back in _BACK.items():
            _check_neighbour(card, way, back, cards)
        if card.harder:
            _check_step_up(card, cards[card.harder])
    for ladder in {card.ladder for card in cards.values()} - {""}:
        _check_one_start(ladder, cards)


def _check_neighbour(card: Card, way: str, back: str, cards: Mapping[str, Card]) -> None:
    slug = getattr(card, way)
    if not slug:
        return
    neighbour = cards.get(slug)
    if neighbour is None:
        raise _error(card, way, f"there is no card {slug!r}.")
    if neighbour.ladder != card.ladder:
        raise _error(card, way, f"{slug!r} is on another ladder.")
    if getattr(neighbour, back) != card.slug:
        raise _error(card, way, f"{slug!r} does not name this card as {back}.")


def _check_step_up(card: Card, harder: Card) -> None:
    if harder.difficulty <= card.difficulty:
        raise _error(card, "difficulty", f"is not below that of {harder.slug!r}.")
    if STAGES.index(harder.stage) < STAGES.index(card.stage):
        raise _error(card, "stage", f"is above that of {harder.slug!r}.")


def _check_one_start(ladder: str, cards: Mapping[str, Card]) -> None:
    starts = [card for card in cards.values() if card.ladder == ladder and not card.easier]
    if len(starts) > 1:
        raise _error(starts[1], "easier", f"ladder {ladder} already starts at {starts[0].slug!r}.")


def _error(card: Card, field: str, wrong: str) -> CardError:
    return CardError(f"{card.slug}.toml", field, wrong)
