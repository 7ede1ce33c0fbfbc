"""Two people, one record: what to keep when the second one saves. Pure.

The page carries the values that it was opened with. When the record has moved on, each value is
compared three ways: what only the other person changed is taken over, what only this person changed
is kept, and where both did, this person's value stays in the form and the other one is shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass

type Value = str | list[str]
type Values = Mapping[str, Value]

ROWS = "row"
"""The one name whose values are an ordered list of rows; a row's fields are `row-SLUG-FIELD`."""


@dataclass(frozen=True, kw_only=True)
class Clash:
    """One value that both people changed, each in their own way."""

    name: str
    opened: Value
    mine: Value
    theirs: Value


@dataclass(frozen=True, kw_only=True)
class Merged:
    """The values to show in the form, what both changed, and what only the other one changed."""

    values: dict[str, Value]
    clashes: tuple[Clash, ...]
    taken: tuple[str, ...]


def merge(*, opened: Values, mine: Values, theirs: Values) -> Merged:
    """Compare the values three ways; absent and empty are the same."""
    values: dict[str, Value] = {}
    clashes, taken = [], []
    for name in dict.fromkeys((*mine, *theirs)):
        base, own, other = (source.get(name, "") for source in (opened, mine, theirs))
        if name in mine and _row_of(name) and _row_of(name) not in theirs.get(ROWS, []):
            values[name] = own
        elif own in (other, base):
            values[name] = other
            if own != other:
                taken.append(name)
        elif name == ROWS:
            values[name] = _merge_rows(opened, mine, theirs)
        else:
            values[name] = own
            if other != base:
                clashes.append(Clash(name=name, opened=base, mine=own, theirs=other))
    return Merged(values=values, clashes=tuple(clashes), taken=tuple(taken))


def _merge_rows(opened: Values, mine: Values, theirs: Values) -> list[str]:
    """My rows in my order, with those the other one added and without those only they removed."""
    base, own, other = (list(source.get(ROWS, [])) for source in (opened, mine, theirs))
    added = [row for row in other if row not in base and row not in own]
    kept = [row for row in own if row in other or row not in base or _edited(row, opened, mine)]
    return [*kept, *added]


def _row_of(name: str) -> str:
    """The slug in `row-SLUG-FIELD`; "" for any other name."""
    return name.removeprefix(f"{ROWS}-").rpartition("-")[0] if name.startswith(f"{ROWS}-") else ""


def _edited(row: str, opened: Values, mine: Values) -> bool:
    prefix = f"{ROWS}-{row}-"
    return any(
        value != opened.get(name, "") for name, value in mine.items() if name.startswith(prefix)
    )
