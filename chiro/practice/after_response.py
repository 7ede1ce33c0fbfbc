"""Tasks that begin once the work of a request is saved, in a thread of the web process.

An installation of one practice has no worker process, and a press must not wait for what nobody
needs yet. Outside a request (a command) a Task runs at once. Work that a killed process loses must
be made good elsewhere: nothing of it is written down.
"""

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

from django.db import connections, transaction
from django.tasks.backends.immediate import ImmediateBackend
from django.tasks.base import TaskResult

from chiro.practice import audit


class AfterResponse(ImmediateBackend):
    """Runs Tasks one after the other, beside the requests. A process that is told to stop ends
    those that it was given before it goes."""

    def _execute_task(self, task_result: TaskResult) -> None:
        """Run now outside a request, otherwise in the thread as soon as the rows are there."""
        if not audit.in_request():
            super()._execute_task(task_result)  # type: ignore[misc]
            return
        transaction.on_commit(lambda: _thread().submit(self._execute_alone, task_result) and None)

    def _execute_alone(self, task_result: TaskResult) -> Any:
        """Run in the thread, whose database connections are its own."""
        try:
            super()._execute_task(task_result)  # type: ignore[misc]
        finally:
            connections.close_all()


@cache
def _thread() -> ThreadPoolExecutor:
    """The one thread of this process, made at the first Task."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="after-response")
