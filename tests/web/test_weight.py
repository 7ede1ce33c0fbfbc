"""What a page asks of the database and of the network."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import FormClient
from tests.web.visitor import Visitor

pytestmark = pytest.mark.django_db
MOST_QUERIES = 6
NO_WORK = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


def queries(captured: CaptureQueriesContext) -> list[str]:
    """The statements that read or write."""
    said = [query["sql"] for query in captured.captured_queries]
    return [sql for sql in said if not sql.startswith(NO_WORK)]


def test_no_page_needs_more_than_six_queries_and_one_script(client: FormClient) -> None:
    visitor = Visitor(client).start()
    while visitor.slug != "answers":
        with CaptureQueriesContext(connection) as seen:
            page = visitor.see()
        assert len(queries(seen)) <= MOST_QUERIES, (visitor.url, queries(seen))
        markup = page.content.decode()
        assert len(re.findall(r"<script src=", markup)) == markup.count("<script") <= 1
        assert not re.search(r"<style|style=|data:", markup)
        with CaptureQueriesContext(connection) as saved:
            visitor.answer()
        assert len(queries(saved)) <= MOST_QUERIES, (visitor.url, queries(saved))
    visitor.send()
    with CaptureQueriesContext(connection) as seen:
        visitor.see()
    assert len(queries(seen)) <= MOST_QUERIES, queries(seen)


def test_page_travels_packed(client: FormClient) -> None:
    page = client.get("/", headers={"accept-encoding": "gzip"})
    assert page.headers["Content-Encoding"] == "gzip"
    assert "no-store" in page.headers["Cache-Control"]
