"""`manage.py send_outbox`: send the e-mail that waits, and copy out what was taken away.

Run it every minute.
"""

from typing import Any

from django.core.management.base import BaseCommand

from chiro.practice import outbox, revocations


class Command(BaseCommand):
    """Try what is due; several may run at once."""

    help = "Send the e-mail that waits. Run it every minute."

    def handle(self, *args: Any, **options: Any) -> None:
        """Send and say how many."""
        revocations.copy_out_or_say()
        sent, failed = outbox.send_due()
        self.stdout.write(f"{sent} sent, {failed} not sent, {outbox.waiting().count()} waiting")
