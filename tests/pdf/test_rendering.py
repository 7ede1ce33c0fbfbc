"""The guard around the renderer: faults end as one sentence, and never more than two render."""

import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from exercises import pdf, rendering
from exercises.rendering import BusyError, RenderingError
from tests.pdf import faults
from tests.pdf.sheets import sheet


@pytest.fixture
def with_fault(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    return lambda fault: monkeypatch.setattr(rendering, "work", fault)


def processes() -> set[int]:
    """Every process that descends from this one, dead ones that nobody waited for included."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    found = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


@pytest.fixture
def nothing_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No process and no taken place stays behind."""
    with monkeypatch.context() as patch:
        patch.setattr(rendering, "work", faults.leave_trace)
        rendering.render({}, paper="letter")
    faults.clear_marks()
    before = processes()
    yield
    deadline = time.monotonic() + 5
    while processes() - before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert processes() - before == set()
    with rendering.place(0), rendering.place(0):
        pass


def test_the_guarded_process_gives_the_same_bytes() -> None:
    assert rendering.render(sheet(), paper="a4") == pdf.render(sheet(), paper="a4")


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (faults.crash, "broke off"),
        (faults.end, "broke off"),
        (faults.fail, "broke off"),
        (faults.devour, "more memory than it may have"),
        (faults.without_font, "fonts of the printed plan are missing: run script/setup"),
    ],
)
@pytest.mark.usefixtures("nothing_left")
def test_a_fault_ends_as_a_sentence_that_says_what_to_do(
    with_fault: Callable[[Any], None],
    fault: Any,
    sentence: str,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    with_fault(fault)
    with pytest.raises(RenderingError, match=sentence) as caught:
        rendering.render(sheet(), paper="letter")
    printed = "".join(capfd.readouterr()) + caplog.text + str(caught.value)
    assert faults.SECRET not in printed
    assert "Traceback" not in printed


@pytest.mark.usefixtures("nothing_left")
def test_a_hanging_renderer_is_stopped_at_the_limit(
    with_fault: Callable[[Any], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering, "LIMIT_SECONDS", 1.0)
    with_fault(faults.hang)
    began = time.monotonic()
    with pytest.raises(RenderingError, match="longer than 15 seconds and was stopped"):
        rendering.render(sheet(), paper="letter")
    assert 1.0 <= time.monotonic() - began < 10


@pytest.mark.usefixtures("nothing_left")
def test_a_computer_that_can_start_no_process_is_a_sentence_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(self: Any) -> None:
        raise BlockingIOError("no more processes")

    monkeypatch.setattr(rendering._processes.Process, "start", refuse)
    with pytest.raises(RenderingError, match="broke off"):
        rendering.render(sheet(), paper="letter")


def test_the_next_one_renders_after_a_fault(with_fault: Callable[[Any], None]) -> None:
    with_fault(faults.crash)
    with pytest.raises(RenderingError):
        rendering.render(sheet(), paper="letter")
    with_fault(rendering.print_paper)
    assert rendering.render(sheet(), paper="letter").startswith(b"%PDF")


def test_the_limit_is_15_seconds_outside_the_tests() -> None:
    ask = "from exercises import rendering; print(rendering.LIMIT_SECONDS, rendering.AT_ONCE)"
    said = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["15.0", "2"]


@pytest.mark.usefixtures("nothing_left")
def test_fifty_at_once_in_two_processes_never_run_more_than_two() -> None:
    new = multiprocessing.get_context("spawn")
    webs = [new.Process(target=faults.print_many, args=(25,)) for _ in range(2)]
    for web in webs:
        web.start()
    for web in webs:
        web.join()
        assert web.exitcode == 0
    times = [tuple(map(float, line.split())) for line in faults.marks()]
    assert len(times) == 50
    alive = [sum(began <= at < ended for began, ended in times) for at, _ in times]
    assert max(alive) == 2


@pytest.mark.usefixtures("nothing_left")
def test_who_cannot_wait_is_told_so(with_fault: Callable[[Any], None]) -> None:
    with (
        rendering.place(0),
        rendering.place(0),
        pytest.raises(BusyError, match="Other plans are being printed"),
    ):
        rendering.render(sheet(), paper="letter", wait=0.1)


ABANDON = """
import os, threading, time
from exercises import rendering
from tests.pdf import faults

def leave():
    while not faults.marks():
        time.sleep(0.02)
    os._exit(0)

rendering.work = faults.hang
rendering.LIMIT_SECONDS = 5.0
threading.Thread(target=leave).start()
rendering.render({}, paper="letter")
"""


@pytest.mark.usefixtures("nothing_left")
def test_a_place_stays_taken_until_the_renderer_of_a_killed_web_process_is_gone() -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "chiro.settings"}
    subprocess.run([sys.executable, "-c", ABANDON], env=environment, check=True)
    with rendering.place(0), pytest.raises(BusyError), rendering.place(0):
        pass
    with rendering.place(0), rendering.place(30):
        pass
