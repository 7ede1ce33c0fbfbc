"""Every page and state: easy to read in both languages, no word that escapes translation.

Two walks through all of them: in Spanish, and in the language of `marking`, whose sentences are the
English ones between marks. They also count what each page asks of the database.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test.signals import template_rendered
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import override

from chiro.practice.models import OutboxMessage, Practice, Role, User
from tests.conftest import FormClient
from tests.web import marking, states
from tests.web.reading import grade, spanish_ease, spanish_syllables, syllables, words_of_page

pytestmark = pytest.mark.django_db  # So that there is a test database, also for this file alone.

HARDEST_GRADE = 6
LEAST_EASE = 70
FEWEST_WORDS = 40
SAME_IN_BOTH = {"English", "Español", "Cookies", "session", "csrf", "plan", "Maria Alvarez"}
SAME_IN_BOTH |= {"Harbor Street. (512) 555-0142"}
SAME_IN_BOTH |= {"Climbing stairs"}  # What the patient typed.
"""Blocks that are the same in both languages."""

CODE = re.compile(r'<p class="bigcode">.*?</p>')
COOKIES = {"session", "csrf", "plan"}
NAMES = ("Harbor Street", "HS", "Marked en", "Marked eo", "Maria Alvarez", "Climbing stairs", "Sam")
"""What is no sentence: names of people, of the practice and of languages, and typed words."""

ALLOWED = frozenset(
    line.strip().lower()
    for line in (Path(__file__).parent / "allowed_words.txt").read_text().splitlines()
    if line.strip() and not line.startswith("#")
)


@dataclass
class Walk:
    """What one walk through every page and state saw."""

    pages: dict[str, str] = field(default_factory=dict)
    """Page or state -> its markup."""
    letters: list[str] = field(default_factory=list)
    """Subjects and texts of the e-mails that were written on the way."""
    templates: set[str] = field(default_factory=set)

    def words(self, page: str) -> str:
        """What the page says, a line a block, without marks."""
        return marking.unwrapped(words_of_page(self.pages[page]))

    def long_enough(self) -> dict[str, str]:
        """The pages with enough words to be measured."""
        words = {name: self.words(name) for name in self.pages}
        return {name: text for name, text in words.items() if len(text.split()) >= FEWEST_WORDS}


MOST_QUERIES = 6
QUERIES: dict[str, list[int]] = {}
"""Name of a view -> how many queries each of its pages took, filled by the walk."""

NO_PAGES = {"tick", "close_plan", "send", "kiosk_stay", "kiosk_finish", "language"}
FILES = {"plan_pdf", "plan_large", "plan_fridge", "own_picture", "theme", "logo", "robots"}
"""What answers no page by GET: forms that are only sent, and files."""

COUNTED_THERE = {"diary_day": "test_diary"}
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
def walks(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Walk]:
    """Language -> its walk. No row stays."""
    with django_db_blocker.unblock():
        spanish = walk("es")
        with marking.spoken(tmp_path_factory.mktemp("locale") / "locale"):
            return {"es": spanish, marking.CODE: walk(marking.CODE)}


def walk(code: str) -> Walk:
    """See every page and state as a browser of that language gets it."""

    class Reader(Counting):
        def __init__(self, **rest: Any) -> None:
            super().__init__(headers={"accept-language": code}, **rest)

    seen = Walk()
    with transaction.atomic(), override(code), noting_templates(seen.templates):
        Practice.objects.create(
            pk=1, name="Harbor Street", phone="(512) 555-0142", languages=[code]
        )
        by = User.objects.create_user("Sam", role=Role.CHIROPRACTOR, is_staff=True)
        for name, response in states.every(Reader, by):
            assert response.content, f"{name}: {response.headers}"
            seen.pages[name] = response.content.decode()
        mails = OutboxMessage.objects.all()
        seen.letters += [text for mail in mails for text in (mail.subject, mail.body)]
        transaction.set_rollback(True)
    return seen


@contextmanager
def noting_templates(names: set[str]) -> Iterator[None]:
    """Add the name of each template that is rendered."""

    def note(template: Any, **_: Any) -> None:
        names.add(template.name)

    template_rendered.connect(note)
    yield
    template_rendered.disconnect(note)


# --- easy to read -------------------------------------------------------------------------------


def test_english_pages_read_easily(walks: dict[str, Walk]) -> None:
    pages = walks[marking.CODE].long_enough()
    grades = {name: grade(text, ALLOWED) for name, text in pages.items()}
    assert {name: round(g, 1) for name, g in grades.items() if g > HARDEST_GRADE} == {}
    assert len(grades) > 120


def test_spanish_pages_read_easily(walks: dict[str, Walk]) -> None:
    eases = {name: spanish_ease(text) for name, text in walks["es"].long_enough().items()}
    assert {name: round(e, 1) for name, e in eases.items() if e < LEAST_EASE} == {}
    assert len(eases) > 120


def test_e_mails_read_easily(walks: dict[str, Walk]) -> None:
    english = "\n".join(marking.unwrapped(text) for text in walks[marking.CODE].letters)
    assert grade(re.sub(r"https?:\S+", "", english), ALLOWED) <= HARDEST_GRADE
    spanish = "\n".join(walks["es"].letters)
    assert spanish_ease(re.sub(r"https?:\S+", "", spanish)) >= LEAST_EASE


def test_allowed_words_stay_few() -> None:
    assert len(ALLOWED) <= 20


# --- nothing left in English --------------------------------------------------------------------


def test_every_word_of_every_page_comes_from_the_catalogue(walks: dict[str, Walk]) -> None:
    with override(marking.CODE):
        dates = [str(name) for name in (*MONTHS.values(), *WEEKDAYS.values())]
    allowed = (*NAMES, *dates, " de ")
    pages = walks[marking.CODE].pages
    found = {name: marking.unmarked_in(CODE.sub("", page), allowed) for name, page in pages.items()}
    found["privacy"] = sorted(set(found["privacy"]) - COOKIES)
    left = [f"{name}: {' '.join(words)}" for name, words in found.items() if words]
    assert not left, "\n".join(left)


def test_every_word_of_an_e_mail_comes_from_the_catalogue(walks: dict[str, Walk]) -> None:
    letters = walks[marking.CODE].letters
    assert len(letters) >= 4
    for text in letters:
        assert marking.unmarked(re.sub(r"https?:\S+", "", text), NAMES) == []


def test_no_english_is_left_on_a_spanish_page(walks: dict[str, Walk]) -> None:
    for name in walks["es"].pages:
        left = lines(walks["es"].words(name)) & lines(walks[marking.CODE].words(name))
        assert left - SAME_IN_BOTH == set(), name


def lines(text: str) -> set[str]:
    """The blocks of a page that hold a word."""
    return {line.strip() for line in text.split("\n") if re.search("[A-Za-z]{4}", line)}


# --- nothing left unseen ------------------------------------------------------------------------

NOT_A_PATIENTS_PAGE = re.compile(
    r"admin/|account/|mfa/"
    r"|exercises/(_paper|_chart|_fridge|_diary_weeks|_door|paper_|chart_|handout|fridge|invitation_)"
    r"|exercises/(preview|profile_preview)"
)
"""Staff's pages, and what is printed."""


def test_every_template_of_a_patient_is_seen(walks: dict[str, Walk]) -> None:
    folder = Path(settings.BASE_DIR) / "templates"
    names = {file.relative_to(folder).as_posix() for file in folder.rglob("*.html")}
    theirs = {name for name in names if not NOT_A_PATIENTS_PAGE.match(name)}
    assert theirs - walks["es"].templates == set()


# --- what it costs ------------------------------------------------------------------------------


def test_no_page_asks_the_database_more_than_six_times(walks: dict[str, Walk]) -> None:
    most = {name: max(counts) for name, counts in QUERIES.items()}
    assert {name: count for name, count in most.items() if count > MOST_QUERIES} == {}
    seen = {name.rpartition(":")[2] for name in most}
    assert patient_views() - NO_PAGES - FILES - COUNTED_THERE.keys() - seen == set()


def patient_views() -> set[str]:
    """The names of all views of patients, taken from the addresses of the site."""
    found = set()
    for entry in get_resolver().url_patterns:
        inner = [entry] if isinstance(entry, URLPattern) else entry.url_patterns
        if str(entry.pattern).startswith(("admin/", "look/<slug:digest>/admin")):
            continue
        found |= {one.name for one in inner if not str(one.pattern).startswith("admin/")}
    return found


# --- the measures themselves --------------------------------------------------------------------


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
