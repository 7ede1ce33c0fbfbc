"""Debian's Chromium for the browser tests. Nothing is downloaded.

Every test also fails when a page asks another host for anything, or when the browser reports that a
page broke the content security policy.
"""

import os
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

# Playwright's loop runs in the thread that also prepares rows for a test.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OWN_HOSTS = {"localhost", "127.0.0.1"}
PHONE = {"width": 390, "height": 844}
type NewContext = Callable[..., BrowserContext]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """Start Debian's Chromium, also as root."""
    return browser_type_launch_args | {"executable_path": CHROMIUM, "args": FLAGS}


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What a browser reported during the test: must stay empty."""
    found: list[str] = []
    yield found
    assert found == []


def watch(context: BrowserContext, complaints: list[str]) -> BrowserContext:
    """Note every request to another host and every breach of the content security policy."""

    def on_request(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https"} and address.hostname not in OWN_HOSTS:
            complaints.append(f"asked {address.hostname}")

    def on_console(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            complaints.append(message.text)

    context.on("request", on_request)
    context.on("console", on_console)
    return context


@pytest.fixture
def context(new_context: NewContext, complaints: list[str]) -> BrowserContext:
    """A browser of its own for this test, watched."""
    return watch(new_context(), complaints)


@pytest.fixture
def phone(new_context: NewContext, complaints: list[str]) -> Page:
    """A page on a phone's screen."""
    return watch(new_context(viewport=PHONE, has_touch=True), complaints).new_page()


@pytest.fixture
def page_without_javascript(new_context: NewContext, complaints: list[str]) -> Page:
    """A page in a browser with JavaScript switched off."""
    return watch(new_context(java_script_enabled=False), complaints).new_page()
