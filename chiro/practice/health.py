"""Whether the site can do its work now, for a supervisor, a load balancer and a pager.

`problems` are reasons to send nobody here: then `/health/ready` answers 503. `warnings` are reasons
for a person to look, while patients are served on. Counts, ages and sizes only.
"""

import logging
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Min, Q
from django.utils import timezone

from chiro.practice import outbox
from chiro.practice.backups import shelf
from chiro.practice.models import Practice

LEAST_DISK_BYTES = 64 * 1024 * 1024
"""With less, SQLite may not be able to store the next answer."""

LOW_DISK_BYTES = 1024 * 1024 * 1024
OLDEST_BACKUP = timedelta(hours=36)
OLDEST_WAITING = timedelta(minutes=15)
LOOK_AGAIN_SECONDS = 60

logger = logging.getLogger(__name__)


@dataclass
class Health:
    """What was found. `facts` are numbers, None where there is nothing to count."""

    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    facts: dict[str, float | int | None] = field(default_factory=dict)

    @property
    def is_ready(self) -> bool:
        """Whether visitors may be sent here."""
        return not self.problems

    def words(self) -> dict[str, Any]:
        """Everything, for JSON."""
        status = "ready" if self.is_ready else "not ready"
        told = {"problems": self.problems, "warnings": self.warnings}
        return {"status": status} | told | self.facts

    def gauges(self) -> list[tuple[str, str, float]]:
        """The facts for `metrics.exposition`."""
        found = [("chiro_ready", "1 when visitors may be sent here.", float(self.is_ready))]
        for name, value in self.facts.items():
            if value is not None:
                found.append((f"chiro_{name}", MEANINGS[name], float(value)))
        return found


MEANINGS = {
    "migrations_waiting": "Migrations that the database lacks.",
    "mail_waiting": "E-mail that is neither sent nor given up.",
    "mail_waiting_seconds": "How long the oldest e-mail has been due.",
    "tasks_waiting": "Tasks that no worker has taken yet.",
    "tasks_waiting_seconds": "How long the oldest task waits.",
    "tasks_running": "Tasks that a worker has taken.",
    "tasks_failed": "Tasks that broke off.",
    "backup_age_seconds": "Time since the last backup was made.",
    "disk_free_bytes": "Free space where the data is.",
}


def look() -> Health:
    """Look at everything. Never raises for a database that is away."""
    health = Health()
    _disk(health)
    _backup(health)
    try:
        _database(health)
    except (DatabaseError, InterfaceError) as fault:
        logger.error("not ready", exc_info=fault)
        health.problems.append("database")
    return health


def _database(health: Health) -> None:
    """What the database says of itself, the mail and the tasks."""
    Practice.objects.exists()
    health.facts["migrations_waiting"] = waiting = _migrations_waiting()
    if waiting:
        health.problems.append("migrations")
    _mail(health)
    if apps.is_installed("django_tasks_db"):
        _tasks(health)


def _disk(health: Health) -> None:
    folder = Path(settings.DATA_DIR)
    while not folder.exists():  # It is made when something is written; the disk is the same.
        folder = folder.parent
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        health.problems.append("data directory")
        return
    health.facts["disk_free_bytes"] = free
    if free < LEAST_DISK_BYTES:
        health.problems.append("disk full")
    elif free < LOW_DISK_BYTES:
        health.warnings.append("disk almost full")


def _backup(health: Health) -> None:
    """The newest finished backup, where this computer sees the folder of the backups."""
    try:
        found = shelf.backups(Path(settings.BACKUP_DIR))
    except OSError:
        found = []
    health.facts["backup_age_seconds"] = None
    if not found:
        health.warnings.append("no backup")
        return
    age = timezone.now() - found[0].made_at
    health.facts["backup_age_seconds"] = round(age.total_seconds())
    if age > OLDEST_BACKUP:
        health.warnings.append("backup is old")


def _mail(health: Health) -> None:
    now = timezone.now()
    found = outbox.waiting().aggregate(count=Count("pk"), due=Min("due_at"))
    late = (now - found["due"]).total_seconds() if found["due"] else 0
    health.facts["mail_waiting"] = found["count"]
    health.facts["mail_waiting_seconds"] = max(0, round(late))
    if late > OLDEST_WAITING.total_seconds():
        health.warnings.append("mail waits")


def _tasks(health: Health) -> None:
    from django_tasks_db.models import DBTaskResult

    ready = Q(status="READY")
    found = DBTaskResult.objects.aggregate(
        waiting=Count("pk", filter=ready),
        oldest=Min("enqueued_at", filter=ready),
        running=Count("pk", filter=Q(status="RUNNING")),
        failed=Count("pk", filter=Q(status="FAILED")),
    )
    waited = (timezone.now() - found["oldest"]).total_seconds() if found["oldest"] else 0
    health.facts |= {
        "tasks_waiting": found["waiting"],
        "tasks_waiting_seconds": round(waited),
        "tasks_running": found["running"],
        "tasks_failed": found["failed"],
    }
    if waited > OLDEST_WAITING.total_seconds():
        health.warnings.append("tasks wait")


def _every_minute(work: Callable[[], int]) -> Callable[[], int]:
    """Ask again only when the last answer is a minute old, or was not zero."""
    last: list[tuple[float, int]] = []

    def asked() -> int:
        now = time.monotonic()
        if not last or last[0][1] or now - last[0][0] > LOOK_AGAIN_SECONDS:
            last[:] = [(now, work())]
        return last[0][1]

    return asked


@_every_minute
def _migrations_waiting() -> int:
    """How many migrations of this version the database lacks; reading them all takes a while."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
