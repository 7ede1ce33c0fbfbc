"""The production settings behind Caddy and nginx with the files of `deploy/`, over real TLS."""

import os
import shutil
import socket
import sqlite3
import ssl
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from tests.conftest import spare_port
from tests.deploy import proxies
from tests.deploy.proxies import Front

PROXIES = {"caddy": proxies.caddy, "nginx": proxies.nginx}
SPOOFED = {
    "X-Forwarded-For": "198.51.100.66",
    "X-Forwarded-Proto": "http",
    "X-Forwarded-Host": "evil.test",
    "X-Real-IP": "198.51.100.66",
    "Forwarded": "for=198.51.100.66;proto=http",
}
SLOW = 200


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, int, Path]]:
    """The site, for whichever proxy stands in front: ports of https and of gunicorn."""
    folder, https = tmp_path_factory.mktemp("public"), spare_port()
    with proxies.site(folder, https) as port:
        yield https, port, folder


@pytest.fixture(scope="module", params=PROXIES)
def front(
    request: pytest.FixtureRequest,
    served: tuple[int, int, Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Front]:
    """The site behind one of the proxies."""
    if not shutil.which(request.param, path=f"{os.environ['PATH']}:/usr/sbin"):
        pytest.skip(f"Not run: {request.param} is not installed (Debian: {request.param})")
    https, upstream, _ = served
    folder = tmp_path_factory.mktemp(request.param)
    yield from PROXIES[request.param](folder, upstream, https)


def test_pages_come_with_every_header_and_no_word_of_the_server(front: Front) -> None:
    page = front.ask("/")
    assert page.status == 200
    assert page.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in page.headers["Cache-Control"]
    assert "gunicorn" not in str(page.headers).lower()
    assert not any(digit in page.headers.get("Server", "") for digit in "0123456789")


def test_a_patient_starts_over_tls_with_cookies_for_this_host_only(front: Front) -> None:
    front.jar.clear()
    begun = front.ask("/", {"csrfmiddlewaretoken": front.token(front.ask("/")), "start": "new"})
    assert begun.status in (302, 303)
    assert begun.headers["Location"].startswith("/check/")
    assert front.ask(begun.headers["Location"]).status == 200
    assert {name for name in front.jar if name.startswith("__Host-")} == set(front.jar)
    for cookie in begun.cookies:
        assert "Secure" in cookie
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie


def test_without_encryption_there_is_only_the_way_to_it(front: Front) -> None:
    answer = front.ask_plain("/check/?a=1")
    assert answer.status in (301, 308)
    assert answer.headers["Location"].startswith("https://localhost")
    assert answer.headers["Location"].endswith("/check/?a=1")


def test_files_are_kept_by_browsers_and_pages_are_not(front: Front) -> None:
    page = front.ask("/").body
    start = page.index('href="/static/css/') + 6
    file = front.ask(page[start : page.index('"', start)], headers={"Accept-Encoding": "gzip"})
    assert file.status == 200
    assert "immutable" in file.headers["Cache-Control"]
    assert file.headers["Content-Encoding"] == "gzip"


def test_what_a_visitor_says_of_its_address_is_not_believed(
    front: Front, served: tuple[int, int, Path]
) -> None:
    """A failed sign-in is written down with the address that it came from."""
    front.jar.clear()
    page = front.ask("/admin/login/", headers=SPOOFED)
    assert page.status == 200
    assert "evil.test" not in page.body
    form = {"csrfmiddlewaretoken": front.token(page), "login": "x", "password": "x"}
    front.ask("/admin/login/", form, SPOOFED)
    with sqlite3.connect(served[2] / "data/chiro.sqlite3") as database:
        rows = database.execute("SELECT DISTINCT ip FROM practice_auditevent").fetchall()
    assert rows == [("127.0.0.1",)]


@pytest.mark.parametrize("path", ["/metrics", "/health/ready"])
def test_numbers_are_for_this_computer_only(path: str, front: Front) -> None:
    assert front.ask(path).status == 404
    assert front.ask_plain(path, port=front.upstream).status == 200


def test_counts_of_all_processes_come_from_any(front: Front) -> None:
    def counted() -> float:
        said = front.ask_plain("/metrics", port=front.upstream).body
        lines = [line for line in said.splitlines() if 'page="screening:start"' in line]
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines)

    before = counted()
    for _ in range(12):
        front.ask("/")
    assert counted() == before + 12


def test_too_much_text_is_refused(front: Front) -> None:
    # The proxy may hang up while the rest is still on its way.
    with suppress(BrokenPipeError, ConnectionResetError):
        assert front.ask("/", {"a": "x" * 300_000}).status == 413
    assert front.ask("/").status == 200


def test_a_picture_of_the_staff_is_larger_than_a_form(front: Front) -> None:
    page = front.send_picture("/admin/exercises/practiceexercise/add/", b"x" * 300_000)
    assert page.status == 403  # It came through; a stranger has no one-time code for it.


def test_two_hundred_slow_visitors_keep_nobody_waiting(front: Front) -> None:
    """Forms that trickle in wait at the proxy, not in a process of the site."""
    with ExitStack() as stack:
        for _ in range(SLOW):
            stack.enter_context(slow_form(front))
        times = []
        for _ in range(20):
            started = time.perf_counter()
            assert front.ask("/").status == 200
            times.append(time.perf_counter() - started)
    assert statistics.quantiles(times, n=20)[-1] < 2.0  # `script/bench scale` has the goal


def slow_form(front: Front) -> ssl.SSLSocket:
    """A visitor from another address who has sent the beginning of a form."""
    context = ssl.create_default_context(cafile=str(front.trusted))
    plain = socket.create_connection(("127.0.0.1", front.https), 10, ("127.0.0.2", 0))
    sending = context.wrap_socket(plain, server_hostname="localhost")
    sending.sendall(
        f"POST / HTTP/1.1\r\nHost: localhost:{front.https}\r\nContent-Length: 5000\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\na=1".encode()
    )
    return sending


def test_a_closed_site_says_when_to_come_back(front: Front) -> None:
    switch = front.pages / "on"
    switch.touch()
    try:
        page = front.ask("/check/age/")
    finally:
        switch.unlink()
    assert page.status == 503
    assert page.headers["Retry-After"] == "120"
    assert "no-store" in page.headers["Cache-Control"]
    assert "The answers you saved before are safe" in page.body
    assert front.ask("/").status == 200
