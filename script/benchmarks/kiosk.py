"""A shared tablet in three browsers: after Finish, Back and Forward ten times show nothing.

Chromium is driven by Playwright with its cache for Back and Forward on, Firefox by its own
Marionette protocol, WebKit by WebKitWebDriver on a virtual screen. A browser that is not installed
is named, and nothing is said of it: Debian's packages are chromium, firefox-esr, and
webkit2gtk-driver with xvfb.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Protocol

from script.benchmarks.figures import Figure, report
from script.benchmarks.page_tools import CHROMIUM, FLAGS
from script.benchmarks.served import ROOT, served, spare_port
from tests.browser.tablet import BACK_PRESSES, CANARY, FILL_IN, SET_UP

PRIVATE = (CANARY, "1984", "on your right side")
START_SECONDS = 60
PAUSE_SECONDS = 0.4
SEEN = """
return document.body.innerText + ' ' + [...document.querySelectorAll('input')].map(
  field => field.value).join(' ')"""
KEPT = "return [localStorage.length, sessionStorage.length].join()"
PRESS = """
const wanted = arguments[0];
const found = [...document.querySelectorAll('main button, .tablet button')].find(
  button => button.innerText.trim() === wanted && button.offsetParent !== null);
if (!found) throw new Error('no button ' + wanted + ' on ' + location.pathname);
setTimeout(() => found.click(), 0);"""


class Browser(Protocol):
    """What this bench asks of a browser."""

    def go(self, address: str) -> None:
        """Open an address."""

    def run(self, script: str, *given: str) -> Any:
        """Run the body of a function in the page and return what it returns."""

    def back(self) -> None:
        """Press Back."""

    def forward(self) -> None:
        """Press Forward."""


class Chromium:
    """Chromium by Playwright; it would switch the cache off if it were let."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def go(self, address: str) -> None:
        self.page.goto(address)

    def run(self, script: str, *given: str) -> Any:
        return self.page.evaluate(f"given => (function () {{ {script} }})(...given)", list(given))

    def back(self) -> None:
        self.page.evaluate("void setTimeout(() => history.back(), 0)")

    def forward(self) -> None:
        self.page.evaluate("void setTimeout(() => history.forward(), 0)")


class Firefox:
    """Firefox by Marionette: lengths, a colon and JSON over a socket."""

    def __init__(self, port: int) -> None:
        self.socket = _connected(port)
        self.file = self.socket.makefile("rb")
        self.count = 0
        self._answer()
        self._ask("WebDriver:NewSession", {})

    def go(self, address: str) -> None:
        self._ask("WebDriver:Navigate", {"url": address})

    def run(self, script: str, *given: str) -> Any:
        return self._ask("WebDriver:ExecuteScript", {"script": script, "args": list(given)})

    def back(self) -> None:
        self._ask("WebDriver:Back", {})

    def forward(self) -> None:
        self._ask("WebDriver:Forward", {})

    def _ask(self, command: str, given: dict[str, Any]) -> Any:
        self.count += 1
        words = json.dumps([0, self.count, command, given]).encode()
        self.socket.sendall(f"{len(words)}:".encode() + words)
        _, _, fault, result = self._answer()
        if fault:
            raise RuntimeError(fault["message"])
        return result["value"] if isinstance(result, dict) and "value" in result else result

    def _answer(self) -> Any:
        length = b""
        while (sign := self.file.read(1)) != b":":
            if not sign:
                raise ConnectionError("Firefox ended")
            length += sign
        return json.loads(self.file.read(int(length)))


class WebKit:
    """WebKit by WebKitWebDriver: JSON over HTTP."""

    def __init__(self, port: int) -> None:
        self.root = f"http://127.0.0.1:{port}/session"
        made = self._post("", {"capabilities": {"alwaysMatch": {}}})
        self.root = f"{self.root}/{made['sessionId']}"

    def go(self, address: str) -> None:
        self._post("/url", {"url": address})

    def run(self, script: str, *given: str) -> Any:
        return self._post("/execute/sync", {"script": script, "args": list(given)})

    def back(self) -> None:
        self._post("/back", {})

    def forward(self) -> None:
        self._post("/forward", {})

    def end(self) -> None:
        """Close the browser."""
        urllib.request.urlopen(urllib.request.Request(self.root, method="DELETE"), timeout=30)  # noqa: S310

    def _post(self, path: str, given: dict[str, Any]) -> Any:
        words = json.dumps(given).encode()
        request = urllib.request.Request(self.root + path, words)  # noqa: S310
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return json.load(answer)["value"]


# --- starting them ----------------------------------------------------------------------------


def _connected(port: int) -> socket.socket:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=60)
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


@contextmanager
def chromium(_: Path) -> Iterator[Browser]:
    """Chromium without a window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=FLAGS,
            ignore_default_args=["--disable-back-forward-cache"],
        )
        yield Chromium(browser.new_page())
        browser.close()


@contextmanager
def firefox(folder: Path) -> Iterator[Browser]:
    """Firefox without a window, in a profile of its own."""
    port = spare_port()
    (folder / "user.js").write_text(f'user_pref("marionette.port", {port});\n')
    command = [*_named("firefox", "firefox-esr"), "--headless", "--marionette", "--no-remote"]
    with _process([*command, "--profile", str(folder)], folder):
        yield Firefox(port)


@contextmanager
def webkit(folder: Path) -> Iterator[Browser]:
    """WebKit's little browser on a virtual screen."""
    port = spare_port()
    environment = {"WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1", "HOME": str(folder)}
    command = ["xvfb-run", "--auto-servernum", "WebKitWebDriver", f"--port={port}"]
    with _process(command, folder, **environment):
        _connected(port).close()
        browser = WebKit(port)
        yield browser
        browser.end()


@contextmanager
def _process(command: list[str], folder: Path, **more: str) -> Iterator[None]:
    """Run a program and everything that it starts until the block ends."""
    with (folder / "log").open("w") as log:
        running = subprocess.Popen(
            command, env=os.environ | more, stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield
    finally:
        os.killpg(running.pid, 15)
        running.wait(timeout=START_SECONDS)


def _named(*names: str) -> list[str]:
    """The first of these programs that is installed."""
    return [found for name in names if (found := shutil.which(name))][:1]


BROWSERS: dict[str, tuple[tuple[str, ...], Callable[[Path], Any]]] = {
    "Chromium": ((CHROMIUM,), chromium),
    "Firefox": (("firefox",), firefox),
    "WebKit": (("WebKitWebDriver", "xvfb-run"), webkit),
}
"""Name -> the programs that it needs, and how it is started."""


# --- what is done with them -------------------------------------------------------------------


def shell(folder: Path, code: str) -> str:
    """Run code with the site's own settings on the served database."""
    command = [sys.executable, "manage.py", "shell", "--no-imports", "--command", code]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"DATA_DIR": str(folder)},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def press(browser: Browser, name: str, then: str) -> None:
    """Press a button and wait until the words of the next page are there."""
    browser.run(PRESS, name)
    wait_for(browser, then)


def wait_for(browser: Browser, words: str) -> None:
    """Return when the page says this."""
    until = time.monotonic() + START_SECONDS
    while words not in seen(browser):
        if time.monotonic() > until:
            raise TimeoutError(f"“{words}” did not come up: {seen(browser)[:300]}")
        time.sleep(0.1)


def seen(browser: Browser) -> str:
    """What the page shows, and what stands in its fields; nothing between two pages."""
    try:
        return str(browser.run(SEEN))
    except Exception:  # each browser has its own fault for a page that is just going away
        return ""


def presses_that_show(browser: Browser, site: str, folder: Path, desk: str) -> int:
    """Fill in, send, finish; how many of the presses of Back and Forward show something private."""
    token = shell(folder, SET_UP.replace('"desk"', f'"{desk}"')).splitlines()[-1]
    browser.go(f"{site}/kiosk/{token}/")
    press(browser, "Use this device", "Welcome")
    press(browser, "Start", "I understand and agree")
    shell(folder, FILL_IN)
    browser.go(f"{site}/check/about-you/")
    wait_for(browser, CANARY)
    browser.go(f"{site}/check/answers/")
    browser.go(f"{site}/kiosk/still-there/")
    browser.back()
    wait_for(browser, CANARY)  # Before Finish it is all there: Back works in this browser.
    press(browser, "Confirm and send", "on your right side")
    press(browser, "Finish and clear this tablet", "Thank you, all sent")
    steps = [browser.back] * BACK_PRESSES + [browser.forward] * BACK_PRESSES
    shown = sum(shows(browser, step) for step in steps)
    return shown + (browser.run(KEPT) != "0,0")


def shows(browser: Browser, step: Callable[[], None]) -> bool:
    """Whether anything private is on the screen at any time after a press."""
    step()
    until = time.monotonic() + PAUSE_SECONDS
    while time.monotonic() < until:
        if any(words in seen(browser) for words in PRIVATE):
            return True
    return False


def measure(folder: Path) -> Iterator[Figure]:
    """Serve the site and take one browser after the other through it."""
    for command in (["collectstatic", "--no-input"], ["migrate", "--no-input"]):
        subprocess.run(
            [sys.executable, "manage.py", *command, "--verbosity", "0"],
            cwd=ROOT,
            env=os.environ | {"DATA_DIR": str(folder)},
            check=True,
        )
    with served("chiro.wsgi", folder) as port:
        for name, (needs, started) in BROWSERS.items():
            missing = [program for program in needs if not shutil.which(program)]
            if missing:
                print(f"{name}: not run, {', '.join(missing)} is not installed", flush=True)
                continue
            with ExitStack() as stack:
                profile = Path(stack.enter_context(tempfile.TemporaryDirectory()))
                browser = stack.enter_context(started(profile))
                site = f"http://127.0.0.1:{port}"
                shown = presses_that_show(browser, site, folder, name.lower())
            yield Figure(
                name=f"{name}: of {2 * BACK_PRESSES} presses show something private",
                value=shown,
                unit="",
                goal=0,
                digits=0,
            )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        report(measure(Path(name)))
