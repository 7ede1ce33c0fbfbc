"""`manage.py messages`: collect the words that patients read, and keep every catalogue up to date.

messages                 collect and update each locale/*/LC_MESSAGES/django.po
messages --check         say what is out of date or wrong, and fail
messages --compile       make what the site reads (script/setup does)
messages --import FILE --language es    put translations in
"""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from chiro.practice import catalogues


class Command(BaseCommand):
    """Updates, checks, fills and compiles the catalogues."""

    help = "Update the catalogues of patients' words, or check, compile or fill them."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do instead of updating."""
        parser.add_argument("--check", action="store_true", help="fail when out of date or wrong")
        parser.add_argument("--compile", action="store_true", help="compile what has changed")
        parser.add_argument("--import", dest="file", type=Path, help="JSON: English -> translation")
        parser.add_argument("--language", default="", help="the language of --import")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do the one thing that was asked for."""
        if options["compile"]:
            self._say(f"Compiled: {', '.join(catalogues.compile_all()) or 'nothing new'}.")
        elif options["check"]:
            self._check()
        elif options["file"]:
            self._fill(options["file"], options["language"])
        else:
            self._update()

    def _say(self, words: str) -> None:
        if self.verbosity:
            self.stdout.write(words)

    def execute(self, *args: Any, **options: Any) -> Any:
        """Keep how much to say."""
        self.verbosity = int(options.get("verbosity", 1))
        return super().execute(*args, **options)

    def _update(self) -> None:
        found = catalogues.collect()
        for code in catalogues.translations():
            file = catalogues.po_file(code)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(catalogues.text_of(catalogues.merged(code, found)))
            self._say(self._line(code))
        catalogues.compile_all()

    def _line(self, code: str) -> str:
        far = catalogues.coverage(code)
        return (
            f"{code}: {far.strings} sentences, {far.translated} translated "
            f"({100 * far.translated / max(far.strings, 1):.1f} %), {far.reviewed} reviewed."
        )

    def _check(self) -> None:
        found, wrong = catalogues.collect(), []
        for code in catalogues.translations():
            file = catalogues.po_file(code)
            new = catalogues.text_of(catalogues.merged(code, found))
            if not file.is_file() or file.read_bytes() != new:
                wrong.append(f"{code} is out of date: run manage.py messages.")
            wrong += [f"{code}: {one}" for one in catalogues.problems(catalogues.read(code))]
            self._say(self._line(code))
        if wrong:
            raise CommandError("\n".join(wrong))

    def _fill(self, file: Path, code: str) -> None:
        """Put in the translations of a file, unreviewed; a reviewed one is never overwritten."""
        if code not in catalogues.translations():
            raise CommandError("Say which language: --language es.")
        given = json.loads(file.read_text(encoding="utf-8"))
        catalog = catalogues.merged(code, catalogues.collect())
        put, kept = catalogues.fill(catalog, given)
        wrong = list(catalogues.problems(catalog))
        if wrong:
            raise CommandError("\n".join(wrong))
        catalogues.po_file(code).write_bytes(catalogues.text_of(catalog))
        self._say(f"{put} put in, {kept} left alone. {self._line(code)}")
        catalogues.compile_all()
