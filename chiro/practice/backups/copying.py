"""Moving to another database: SQLite to PostgreSQL and back, proved row by row."""

from django.db import DEFAULT_DB_ALIAS

from chiro.practice.backups import restoring, snapshots, tables
from chiro.practice.backups.tables import Proof

OTHER = "moved_to"


def copy(address: str, alias: str = DEFAULT_DB_ALIAS) -> dict[str, Proof]:
    """Copy every row of one moment to the empty database at this address, and compare them.

    Returns the proof of each table. Raises BackupError; then the other database is as it was.
    """
    settings = snapshots.settings_of(address)
    with snapshots.other_database(OTHER, settings), snapshots.one_moment(alias) as source:
        restoring.refuse_filled(OTHER)
        migrations = tables.applied(source)
        found = tables.tables(migrations, source)
        with restoring.target(OTHER, migrations) as filled:
            promised = {}
            for table in found:
                restoring.fill(table, table.rows(source), filled)
                promised[table.name] = table.proof(source)
            restoring.prove(found, promised, filled)
    return promised
