"""F1 to F23: what patients sent survives crashes, full disks, cut connections and lost disks.

Each fault is made to the real server on loopback and what is stored is compared with what was
acknowledged. `script/bench faults` runs all on SQLite and on PostgreSQL; `script/bench faults F1
F7` runs these; `--postgresql` or `--sqlite` one database; `--count` is how many submissions and
diary ticks F1 sends. Needs strace (F2, F3, F4, F16) and libfaketime (F15), and says so where one
is missing.
"""

import argparse
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from script.benchmarks import private_postgresql
from script.benchmarks.fault_cases import copies, crashes, disks, power_cuts
from script.benchmarks.fault_cases.practice import Maker, scratch
from script.benchmarks.figures import Figure, report

COUNT = 10_000
type Fault = Callable[[Maker, int], Iterator[Figure]]


def _tests_of(name: str, maker: Maker, count: int) -> Iterator[Figure]:
    yield from copies.tested(maker, name)


FAULTS: dict[str, Fault] = {
    "F1": crashes.killed,
    "F2": power_cuts.flushed_first,
    "F3": disks.disk_faults,
    "F5": disks.lock_held,
    "F6": crashes.pressed_often,
    "F7": crashes.answer_lost,
    "F9": copies.under_load,
    "F10": copies.drill,
    "F11": copies.damaged_backups,
    "F12": disks.damaged,
    "F15": disks.clock_jumps,
    "F19": crashes.restarted,
    "F20": disks.soaked,
    "F21": disks.not_allowed,
    **{name.split()[0]: partial(_tests_of, name) for name in copies.TESTED},
}
TOGETHER = {"F4": "F3", "F16": "F2"}
"""Faults that are run with another one."""

ELSEWHERE = {
    ("F12", "PostgreSQL"): "finds damaged pages by its own checksums (initdb -k); no file of ours",
    ("F19", "SQLite"): "has no server that could be killed apart from the site: see F1",
    ("F23", "PostgreSQL"): "has no SQLite",
}
"""Faults that a database cannot have, and why."""

NEEDS_STRACE = ("F2", "F3")


def measure(chosen: list[str], databases: list[str], count: int) -> Iterator[Figure]:
    """Run the chosen faults on these databases."""
    for database in databases:
        if database == "PostgreSQL" and private_postgresql.binaries() is None:
            print("PostgreSQL: not run, its server is not installed here.")
            continue
        with ExitStack() as stack:
            server = None
            if database == "PostgreSQL":
                server = stack.enter_context(private_postgresql.running())
            maker = Maker(Path(stack.enter_context(scratch())), server)
            for name in chosen:
                yield from _one(name, database, maker, count)


def _one(name: str, database: str, maker: Maker, count: int) -> Iterator[Figure]:
    if name in NEEDS_STRACE and shutil.which("strace") is None:
        print(f"{name}: not run, strace is not installed here.")
        return
    if why := ELSEWHERE.get((name, database)):
        print(f"{database}, {name}: does not apply, it {why}.")
        return
    for figure in FAULTS[name](maker, count):
        yield Figure(**{**vars(figure), "name": f"{database}, {figure.name}"})


def in_order(names: list[str]) -> list[str]:
    """The faults to run, each once. Leaves with a sentence for a name that is none."""
    wanted = {TOGETHER.get(name, name) for name in names} or set(FAULTS)
    if unknown := wanted - set(FAULTS):
        raise SystemExit(f"No such fault: {unknown.pop()}. Faults: F1 to F23.")
    return sorted(wanted, key=lambda name: int(name[1:]))


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("faults", nargs="*", metavar="F1", help="which; without one: all")
    options.add_argument("--postgresql", action="store_true", help="only on PostgreSQL")
    options.add_argument("--sqlite", action="store_true", help="only on SQLite")
    options.add_argument("--count", type=int, default=COUNT, help="what F1 sends")
    given = options.parse_args()
    only = [n for n, on in (("SQLite", given.sqlite), ("PostgreSQL", given.postgresql)) if on]
    report(measure(in_order(given.faults), only or ["SQLite", "PostgreSQL"], given.count))
