"""Renders a plan behind a guard: in a process of its own, with a time and a memory limit.

Whatever becomes of that process (crash, hang, out of memory, no font), the caller gets bytes or one
`RenderingError` with a sentence, and no process stays behind. At most two render at once on a
computer, however many web processes there are: each holds a locked file in `DATA_DIR/renderers`.

The processes are forked from a server that has WeasyPrint loaded (`exercises.warm_renderer`), since
loading it takes longer than ten plans. This module imports no model: the forked process reads it.
"""

import fcntl
import logging
import multiprocessing
import os
import resource
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from django.conf import settings

from chiro.practice import metrics

AT_ONCE = 2
LIMIT_SECONDS = 15.0
MEMORY_LIMIT_BYTES = 512 * 1024 * 1024
WAIT_SECONDS = 15.0
"""How long a caller who can wait does so for one of the two places."""

NICE = 5
"""Pages go before papers where there is work for all cores."""

LOOK_AGAIN_SECONDS = 0.02

BUSY = "Other plans are being printed. Try again in a moment."
HUNG = f"Making the PDF took longer than {LIMIT_SECONDS:.0f} seconds and was stopped. Try again."
CRASHED = (
    "Making the PDF broke off. Try again; if it happens again, tell who looks after this site."
)
MEMORY = "The PDF needs more memory than it may have. Try again, or shorten the notes of the plan."

logger = logging.getLogger(__name__)

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["__main__", "exercises.warm_renderer"])


class RenderingError(Exception):
    """There is no PDF now; str() says why and what to do, without a word of the plan."""


class BusyError(RenderingError):
    """Both places were taken for longer than the caller can wait."""


def print_paper(content: Mapping[str, Any], paper: str, edition: str) -> bytes:
    """The work itself, done in the guarded process."""
    from exercises import pdf

    return pdf.render(content, paper=paper, edition=edition)


def print_sheet(template: str, context: Mapping[str, Any], css: str, paper: str) -> bytes:
    """Print a paper that is no plan, in the guarded process."""
    from exercises import pdf

    return pdf.sheet(template, context, css=css, paper=paper)


type Work = Callable[[Mapping[str, Any], str, str], bytes]

work: Work = print_paper
"""What the guarded process does; a test puts a fault here."""


def render(
    content: Mapping[str, Any],
    *,
    paper: str,
    edition: str = "standard",
    wait: float = WAIT_SECONDS,
) -> bytes:
    """Return the plan as PDF bytes, or raise RenderingError. `wait` as in `place`."""
    with place(wait) as mine:
        return mine.render(content, paper, edition)


def sheet(template: str, context: Mapping[str, Any], *, css: str, paper: str) -> bytes:
    """Return a paper that is no plan as PDF bytes, or raise RenderingError."""
    with place() as mine:
        return mine.run(print_sheet, template, context, css, paper)


@dataclass(frozen=True, slots=True)
class Place:
    """The right to render one plan at a time: a locked file.

    It is wrapped as a connection so that the renderer gets it too: the place is free when both have
    let go of it, even where the web process was killed meanwhile.
    """

    lock: Connection

    def render(self, content: Mapping[str, Any], paper: str, edition: str = "standard") -> bytes:
        """Return the plan as PDF bytes, or raise RenderingError."""
        return self.run(work, content, paper, edition)

    def run(self, task: Callable[..., bytes], *words: Any) -> bytes:
        """Return what a function of a module makes of these words, or raise RenderingError."""
        try:
            with metrics.rendering():
                return _in_process(self.lock, task, words)
        except RenderingError as problem:
            logger.warning("rendering failed", extra={"fields": {"why": str(problem)}})
            raise


@contextmanager
def place(wait: float = WAIT_SECONDS) -> Iterator[Place]:
    """A place to render at, after at most `wait` seconds. Raises BusyError when none gets free."""
    until = time.monotonic() + wait
    while (descriptor := _free_place()) is None:
        if time.monotonic() >= until:
            raise BusyError(BUSY)
        time.sleep(LOOK_AGAIN_SECONDS)
    with Connection(descriptor) as lock:
        yield Place(lock)


def _free_place() -> int | None:
    """The descriptor of a file that is now locked for us, None when all are taken."""
    folder = Path(settings.DATA_DIR) / "renderers"
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(AT_ONCE):
        descriptor = os.open(folder / f"{number}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
        else:
            return descriptor
    return None


def _in_process(lock: Connection, task: Callable[..., bytes], words: tuple[Any, ...]) -> bytes:
    """What the process sends. It is gone when this returns or raises."""
    ours, theirs = _processes.Pipe(duplex=False)
    limits = (LIMIT_SECONDS, MEMORY_LIMIT_BYTES)
    process = _processes.Process(
        target=_answer, args=(theirs, lock, limits, task, words), daemon=True
    )
    try:
        process.start()
        theirs.close()
        if not ours.poll(LIMIT_SECONDS):
            raise RenderingError(HUNG)
        pdf, problem = ours.recv()
    except (EOFError, OSError) as broken:
        raise RenderingError(CRASHED) from broken
    finally:
        if process.pid is not None:
            process.kill()
            process.join()
            process.close()
        ours.close()
    if problem:
        raise RenderingError(problem)
    return bytes(pdf)


def _answer(
    theirs: Connection,
    lock: Connection,
    limits: tuple[float, int],
    task: Callable[..., bytes],
    words: tuple[Any, ...],
) -> None:
    """Do the task in this process, which is a new one; send (bytes, "") or (b"", a sentence).

    The alarm ends the process when nobody is left to do so. Errors are not printed, since their
    text may quote the plan.
    """
    seconds, memory = limits
    signal.alarm(int(seconds) + 1)
    os.nice(NICE)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    try:
        theirs.send((task(*words), ""))
    except MemoryError:
        theirs.send((b"", MEMORY))
    except BaseException as problem:
        theirs.send((b"", _sentence(problem)))
    finally:
        lock.close()


def _sentence(problem: BaseException) -> str:
    """What a problem says: only a PrintError is known to quote nothing."""
    from exercises.pdf import PrintError

    return str(problem) if isinstance(problem, PrintError) else CRASHED
