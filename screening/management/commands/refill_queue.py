"""Write the queue's columns, search words and dashboard facts of every record anew, after an
upgrade."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from screening.services import facts, finding, queue


class Command(BaseCommand):
    help = "Fill the queue's columns, the search words and the dashboard. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--when-needed", action="store_true", help="only where a record is not filled yet"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Refill, and say how much. The queue comes last: it tells of a refill cut off."""
        if options["when_needed"] and queue.is_filled():
            return
        facts.refill()
        patients = finding.reindex()
        self.stdout.write(f"{queue.refill()} reviews, {patients} patients.")
