"""Finding a patient by name, reference or birth date: the search words and their only writer."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime
from itertools import product
from typing import Any

from django.db import connection
from django.db.models import Model, OuterRef, Q, QuerySet, Subquery

from screening.models import Patient, PatientWord, Screening

NAMED_MONTHS = ("%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y")
NUMBERED = {
    "-": ("%Y-%m-%d", "%m-%d-%Y", "%d-%m-%Y"),
    "/": ("%m/%d/%Y", "%d/%m/%Y", "%Y/%m/%d"),
    ".": ("%d.%m.%Y", "%Y.%m.%d"),
}
WORD = re.compile(r"[^\W_]+")
BATCH = 1000
MOST_PEOPLE = 2000
"""So many patients are listed by number; a search that finds more is asked of each row instead."""
COUNTED_WORDS = 2
LONGEST_SEARCH = 6
"""Words of a search that count."""
LAST = "\U0010ffff"


def folded(text: str) -> str:
    """Small letters without accents, as search words are kept."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


def words_of(patient: Patient) -> set[str]:
    """The words that find a patient: each word of the name, and the reference as one word."""
    return {
        *WORD.findall(folded(patient.full_name)),
        "".join(WORD.findall(folded(patient.reference))),
    }


def index(patient: Patient) -> None:
    """Write the search words of a patient anew."""
    PatientWord.objects.filter(patient=patient).delete()
    PatientWord.objects.bulk_create(_rows(patient))


def _rows(patient: Patient) -> list[PatientWord]:
    return [PatientWord(patient=patient, word=word) for word in sorted(words_of(patient))]


def reindex() -> int:
    """Write the search words of every patient anew; return how many patients there are."""
    PatientWord.objects.all().delete()
    seen = 0
    rows: list[PatientWord] = []
    for patient in Patient.objects.iterator(chunk_size=BATCH):
        seen, rows = seen + 1, rows + _rows(patient)
        if len(rows) >= BATCH:
            PatientWord.objects.bulk_create(rows)
            rows = []
    PatientWord.objects.bulk_create(rows)
    return seen


def screenings(text: str) -> QuerySet[Screening]:
    """The screenings of the patients whom a search finds.

    A date finds who was born on it; any other text finds whoever has, for each of its words, a word
    of the name or the reference that begins so.
    """
    born = set(birth_dates(text))
    people = Patient.objects.filter(birth_date__in=born) if born else _with_words(text)
    return Screening.objects.filter(patient__in=people.order_by().values("pk")).order_by()


def people(text: str) -> list[int] | None:
    """The numbers of the patients whom a search finds; None when they are too many to list."""
    born = set(birth_dates(text))
    if born:
        rows = Patient.objects.filter(birth_date__in=born).values_list("pk", flat=True)
        return _listed(rows.order_by())
    wanted = _wanted(text)
    rarest = _rarest(wanted)
    if rarest is None:
        return None if wanted else []
    words = PatientWord.objects.filter(_begins(rarest))
    words = _with_each(words, [word for word in wanted if word != rarest])
    return _listed(words.order_by().values_list("patient", flat=True).distinct())


def _listed(numbers: QuerySet[Any, int]) -> list[int] | None:
    found = list(numbers[: MOST_PEOPLE + 1])
    return found if len(found) <= MOST_PEOPLE else None


def _rarest(wanted: list[str]) -> str | None:
    """The word with which to begin; None where each of the longest is a beginning of very many.

    A single word is begun with anyway: its patients are read until there are too many.
    """
    if len(wanted) == 1:
        return wanted[0]
    counts = _counts(wanted[:COUNTED_WORDS]) if wanted else {}
    few = [word for word in counts if counts[word] <= MOST_PEOPLE]
    return min(few, key=lambda word: counts[word], default=None)


def _counts(words: list[str]) -> dict[str, int]:
    """How many search words begin so, counted to where there are too many, with one query."""
    rows = [PatientWord.objects.filter(_begins(word)).values("pk") for word in words]
    asked = [found[: MOST_PEOPLE + 1].query.sql_with_params() for found in rows]
    each = (f"(SELECT COUNT(*) FROM ({sql}) counted)" for sql, _ in asked)  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(each)}", [one for _, given in asked for one in given])
        return dict(zip(words, cursor.fetchone(), strict=True))


def matching[M: Model](rows: QuerySet[M], text: str) -> QuerySet[M]:
    """Those of the rows whose `patient` a search finds, looked up for each row by itself.

    For a search that finds very many: the first page is full after a few rows.
    """
    born = set(birth_dates(text))
    if born:
        return rows.filter(patient__birth_date__in=born)
    wanted = _wanted(text)
    return _with_each(rows, wanted) if wanted else rows.none()


def _with_each[M: Model](rows: QuerySet[M], words: list[str]) -> QuerySet[M]:
    """Those whose `patient` has each word. A subquery with a value, which PostgreSQL runs once a
    row; EXISTS it would turn into a join with all the words that begin so."""
    for number, word in enumerate(words):
        found = PatientWord.objects.filter(_begins(word), patient=OuterRef("patient"))
        rows = rows.alias(**{f"word_{number}": Subquery(found.values("pk")[:1])})
        rows = rows.filter(**{f"word_{number}__isnull": False})
    return rows


def _with_words(text: str) -> QuerySet[Patient]:
    found = Patient.objects.all()
    wanted = _wanted(text)
    for word in wanted:
        found = found.filter(pk__in=PatientWord.objects.filter(_begins(word)).values("patient"))
    return found if wanted else found.none()


def _wanted(text: str) -> list[str]:
    """The words of a search, the longest first."""
    joined = re.sub(r"(?<=\w)-(?=\w)", "", folded(text)) if _is_reference(text) else folded(text)
    return sorted(set(WORD.findall(joined)), key=lambda word: (-len(word), word))[:LONGEST_SEARCH]


def _is_reference(text: str) -> bool:
    return re.fullmatch(r"\s*\w{3}-\w{0,3}\s*", text) is not None


def _begins(word: str) -> Q:
    """Words that begin so, in the form that each database answers from its index."""
    if connection.vendor == "sqlite":
        return Q(word__gte=word, word__lt=word + LAST)
    return Q(word__startswith=word)


def birth_dates(text: str) -> Iterator[date]:
    """The dates that a text may mean: 1984-04-15, 4/15/1984, 15.4.1984, Apr 15, 1984."""
    bare = " ".join(text.replace(",", " ").split())
    numbered = [form for mark, forms in NUMBERED.items() if mark in bare for form in forms]
    for written, form in product([bare], [*numbered, *NAMED_MONTHS]):
        try:
            yield datetime.strptime(written, form).date()  # noqa: DTZ007
        except ValueError:
            continue
