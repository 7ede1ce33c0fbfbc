"""Speed of the dashboard with many submissions: the page of each period, on each database.

Each database is measured in a process of its own, with an invented practice that is removed again.
`script/bench dashboard 20000` takes another number of submissions than 100,000.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from itertools import batched
from pathlib import Path
from typing import Any

from script.benchmarks import private_postgresql
from script.benchmarks.figures import Figure, report

MANY = 100_000
GOAL_SECONDS = 1.0
ROUNDS = 5
BATCH = 2000
CHECK_INS = 5
MODULE = "script.benchmarks.dashboard"
PERIODS = ("4", "12", "52", "all")


def measure(many: int) -> Iterator[Figure]:
    """Yield, a database and period, the seconds of the page."""
    for name in ("SQLite", "PostgreSQL"):
        if name == "PostgreSQL" and private_postgresql.binaries() is None:
            print("PostgreSQL: not measured, its server is not installed here.")
            continue
        for period, seconds in _times(name, many).items():
            label = f"{name}, period {period}, {many:,} submissions"
            yield Figure(name=label, value=seconds, unit="s", goal=GOAL_SECONDS, digits=2)


def _times(database: str, count: int) -> dict[str, float]:
    """Fill a new database in a process of its own and return seconds a period."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(dir="/var/tmp"))
        url = f"sqlite:///{Path(folder) / 'dashboard.sqlite3'}"
        if database == "PostgreSQL":
            url = stack.enter_context(private_postgresql.server())
        done = subprocess.run(
            [sys.executable, "-m", MODULE, str(count), "--inside"],
            env={**os.environ, "DATABASE_URL": url, "DATA_DIR": folder},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    times: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return times


# --- in the process of one database --------------------------------------------------------------


def inside(count: int) -> None:
    """Fill the database of the environment, open every period, and print the times as JSON."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chiro.settings")
    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from chiro.practice.models import User
    from script.benchmarks import queue_rows

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    call_command("migrate", verbosity=0)
    queue_rows.fill(count)
    _add_facts()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    client = Client()
    backend = "chiro.practice.permissions.RoleBackend"
    client.force_login(User.objects.get(username="dc0"), backend=backend)
    print(json.dumps({period: _seconds(client, period) for period in PERIODS}))


def _add_facts() -> None:
    """Facts of every review, and check-ins of every fifth, with invented numbers."""
    from exercises.models import CheckIn
    from screening.models import Review, ScreeningFacts
    from screening.services import facts

    chance = random.Random(1)
    ScreeningFacts.objects.all().delete()
    rows = Review.objects.exclude(submitted_at=None).iterator()
    sent = ((row, row.submitted_at) for row in rows if row.submitted_at)
    for batch in batched(sent, BATCH):
        ScreeningFacts.objects.bulk_create(
            ScreeningFacts(
                screening_id=row.screening_id,
                week=facts.week_of(at),
                triage_rank=row.triage_rank,
                left_level=row.left_level,
                right_level=row.right_level,
                rules=chance.getrandbits(len(facts.RULES)),
                pain_worst=chance.randint(0, 10),
                minutes_to_review=chance.randint(1, 5000),
                exam_left=chance.choice(["", row.left_level]),
                final_left=chance.choice(["", row.left_level, "possible"]),
                final_right=row.right_level,
            )
            for row, at in batch
        )
        CheckIn.objects.bulk_create(
            CheckIn(
                screening_id=row.screening_id,
                week=week,
                due_on=at + timedelta(weeks=week),
                key=f"{row.screening_id}-{week}",
                made_at=at + timedelta(weeks=week),
                answers={},
                pain_worst=chance.randint(0, 10),
            )
            for row, at in batch[::CHECK_INS]
            for week in (2, 4, 6, 12)
        )


def _seconds(client: Any, period: str) -> float:
    """Seconds of the page, the median of several rounds."""
    return statistics.median(_once(client, period) for _ in range(ROUNDS))


def _once(client: Any, period: str) -> float:
    started = time.perf_counter()
    response = client.get("/admin/dashboard/", {"period": period})
    if response.status_code != 200:
        sys.exit(f"period {period}: status {response.status_code}")
    return time.perf_counter() - started


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("count", type=int, nargs="?", default=MANY)
    options.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.inside:
        inside(chosen.count)
    else:
        report(measure(chosen.count))
