"""Speed of the queue: every page, filter, order and search with few and with many submissions.

Each database is measured in processes of its own, with an invented practice that is removed again.
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
from typing import Any

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


def measure(many: int) -> Iterator[Figure]:
    """Yield, a database, the largest ratio and the worst five questions."""
    for name in ("SQLite", "PostgreSQL"):
        if name == "PostgreSQL" and private_postgresql.binaries() is None:
            print("PostgreSQL: not measured, its server is not installed here.")
            continue
        few, lots = _times(name, FEW), _times(name, many)
        ratios = {question: lots[question] / few[question] for question in few}
        for question in sorted(ratios, key=lambda key: -ratios[key]):
            figures = f"{few[question] * 1000:.0f} ms, {lots[question] * 1000:.0f} ms"
            label = f"{name}, {question}: {figures}; {many:,} against {FEW:,}"
            yield Figure(name=label, value=ratios[question], unit="times", goal=GOAL, digits=2)


def _times(database: str, count: int) -> dict[str, float]:
    """Fill a new database in a process of its own and return seconds a question."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(dir="/var/tmp"))
        url = f"sqlite:///{Path(folder) / 'queue.sqlite3'}"
        if database == "PostgreSQL":
            url = stack.enter_context(private_postgresql.server())
        done = subprocess.run(
            [sys.executable, "-m", MODULE, "--inside", str(count)],
            env={**os.environ, "DATABASE_URL": url, "DATA_DIR": folder},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    times: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return times


# --- in the process of one database --------------------------------------------------------------


def inside(count: int) -> None:
    """Fill the database of the environment, ask every question, and print the times as JSON."""
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
    print(json.dumps(_answers()))


def _answers() -> dict[str, float]:
    """Seconds of each question, the median of several rounds."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from chiro.practice.models import User

    client = Client()
    user, backend = User.objects.get(username="dc0"), "django.contrib.auth.backends.ModelBackend"
    client.force_login(user, backend=backend)
    times = {}
    for name, address in _questions().items():
        client.get(address)  # May set the time of the session, as once a minute.
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
        asked = [one for one in queries if one["sql"].startswith(("SELECT", "INSERT"))]
        if response.status_code != 200 or len(asked) > MOST_QUERIES:
            sys.exit(f"{name}: status {response.status_code}, {len(asked)} queries")
        rounds = [_seconds(client, address) for _ in range(WARM_UP + ROUNDS)][WARM_UP:]
        times[name] = statistics.median(rounds)
    return times


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
    options.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.inside:
        inside(chosen.count)
    else:
        report(measure(chosen.count))
