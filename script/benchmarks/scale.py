"""Speed of 1, 2 and 4 web processes on one PostgreSQL, under mixed load without sticky sessions.

Patients answer the questionnaire and send it, read their result and their plan; staff look at the
queue. Each request goes to the next process in turn, with a connection to each. At the end every
acknowledged screening must be in the database. In one run a process is killed half way.

The load maker shares this computer: with two cores, four processes cannot be four times as fast.
A practice's target is `--sqlite --seconds 600 --rate 20`, a chain's `--seconds 600 --rate 100`.
"""

import argparse
import http.client
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from script.benchmarks import private_postgresql
from script.benchmarks.figures import Figure, report
from script.benchmarks.served import FORM, ROOT, spare_port, wait_until_up

PATIENTS = 16
SCALES_BY = 1.6
P95_MS = 500
PRACTICE_P95_MS, PRACTICE_P99_MS = 300, 1000
COUNT = "from screening.models import Screening; print(Screening.objects.count())"


@dataclass
class Tally:
    """What happened to the requests of one run."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    retried: int = 0
    sent: int = 0

    def add(self, other: "Tally") -> None:
        """Take another's numbers in."""
        self.seconds += other.seconds
        self.errors += other.errors
        self.retried += other.retried
        self.sent += other.sent


class Visitor(threading.Thread):
    """A browser whose every request goes to another process."""

    def __init__(self, number: int, ports: list[int], until: float, pause: float) -> None:
        super().__init__(daemon=True)
        self.ports, self.until, self.pause = ports, until, pause
        self.turn = number
        self.open: dict[int, http.client.HTTPConnection] = {}
        self.cookies: dict[str, str] = {}
        self.tally = Tally()

    def ask(self, path: str, data: dict[str, object] | None = None) -> tuple[int, str, str]:
        """Send to the next process, or the one after where that is gone: status, place, body."""
        started = time.perf_counter()
        for _ in self.ports:
            self.turn += 1
            port = self.ports[self.turn % len(self.ports)]
            try:
                answer = self._send(port, path, data)
            except (OSError, http.client.HTTPException):
                self.open.pop(port, None)
                self.tally.retried += 1
                continue
            self.tally.seconds.append(time.perf_counter() - started)
            if answer[0] >= 400:
                self.tally.errors.append(f"{answer[0]} {path}")
            if self.pause:
                time.sleep(max(0.0, self.pause - (time.perf_counter() - started)))
            return answer
        self.tally.errors.append(f"nobody answers {path}")
        return 0, "", ""

    def _send(self, port: int, path: str, data: dict[str, object] | None) -> tuple[int, str, str]:
        if port not in self.open:
            self.open[port] = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if data is not None:
            headers["Content-Type"] = FORM
            body = urlencode(data | {"csrfmiddlewaretoken": self.cookies.get("csrf", "")}, True)
        self.open[port].request("GET" if data is None else "POST", path, body, headers)
        got = self.open[port].getresponse()
        for cookie in got.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        return got.status, got.headers.get("Location", ""), got.read().decode()


class Patient(Visitor):
    """Answers the whole questionnaire, sends it and reads the result, again and again."""

    def run(self) -> None:
        while time.monotonic() < self.until:
            self.cookies.clear()
            self.screening()

    def screening(self) -> None:
        """One screening, broken off where the time is up or something fails."""
        from screening.services import pathway
        from tests.web.visitor import RECORD, posted

        self.ask("/")
        _, place, _ = self.ask("/", {"start": "new"})
        while place and time.monotonic() < self.until:
            path = urlsplit(place).path
            if path == "/check/answers/":
                self.ask(path)
                status, place, _ = self.ask("/check/send/", {})
                if status == 303 and "result" in place:
                    self.tally.sent += 1
                    self.ask(place)
                return
            section = pathway.find(path.removeprefix("/check/").strip("/").split("/")[0])
            if section is None:
                self.tally.errors.append(f"lost at {path}")
                return
            self.ask(place)
            _, place, _ = self.ask(place, posted(section, RECORD))


class Staff(Visitor):
    """Looks at the queue of screenings every second, signed in."""

    password = ""

    def run(self) -> None:
        self.ask("/admin/login/")
        self.ask("/admin/login/", {"login": "chiropractor", "password": self.password})
        while time.monotonic() < self.until:
            self.ask("/admin/screening/screening/")
            time.sleep(1)


class Reader(Visitor):
    """Opens a plan by its link and birth date, and reads it every second."""

    link, born = "", ("", "", "")

    def run(self) -> None:
        self.ask(self.link)
        names = ("birth_month", "birth_day", "birth_year")
        self.ask(self.link, dict(zip(names, self.born, strict=True)))
        while time.monotonic() < self.until:
            self.ask("/plan/")
            time.sleep(1)


@dataclass(frozen=True, kw_only=True)
class Run:
    """The figures of one run."""

    name: str
    seconds: float
    tally: Tally
    lost: int

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.tally.seconds) / self.seconds

    def figures(self, p95: float, p99: float | None = None) -> Iterator[Figure]:
        """Lines for the report."""
        parts = statistics.quantiles([one * 1000 for one in self.tally.seconds], n=100)
        for part, goal in ((50, None), (95, p95), (99, p99)):
            yield Figure(name=f"{self.name}: p{part}", value=parts[part - 1], unit="ms", goal=goal)
        errors = len(self.tally.errors)
        yield Figure(name=f"{self.name}: requests", value=self.rate, unit="a second")
        yield Figure(name=f"{self.name}: errors", value=errors, unit="", goal=0, digits=0)
        sent = f"{self.name}: lost of {self.tally.sent} acknowledged screenings"
        yield Figure(name=sent, value=self.lost, unit="", goal=0, digits=0)
        for error in sorted(set(self.tally.errors))[:5]:
            print(f"  error: {error}", file=sys.stderr)


@contextmanager
def serving(
    count: int, folder: Path, url: str
) -> Iterator[list[tuple[int, subprocess.Popen[bytes]]]]:
    """Serve with so many gunicorns of one process each, which share nothing but the database."""
    found = []
    try:
        for number in range(count):
            port, own = spare_port(), folder / f"web{count}-{number}"
            own.mkdir(mode=0o700, exist_ok=True)
            environment = environment_for(own, url) | {"BIND": f"127.0.0.1:{port}"}
            command = [sys.executable, "-m", "gunicorn", "--config", "python:chiro.gunicorn"]
            with (own / "log").open("w") as log:
                process = subprocess.Popen(
                    [*command, "chiro.wsgi"],
                    cwd=ROOT,
                    env=environment,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            found.append((port, process))
        for port, _ in found:
            wait_until_up(port)
        yield found
    finally:
        for _, process in found:
            process.terminate()
        for _, process in found:
            process.wait(timeout=60)


def environment_for(folder: Path, url: str) -> dict[str, str]:
    """The environment of a site of this measurement."""
    return os.environ | {
        "DATA_DIR": str(folder),
        "DATABASE_URL": url,
        "SECRET_KEY": "measuring-only-" * 5,
        "PUBLIC_BASE_URL": "http://127.0.0.1:8000",
        "WEB_WORKERS": "1",
        "WEB_THREADS": "8",
        "LOG_LEVEL": "WARNING",
    }


def manage(folder: Path, url: str, *words: str) -> str:
    """Run a command of the site and return what it printed."""
    command = [sys.executable, "manage.py", *words]
    environment = environment_for(folder, url)
    done = subprocess.run(
        command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def run(
    name: str, count: int, folder: Path, url: str, *, seconds: float, rate: float, kill: bool
) -> Run:
    """Serve and load for so long; `rate` requests a second, 0 for as many as there can be."""
    before = int(manage(folder, url, "shell", "--no-imports", "-c", COUNT))
    pause = PATIENTS / rate if rate else 0.0
    with serving(count, folder, url) as servers:
        ports = [port for port, _ in servers]
        until = time.monotonic() + seconds
        crowd: list[Visitor] = [Patient(n, ports, until, pause) for n in range(PATIENTS)]
        crowd += [Staff(0, ports, until, 0), Reader(1, ports, until, 0)]
        started = time.monotonic()
        for one in crowd:
            one.start()
        if kill:
            time.sleep(seconds / 2)
            os.killpg(servers[0][1].pid, signal.SIGKILL)
        for one in crowd:
            one.join()
        took = time.monotonic() - started
    together = Tally()
    for one in crowd:
        together.add(one.tally)
    after = int(manage(folder, url, "shell", "--no-imports", "-c", COUNT))
    lost = max(0, together.sent - (after - before))
    return Run(name=name, seconds=took, tally=together, lost=lost)


def measure(options: argparse.Namespace) -> Iterator[Figure]:
    """Yield the figures of every run."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chiro.settings")
    django.setup()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir="/var/tmp")))
        url = f"sqlite:///{folder / 'scale.sqlite3'}"
        if not options.sqlite:
            url = stack.enter_context(private_postgresql.server())
        manage(folder, url, "migrate", "--verbosity", "0")
        _learn(manage(folder, url, "demo"))
        load = {"seconds": options.seconds, "rate": options.rate}
        if options.sqlite:
            one = run("SQLite", 2, folder, url, kill=False, **load)
            yield from one.figures(PRACTICE_P95_MS, PRACTICE_P99_MS)
            return
        rates = {}
        for count in options.processes:
            done = run(f"{count} processes", count, folder, url, kill=False, **load)
            rates[count] = done.rate
            yield from done.figures(P95_MS)
        if not options.rate and {1, 2} <= set(rates):
            gain = rates[2] / rates[1]
            yield Figure(
                name="2 against 1",
                value=gain,
                unit="times",
                goal=SCALES_BY,
                at_least=True,
                digits=2,
            )
        killed = run("2 processes, one killed", 2, folder, url, kill=True, **load)
        yield from killed.figures(10_000)


def _learn(printed: str) -> None:
    """Take passwords and the plan's link from what `demo` printed."""
    password = re.search(r"^\s+chiropractor\s+(\S+)$", printed, re.MULTILINE)
    link = re.search(r"^Plan of .*: \S+?(/p/\S+)$", printed, re.MULTILINE)
    born = re.search(r"birth date (\w+ \d+, \d{4})", printed)
    if not (password and link and born):
        raise LookupError("demo prints its passwords and link in another way now")
    Staff.password = password[1]
    Reader.link = link[1]
    day = datetime.strptime(born[1], "%B %d, %Y").replace(tzinfo=UTC)
    Reader.born = (str(day.month), str(day.day), str(day.year))


if __name__ == "__main__":
    asked = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    asked.add_argument("--seconds", type=float, default=20, help="of each run")
    asked.add_argument("--rate", type=float, default=0, help="requests a second; 0: no limit")
    asked.add_argument("--sqlite", action="store_true", help="a practice: 2 processes on SQLite")
    asked.add_argument("--processes", type=int, nargs="*", default=[1, 2, 4])
    report(measure(asked.parse_args()))
