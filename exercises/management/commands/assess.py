"""`manage.py assess [FILE] [--cleared]`: JSON Lines of answers in, JSON Lines of results out."""

import os
import sys
from argparse import ArgumentParser
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError

from exercises import library, records
from screening import rulesets


class Command(BaseCommand):
    """Answers every line; a line that does not hold is answered with an error, exit status 1."""

    help = (
        "Assess records of answers, one JSON object a line, and plan the exercises. "
        "Writes one JSON object a line. The exit status is 1 when a line has an error."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE and --cleared."""
        parser.add_argument(
            "file", nargs="?", metavar="FILE", help="JSON Lines; standard input without it"
        )
        parser.add_argument(
            "--cleared",
            action="store_true",
            help="plan clinician_first records as if a clinician had cleared them",
        )

    def handle(self, *, file: str | None, cleared: bool, **options: Any) -> None:
        """Answer each line in order. Raises CommandError when FILE cannot be read."""
        shelf = records.Shelf(cards=library.load(), ruleset=rulesets.load(), cleared=cleared)
        with _open(file) as lines:
            try:
                all_hold = self._answer(lines, shelf)
            except BrokenPipeError:
                _stop_writing()
                all_hold = False
        if not all_hold:
            sys.exit(1)

    def _answer(self, lines: BinaryIO, shelf: records.Shelf) -> bool:
        all_hold = True
        for line, holds in records.answer_lines(lines, shelf):
            self.stdout.write(line)
            all_hold = all_hold and holds
        self.stdout.flush()
        return all_hold


def _open(file: str | None) -> AbstractContextManager[BinaryIO]:
    if file is None:
        return nullcontext(sys.stdin.buffer)
    try:
        return Path(file).open("rb")
    except OSError as error:
        raise CommandError(f"Cannot read {file}: {error.strerror}.") from error


def _stop_writing() -> None:
    """Whoever read the output has left: give Python nothing to flush at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
