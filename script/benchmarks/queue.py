"""Speed of the queue: every page, filter, order and search with few and with many submissions.

Each database is asked in a process of its own, with an invented practice that is removed again. The
few and the many answer in turns, so that a busy computer slows both alike; medians are compared.
What comes near the goal is asked again, and all its times count. The worst stands on top.

`script/bench queue 100000` takes another number of submissions than 300,000; `--keep FOLDER` leaves
the filled databases there and uses them the next time, as long as the tables have not changed.
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
GOAL_MS = 500
ROUNDS = 5
NEAR = 1.5
"""What takes longer than so many times is asked again, so often:"""
MORE_ROUNDS = (10, 20)
WARM_UP = 1
MOST_QUERIES = 12
QUEUE = "/admin/screening/screening/"
MODULE = "script.benchmarks.queue"
DATABASES = ("SQLite", "PostgreSQL")


def measure(many: int, databases: tuple[str, ...], keep: Path | None) -> Iterator[Figure]:
    """Yield, a database and a question, how many times longer the many take than the few."""
    for name in databases:
        if name == "PostgreSQL" and private_postgresql.binaries() is None:
            print("PostgreSQL: not measured, its server is not installed here.")
            continue
        yield from _compared(name, many, keep)


def _compared(database: str, many: int, keep: Path | None) -> Iterator[Figure]:
    """Every question of one database, the slowest ratio first."""
    with ExitStack() as stack:
        few, lots = (stack.enter_context(Practice(database, n, keep)) for n in (FEW, many))
        lots.wait()
        asked = [Asked(question) for question in few.wait()]
        for one in asked:
            one.ask(few, lots, WARM_UP)
            one.forget()
            one.ask(few, lots, ROUNDS)
        for rounds in MORE_ROUNDS:
            for one in asked:
                if one.ratio > NEAR:
                    one.ask(few, lots, rounds)
    slowest = max(statistics.median(one.more) for one in asked)
    label = f"{database}, the slowest question at {many:,}"
    yield Figure(name=label, value=slowest * 1000, unit="ms", goal=GOAL_MS, digits=0)
    for one in sorted(asked, key=lambda one: -one.ratio):
        yield one.figure(database, many)


class Asked:
    """One question with the seconds of its answers by the few and by the many."""

    def __init__(self, question: str) -> None:
        self.question = question
        self.less: list[float] = []
        self.more: list[float] = []

    def ask(self, few: "Practice", lots: "Practice", rounds: int) -> None:
        """Ask both in turns."""
        for _ in range(rounds):
            self.less.append(few.ask(self.question))
            self.more.append(lots.ask(self.question))

    def forget(self) -> None:
        """Leave the first answers out: they fill what later ones find filled."""
        self.less.clear()
        self.more.clear()

    @property
    def ratio(self) -> float:
        """How many times longer the many take."""
        return statistics.median(self.more) / statistics.median(self.less)

    def figure(self, database: str, many: int) -> Figure:
        """As it is printed."""
        less, more = (statistics.median(times) * 1000 for times in (self.less, self.more))
        told = f"{less:.0f} ms, {more:.0f} ms; {many:,} against {FEW:,}, {len(self.less)} times"
        label = f"{database}, {self.question}: {told}"
        return Figure(name=label, value=self.ratio, unit="times", goal=GOAL, digits=2)


class Practice(ExitStack):
    """A process with a filled database, which answers one question at a time with its seconds."""

    def __init__(self, database: str, count: int, keep: Path | None) -> None:
        super().__init__()
        if keep is None:
            home = Path(self.enter_context(tempfile.TemporaryDirectory(dir="/var/tmp")))
        else:
            home = keep.resolve() / f"{database}-{count}"
            home.mkdir(parents=True, exist_ok=True)
        url = f"sqlite:///{home / 'queue.sqlite3'}"
        if database == "PostgreSQL":
            cluster = keep and keep.resolve() / f"{database}-{count}-cluster"
            url = self.enter_context(private_postgresql.server(cluster))
        self.process = subprocess.Popen(
            [sys.executable, "-m", MODULE, "--inside", str(count)],
            env={**os.environ, "DATABASE_URL": url, "DATA_DIR": str(home)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.callback(self.process.wait)
        self.callback(self._pipe(self.process.stdin).close)

    def wait(self) -> list[str]:
        """Wait until the database is filled; the questions that it answers."""
        questions: list[str] = self._answer()
        return questions

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

    from screening.models import Screening
    from script.benchmarks import queue_rows

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    call_command("migrate", verbosity=0)
    if not Screening.objects.exists():
        started = time.perf_counter()
        queue_rows.fill(count)
        if connection.vendor == "postgresql":  # As its autovacuum does; SQLite has none.
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
        took = time.perf_counter() - started
        print(f"{connection.vendor}, {count:,}: filled in {took:.0f} s", file=sys.stderr)
    _answer(_questions())


def _answer(addresses: dict[str, str]) -> None:
    """Answer each question that comes with the seconds it took; the first time, check it too."""
    from django.test import Client

    from chiro.practice.models import User

    client = Client()
    client.force_login(User.objects.get(username="dc0"))
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
    found = {"first page": QUEUE, **_filters(), **_orders(), **_searches()}
    together = "tier=none&left_level=likely&right_level=unlikely&sleep=yes&crossing=no&age=65"
    found["six filters"] = f"{QUEUE}?{together}&status=all"
    found["six filters by name"] = f"{QUEUE}?{together}&status=all&o=1"
    found["filters that fit nobody"] = f"{QUEUE}?status=all&age=0-17&sleep=yes&o=-3"
    found["filters and search"] = f"{QUEUE}?q=maria&sleep=yes&status=approved"
    found["filters and search for a letter"] = f"{QUEUE}?q=a&sleep=yes&age=65&status=approved"
    found["search that fits no filter"] = f"{QUEUE}?q=a&age=0-17&status=all&o=-3"
    return found


def _filters() -> dict[str, str]:
    """Every choice of every filter, of what is open and of everything."""
    from django.contrib import admin
    from django.test import RequestFactory

    from chiro.practice.models import User
    from screening.admin import filters
    from screening.models import Screening

    request = RequestFactory().get(QUEUE)
    request.user = User.objects.get(username="dc0")
    model_admin, found = admin.site.get_model_admin(Screening), {}
    for one in filters.ALL:
        for value, _ in one(request, {}, Screening, model_admin).lookup_choices:
            name = f"{one.title} {value}"
            found[name] = f"{QUEUE}?{one.parameter_name}={value}"
            if one is not filters.StatusFilter:
                found[f"all, {name}"] = f"{found[name]}&status=all"
    return found


def _orders() -> dict[str, str]:
    """Every order both ways: its first page, one in the middle of everything, and the last."""
    from screening.admin.listing import QueueAdmin
    from screening.admin.queue_list import ORDERS
    from screening.models import Review

    found = {}
    listed = ["action_checkbox", *QueueAdmin.list_display]
    for heading, order in ORDERS.items():
        rows = Review.objects.order_by(order.column, "screening_id")
        numbers = rows.values_list("screening_id", flat=True)
        middle, last, first = numbers[rows.count() // 2], numbers.last(), numbers[0]
        for sign, end in (("", last), ("-", first)):
            name, address = f"{sign}{order.column}", f"{QUEUE}?o={sign}{listed.index(heading)}"
            found[f"by {name}"] = address
            found[f"after the middle, by {name}"] = f"{address}&status=all&after={middle}"
            found[f"before the middle, by {name}"] = f"{address}&status=all&before={middle}"
            found[f"last page, by {name}"] = f"{address}&status=all&before={end}"
    return found


def _searches() -> dict[str, str]:
    """Searches that find one, some, very many and nobody."""
    from screening.models import Patient

    person = Patient.objects.order_by("-pk")[20]
    texts = {
        "name": person.full_name,
        "surname": person.full_name.split()[-1],
        "reference": person.reference,
        "beginning of a reference": person.reference[:4],
        "birth date": str(person.birth_date),
        "a common name": "maria",
        "a common beginning": "ma",
        "the letter a": "a",
        "the letter m": "m",
        "two letters": "m a",
        "a common name and nobody": "maria zzyzx",
        "nobody": "zzyzx",
        "nobody's birth date": "1901-01-01",
    }
    asked = {name: f"{QUEUE}?q={text.replace(' ', '+')}" for name, text in texts.items()}
    by_name = {f"{name}, by name": f"{asked[name]}&o=-1" for name in ("a common name", "nobody")}
    return {f"search {name}": address for name, address in {**asked, **by_name}.items()}


if __name__ == "__main__":
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("count", type=int, nargs="?", default=MANY)
    options.add_argument("--database", choices=DATABASES, help="only this one")
    options.add_argument("--keep", type=Path, metavar="FOLDER", help="keep the databases there")
    options.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.inside:
        inside(chosen.count)
    else:
        wanted = (chosen.database,) if chosen.database else DATABASES
        report(measure(chosen.count, wanted, chosen.keep))
