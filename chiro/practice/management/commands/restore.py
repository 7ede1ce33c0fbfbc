"""`manage.py restore FILE`: fill an empty database from a backup, all or nothing."""

import time
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from chiro.practice import audit, revocations
from chiro.practice.backups import BackupError, making, restoring


class Command(BaseCommand):
    help = (
        "Fill an empty database from a backup. Counts and checksums are proved, everybody is "
        "signed out; who was erased after the backup is erased again, and what was revoked stays "
        "revoked."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--ledger",
            type=Path,
            action="append",
            help="a file of revocations, once for each computer; without: the one in BACKUP_DIR",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        ledgers = options["ledger"] or [revocations.ledger()]
        try:
            done = restoring.restore(options["file"], making.key(), ledgers=ledgers)
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        call_command("upgrade", without_backup=True, verbosity=0)
        revocations.take_in(ledgers)
        call_command("reapply_erasures", stdout=self.stdout)
        audit.record("backup restored")
        manifest, seconds = done.manifest, time.monotonic() - started
        self.stdout.write(
            f"{manifest.rows} rows of {len(manifest.tables)} tables restored and proved, as of "
            f"{manifest.head.made_at:%Y-%m-%d %H:%M:%S} UTC, in {seconds:.1f} s. "
            f"Everybody is signed out; {done.revoked_again} later revocations hold again."
        )
        if not any(ledger.exists() for ledger in ledgers):
            self.stdout.write("No file of revocations was found: end again what was ended since.")
