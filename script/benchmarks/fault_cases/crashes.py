"""F1, F6, F7, F19: the server or the connection goes while patients send."""

import threading
import time
from collections.abc import Iterator
from functools import partial

from script.benchmarks.fault_cases.practice import (
    Load,
    Maker,
    Practice,
    raw_post,
    send,
    until_acknowledged,
)
from script.benchmarks.figures import Figure
from script.benchmarks.private_postgresql import Server

KILL_EVERY_SECONDS = 20.0
RESTARTS = 3
AWAY_SECONDS = 45
AGAIN_SECONDS = 20
SCREENINGS = "SELECT count(*) FROM screening_screening"


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
        submissions = count * 3 // 10
        load = Load(practice, practice.prepare(submissions), ticks=count - submissions)
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
    """F19: PostgreSQL is killed and started again while patients send, and is away for a while."""
    if maker.server is None:
        return
    with maker.practice() as practice:
        load = Load(practice, practice.prepare(count // 20), ticks=count // 20)
        before = practice.number(SCREENINGS)
        practice.start()
        load.start()
        for _ in range(RESTARTS):
            time.sleep(4)
            maker.server.stop("immediate")
            time.sleep(1)
            maker.server.start()
        load.wait()
        yield from outcome(f"F19 PostgreSQL killed {RESTARTS} times under load", load, before)
        yield from _away(practice, maker.server)


def _away(practice: Practice, server: Server) -> Iterator[Figure]:
    """How long after a longer absence of PostgreSQL the site serves again, by itself."""
    one = practice.prepare(1).submissions[0]
    server.stop("immediate")
    until = time.monotonic() + AWAY_SECONDS
    while time.monotonic() < until:
        send(practice.port, one)
        time.sleep(1)
    server.start()
    started = time.monotonic()
    served = until_acknowledged(partial(send, practice.port, one))
    name = f"F19 PostgreSQL away for {AWAY_SECONDS} s"
    yield bad(f"{name}: not served afterwards", not served)
    waited = time.monotonic() - started
    yield Figure(name=f"{name}: served again after", value=waited, unit="s", goal=AGAIN_SECONDS)
