"""Numbers about the work of the site, for Prometheus. None of them tells of a person.

Labels are names of pages, methods and outcomes: fixed words, no address, no number of a record.
Several processes of one gunicorn count in one folder (`chiro.gunicorn` makes it), so that whichever
of them is asked tells the sum.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
GONE = 0
"""Stands for all processes that ended."""

METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 15)

own = CollectorRegistry()
REQUESTS = Counter(
    "chiro_requests", "Requests answered.", ("page", "method", "status"), registry=own
)
REQUEST_SECONDS = Histogram(
    "chiro_request_seconds", "Time to an answer.", ("area",), buckets=SECONDS, registry=own
)
RENDERS = Counter("chiro_renders", "Papers made.", ("outcome",), registry=own)
RENDER_SECONDS = Histogram(
    "chiro_render_seconds", "Time to make a paper.", buckets=SECONDS, registry=own
)
MAILS = Counter("chiro_mails", "Tries to send mail.", ("outcome",), registry=own)


def answered(*, page: str, area: str, method: str, status: int, seconds: float) -> None:
    """Count one request. `page` is the name of a view, never what was asked for."""
    known = method if method in METHODS else "other"
    REQUESTS.labels(page, known, str(status)).inc()
    REQUEST_SECONDS.labels(area).observe(seconds)


@contextmanager
def rendering() -> Iterator[None]:
    """Count what happens inside as one paper, made or failed."""
    started = perf_counter()
    try:
        yield
    except BaseException:
        RENDERS.labels("failed").inc()
        raise
    else:
        RENDERS.labels("made").inc()
        RENDER_SECONDS.observe(perf_counter() - started)


def mailed(*, sent: bool) -> None:
    """Count one try to send mail."""
    MAILS.labels("sent" if sent else "failed").inc()


class _Now(Collector):
    """What is true at this moment, told by the caller."""

    def __init__(self, gauges: Iterable[tuple[str, str, float]]) -> None:
        self.gauges = list(gauges)

    def collect(self) -> Iterator[Metric]:
        for name, words, value in self.gauges:
            yield GaugeMetricFamily(name, words, value=value)


def exposition(gauges: Iterable[tuple[str, str, float]]) -> bytes:
    """Everything in Prometheus' text format; `gauges` are (name, meaning, value) of now."""
    told = _Now(gauges)
    if not os.environ.get(FOLDER):
        together = CollectorRegistry()
        together.register(told)
        return generate_latest(own) + generate_latest(together)
    together = CollectorRegistry()
    MultiProcessCollector(together)
    together.register(told)
    with _files(fcntl.LOCK_SH):
        return generate_latest(together)


def keep_counts_of(pid: int) -> None:
    """Add the counts of a process that is gone to those of all that went before it."""
    with _files(fcntl.LOCK_EX) as folder:
        for kind in ("counter", "histogram"):
            gone = folder / f"{kind}_{pid}.db"
            if gone.exists():
                _add(gone, folder / f"{kind}_{GONE}.db")
                gone.unlink()


def _add(source: Path, target: Path) -> None:
    kept = MmapedDict(str(target))
    for key, value, _, _ in MmapedDict.read_all_values_from_file(str(source)):
        before, _ = kept.read_value(key)
        kept.write_value(key, before + value, 0.0)
    kept.close()


@contextmanager
def _files(lock: int) -> Iterator[Path]:
    """The folder of the counts, locked so that nobody reads a count twice."""
    folder = Path(os.environ[FOLDER])
    with (folder / "lock").open("w") as held:
        fcntl.flock(held, lock)
        yield folder
