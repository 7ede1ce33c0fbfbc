"""One run: visitors at a site for so long, and afterwards what became of what was acknowledged."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from script.benchmarks.load.http import Server
from script.benchmarks.load.sites import Serving, Site
from script.benchmarks.load.sums import Run, Tally
from script.benchmarks.load.visitors import Diarist, Pace, Patient, Staff, Visitor

MOST_VISITORS = 2000
WARM_UP_SECONDS = 4.0
DIARISTS = 4
"""One visitor of so many has a plan open; one of sixteen is staff."""

STORED = """
import json
from exercises.models import DiaryEntry
from screening.models import Screening
names = Screening.objects.filter(patient__full_name__startswith="Marked ")
names = names.values_list("patient__full_name", flat=True)
print(json.dumps([list(names), list(DiaryEntry.objects.values_list("key", flat=True))]))
"""


@dataclass(frozen=True, kw_only=True)
class Load:
    """How much: `rate` requests a second whatever the site does, or 0 for all that `visitors` can
    ask one after the other. With a rate more visitors come where these are all busy.
    """

    seconds: float
    rate: float = 0.0
    visitors: int = 16

    def times(self, count: int) -> "Load":
        """The same for so many processes: as many visitors for each."""
        return replace(self, visitors=self.visitors * count)


class Crowd:
    """The visitors of one run; more come while all are busy."""

    def __init__(self, site: Site, servers: list[Server], load: Load, tally: Tally) -> None:
        self.site, self.servers, self.tally = site, servers, tally
        self.pace = Pace(load.rate, load.seconds, self.come)
        self.tasks: list[asyncio.Task[None]] = []
        self._plans = iter(site.people["plans"])
        for _ in range(load.visitors):
            self.come()

    def come(self) -> None:
        """One visitor more, unless there are too many."""
        if len(self.tasks) < MOST_VISITORS:
            self.tasks.append(asyncio.create_task(self._visitor(len(self.tasks)).visit()))

    def _visitor(self, number: int) -> Visitor:
        place = (number, self.servers, self.pace, self.tally)
        if number % 16 == 1:
            return Staff(self.site.people["staff"], *place)
        plan = next(self._plans, None) if number % DIARISTS == 0 else None
        return Patient(*place) if plan is None else Diarist(plan, *place)

    async def stay(self) -> None:
        """Return when the run is over and every request is answered."""
        await self.pace.keep()
        for task in self.tasks:
            await task


def run(name: str, site: Site, serving: Serving, load: Load, *, kill: bool = False) -> Run:
    """Load a site that serves. `kill`: its first process is killed half way."""
    tally = Tally()
    cpu, started = time.process_time(), time.perf_counter()
    half_way = serving.webs[0].kill if kill else None
    asyncio.run(visited(site, serving.ports, load, tally, half_way))
    took, cpu = time.perf_counter() - started, time.process_time() - cpu
    lost, doubled = missing(site, tally)
    return Run(name=name, took=took, tally=tally, lost=lost, doubled=doubled, maker_cpu=cpu / took)


def warm_up(site: Site, serving: Serving) -> None:
    """Let every process load what it needs, then keep it to its share."""
    for port in serving.ports:
        load = Load(seconds=WARM_UP_SECONDS, visitors=8)
        asyncio.run(visited(site, [port], load, Tally(), None))
    for web in serving.webs:
        web.hold()


async def visited(
    site: Site,
    ports: list[int],
    load: Load,
    tally: Tally,
    half_way: Callable[[], None] | None,
) -> None:
    """Visit until the time is up."""
    servers = [Server(port) for port in ports]
    crowd = Crowd(site, servers, load, tally)
    if half_way is not None:
        asyncio.get_running_loop().call_later(load.seconds / 2, half_way)
    await crowd.stay()
    for server in servers:
        server.close()


def missing(site: Site, tally: Tally) -> tuple[int, int]:
    """How many acknowledged screenings and ticks are not there, and how many are there twice."""
    names, keys = site.shell(STORED)
    lost = len(tally.screenings - set(names)) + len(tally.ticks - set(keys))
    return lost, len(names) - len(set(names)) + len(keys) - len(set(keys))
