"""Weight and speed of the patient's pages, beside the least that Django can do for the same work.

Bytes are those on the wire, heads included, as a browser that takes brotli gets them; what it keeps
from an earlier page counts once. Speed is measured on this computer, in turns, so that whatever
else it does slows both sides. `--lighthouse` adds Lighthouse's four marks, with npm's package.
"""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import urljoin

from script.benchmarks.figures import Figure, report
from script.benchmarks.served import ROOT, Browser, requests_a_second, served

FIRST_VIEW_GOAL_KB = 60
LATER_PAGE_GOAL_KB = 10
VIEW_GOAL = 0.25
SAVE_GOAL = 0.40
BROWSERS = 4
TURNS = 5
TURN_SECONDS = 1.5
SPEED_PAGE = "/check/age/"
LINKED = re.compile(r'(?:href|src)="(/(?:static|look)/[^"]+)"')
IN_SHEET = re.compile(r'url\("?([^")]+\.(?:woff2|svg))"?\)')
SCRIPT = re.compile(r"<script\b")
LIGHTHOUSE = "lighthouse@12.2.3"
OPENS = re.compile(r"(?P<door>/p/\S+/)\s+opens with the birth date (?P<born>.+)")
MARKS = ("performance", "accessibility", "best-practices", "seo")


# --- weight -----------------------------------------------------------------------------------


class Visitor:
    """A patient with an empty cache who goes from page to page."""

    def __init__(self, port: int) -> None:
        self.browser = Browser(port, compressed=True)
        self.plain = Browser(port, cookies=self.browser.cookies)
        self.kept: set[str] = set()
        self.scripts = 0

    def weigh(self, path: str) -> int:
        """The bytes of a page with all that this visitor does not have yet."""
        total = self.browser.ask(path).wire_bytes
        page = self.plain.ask(path).body.decode()
        self.scripts = max(self.scripts, len(SCRIPT.findall(page)))
        return total + sum(self._fetch(link) for link in LINKED.findall(page))

    def _fetch(self, path: str) -> int:
        if path in self.kept:
            return 0
        self.kept.add(path)
        size = self.browser.ask(path).wire_bytes
        if path.endswith(".css"):
            sheet = self.plain.ask(path).body.decode()
            size += sum(self._fetch(urljoin(path, link)) for link in IN_SHEET.findall(sheet))
        return size

    def answer(self, path: str, data: dict[str, object]) -> str:
        """Send a page and return the address of the next."""
        sent = data | {"csrfmiddlewaretoken": self.plain.token(path)}
        answered = self.plain.ask(path, sent)
        if answered.status != 303:
            raise RuntimeError(f"{path} answered {answered.status}")
        return answered.headers["Location"]


def weights(port: int) -> Iterator[Figure]:
    """Weigh the first view and every later page on the way to the result."""
    from screening.services import pathway
    from tests.web.visitor import RECORD, posted

    visitor = Visitor(port)
    first = visitor.weigh("/")
    path = visitor.answer("/", {"start": "new"})
    later: dict[str, int] = {}
    while path != "/check/answers/":
        later[path] = visitor.weigh(path)
        section = pathway.find(path.split("/")[2])
        if section is None:
            raise LookupError(path)
        path = visitor.answer(path, posted(section, RECORD))
    later[path] = visitor.weigh(path)
    sent = visitor.plain.ask(
        "/check/send/", {"csrfmiddlewaretoken": visitor.plain.token("/check/about-you/")}
    )
    later[sent.headers["Location"]] = visitor.weigh(sent.headers["Location"])
    heaviest = max(later, key=lambda page: later[page])
    yield Figure(
        name="first view, with fonts and pictures",
        value=first / 1000,
        unit="kB",
        goal=FIRST_VIEW_GOAL_KB,
    )
    yield Figure(
        name=f"heaviest later page ({heaviest})",
        value=later[heaviest] / 1000,
        unit="kB",
        goal=LATER_PAGE_GOAL_KB,
    )
    yield Figure(
        name="later page, median", value=statistics.median(later.values()) / 1000, unit="kB"
    )
    yield Figure(name="scripts on a page", value=visitor.scripts, unit="", goal=1, digits=0)


# --- speed ------------------------------------------------------------------------------------


def at_question(port: int) -> Browser:
    """A browser that has come to the question which is measured."""
    browser = Browser(port)
    browser.ask("/", {"start": "new", "csrfmiddlewaretoken": browser.token("/")})
    consent = "/check/consent/"
    browser.ask(consent, {"consent": "true", "csrfmiddlewaretoken": browser.token(consent)})
    return browser


def saving(page: str, post: str, expected: int) -> Callable[[Browser], None]:
    """Send a valid age; `expected` is the status that says it was stored."""

    def save(browser: Browser) -> None:
        token = browser.__dict__.setdefault("csrf", "") or browser.token(page)
        browser.__dict__["csrf"] = token
        answered = browser.ask(post, {"age": "42", "csrfmiddlewaretoken": token})
        if answered.status != expected:
            raise RuntimeError(f"{post} answered {answered.status}")

    return save


def speeds(port: int, bare: int) -> Iterator[Figure]:
    """Measure question page and bare view, then save and bare insert, in turns."""
    ours = [at_question(port) for _ in range(BROWSERS)]
    theirs = [Browser(bare) for _ in range(BROWSERS)]
    yield from compared(
        ("question page GET", lambda browser: browser.ask(SPEED_PAGE), ours),
        ("bare Django view", lambda browser: browser.ask("/"), theirs),
        VIEW_GOAL,
    )
    yield from compared(
        ("save and continue", saving(SPEED_PAGE, SPEED_PAGE, 303), ours),
        ("bare validated insert", saving("/", "/insert/", 302), theirs),
        SAVE_GOAL,
    )


type Side = tuple[str, Callable[[Browser], object], list[Browser]]


def compared(one: Side, other: Side, goal: float) -> Iterator[Figure]:
    """The rate of both and the median of their ratios."""
    rates: list[tuple[float, float]] = []
    for _ in range(TURNS):
        mine = requests_a_second(one[2], one[1], TURN_SECONDS)
        rates.append((mine, requests_a_second(other[2], other[1], TURN_SECONDS)))
    for name, values in zip((one[0], other[0]), zip(*rates, strict=True), strict=True):
        yield Figure(name=name, value=statistics.median(values), unit="requests/s", digits=0)
    ratio = statistics.median(mine / theirs for mine, theirs in rates)
    yield Figure(
        name=f"{one[0]} / {other[0]}", value=ratio, unit="", goal=goal, at_least=True, digits=2
    )


# --- Lighthouse -------------------------------------------------------------------------------


def lighthouse(port: int, folder: Path) -> Iterator[Figure]:
    """Lighthouse's four marks of start, question, result and plan, on its slow phone."""
    for name, path, cookies in (
        ("start", "/", {}),
        ("question", SPEED_PAGE, at_question(port).cookies),
        ("result", "/result/", at_result(port).cookies),
        ("plan", "/plan/", at_plan(port, folder).cookies),
    ):
        marks = marked(f"http://127.0.0.1:{port}{path}", cookies)
        for mark in MARKS:
            yield Figure(
                name=f"Lighthouse {name}, {mark}",
                value=marks[mark],
                unit="",
                goal=100,
                at_least=True,
                digits=0,
            )


def at_result(port: int) -> Browser:
    """A browser that has sent its answers."""
    from screening.services import pathway
    from tests.web.visitor import RECORD, posted

    done = Visitor(port)
    path = done.answer("/", {"start": "new"})
    while path != "/check/answers/":
        section = pathway.find(path.split("/")[2])
        path = done.answer(path, posted(section, RECORD)) if section else ""
    done.plain.ask("/check/send/", {"csrfmiddlewaretoken": done.plain.token("/check/about-you/")})
    return done.plain


def at_plan(port: int, folder: Path) -> Browser:
    """A browser that has opened the example practice's plan, as `manage.py demo` says it."""
    demo = [sys.executable, "manage.py", "demo"]
    environment = os.environ | {"DATA_DIR": str(folder)}
    said = subprocess.run(demo, cwd=ROOT, env=environment, capture_output=True, text=True)
    found = OPENS.search(said.stdout)
    if found is None:
        raise RuntimeError(said.stderr)
    door, born = found["door"], datetime.strptime(f"{found['born']} Z", "%B %d, %Y %z")
    date = {"birth_month": born.month, "birth_day": born.day, "birth_year": born.year}
    browser = Browser(port)
    browser.ask(door, date | {"csrfmiddlewaretoken": browser.token(door)})
    return browser


def marked(url: str, cookies: dict[str, str]) -> dict[str, float]:
    """Lighthouse's marks of one page, 0 to 100."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("Lighthouse needs npm: install Node 18 or newer.")
    sent = json.dumps({"Cookie": "; ".join(f"{n}={v}" for n, v in cookies.items())})
    command = [
        *(npm, "exec", "--yes", "--", LIGHTHOUSE, url, "--output=json", "--quiet"),
        f"--only-categories={','.join(MARKS)}",
        "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
        *(["--extra-headers", sent] if cookies else []),
    ]
    environment = os.environ | {"CHROME_PATH": "/usr/bin/chromium"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)["categories"]
    return {mark: 100 * found[mark]["score"] for mark in MARKS}


def measure(*, with_lighthouse: bool) -> Iterator[Figure]:
    """Serve both sites from a folder of their own and yield every figure."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = os.environ | {"DATA_DIR": name}
        for command in (["collectstatic", "--no-input"], ["migrate", "--no-input"]):
            subprocess.run(
                [sys.executable, "manage.py", *command, "--verbosity", "0"],
                cwd=ROOT,
                env=environment,
                check=True,
            )
        with served("chiro.wsgi", folder) as port:
            yield from weights(port)
            if with_lighthouse:
                yield from lighthouse(port, folder)
            else:
                bare_site = "script.benchmarks.bare_site:application"
                bare_config = "script.benchmarks.bare_gunicorn"
                with served(bare_site, folder, config=bare_config) as bare:
                    yield from speeds(port, bare)


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chiro.settings")
    django.setup()
    report(measure(with_lighthouse="--lighthouse" in sys.argv))
