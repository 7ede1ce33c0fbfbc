"""Every table of a database as rows that are the same on SQLite and PostgreSQL.

The tables are those of the migrations that a database has, not those of today's code, so that an
old database and an old backup read as well as a new one. What the database works out itself
(generated columns) is left out.
"""

import base64
import datetime
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps.registry import Apps
from django.db import connections, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from chiro.practice.backups import BackupError

type Row = list[Any]
type Migration = tuple[str, str]

FEW, MANY = 20, 500
"""Rows held at once: of tables with papers and pictures, and of others."""

MODULUS = 1 << 256

_in_order = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


@dataclass(frozen=True)
class Proof:
    """How many rows a table has and a checksum over them that knows no order."""

    rows: int = 0
    checksum: int = 0

    def with_row(self, row: Row) -> "Proof":
        """The proof of the same rows and one more."""
        digest = hashlib.sha256(_canonical(row)).digest()
        return Proof(self.rows + 1, (self.checksum + int.from_bytes(digest)) % MODULUS)

    def words(self) -> dict[str, Any]:
        """As it is written in a manifest."""
        return {"rows": self.rows, "checksum": f"{self.checksum:064x}"}


class Table:
    """One table: its name, its columns, and its rows in a form that JSON can hold."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model
        self.name = model._meta.label_lower
        self.fields = [f for f in model._meta.concrete_fields if not f.generated]
        for field in self.fields:  # the model is a copy: rows keep the times that they have
            for automatic in ("auto_now", "auto_now_add"):
                if getattr(field, automatic, False):
                    setattr(field, automatic, False)

    @property
    def handful(self) -> int:
        """How many rows to hold at once."""
        return FEW if self.has_files else MANY

    @property
    def has_files(self) -> bool:
        """Whether rows have papers or pictures in them."""
        return any(isinstance(field, models.BinaryField) for field in self.fields)

    @property
    def columns(self) -> list[str]:
        """The names of the values of a row, in order."""
        return [field.attname for field in self.fields]

    def all(self, alias: str) -> Any:
        """The query of every row."""
        return self.model._base_manager.using(alias).all()

    def rows(self, alias: str) -> Iterator[Row]:
        """Yield every row."""
        found = self.all(alias).order_by("pk").values_list(*self.columns)
        for values in found.iterator(chunk_size=self.handful):
            yield [_encoded(f, v) for f, v in zip(self.fields, values, strict=True)]

    def proof(self, alias: str) -> Proof:
        """Count the rows in a database and work out their checksum."""
        return proof_of(self.rows(alias))

    def write(self, rows: Sequence[Row], alias: str) -> None:
        """Store rows, keys and times as they are."""
        self.all(alias).bulk_create([self._object(row) for row in rows])

    def empty(self, alias: str) -> None:
        """Remove every row, without asking who refers to it."""
        self.all(alias)._raw_delete(alias)

    def _object(self, row: Row) -> models.Model:
        values = zip(self.fields, row, strict=True)
        return self.model(**{field.attname: _decoded(field, value) for field, value in values})


def proof_of(rows: Iterable[Row]) -> Proof:
    """Count rows and work out their checksum."""
    proof = Proof()
    for row in rows:
        proof = proof.with_row(row)
    return proof


# --- The tables of a database ------------------------------------------------------------------


def applied(alias: str) -> list[Migration]:
    """The migrations that a database has, by name. Raises BackupError for one unknown here."""
    connection = connections[alias]
    found = sorted(MigrationRecorder(connection).applied_migrations())
    refuse_unknown(found, alias)
    return found


def refuse_unknown(migrations: Iterable[Migration], alias: str) -> None:
    """Raise BackupError for a migration of another, newer version of this site."""
    known = MigrationLoader(connections[alias]).graph.nodes
    unknown = [".".join(one) for one in migrations if tuple(one) not in known]
    if unknown:
        raise BackupError(
            f"A newer version of this site made it ({unknown[0]}): install that version first."
        )


def tables(migrations: Iterable[Migration], alias: str) -> list[Table]:
    """Every table that a database with these migrations has, in the order of their names."""
    loader = MigrationLoader(connections[alias])
    apps: Apps = loader.project_state(sorted(migrations)).apps
    found = [
        Table(model)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and not model._meta.swapped
    ]
    return sorted(found, key=lambda table: table.name)


def make_tables(migrations: Iterable[Migration], alias: str) -> None:
    """Make the tables of these migrations in an empty database, without the rows of today."""
    executor = MigrationExecutor(connections[alias])
    executor.migrate(_last_of(set(migrations), executor.loader))


def _last_of(migrations: set[Migration], loader: MigrationLoader) -> list[Migration]:
    """Those of these migrations that no other of them follows in the same app."""
    followed = {
        parent.key
        for key in migrations
        for parent in loader.graph.node_map[key].parents
        if parent.key[0] == key[0]
    }
    return sorted(migrations - followed)


def reset_sequences(found: Iterable[Table], alias: str) -> None:
    """Let new rows be numbered after those that are there."""
    from django.core.management.color import no_style

    connection = connections[alias]
    statements = connection.ops.sequence_reset_sql(no_style(), [table.model for table in found])
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


# --- Values ------------------------------------------------------------------------------------


def _encoded(field: Any, value: Any) -> Any:
    """A value as JSON: plain, or an object with one letter for its type. Bytes stay bytes."""
    if isinstance(field, models.JSONField):
        return {"j": value}
    match value:
        case datetime.datetime():
            return {"t": value.astimezone(datetime.UTC).isoformat(timespec="microseconds")}
        case datetime.date() | datetime.time():
            return {"d": value.isoformat()}
        case datetime.timedelta():
            return {"s": value.total_seconds()}
        case Decimal() | UUID():
            return {"n": str(value)}
        case bytes() | bytearray() | memoryview():
            return {"b": bytes(value)}
    return value


def _decoded(field: Any, value: Any) -> Any:
    """The value that was encoded."""
    if not isinstance(value, dict):
        return value
    ((kind, plain),) = value.items()
    match kind:
        case "j" if plain is None and not field.null:
            return models.JSONNull()
        case "j":
            return plain
        case "b":
            return plain if isinstance(plain, bytes) else base64.b64decode(plain)
        case "s":
            return datetime.timedelta(seconds=plain)
    return field.to_python(plain)


def _canonical(row: Row) -> bytes:
    """A row in one spelling: PostgreSQL keeps neither the order of keys nor 1.0 apart from 1."""
    if any(raw_bytes(value) is not None for value in row):
        return b"[" + b",".join(map(_spelled, row)) + b"]"
    return _spelled(row)


def raw_bytes(value: Any) -> bytes | None:
    """The bytes of a value that is bytes, where they are not spelled in base64."""
    raw = value.get("b") if isinstance(value, dict) else None
    return raw if isinstance(raw, bytes) else None


def _spelled(value: Any) -> bytes:
    """One value or a row; papers and pictures by hand, for an encoder searches them for quotes."""
    if (raw := raw_bytes(value)) is not None:
        return b'{"b":"' + base64.b64encode(raw) + b'"}'
    text = _in_order(value)
    if ".0" in text or "e+" in text:
        text = _in_order(_plain(value))
    return text.encode()


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return value
