"""What no page of this site sends is refused: clearly, in the site's look, with nothing stored.

Each refusal is a 4xx page with the site's own frame. The canary stands for an answer: it must not
come back in the page and not reach a log.
"""

import http.client
import io
import logging
from collections.abc import Callable, Iterator
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.test import Client

from chiro.practice import redaction
from tests.conftest import FORM, FormClient, Site

CANARY = "CANARY-PHI-7f3"
SIGN_IN = "/admin/login/"
LARGE = 300_000
type Send = Callable[[Client], object]

REFUSALS: list[tuple[str, Send, int, str]] = [
    (
        "a body of 300 kB",
        lambda c: c.post(SIGN_IN, f"a={CANARY}{'x' * LARGE}", content_type=FORM),
        413,
        "That is too much text",
    ),
    (
        "a body of 300 kB to the admin as multipart",
        lambda c: c.post(SIGN_IN, {"a": CANARY + "x" * LARGE}, content_type="multipart/form-data"),
        413,
        "That is too much text",
    ),
    (
        "a multipart form",
        lambda c: Client.post(c, "/", {"a": CANARY}),
        415,
        "This site takes no files",
    ),
    (
        "a file",
        lambda c: Client.post(c, "/check/age/", {"file": io.BytesIO(CANARY.encode())}),
        415,
        "This site takes no files",
    ),
    (
        "JSON",
        lambda c: c.post("/", f'{{"age": "{CANARY}"}}', content_type="application/json"),
        415,
        "This site takes no files",
    ),
    (
        "a control character in a value",
        lambda c: c.post(SIGN_IN, {"login": f"{CANARY}\x07"}),
        400,
        "We could not read that",
    ),
    (
        "a zero byte in a name",
        lambda c: c.post(SIGN_IN, {f"{CANARY}\x00": "a"}),
        400,
        "We could not read that",
    ),
    (
        "a control character in the address",
        lambda c: c.get(f"/?a={CANARY}%1b[31m"),
        400,
        "We could not read that",
    ),
    (
        "201 fields",
        lambda c: c.post("/", {f"{CANARY}{n}": n for n in range(201)}),
        400,
        "We could not read that",
    ),
    (
        "2,000 fields to the admin",
        lambda c: c.post(SIGN_IN, {f"{CANARY}{n}": n for n in range(2_000)}),
        400,
        "We could not read that",
    ),
    (
        "a form without its one-time code",
        lambda c: c.post(SIGN_IN, {"login": CANARY}),
        403,
        "This page was open too long",
    ),
    (
        "another host",
        lambda c: c.get("/", headers={"host": f"{CANARY}.test"}),
        400,
        "We could not read that",
    ),
    (
        "an address that is nowhere",
        lambda c: c.get(f"/nowhere/{CANARY}/"),
        404,
        "We cannot find that page",
    ),
]


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Everything logged during the test, as it would be written."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(redaction.EventFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    yield written
    root.removeHandler(handler)


def rows() -> dict[str, int]:
    """Return the number of rows of every table but the audit log."""
    kept = [model for model in apps.get_models() if model._meta.label != "practice.AuditEvent"]
    return {model._meta.label: model.objects.count() for model in kept}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("send", "status", "heading"),
    [pytest.param(*refusal[1:], id=refusal[0]) for refusal in REFUSALS],
)
def test_refused_in_the_sites_own_look(
    send: Send, status: int, heading: str, lines: io.StringIO
) -> None:
    before = rows()
    response = send(FormClient(enforce_csrf_checks=True))
    assert response.status_code == status
    page = response.content.decode()
    assert f"<h1>{heading}</h1>" in page
    assert "<main" in page
    assert '<html lang="en"' in page
    assert CANARY not in page
    assert rows() == before
    if status != 404:
        assert CANARY not in lines.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["Zoë", "line\r\nbreak", "tab\there", "日本語", "🙂"])
def test_ordinary_text_is_not_refused(client: FormClient, value: str) -> None:
    response = client.post(SIGN_IN, {"login": value, "password": "x"})
    assert response.status_code == 200


@pytest.mark.django_db
def test_every_refusal_says_that_saved_answers_are_safe() -> None:
    for name, send, status, _ in REFUSALS:
        page = send(FormClient(enforce_csrf_checks=True)).content.decode()
        assert "safe" in page, name
        assert status in {400, 403, 404, 413, 415}


def ask(site: Site, method: str, path: str, body: str = "", **headers: str) -> tuple[int, str]:
    """Send one request to the real server and return status and page."""
    address = urlsplit(site.base_url)
    with closing(http.client.HTTPConnection("127.0.0.1", address.port, timeout=20)) as connection:
        connection.request(method, path, body=body, headers={"Content-Type": FORM} | headers)
        with connection.getresponse() as response:
            return response.status, response.read().decode()


def test_real_server_answers_a_large_body_with_a_page(site: Site) -> None:
    status, page = ask(site, "POST", "/", f"a={CANARY}{'x' * LARGE}")
    assert status == 413
    assert "That is too much text" in page
    assert CANARY not in site.log.read_text()


def test_real_server_logs_no_answer_no_query_and_no_token(site: Site) -> None:
    token = "t0ken" * 8
    for path in (f"/p/{token}/", f"/?q={CANARY}", f"/nowhere/?{token}"):
        ask(site, "GET", path, Referer=f"{site.base_url}/p/{token}/", Cookie=f"a={CANARY}")
    log = site.log.read_text()
    assert '"path": "/p/***/"' in log
    assert token not in log
    assert CANARY not in log
