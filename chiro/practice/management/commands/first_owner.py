"""`manage.py first_owner`: print the code that opens the set-up of a new practice."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse

from chiro.practice import wizard


class Command(BaseCommand):
    """Print where to set up and the code for it; nothing once there is an owner."""

    help = "Print the code that makes the first owner, while there is none."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make a code; the one before ends."""
        if not wizard.needed():
            self.stdout.write("There is an owner. The owner adds accounts under Staff.")
            return
        self.stdout.write(f"Set up the practice          {settings.PUBLIC_BASE_URL}{_address()}")
        self.stdout.write(f"Code, good for one day       {wizard.issue()}")


def _address() -> str:
    return reverse("set_up")
