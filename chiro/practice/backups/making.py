"""Making a backup of the running site: written, read back, put on the shelf, old ones removed."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS

from chiro.practice.backups import BackupError, archive, keys, shelf, snapshots, tables

PRIVATE_MODE = 0o600


@dataclass(frozen=True, kw_only=True)
class Made:
    """A finished backup."""

    path: Path
    manifest: archive.Manifest
    removed: list[Path]


def key() -> bytes:
    """The key of the backups of this installation. Raises BackupError."""
    return keys.read(Path(settings.BACKUP_KEY_FILE), Path(settings.DATA_DIR))


def make(
    *, folder: Path, key: bytes, before_upgrade: bool = False, alias: str = DEFAULT_DB_ALIAS
) -> Made:
    """Write a backup, prove it by reading it back, and remove old ones. Raises BackupError."""
    moment = datetime.now(UTC)
    path = folder / shelf.name_for(moment, before_upgrade=before_upgrade)
    part = path.with_name(f".{path.name}.part")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        manifest = _write(part, key, moment, alias)
        _prove(part, key, manifest)
        part.rename(path)
        shelf.flush_folder(folder)
    except OSError as error:
        raise BackupError(f"The backup was not written ({error.strerror}): {folder}") from error
    finally:
        part.unlink(missing_ok=True)
    return Made(path=path, manifest=manifest, removed=shelf.rotate(folder))


def _write(part: Path, key: bytes, moment: datetime, alias: str) -> archive.Manifest:
    """Write every table of one moment to a private file that is on disk afterwards."""
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_MODE)
    with os.fdopen(descriptor, "wb") as file, snapshots.one_moment(alias) as snapshot:
        migrations = tables.applied(snapshot)
        head = archive.Head(
            made_at=moment, migrations=migrations, versions=archive.versions(snapshot)
        )
        found = tables.tables(migrations, snapshot)
        manifest = archive.write(file, key, head, found, snapshot)
        file.flush()
        os.fsync(file.fileno())
    return manifest


def _prove(part: Path, key: bytes, manifest: archive.Manifest) -> None:
    """Read what was written. Raises BackupError when it is not what was meant."""
    if archive.verify(part, key).tables != manifest.tables:
        raise BackupError("The disk gave back something else than was written. No backup was made.")
