"""`manage.py make_backup_key`: write the key that encrypts backups."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from chiro.practice.backups import BackupError, keys


class Command(BaseCommand):
    help = "Write a fresh key for backups to BACKUP_KEY_FILE. Keep a copy where no backup is kept."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.BACKUP_KEY_FILE)
        try:
            keys.make(path, Path(settings.DATA_DIR))
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"The key is in {path}. Print it or copy it to a safe place now: "
            "without it no backup can be read."
        )
