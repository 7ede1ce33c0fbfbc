"""What a patient reads of the library, the planner and the drawings, for the catalogues.

The library's files stay English, because the clinician reads them; `handout` translates each
sentence when it writes a plan. `words` lists them all.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from chiro.practice.translation import Words
from exercises import figures, library
from exercises.library import Card, matrix
from exercises.library.cards import LANGUAGE
from exercises.planner.tables import OVERUSE_ADVICE, REASONS
from screening.wording import FOLLOWS_TOLD

SIDES = ("left", "right", "both")


def words() -> Iterator[Words]:
    """Every sentence of plans and drawings that a patient reads, a card after the other."""
    yield from _of(REASONS.values(), "exercises/planner", note=FOLLOWS_TOLD)
    yield from _of([OVERUSE_ADVICE], "exercises/planner")
    for card in library.load().values():
        yield from _card_words(card)
    for row in matrix.load().rows:
        notes = (note.words[LANGUAGE] for note in row.notes)
        yield from _of(notes, "exercises/library/tables/matrix.toml", note=f"For {row.when}.")
    for name in figures.figure_names():
        yield from _figure_words(name)


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
    yield from _of([said.too_hard, said.too_easy], file, note="When it is too hard, too easy.")
    yield from _of([said.advice, said.target, said.evidence], file)
    yield from _of(said.cautions.values(), file, note="Caution.", safety=True)


def _figure_words(name: str) -> Iterator[Words]:
    file, note = "exercises/figures", f"What the drawing {name} shows."
    yield from _of(dict.fromkeys(figures.title(name, side) for side in SIDES), file, note=note)
    shown = (sentence for side in SIDES for sentence in figures.sentences(name, side))
    yield from _of(dict.fromkeys(shown), file, note=note)
