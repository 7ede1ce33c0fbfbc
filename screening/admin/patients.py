"""Patients: who they are and how to reach them. No answer and no finding stands here."""

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse

from chiro.practice import audit
from screening.admin.acting import staff
from screening.services import patients


class PatientAdmin(admin.ModelAdmin):
    """Names, birth dates and contacts, which staff may correct."""

    list_display = ("full_name", "reference", "birth_date", "phone")
    search_fields = ("full_name", "reference")
    search_help_text = "Name or reference"
    show_full_result_count = False
    fields = ("reference", "full_name", "birth_date", "phone", "email")
    readonly_fields = ("reference",)

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
