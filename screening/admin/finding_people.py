"""Lists of the admin that are searched by patient: through the search words, not by every row."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from chiro.practice.long_lists import LongPaginator
from screening.services import finding


class ByPatient(admin.ModelAdmin):
    """A long list whose search finds the rows of patients by name, reference or birth date.

    A search that finds very many patients falls back on Django's, which then ends soon.
    """

    paginator = LongPaginator
    show_full_result_count = False
    patient_path: ClassVar[str] = "patient"
    """From a row to its patient."""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The rows of whom the search finds."""
        people = finding.people(search_term) if search_term.strip() else None
        if people is None:
            return super().get_search_results(request, queryset, search_term)
        return queryset.filter(**{f"{self.patient_path}__in": people}), False
