"""Who visits a site under load: patients who answer, patients with a plan, and staff.

Each is a story that goes on until the run ends. A visitor's next request goes to the next process,
whichever answered the last one.
"""

import asyncio
import re
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from hashlib import sha256
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from script.benchmarks.load.http import Answer, Server, UnansweredError
from script.benchmarks.load.sums import Tally

MARK = re.compile(rb"Marked [a-z]{6}")
POLITE = frozenset({429, 503})
LONGEST_PAUSE = 10.0
NUMBERS = count()
"""Of the marks of this program's patients: no two screenings have one name."""


def mark(number: int) -> str:
    """A name that nobody else has: whoever reads it in a page not their own finds a leak."""
    letters = "".join(chr(ord("a") + int(digit)) for digit in f"{number:06d}")
    return f"Marked {letters}"


class RunOverError(Exception):
    """The run has ended."""


class Pace:
    """Says when the next request may go: at once, or `rate` a second whatever the site does.

    With a rate the time of a request runs from the moment when it was due, so that a site that
    falls behind cannot hide it.
    """

    def __init__(self, rate: float, seconds: float, more: Callable[[], None]) -> None:
        self.rate, self.more = rate, more
        self.until = time.perf_counter() + seconds
        self._waiting: asyncio.Queue[asyncio.Future[float]] = asyncio.Queue()

    @property
    def over(self) -> bool:
        """Whether the run has ended."""
        return time.perf_counter() >= self.until

    async def turn(self) -> float:
        """Wait for a turn; returns when it was due. Raises RunOverError."""
        if self.over:
            raise RunOverError
        if not self.rate:
            return time.perf_counter()
        mine: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._waiting.put_nowait(mine)
        return await mine

    async def keep(self) -> None:
        """Give turns until the end; then nobody waits for one any more."""
        started = time.perf_counter()
        for number in count():
            due = started + number / self.rate if self.rate else self.until
            await asyncio.sleep(max(0.0, min(due, self.until) - time.perf_counter()))
            if self.over:
                break
            if self._waiting.empty():
                self.more()
                await asyncio.sleep(0)
            (await self._waiting.get()).set_result(due)
        while not self._waiting.empty():
            self._waiting.get_nowait().set_exception(RunOverError())


class Visitor:
    """A browser whose every request goes to another process."""

    def __init__(self, number: int, servers: list[Server], pace: Pace, tally: Tally) -> None:
        self.number, self.servers, self.pace, self.tally = number, servers, pace, tally
        self.cookies: dict[str, str] = {}
        self.mine = b""
        self._turn = number

    async def visit(self) -> None:
        """Tell the story again and again until the run ends."""
        with suppress(RunOverError):
            for time_ in count():
                await self.story(time_)

    async def story(self, time_: int) -> None:
        """One visit."""
        raise NotImplementedError

    async def ask(self, path: str, data: Mapping[str, object] | None = None) -> Answer:
        """Send until it is answered; a polite refusal is waited out, as its page asks."""
        while True:
            due = await self.pace.turn()
            answer = await self._anywhere(path, data)
            took = time.perf_counter() - due
            if answer.status in POLITE and "retry-after" in answer.headers:
                self.tally.refused.append(took)
                await self._pause(float(answer.headers["retry-after"]))
                continue
            self._keep(answer, path, took)
            return answer

    async def _pause(self, seconds: float) -> None:
        left = self.pace.until - time.perf_counter()
        await asyncio.sleep(max(0.0, min(seconds, LONGEST_PAUSE, left)))

    def _keep(self, answer: Answer, path: str, took: float) -> None:
        if answer.status == 0 or answer.status >= 400:
            self.tally.errors[f"{answer.status or 'no answer'} {path}"] += 1
            return
        self.tally.seconds.append(took)
        if path.endswith(".pdf"):
            self.tally.papers.append(took)
        for cookie in answer.cookies:
            name, _, value = cookie.partition("=")
            self.cookies[name] = value
        if self.mine and set(MARK.findall(answer.body)) - {self.mine}:
            self.tally.foreign += 1

    async def _anywhere(self, path: str, data: Mapping[str, object] | None) -> Answer:
        """Ask the next process, or the one after where that is gone."""
        for _ in self.servers:
            self._turn += 1
            try:
                return await self.servers[self._turn % len(self.servers)].ask(
                    path, data, self.cookies
                )
            except UnansweredError:
                self.tally.retried += 1
        return Answer(0, {}, (), b"")


class Patient(Visitor):
    """Answers the whole questionnaire, sends it and reads the result."""

    async def story(self, time_: int) -> None:
        """One screening, broken off where something fails."""
        from screening.services import pathway

        self.cookies.clear()
        name = mark(next(NUMBERS))
        self.mine = name.encode()
        await self.ask("/")
        place = (await self.ask("/", {"start": "new"})).headers.get("location", "")
        while place:
            path = urlsplit(place).path
            if path == "/check/answers/":
                return await self._send(path, name)
            section = pathway.find(path.removeprefix("/check/").strip("/").split("/")[0])
            if section is None:
                self.tally.errors[f"lost at {path}"] += 1
                return None
            await self.ask(place)
            place = (await self.ask(place, _posted(section, name))).headers.get("location", "")
        return None

    async def _send(self, path: str, name: str) -> None:
        await self.ask(path)
        sent = await self.ask("/check/send/", {})
        if sent.status == 303 and "result" in sent.headers.get("location", ""):
            self.tally.screenings.add(name)
            await self.ask("/result/")


def _posted(section: Any, name: str) -> dict[str, object]:
    """What a browser sends for a page of the questionnaire, with a name of one's own."""
    from tests.web.visitor import RECORD, posted

    data: dict[str, object] = posted(section, RECORD)
    return data | {key: name for key in ("full_name", "goals_1_text") if key in data}


class Diarist(Visitor):
    """Has a plan open: reads it, ticks what is done, looks at the diary, takes a paper along."""

    def __init__(self, plan: Mapping[str, Any], *place: Any) -> None:
        super().__init__(*place)
        self.plan = plan
        self.cookies = {"session": plan["session"], "plan": plan["plan"]}
        self.mine = plan["name"].encode()

    async def story(self, time_: int) -> None:
        """One day's visit."""
        await self.ask("/plan/")
        for number in (2 * time_, 2 * time_ + 1):
            await self.tick(number)
            await self.ask("/plan/")
        await self.ask("/plan/diary/days/")
        if (self.number + time_) % 4 == 0:
            await self.ask("/plan/home-exercise-plan.pdf")

    async def tick(self, number: int) -> None:
        """Say done, then take it back: each says something new."""
        said = "done" if number % 2 == 0 else ""
        data = {name: self.plan[name] for name in ("version", "slug", "day")}
        key = f"{self.plan['name']} {number}"
        answer = await self.ask("/plan/done/", {**data, "state": said, "place": "1", "key": key})
        if answer.status == 303:
            act = f"{key} {self.plan['slug']} {said}"
            self.tally.ticks.add(sha256(act.encode()).hexdigest())


class Staff(Visitor):
    """Looks at the queue of screenings, signed in."""

    def __init__(self, session: str, *place: Any) -> None:
        super().__init__(*place)
        self.cookies = {"session": session}

    async def story(self, time_: int) -> None:
        """One look."""
        answer = await self.ask("/admin/screening/screening/")
        if answer.status != 200:
            self.tally.errors[f"staff: {answer.status}"] += 1
        if not self.pace.rate:
            await asyncio.sleep(1.0)
