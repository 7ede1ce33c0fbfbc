"""Draw every figure into `static/figures/`, or all of them on one A4 sheet."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from exercises.figures.sheet import sheet
from exercises.figures.writing import write


class Command(BaseCommand):
    """`draw_figures` writes the files; `draw_figures --sheet OUT.svg` writes the sheet only."""

    help = "Draw the exercise figures into static/figures/, or one contact sheet with --sheet."

    def add_arguments(self, parser: CommandParser) -> None:
        """The sheet's path and, for tests, another folder."""
        parser.add_argument("--sheet", type=Path, help="write one A4 sheet of all figures here")
        parser.add_argument("--folder", type=Path, help="instead of static/figures")

    def handle(self, *args: Any, **options: Any) -> None:
        """Draw and say how many files were written."""
        if options["sheet"]:
            options["sheet"].write_text(sheet(), encoding="utf-8", newline="\n")
            self.stdout.write(f"Sheet written to {options['sheet']}.")
            return
        folder = options["folder"] or Path(settings.BASE_DIR) / "static" / "figures"
        written, removed = write(folder)
        self.stdout.write(f"{written} figures written to {folder}, {removed} removed.")
