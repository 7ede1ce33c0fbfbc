"""`manage.py maintenance_page`: the maintenance page as one file for a proxy."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from chiro import languages
from chiro.practice import maintenance_file


class Command(BaseCommand):
    """Writes one file that needs nothing else."""

    help = "Write the maintenance page as one file, for a proxy to serve while the site is down."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to write it, and in which language."""
        codes = [language.code for language in languages.installed()]
        parser.add_argument("file", type=Path, help="for example maintenance.html")
        parser.add_argument("--language", choices=codes, default=languages.ENGLISH)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it, and say where."""
        file: Path = options["file"]
        file.write_text(maintenance_file.page(options["language"]), encoding="utf-8")
        self.stdout.write(f"Wrote {file}.")
