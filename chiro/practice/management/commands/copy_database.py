"""`manage.py copy_database`: move to another database, every row proved."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from chiro.practice.backups import BackupError, copying

VARIABLE = "COPY_TO_DATABASE_URL"


class Command(BaseCommand):
    help = (
        "Copy every row of this site's database to an empty one, SQLite or PostgreSQL, and compare "
        f"both. The address is read from the variable {VARIABLE}, so that no password is typed "
        "where other programs see it. Switch MAINTENANCE on first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--show", action="store_true", help="print the checksum of each table")

    def handle(self, *args: Any, **options: Any) -> None:
        address = os.environ.get(VARIABLE, "")
        if not address:
            raise CommandError(f"Set {VARIABLE} to the address of an empty database.")
        try:
            proofs = copying.copy(address)
        except BackupError as error:
            raise CommandError(str(error)) from error
        if options["show"]:
            for name, proof in proofs.items():
                self.stdout.write(f"{proof.rows:>9}  {proof.checksum:064x}  {name}")
        rows = sum(proof.rows for proof in proofs.values())
        self.stdout.write(
            f"{rows} rows of {len(proofs)} tables are equal in both. "
            "Set DATABASE_URL to the new address and start the site."
        )
