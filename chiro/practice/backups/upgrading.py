"""Bringing a database to this version: checked, backed up, migrated, compared."""

from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor

from chiro.practice.backups import BackupError, making, tables
from chiro.practice.backups.restoring import MADE_BY_SET_UP, SIGN_INS


@dataclass(frozen=True, kw_only=True)
class Upgraded:
    """What an upgrade did: how many migrations, after which backup."""

    migrations: int
    backup: making.Made | None


def waiting(alias: str = DEFAULT_DB_ALIAS) -> int:
    """How many migrations this database lacks."""
    executor = MigrationExecutor(connections[alias])
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def row_counts(alias: str = DEFAULT_DB_ALIAS) -> dict[str, int]:
    """The rows of each table that hold what somebody entered."""
    connection = connections[alias]
    if not connection.introspection.table_names():
        return {}
    found = tables.tables(tables.applied(alias), alias)
    return {
        table.name: table.model._base_manager.using(alias).count()
        for table in found
        if table.name not in MADE_BY_SET_UP | SIGN_INS
    }


def upgrade(*, folder: Path, alias: str = DEFAULT_DB_ALIAS, key: bytes | None) -> Upgraded:
    """Run the migrations that wait. Where there are rows, a backup comes first.

    Raises BackupError when the backup fails, or when a table has fewer rows than before.
    """
    migrations = waiting(alias)
    before = row_counts(alias) if migrations else {}
    backup = None
    if any(before.values()) and key is not None:
        backup = making.make(folder=folder, key=key, before_upgrade=True, alias=alias)
    call_command("migrate", database=alias, interactive=False, verbosity=0)
    if alias == DEFAULT_DB_ALIAS:
        for command in settings.AFTER_UPGRADE:
            call_command(command, when_needed=not migrations, stdout=StringIO())
    after = row_counts(alias) if migrations else {}
    lost = [name for name, rows in before.items() if after.get(name, rows) < rows]
    if lost:
        raise BackupError(f"{lost[0]} has fewer rows than before: restore {backup and backup.path}")
    return Upgraded(migrations=migrations, backup=backup)
