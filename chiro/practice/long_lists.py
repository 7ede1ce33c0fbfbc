"""Pages of the admin's long lists: counted to an end, however many rows there are."""

from typing import Any

from django.core.paginator import Paginator
from django.utils.functional import cached_property

COUNTED_UP_TO = 10_000


class LongPaginator(Paginator):
    """Pages of the first rows. What comes after them is found by a filter or a search."""

    @cached_property
    def count(self) -> int:
        """How many rows there are, `COUNTED_UP_TO` at most."""
        rows: Any = self.object_list
        counted: int = rows[:COUNTED_UP_TO].count()
        return counted

    @property
    def is_cut(self) -> bool:
        """Whether there may be more rows than are counted."""
        return self.count >= COUNTED_UP_TO
