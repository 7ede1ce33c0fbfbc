"""Birth dates as people type them: read, judged and compared with an age.

Standard library only. Reads three texts, because that is how forms ask for a date.
"""

from calendar import month_name, monthrange
from collections.abc import Sequence
from datetime import date

OLDEST_YEARS = 120
PARTS = ("month", "day", "year")


class BirthDateError(ValueError):
    """A date that cannot be. `parts` names what is wrong; str() says what to do."""

    def __init__(self, parts: tuple[str, ...], message: str) -> None:
        super().__init__(message)
        self.parts = parts


def read_birth_date(texts: Sequence[str], today: date) -> date:
    """The date of (month, day, year) texts. Raises BirthDateError with what to do."""
    missing = tuple(part for part, text in zip(PARTS, texts, strict=True) if not text)
    if missing:
        raise BirthDateError(missing, f"Enter the {' and the '.join(missing)} you were born")
    month, day, year = (_number(text) for text in texts)
    first_year = today.year - OLDEST_YEARS
    _check("year", year, first_year, today.year, "")
    _check("month", month, 1, 12, "")
    _check("day", day, 1, monthrange(year, month)[1], f" in {month_name[month]}")
    born = date(year, month, day)
    if born > today:
        raise BirthDateError(PARTS, "Enter a birth date that is not in the future")
    return born


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= len("2000") else -1


def _check(part: str, number: int, low: int, high: int, where: str) -> None:
    if not low <= number <= high:
        raise BirthDateError((part,), f"The {part} must be a number from {low} to {high}{where}")


def years_between(born: date, today: date) -> int:
    """Age in whole years on a day."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
