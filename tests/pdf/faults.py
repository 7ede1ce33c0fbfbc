"""What can go wrong while a plan is rendered: each is put in the place of the real work.

The guarded process finds these by name, so they are functions of a module. It imports no model.
"""

import os
import signal
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from django.conf import settings

from exercises import rendering

SECRET = "SECRET-7f3"
TRACES = Path(settings.DATA_DIR) / "traces"


def crash(content: Mapping[str, Any], paper: str, edition: str) -> bytes:
    """The process dies as from a fault in a C library."""
    os.kill(os.getpid(), signal.SIGSEGV)
    return b""


def end(content: Mapping[str, Any], paper: str, edition: str) -> bytes:
    """The process is killed, as the kernel does when memory runs out."""
    os.kill(os.getpid(), signal.SIGKILL)
    return b""


def hang(content: Mapping[str, Any], paper: str, edition: str) -> bytes:
    """It never comes back."""
    mark("hangs")
    time.sleep(600)
    return b""


def devour(content: Mapping[str, Any], paper: str, edition: str) -> bytes:
    """It takes more memory than it may have."""
    return bytes(bytearray(2 * 1024**3))


def fail(*words: Any) -> bytes:
    """An error whose text quotes the plan."""
    raise ValueError(SECRET)


def without_font(content: Mapping[str, Any], paper: str, edition: str) -> bytes:
    """The real work on a computer whose font files are gone."""
    from exercises import pdf

    settings.FONTS_DIR = Path("/nowhere")
    pdf._press.cache_clear()
    return pdf.render(content, paper=paper, edition=edition)


def leave_trace(content: Mapping[str, Any], paper: str, edition: str) -> bytes:
    """Take a moment, and leave a line with when it began and ended and in which process."""
    began = time.monotonic()
    time.sleep(0.1)
    mark(f"{began} {time.monotonic()}")
    return b"%PDF " + str(os.getpid()).encode()


def print_many(count: int) -> None:
    """Be a web process: several threads that all want a plan at once."""
    rendering.work = leave_trace
    with ThreadPoolExecutor(count) as pool:
        answers = pool.map(lambda _: rendering.render({}, paper="letter", wait=300), range(count))
        assert all(answer.startswith(b"%PDF") for answer in answers)


def mark(line: str) -> None:
    """Write a line where the test looks for it."""
    TRACES.mkdir(parents=True, exist_ok=True)
    (TRACES / f"{os.getpid()}-{time.monotonic()}").write_text(line)


def marks() -> list[str]:
    """What was written since `clear_marks`."""
    return [trace.read_text() for trace in TRACES.glob("*")]


def clear_marks() -> None:
    """Forget what was written."""
    for trace in TRACES.glob("*"):
        trace.unlink()
