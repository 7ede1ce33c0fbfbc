"""The queue's list: Django's change list, with pages that are found by their last row.

Filters and orders work on `Review`, where everything stands that they need; the screenings of one
page are fetched by number. Nothing is counted beyond `services.queue.COUNTED_UP_TO`.
"""

from dataclasses import replace
from typing import Any, Literal

from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from screening.admin.filters import Narrowing
from screening.models import Review
from screening.services import finding
from screening.services import queue as rows

PAGE_PARAMETERS = ("after", "before")
SEARCHED = 10_000
"""So many records a page of a search looks through that finds very many patients."""
LONGEST_PLACE = 3
ORDERS = {
    "patient_cell": rows.BY_NAME,
    "tier_cell": rows.PRIORITY,
    "waiting_cell": rows.LONGEST,
    "left_cell": rows.BY_LEFT,
    "right_cell": rows.BY_RIGHT,
}
"""Heading of the list -> the order it sorts by; pressed again, the other way round."""
RELATED = ("patient", "review__clinician", "review__cleared_by")


class QueueList(ChangeList):
    """One page of the queue."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.place = {name: _number(request.GET.get(name)) for name in PAGE_PARAMETERS}
        super().__init__(request, *args, **kwargs)
        for name in PAGE_PARAMETERS:
            self.params.pop(name, None)

    def get_filters_params(self, params: Any = None) -> Any:
        """The parameters of filters; the place of a page is none."""
        found = super().get_filters_params(params)
        return {name: value for name, value in found.items() if name not in PAGE_PARAMETERS}

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> Any:
        """The screenings of the page, so that no action reaches further than what is seen."""
        found = self.get_filters(request)
        self.filter_specs, self.has_filters = found[0], found[1]
        self.has_active_filters = found[4]
        self.clear_all_filters_qs = self.get_query_string(
            new_params=found[2], remove=self.get_filters_params()
        )
        stretch, chosen = self.chosen(self.order())
        self.page = rows.page(stretch, chosen, self.list_per_page, **self.place)
        self.counted = self.page.counted
        return self.root_queryset.filter(pk__in=self.page.screenings)

    def chosen(self, order: rows.Order) -> tuple[rows.Stretch, QuerySet[Review]]:
        """Where to look, and the reviews there that pass every filter and the search."""
        text = self.query.strip()
        people = finding.people(text) if text else None
        if people is not None:
            found = Review.objects.filter(patient__in=people)
            return rows.Stretch(rows=found, order=order, look=None), self.narrowed(found)
        within = Review.objects.all()
        for spec in self.narrowing():
            within = spec.stretch(within, order)
        if text:
            stretch = rows.Stretch(rows=within, order=order, look=SEARCHED, counts=False)
            return stretch, finding.matching(self.narrowed(within), text)
        return rows.Stretch(rows=within, order=order), self.narrowed(within)

    def narrowing(self) -> list[Narrowing]:
        """The filters."""
        return [spec for spec in self.filter_specs if isinstance(spec, Narrowing)]

    def narrowed(self, reviews: QuerySet[Review]) -> QuerySet[Review]:
        """Those that pass every filter."""
        for spec in self.narrowing():
            reviews = spec.narrow(reviews)
        return reviews

    def order(self) -> rows.Order:
        """The order of the heading that was pressed; triage, then waiting, before one is."""
        for place, way in self.get_ordering_field_columns().items():
            order = ORDERS[str(self.list_display[place])]
            return replace(order, backwards=True) if way == "desc" else order
        return rows.PRIORITY

    def get_ordering_field_columns(self) -> dict[int, Literal["desc", "asc"]]:
        """The heading pressed last, by its place in the list, and "asc" or "desc"."""
        pressed = str(self.params.get(ORDER_VAR, "")).split(".")[0]
        bare = pressed.removeprefix("-")
        known = bare.isascii() and bare.isdecimal() and len(bare) < LONGEST_PLACE
        place = int(bare) if known else len(self.list_display)
        if place < len(self.list_display) and self.list_display[place] in ORDERS:
            return {place: "desc" if pressed.startswith("-") else "asc"}
        return {}

    def get_results(self, request: HttpRequest) -> None:
        """Fetch one page, and what is before and after it."""
        page = self.page
        found = self.queryset.select_related(*RELATED).in_bulk()
        self.result_list = [found[pk] for pk in page.screenings if pk in found]
        self.result_count = len(self.result_list)
        self.counted_all = self.counted is not None and self.counted <= rows.COUNTED_UP_TO
        self.full_result_count = None
        self.show_full_result_count = False
        self.show_admin_actions = bool(self.result_list)
        self.can_show_all = self.multi_page = False
        self.paginator = Paginator(page.screenings, self.list_per_page)
        self.next_page = self._link("after", page.last)
        self.kept = [(k, v) for k, v in self.params.items() if k not in ("q", *PAGE_PARAMETERS)]
        self.previous_page = self._link("before", page.first)

    def _link(self, name: str, screening: int | None) -> str:
        if screening is None:
            return ""
        return self.get_query_string({name: screening}, remove=[*PAGE_PARAMETERS])

    def apply_select_related(self, qs: Any) -> Any:
        """Related rows are fetched with a page."""
        return qs


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 16 else None
