"""`manage.py backup`: an encrypted, proved backup of the running site."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from chiro.practice import revocations
from chiro.practice.backups import BackupError, archive, making, shelf
from chiro.practice.models import TakenAway


class Command(BaseCommand):
    help = "Back up the running site: encrypted, read back, old backups removed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, help="elsewhere than BACKUP_DIR")
        parser.add_argument("--list", action="store_true", help="list what is there")
        parser.add_argument("--verify", type=Path, metavar="FILE", help="prove a backup")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = options["folder"] or Path(settings.BACKUP_DIR)
        if options["list"]:
            for backup in shelf.backups(folder):
                size = backup.path.stat().st_size / 1e6
                self.stdout.write(f"{backup.path}  {size:.1f} MB")
            return
        try:
            if options["verify"]:
                self._show(archive.verify(options["verify"], making.key()))
                return
            self._copy_out()
            made = making.make(folder=folder, key=making.key())
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        self._show(made.manifest)
        self.stdout.write(f"{made.path} is written and proved; {len(made.removed)} old ones gone.")

    def _copy_out(self) -> None:
        """Bring the list of what was taken away up to date; an old database has none."""
        if TakenAway._meta.db_table in connection.introspection.table_names():
            revocations.copy_out()

    def _show(self, manifest: archive.Manifest) -> None:
        """Print the manifest: versions, and rows and checksum of each table."""
        head = manifest.head
        said = ", ".join(f"{name} {version}" for name, version in head.versions.items())
        self.stdout.write(f"Made {head.made_at:%Y-%m-%d %H:%M:%S} UTC with {said}")
        for name, proof in manifest.tables.items():
            self.stdout.write(f"{proof.rows:>9}  {proof.checksum:064x}  {name}")
        self.stdout.write(f"{manifest.rows:>9}  rows")
