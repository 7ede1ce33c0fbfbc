"""Write the part of `bodymap.css` that follows from the drawn body chart."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from screening.forms import chart

MARK = "/* Below: written by `manage.py draw_chart_styles` from the drawn zones. */\n"


def style_sheet() -> Path:
    """The file that holds the chart's styles."""
    return Path(settings.BASE_DIR) / "static" / "css" / "bodymap.css"


def with_styles(text: str) -> str:
    """The style sheet with its written part made anew."""
    return text.partition(MARK)[0] + MARK + chart.styles()


class Command(BaseCommand):
    """Replaces everything under the mark."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file."""
        sheet = style_sheet()
        sheet.write_text(with_styles(sheet.read_text()))
        self.stdout.write(f"Wrote the zones of the body chart to {sheet.name}.")
