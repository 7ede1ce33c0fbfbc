"""Patients: who they are and how to reach them. No answer and no finding stands here."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse

from chiro.practice import audit
from screening.admin.acting import staff
from screening.admin.finding_people import ByPatient
from screening.models import Patient
from screening.services import patients


class ArchivedFilter(admin.SimpleListFilter):
    """Archived patients stand in no list unless they are asked for."""

    title = "archive"
    parameter_name = "archive"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The archive, and everybody."""
        return [("archived", "Archived"), ("all", "All")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Patient]) -> QuerySet[Patient]:
        """Keep the chosen rows."""
        if self.value() == "all":
            return queryset
        return queryset.filter(archived_at__isnull=self.value() != "archived")

    def choices(self, changelist: Any) -> Iterator[Any]:
        """The choices as links, "Current" in the place of Django's "All"."""
        first, *others = super().choices(changelist)
        yield {**first, "display": "Current"}
        yield from others


class PatientAdmin(ByPatient):
    """Names, birth dates and contacts, which staff may correct."""

    list_display = ("full_name", "reference", "birth_date", "phone")
    search_fields = ("full_name", "reference")
    search_help_text = "Name, reference or birth date"
    patient_path = "pk"
    fields = ("reference", "full_name", "birth_date", "phone", "email")
    readonly_fields = ("reference",)
    list_filter = (ArchivedFilter,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Patient]:
        """Everybody but those who were erased."""
        return super().get_queryset(request).filter(erased_at=None)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Patients come with their first screening."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A patient is never deleted."""
        return False

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """One patient; reading leaves a trace."""
        patient = self.get_object(request, object_id)
        if patient is not None and request.method == "GET" and self.has_view_permission(request):
            audit.record(
                "patient read", actor=request.user, patient=patient, obj=patient, request=request
            )
        return super().change_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        """Hand the corrected values to the service."""
        patients.correct(patient=obj, by=staff(request))
