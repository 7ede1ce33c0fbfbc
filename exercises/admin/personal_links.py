"""Personal links: the list, which of them are locked, closing and unlocking them."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html

from chiro.practice import audit, permissions
from exercises.admin.documents import ReadOnlyAdmin
from exercises.models import PlanLink
from exercises.services import links
from screening.admin.acting import staff


def at_time(moment: datetime) -> str:
    """A moment of today as the clock on the wall shows it."""
    return date_format(timezone.localtime(moment), "H:i")


def tell_locked(request: HttpRequest) -> None:
    """A line for each link that wrong birth dates have locked, with the way to unlock it."""
    for link in links.locked():
        until = links.locked_until(link)
        messages.warning(
            request,
            format_html(
                "{}: five wrong birth dates locked a personal link {}. Call the patient, then "
                '<a href="{}?state=locked">unlock it or make a new one</a>.',
                link.patient,
                f"until {at_time(until)}" if until else "for good",
                reverse("admin:exercises_planlink_changelist"),
            ),
        )


class LockedFilter(admin.SimpleListFilter):
    """Links that are locked now."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Locked, or everything."""
        return [("locked", "Locked")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[PlanLink]) -> QuerySet[PlanLink]:
        """Keep what is locked."""
        if self.value() != "locked":
            return queryset
        return queryset.filter(pk__in=links.locked().values("pk"))


class PlanLinkAdmin(ReadOnlyAdmin):
    """Personal links: who made them, until when they open. The token is kept nowhere."""

    list_display = ("patient", "state", "kind", "expires_at", "created_at", "created_by")
    list_select_related = ("patient", "created_by")
    search_fields = ("patient__full_name", "patient__reference")
    ordering = ("-pk",)
    list_filter = (LockedFilter,)
    actions = ("unlock", "close")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, with a line on top while a link is locked."""
        if request.method == "GET" and self.has_view_permission(request):
            audit.record("personal links read", actor=request.user, request=request)
            tell_locked(request)
        return super().changelist_view(request, extra_context)

    def has_close_permission(self, request: HttpRequest) -> bool:
        """Who may close a personal link."""
        return request.user.has_perm(permissions.REVOKE_LINK)

    @admin.action(description="Close these links", permissions=["close"])
    def close(self, request: HttpRequest, queryset: QuerySet[PlanLink]) -> None:
        """Close links for good."""
        for link in queryset:
            links.revoke(link=link, by=staff(request))
        messages.success(request, "Closed. They open nothing any more.")

    @admin.action(description="Unlock these links", permissions=["close"])
    def unlock(self, request: HttpRequest, queryset: QuerySet[PlanLink]) -> None:
        """Give locked links their tries back."""
        for link in queryset:
            links.unlock(link=link, by=staff(request))
        messages.success(request, "Unlocked. The patient can try their birth date again.")

    @admin.display(description="Kind")
    def kind(self, link: PlanLink) -> str:
        """Where the link is: on a printed plan, or handed over by itself."""
        return "On paper" if link.is_on_paper else "Handed over"

    @admin.display(description="State")
    def state(self, link: PlanLink) -> str:
        """Open, closed, run out or locked."""
        if link.revoked_at:
            return "Closed"
        if not links.is_live(link):
            return "Run out"
        try:
            links.refuse_locked(link)
        except links.LinkLockedError as lock:
            return f"Locked until {at_time(lock.until)}" if lock.until else "Locked for good"
        return "Open"
