"""Write the queue's columns, search words and dashboard facts of every record anew, after an
upgrade."""

from typing import Any

from django.core.management.base import BaseCommand

from screening.services import facts, finding, queue


class Command(BaseCommand):
    help = "Fill the queue's columns, the search words and the dashboard. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        """Refill, and say how much."""
        facts.refill()
        self.stdout.write(f"{queue.refill()} reviews, {finding.reindex()} patients.")
