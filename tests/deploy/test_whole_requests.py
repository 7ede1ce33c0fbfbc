"""Slow visitors straight at the server, without a proxy: nobody else waits for them."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from chiro.whole_requests import MOST_HELD_BYTES, is_whole
from tests.conftest import Site

EACH = 50
HEAD = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"


@pytest.mark.parametrize(
    ("arrived", "whole"),
    [
        (b"GET / HT", False),
        (b"GET / HTTP/1.1\r\nHost: a\r\n", False),
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", True),
        (HEAD + b"Content-Length: 3\r\n\r\na=", False),
        (HEAD + b"content-LENGTH:3 \r\n\r\na=1", True),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\na=1\r\n", False),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\na=1\r\n0\r\n\r\n", True),
        (b"a" * 70_000, True),
        (HEAD + f"Content-Length: {MOST_HELD_BYTES}0\r\n\r\n".encode(), True),
        (HEAD + b"X-Content-Length: 3\r\n\r\n", True),
    ],
)
def test_a_request_is_handed_over_when_it_is_here_or_cannot_be_one(
    arrived: bytes, whole: bool
) -> None:
    assert is_whole(arrived) is whole


@pytest.fixture
def connect(site: Site) -> Iterator[Callable[[bytes], socket.socket]]:
    """Open a connection and send the beginning of something."""
    port = urlsplit(site.base_url).port or 0
    with ExitStack() as stack:

        def begin(sent: bytes) -> socket.socket:
            made = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20))
            made.sendall(sent)
            return made

        yield begin


def seconds_for_a_page(site: Site) -> float:
    """How long the start page takes on a connection of its own."""
    started = time.monotonic()
    port = urlsplit(site.base_url).port
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as browser:
        browser.request("GET", "/")
        answer = browser.getresponse()
        answer.read()
    assert answer.status == 200
    return time.monotonic() - started


def test_two_hundred_slow_visitors_keep_nobody_waiting(
    site: Site, connect: Callable[[bytes], socket.socket]
) -> None:
    """Silent ones, half a head, half a form, and ones who do not hang up after their answer."""
    leaving = b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    for sent in (b"", HEAD, HEAD + b"Content-Length: 5000\r\n\r\na=1", leaving):
        for _ in range(EACH):
            connect(sent)
    assert max(seconds_for_a_page(site) for _ in range(5)) < 2.0


def test_a_form_that_comes_in_pieces_is_read(
    site: Site, connect: Callable[[bytes], socket.socket]
) -> None:
    slow = connect(HEAD + b"Connection: close\r\nContent-Length: 9\r\n\r\nsta")
    time.sleep(0.2)
    slow.sendall(b"rt=new")
    answer = b"".join(iter(lambda: slow.recv(65_536), b""))
    assert answer.startswith(b"HTTP/1.1 403 ")  # It is whole; what it lacks is the one-time code.
    assert b"This page was open too long" in answer


def test_requests_that_come_together_are_all_answered(
    connect: Callable[[bytes], socket.socket],
) -> None:
    one = b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    both = connect(one + b"\r\n" + one + b"Connection: close\r\n\r\n")
    answers = b"".join(iter(lambda: both.recv(65_536), b""))
    assert answers.count(b"HTTP/1.1 200 ") == 2
