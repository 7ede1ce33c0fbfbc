"""The audit log in the admin: to read, to filter, and by patient. Reading it leaves a trace too."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max, Min, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from chiro.practice import audit
from chiro.practice.long_lists import LongPaginator
from chiro.practice.models import AuditEvent, User

SHOWN = 1000
"""Events of one patient that the report lists one by one; it counts all of them."""


@dataclass(frozen=True, kw_only=True)
class Reader:
    """One person who touched a record: how often, first and last."""

    who: str
    role: str
    times: int
    first: datetime
    last: datetime


class EventFilter(admin.SimpleListFilter):
    """By kind of act, of those that happened."""

    title = "event"
    parameter_name = "event"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The kinds that stand in the log, in order."""
        return [(kind, kind) for kind in audit.kinds()]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[AuditEvent]
    ) -> QuerySet[AuditEvent]:
        """Keep the chosen kind."""
        return queryset.filter(event=self.value()) if self.value() else queryset


class LabelFilter(admin.SimpleListFilter):
    """By what kind of actor."""

    title = "actor label"
    parameter_name = "actor_label"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The kinds of actors."""
        return [(label, label) for label in audit.LABELS]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[AuditEvent]
    ) -> QuerySet[AuditEvent]:
        """Keep the chosen kind."""
        return queryset.filter(actor_label=self.value()) if self.value() else queryset


class AuditEventAdmin(admin.ModelAdmin):
    """The audit log, to read only."""

    list_display = (
        "at",
        "event",
        "actor_label",
        "actor",
        "patient_id",
        "object_type",
        "object_id",
        "ip",
    )
    list_display_links = None
    list_filter = (
        EventFilter,
        LabelFilter,
        ("actor", admin.RelatedOnlyFieldListFilter),
        ("at", admin.DateFieldListFilter),
    )
    list_select_related = ("actor",)
    search_fields = ("patient_id__exact", "object_id__exact", "actor__username")
    search_help_text = "Number of a patient or record, or a staff account"
    paginator = LongPaginator
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody writes here by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditEvent | None = None) -> bool:
        """Nobody changes what was recorded."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditEvent | None = None) -> bool:
        """Nobody deletes what was recorded."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """The report of one patient, beside the log."""
        seen = self.admin_site.admin_view(require_safe(self.patient_view))
        return [
            path("patient/<int:patient_id>/", seen, name="practice_auditevent_patient"),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The log."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        audit.record("audit log read", actor=request.user, request=request)
        context = {"title": "Audit log"}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def patient_view(self, request: HttpRequest, patient_id: int) -> HttpResponse:
        """Who saw this patient: each person once, then each act."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        events = AuditEvent.objects.filter(patient_id=patient_id).select_related("actor")
        context = {
            **self.admin_site.each_context(request),
            "title": f"Who saw patient {patient_id}",
            "readers": list(readers(events)),
            "events": events[:SHOWN],
            "shown": SHOWN,
            "count": events.count(),
        }
        audit.record(
            "who saw this patient read", actor=request.user, patient=patient_id, request=request
        )
        return TemplateResponse(request, "admin/practice/who_saw.html", context)


def readers(events: QuerySet[AuditEvent]) -> Iterable[Reader]:
    """Each person who touched the record, the latest first."""
    rows = (
        events.order_by()
        .values("actor", "actor_label")
        .annotate(times=Count("pk"), first=Min("at"), last=Max("at"))
        .order_by("-last")
    )
    staff = User.objects.in_bulk([row["actor"] for row in rows if row["actor"]])
    for row in rows:
        person = staff.get(row["actor"])
        yield Reader(
            who=person.display_name if person else row["actor_label"].capitalize(),
            role=person.get_role_display() if person else "",
            times=row["times"],
            first=row["first"],
            last=row["last"],
        )
