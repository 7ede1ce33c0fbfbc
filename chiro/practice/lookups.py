"""Finding one row by a secret or a key, where a page waits: its query is compiled once.

Django puts a query together anew each time it is asked, which takes ten times as long as SQLite
takes to answer it. A `Lookup` lets Django do that once in a process, and then sends the same words
with another value. The value is always a parameter, never part of the words.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Model

type Converter = Callable[[Any, Any, Any], Any]


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A query in the words of one database, and how its columns become values of Python."""

    words: str
    columns: tuple[str, ...]
    converters: tuple[tuple[int, tuple[Converter, ...], Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup[Row: Model]:
    """The row whose unique text column `column` holds a value."""

    model: type[Row]
    column: str
    _compiled: dict[str, _Compiled] = field(default_factory=dict)

    def find(self, value: str) -> Row | None:
        """The row with this value; None where there is none."""
        compiled = self._compiled.get(connection.vendor) or self._compile()
        with connection.cursor() as cursor:
            cursor.execute(compiled.words, [value])
            found = cursor.fetchone()
        if found is None:
            return None
        values = list(found)
        for at, converters, expression in compiled.converters:
            for converter in converters:
                values[at] = converter(values[at], expression, connection)
        return self.model.from_db(connection.alias, compiled.columns, values)

    def _compile(self) -> _Compiled:
        rows = self.model._default_manager.filter(**{self.column: ""}).order_by()
        compiler = rows.query.get_compiler(connection=connection)
        words, _ = compiler.as_sql()
        columns = [expression for expression, _, _ in compiler.select or ()]
        converters = compiler.get_converters(columns).items()
        compiled = _Compiled(
            words=words,
            columns=tuple(column.target.attname for column in columns),
            converters=tuple((at, tuple(each), column) for at, (each, column) in converters),
        )
        self._compiled[connection.vendor] = compiled
        return compiled
