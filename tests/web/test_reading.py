"""Every page is easy to read: grade 6 of Flesch-Kincaid at most, in Spanish an ease of 70.

The walk through all of them also counts what each asks of the database.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver
from django.utils.translation import override

from chiro.practice.models import Practice, Role, User
from screening.services import invitations
from tests.conftest import FormClient
from tests.web import states
from tests.web.reading import grade, spanish_ease, spanish_syllables, syllables, words_of_page
from tests.web.visitor import Visitor

HARDEST_GRADE = 6
LEAST_EASE = 70
FEWEST_WORDS = 40
SAME_IN_BOTH = {"English", "Español", "Cookies", "session", "csrf", "Maria Alvarez"}
SAME_IN_BOTH |= {"Climbing stairs"}  # What the patient typed.
"""Blocks that are the same in both languages."""

ALLOWED = frozenset(
    line.strip().lower()
    for line in (Path(__file__).parent / "allowed_words.txt").read_text().splitlines()
    if line.strip() and not line.startswith("#")
)


type Words = dict[str, str]

MOST_QUERIES = 6
QUERIES: dict[str, list[int]] = {}
"""Name of a view -> how many queries each of its pages took, filled by the walk."""

NO_PAGES = {"tick", "close_plan", "send", "kiosk_stay", "kiosk_finish", "language", "starter"}
FILES = {"plan_pdf", "plan_large", "plan_fridge", "own_picture", "theme", "logo", "robots"}
"""What answers no page by GET: forms that are only sent, files, and an offer that is off here."""

COUNTED_THERE = {"diary_day": "test_diary", "then_and_now": "test_rescreen"}
"""Pages that the walk does not come to, and the test of this folder that counts theirs."""


class Counting(FormClient):
    """A browser that notes how many queries each page takes."""

    def request(self, **asked: Any) -> Any:
        """Ask for a page and note it under the name of its view."""
        with CaptureQueriesContext(connection) as queries:
            response = super().request(**asked)
        if asked["REQUEST_METHOD"] == "GET" and response.status_code == 200:
            QUERIES.setdefault(response.resolver_match.view_name, []).append(len(queries))
        return response


@pytest.fixture(scope="module")
def said(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Words]]:
    """Language -> page or state -> its words. All are made once; no row stays."""
    with django_db_blocker.unblock(), transaction.atomic():
        Practice.objects.create(
            pk=1, name="Harbor Street", phone="(512) 555-0142", languages=["es"]
        )
        by = User.objects.create_user("sam", role=Role.CHIROPRACTOR, is_staff=True)
        yield {
            "en": words_in("en", by),
            "es": words_in("es", by),
        }
        transaction.set_rollback(True)


def words_in(code: str, by: User) -> Words:
    """The words of every page and state in a language, as a browser of that language gets them."""

    class Reader(Counting):
        def __init__(self, **rest: Any) -> None:
            super().__init__(headers={"accept-language": code}, **rest)

    with override(code):
        return {
            name: words_of_page(response.content.decode())
            for name, response in states.every(Reader, by)
        }


def long_enough(pages: Words) -> Words:
    """The pages with enough words to be measured."""
    return {name: text for name, text in pages.items() if len(text.split()) >= FEWEST_WORDS}


def test_english_pages_read_easily(said: dict[str, Words]) -> None:
    grades = {name: grade(text, ALLOWED) for name, text in long_enough(said["en"]).items()}
    assert {name: round(g, 1) for name, g in grades.items() if g > HARDEST_GRADE} == {}
    assert len(grades) > 90


def test_spanish_pages_read_easily(said: dict[str, Words]) -> None:
    eases = {name: spanish_ease(text) for name, text in long_enough(said["es"]).items()}
    assert {name: round(e, 1) for name, e in eases.items() if e < LEAST_EASE} == {}
    assert len(eases) > 90


def test_no_english_is_left_on_a_spanish_page(said: dict[str, Words]) -> None:
    for name, text in said["es"].items():
        left = lines(text) & lines(said["en"][name]) - SAME_IN_BOTH
        assert left == set(), name


def lines(text: str) -> set[str]:
    """The blocks of a page that hold a word."""
    return {line.strip() for line in text.split("\n") if re.search("[A-Za-z]{4}", line)}


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


@pytest.mark.django_db
def test_no_page_asks_the_database_more_than_six_times(said: dict[str, Words]) -> None:
    warned(Visitor(Counting()).start())
    invited_twice()
    most = {name: max(counts) for name, counts in QUERIES.items()}
    assert {name: count for name, count in most.items() if count > MOST_QUERIES} == {}
    seen = {name.rpartition(":")[2] for name in most}
    assert patient_views() - NO_PAGES - FILES - COUNTED_THERE.keys() - seen == set()


def warned(visitor: Visitor) -> None:
    """Take the items of a safety page one by one, and end at an emergency."""
    visitor.until("rf_bladder")
    assert visitor.client.get(f"/check/{visitor.slug}/one-by-one/").status_code == 200
    visitor.answer(rf_bladder="yes", rf_bladder_onset="new")
    assert visitor.slug == "help-now"
    visitor.see()


def invited_twice() -> None:
    """Open one invitation on two devices."""
    token = invitations.issue(by=User.objects.get(username="sam")).token
    Counting().post(f"/i/{token}/")
    other = Counting()
    assert other.post(f"/i/{token}/").headers["Location"] == "/i/begun/"
    other.get("/i/begun/")


def patient_views() -> set[str]:
    """The names of all views of patients, taken from the addresses of the site."""
    found = set()
    for entry in get_resolver().url_patterns:
        inner = [entry] if isinstance(entry, URLPattern) else entry.url_patterns
        if str(entry.pattern).startswith(("admin/", "look/<slug:digest>/admin")):
            continue
        found |= {one.name for one in inner if not str(one.pattern).startswith("admin/")}
    return found
