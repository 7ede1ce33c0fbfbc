"""A person at the desk: from the queue to paper in hand, and a paper diary keyed in.

A browser does what a person does, with a person's pauses before each act, on a served site with the
example practice. The pauses are stated below and printed; what is left of the time is the
product's. Keys are pressed at 200 a minute, which is an unhurried typist on single letters.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from script.benchmarks.figures import Figure, report
from script.benchmarks.page_tools import CHROMIUM, FLAGS
from script.benchmarks.served import ROOT, served

if TYPE_CHECKING:
    from playwright.sync_api import Page

FIND_A_NAME = 3.0
"""Seconds to find the patient in the queue."""
READ_THE_REVIEW = 20.0
"""Seconds to read levels, points, reasons, body chart, prompts and the rows of the plan."""
DECIDE = 2.0
"""Seconds before a button whose place is known."""
LOOK_AT_THE_PAPER = 5.0
"""Seconds to look at the PDF before printing it."""
PRINTER = 8.0
"""Seconds of a usual printer for the first sheet, and the dialog of the browser."""
IN_THE_VIEWER = 2
"""Print in the browser's PDF page, and Print in its dialog."""
MOST_SECONDS, MOST_CLICKS = 60.0, 6
PATIENCE = 180_000
"""Milliseconds after which the browser gives up: a busy computer is slow, not broken."""

KEYS_A_MINUTE = 200
TURN_THE_SHEET = 5.0
"""Seconds to take up the sheet and to find its first line, before the first key."""
NEXT_LINE = 0.7
"""Seconds for the eye to go to the next line of the sheet."""
MOST_KEYING, MOST_KEYS = 30.0, 60
PATIENT = "alvar"
"""As much of the name as finds one plan; its number is on the sheet too."""
TWENTY_DAYS_AGO = """
from datetime import timedelta
from django.utils import timezone
from exercises.models import Plan
plan = Plan.objects.get(status="approved")
printed = timezone.localdate() - timedelta(days=20)
Plan.objects.filter(pk=plan.pk).update(content=plan.content | {"date": printed.isoformat()})
"""
"""Moves the example plan back, so that two weeks of its diary lie behind it."""
DAILY = ("22222110011000", "eoeooo")
"""Pain of fourteen days and how six sessions felt; a line of ticks is one key, "all of them"."""


@dataclass
class Hand:
    """Acts with pauses; keeps how long a person needed and how many clicks."""

    clicks: int = 0
    paused: float = 0.0
    began: float = field(default_factory=time.monotonic)

    def pause(self, seconds: float) -> None:
        """Wait as a person does."""
        self.paused += seconds
        time.sleep(seconds)

    @property
    def seconds(self) -> float:
        """Since the hand began."""
        return time.monotonic() - self.began


def prepared(folder: Path) -> dict[str, str]:
    """The example practice in a folder; the passwords by name."""
    environment = os.environ | {"DATA_DIR": str(folder)}

    def manage(*arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
        ).stdout

    manage("migrate", "--no-input", "--verbosity", "0")
    told = manage("demo")
    manage("shell", "--command", TWENTY_DAYS_AGO)
    return dict(re.findall(r"^  (\w+) +(\S+)$", told, re.MULTILINE))


def measure(pictures: Path | None) -> Iterator[Figure]:
    """Serve the practice and let the hand work."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as name, sync_playwright() as tool:
        folder = Path(name)
        passwords = prepared(folder)
        browser = tool.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with served("chiro.wsgi", folder) as port:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.set_default_timeout(PATIENCE)
            desk = At(page, f"http://127.0.0.1:{port}", pictures)
            desk.sign_in("chiropractor", passwords["chiropractor"])
            yield from desk.diary()
            yield from desk.from_queue_to_paper()
        browser.close()


class At:
    """A signed-in browser."""

    def __init__(self, page: "Page", address: str, pictures: Path | None) -> None:
        self.page, self.address, self.pictures = page, address, pictures

    def sign_in(self, name: str, password: str) -> None:
        """Through the door, to the first page."""
        self.page.goto(f"{self.address}/admin/login/")
        self.page.get_by_label("Username").fill(name)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Log in").click()
        self.page.wait_for_url(f"{self.address}/admin/")

    def look(self, name: str) -> None:
        """Keep a picture of this step where they are asked for."""
        if self.pictures:
            self.page.screenshot(path=str(self.pictures / f"{name}.png"))

    def from_queue_to_paper(self) -> Iterator[Figure]:
        """Open the queue, read a plain case, agree, approve and print."""
        page, hand = self.page, Hand()
        page.goto(f"{self.address}/admin/screening/screening/")
        self.look("1-queue")
        hand.pause(FIND_A_NAME)
        page.locator("#result_list").get_by_role("link", name="George Okafor").click()
        self.look("2-review")
        hand.pause(READ_THE_REVIEW)
        page.get_by_role("button", name="Agree with the screen").click()
        self.look("3-agreed")
        hand.pause(DECIDE)
        with page.expect_response(lambda answer: answer.url.endswith(".pdf")) as shown:
            page.get_by_role("button", name="Approve and print").first.click()
        assert shown.value.ok, shown.value.status
        hand.pause(LOOK_AT_THE_PAPER)
        hand.pause(PRINTER)
        seconds, clicks = hand.seconds, 3 + IN_THE_VIEWER
        name = f"queue to paper in hand, {hand.paused:.0f} s of it a person and the printer"
        yield Figure(name=name, value=seconds, unit="s", goal=MOST_SECONDS)
        load = f"of it waited for pages and paper, at a load of {os.getloadavg()[0]:.0f}"
        yield Figure(name=load, value=seconds - hand.paused, unit="s")
        yield Figure(name="clicks", value=clicks, unit="clicks", goal=MOST_CLICKS, digits=0)

    def diary(self) -> Iterator[Figure]:
        """Find the plan, then key in two weeks of a paper diary with every line filled."""
        page = self.page
        page.goto(f"{self.address}/admin/exercises/diaryentry/add/")
        hand = Hand()
        hand.pause(TURN_THE_SHEET)
        page.locator("#id_q").focus()
        keys = self.type([*PATIENT, "Enter"])
        page.wait_for_url("**/paper/")
        rows = page.locator("#paper-diary tr[data-kind]").count() - len(DAILY)
        self.look("4-diary-empty")
        for line in [*["a"] * rows, *DAILY]:
            hand.pause(NEXT_LINE)
            keys += self.type(list(line))
        self.look("5-diary-keyed")
        keys += self.type(["Enter"])
        page.wait_for_url(lambda url: not url.endswith("/paper/"))
        self.look("6-diary-saved")
        name = f"a 14-day paper diary at {KEYS_A_MINUTE} keys a minute, {rows} lines of ticks"
        yield Figure(name=name, value=hand.seconds, unit="s", goal=MOST_KEYING)
        yield Figure(name="keys", value=keys, unit="keys", goal=MOST_KEYS, digits=0)

    def type(self, keys: list[str]) -> int:
        """Press keys as a typist does; how many."""
        for key in keys:
            time.sleep(60 / KEYS_A_MINUTE)
            self.page.keyboard.press(key)
        return len(keys)


if __name__ == "__main__":
    report(measure(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
