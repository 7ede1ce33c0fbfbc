"""`manage.py print_questionnaire`: the blank questionnaire, to fill in by hand."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from chiro.languages import ENGLISH, by_code
from chiro.practice.models import Practice
from exercises import pdf
from exercises.papers import blank


class Command(BaseCommand):
    """Print the blank questionnaire to a PDF file; status 1 with one sentence when it cannot."""

    help = "Print the blank questionnaire with the practice's name and phone number as a PDF."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file and the paper; without one, the practice's own."""
        parser.add_argument("-o", "--output", required=True, type=Path, metavar="OUT.pdf")
        parser.add_argument("--language", choices=sorted(by_code()), default=ENGLISH)
        parser.add_argument("--paper", choices=sorted(pdf.PAPERS), default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compose, print, write."""
        practice = Practice.current()
        with override(options["language"]):
            sheet = {**blank.compose(practice), "language": options["language"]}
        paper = options["paper"] or practice.paper
        try:
            printed = pdf.sheet(blank.TEMPLATE, {"sheet": sheet}, css=blank.CSS, paper=paper)
            options["output"].write_bytes(printed)
        except (OSError, pdf.PrintError) as problem:
            raise CommandError(f"The PDF could not be written: {problem}") from problem
        self.stdout.write(f"Printed {options['output']}")
