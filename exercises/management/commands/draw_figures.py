"""Draw every figure into `static/figures/` with a contact sheet, or the sheet alone."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from exercises.figures.sheet import sheet
from exercises.figures.writing import SHEET, write

BASE = Path(settings.BASE_DIR)


class Command(BaseCommand):
    """`draw_figures` writes all files; `draw_figures --sheet OUT.svg` writes one sheet only."""

    help = "Draw all figures into static/figures/ and the contact sheet, or only a sheet."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to put a sheet, and another folder than the committed one."""
        parser.add_argument("--sheet", type=Path, help="write one A4 sheet of everything here")
        parser.add_argument("--folder", type=Path, help="draw into this folder instead")

    def handle(self, *args: Any, **options: Any) -> None:
        """Draw and say what was written."""
        if options["sheet"]:
            self._write_sheet(options["sheet"])
            return
        folder = options["folder"] or BASE / "static" / "figures"
        written, removed = write(folder)
        self.stdout.write(f"{written} figures written to {folder}, {removed} removed.")
        if not options["folder"]:
            self._write_sheet(BASE / SHEET)

    def _write_sheet(self, path: Path) -> None:
        path.write_text(sheet(), encoding="utf-8", newline="\n")
        self.stdout.write(f"Sheet written to {path}.")
