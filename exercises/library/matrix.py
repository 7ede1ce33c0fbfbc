"""The filter matrix: who may not do which card, and the note on a card that stays.

Core: standard library only. The rows are `tables/matrix.toml`; nothing here chooses a card. Where
a card's own caution and a row differ, the row wins. Read by the planner and the admin.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from exercises.library.cards import BLOOD_THINNERS, EQUIPMENT, LANGUAGE, POSITIONS, TAGS, Card, Kind
from exercises.library.reading import DIFFICULTY, Table, parse

FILE = Path(__file__).parent / "tables" / "matrix.toml"

OUTER_HIP_PAIN_BOTH_SIDES = "outer_hip_pain_both_sides"
PAINFUL_STANCE = "painful_stance"
FACTS = (*TAGS, OUTER_HIP_PAIN_BOTH_SIDES, PAINFUL_STANCE, BLOOD_THINNERS)
"""What a row may be about: the safety tags and what the contract adds to them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """Words for the cards that it selects; an empty selection means every exercise."""

    slugs: tuple[str, ...]
    positions: tuple[str, ...]
    kinds: tuple[str, ...]
    words: Mapping[str, str]

    def fits(self, card: Card) -> bool:
        """Whether this note is for that card."""
        if self.slugs:
            return card.slug in self.slugs
        if self.positions:
            return card.position in self.positions
        return not self.kinds or card.kind in self.kinds


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Row:
    """What one fact about a patient removes and which notes it prints, the most special first."""

    when: str
    remove: frozenset[str]
    strength_above: int | None
    notes: tuple[Note, ...]

    def note(self, card: Card) -> str:
        """The note on that card, or ""."""
        return next((note.words[LANGUAGE] for note in self.notes if note.fits(card)), "")

    def closes(self, card: Card) -> bool:
        """Whether nobody of whom this holds may do that card."""
        if card.slug in self.remove or self.when in card.closed_for:
            return True
        above = self.strength_above
        return above is not None and card.kind is Kind.STRENGTH and card.difficulty > above


@dataclass(frozen=True, kw_only=True, slots=True)
class Filter:
    """The matrix for one patient: the rows that hold of them, and the cards that they may not do.

    Strength cards above the difficulty `strength_above` are closed too; None closes none.
    """

    rows: tuple[Row, ...]
    lacking: frozenset[str]  # what needs equipment that the patient does not have
    closed: frozenset[str]  # the same, and what a row removes
    strength_above: int | None
    owned: frozenset[str]

    def open(self, card: Card) -> bool:
        """Whether this patient may do that card, whatever its stage."""
        if card.slug in self.closed or card.closed_for or card.needs:
            return not self.blocking(card) and not self.lacks(card)
        above = self.strength_above
        return above is None or card.kind is not Kind.STRENGTH or card.difficulty <= above

    def blocking(self, card: Card) -> tuple[str, ...]:
        """The facts about this patient that close that card; equipment is none."""
        return tuple(row.when for row in self.rows if row.closes(card))

    def lacks(self, card: Card) -> bool:
        """Whether that card needs what this patient does not have."""
        return card.slug in self.lacking or not self.owned.issuperset(card.needs)

    def notes(self, card: Card) -> tuple[str, ...]:
        """The notes to print on that card: each row's, or the card's own where a row has none."""
        found = dict.fromkeys(_note_on(row, card) for row in self.rows)
        return tuple(words for words in found if words)


@lru_cache(maxsize=4096)
def _note_on(row: Row, card: Card) -> str:
    return row.note(card) or card.caution(row.when)


@dataclass(frozen=True, kw_only=True, slots=True)
class Matrix:
    """All rows in order, and card -> the equipment that it cannot do without."""

    rows: tuple[Row, ...]
    needs: Mapping[str, str]

    def of(self, facts: Collection[str], owned: Collection[str]) -> Filter:
        """What holds for a patient with these facts and this equipment."""
        rows = tuple(row for row in self.rows if row.when in facts)
        lacking = frozenset(slug for slug, need in self.needs.items() if need not in owned)
        limits = [row.strength_above for row in rows if row.strength_above is not None]
        return Filter(
            rows=rows,
            lacking=lacking,
            closed=lacking.union(*(row.remove for row in rows)),
            strength_above=min(limits, default=None),
            owned=frozenset(owned),
        )


@lru_cache(maxsize=1)
def load() -> Matrix:
    """The matrix. Raises CardError when its file does not hold."""
    table = parse(FILE.name, FILE.read_text(encoding="utf-8"))
    rows = tuple(_row(row) for row in table.tables("row"))
    needs = MappingProxyType(dict(_needs(table.table("needs"))))
    table.done()
    return Matrix(rows=rows, needs=needs)


def _row(table: Table) -> Row:
    row = Row(
        when=table.one_of("when", FACTS),
        remove=frozenset(table.texts("remove", default=[])),
        strength_above=table.whole("remove_strength_above_difficulty", DIFFICULTY, default=None),
        notes=tuple(_note(note) for note in table.tables("note")),
    )
    table.done()
    return row


def _note(table: Table) -> Note:
    note = Note(
        slugs=table.texts("slugs", default=[]),
        positions=table.some_of("positions", POSITIONS, default=[]),
        kinds=table.some_of("kinds", list(Kind), default=[]),
        words=MappingProxyType({LANGUAGE: table.text(LANGUAGE)}),
    )
    table.done()
    return note


def _needs(table: Table) -> Iterator[tuple[str, str]]:
    for equipment in EQUIPMENT:
        for slug in table.texts(equipment, default=[]):
            yield slug, equipment
    table.done()
