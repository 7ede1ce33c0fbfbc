"""F1, F2, F6, F7, F16, F19: the server, the power or the connection goes while patients send."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from script.benchmarks.fault_cases import power
from script.benchmarks.fault_cases.practice import Load, Maker, Practice, raw_post, send
from script.benchmarks.figures import Figure

KILL_EVERY_SECONDS = 6.0
SCREENINGS = "SELECT count(*) FROM screening_screening"
WEAK = "script.benchmarks.fault_cases.weak_settings"


def bad(name: str, count: int) -> Figure:
    """Something of which there must be none."""
    return Figure(name=name, value=count, unit="", goal=0, digits=0)


def outcome(name: str, load: Load, before: int) -> Iterator[Figure]:
    """What became of everything that was sent."""
    yield Figure(
        name=f"{name}: acknowledged submissions and diary ticks",
        value=len(load.sent) + len(load.ticked),
        unit="",
        digits=0,
    )
    yield bad(f"{name}: acknowledged and lost", load.lost())
    yield bad(f"{name}: stored twice", load.doubled(before))
    yield bad(f"{name}: stored by half", load.half())
    yield bad(f"{name}: never answered", load.unanswered)
    yield bad(f"{name}: database not sound", not load.practice.is_sound())


def killed(maker: Maker, count: int) -> Iterator[Figure]:
    """F1: every process of the server is killed, again and again, while patients send."""
    with maker.practice() as practice:
        load = Load(practice, practice.prepare(count // 2), ticks=count - count // 2)
        before, kills, started = practice.number(SCREENINGS), 0, time.monotonic()
        practice.start()
        load.start()
        while load.runs:
            time.sleep(KILL_EVERY_SECONDS)
            if load.runs:
                practice.kill()
                practice.start()
                kills += 1
        load.wait()
        seconds = time.monotonic() - started
        yield Figure(name="F1 kill -9 under load: kills", value=kills, unit="", digits=0)
        yield Figure(name="F1 kill -9 under load: took", value=seconds, unit="s")
        yield from outcome("F1 kill -9 under load", load, before)


def flushed_first(maker: Maker, count: int) -> Iterator[Figure]:
    """F2: what a patient sent is on disk before the answer leaves. F16: so a power cut loses none.

    F16 is also run with less durability than the product has: then it must find losses.
    """
    if maker.server is not None:
        with maker.practice() as practice:
            lazy = "SELECT count(*) FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', "
            lazy += "'synchronous_commit') AND setting = 'off'"
            yield bad("F2 PostgreSQL acknowledges before the disk: switches", practice.number(lazy))
        return
    for name, pragmas in (
        ("as the product is", ""),
        ("weakened: DELETE, OFF", "PRAGMA journal_mode=DELETE; PRAGMA synchronous=OFF;"),
        ("weakened: WAL, NORMAL", "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"),
    ):
        with maker.practice() as practice:
            promised, lost, unsound = power_cuts(practice, 8, pragmas)
        yield Figure(
            name=f"F16 power cut, {name}: promises looked at",
            value=promised,
            unit="",
            goal=8,
            at_least=True,
            digits=0,
        )
        if not pragmas:
            yield bad(f"F2 and F16 power cut, {name}: acknowledged and lost", lost)
            yield bad(f"F16 power cut, {name}: database not sound", unsound)
        else:
            yield Figure(
                name=f"F16 power cut, {name}: losses that the test finds",
                value=lost,
                unit="",
                goal=1,
                at_least=True,
                digits=0,
            )


def power_cuts(practice: Practice, count: int, pragmas: str) -> tuple[int, int, int]:
    """Send under strace; returns promises, promises lost and damage after a cut at each."""
    sendable = practice.prepare(count)
    weak: dict[str, Any] = {}
    if pragmas:
        weak = {"DJANGO_SETTINGS_MODULE": WEAK, "WEAK_PRAGMAS": pragmas}
        subprocess.run(  # the mode of the file is set before the disk is looked at
            [sys.executable, "manage.py", "check", "--database", "default"],
            env=practice.environment(**weak),
            check=False,
            capture_output=True,
        )
    disk = power.Disk.of(practice.database.parent)
    trace = practice.folder / "trace"
    practice.start(*power.tracer(trace), WEB_WORKERS="1", WEB_THREADS="1", **weak)
    keys = [one["key"] for one in sendable.submissions]
    for one in sendable.submissions:
        assert send(practice.port, one) == 303
    practice.stop_all()
    answers = iter(keys)
    lost = unsound = promised = 0
    for key, folder in power.cuts(
        disk,
        trace,
        lambda call: next(answers, "") if _is_result(call) else "",
        practice.folder / "cuts",
    ):
        promised += 1
        after = Practice(practice.folder)
        kept, sound = after_cut(folder / after.database.name, key)
        lost, unsound = lost + (not kept), unsound + (not sound)
    return promised, lost, unsound


def _is_result(call: power.Call) -> bool:
    """Whether a call sends "sent, here is the result" to a browser."""
    return call.name in ("sendto", "write") and b" 303 " in call.text[:20]


def after_cut(database: Path, key: str) -> tuple[bool, bool]:
    """Whether a screening is there after a power cut, and whether the database is sound."""
    import sqlite3

    connection = sqlite3.connect(database)
    try:
        query = "SELECT count(*) FROM screening_screening WHERE submission_key = ?"
        kept = connection.execute(query, [key]).fetchone()[0] == 1
        return kept, connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    except sqlite3.DatabaseError:
        return False, False
    finally:
        connection.close()


def pressed_often(maker: Maker, count: int) -> Iterator[Figure]:
    """F6: one questionnaire is sent by 40 browsers at once."""
    with maker.practice() as practice:
        one = practice.prepare(1).submissions[0]
        before = practice.number(SCREENINGS)
        practice.start()
        said: list[int] = []
        works = [
            threading.Thread(target=lambda: said.append(send(practice.port, one)))
            for _ in range(40)
        ]
        for work in works:
            work.start()
        for work in works:
            work.join()
        rows = practice.number(SCREENINGS) - before
        yield bad("F6 sent 40 times at once: not led to the result", 40 - said.count(303))
        yield bad("F6 sent 40 times at once: rows too many", abs(rows - 1))


def answer_lost(maker: Maker, count: int) -> Iterator[Figure]:
    """F7: the connection is cut after the act and before the answer; the patient tries again."""
    with maker.practice() as practice:
        sendable = practice.prepare(20)
        before = practice.number(SCREENINGS)
        practice.start()
        wrong = 0
        for number, one in enumerate(sendable.submissions):
            connection = raw_post(practice.port, "/check/send/", one["session"])
            if number % 2:
                until = time.monotonic() + 30
                stored = f"{SCREENINGS} WHERE submission_key = '{one['key']}'"
                while practice.number(stored) == 0 and time.monotonic() < until:
                    time.sleep(0.02)
            connection.close()
            wrong += send(practice.port, one) != 303
        rows = practice.number(SCREENINGS) - before
        yield bad("F7 answer lost on the way: no result at the second try", wrong)
        yield bad("F7 answer lost on the way: rows too many or too few", abs(rows - 20))


def restarted(maker: Maker, count: int) -> Iterator[Figure]:
    """F19: PostgreSQL is killed and started again while patients send."""
    if maker.server is None:
        return
    with maker.practice() as practice:
        load = Load(practice, practice.prepare(count // 8), ticks=count // 8)
        before = practice.number(SCREENINGS)
        practice.start()
        load.start()
        for _ in range(3):
            time.sleep(4)
            maker.server.stop("immediate")
            time.sleep(1)
            maker.server.start()
        load.wait()
        yield from outcome("F19 PostgreSQL restarted three times under load", load, before)
