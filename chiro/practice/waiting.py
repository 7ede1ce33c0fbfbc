"""How long requests wait for a thread, and whether one that waited too long is turned away.

A short crowd waits. Where every request has had to wait for two seconds on end, the site gets more
than it can answer: then only those are answered that have not waited long, and the others are told
at once to come back, since a queue that only grows helps nobody. Each process judges for itself.
"""

import threading
import time

SOON_SECONDS = 0.3
"""What a request may wait while there is too much to do."""

LATE_SECONDS = 10.0
"""What a request may wait at any time."""

CROWDED_SECONDS = 2.0
"""For how long all were taken late before the site counts as crowded."""

_thread = threading.local()


class Queue:
    """Remembers since when requests have been taken late only."""

    def __init__(self) -> None:
        self._late_since: float | None = None
        self._taken_at = 0.0

    def take(self, *, after: float, now: float) -> bool:
        """Note a request that is taken after so many seconds; whether it may be answered."""
        was_quiet, self._taken_at = now - self._taken_at > CROWDED_SECONDS, now
        if after < SOON_SECONDS:
            self._late_since = None
            return True
        if self._late_since is None or was_quiet:
            self._late_since = now
        crowded = now - self._late_since > CROWDED_SECONDS
        return after < (SOON_SECONDS if crowded else LATE_SECONDS)


_queue = Queue()


def taken(*, after: float) -> None:
    """Say that this thread begins a request that has waited for so many seconds."""
    _thread.may_be_answered = _queue.take(after=after, now=time.monotonic())


def is_too_late() -> bool:
    """Whether the request of this thread must be turned away."""
    return not getattr(_thread, "may_be_answered", True)
