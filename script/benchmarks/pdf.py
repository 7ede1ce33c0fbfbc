"""Speed of the printed plan: four exercises, on US Letter, beside other ways to get the same paper.

    script/bench pdf                the figures; those of the mock-up are left out
    script/bench pdf HANDOUT.html   also beside a mock-up of the handout
    script/bench pdf --quick        a third of the turns: a few minutes less, and less sure

All that is compared takes turns in one run, so that whatever else the machine does hits all alike;
of each the median turn counts. Chromium is left out where it is not installed. WeasyPrint as it is
released prints in a process of its own, out of reach of what makes ours quicker.
"""

import argparse
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
from dataclasses import dataclass
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

from script.benchmarks.figures import Figure, report

BATCH = 50
CHROMIUM = "/usr/bin/chromium"
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
ROOT = Path(__file__).resolve().parent.parent.parent

type Way = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Turns:
    """How often a fresh paper, part of a batch and a download take their turn; plans in a part."""

    papers: int = 9
    parts: int = 5
    downloads: int = 200
    part: int = 10


QUICK = Turns(papers=3, parts=2, downloads=60, part=6)


def main() -> None:
    """Measure and print."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chiro.settings")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATA_DIR"] = folder
        import django

        django.setup()
        asked = argparse.ArgumentParser(prog="script/bench pdf")
        asked.add_argument("mock_up", nargs="?", type=Path)
        asked.add_argument("--quick", action="store_true")
        words = asked.parse_args()
        report(measure(words.mock_up, QUICK if words.quick else Turns()))


def measure(mock_up: Path | None, turns: Turns) -> Iterator[Figure]:
    """Yield every figure of the printed plan."""
    content = sample()
    yield from ratios(content, mock_up, turns.papers)
    yield from shares(content, turns.papers)
    yield from downloads(turns.downloads)
    yield from batches(content, turns)
    yield memory()


def sample() -> dict[str, Any]:
    """What a plan of four exercises and one habit says, as it is stored."""
    from tests.pdf.sheets import sheet

    stored: dict[str, Any] = json.loads(json.dumps(sheet()))
    assert len(stored["exercises"]) == 4
    return stored


# --- one fresh paper --------------------------------------------------------------------------


AS_RELEASED = """
import sys
from pathlib import Path
from weasyprint import HTML
kind, path = sys.argv[1:]
for _ in sys.stdin:
    page = HTML(filename=path) if kind == "filename" else HTML(string=Path(path).read_text())
    page.write_pdf(pdf_variant="pdf/ua-1")
    print(flush=True)
"""


def as_released(kind: str, path: Path, stack: ExitStack) -> Way:
    """WeasyPrint with stock settings, in a process that holds nothing of ours."""
    process = stack.enter_context(
        subprocess.Popen(
            [sys.executable, "-c", AS_RELEASED, kind, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
    )
    asks, answers = process.stdin, process.stdout
    assert asks
    assert answers
    stack.callback(asks.close)

    def way() -> None:
        asks.write("print\n")
        asks.flush()
        assert answers.readline(), "WeasyPrint as released could not print."

    return way


def ratios(content: dict[str, Any], mock_up: Path | None, rounds: int) -> Iterator[Figure]:
    """Ours against stock settings, the mock-up and Chromium."""
    from exercises import pdf

    own = standalone(content)
    page = Path(os.environ["DATA_DIR"]) / "own.html"
    page.write_text(own, encoding="utf-8")
    goals = {"stock": 0.75, "mock-up": 0.60, "chromium": 0.65}
    with ExitStack() as stack:
        ways: dict[str, Way] = {
            "ours": lambda: pdf.render(content),
            "stock": as_released("string", page, stack),
        }
        if mock_up and mock_up.is_file():
            ways["mock-up"] = as_released("filename", mock_up, stack)
        else:
            print("mock-up: not given (script/bench pdf HANDOUT.html), left out")
        chromium = warm_chromium(own, stack)
        if chromium:
            ways["chromium"] = chromium
        else:
            print("chromium: not installed, left out")
        best = in_turn(ways, rounds)
    for name, seconds in best.items():
        yield Figure(name=f"fresh paper, {name}", value=seconds * 1000, unit="ms")
    for name, goal in goals.items():
        if name in best:
            value = best["ours"] / best[name]
            yield Figure(
                name=f"fresh paper, ours to {name}", value=value, unit="times", goal=goal, digits=2
            )


def shares(content: dict[str, Any], rounds: int) -> Iterator[Figure]:
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
        for _ in range(rounds):
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


def in_turn(ways: dict[str, Way], rounds: int) -> dict[str, float]:
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


def downloads(rounds: int) -> Iterator[Figure]:
    """The stored paper from the real server, against a bare view of as many bytes there."""
    from chiro.practice import audit

    way, cookie, size = open_plan()
    with served() as ask:
        ways: dict[str, Way] = {
            "bare view": lambda: ask(f"/bare/{size}", cookie),
            "stored paper": lambda: ask(way, cookie),
            "of it, the audit line on disk": lambda: audit.record("plan printed"),
        }
        seconds = in_turn(ways, rounds)
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


def open_plan() -> tuple[str, str, int]:
    """Address and size of the example practice's stored paper, and the session that opened it."""
    from django.core.management import call_command
    from django.test import Client

    from exercises.models import PlanDocument
    from screening.models import Patient

    call_command("migrate", verbosity=0)
    said = StringIO()
    call_command("demo", stdout=said)
    token = said.getvalue().partition("/p/")[2].partition("/")[0]
    row = PlanDocument.objects.select_related("plan__screening__patient").filter(
        paper="letter", edition="standard"
    )[0]
    born = Patient.objects.get(pk=row.plan.screening.patient_id).birth_date
    date = {"birth_month": born.month, "birth_day": born.day, "birth_year": born.year}
    form = "application/x-www-form-urlencoded"
    client = Client(headers={"host": "127.0.0.1"})
    assert client.post(f"/p/{token}/", urlencode(date), content_type=form).status_code == 303
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    return "/plan/home-exercise-plan.pdf", cookies, len(row.pdf)


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
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(way: str, cookie: str) -> bytes:
        connection.request("GET", way, headers={"Cookie": cookie})
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200, (way, answer.status)
        return body

    try:
        wait_for(connection)
        yield ask
    finally:
        connection.close()
        server.terminate()
        server.wait(timeout=60)


def wait_for(connection: http.client.HTTPConnection) -> None:
    """Return when the server takes connections."""
    for _ in range(600):
        with suppress(OSError):
            connection.connect()
            return
        time.sleep(0.1)
    raise TimeoutError("The server did not start.")


# --- many papers ------------------------------------------------------------------------------


def batches(content: dict[str, Any], turns: Turns) -> Iterator[Figure]:
    """Fifty plans through the guard, on one process and on two.

    They take turns a few plans at a time, so that whatever else the machine does hits both alike;
    of each such part the median counts.
    """
    ways: dict[str, Way] = {
        f"{count} at once": partial(print_many, content, turns.part, count) for count in (1, 2)
    }
    seconds = in_turn(ways, turns.parts)
    for name, each in seconds.items():
        yield Figure(name=f"{BATCH} plans, {name}", value=each * BATCH / turns.part, unit="s")
    yield Figure(
        name=f"{BATCH} plans, two processes faster than one",
        value=seconds["1 at once"] / seconds["2 at once"],
        unit="times",
        goal=1.7,
        at_least=True,
        digits=2,
    )


def print_many(content: dict[str, Any], part: int, at_once: int) -> None:
    """Render a part of a batch with so many processes at once."""
    from exercises import rendering

    def one(_: int) -> bytes:
        return rendering.render(content, paper="letter", wait=600)

    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(one, range(part)))


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
