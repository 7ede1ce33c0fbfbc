"""Asking the database the same thing again and again, where a page waits: compiled once.

Django puts a query together anew each time it is asked, which takes many times as long as the
database takes to answer it. A `Prepared` query lets Django do that once in a process, and then
sends the same words with another value. The value is always a parameter, never part of the words.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet

type Value = str | int
type Converter = Callable[[Any, Any, Any], Any]


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A query in the words of one database, and how its columns become values of Python.

    `places` are those of the value among the parameters.
    """

    words: str
    parameters: tuple[Any, ...]
    places: frozenset[int]
    converters: tuple[tuple[int, tuple[Converter, ...], Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A query that depends on one value: `rows` makes it, and nothing in it may change by itself.

    `sample` is a value of the same kind that is no other parameter of the query; it is not asked.
    """

    rows: Callable[[Any], QuerySet[Any, Any]]
    sample: Value
    _compiled: dict[str, _Compiled] = field(default_factory=dict)

    def ask(self, value: Value) -> list[list[Any]]:
        """The rows for this value, each a list of what the query selects."""
        compiled = self._compiled.get(connection.vendor) or self._compile()
        places = compiled.places
        parameters = [value if n in places else p for n, p in enumerate(compiled.parameters)]
        with connection.cursor() as cursor:
            cursor.execute(compiled.words, parameters)
            found = [list(row) for row in cursor.fetchall()]
        for at, converters, expression in compiled.converters:
            for row in found:
                for converter in converters:
                    row[at] = converter(row[at], expression, connection)
        return found

    def _compile(self) -> _Compiled:
        compiler = self.rows(self.sample).query.get_compiler(connection=connection)
        words, parameters = compiler.as_sql()
        places = frozenset(n for n, each in enumerate(parameters) if each == self.sample)
        if not places:
            raise ValueError("The query does not hold its value as it is.")
        converters = compiler.get_converters([column for column, _, _ in compiler.select or ()])
        compiled = _Compiled(
            words=words,
            parameters=tuple(parameters),
            places=places,
            converters=tuple((at, tuple(each), on) for at, (each, on) in converters.items()),
        )
        self._compiled[connection.vendor] = compiled
        return compiled


class Lookup[Row: Model]:
    """The row whose unique column holds a value; `locked` for a transaction that changes it."""

    def __init__(
        self, model: type[Row], column: str, *, sample: Value = "sample", locked: bool = False
    ) -> None:
        def rows(value: Value) -> QuerySet[Any, Any]:
            found = model._default_manager.filter(**{column: value}).order_by()
            return found.select_for_update() if locked else found

        self.model = model
        self.prepared = Prepared(rows=rows, sample=sample)

    def find(self, value: Value) -> Row | None:
        """The row with this value; None where there is none."""
        for values in self.prepared.ask(value):
            names = [column.attname for column in self.model._meta.concrete_fields]
            return self.model.from_db(connection.alias, names, values)
        return None
