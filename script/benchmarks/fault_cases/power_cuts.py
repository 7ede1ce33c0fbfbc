"""F2 and F16: the power is cut right after an answer left, at each of some answers.

What the disk then holds is worked out from the recorded system calls (`power`), laid out in a
folder and opened with the database's own programs. Run as the product is, and with less
durability: then losses must be found, or the test would prove nothing.
"""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from script.benchmarks.fault_cases import power
from script.benchmarks.fault_cases.crashes import bad
from script.benchmarks.fault_cases.practice import Maker, Practice, send
from script.benchmarks.figures import Figure
from script.benchmarks.private_postgresql import Server
from script.benchmarks.served import spare_port

CUTS = 8
WEAK = "script.benchmarks.fault_cases.weak_settings"
LATE = ("wal_writer_delay=10000ms", "wal_writer_flush_after=0")


@dataclass(frozen=True, kw_only=True)
class Way:
    """A way to open the database: variables of the site, and options of PostgreSQL's server."""

    name: str
    site: Mapping[str, str]
    server: tuple[str, ...] = ()

    @property
    def is_weak(self) -> bool:
        """Whether it acknowledges before the disk has it."""
        return bool(self.site or self.server)


@dataclass
class Found:
    """What was found after cuts."""

    promises: int = 0
    lost: int = 0
    unsound: int = 0


PRODUCT = Way(name="as the product is", site={})
SQLITE = (
    PRODUCT,
    *(
        Way(
            name=f"weakened: {journal}, {flush}",
            site={
                "DJANGO_SETTINGS_MODULE": WEAK,
                "WEAK_PRAGMAS": f"PRAGMA journal_mode={journal}; PRAGMA synchronous={flush};",
            },
        )
        for journal, flush in (("DELETE", "OFF"), ("WAL", "NORMAL"))
    ),
)
POSTGRESQL = (
    PRODUCT,
    Way(
        name="weakened: synchronous_commit off",
        site={"DJANGO_SETTINGS_MODULE": WEAK, "WEAK_OPTIONS": "-c synchronous_commit=off"},
        server=LATE,
    ),
    Way(name="weakened: fsync off", site={}, server=("fsync=off",)),
)


def flushed_first(maker: Maker, count: int) -> Iterator[Figure]:
    """F2: what was sent is on disk before the answer leaves. F16: so a power cut loses none."""
    for way in SQLITE if maker.server is None else POSTGRESQL:
        with maker.practice() as practice:
            found = _cuts(practice, maker.server, way)
        name = f"F16 power cut, {way.name}"
        yield _at_least(f"{name}: promises looked at", found.promises, CUTS)
        if way.is_weak:
            yield _at_least(f"{name}: losses that the test finds", found.lost, 1)
        else:
            yield bad(f"F2 and {name}: acknowledged and lost", found.lost)
            yield bad(f"{name}: database not sound", found.unsound)


def _at_least(name: str, value: int, goal: int) -> Figure:
    return Figure(name=name, value=value, unit="", goal=goal, at_least=True, digits=0)


def _cuts(practice: Practice, server: Server | None, way: Way) -> Found:
    """Send under strace, then look at the disk as a cut after each answer leaves it."""
    sendable = practice.prepare(CUTS)
    keys = [one["key"] for one in sendable.submissions]
    if server is not None:
        server.stop()
        server.start(*way.server)
    else:
        _set_mode(practice, way)
    trace = practice.folder / "trace"
    more = {**way.site, "WEB_WORKERS": "1", "WEB_THREADS": "1"}
    watched = server.processes() if server is not None else []
    practice.start(*power.tracer(trace, watched), wait=True, **more)
    begun = trace.stat().st_size  # what was done until now is on the disk as it is
    disk = power.Disk.of(server.data if server is not None else practice.database.parent)
    statuses = [send(practice.port, one) for one in sendable.submissions]
    practice.stop_all(wait=server is None)
    if server is not None:
        server.stop("immediate")  # strace ends with the last process that it watches
        server.start()
        practice.wait()
    if statuses != [303] * CUTS:
        raise RuntimeError(f"not sent: {statuses}")
    calls = power.calls(trace, begun)
    return _look(practice, server, disk, calls, keys)


def _set_mode(practice: Practice, way: Way) -> None:
    """Open a SQLite file once, so that its mode is set before the disk is looked at."""
    subprocess.run(
        [sys.executable, "manage.py", "check", "--database", "default"],
        env=practice.environment(**way.site),
        check=False,
        capture_output=True,
    )


def _look(
    practice: Practice,
    server: Server | None,
    disk: power.Disk,
    calls: Iterable[power.Call],
    keys: list[str],
) -> Found:
    found, answers = Found(), iter(keys)
    for key, folder in power.cuts(
        disk,
        calls,
        lambda call: next(answers, "") if _is_result(call) else "",
        (practice.folder if server is None else server.folder) / "cuts",
    ):
        if server is None:
            kept, sound = after_cut(folder / practice.database.name, key)
        else:
            kept, sound = _after_cut_of(server, folder, practice, key)
        shutil.rmtree(folder)
        found.promises += 1
        found.lost += not kept
        found.unsound += not sound
    return found


def _is_result(call: power.Call) -> bool:
    """Whether a call sends "sent, here is the result" to a browser."""
    return call.name in ("sendto", "write") and b" 303 " in call.text[:20]


def after_cut(database: Path, key: str) -> tuple[bool, bool]:
    """Whether a screening is there after a power cut, and whether the database is sound."""
    connection = sqlite3.connect(database)
    try:
        query = "SELECT count(*) FROM screening_screening WHERE submission_key = ?"
        kept = connection.execute(query, [key]).fetchone()[0] == 1
        return kept, connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    except sqlite3.DatabaseError:
        return False, False
    finally:
        connection.close()


def _after_cut_of(server: Server, data: Path, practice: Practice, key: str) -> tuple[bool, bool]:
    """Let PostgreSQL recover after a cut; whether the screening is there, and all is sound."""
    import psycopg

    (data / "postmaster.pid").unlink(missing_ok=True)
    recovered = replace(server, data=data, port=spare_port())
    server.own(data)
    name = practice.address.rsplit("/", 1)[1]
    address = f"{recovered.address.rsplit('/', 1)[0]}/{name}"
    try:
        recovered.start()
    except subprocess.CalledProcessError:
        return False, False
    try:
        with psycopg.connect(address) as connection:
            query = "SELECT count(*) FROM screening_screening WHERE submission_key = %s"
            row = connection.execute(query, [key]).fetchone()
        recovered.run(
            "pg_amcheck",
            "-h",
            "127.0.0.1",
            "-p",
            recovered.port,
            "-U",
            "chiro",
            "--install-missing",
            "--heapallindexed",
            name,
        )
        return row == (1,), True
    except (psycopg.Error, subprocess.CalledProcessError):
        return False, False
    finally:
        recovered.stop("immediate")
