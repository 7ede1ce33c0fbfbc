"""`manage.py make_fonts`: cut the site's font files, once."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from chiro.practice import fonts


class Command(BaseCommand):
    """Writes `static/fonts/`."""

    help = "Cut Public Sans for screen and paper into static/fonts/, unless it is there."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Cut, and say what was done."""
        made = fonts.make(settings.FONTS_DIR)
        if options["verbosity"]:
            self.stdout.write("Fonts made." if made else "Fonts are there already.")
