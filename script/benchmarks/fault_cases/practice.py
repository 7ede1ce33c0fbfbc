"""A practice for one fault: its own database, the real server, and browsers that keep count."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from script.benchmarks.private_postgresql import Server
from script.benchmarks.served import FORM, ROOT, Browser, spare_port

CSRF = "f" * 32
TRY_FOR_SECONDS = 120.0
PLANS = 6
LEAST_RESULT = 100
NOTHING: Mapping[str, str] = {}
START_SECONDS = 90.0


@dataclass
class Practice:
    """One database and the server on it."""

    folder: Path
    address: str = ""
    process: subprocess.Popen[bytes] | None = None
    port: int = field(default_factory=spare_port)

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a SQLite file."""
        return not self.address

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.folder / "data" / "chiro.sqlite3"

    def environment(self, **more: str) -> dict[str, str]:
        """The variables of the server and of commands."""
        found = os.environ | {
            "DATA_DIR": str(self.folder / "data"),
            "BACKUP_DIR": str(self.folder / "backups"),
            "BACKUP_KEY_FILE": str(self.folder / "backup.key"),
            "BIND": f"127.0.0.1:{self.port}",
            "PUBLIC_BASE_URL": f"http://127.0.0.1:{self.port}",
            "LOG_LEVEL": "WARNING",
        }
        if self.address:
            found["DATABASE_URL"] = self.address
        return found | more

    def manage(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a management command."""
        return self.run("manage.py", *words, check=check)

    def run(self, *words: str, check: bool = True, **more: str) -> subprocess.CompletedProcess[str]:
        """Run Python."""
        done = subprocess.run(
            [sys.executable, *words],
            cwd=ROOT,
            env=self.environment(**more),
            capture_output=True,
            text=True,
            check=False,
        )
        if check and done.returncode:
            raise RuntimeError(f"{words}: {done.stderr[-2000:]}")
        return done

    def prepare(self, count: int, more: Mapping[str, str] = NOTHING) -> "Sendable":
        """Make questionnaires that can be sent, and open plans."""
        module = "script.benchmarks.fault_cases.prepare"
        said = self.run("-m", module, str(count), str(PLANS), check=True, **more).stdout
        found = json.loads(said.splitlines()[-1])
        return Sendable(submissions=found["submissions"], plans=found["plans"])

    # --- The server ------------------------------------------------------------------------

    def start(self, *before: str, wait: bool = True, **more: str) -> None:
        """Start gunicorn, `before` in front of its command."""
        server = ["-m", "gunicorn", "--config", "python:chiro.gunicorn", "chiro.wsgi"]
        with (self.folder / "log").open("a") as log:
            self.process = subprocess.Popen(
                [*before, sys.executable, *server],
                cwd=ROOT,
                env=self.environment(**more),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        if wait:
            self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Return when the database answers through the server. Raises TimeoutError."""
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            try:
                if Browser(self.port).ask("/health/ready").status == 200:
                    return
            except OSError:
                pass
            time.sleep(0.1)
        raise TimeoutError((self.folder / "log").read_text()[-2000:])

    def kill(self) -> None:
        """Kill the server and all its processes at once."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self) -> None:
        """Stop the server in good order."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=40)
            except subprocess.TimeoutExpired:
                self.kill()

    def stop_all(self, *, wait: bool = True) -> None:
        """Stop the server and what watches it in good order, so that all is written down."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGTERM)
            if wait:
                self.process.wait()

    def wait(self) -> None:
        """Return when the server and what watches it have ended."""
        if self.process is not None:
            self.process.wait()

    def workers(self) -> list[int]:
        """The processes that serve."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    # --- The database ----------------------------------------------------------------------

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the database past the site."""
        if self.is_sqlite:
            connection = sqlite3.connect(self.database, timeout=30)
            try:
                return connection.execute(query).fetchall()
            finally:
                connection.close()
        import psycopg

        with psycopg.connect(self.address) as other:
            return other.execute(query.encode()).fetchall()

    def number(self, query: str) -> int:
        """The one number that a query answers."""
        return int(self.rows(query)[0][0])

    def is_sound(self) -> bool:
        """Whether the database finds no fault in itself."""
        if self.is_sqlite:
            return self.rows("PRAGMA integrity_check")[0][0] == "ok"
        return self.number("SELECT count(*) FROM pg_index WHERE NOT indisvalid") == 0


@dataclass(frozen=True)
class Sendable:
    """What browsers may send."""

    submissions: list[dict[str, str]]
    plans: list[dict[str, Any]]


class Maker:
    """Makes practices with the example records, each from the same copy."""

    def __init__(self, scratch: Path, server: Server | None) -> None:
        self.scratch, self.server = scratch, server
        self._number = 0
        self._pattern = self._empty("pattern")
        self._pattern.manage("migrate", "--verbosity", "0")
        self._pattern.manage("demo")
        self._pattern.manage("make_backup_key")

    def _empty(self, name: str) -> Practice:
        folder = self.scratch / name
        (folder / "data").mkdir(parents=True, mode=0o700)
        return Practice(folder, self._database(name, "template0") if self.server else "")

    def _database(self, name: str, pattern: str) -> str:
        import psycopg

        assert self.server is not None
        with psycopg.connect(self.server.address, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {pattern}".encode())
            # Without it a crash would set back the sequences of the copy: PostgreSQL takes the
            # values that the pattern had logged ahead for logged in the copy as well.
            connection.execute("CHECKPOINT")
        return urlsplit(self.server.address)._replace(path=f"/{name}").geturl()

    def empty_database(self, name: str) -> str:
        """The address of a fresh database of PostgreSQL."""
        return self._database(name, "template0")

    @contextmanager
    def practice(self) -> Iterator[Practice]:
        """Make a practice, and stop its server at the end."""
        self._number += 1
        name = f"fault_{self._number}"
        folder = self.scratch / name
        shutil.copytree(self._pattern.folder, folder)
        made = Practice(folder, self._database(name, "pattern") if self.server else "")
        try:
            yield made
        finally:
            made.stop()
            shutil.rmtree(folder, ignore_errors=True)
            self._drop(name)

    def _drop(self, name: str) -> None:
        """Remove the database of a practice, so that the next faults find a small server."""
        import psycopg

        if self.server is not None:
            with psycopg.connect(self.server.address, autocommit=True) as connection:
                connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())


# --- Browsers that keep count ------------------------------------------------------------------


def post(port: int, path: str, data: dict[str, Any], timeout: float = 60, **cookies: str) -> Any:
    """Send one form with these cookies; returns the answer. Raises OSError."""
    browser = Browser(port, cookies={"csrf": CSRF, **cookies})
    browser.connection.timeout = timeout
    try:
        return browser.ask(path, {"csrfmiddlewaretoken": CSRF, **data})
    except (OSError, ValueError):
        raise
    except Exception as fault:  # a connection that broke off inside an answer
        raise OSError(str(fault)) from fault
    finally:
        browser.connection.close()


def send(port: int, submission: dict[str, str]) -> int:
    """Press "Confirm and send"; returns the status, 0 for none."""
    try:
        answer = post(port, "/check/send/", {}, session=submission["session"])
    except OSError:
        return 0
    done = answer.status == 303 and answer.headers.get("Location") == "/result/"
    return 303 if done else int(answer.status) if answer.status != 303 else 1


def tick(port: int, plan: dict[str, Any], number: int) -> int:
    """Tick an exercise, or take the tick back; returns the status, 0 for none."""
    data = {name: plan[name] for name in ("version", "slug", "day")}
    data |= {"state": state(number), "place": "1", "key": f"key-{number}"}
    try:
        cookies = {"session": plan["session"], "plan": plan["plan"]}
        answer = post(port, "/plan/done/", data, **cookies)
    except OSError:
        return 0
    done = answer.status == 303 and answer.headers.get("Location", "").endswith("#ex-1")
    return 303 if done else int(answer.status) if answer.status != 303 else 1


def state(number: int) -> str:
    """Done, then taken back, then done: each says something new."""
    return "done" if number % 2 == 0 else ""


def stored_key(plan: dict[str, Any], number: int) -> str:
    """How the diary names what `tick` sent."""
    act = f"key-{number} {plan['slug']} {state(number)}"
    return sha256(act.encode()).hexdigest()


def until_acknowledged(act: Callable[[], int], statuses: list[int] | None = None) -> bool:
    """Try again like a patient who waits, until it is acknowledged."""
    until = time.monotonic() + TRY_FOR_SECONDS
    while time.monotonic() < until:
        status = act()
        if statuses is not None:
            statuses.append(status)
        if status == 303:
            return True
        time.sleep(0.3)
    return False


@dataclass
class Load:
    """Browsers that send everything and tick in between, until all is acknowledged."""

    practice: Practice
    sendable: Sendable
    ticks: int
    browsers: int = 6
    sent: list[str] = field(default_factory=list)
    ticked: list[str] = field(default_factory=list)
    unanswered: int = 0

    def start(self) -> None:
        """Begin."""
        waiting = iter(self.sendable.submissions)
        lock = threading.Lock()

        def submitting() -> None:
            while True:
                with lock:
                    one = next(waiting, None)
                if one is None:
                    return
                if until_acknowledged(partial(send, self.practice.port, one)):
                    self.sent.append(one["key"])
                else:
                    self.unanswered += 1

        def ticking(plan: dict[str, Any], numbers: range) -> None:
            for number in numbers:
                if until_acknowledged(partial(tick, self.practice.port, plan, number)):
                    self.ticked.append(stored_key(plan, number))
                else:
                    self.unanswered += 1
                    return  # the next tick would say what stands there already

        works: list[threading.Thread] = [
            threading.Thread(target=submitting) for _ in range(self.browsers)
        ]
        each = -(-self.ticks // max(1, len(self.sendable.plans)))
        works += [
            threading.Thread(target=ticking, args=(plan, range(n * each, (n + 1) * each)))
            for n, plan in enumerate(self.sendable.plans)
        ]
        self._works = works
        for work in works:
            work.start()

    @property
    def runs(self) -> bool:
        """Whether something is still to be sent."""
        return any(work.is_alive() for work in self._works)

    def wait(self) -> None:
        """Return when everything is sent."""
        for work in self._works:
            work.join()

    # --- What became of it -----------------------------------------------------------------

    def lost(self) -> int:
        """Acknowledged and not in the database."""
        rows = self.practice.rows
        screenings = {row[0] for row in rows("SELECT submission_key FROM screening_screening")}
        diary = {row[0] for row in rows("SELECT key FROM exercises_diaryentry")}
        return len(set(self.sent) - screenings) + len(set(self.ticked) - diary)

    def doubled(self, before: int) -> int:
        """Screenings more than were sent, and diary keys that stand twice."""
        number = self.practice.number
        more = number("SELECT count(*) FROM screening_screening") - before - len(self.sent)
        twice = "SELECT count(*) - count(DISTINCT key) FROM exercises_diaryentry"
        people = "SELECT count(*) - count(DISTINCT full_name) FROM screening_patient"
        return abs(more) + number(twice) + number(people)

    def half(self) -> int:
        """How many of those sent lack a part, kept their draft, or have other answers."""
        parts = (
            "SELECT screening_id FROM screening_review",
            "SELECT screening_id FROM screening_screeningfacts",
            "SELECT p.screening_id FROM exercises_plan p JOIN exercises_planitem i "
            "ON i.plan_id = p.id",
            "SELECT CAST(object_id AS integer) FROM practice_auditevent "
            "WHERE event = 'screening submitted'",
        )
        rows = self.practice.rows
        whole = set.intersection(*({row[0] for row in rows(part)} for part in parts))
        drafts = {row[0] for row in rows("SELECT submission_key FROM screening_draft")}
        stored = rows(
            "SELECT id, submission_key, CAST(answers AS text), length(CAST(result AS text)) "
            "FROM screening_screening"
        )
        keys = set(self.sent)
        sent = [row for row in stored if row[1] in keys]
        other = len({answers for _, _, answers, _ in sent}) - 1  # all sent the same answers
        return other + sum(
            number not in whole or key in drafts or length < LEAST_RESULT
            for number, key, _, length in sent
        )


def raw_post(port: int, path: str, session: str) -> socket.socket:
    """Send a form and return the connection without reading the answer."""
    body = urlencode({"csrfmiddlewaretoken": CSRF})
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: {FORM}\r\n"
        f"Cookie: csrf={CSRF}; session={session}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    connection = socket.create_connection(("127.0.0.1", port), timeout=60)
    connection.sendall((head + body).encode())
    return connection


def scratch() -> Any:
    """A folder on a real disk that is removed at the end."""
    return tempfile.TemporaryDirectory(prefix="chiro-faults-", dir="/var/tmp")
