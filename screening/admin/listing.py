"""The queue as the list of the admin: its columns, filters, search and order.

Nothing is written here and nothing can be: what is done to a record is done on the review page.
"""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from chiro.practice import audit, letterheads, permissions
from screening.admin import filters, queue
from screening.admin.queue_list import ORDERS, QueueList
from screening.models import Screening
from screening.services import queue as rows
from screening.services import review as reviews

LONG_TEXTS = ("answers", "words", "english", "reasons", "result")


class QueueAdmin(admin.ModelAdmin):
    """Incoming screenings, the most urgent first, then who has waited longest."""

    change_list_template = "admin/screening/queue.html"
    list_display = (
        "patient_cell",
        "tier_cell",
        "waiting_cell",
        "left_cell",
        "right_cell",
        "confidence_cell",
        "status_cell",
    )
    list_display_links = None
    list_filter = filters.ALL
    sortable_by = tuple(ORDERS)
    list_per_page = 50
    search_fields = ("patient__full_name", "patient__reference")
    search_help_text = "Name, reference or birth date of a patient"
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    ordering = ("-review__triage_rank", "submitted_at", "pk")

    # --- who may ------------------------------------------------------------------------------

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Screenings come from patients."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A frozen row is never changed; the review page has its own rules."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A clinical row is never deleted."""
        return False

    def check_may_read(self, request: HttpRequest) -> None:
        """Answer 403 to whoever may not read screenings."""
        if not self.has_view_permission(request):
            raise PermissionDenied

    # --- the queue ----------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Screening]:
        """Every screening, without the long texts that no row shows."""
        return super().get_queryset(request).defer(*LONG_TEXTS)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[QueueList]:
        """The list whose pages are found by their last row."""
        return QueueList

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The queue, with the open alerts on top."""
        self.check_may_read(request)
        audit.record("queue read", actor=request.user, request=request)
        context = {
            "title": "Incoming screenings",
            "practice": letterheads.letterhead(),  # The frame would ask for it twice.
            "alerts": queue.open_alerts(),
            "counted_up_to": rows.COUNTED_UP_TO,
            "may_acknowledge": request.user.has_perm(permissions.ACKNOWLEDGE_ALERT),
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})

    @admin.display(description="Patient", ordering="review__name_order")
    def patient_cell(self, screening: Screening) -> str:
        """Name and reference, as the link to the review page."""
        return format_html(
            '<a href="{}">{}</a><small>{}</small>',
            reverse("admin:screening_screening_change", args=[screening.pk]),
            screening.patient.full_name,
            screening.patient.reference,
        )

    @admin.display(description="Triage", ordering="review__priority")
    def tier_cell(self, screening: Screening) -> str:
        """The tier's badge."""
        return queue.tier_badge(screening.triage)

    @admin.display(description="Waiting", ordering="review__submitted_at")
    def waiting_cell(self, screening: Screening) -> str:
        """How long the patient has been waiting."""
        return queue.waiting_cell(screening)

    @admin.display(description="Left hip", ordering="review__left_order")
    def left_cell(self, screening: Screening) -> str:
        """The screen's level on the left."""
        return queue.level_cell(screening, "left")

    @admin.display(description="Right hip", ordering="review__right_order")
    def right_cell(self, screening: Screening) -> str:
        """The screen's level on the right."""
        return queue.level_cell(screening, "right")

    @admin.display(description="Sure")
    def confidence_cell(self, screening: Screening) -> str:
        """How sure the screen is, where the level is shown."""
        return "" if reviews.levels_withheld(screening.review) else screening.confidence

    @admin.display(description="Status")
    def status_cell(self, screening: Screening) -> str:
        """Where the review stands, and who took it up."""
        review = screening.review
        who = review.clinician.display_name if review.clinician else ""
        if review.is_archived:
            return format_html("{}<small>Archived</small>", review.get_status_display())
        return format_html(
            "{}<small>{}</small>",
            review.get_status_display(),
            who or ("Unverified sender" if review.doubt else ""),
        )
