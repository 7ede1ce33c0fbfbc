"""Write the queue's columns and the search words of every record anew, after an upgrade."""

from typing import Any

from django.core.management.base import BaseCommand

from screening.services import finding, queue


class Command(BaseCommand):
    help = "Fill the queue's columns and the search words from what is stored. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        """Refill, and say how much."""
        self.stdout.write(f"{queue.refill()} reviews, {finding.reindex()} patients.")
