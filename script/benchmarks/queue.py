"""Speed of the queue: every page, filter, order and search with few and with many submissions.

Each database is asked in a process of its own, with an invented practice that is removed again. The
few and the many answer in turns, so that a busy computer slows both alike; medians are compared.
`script/bench queue 100000` takes another number of submissions than 300,000.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from script.benchmarks import private_postgresql
from script.benchmarks.figures import Figure, report

FEW = 1_000
MANY = 300_000
GOAL = 2.0
ROUNDS = 7
WARM_UP = 2
MOST_QUERIES = 12
QUEUE = "/admin/screening/screening/"
MODULE = "script.benchmarks.queue"
DATABASES = ("SQLite", "PostgreSQL")


def measure(many: int, databases: tuple[str, ...], rounds: int) -> Iterator[Figure]:
    """Yield, a database and a question, how many times longer the many take than the few."""
    for name in databases:
        if name == "PostgreSQL" and private_postgresql.binaries() is None:
            print("PostgreSQL: not measured, its server is not installed here.")
            continue
        yield from _compared(name, many, rounds)


def _compared(database: str, many: int, rounds: int) -> list[Figure]:
    """Every question of one database, the slowest ratio first."""
    with ExitStack() as stack:
        few, lots = (stack.enter_context(Practice(database, count)) for count in (FEW, many))
        figures = []
        for question in few.questions:
            pairs = [(few.ask(question), lots.ask(question)) for _ in range(WARM_UP + rounds)]
            less, more = (statistics.median(times) for times in zip(*pairs[WARM_UP:], strict=True))
            told = f"{less * 1000:.0f} ms, {more * 1000:.0f} ms; {many:,} against {FEW:,}"
            label = f"{database}, {question}: {told}"
            figures.append(Figure(name=label, value=more / less, unit="times", goal=GOAL, digits=2))
    return sorted(figures, key=lambda figure: -figure.value)


class Practice(ExitStack):
    """A process with a filled database, which answers one question at a time with its seconds."""

    def __init__(self, database: str, count: int) -> None:
        super().__init__()
        folder = self.enter_context(tempfile.TemporaryDirectory(dir="/var/tmp"))
        url = f"sqlite:///{Path(folder) / 'queue.sqlite3'}"
        if database == "PostgreSQL":
            url = self.enter_context(private_postgresql.server())
        self.process = subprocess.Popen(
            [sys.executable, "-m", MODULE, "--inside", str(count)],
            env={**os.environ, "DATABASE_URL": url, "DATA_DIR": folder},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.callback(self.process.wait)
        self.callback(self._pipe(self.process.stdin).close)
        self.questions: list[str] = self._answer()

    def ask(self, question: str) -> float:
        """Seconds of one answer."""
        questions = self._pipe(self.process.stdin)
        questions.write(f"{question}\n")
        questions.flush()
        return float(self._answer())

    def _answer(self) -> Any:
        line = self._pipe(self.process.stdout).readline()
        return json.loads(line) if line else sys.exit("The reason is above.")

    @staticmethod
    def _pipe(pipe: IO[str] | None) -> IO[str]:
        assert pipe is not None
        return pipe


# --- in the process of one database --------------------------------------------------------------


def inside(count: int) -> None:
    """Fill the database of the environment, print the questions, and answer those that come."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chiro.settings")
    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from script.benchmarks import queue_rows

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    call_command("migrate", verbosity=0)
    started = time.perf_counter()
    queue_rows.fill(count)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    print(
        f"{connection.vendor}, {count}: filled in {time.perf_counter() - started:.0f} s",
        file=sys.stderr,
    )
    _answer(_questions())


def _answer(addresses: dict[str, str]) -> None:
    """Answer each question that comes with the seconds it took; the first time, check it too."""
    from django.test import Client

    from chiro.practice.models import User

    client = Client()
    user, backend = User.objects.get(username="dc0"), "chiro.practice.permissions.RoleBackend"
    client.force_login(user, backend=backend)
    print(json.dumps(list(addresses)), flush=True)
    checked = set()
    for line in sys.stdin:
        name = line.strip()
        if name not in checked:
            _check(client, name, addresses[name])
            checked.add(name)
        print(_seconds(client, addresses[name]), flush=True)


def _check(client: Any, name: str, address: str) -> None:
    """Stop where the page does not open, or asks the database too often."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(address)  # May set the time of the session, as once a minute.
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    asked = [one for one in queries if one["sql"].startswith(("SELECT", "INSERT"))]
    if response.status_code != 200 or len(asked) > MOST_QUERIES:
        sys.exit(f"{name}: status {response.status_code}, {len(asked)} queries")


def _seconds(client: Any, address: str) -> float:
    started = time.perf_counter()
    client.get(address)
    return time.perf_counter() - started


def _questions() -> dict[str, str]:
    """What is asked, by name: pages, filters, orders, searches, and some together."""
    from django.contrib import admin
    from django.test import RequestFactory

    from chiro.practice.models import User
    from screening.admin import filters
    from screening.admin.listing import QueueAdmin
    from screening.admin.queue_list import ORDERS
    from screening.models import Patient, Review, Screening

    request = RequestFactory().get(QUEUE)
    request.user = User.objects.get(username="dc0")
    found = {"first page": QUEUE}
    for one in filters.ALL:
        for value, _ in one(
            request, {}, Screening, admin.site.get_model_admin(Screening)
        ).lookup_choices:
            found[f"{one.title} {value}"] = f"{QUEUE}?{one.parameter_name}={value}"
            found[f"all, {one.title} {value}"] = f"{found[f'{one.title} {value}']}&status=all"
    listed = ["action_checkbox", *QueueAdmin.list_display]
    for heading, order in ORDERS.items():
        for sign in ("", "-"):
            name, pressed = f"{sign}{order.column}", f"{sign}{listed.index(heading)}"
            found[f"by {name}"] = f"{QUEUE}?o={pressed}"
            rows = Review.objects.order_by(order.column).values_list("screening_id", flat=True)
            middle = rows[rows.count() // 2]
            for way in ("after", "before"):
                asked = f"{QUEUE}?o={pressed}&status=all&{way}={middle}"
                found[f"{way} the middle, by {name}"] = asked
    person = Patient.objects.order_by("-pk")[20]
    texts = {
        "name": person.full_name,
        "reference": person.reference,
        "birth date": str(person.birth_date),
        "a common name": "maria",
        "a common beginning": "ma",
        "a letter": "m",
        "two letters": "m a",
        "nobody": "zzyzx",
    }
    found |= {
        f"search {name}": f"{QUEUE}?q={text.replace(' ', '+')}" for name, text in texts.items()
    }
    together = "tier=none&left_level=likely&right_level=unlikely&sleep=yes&crossing=no&age=65"
    found["six filters"] = f"{QUEUE}?{together}&status=all"
    found["filters that fit nobody"] = f"{QUEUE}?status=all&age=0-17&sleep=yes&o=-3"
    found["filters and search"] = f"{QUEUE}?q=maria&sleep=yes&status=approved"
    return {name: address for name, address in found.items() if not name.startswith("all, status")}


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("count", type=int, nargs="?", default=MANY)
    options.add_argument("--database", choices=DATABASES, help="only this one")
    options.add_argument("--rounds", type=int, default=ROUNDS)
    options.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.inside:
        inside(chosen.count)
    else:
        wanted = (chosen.database,) if chosen.database else DATABASES
        report(measure(chosen.count, wanted, chosen.rounds))
