"""Check-ins and diaries in the admin: who is in follow-up, one patient's page, the paper diary."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chiro.practice import audit, permissions
from exercises.admin import follow_up_keying, follow_up_list, follow_up_page
from exercises.admin.documents import ReadOnlyAdmin
from exercises.models import Plan
from exercises.services import next_steps
from screening.admin.acting import staff
from screening.admin.screenings import see_other
from screening.models import Patient
from screening.services.review import RefusedError


class DiaryEntryAdmin(ReadOnlyAdmin):
    """Pages about diaries and check-ins; no row of them is changed here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever keys in a paper."""
        return request.user.has_perm(permissions.KEY_IN_DIARY)

    def get_urls(self) -> list[URLPattern]:
        """The pages, before those of the list."""
        view, either = self.admin_site.admin_view, require_http_methods(["GET", "HEAD", "POST"])
        name = "exercises_diaryentry"
        return [
            path("patient/<int:pk>/", view(require_safe(self.patient)), name=f"{name}_patient"),
            path("plan/<int:pk>/paper/", view(either(self.key_in)), name=f"{name}_key_in"),
            path("plan/<int:pk>/step/", view(require_POST(self.step)), name=f"{name}_step"),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Who has a plan, with what was heard of them last."""
        self._check_may_read(request)
        audit.record("follow-up list read", actor=request.user, request=request)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Check-ins and diaries",
            **follow_up_list.page(request),
        }
        return TemplateResponse(request, "admin/exercises/follow_up_list.html", context)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Find the plan of a paper diary."""
        return follow_up_keying.find(request, self.admin_site, self.opts)

    def key_in(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The grid of a paper diary."""
        return follow_up_keying.key_in(request, self.admin_site, self.opts, pk)

    def patient(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One patient: suggestions, pain, diary, check-ins, versions, links."""
        self._check_may_read(request)
        patient = get_object_or_404(Patient, pk=pk)
        audit.record(
            "follow-up read", actor=request.user, patient=patient, obj=patient, request=request
        )
        may_change = request.user.has_perm(permissions.CHANGE_PLAN)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"Follow-up of {patient.reference}",
            "may_change": may_change,
            "may_key_in": request.user.has_perm(permissions.KEY_IN_DIARY),
            **follow_up_page.page(patient),
        }
        return TemplateResponse(request, "admin/exercises/follow_up.html", context)

    def step(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put a suggestion into the draft, and go to the draft."""
        if not request.user.has_perm(permissions.CHANGE_PLAN):
            raise PermissionDenied
        rows = Plan.objects.filter(status=Plan.Status.APPROVED).select_related("screening")
        plan = get_object_or_404(rows, pk=pk)
        slug, act = request.POST.get("slug", ""), request.POST.get("act", "")
        try:
            draft = next_steps.take_up(plan=plan, slug=slug, act=act, by=staff(request))
        except RefusedError as refusal:
            messages.error(request, str(refusal))
            address = "admin:exercises_diaryentry_patient"
            return see_other(reverse(address, args=[plan.screening.patient_id]))
        messages.success(
            request,
            f"Put into the draft of version {draft.version}. Nothing changes for the patient "
            "before you approve it.",
        )
        address = reverse("admin:screening_screening_change", args=[plan.screening_id])
        return see_other(f"{address}#s-plan")

    def _check_may_read(self, request: HttpRequest) -> None:
        if not request.user.has_perm(permissions.FOLLOW_UP):
            raise PermissionDenied
