"""One backup file: a line that says what it is, every table's rows, and the manifest last.

The lines are compressed and sealed; papers and pictures follow the line of their row as they are,
for they are compressed already. The manifest has the number of rows and the checksum of each table,
so reading a file to its end proves it. Format 1, which had everything in the lines, is still read.
"""

import json
import platform
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import django
from django.db import connections

from chiro.practice.backups import BackupError, sealed
from chiro.practice.backups.tables import Migration, Proof, Row, Table, raw_bytes

FORMAT = 2
READABLE = frozenset({1, 2})
LEVEL, STORED = 1, 0
"""How much zlib tries: on words, and on tables with papers and pictures (not at all)."""


@dataclass(frozen=True, kw_only=True)
class Head:
    """What a backup was made of, when, and with which versions."""

    made_at: datetime
    migrations: list[Migration]
    versions: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a backup holds."""

    head: Head
    tables: dict[str, Proof] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """All rows of all tables."""
        return sum(proof.rows for proof in self.tables.values())


def versions(alias: str) -> dict[str, str]:
    """The versions that matter to who restores a backup."""
    connection = connections[alias]
    number = ".".join(str(part) for part in connection.get_database_version())
    return {
        "django": django.get_version(),
        "python": platform.python_version(),
        "database": f"{connection.vendor} {number}",
    }


def write(file: BinaryIO, key: bytes, head: Head, tables: Iterable[Table], alias: str) -> Manifest:
    """Write every row of these tables to a file, sealed; returns the manifest."""
    lines = _Lines(file, key)
    lines.add(
        {
            "format": FORMAT,
            "made_at": head.made_at.isoformat(),
            "migrations": head.migrations,
            "versions": head.versions,
        }
    )
    proofs = {table.name: _write_table(lines, table, alias) for table in tables}
    lines.pack(LEVEL)
    lines.add({"manifest": {name: proof.words() for name, proof in proofs.items()}})
    lines.close()
    return Manifest(head=head, tables=proofs)


def _write_table(lines: "_Lines", table: Table, alias: str) -> Proof:
    proof = Proof()
    lines.pack(STORED if table.has_files else LEVEL)
    lines.add({"table": table.name, "columns": table.columns})
    for row in table.rows(alias):
        lines.add_row(row)
        proof = proof.with_row(row)
    return proof


class _Lines:
    """Values as lines of JSON and bytes as they are, compressed and sealed."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        self._sealer = sealed.Sealer(file, key)
        self._level, self._packer = LEVEL, zlib.compressobj(LEVEL)
        self._encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

    def pack(self, level: int) -> None:
        """Compress what comes from here on as much as this."""
        if level != self._level:
            self._sealer.write(self._packer.flush())
            self._level, self._packer = level, zlib.compressobj(level)

    def add(self, value: object) -> None:
        self._write(self._encode(value).encode() + b"\n")

    def add_row(self, row: Row) -> None:
        """Add a row, and its bytes after the line, which says how many they are."""
        files = [raw_bytes(value) for value in row]
        self.add(
            [
                value if file is None else {"r": len(file)}
                for value, file in zip(row, files, strict=True)
            ]
        )
        for file in filter(None, files):
            self._write(file)

    def close(self) -> None:
        self._sealer.write(self._packer.flush())
        self._sealer.close()

    def _write(self, data: bytes) -> None:
        self._sealer.write(self._packer.compress(data))


# --- Reading -----------------------------------------------------------------------------------


def head_of(path: Path, key: bytes) -> Head:
    """What a backup was made of. Raises BackupError when its beginning does not open."""
    with path.open("rb") as file:
        return _head(next(_lines(file, key)))


def verify(path: Path, key: bytes) -> Manifest:
    """Read a backup to its end and prove it. Raises BackupError when anything differs."""
    proofs: dict[str, Proof] = {}
    name = ""
    with path.open("rb") as file:
        lines = _lines(file, key)
        head, promised = _head(next(lines)), None
        for line in lines:
            if isinstance(line, list):
                proofs[name] = proofs[name].with_row(line)
            elif "table" in line:
                name = line["table"]
                proofs[name] = Proof()
            else:
                promised = line["manifest"]
    if promised != {name: proof.words() for name, proof in proofs.items()}:
        raise BackupError("The rows of this backup are not those of its manifest.")
    return Manifest(head=head, tables=proofs)


def contents(path: Path, key: bytes) -> Iterator[tuple[str, list[str], Iterator[Row]]]:
    """Yield the name, the columns and the rows of each table; take the rows before the next."""
    with path.open("rb") as file:
        lines = _lines(file, key)
        _head(next(lines))
        line = next(lines)
        while "table" in line:
            reader = _TableRows(lines)
            yield line["table"], line["columns"], reader.rows()
            line = reader.following


class _TableRows:
    """The rows of one table, and the line that ended them."""

    def __init__(self, lines: Iterator[Any]) -> None:
        self._lines = lines
        self.following: Any = None

    def rows(self) -> Iterator[Row]:
        for line in self._lines:
            if not isinstance(line, list):
                self.following = line
                return
            yield line


def _head(line: dict[str, Any]) -> Head:
    if line.get("format") not in READABLE:
        raise BackupError("A newer version of this site made this backup: install that first.")
    return Head(
        made_at=datetime.fromisoformat(line["made_at"]),
        migrations=[(app, name) for app, name in line["migrations"]],
        versions=line["versions"],
    )


def _lines(file: BinaryIO, key: bytes) -> Iterator[Any]:
    """Yield the values of a file, one a line, rows with their bytes."""
    content = _Content(sealed.opened(file, key))
    while line := content.line():
        value = json.loads(line)
        if isinstance(value, list):
            value = [
                {"b": content.take(one["r"])} if isinstance(one, dict) and "r" in one else one
                for one in value
            ]
        yield value


class _Content:
    """What the blocks of a file hold, line by line or by number of bytes."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._parts = _unpacked(blocks)
        self._held, self._at = b"", 0

    def line(self) -> bytes:
        """The next line; empty at the end."""
        while (end := self._held.find(b"\n", self._at)) < 0:
            if not self._more():
                return b""
        return self._up_to(end + 1)

    def take(self, count: int) -> bytes:
        """So many bytes. Raises BackupError where there are fewer."""
        while len(self._held) < self._at + count:
            if not self._more():
                raise BackupError(sealed.DAMAGED)
        return self._up_to(self._at + count)

    def _up_to(self, end: int) -> bytes:
        start, self._at = self._at, end
        return self._held[start:end]

    def _more(self) -> bool:
        part = next(self._parts, None)
        if part is None:
            return False
        self._held, self._at = self._held[self._at :] + part, 0
        return True


def _unpacked(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Decompress; where one stream ends, the next begins."""
    unpacker = zlib.decompressobj()
    for block in blocks:
        while block:
            yield unpacker.decompress(block)
            block = unpacker.unused_data
            if unpacker.eof:
                unpacker = zlib.decompressobj()
