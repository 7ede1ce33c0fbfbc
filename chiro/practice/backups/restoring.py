"""Restoring a backup into an empty database: all of it, proved, or nothing.

SQLite is built in a file beside the final one and put in its place when everything is proved;
PostgreSQL is filled in one transaction. Sign-ins are not restored, and what was revoked after
the backup stays revoked.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import batched
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, transaction

from chiro.practice import revocations
from chiro.practice.backups import BackupError, archive, shelf, snapshots, tables
from chiro.practice.backups.tables import Migration, Proof, Row, Table

RESTORED = "restored"
SIGN_INS = frozenset({"sessions.session", "usersessions.usersession"})
"""Tables that say who is signed in on which device."""

MADE_BY_SET_UP = frozenset({"contenttypes.contenttype", "auth.permission"})
"""Rows that setting up an empty database makes."""


@dataclass(frozen=True, kw_only=True)
class Restored:
    """What a restore did."""

    manifest: archive.Manifest
    revoked_again: int


def restore(
    path: Path, key: bytes, *, ledgers: Iterable[Path], alias: str = DEFAULT_DB_ALIAS
) -> Restored:
    """Fill an empty database from a backup. Raises BackupError; then nothing was changed."""
    manifest = archive.verify(path, key)
    tables.refuse_unknown(manifest.head.migrations, alias)
    refuse_filled(alias)
    with target(alias, manifest.head.migrations) as filled:
        found = {one.name: one for one in tables.tables(manifest.head.migrations, filled)}
        for name, columns, rows in archive.contents(path, key):
            fill(expected(found, name, columns), rows, filled)
        prove(found.values(), manifest.tables, filled)
        again = _take_away_again(found, manifest, ledgers, filled)
    return Restored(manifest=manifest, revoked_again=again)


def expected(found: dict[str, Table], name: str, columns: list[str]) -> Table:
    """The table of this name. Raises BackupError where it has other columns."""
    if name not in found or found[name].columns != columns:
        raise BackupError(f"This version of the site knows no table {name} of this form.")
    return found[name]


def fill(table: Table, rows: Iterable[Row], alias: str) -> None:
    """Write rows in handfuls. Raises BackupError for rows that the database refuses."""
    try:
        for handful in batched(rows, table.handful):
            table.write(handful, alias)
    except DatabaseError as error:
        raise BackupError(f"The database refuses rows of {table.name}.") from error


def prove(found: Iterable[Table], promised: dict[str, Proof], alias: str) -> None:
    """Compare every table with its count and checksum, and every reference. Raises BackupError."""
    for table in found:
        if table.proof(alias) != promised.get(table.name, Proof()):
            raise BackupError(f"The rows of {table.name} are not those that were read.")
    try:
        connections[alias].check_constraints()
    except DatabaseError as error:
        raise BackupError("A row refers to one that is missing.") from error
    tables.reset_sequences(found, alias)


def _take_away_again(
    found: dict[str, Table], manifest: archive.Manifest, ledgers: Iterable[Path], alias: str
) -> int:
    """End every sign-in, and repeat what was taken away since the backup."""
    for name in SIGN_INS & found.keys():
        found[name].empty(alias)
    models = {name: table.model for name, table in found.items()}
    noted = revocations.acts(ledgers)
    missing = revocations.lacking(noted, manifest.head.made_at, models, alias)
    return revocations.repeat(missing, models, alias)


# --- The target --------------------------------------------------------------------------------


def refuse_filled(alias: str) -> None:
    """Raise BackupError for a database that holds anything that somebody entered."""
    connection = connections[alias]
    try:
        names = set(connection.introspection.table_names())
        migrations = tables.applied(alias) if names else []
        found = tables.tables(migrations, alias)
    except DatabaseError as error:
        raise BackupError(
            "The database there is damaged. Move its file away, then restore again."
        ) from error
    filled = [
        table.name
        for table in found
        if table.name not in MADE_BY_SET_UP and any(True for _ in table.rows(alias))
    ]
    if filled or (names and not migrations):
        which = filled[0] if filled else "tables of something else"
        raise BackupError(
            f"The database there is not empty ({which}). Nothing is ever restored over rows."
        )


@contextmanager
def target(alias: str, migrations: list[Migration]) -> Iterator[str]:
    """Yield an empty database with these tables, which takes the place of `alias` at the end."""
    if connections[alias].vendor == snapshots.SQLITE:
        with _beside(alias) as beside:
            tables.make_tables(migrations, beside)
            with transaction.atomic(using=beside):
                yield beside
        return
    with transaction.atomic(using=alias):
        _drop_set_up(alias)
        tables.make_tables(migrations, alias)
        with connections[alias].cursor() as cursor:
            # A migration that adds a reference leaves it checked at once; rows come by table name.
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        yield alias


def _drop_set_up(alias: str) -> None:
    """Undo what setting up an empty database made."""
    connection = connections[alias]
    names = [connection.ops.quote_name(name) for name in connection.introspection.table_names()]
    if names:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {', '.join(names)} CASCADE")


@contextmanager
def _beside(alias: str) -> Iterator[str]:
    """Yield a fresh SQLite file that takes the place of the usual one when all went well."""
    settings = connections[alias].settings_dict
    final = Path(settings["NAME"])
    fresh = final.with_name(f".{final.name}.restoring")
    fresh.unlink(missing_ok=True)
    final.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with snapshots.other_database(RESTORED, {**settings, "NAME": str(fresh)}):
            yield RESTORED
        connections[alias].close()
        _take_the_place(fresh, final)
    finally:
        fresh.unlink(missing_ok=True)


def _take_the_place(fresh: Path, final: Path) -> None:
    """Replace the file, and the leavings of the one before it, so that a power cut leaves one."""
    for ending in ("-journal", "-wal", "-shm"):
        final.with_name(final.name + ending).unlink(missing_ok=True)
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    fresh.replace(final)
    shelf.flush_folder(final.parent)
