"""Speed of 1, 2 and 4 web processes on one PostgreSQL, under mixed load without sticky sessions.

Patients answer the questionnaire, send it and read their result; others open their plan, tick what
they did and take the paper along; staff look at the queue; workers make papers. Each request goes
to the next process in turn. At the end every acknowledged screening and tick must be in the
database, once, and no page may have held the name of another patient. In one run a process is
killed half way.

Load maker, database and processes share this computer, so that with two cores two processes can
never be twice as fast as one. Where control groups can be made (Linux, root), each process is
therefore held to a quarter of a core (`--share`): each stands for a small computer of its own, and
the figures tell whether the design scales. The same without shares follows, for information.

  script/bench scale --practice --seconds 600     a practice: SQLite, 20 requests a second
  script/bench scale --chain --seconds 600        a chain: 100 a second, then 400 for a minute
  script/bench scale --json FILE                  also writes the figures down
"""

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from script.benchmarks import private_postgresql
from script.benchmarks.figures import Figure, report
from script.benchmarks.load import shares
from script.benchmarks.load.http import Server
from script.benchmarks.load.running import Load, run, warm_up
from script.benchmarks.load.sites import Serving, Site
from script.benchmarks.load.sums import Goals

SCALES_BY = 1.6
PLANS = 88
PRACTICE = Goals(p95_ms=300, p99_ms=1000, paper_p95_ms=2000)
PRACTICE_RATE = 20.0
CHAIN = Goals(p95_ms=500, errors_percent=0.1)
CHAIN_RATE, BURST_RATE, BURST_SECONDS = 100.0, 400.0, 60.0
FREE = Goals(refused=False)
"""As much as there can be: how long an answer takes depends on how many ask."""

VISITORS_EACH = 8
"""For each process, as many as it has threads: enough to keep it busy, and none must queue."""

PAPERS_AT_ONCE, PAPER_P95_MS = 4, 2000


def measure(options: argparse.Namespace) -> Iterator[Figure]:
    """Yield the figures of every run."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chiro.settings")
    django.setup()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir="/var/tmp")))
        url = f"sqlite:///{folder / 'scale.sqlite3'}"
        if not options.practice:
            url = stack.enter_context(private_postgresql.server())
        site = Site(folder, url)
        site.prepare(PLANS)
        if options.practice:
            yield from practice(site, options)
        elif options.chain:
            yield from chain(site, options)
        else:
            yield from scaling(site, options)


def scaling(site: Site, options: argparse.Namespace) -> Iterator[Figure]:
    """1, 2 and 4 processes with a share of a core each, then without; then one is killed."""
    load = Load(seconds=options.seconds, rate=options.rate, visitors=VISITORS_EACH)
    if options.share and shares.available():
        print(f"Each process stands for a small computer of {options.share:g} core.", flush=True)
        site.share = options.share
        yield from compared(site, options.processes, load, options.workers, goal=SCALES_BY)
        site.share = 0.0
    else:
        print("No control groups here: the processes share all cores with the load.", flush=True)
    print("Without shares: the load maker and the database take from the same cores.", flush=True)
    yield from compared(site, options.processes, load, options.workers, goal=None)
    with site.serving(2, workers=options.workers) as serving:
        warm_up(site, serving)
        done = run("2 processes, one killed", site, serving, load.times(2), kill=True)
    yield from done.figures(FREE)


def compared(
    site: Site, counts: list[int], load: Load, workers: int, *, goal: float | None
) -> Iterator[Figure]:
    """The same load on each number of processes, and how much more than one they bear."""
    rates: dict[int, float] = {}
    how = f" of {site.share:g} core" if site.share else ""
    for count in counts:
        with site.serving(count, workers=workers) as serving:
            warm_up(site, serving)
            done = run(f"{count} processes{how}", site, serving, load.times(count))
        rates[count] = done.rate
        yield from done.figures(FREE)
    for count in [count for count in counts if count > 1 and 1 in rates]:
        yield Figure(
            name=f"{count} against 1 process{how}",
            value=rates[count] / rates[1],
            unit="times",
            goal=goal if count == 2 and not load.rate else None,
            at_least=True,
            digits=2,
        )


def practice(site: Site, options: argparse.Namespace) -> Iterator[Figure]:
    """One clinic on SQLite, and four papers at once."""
    load = Load(seconds=options.seconds, rate=options.rate or PRACTICE_RATE, visitors=16)
    with site.serving(2) as serving:
        warm_up(site, serving)
        done = run(f"SQLite, {load.rate:g} a second", site, serving, load)
        yield from done.figures(PRACTICE)
        yield from papers_at_once(site, serving)


def papers_at_once(site: Site, serving: Serving) -> Iterator[Figure]:
    """How long papers take that are not stored yet, four at a time."""
    times = asyncio.run(_papers(site, serving))
    slowest = sorted(times)[int(len(times) * 0.95)]
    yield Figure(
        name=f"paper made anew, {PAPERS_AT_ONCE} at once: p95",
        value=slowest * 1000,
        unit="ms",
        goal=PAPER_P95_MS,
    )


async def _papers(site: Site, serving: Serving) -> list[float]:
    servers = [Server(port) for port in serving.ports]
    plans = iter(site.people["plans"])
    times: list[float] = []

    async def one(number: int) -> None:
        for plan in plans:
            cookies = {"session": plan["session"], "plan": plan["plan"]}
            started = time.perf_counter()
            path = "/plan/large-print.pdf"
            answer = await servers[number % len(servers)].ask(path, None, cookies)
            took = time.perf_counter() - started
            times.append(took if answer.body.startswith(b"%PDF") else float("inf"))

    async with asyncio.TaskGroup() as group:
        for number in range(PAPERS_AT_ONCE):
            group.create_task(one(number))
    return times


def chain(site: Site, options: argparse.Namespace) -> Iterator[Figure]:
    """200 clinics: a steady load, then the burst when all open their reminders at once."""
    steady = Load(seconds=options.seconds, rate=options.rate or CHAIN_RATE)
    burst = Load(seconds=min(options.seconds, BURST_SECONDS), rate=BURST_RATE)
    with site.serving(2, workers=options.workers) as serving:
        warm_up(site, serving)
        for load in (steady, burst):
            name = f"chain, {load.rate:g} a second for {load.seconds:g} s"
            yield from run(name, site, serving, load).figures(CHAIN)


def options() -> argparse.ArgumentParser:
    """What may be asked for."""
    asked = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    asked.add_argument("--seconds", type=float, default=20, help="of each run")
    asked.add_argument("--rate", type=float, default=0, help="requests a second; 0: no limit")
    asked.add_argument("--practice", action="store_true", help="one clinic on SQLite")
    asked.add_argument("--chain", action="store_true", help="200 clinics on PostgreSQL")
    asked.add_argument("--processes", type=int, nargs="*", default=[1, 2, 4])
    asked.add_argument("--workers", type=int, default=1, help="that make papers")
    asked.add_argument("--share", type=float, default=0.25, help="of a core; 0: no shares")
    asked.add_argument("--json", type=Path, help="a file for the figures")
    return asked


if __name__ == "__main__":
    given = options().parse_args()
    report(measure(given), given.json)
