"""`manage.py upgrade`: bring the database to this version, with a backup first."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from chiro import starting
from chiro.practice.backups import BackupError, keys, making, snapshots, upgrading


class Command(BaseCommand):
    help = "Run the migrations that wait. Where there are rows, an encrypted backup comes first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--without-backup", action="store_true", help="you have another one that you trust"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self._refuse_damaged()
        try:
            key = None if options["without_backup"] else self._key()
            done = upgrading.upgrade(folder=Path(settings.BACKUP_DIR), key=key)
        except (BackupError, OSError) as error:
            raise CommandError(f"{error} The database was not upgraded.") from error
        if done.backup:
            self.stdout.write(f"Backed up first: {done.backup.path}")
        if done.migrations and options["verbosity"] > 0:
            self.stdout.write(f"{done.migrations} migrations done.")

    def _refuse_damaged(self) -> None:
        """Raise CommandError for a damaged SQLite file: a migration would bury what is left."""
        database = settings.DATABASES["default"]
        if database["ENGINE"] != snapshots.SQLITE_ENGINE:
            return
        if problem := starting.damaged(Path(database["NAME"])):
            raise CommandError(problem)

    def _key(self) -> bytes | None:
        """The key of the backups, made now where a backup is needed and there is none yet."""
        if not upgrading.waiting() or not any(upgrading.row_counts().values()):
            return None
        path = Path(settings.BACKUP_KEY_FILE)
        if not path.exists():
            keys.make(path, Path(settings.DATA_DIR))
            self.stdout.write(f"Made a key for backups: {path}. Keep a copy in a safe place.")
        return making.key()
