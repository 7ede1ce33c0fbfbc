"""Finding a patient by name, reference or birth date: the search words and their only writer."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime
from itertools import product

from django.db import connection
from django.db.models import Q, QuerySet

from screening.models import Patient, PatientWord, Screening

NAMED_MONTHS = ("%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y")
NUMBERED = {
    "-": ("%Y-%m-%d", "%m-%d-%Y", "%d-%m-%Y"),
    "/": ("%m/%d/%Y", "%d/%m/%Y", "%Y/%m/%d"),
    ".": ("%d.%m.%Y", "%Y.%m.%d"),
}
WORD = re.compile(r"[^\W_]+")
BATCH = 1000
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


def _with_words(text: str) -> QuerySet[Patient]:
    joined = re.sub(r"(?<=\w)-(?=\w)", "", folded(text)) if _is_reference(text) else folded(text)
    found = Patient.objects.all()
    wanted = sorted(set(WORD.findall(joined)), key=len, reverse=True)
    for word in wanted:
        found = found.filter(pk__in=PatientWord.objects.filter(_begins(word)).values("patient"))
    return found if wanted else found.none()


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
