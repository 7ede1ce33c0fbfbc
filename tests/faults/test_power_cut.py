"""A power cut right after "saved" loses nothing, as SQLite is opened here, and would otherwise.

The system calls of a program that saves and says so are recorded; after each promise the files
are laid out as a strict disk would give them back. The long form is `script/bench faults F16`.
"""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from chiro import sqlite_modes
from script.benchmarks.fault_cases import power
from tests.conftest import ROOT

PROMISES = 4
SAVING = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.executescript(sys.argv[2])
for number in range(int(sys.argv[3])):
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO saved VALUES (?, ?)", (number, "x" * 5000))
    connection.execute("COMMIT")
    os.write(1, b"saved %d" % number)
"""
PRODUCT = sqlite_modes.pragmas(sqlite3.sqlite_version_info[:3])
WEAK = {
    "no flush at all": "PRAGMA journal_mode=DELETE; PRAGMA synchronous=OFF;",
    "the folder not flushed": "PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL;",
    "a log that is flushed later": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}


def lost_after_cuts(folder: Path, pragmas: str) -> list[bool]:
    """Whether each promise was lost, or the file damaged, by a power cut right after it."""
    (folder / "data").mkdir()
    database = folder / "data" / "saved.sqlite3"
    with sqlite3.connect(database) as connection:
        connection.executescript(f"{pragmas} CREATE TABLE saved (number INTEGER, words TEXT);")
    connection.close()
    disk, trace = power.Disk.of(database.parent), folder / "trace"
    command = [sys.executable, "-c", SAVING, str(database), pragmas, str(PROMISES)]
    subprocess.run(
        [*power.tracer(trace), *command],
        cwd=ROOT,
        env=dict(os.environ),
        check=True,
        stdout=subprocess.DEVNULL,
    )
    found = power.cuts(disk, power.calls(trace), promise, folder / "cuts")
    return [not kept(cut / database.name, int(said)) for said, cut in found]


def promise(call: power.Call) -> str:
    """The number that the program said is saved."""
    said = call.text.startswith(b"saved ")
    return call.text.decode().split()[1] if call.name == "write" and said else ""


def kept(database: Path, number: int) -> bool:
    """Whether a row is there after the cut, in a sound file."""
    connection = sqlite3.connect(database)
    try:
        rows = connection.execute("SELECT count(*) FROM saved WHERE number = ?", [number])
        sound = connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        return rows.fetchone()[0] == 1 and sound
    except sqlite3.DatabaseError:
        return False
    finally:
        connection.close()


def test_a_power_cut_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    assert lost_after_cuts(tmp_path, PRODUCT) == [False] * PROMISES


@pytest.mark.parametrize("weakness", WEAK)
def test_the_same_test_finds_every_weaker_way(tmp_path: Path, weakness: str) -> None:
    lost = lost_after_cuts(tmp_path, WEAK[weakness])
    assert len(lost) == PROMISES
    assert any(lost)
