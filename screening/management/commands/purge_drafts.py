"""`manage.py purge_drafts`: remove unfinished questionnaires that are too old. Run it every day."""

from typing import Any

from django.core.management.base import BaseCommand

from screening.services import submission


class Command(BaseCommand):
    """Remove what the practice no longer keeps; alerts stay."""

    help = "Remove unfinished questionnaires older than the practice keeps them. Run it daily."

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove and say how many."""
        self.stdout.write(f"{submission.purge_drafts()} removed")
