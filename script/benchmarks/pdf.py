"""Speed of the printed plan: four exercises, on US Letter, beside other ways to get the same paper.

    script/bench pdf                the figures; those of the mock-up are left out
    script/bench pdf HANDOUT.html   also beside a mock-up of the handout

All that is compared takes turns in one run, so that whatever else the machine does hits all alike;
of each the median turn counts. Chromium is left out where it is not installed.
"""

import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

from script.benchmarks.figures import Figure, report

ROUNDS = 15
BATCH, PART = 50, 10
DOWNLOADS = 300
CHROMIUM = "/usr/bin/chromium"
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
ROOT = Path(__file__).resolve().parent.parent.parent

type Way = Callable[[], object]


def main() -> None:
    """Measure and print."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chiro.settings")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATA_DIR"] = folder
        import django

        django.setup()
        mock_up = Path(sys.argv[1]) if len(sys.argv) > 1 else None
        report(measure(mock_up))


def measure(mock_up: Path | None) -> Iterator[Figure]:
    """Yield every figure of the printed plan."""
    content = sample()
    yield from ratios(content, mock_up)
    yield from shares(content)
    yield from downloads(content)
    yield from batches(content)
    yield memory()


def sample() -> dict[str, Any]:
    """What a plan of four exercises and one habit says, as it is stored."""
    from tests.pdf.sheets import sheet

    stored: dict[str, Any] = json.loads(json.dumps(sheet()))
    assert len(stored["exercises"]) == 4
    return stored


# --- one fresh paper --------------------------------------------------------------------------


def ratios(content: dict[str, Any], mock_up: Path | None) -> Iterator[Figure]:
    """Ours against stock settings, the mock-up and Chromium."""
    from weasyprint import HTML

    from exercises import pdf

    own = standalone(content)
    ways: dict[str, Way] = {
        "ours": lambda: pdf.render(content),
        "stock": lambda: HTML(string=own).write_pdf(pdf_variant="pdf/ua-1"),
    }
    goals = {"stock": 0.75, "mock-up": 0.60, "chromium": 0.65}
    if mock_up and mock_up.is_file():
        ways["mock-up"] = lambda: HTML(filename=mock_up).write_pdf(pdf_variant="pdf/ua-1")
    else:
        print("mock-up: not given (script/bench pdf HANDOUT.html), left out")
    with ExitStack() as stack:
        chromium = warm_chromium(own, stack)
        if chromium:
            ways["chromium"] = chromium
        else:
            print("chromium: not installed, left out")
        best = in_turn(ways)
    for name, seconds in best.items():
        yield Figure(name=f"fresh paper, {name}", value=seconds * 1000, unit="ms")
    for name, goal in goals.items():
        if name in best:
            value = best["ours"] / best[name]
            yield Figure(
                name=f"fresh paper, ours to {name}", value=value, unit="times", goal=goal, digits=2
            )


def shares(content: dict[str, Any]) -> Iterator[Figure]:
    """Where the time of a fresh paper goes. What is missing from 100 % is HTML and styles."""
    from weasyprint import document

    from exercises import pdf

    steps = {
        "build_formatting_structure": "making boxes",
        "layout_document": "laying out pages",
        "generate_pdf": "drawing and writing the file",
    }
    spent = dict.fromkeys(steps, 0.0)

    def timed(name: str) -> Any:
        step = getattr(document, name)

        def run(*words: Any, **named: Any) -> Any:
            started = time.perf_counter()
            done = step(*words, **named)
            done = list(done) if name == "layout_document" else done
            spent[name] += time.perf_counter() - started
            return done

        return run

    with ExitStack() as stack:
        for name in steps:
            stack.enter_context(patch.object(document, name, timed(name)))
        started = time.perf_counter()
        for _ in range(ROUNDS):
            pdf.render(content)
        whole = time.perf_counter() - started
    for name, words in steps.items():
        yield Figure(name=f"of ours, {words}", value=100 * spent[name] / whole, unit="%")


def standalone(content: dict[str, Any]) -> str:
    """Our page with all of its styles and fonts inside, as any other renderer needs it."""
    from exercises import pdf

    styles = pdf.styles(paper="letter", accent=content["practice"]["accent"])
    return pdf.page(content).replace("</head>", f"<style>{styles}</style></head>", 1)


def warm_chromium(html: str, stack: ExitStack) -> Way | None:
    """Chromium with its page open, printing our HTML anew each time; None where it is missing."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    if not Path(CHROMIUM).exists():
        return None
    browser = stack.enter_context(sync_playwright()).chromium.launch(
        executable_path=CHROMIUM, args=CHROMIUM_FLAGS
    )
    stack.callback(browser.close)
    page = browser.new_page()

    def way() -> bytes:
        page.set_content(html)
        return page.pdf(prefer_css_page_size=True, tagged=True, outline=True)

    return way


def in_turn(ways: dict[str, Way], rounds: int = ROUNDS) -> dict[str, float]:
    """The median seconds of each, taking turns; after one turn that is not counted."""
    for way in ways.values():
        way()
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            started = time.perf_counter()
            way()
            taken[name].append(time.perf_counter() - started)
    return {name: statistics.median(seconds) for name, seconds in taken.items()}


# --- a stored paper ---------------------------------------------------------------------------


def downloads(content: dict[str, Any]) -> Iterator[Figure]:
    """The stored paper from the real server, against a bare view of as many bytes there."""
    from django.core.management import call_command

    from chiro.practice import audit

    call_command("migrate", verbosity=0)
    way, cookie, size = open_plan(content)
    with served() as ask:
        ways: dict[str, Way] = {
            "bare view": lambda: ask(f"/bare/{size}", cookie),
            "stored paper": lambda: ask(way, cookie),
            "of it, the audit line on disk": lambda: audit.record("plan printed"),
        }
        seconds = in_turn(ways, rounds=DOWNLOADS)
    for name, each in seconds.items():
        yield Figure(name=name, value=each * 1000, unit="ms", digits=2)
    yield Figure(
        name="stored paper, requests to a bare view's",
        value=seconds["bare view"] / seconds["stored paper"],
        unit="times",
        goal=0.40,
        at_least=True,
        digits=2,
    )


def open_plan(content: dict[str, Any]) -> tuple[str, str, int]:
    """An approved plan with its paper: address and size, and the session that opened its link."""
    from django.test import Client

    from chiro.practice.models import Practice, User
    from exercises.services import links, papers
    from tests.web.test_links import BORN, make_plan, make_screening

    Practice(pk=1).save()
    by = User.objects.create_user("bench", role="chiropractor", is_staff=True)
    plan = make_plan(make_screening(), content=content, approved_by=by)
    stored = papers.make(plan, papers.first())
    token = links.issue(screening=plan.screening, by=by)
    date = {"birth_month": BORN.month, "birth_day": BORN.day, "birth_year": BORN.year}
    form = "application/x-www-form-urlencoded"
    client = Client(headers={"host": "127.0.0.1"})
    assert client.post(f"/p/{token}/", urlencode(date), content_type=form).status_code == 303
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    return "/plan/home-exercise-plan.pdf", cookies, len(stored.pdf)


@contextmanager
def served() -> Iterator[Callable[[str, str], bytes]]:
    """The real server, one process of it; gives what asks it, over one open connection."""
    with socket.socket() as spare:
        spare.bind(("127.0.0.1", 0))
        port = spare.getsockname()[1]
    own = {
        "DJANGO_SETTINGS_MODULE": "script.benchmarks.product_beside_bare",
        "BIND": f"127.0.0.1:{port}",
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
        "WEB_WORKERS": "1",
    }
    command = [sys.executable, "-m", "gunicorn", "--config", "python:chiro.gunicorn", "chiro.wsgi"]
    server = subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | own,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def ask(way: str, cookie: str) -> bytes:
        connection.request("GET", way, headers={"Cookie": cookie})
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200, (way, answer.status)
        return body

    try:
        wait_for(ask)
        yield ask
    finally:
        connection.close()
        server.terminate()
        server.wait(timeout=60)


def wait_for(ask: Callable[[str, str], bytes]) -> None:
    """Return when the server answers."""
    for _ in range(300):
        with suppress(OSError):
            ask("/health/live", "")
            return
        time.sleep(0.1)
    raise TimeoutError("The server did not start.")


# --- many papers ------------------------------------------------------------------------------


def batches(content: dict[str, Any]) -> Iterator[Figure]:
    """Fifty plans through the guard, on one process and on two.

    They take turns ten plans at a time, so that whatever else the machine does hits both alike;
    of each such part the median counts.
    """
    ways: dict[str, Way] = {
        f"{count} at once": partial(print_many, content, count) for count in (1, 2)
    }
    seconds = in_turn(ways, rounds=BATCH // PART)
    for name, each in seconds.items():
        yield Figure(name=f"{BATCH} plans, {name}", value=each * BATCH / PART, unit="s")
    yield Figure(
        name=f"{BATCH} plans, two processes faster than one",
        value=seconds["1 at once"] / seconds["2 at once"],
        unit="times",
        goal=1.7,
        at_least=True,
        digits=2,
    )


def print_many(content: dict[str, Any], at_once: int) -> None:
    """Render a part of a batch with so many processes at once."""
    from exercises import rendering

    def one(_: int) -> bytes:
        return rendering.render(content, paper="letter", wait=600)

    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(one, range(PART)))


# --- memory -----------------------------------------------------------------------------------

PEAK = """
import resource, sys
import django
django.setup()
from exercises import pdf
from script.benchmarks.pdf import sample
for paper in ("letter", "a4") * 5:
    pdf.render(sample(), paper=paper)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def memory() -> Figure:
    """The most memory that a process takes which does nothing but print, ten plans in turn."""
    said = subprocess.run(
        [sys.executable, "-c", PEAK], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return Figure(name="peak memory of printing", value=float(said.stdout), unit="MB", goal=200)


if __name__ == "__main__":
    main()
