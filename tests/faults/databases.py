"""Databases of their own for the fault tests, on the same server or disk as the test database."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from chiro.practice.backups import restoring, snapshots, tables
from tests.conftest import new_postgresql_database

OLD_VERSION = Path(__file__).with_name("version_0_1_0.jsonl")
PRACTICE = "practice_database"


def new_address(folder: Path) -> str:
    """The address of a database that is empty."""
    if "DATABASE_URL" in os.environ:
        return new_postgresql_database(os.environ["DATABASE_URL"])
    return new_sqlite_address(folder)


def new_sqlite_address(folder: Path) -> str:
    """The address of a SQLite file that is not there yet."""
    number = len(list(folder.iterdir()))
    return f"sqlite:///{folder / f'practice-{number}.sqlite3'}"


@contextmanager
def opened(address: str, alias: str = PRACTICE) -> Iterator[str]:
    """Know a database by this name while this lasts."""
    with snapshots.other_database(alias, snapshots.settings_of(address)):
        yield alias


def fill_with_old_version(alias: str) -> list[tables.Migration]:
    """Make a database as version 0.1.0 left it; returns its migrations."""
    head, *lines = map(json.loads, OLD_VERSION.read_text().splitlines())
    migrations = [(app, name) for app, name in head["migrations"]]
    tables.make_tables(migrations, alias)
    found = {table.name: table for table in tables.tables(migrations, alias)}
    with transaction.atomic(using=alias):
        for name, rows in _by_table(lines).items():
            found[name].write(rows, alias)
        tables.reset_sequences(found.values(), alias)
    return migrations


def _by_table(lines: list[Any]) -> dict[str, list[tables.Row]]:
    rows: dict[str, list[tables.Row]] = {}
    name = ""
    for line in lines:
        if isinstance(line, dict):
            name = line["table"]
            rows[name] = []
        else:
            rows[name].append(line)
    return rows


def add_check_in(alias: str) -> None:
    """Add a row whose table comes before the one that it refers to, in the order of a backup."""
    from exercises.models import CheckIn

    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    screening = row(alias, "screening.screening")
    CheckIn._base_manager.using(alias).create(
        screening=screening, week=2, due_on=now.date(), key="k" * 64, made_at=now, answers={}
    )


def proofs(alias: str, migrations: list[tables.Migration]) -> dict[str, tables.Proof]:
    """The rows and checksum of each table as these migrations knew it."""
    found = tables.tables(migrations, alias)
    return {
        table.name: table.proof(alias)
        for table in found
        if table.name not in restoring.MADE_BY_SET_UP
    }


def row(alias: str, table: str, **fields: Any) -> Any:
    """The first such row of a table, by today's models."""
    from django.apps import apps

    return apps.get_model(table)._base_manager.using(alias).filter(**fields).order_by("pk")[0]
