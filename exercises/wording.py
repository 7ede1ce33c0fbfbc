"""What a patient reads of the library, the planner and the drawings, for the catalogues.

The library's files stay English, because the clinician reads them; `handout` translates each
sentence when it writes a plan. `words` lists them all.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language

from chiro.practice.translation import Words, translated
from exercises import figures, library
from exercises.library import Card, matrix
from exercises.library.cards import LANGUAGE, WORKED_SIDES
from exercises.planner.tables import OVERUSE_ADVICE, REASONS
from screening.wording import FOLLOWS_TOLD

SIDES = ("left", "right", "both")
NEXT_CARD = ", then try the next card"
"""How the library ends `too_easy` where there is a harder card; a plan prints that card's name."""


def cards_in_language() -> Mapping[str, Card]:
    """The library with its words in the active language; everything else stays.

    The rule for moving up is without `NEXT_CARD`, since a plan names that card itself.
    """
    return _cards(get_language() or "")


@lru_cache(maxsize=16)
def _cards(language: str) -> Mapping[str, Card]:
    return {slug: _card(card) for slug, card in library.load().items()}


def _card(card: Card) -> Card:
    said = card.words[LANGUAGE]
    texts = {name: translated(getattr(said, name)) for name in ONE_SENTENCE}
    words = replace(
        said,
        **texts,
        too_easy=translated(said.too_easy.replace(NEXT_CARD, "")),
        steps=tuple(map(translated, said.steps)),
        mistakes=tuple(map(translated, said.mistakes)),
        cautions={tag: translated(text) for tag, text in said.cautions.items()},
    )
    return replace(card, words={LANGUAGE: words})


ONE_SENTENCE = ("title", "purpose", "cue", "feel", "too_hard", "advice", "target", "evidence")
"""The words of a card that are one sentence or one paragraph each."""


def words() -> Iterator[Words]:
    """Every sentence of plans and drawings that a patient reads, a card after the other."""
    yield from _of(REASONS.values(), "exercises/planner", note=FOLLOWS_TOLD)
    yield from _of([OVERUSE_ADVICE], "exercises/planner")
    legs = (f"{side} {worked}" for side in ("LEFT", "RIGHT") for worked in _worked())
    yield from _of(legs, "exercises/library/cards.py", note="The leg that works; side in capitals.")
    for card in library.load().values():
        yield from _card_words(card)
    for row in matrix.load().rows:
        notes = (note.words[LANGUAGE] for note in row.notes)
        yield from _of(notes, "exercises/library/tables/matrix.toml", note=f"For {row.when}.")
    for name in figures.figure_names():
        yield from _figure_words(name)


def _worked() -> Iterable[str]:
    return dict.fromkeys(["side", *WORKED_SIDES.values()])


def _of(english: Iterable[str], file: str, **rest: Any) -> Iterator[Words]:
    return (Words(english=text, file=file, **rest) for text in english if text)


def _card_words(card: Card) -> Iterator[Words]:
    file, said = f"exercises/library/{card.slug}.toml", card.words[LANGUAGE]
    yield from _of([said.title], file, note="Name of the card.")
    yield from _of([said.purpose], file, note="What it is for.")
    yield from _of(said.steps, file, note="Step.")
    yield from _of(said.mistakes, file, note="A mistake to avoid. Begins with a capital.")
    yield from _of([said.cue], file, note="What to think of.")
    yield from _of([said.feel], file, note="Where it should be felt.")
    yield from _of(
        [said.too_hard, said.too_easy.replace(NEXT_CARD, "")],
        file,
        note="When it is too hard, too easy.",
    )
    yield from _of([said.advice, said.target, said.evidence], file)
    yield from _of(said.cautions.values(), file, note="Caution.", safety=True)


def _figure_words(name: str) -> Iterator[Words]:
    file, note = "exercises/figures", f"What the drawing {name} shows."
    yield from _of(dict.fromkeys(figures.title(name, side) for side in SIDES), file, note=note)
    shown = (sentence for side in SIDES for sentence in figures.sentences(name, side))
    yield from _of(dict.fromkeys(shown), file, note=note)
