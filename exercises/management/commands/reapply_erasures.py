"""`manage.py reapply_erasures`: after a restore, erase again whoever had been erased since."""

from typing import Any

from django.core.management.base import BaseCommand

from exercises.services import erasure


class Command(BaseCommand):
    """Read what was noted of erasures and bring the records into line."""

    help = "After a restore, erase again the patients who were erased after that backup."

    def handle(self, *args: Any, **options: Any) -> None:
        """Erase and say how many."""
        self.stdout.write(f"{erasure.reapply()} erased again")
