"""A fixed share of a core for a process and its children, by the kernel's control groups.

Each web process of a measurement then stands for a small computer of its own, and four of them fit
beside the database and the load maker. Needs root and a writable group; `available()` says so.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
PERIOD_MICROSECONDS = 10_000
END_SECONDS = 10


def available() -> Path | None:
    """The folder in which groups can be made, or None."""
    second = ROOT / "cgroup.controllers"
    if second.exists() and "cpu" in (ROOT / "cgroup.subtree_control").read_text().split():
        place = ROOT
    elif (ROOT / "cpu/cpu.cfs_quota_us").exists():
        place = ROOT / "cpu"
    else:
        return None
    return place if os.access(place, os.W_OK) else None


@contextmanager
def group(name: str) -> Iterator[Path]:
    """A group without a limit; it is removed at the end. Needs `available()`."""
    place = available()
    if place is None:
        raise PermissionError("control groups cannot be made here")
    made = place / f"chiro-bench-{os.getpid()}-{name}"
    made.mkdir()
    try:
        yield made
    finally:
        until = time.monotonic() + END_SECONDS
        while made.exists() and time.monotonic() < until:
            with suppress(OSError):  # A process that is still ending keeps its group.
                made.rmdir()
            time.sleep(0.05)


def limit(made: Path, cores: float) -> None:
    """Let the processes of a group use no more than this."""
    quota = max(1_000, round(cores * PERIOD_MICROSECONDS))
    if (made / "cpu.max").exists():
        (made / "cpu.max").write_text(f"{quota} {PERIOD_MICROSECONDS}")
    else:
        (made / "cpu.cfs_period_us").write_text(str(PERIOD_MICROSECONDS))
        (made / "cpu.cfs_quota_us").write_text(str(quota))


def inside(made: Path, command: list[str]) -> list[str]:
    """The command that runs another in a group from its first instruction on."""
    enter = f'echo $$ > "{made}/cgroup.procs" && exec "$@"'
    return ["sh", "-c", enter, "sh", *command]
