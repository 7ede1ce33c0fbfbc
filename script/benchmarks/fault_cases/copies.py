"""F8, F9, F10, F11, F13, F14, F17, F18, F22, F23: backups, upgrades, and faults with tests."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator

from script.benchmarks.fault_cases.crashes import bad
from script.benchmarks.fault_cases.practice import Load, Maker, Practice
from script.benchmarks.figures import Figure
from script.benchmarks.served import ROOT, Browser

DRILL_GOAL_SECONDS = 300
DIARIES_A_DAY, YEARS_COUNT = 150, 10_000
FLIPS = 12
SENT_BEFORE = 20
TESTED = {
    "F8 two writers of one record": "tests/web/test_planning.py -k two_",
    "F13 broken renderer": "tests/web/test_print_faults.py",
    "F14 dead mail server": "tests/web/test_outbox.py",
    "F17 migrations of an old version, killed and repeated": "tests/faults/test_upgrades.py",
    "F18 SQLite to PostgreSQL and back": "tests/faults/test_backups.py -k moving",
    "F22 records of an old version": "tests/web/test_review_visit.py -k old_version",
    "F23 SQLite that can corrupt a log": "tests/web/test_settings.py -k sqlite",
}


def tested(maker: Maker, name: str) -> Iterator[Figure]:
    """Run the tests of a fault on this database; counts what does not hold."""
    with maker.practice() as practice:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", *TESTED[name].split()],
            cwd=ROOT,
            env=practice.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            print(done.stdout[-2000:])
        yield bad(f"{name}: tests that fail", done.returncode != 0)


def under_load(maker: Maker, count: int) -> Iterator[Figure]:
    """F9: a backup while patients send holds everything acknowledged before it began."""
    with maker.practice() as practice:
        load = Load(practice, practice.prepare(200), ticks=200)
        practice.start()
        load.start()
        while load.runs and len(load.sent) < SENT_BEFORE:
            time.sleep(0.1)
        before, started = set(load.sent), time.monotonic()
        practice.manage("backup")
        seconds = time.monotonic() - started
        load.wait()
        practice.stop()
        restore(practice)
        rows = practice.rows("SELECT submission_key FROM screening_screening")
        yield Figure(name="F9 backup under load: took", value=seconds, unit="s", goal=30)
        yield Figure(
            name="F9 backup under load: sent before",
            value=len(before),
            unit="",
            goal=SENT_BEFORE,
            at_least=True,
            digits=0,
        )
        yield bad(
            "F9 backup under load: sent before and missing", len(before - {r[0] for r in rows})
        )
        yield bad("F9 backup under load: never answered", load.unanswered)


def restore(practice: Practice) -> str:
    """Lose the database and restore the newest backup; returns what the command said."""
    if practice.is_sqlite:
        practice.database.unlink()
    else:
        import psycopg

        with psycopg.connect(practice.address, autocommit=True) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
    newest = max((practice.folder / "backups").glob("*.backup"))
    return practice.manage("restore", str(newest)).stdout


def drill(maker: Maker, count: int) -> Iterator[Figure]:
    """F10: from the loss of a practice of five years to a site that answers.

    `count` is the number of screenings with plan, six papers and link; 10,000 is a practice of five
    years, with its 150 diaries a day.
    """
    with maker.practice() as practice:
        module = "script.benchmarks.fault_cases.years"
        practice.run("-m", module, str(count), str(max(1, count * DIARIES_A_DAY // YEARS_COUNT)))
        made = time.monotonic()
        practice.manage("backup")
        size = max((practice.folder / "backups").glob("*.backup")).stat().st_size / 1e6
        started = time.monotonic()
        said = restore(practice)
        practice.start()
        page = Browser(practice.port).ask("/")
        seconds = time.monotonic() - started
        yield Figure(name="F10 drill: screenings", value=count, unit="", digits=0)
        yield Figure(name="F10 drill: backup took", value=started - made, unit="s")
        yield Figure(name="F10 drill: size of the backup", value=size, unit="MB")
        yield Figure(
            name="F10 drill: restored, proved and answering after",
            value=seconds,
            unit="s",
            goal=DRILL_GOAL_SECONDS,
        )
        yield bad(
            "F10 drill: not proved or not answering", "proved" not in said or page.status != 200
        )
        yield bad(
            "F10 drill: sign-ins that came back",
            practice.number("SELECT count(*) FROM django_session"),
        )
        if maker.server is not None:
            practice.stop()
            yield from _moved(maker, practice)


def _moved(maker: Maker, practice: Practice) -> Iterator[Figure]:
    """F18 at the size of the drill: PostgreSQL to SQLite to PostgreSQL, every row compared."""
    started = time.monotonic()
    there = f"sqlite:///{practice.folder / 'moved.sqlite3'}"
    back = maker.empty_database("moved_back")
    proofs = [
        practice.run(
            "manage.py",
            "copy_database",
            "--show",
            check=True,
            DATABASE_URL=one,
            COPY_TO_DATABASE_URL=to,
        ).stdout.splitlines()[:-1]
        for one, to in ((practice.address, there), (there, back))
    ]
    seconds = time.monotonic() - started
    yield Figure(name="F18 there and back at this size: took", value=seconds, unit="s")
    yield bad("F18 there and back at this size: tables that differ", proofs[0] != proofs[1])


def damaged_backups(maker: Maker, count: int) -> Iterator[Figure]:
    """F11: a backup with one bit flipped, cut off, or of another key; the site is untouched."""
    with maker.practice() as practice:
        practice.manage("backup")
        good = max((practice.folder / "backups").glob("*.backup"))
        data = good.read_bytes()
        before = live(practice)
        accepted = 0
        wrong = good.with_name("wrong.backup")
        for place in range(0, len(data), max(1, len(data) // FLIPS)):
            wrong.write_bytes(data[:place] + bytes([data[place] ^ 4]) + data[place + 1 :])
            accepted += (
                practice.manage("backup", "--verify", str(wrong), check=False).returncode == 0
            )
        wrong.write_bytes(data[:-7])
        accepted += practice.manage("restore", str(wrong), check=False).returncode == 0
        accepted += practice.manage("restore", str(good), check=False).returncode == 0
        shutil.move(practice.folder / "backup.key", practice.folder / "first.key")
        practice.manage("make_backup_key")
        accepted += practice.manage("restore", str(good), check=False).returncode == 0
        yield bad("F11 damaged, cut off, other key, or over rows: accepted", accepted)
        yield bad("F11 the live database changed", live(practice) != before)


def live(practice: Practice) -> tuple[int, bytes]:
    """What shows that a live database is untouched."""
    content = practice.database.read_bytes() if practice.is_sqlite else b""
    return practice.number("SELECT count(*) FROM practice_auditevent"), content
