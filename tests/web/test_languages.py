"""Patients read their own language: which one, from first page to paper, and what staff see."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.utils import translation
from django.utils.dates import MONTHS

from chiro.practice import offered
from chiro.practice.models import Practice, Role, User
from exercises import handout
from exercises.papers import blank
from exercises.services import planning
from screening import rules, sessions
from screening.models import Draft, Screening
from screening.wording import because_in_language, clauses
from tests.web import marking
from tests.web.visitor import IDENTITY, Visitor

PRACTICE = "Harbor Street"
ALLOWED = (
    PRACTICE,
    "HS",  # its mark
    "Marked en",
    "Marked eo",
    *IDENTITY["full_name"].split(),
    "Climbing stairs",
    "Sam Rivera",
)


@pytest.fixture(scope="module")
def eo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The marked language, installed."""
    with marking.spoken(tmp_path_factory.mktemp("locale") / "locale"):
        yield marking.CODE


@pytest.fixture
def practice(db: None) -> Practice:
    """A practice that offers it."""
    return Practice.objects.create(pk=1, name=PRACTICE, languages=[marking.CODE])


@pytest.fixture
def reader(client: Client, practice: Practice, eo: str) -> Client:
    """A browser whose visitor chose the marked language."""
    client.post("/language/", {"language": eo, "next": "/"})
    return client


def months() -> tuple[str, ...]:
    with translation.override(marking.CODE):
        return tuple(str(name) for name in MONTHS.values())


def stray(response: Any) -> list[str]:
    """The words of an answered page that no catalogue holds."""
    return marking.unmarked_in(response.content.decode(), (*ALLOWED, *months(), " de "))


# --- which language -----------------------------------------------------------------------------


def test_the_browsers_language_counts_where_the_practice_offers_it(
    client: Client, practice: Practice, eo: str
) -> None:
    asked = client.get("/", headers={"Accept-Language": "eo,en;q=0.5"})
    assert asked.headers["Content-Language"] == eo
    assert '<html lang="eo">' in asked.content.decode()
    Practice.objects.update(languages=[])
    assert client.get("/", headers={"Accept-Language": "eo"}).headers["Content-Language"] == "en"


def test_what_was_chosen_wins_and_the_switch_names_each_language_itself(
    client: Client, practice: Practice, eo: str
) -> None:
    page = client.get("/", headers={"Accept-Language": "eo"}).content.decode()
    assert 'value="en" lang="en" dir="ltr">Marked en</button>' in page
    answer = client.post("/language/", {"language": "en", "next": "/plan/"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/plan/")
    assert client.get("/", headers={"Accept-Language": "eo"}).headers["Content-Language"] == "en"


@pytest.mark.parametrize("next_", ["https://evil.test/", "//evil.test/", "javascript:alert(1)", ""])
def test_the_switch_leads_nowhere_else(client: Client, practice: Practice, next_: str) -> None:
    assert client.post("/language/", {"language": "en", "next": next_}).headers["Location"] == "/"


def test_adding_a_language_is_one_folder_and_no_code(
    client_as: Any, client: Client, db: None, eo: str
) -> None:
    Practice.objects.create(pk=1, name=PRACTICE)
    profile = client_as(Role.OWNER).get("/admin/practice/practice/1/change/").content.decode()
    assert "Marked eo" in profile
    assert marking.OPENS not in client.get("/", headers={"Accept-Language": eo}).content.decode()
    Practice.objects.update(languages=[eo])
    assert marking.OPENS in client.get("/", headers={"Accept-Language": eo}).content.decode()


def test_a_language_that_is_not_offered_changes_nothing(
    client: Client, practice: Practice, eo: str
) -> None:
    client.post("/language/", {"language": "fr", "next": "/"})
    assert client.get("/").headers["Content-Language"] == "en"


def test_staff_pages_are_english(reader: Client) -> None:
    page = reader.get("/admin/login/", headers={"Accept-Language": "eo"})
    assert page.headers["Content-Language"] == "en"
    assert marking.OPENS not in page.content.decode()


# --- what is kept -------------------------------------------------------------------------------


@pytest.fixture
def sent(reader: Client) -> Screening:
    """A screening filled in and sent in the marked language."""
    Visitor(reader).start().finish().send()
    return Screening.objects.get()


def test_the_record_keeps_what_was_read_and_the_english_for_the_clinician(
    sent: Screening,
) -> None:
    assert sent.language == marking.CODE
    row = sent.words[0]["rows"][0]
    english = sent.words_for_staff[0]["rows"][0]
    assert row["question"] == marking.marked(english["question"])
    assert row["key"] == english["key"]
    assert "Climbing stairs: 4 out of 10" in json.dumps(sent.words_for_staff)
    assert marking.OPENS not in json.dumps(sent.reasons, ensure_ascii=False)
    assert marking.OPENS in json.dumps(sent.result, ensure_ascii=False)


def test_the_result_stays_in_its_language_when_the_visitor_switches(
    sent: Screening, reader: Client
) -> None:
    reader.post("/language/", {"language": "en", "next": "/"})
    page = reader.get("/result/")
    assert '<html lang="eo">' in page.content.decode()
    assert not stray(page)


def test_switching_midway_is_what_counts(client: Client, practice: Practice, eo: str) -> None:
    visitor = Visitor(client).start()
    assert Draft.objects.get().language == "en"
    client.post("/language/", {"language": eo, "next": visitor.url})
    client.get(visitor.url)
    assert Draft.objects.get().language == eo


def test_a_draft_taken_up_elsewhere_speaks_its_own_language(
    client: Client, practice: Practice, eo: str
) -> None:
    draft = Draft.objects.create(submission_key="k" * 43, language=eo)
    request = RequestFactory().get("/")
    request.session = client.session
    sessions.hold(request, draft)
    assert offered.language_for(request) == eo


def strings(value: Any) -> Iterator[str]:
    """Every text within a JSON value, but for names of files and kinds."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in DATA:
                yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)
    elif isinstance(value, str):
        yield value


DATA = {"slug", "side", "file", "kind", "language", "direction", "practice", "accent", "date",
        "rounds", "worked"}  # fmt: skip


@pytest.fixture
def plan(sent: Screening) -> Any:
    """The drafted plan of that screening."""
    return sent.plans.get()


@pytest.fixture
def sam(db: None) -> User:
    return User.objects.create_user(
        "sam", first_name="Sam", last_name="Rivera", role=Role.CHIROPRACTOR, is_staff=True
    )


def composed(plan: Any, by: User) -> dict[str, Any]:
    """What approval freezes."""
    return handout.compose(plan, clinician=by, practice=Practice.current(), on=date(2026, 11, 25))


def test_the_plan_is_written_in_the_language_of_the_screening(plan: Any, sam: User) -> None:
    content = composed(plan, sam)
    assert content["language"] == marking.CODE
    allowed = (*ALLOWED, *months(), " de ")
    left = [marking.unmarked(text, allowed) for text in strings(content)]
    assert not [words for words in left if words]


def test_the_clinician_may_choose_another_language_for_the_plan(plan: Any, sam: User) -> None:
    rows = planning.rows_of(plan)
    planning.change(plan=plan, by=sam, rows=rows, language="en")
    plan.refresh_from_db()
    content = composed(plan, sam)
    assert content["language"] == "en"
    assert marking.OPENS not in json.dumps(content, ensure_ascii=False)


def test_the_blank_questionnaire_is_translated(practice: Practice, eo: str) -> None:
    with translation.override(eo):
        sheet = blank.compose(practice)
    keep = {"key", "code", "kind", "digits", "language", "practice", "none_code", "aligned",
            "picture",
        "file",
        "drawing", "box"}  # fmt: skip
    found = [t for part in sheet.values() for t in texts(part, keep)]
    assert not [w for text in found for w in marking.unmarked(text, ALLOWED) if len(w) > 2]


def texts(value: Any, without: set[str]) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in without:
                yield from texts(inner, without)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts(inner, without)
    elif isinstance(value, str):
        yield value


# --- what the rules say -------------------------------------------------------------------------


def test_a_reason_is_translated_whole_and_a_clinicians_own_words_are_left(eo: str) -> None:
    first, second = clauses(rules.BY_ID["B2"])
    with translation.override(eo):
        told = because_in_language(f"Because you told us {first}, and {second}.")
        assert not marking.unmarked(told)
        assert because_in_language("Because I say so.") == "Because I say so."


def test_no_clause_can_be_taken_for_two() -> None:
    for rule in rules.RULES:
        assert not [clause for clause in clauses(rule) if ", and " in clause]
