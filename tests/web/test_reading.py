"""Every page is easy to read: grade 6 of Flesch-Kincaid at most, in Spanish an ease of 70."""

from pathlib import Path

import pytest

from chiro.practice.models import Practice
from tests.conftest import FormClient
from tests.web import states
from tests.web.reading import grade, spanish_ease, spanish_syllables, syllables, words_of_page

HARDEST_GRADE = 6
FEWEST_WORDS = 40
ALLOWED = frozenset(
    line.strip().lower()
    for line in (Path(__file__).parent / "allowed_words.txt").read_text().splitlines()
    if line.strip() and not line.startswith("#")
)


@pytest.mark.django_db
def test_patient_page_reads_easily() -> None:
    Practice.objects.create(pk=1, name="Harbor Street", phone="(512) 555-0142")
    pages = [
        *states.plain(FormClient()),
        *states.questions(FormClient()),
        *states.stops(FormClient),
    ]
    hard = {}
    for name, response in pages:
        text = words_of_page(response.content.decode())
        if len(text.split()) >= FEWEST_WORDS and grade(text, ALLOWED) > HARDEST_GRADE:
            hard[name] = round(grade(text, ALLOWED), 1)
    assert hard == {}
    assert len(pages) > 80


def test_allowed_words_stay_few() -> None:
    assert len(ALLOWED) <= 20


@pytest.mark.parametrize(
    ("word", "count"), [("knee", 1), ("chiropractor", 4), ("exercise", 3), ("self-test", 2)]
)
def test_english_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


@pytest.mark.parametrize(
    ("word", "count"),
    [("cadera", 3), ("rodilla", 3), ("pierna", 2), ("dolor", 2), ("día", 2), ("que", 1)],
)
def test_spanish_syllables(word: str, count: int) -> None:
    assert spanish_syllables(word) == count


def test_known_texts_come_out_in_order() -> None:
    plain = "Stand up. Hold the chair. Lift one leg. Count to ten."
    hard = "Intermittent neurological symptomatology necessitates comprehensive evaluation."
    assert grade(plain) < 2
    assert grade(hard) > 15
    assert spanish_ease("Ponte de pie. Sube una pierna. Cuenta hasta diez.") > 80
    assert spanish_ease("La sintomatología neurológica intermitente requiere evaluación.") < 40
