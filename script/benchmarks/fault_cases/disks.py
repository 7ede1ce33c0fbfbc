"""F3, F4, F5, F12, F15, F20, F21, F23: disk, lock, clock and permissions."""

import os
import re
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from script.benchmarks.fault_cases.crashes import SCREENINGS, bad
from script.benchmarks.fault_cases.practice import (
    Maker,
    Practice,
    post,
    send,
    tick,
    until_acknowledged,
)
from script.benchmarks.figures import Figure
from script.benchmarks.private_postgresql import Server

CLOCK = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1")
CLOCKS: tuple[tuple[str, timedelta | datetime, bool], ...] = (
    ("a day ahead", timedelta(days=1), False),
    ("a day behind", timedelta(days=-1), False),
    ("the hour that comes twice", datetime(2026, 11, 1, 8, 30, tzinfo=UTC), True),
    ("the hour that is left out", datetime(2027, 3, 14, 9, 59, 30, tzinfo=UTC), True),
    ("leap day", datetime(2028, 2, 29, 7, 59, 30, tzinfo=UTC), True),
)
"""Name, how far or to when the clock jumps, and whether the questionnaire was begun by it too."""

LOCK_SECONDS = 26
SOAK_SECONDS = int(os.environ.get("SOAK_SECONDS", "60"))
SOAK_RATE = 5


@contextmanager
def failing(practice: Practice, server: Server | None, calls: str, error: str) -> Iterator[None]:
    """Let system calls of whoever writes the database fail with this error while this lasts.

    That is every worker of the site with SQLite, and every process of PostgreSQL, which may end
    itself over it: then it is started again at the end, and the site is not.
    """
    writers = practice.workers() if server is None else server.processes()
    attached = ["-o", str(practice.folder / "strace"), *(f"--attach={pid}" for pid in writers)]
    tracer = subprocess.Popen(
        ["strace", "-f", "-qq", *attached, "-e", f"inject={calls}:error={error}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(1.5)
    try:
        yield
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.wait(timeout=20)
        if server is not None:
            server.bring_back()


def asks_to_keep_the_page(practice: Practice, session: str) -> bool:
    """Whether an answer that cannot be stored comes back as 503 with what was typed in it."""
    answer = post(practice.port, "/check/send/", {"typed": "kept words"}, session=session)
    page = answer.body.decode()
    return answer.status == 503 and "not saved" in page and "kept words" in page


def disk_faults(maker: Maker, count: int) -> Iterator[Figure]:
    """F3: the disk cannot flush. F4: the disk is full. Both end, without a restart."""
    for name, calls, error in (
        ("F3 flush fails", "fdatasync,fsync", "EIO"),
        ("F4 disk full", "pwrite64", "ENOSPC"),
    ):
        with maker.practice() as practice:
            one, two = practice.prepare(2).submissions
            before = practice.number(SCREENINGS)
            practice.start()
            send(practice.port, one)
            with failing(practice, maker.server, calls, error):
                refused = asks_to_keep_the_page(practice, two["session"])
            stored = practice.number(SCREENINGS) - before - 1
            again = until_acknowledged(partial(send, practice.port, two))
            yield bad(f"{name}: not answered with 503 and the typed text", not refused)
            yield bad(f"{name}: stored although refused", stored)
            yield bad(f"{name}: not sent afterwards, without a restart of the site", not again)
            rows = practice.number(SCREENINGS) - before
            yield bad(f"{name}: rows too many or too few", abs(rows - 2))
            yield bad(f"{name}: database not sound", not practice.is_sound())


@contextmanager
def locked(practice: Practice) -> Iterator[None]:
    """Hold the database so that nobody can write."""
    if practice.is_sqlite:
        connection: Any = sqlite3.connect(practice.database, timeout=30)
        connection.isolation_level = None
        connection.execute("BEGIN EXCLUSIVE")
    else:
        import psycopg

        connection = psycopg.connect(practice.address)
        connection.execute("LOCK TABLE screening_draft IN ACCESS EXCLUSIVE MODE")
    try:
        yield
    finally:
        connection.rollback() if not practice.is_sqlite else connection.execute("ROLLBACK")
        connection.close()


def lock_held(maker: Maker, count: int) -> Iterator[Figure]:
    """F5: somebody holds the database longer than a page waits."""
    with maker.practice() as practice:
        one = practice.prepare(1).submissions[0]
        before = practice.number(SCREENINGS)
        practice.start()
        with locked(practice):
            started = time.monotonic()
            refused = asks_to_keep_the_page(practice, one["session"])
            waited = time.monotonic() - started
        yield bad("F5 locked: not answered with 503 and the typed text", not refused)
        yield Figure(name="F5 locked: waited", value=waited, unit="s", goal=LOCK_SECONDS)
        yield bad("F5 locked: not sent afterwards", send(practice.port, one) != 303)
        rows = practice.number(SCREENINGS) - before
        yield bad("F5 locked: rows too many or too few", abs(rows - 1))


def overwrite(database: Path) -> None:
    """Overwrite the second third of a SQLite file."""
    size = database.stat().st_size
    with database.open("r+b") as file:
        file.seek(size // 3)
        file.write(os.urandom(size // 3))


def refusal_to_start(practice: Practice, **more: str) -> str:
    """The last line that a server said which did not start; "" when it did."""
    practice.start(wait=False, **more)
    assert practice.process is not None
    try:
        code = practice.process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        return ""
    said = (practice.folder / "log").read_text().splitlines()
    return said[-1] if code and said else ""


def damaged(maker: Maker, count: int) -> Iterator[Figure]:
    """F12: pages of the database are overwritten, while the server stands and while it runs."""
    if maker.server is not None:
        return
    with maker.practice() as practice:
        one = practice.prepare(1).submissions[0]
        practice.start()
        overwrite(practice.database)
        status = post(practice.port, "/check/send/", {}, session=one["session"]).status
        yield bad("F12 damaged while it runs: acknowledged", status != 503)
        practice.stop()
        said = refusal_to_start(practice)
        yield bad("F12 damaged: starts, or does not point to restore", "restore" not in said)


def clock_jumps(maker: Maker, count: int) -> Iterator[Figure]:
    """F15: the clock is a day ahead, a day behind, or in the hour that comes twice."""
    if not CLOCK.exists():
        print("F15 clock jumps: not run, libfaketime is not installed here.")
        return
    for name, jump, begun_then in CLOCKS:
        with maker.practice() as practice:
            clock = {"LD_PRELOAD": str(CLOCK), "FAKETIME": _ahead(jump), "TZ": "UTC"}
            sendable = practice.prepare(1, clock if begun_then else {})
            practice.start(wait=True, **clock)
            one, plan = sendable.submissions[0], sendable.plans[0]
            statuses = [send(practice.port, one), send(practice.port, one)]
            yield bad(f"F15 clock, {name}: not sent, or not shown again", statuses != [303, 303])
            ticked = tick(practice.port, plan, 0)
            fault = ticked != 303 if begun_then else ticked >= 500 or ticked == 0
            yield bad(f"F15 clock, {name}: a tick ends in a fault", fault)


def _ahead(jump: timedelta | datetime) -> str:
    """For libfaketime, one running clock for all processes: "@..." would start anew with each."""
    ahead = jump if isinstance(jump, timedelta) else jump - datetime.now(UTC)
    return f"{int(ahead.total_seconds()):+d}"


def soaked(maker: Maker, count: int) -> Iterator[Figure]:
    """F20: memory of the server while patients send for a while."""
    with maker.practice() as practice:
        sendable = practice.prepare(SOAK_SECONDS * SOAK_RATE)
        practice.start()
        sizes: list[float] = []
        for number, one in enumerate(sendable.submissions):
            started = time.monotonic()
            send(practice.port, one)
            if number % SOAK_RATE == 0:
                sizes.append(sum(resident(pid) for pid in practice.workers()))
            time.sleep(max(0, 1 / SOAK_RATE - (time.monotonic() - started)))
    half = len(sizes) // 2
    growth = max(sizes[half:]) - max(sizes[:half])
    yield Figure(
        name="F20 soak: memory grows in the second half by", value=growth, unit="MB", goal=8
    )


def resident(pid: int) -> float:
    """The memory that a process holds, in MB."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def not_allowed(maker: Maker, count: int) -> Iterator[Figure]:
    """F21: the data directory cannot be made or written."""
    with maker.practice() as practice:
        (practice.folder / "a-file").touch()
        said = refusal_to_start(practice, DATA_DIR=str(practice.folder / "a-file" / "data"))
        yield bad(
            "F21 no folder for data: starts, or does not say what to run", "Run: " not in said
        )
        said = refusal_to_start(practice, DATA_DIR=str(practice.folder / "a-file"))
        yield bad("F21 a file for a folder: starts, or does not say so", "not a folder" not in said)
