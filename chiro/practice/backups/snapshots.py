"""One moment of a database that goes on being used, and databases beside the usual one."""

import copy
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import environ
from django.db import connections, transaction

from chiro import sqlite_modes
from chiro.practice.backups import BackupError

SQLITE = "sqlite"
SQLITE_ENGINE = "django.db.backends.sqlite3"
SNAPSHOT = "snapshot"


@contextmanager
def one_moment(alias: str) -> Iterator[str]:
    """Yield the name of a connection that sees one moment of a database, whatever is written.

    SQLite copies itself to a private file beside the database, which is removed afterwards;
    PostgreSQL holds one read-only transaction. Raises BackupError for a damaged database.
    """
    settings = connections[alias].settings_dict
    if connections[alias].vendor != SQLITE:
        with other_database(SNAPSHOT, settings), _read_only_transaction():
            yield SNAPSHOT
        return
    path = Path(settings["NAME"])
    copied = path.with_name(f".snapshot-{secrets.token_hex(8)}.sqlite3")
    try:
        _copy(path, copied)
        with other_database(SNAPSHOT, {**settings, "NAME": str(copied)}):
            yield SNAPSHOT
    finally:
        copied.unlink(missing_ok=True)


def _copy(path: Path, copied: Path) -> None:
    """Copy a SQLite database as it is at one moment, and prove the copy."""
    os.close(os.open(copied, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    connection = sqlite3.connect(path, timeout=sqlite_modes.LOCK_TIMEOUT_SECONDS)
    target = sqlite3.connect(copied)
    try:
        target.execute("PRAGMA synchronous = OFF")  # a power cut leaves no copy worth keeping
        connection.backup(target)  # all pages at once: half as long in the writers' way as VACUUM
        said = target.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        raise BackupError(f"The database cannot be copied: {error}.") from error
    finally:
        target.close()
        connection.close()
    if said != "ok":
        raise BackupError(
            "The database is damaged: restore the last backup, see docs/operations.md."
        )


@contextmanager
def _read_only_transaction() -> Iterator[None]:
    with transaction.atomic(using=SNAPSHOT), connections[SNAPSHOT].cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


@contextmanager
def other_database(alias: str, settings: dict[str, Any]) -> Iterator[str]:
    """Know a database by this name while this lasts; it is not pooled."""
    settings = {**settings, "OPTIONS": copy.copy(settings.get("OPTIONS", {}))}
    settings["OPTIONS"].pop("pool", None)
    connections.databases[alias] = settings
    try:
        yield alias
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.databases[alias]


def settings_of(address: str) -> dict[str, Any]:
    """The settings of a database by its address, as `DATABASE_URL` writes it."""
    try:
        found: dict[str, Any] = environ.Env.db_url_config(address)
    except ValueError as error:
        raise BackupError("This is no address of a database.") from error
    if found.get("ENGINE") == SQLITE_ENGINE:
        found["OPTIONS"] = sqlite_modes.options(sqlite3.sqlite_version_info[:3])
    complete: dict[str, Any] = connections.configure_settings({"default": found})["default"]
    return complete
