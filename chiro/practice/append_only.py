"""Rows that are written once are kept so by the database itself: triggers refuse the rest.

`migrate` takes the triggers away before it begins and puts them back when it is through. Code that
has a lawful reason to change such a row (erasing a patient, moving an example in time) says so with
`lawful_change`; a statement typed into the database by hand is refused.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import post_migrate, pre_migrate

from chiro.practice.models import AppendOnly, LawfulChange

OPEN = LawfulChange._meta.db_table
FUNCTION = "refuse_change_of_row"

SQLITE = """
CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb} ON {table}
WHEN NOT EXISTS (SELECT 1 FROM {open})
BEGIN SELECT RAISE(ABORT, 'rows of {table} are append-only'); END
"""
POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM {OPEN}) THEN
    RAISE EXCEPTION 'rows of % are append-only', TG_TABLE_NAME USING ERRCODE = 'raise_exception';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$ LANGUAGE plpgsql
"""  # noqa: S608 - the table's name is the model's own
POSTGRESQL = """
CREATE OR REPLACE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
FOR EACH ROW EXECUTE FUNCTION {function}()
"""
VERBS = ("update", "delete")


@contextmanager
def lawful_change(reason: str) -> Iterator[None]:
    """Open the append-only rows to this transaction, and to no other, while this lasts."""
    with transaction.atomic():
        row = LawfulChange.objects.create(reason=reason)
        yield
        row.delete()


def tables(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the tables of append-only rows that are there, in order."""
    there = set(connection.introspection.table_names())
    models = (model for model in apps.get_models() if issubclass(model, AppendOnly))
    return sorted(model._meta.db_table for model in models if model._meta.db_table in there)


def install(connection: BaseDatabaseWrapper) -> None:
    """Make every trigger that is missing."""
    if OPEN not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_FUNCTION)
        template = POSTGRESQL if connection.vendor == "postgresql" else SQLITE
        for table in tables(connection):
            for verb in VERBS:
                names = {"table": table, "verb": verb, "open": OPEN, "function": FUNCTION}
                cursor.execute(template.format(**names))


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away: a migration may have to move rows."""
    with connection.cursor() as cursor:
        for table in tables(connection):
            for verb in VERBS:
                of = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}{of}")


def _before(using: str, **kwargs: Any) -> None:
    remove(connections[using])


def _after(using: str, **kwargs: Any) -> None:
    install(connections[using])
    call_command("createcachetable", database=using, verbosity=0, stdout=io.StringIO())


def connect(sender: Any) -> None:
    """Do this around every `migrate`."""
    pre_migrate.connect(_before, sender=sender, dispatch_uid="append-only off")
    post_migrate.connect(_after, sender=sender, dispatch_uid="append-only on")
