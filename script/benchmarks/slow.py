"""The questionnaire while 200 slow connections and 50 requests for papers are open.

The real server on SQLite, straight and behind Caddy and nginx with the files of `deploy/`. The slow
ones send nothing, half a head, or a form byte by byte, and come back when they are cut off. The
papers are not stored yet, each of another plan; who is told to come back later does. Beside them
patients answer the questionnaire, and their pages are measured.
"""

import argparse
import asyncio
import os
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from script.benchmarks.figures import Figure, report
from script.benchmarks.load.http import Server, UnansweredError
from script.benchmarks.load.running import warm_up
from script.benchmarks.load.sites import Site
from script.benchmarks.load.sums import Tally, percentiles
from script.benchmarks.load.visitors import Pace, Patient
from script.benchmarks.served import spare_port

SLOW, PAPERS, PATIENTS = 200, 50, 4
P95_MS = 500
PLANS = 160
RATE = 20.0
"""Pages a second of the questionnaire: as many as a practice ever has."""

WAITS_SECONDS = 5.0
HEAD = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
BEGINNINGS = (b"", HEAD, HEAD + b"Content-Length: 5000\r\n\r\na=1")
WAYS = ("direct", "caddy", "nginx")


@dataclass
class Crowd:
    """Who keeps the server busy, and what became of them."""

    server: Server
    plans: Iterator[dict[str, str]]
    open_now: int = 0
    papers: list[float] = field(default_factory=list)
    told: Counter[int] = field(default_factory=Counter)

    async def slow(self, number: int) -> None:
        """A visitor who never ends what he sends, from one of several addresses."""
        while True:
            with suppress(OSError):
                reader, writer = await self.server.open(f"127.0.0.{2 + number % 8}")
                self.open_now += 1
                with suppress(OSError):
                    await trickle(reader, writer, BEGINNINGS[number % len(BEGINNINGS)])
                self.open_now -= 1
                writer.close()
            await asyncio.sleep(0.2)

    async def paper(self) -> None:
        """Somebody who wants one paper after the other."""
        for plan in self.plans:
            prefix = self.server.prefix
            cookies = {f"{prefix}session": plan["session"], f"{prefix}plan": plan["plan"]}
            for path in ("/plan/large-print.pdf", "/plan/fridge-sheet.pdf"):
                await self._fetch(path, cookies)

    async def _fetch(self, path: str, cookies: dict[str, str]) -> None:
        while True:
            started = time.perf_counter()
            try:
                answer = await self.server.ask(path, None, cookies)
            except UnansweredError:
                self.told[0] += 1
                return
            self.told[answer.status] += 1
            if answer.status == 200:
                self.papers.append(time.perf_counter() - started)
                return
            await asyncio.sleep(WAITS_SECONDS)


async def trickle(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, beginning: bytes
) -> None:
    """Send the beginning, then a byte a second, until the other side hangs up."""
    writer.write(beginning)
    while not reader.at_eof():
        await asyncio.sleep(1.0)
        if beginning:
            writer.write(b"x")
            await writer.drain()
        with suppress(TimeoutError):
            async with asyncio.timeout(0.01):
                await reader.read(1024)


async def pages(server: Server, site: Site, seconds: float) -> tuple[Tally, Crowd]:
    """Answer the questionnaire in the crowd for so long."""
    tally = Tally()
    crowd = Crowd(server, iter(site.people["plans"]))
    works = [crowd.slow(number) for number in range(SLOW)]
    works += [crowd.paper() for _ in range(PAPERS)]
    tasks = [asyncio.create_task(work) for work in works]
    await asyncio.sleep(2.0)
    pace = Pace(RATE, seconds, lambda: None)
    patients = [Patient(n, [server], pace, tally) for n in range(PATIENTS)]
    tasks += [asyncio.create_task(patient.visit()) for patient in patients]
    await pace.keep()
    print(f"  open at the end: {crowd.open_now} slow ones; papers: {dict(crowd.told)}", flush=True)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    server.close()
    return tally, crowd


@contextmanager
def front(way: str, folder: Path) -> Iterator[tuple[Site, Server]]:
    """The site, straight or behind a proxy."""
    from tests.deploy import proxies

    https, place = spare_port(), folder / way
    place.mkdir(mode=0o700)
    more = {"WEB_WORKERS": "2"}
    if way != "direct":
        more |= {"PUBLIC_BASE_URL": f"https://localhost:{https}", "TRUSTED_PROXIES": "1"}
    site = Site(place, f"sqlite:///{place / 'slow.sqlite3'}", more=more)
    site.prepare(PLANS)
    with site.serving(1) as serving, ExitStack() as stack:
        port = serving.ports[0]
        if way == "direct":
            warm_up(site, serving)
            yield site, Server(port)
            return
        made = {"caddy": proxies.caddy, "nginx": proxies.nginx}[way](place, port, https)
        stack.callback(made.close)
        proxy = next(made)
        yield site, Server(https, proxy.trusted)


def measure(options: argparse.Namespace) -> Iterator[Figure]:
    """Yield the figures of each way."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chiro.settings")
    django.setup()
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        for way in options.ways:
            if way != "direct" and not shutil.which(way, path=f"{os.environ['PATH']}:/usr/sbin"):
                print(f"{way} is not installed: not measured", flush=True)
                continue
            with front(way, Path(name)) as (site, server):
                tally, crowd = asyncio.run(pages(server, site, options.seconds))
            goals = {50: None, 95: P95_MS}
            yield from percentiles(f"{way}: questionnaire", tally.seconds, goals)
            faults = tally.errors.total() + len(tally.refused)
            yield Figure(name=f"{way}: pages refused", value=faults, unit="", goal=0, digits=0)
            yield from percentiles(f"{way}: paper", crowd.papers, {50: None, 95: None})


if __name__ == "__main__":
    asked = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    asked.add_argument("--seconds", type=float, default=30, help="of each way")
    asked.add_argument("--ways", nargs="*", default=list(WAYS), choices=WAYS)
    asked.add_argument("--json", type=Path, help="a file for the figures")
    given = asked.parse_args()
    report(measure(given), given.json)
