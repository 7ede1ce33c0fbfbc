"""A measured figure beside its goal, as `script/bench` prints it."""

import gc
import json
import signal
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One measurement. `goal` is the most it may be, with `at_least` the least; None is for
    information only.
    """

    name: str
    value: float
    unit: str
    goal: float | None = None
    at_least: bool = False
    digits: int = 1

    @property
    def holds(self) -> bool:
        """Say whether the goal is met."""
        if self.goal is None:
            return True
        return self.value >= self.goal if self.at_least else self.value <= self.goal

    def line(self) -> str:
        """Return the printed line."""
        if self.goal is None:
            return f"{self.name}: {self._words(self.value)} (no goal)"
        verdict = "holds" if self.holds else "falls short"
        limit = "or more" if self.at_least else "or less"
        return (
            f"{self.name}: {self._words(self.value)}, "
            f"goal {self._words(self.goal)} {limit}, {verdict}"
        )

    def _words(self, value: float) -> str:
        return f"{value:,.{self.digits}f} {self.unit}"


def report(figures: Iterable[Figure], file: Path | None = None) -> None:
    """Print every figure as it is measured; leave with status 1 when one falls short.

    `file` gets all of them as JSON too.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # Let servers be stopped.
    told = []
    for figure in figures:
        print(figure.line(), flush=True)
        told.append(figure)
        if file is not None:
            rows = [asdict(one) | {"holds": one.holds} for one in told]
            file.write_text(json.dumps(rows, indent=1))
    sys.exit(0 if all(figure.holds for figure in told) else 1)


def microseconds_each[T](work: Callable[[T], object], items: list[T], rounds: int = 9) -> float:
    """Return the microseconds that `work` takes for one item: the best of several rounds.

    The best, because whatever else the machine does can only make a round slower.
    """
    return min(_round(work, items) for _ in range(rounds))


def _round[T](work: Callable[[T], object], items: list[T]) -> float:
    """Return the microseconds an item of one pass over all items."""
    gc.collect()
    started = time.perf_counter()
    for item in items:
        work(item)
    return (time.perf_counter() - started) / len(items) * 1_000_000
