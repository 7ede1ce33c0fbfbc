"""Two people, one record: what to keep when the second one saves. Pure.

The page carries the values that it was opened with. When the record has moved on, each value is
compared three ways, and everything in which the two differ becomes a line to choose on: yours or
theirs. What only one person changed is chosen beforehand as that person left it; where both changed
something, yours is. The next save brings the choices, and the values that they choose from.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

type Value = str | list[str]
type Values = Mapping[str, Value]
type Take = Literal["mine", "theirs"]

ROWS = "row"
"""The one name whose values are an ordered list of rows; a row's fields are `row-SLUG-FIELD`."""
ROW, ORDER = "has-", "order"
"""Names of lines that are no control: `has-SLUG`, whether a row stands; the order of the rows."""
ON, OFF = "on the plan", "not on the plan"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One difference: three values, which one stands in the form, and whether both changed it.

    `stale`: yours has no place in the record any more, so it can only be read.
    """

    name: str
    opened: Value
    mine: Value
    theirs: Value
    take: Take
    clash: bool
    stale: bool = False


@dataclass(frozen=True, kw_only=True)
class Merged:
    """The values to show in the form, and every line in which the two differ."""

    values: dict[str, Value]
    lines: tuple[Line, ...]


def merge(*, opened: Values, mine: Values, theirs: Values) -> Merged:
    """Compare the values three ways; absent and empty are the same."""
    lines = tuple(_lines(opened, mine, theirs))
    values: dict[str, Value] = {
        name: value for name, value in theirs.items() if not _row_of(name) and name != ROWS
    }
    if ROWS in theirs:
        values |= _with_rows(_rows(opened, mine, theirs, lines), mine, theirs)
    for line in lines:
        if line.take == "mine" and not line.stale and not _is_about_rows(line):
            values[line.name] = line.mine
    return Merged(values=values, lines=lines)


def choose(*, opened: Values, mine: Values, theirs: Values, typed: Values, takes: Values) -> Values:
    """The typed values with the lines on which another choice was made than the form showed.

    `takes` holds the choice by the name of a line. What was typed over in the form since stays.
    """
    merged = merge(opened=opened, mine=mine, theirs=theirs)
    chosen = [line for line in merged.lines if takes.get(line.name, line.take) != line.take]
    values = dict(typed)
    for line in chosen:
        other = line.theirs if line.take == "mine" else line.mine
        if line.stale:
            continue
        if line.name.startswith(ROW):
            _put(values, line.name.removeprefix(ROW), mine if line.take == "theirs" else theirs)
        elif line.name == ORDER:
            values[ROWS] = _sorted_as(_list(values, ROWS), list(other))
        elif _same(values.get(line.name, ""), merged.values.get(line.name, "")):
            values[line.name] = other
    return values


# --- the lines --------------------------------------------------------------------------------


def _lines(opened: Values, mine: Values, theirs: Values) -> Iterator[Line]:
    for name in dict.fromkeys((*mine, *theirs)):
        if name == ROWS:
            yield from _row_lines(opened, mine, theirs)
        elif name not in theirs or not _row_of(name) or _is_in_both(name, mine, theirs):
            yield from _line(name, opened, mine, theirs)


def _is_in_both(name: str, mine: Values, theirs: Values) -> bool:
    return all(_row_of(name) in _list(values, ROWS) for values in (mine, theirs))


def _line(name: str, opened: Values, mine: Values, theirs: Values) -> Iterator[Line]:
    base, own, other = (source.get(name, "") for source in (opened, mine, theirs))
    stale = name not in theirs and (not _row_of(name) or ROWS not in theirs)
    if name not in mine or (name not in theirs and not stale):
        return
    if _same(own, other) or (stale and _same(own, base)):
        return
    changed = not _same(own, base)
    yield Line(
        name=name,
        opened=base,
        mine=own,
        theirs=other,
        take="mine" if changed and not stale else "theirs",
        clash=changed and not _same(other, base),
        stale=stale,
    )


def _row_lines(opened: Values, mine: Values, theirs: Values) -> Iterator[Line]:
    if ROWS not in mine:
        return
    base, own, other = (_list(source, ROWS) for source in (opened, mine, theirs))
    stale = ROWS not in theirs
    for slug in dict.fromkeys((*own, *(base if stale else other))):
        if (slug in own) == (slug in (base if stale else other)):
            continue
        ours_changed = (slug in own) != (slug in base) or _edited(slug, opened, mine, own)
        theirs_changed = (slug in other) != (slug in base) or _edited(slug, opened, theirs, other)
        yield Line(
            name=f"{ROW}{slug}",
            opened=ON if slug in base else OFF,
            mine=ON if slug in own else OFF,
            theirs=ON if slug in other else OFF,
            take="mine" if ours_changed and not stale else "theirs",
            clash=ours_changed and theirs_changed,
            stale=stale,
        )
    yield from _order_line(base, own, other)


def _order_line(base: list[str], own: list[str], other: list[str]) -> Iterator[Line]:
    """The order of the rows that both have, where it differs."""
    was, mine, theirs = (
        [slug for slug in rows if slug in own and slug in other] for rows in (base, own, other)
    )
    if mine != theirs:
        yield Line(
            name=ORDER,
            opened=was,
            mine=mine,
            theirs=theirs,
            take="mine" if mine != was else "theirs",
            clash=was not in (mine, theirs),
        )


def _edited(slug: str, opened: Values, values: Values, rows: list[str]) -> bool:
    prefix = f"{ROWS}-{slug}-"
    return slug in rows and any(
        not _same(value, opened.get(name, ""))
        for name, value in values.items()
        if name.startswith(prefix)
    )


# --- rows -------------------------------------------------------------------------------------


def _rows(opened: Values, mine: Values, theirs: Values, lines: tuple[Line, ...]) -> list[str]:
    """The rows as chosen beforehand: in my order unless only the other one changed theirs."""
    base, own, other = (_list(source, ROWS) for source in (opened, mine, theirs))
    if ROWS not in mine:
        return other
    takes = {line.name: line for line in lines}
    both = [slug for slug in dict.fromkeys((*own, *other)) if _is_on(takes.get(f"{ROW}{slug}"))]
    order = takes.get(ORDER)
    is_theirs = own == base or (order is not None and order.take == "theirs")
    return _sorted_as(both, other) if is_theirs else both


def _is_on(line: Line | None) -> bool:
    return line is None or (line.mine if line.take == "mine" else line.theirs) == ON


def _with_rows(rows: list[str], mine: Values, theirs: Values) -> dict[str, Value]:
    """The list of rows, and the fields of each: theirs where they have the row, else mine."""
    values: dict[str, Value] = {ROWS: rows}
    for slug in rows:
        source = theirs if slug in _list(theirs, ROWS) else mine
        values |= _fields(slug, source)
    return values


def _fields(slug: str, values: Values) -> dict[str, Value]:
    prefix = f"{ROWS}-{slug}-"
    return {name: value for name, value in values.items() if name.startswith(prefix)}


def _put(values: dict[str, Value], slug: str, source: Values) -> None:
    """Put a row in as it stands in `source`, or take it out when it does not stand there."""
    rows = [row for row in _list(values, ROWS) if row != slug]
    if slug in _list(source, ROWS):
        values.update(_fields(slug, source))
        rows = [*rows, slug]
    values[ROWS] = rows


def _sorted_as(rows: list[str], order: list[str]) -> list[str]:
    """The rows in an order; what it does not name stays behind."""
    return sorted(rows, key=lambda slug: order.index(slug) if slug in order else len(order))


# --- values -----------------------------------------------------------------------------------


def _is_about_rows(line: Line) -> bool:
    return line.name.startswith(ROW) or line.name == ORDER


def is_of_row(name: str) -> bool:
    """Whether a name is a field of a row, or the list of rows."""
    return name == ROWS or bool(_row_of(name))


def _row_of(name: str) -> str:
    """The slug in `row-SLUG-FIELD`; "" for any other name."""
    return name.removeprefix(f"{ROWS}-").rpartition("-")[0] if name.startswith(f"{ROWS}-") else ""


def _list(values: Values, name: str) -> list[str]:
    value = values.get(name, [])
    return value if isinstance(value, list) else [value]


def _same(one: Value, other: Value) -> bool:
    """Whether two values are one; a list of one text is that text, as a form sends it."""
    return _normal(one) == _normal(other)


def _normal(value: Value) -> list[str]:
    return [text for text in ([value] if isinstance(value, str) else value) if text]
