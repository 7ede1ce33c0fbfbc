"""The guide for clinicians as blocks that a template prints; the file is `docs/clinicians.md`.

It reads as much of Markdown as the guide uses: headings, paragraphs, lists, tables, bold, code.
Nothing becomes HTML here: the template escapes every word.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from django.utils.text import slugify

FILE = Path(__file__).resolve().parent.parent.parent / "docs" / "clinicians.md"
HEADING = re.compile(r"(#{1,4}) (.+)")
SPAN = re.compile(r"(\*\*.+?\*\*|`.+?`)")
CELLS = re.compile(r"(?<!\\)\|")
RULE = re.compile(r"[|\s:-]+")


@dataclass(frozen=True, kw_only=True)
class Span:
    """A run of words: plain, bold or code."""

    kind: str
    words: str


type Line = tuple[Span, ...]


@dataclass(frozen=True, kw_only=True)
class Block:
    """A heading, paragraph, list or table. `head` and `rows` belong to a table."""

    kind: str
    level: int = 0
    slug: str = ""
    lines: tuple[Line, ...] = ()
    head: tuple[Line, ...] = ()
    rows: tuple[tuple[Line, ...], ...] = ()


@lru_cache(maxsize=1)
def read() -> tuple[Block, ...]:
    """The guide as it was shipped."""
    return tuple(blocks(FILE.read_text("utf-8")))


def blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of a text, in order; comments are left out."""
    lines = re.sub(r"<!--.*?-->", "", text, flags=re.S).splitlines()
    for kind, group in groupby(lines, key=_kind):
        found = list(group)
        match kind:
            case "heading":
                yield from map(_heading, found)
            case "table":
                yield _table(found)
            case "list":
                yield Block(kind="list", lines=tuple(spans(item) for item in _items(found)))
            case "words":
                yield Block(kind="words", lines=(spans(" ".join(found)),))


def spans(words: str) -> Line:
    """Part a line at its bold and code words."""
    return tuple(_span(part) for part in SPAN.split(words.strip()) if part)


def _span(part: str) -> Span:
    if part.startswith("**"):
        return Span(kind="bold", words=part[2:-2])
    if part.startswith("`"):
        return Span(kind="code", words=part[1:-1])
    return Span(kind="plain", words=part.replace("\\|", "|"))


def _kind(line: str) -> str:
    if not line.strip():
        return ""
    if HEADING.match(line):
        return "heading"
    if line.startswith("|"):
        return "table"
    return "list" if line.startswith(("- ", "  ")) else "words"


def _heading(line: str) -> Block:
    found = HEADING.match(line)
    assert found is not None
    marks, words = found.groups()
    return Block(kind="heading", level=len(marks), slug=slugify(words), lines=(spans(words),))


def _items(lines: Iterable[str]) -> list[str]:
    """The items of a list; a line that is indented goes on with the one before."""
    items: list[str] = []
    for line in lines:
        if line.startswith("- "):
            items.append(line[2:])
        else:
            items[-1] += f" {line.strip()}"
    return items


def _table(lines: list[str]) -> Block:
    head, *rows = (_cells(line) for line in lines if not RULE.fullmatch(line))
    return Block(kind="table", head=head, rows=tuple(rows))


def _cells(line: str) -> tuple[Line, ...]:
    return tuple(spans(cell) for cell in CELLS.split(line.strip().strip("|")))
