"""What pages share to be quick: a kept page, a compiled query, a profile that was just read."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chiro.practice.kept_pages import CODE
from chiro.practice.lookups import Lookup
from chiro.practice.models import Practice
from screening.models import Draft
from screening.services import submission
from tests.conftest import FormClient

pytestmark = pytest.mark.django_db
FORM_CODE = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


def begun(language: str = "en") -> FormClient:
    """Somebody at the question about their age."""
    client = FormClient(headers={"accept-language": language})
    client.post("/", {"start": "new"})
    client.post("/check/consent/", {"consent": "true"})
    return client


def read(client: FormClient, path: str = "/check/age/") -> str:
    """A page as its visitor gets it."""
    return client.get(path).content.decode()


def test_everybody_gets_a_code_of_their_own_in_the_same_page() -> None:
    pages = [read(begun()) for _ in range(2)]
    codes = [FORM_CODE.findall(page) for page in pages]
    assert len({code for found in codes for code in found}) == 2
    assert CODE not in "".join(pages)
    assert FORM_CODE.sub("", pages[0]) == FORM_CODE.sub("", pages[1])


def test_the_code_of_a_kept_page_lets_its_form_through() -> None:
    read(begun())
    client = FormClient(enforce_csrf_checks=True)
    code = FORM_CODE.findall(read(client, "/"))[0]
    client.post("/", {"start": "new", "csrfmiddlewaretoken": code})
    code = FORM_CODE.findall(read(client, "/check/consent/"))[0]
    answer = {"consent": "true", "csrfmiddlewaretoken": code}
    assert client.post("/check/consent/", answer).status_code == 303
    assert client.post("/check/consent/", {"consent": "true"}).status_code == 403


def test_an_answer_stays_with_who_gave_it() -> None:
    first, second = begun(), begun()
    before = read(second)
    first.post("/check/age/", {"age": "73"})
    assert 'value="73"' in read(first)
    assert 'value="73"' not in read(second)
    assert FORM_CODE.sub("", read(second)) == FORM_CODE.sub("", before)


def test_a_kept_page_speaks_each_visitors_language_and_names_the_practice_of_now() -> None:
    Practice.objects.create(pk=1, name="Harbor Street", languages=["es"])
    english, spanish = begun(), begun("es")
    assert '<html lang="en"' in read(english)
    assert '<html lang="es"' in read(spanish)
    Practice.objects.update(name="Hill Street")
    assert "Hill Street" in read(english)
    assert "Harbor Street" not in read(spanish)


def test_a_page_on_a_way_with_a_query_is_printed_for_itself() -> None:
    client = begun()
    assert "/check/answers/" in read(client, "/check/age/?change=1")
    assert "/check/answers/" not in read(client)


def test_a_lookup_finds_the_row_that_django_finds() -> None:
    draft = submission.start_draft()
    draft.answers, draft.identity = {"age": 44}, {"full_name": "Ana"}
    draft.save()
    stored = Draft.objects.get(pk=draft.pk)
    found = Lookup(Draft, "submission_key").find(draft.submission_key)
    assert found is not None
    assert found.__dict__.keys() == stored.__dict__.keys()
    for field in Draft._meta.concrete_fields:
        assert getattr(found, field.attname) == getattr(stored, field.attname)
    assert submission.find_draft("' OR 1=1 --") is None


def test_the_profile_is_read_once_by_requests_that_come_close_together(
    settings: Any,
) -> None:
    settings.PRACTICE_KEPT_SECONDS = 60.0
    practice = Practice.objects.create(pk=1, name="Harbor Street")
    client = FormClient()
    assert "Harbor Street" in read(client, "/")
    with CaptureQueriesContext(connection) as queries:
        assert "Harbor Street" in read(client, "/")
    assert not [query for query in queries if "practice_practice" in query["sql"]]
    practice.name = "Hill Street"
    practice.save()
    assert "Hill Street" in read(client, "/")
    settings.PRACTICE_KEPT_SECONDS = 0.0
    Practice.objects.update(name="Mill Street")
    assert "Mill Street" in read(client, "/")
