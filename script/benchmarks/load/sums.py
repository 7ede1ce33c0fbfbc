"""What happened to the requests of one run, as figures."""

import statistics
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from script.benchmarks.figures import Figure


@dataclass
class Tally:
    """The sums of one run."""

    seconds: list[float] = field(default_factory=list)
    papers: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    retried: int = 0
    foreign: int = 0
    screenings: set[str] = field(default_factory=set)
    ticks: set[str] = field(default_factory=set)

    @property
    def requests(self) -> int:
        """All that were answered or went wrong."""
        return len(self.seconds) + len(self.refused) + self.errors.total()


@dataclass(frozen=True, kw_only=True)
class Goals:
    """The most that a run may show; None is for information only."""

    p95_ms: float | None = None
    p99_ms: float | None = None
    paper_p95_ms: float | None = None
    errors_percent: float = 0.0
    refused: bool = True


@dataclass(frozen=True, kw_only=True)
class Run:
    """The figures of one run. `lost` are acknowledged screenings and ticks that are not there,
    `doubled` those that are there twice.
    """

    name: str
    took: float
    tally: Tally
    lost: int
    doubled: int
    maker_cpu: float

    @property
    def rate(self) -> float:
        """Answers a second, refusals left out."""
        return len(self.tally.seconds) / self.took

    def figures(self, goals: Goals) -> Iterator[Figure]:
        """Lines for the report."""
        yield self._figure("requests answered", self.rate, "a second")
        parts: dict[int, float | None] = {50: None, 95: goals.p95_ms, 99: goals.p99_ms}
        yield from percentiles(self.name, self.tally.seconds, parts)
        yield from percentiles(f"{self.name}: paper", self.tally.papers, {95: goals.paper_p95_ms})
        yield from self._faults(goals)
        kept = len(self.tally.screenings) + len(self.tally.ticks)
        words = (
            f"lost of {kept:,} acknowledged ({len(self.tally.screenings):,} screenings, "
            f"{len(self.tally.ticks):,} ticks)"
        )
        yield self._figure(words, self.lost, "", 0, digits=0)
        yield self._figure("stored twice", self.doubled, "", 0, digits=0)
        yield self._figure("answers with another patient's data", self.tally.foreign, "", 0, 0)
        yield self._figure("load maker", self.maker_cpu, "of a core", digits=2)

    def _faults(self, goals: Goals) -> Iterator[Figure]:
        """Errors, and what was refused politely: 429 or 503 that says when to come back."""
        tally, goal = self.tally, goals.errors_percent
        share = 100 / max(1, tally.requests)
        yield self._figure("errors", tally.errors.total() * share, "%", goal, digits=3)
        if tally.refused or goals.refused:
            limit = goal if goals.refused else None
            polite = len(tally.refused) * share
            yield self._figure("refused with Retry-After", polite, "%", limit, digits=3)
        yield from percentiles(f"{self.name}: refusal", tally.refused, {95: goals.p95_ms})
        if tally.retried:
            yield self._figure("sent again to another process", tally.retried, "", digits=0)
        for error, count in tally.errors.most_common(5):
            print(f"  error, {count} times: {error}", file=sys.stderr)

    def _figure(
        self, what: str, value: float, unit: str, goal: float | None = None, digits: int = 1
    ) -> Figure:
        return Figure(name=f"{self.name}: {what}", value=value, unit=unit, goal=goal, digits=digits)


def percentiles(
    name: str, seconds: list[float], parts: Mapping[int, float | None]
) -> Iterator[Figure]:
    """How long it took for these parts of a hundred, each with its goal in milliseconds."""
    if len(seconds) < 2:
        return
    found = statistics.quantiles([one * 1000 for one in seconds], n=100, method="inclusive")
    for part, goal in parts.items():
        yield Figure(name=f"{name}: p{part}", value=found[part - 1], unit="ms", goal=goal)
