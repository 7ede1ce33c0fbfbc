"""`manage.py work`: a worker that makes the papers of plans, with `TASKS_BACKEND=database`.

It also copies what was taken away to where the backups are.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.crypto import get_random_string

from chiro.practice import revocations

DEAD_AFTER = timedelta(minutes=10)
"""A task that runs for so long belonged to a worker that was killed."""

MOST_TRIES = 3
KEPT = timedelta(days=7)
PAUSE_SECONDS = 0.5


class Command(BaseCommand):
    help = "Make the papers that wait, until told to stop. Any number of workers may run anywhere."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="stop when nothing waits")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.PAPERS_BY_WORKER:
            raise CommandError("There is nothing to do for workers: set TASKS_BACKEND=database.")
        worker = new_worker()
        worker.configure_signals()
        due = dict.fromkeys(EVERY_SECONDS, float("-inf"))
        while worker.running:
            for task, at in due.items():
                if time.monotonic() >= at:
                    task()
                    due[task] = time.monotonic() + EVERY_SECONDS[task]
            worker.run()
            if options["once"]:
                return
            time.sleep(PAUSE_SECONDS)


def new_worker() -> Any:
    """A worker of django-tasks-db that returns when nothing waits."""
    from django_tasks_db.management.commands.db_worker import Worker

    return Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="papers",
        startup_delay=False,
        max_tasks=None,
        worker_id=get_random_string(32),
        excluded_queue_names=[],
    )


def tidy() -> None:
    """Put back what a killed worker left, give up what kills workers, remove what is long done."""
    from django_tasks_db.models import DBTaskResult

    now = timezone.now()
    left = DBTaskResult.objects.running().filter(started_at__lt=now - DEAD_AFTER)
    for task in left:
        again = len(task.worker_ids) < MOST_TRIES
        still = DBTaskResult.objects.filter(pk=task.pk, started_at=task.started_at)
        if again:
            still.update(status="READY", started_at=None)
        else:
            still.update(status="FAILED", finished_at=now)
    DBTaskResult.objects.finished().filter(finished_at__lt=now - KEPT).delete()


EVERY_SECONDS: dict[Callable[[], None], float] = {tidy: 60, revocations.copy_out_or_say: 5}
"""What a worker does beside its tasks, and how often."""
