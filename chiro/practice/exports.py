"""Tables that leave the practice as CSV, safe to open in a spreadsheet.

A cell that a spreadsheet would run as a formula begins with an apostrophe. Numbers are exempt by
their type, not by how they look: what a patient typed is never a number here.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

BOM = "\ufeff"
"""What tells a spreadsheet that the file is UTF-8."""

TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
JOIN = "; "


def cell(value: Any) -> str | int | float:
    """Return a value as a cell: numbers as they are, everything else as harmless text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return harmless(JOIN.join(_word(item) for item in value))
    return harmless(_word(value))


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    first = text.lstrip(f"{BOM} \u00a0\u3000\x0b\x0c")
    return f"'{text}" if text.startswith(TRIGGERS) or first.startswith(TRIGGERS) else text


def table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a whole table as the bytes of a CSV file."""
    text = io.StringIO(newline="")
    text.write(BOM)
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(header)
    writer.writerows([cell(value) for value in row] for row in rows)
    return text.getvalue().encode()


def _word(value: Any) -> str:
    """Return one item of a cell: a goal is its words and its score."""
    if isinstance(value, dict):
        return ", ".join(f"{key} {item}" for key, item in value.items())
    return str(value)
