"""What is done with a patient's whole record: export, archive, bring back, erase."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from chiro.practice import audit, permissions
from chiro.practice.models import Practice, User
from chiro.practice.second_factor import confirmed_again
from exercises.services import erasure, exports
from screening.admin.acting import staff
from screening.admin.patients import PatientAdmin
from screening.models import Patient
from screening.services import patients
from screening.services.review import RefusedError

NAME = "admin:screening_patient_{}"
ACTS = {
    "export": permissions.EXPORT_PATIENT,
    "archive": permissions.ARCHIVE_PATIENT,
    "bring_back": permissions.ARCHIVE_PATIENT,
    "erase": permissions.ERASE_PATIENT,
}
"""Address -> the permission that opens it."""


class PatientRecordAdmin(PatientAdmin):
    """Patients, with what is done to a whole record."""

    change_form_template = "admin/practice/patient.html"
    change_list_template = "admin/practice/patients.html"

    def get_urls(self) -> list[URLPattern]:
        """One address an act; an export or an erasure asks for the password again."""
        site = self.admin_site.admin_view
        pages = require_http_methods(["GET", "HEAD", "POST"])
        return [
            path(
                "export/",
                site(pages(confirmed(permissions.EXPORT_PRACTICE, self.export_practice))),
                name="screening_patient_export_practice",
            ),
            path(
                "<int:pk>/export/",
                site(pages(confirmed(permissions.EXPORT_PATIENT, self.export_view))),
                name="screening_patient_export",
            ),
            path(
                "<int:pk>/erase/",
                site(pages(confirmed(permissions.ERASE_PATIENT, self.erase_view))),
                name="screening_patient_erase",
            ),
            path(
                "<int:pk>/archive/",
                site(require_POST(self.archive_view)),
                name="screening_patient_archive",
            ),
            path(
                "<int:pk>/bring-back/",
                site(require_POST(self.bring_back_view)),
                name="screening_patient_bring_back",
            ),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, which names people: looking at it leaves a trace."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        audit.record("patients read", actor=request.user, request=request)
        context = {"may_export": request.user.has_perm(permissions.EXPORT_PRACTICE)}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """One patient, with what this person may do to the record."""
        patient = self.get_object(request, object_id)
        user = request.user
        acts = {f"may_{act}": user.has_perm(permission) for act, permission in ACTS.items()}
        acts["may_audit"] = user.has_perm(permissions.READ_AUDIT)
        context = {"patient": patient, **acts}
        if patient is not None:
            context["kept_until"] = erasure.kept_until(patient)
        return super().change_view(
            request, object_id, form_url, {**context, **(extra_context or {})}
        )

    # --- export -------------------------------------------------------------------------------

    def export_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A page that says what the file holds; a press makes it."""
        patient = get_object_or_404(Patient, pk=pk, erased_at=None)
        if request.method != "POST":
            context = {"patient": patient, "title": f"Export the record of {patient.full_name}"}
            return self._page(request, "export", context)
        archive = exports.export_patient(patient=patient, by=staff(request))
        return as_file(archive.data, "patient-record")

    def export_practice(self, request: HttpRequest) -> HttpResponse:
        """A page that says what the files hold; a press makes them."""
        if request.method != "POST":
            return self._page(request, "export_practice", {"title": "Export the whole practice"})
        return as_file(exports.export_practice(by=staff(request)), "practice-records")

    # --- archive and erase --------------------------------------------------------------------

    def archive_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Leave the patient out of the lists."""
        patient = self._patient(request, pk)
        try:
            patients.archive(patient=patient, by=staff(request))
        except RefusedError as refusal:
            messages.error(request, str(refusal))
            return redirect(NAME.format("change"), pk)
        messages.success(request, f"{patient.full_name} is archived. Nothing was deleted.")
        return redirect(NAME.format("changelist"))

    def bring_back_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take the patient into the lists again."""
        patient = self._patient(request, pk)
        patients.bring_back(patient=patient, by=staff(request))
        messages.success(request, f"{patient.full_name} is in the lists again.")
        return redirect(NAME.format("change"), pk)

    def erase_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What erasing means; a reason and the typed reference make it happen."""
        patient = get_object_or_404(Patient, pk=pk, erased_at=None)
        problem = ""
        if request.method == "POST":
            reason, typed = request.POST.get("reason", ""), request.POST.get("typed", "")
            try:
                erasure.erase(patient=patient, by=staff(request), reason=reason, typed=typed)
            except RefusedError as refusal:
                problem = str(refusal)
            else:
                messages.success(request, "The patient's data are erased.")
                return redirect(NAME.format("changelist"))
        context = {
            "patient": patient,
            "title": f"Erase {patient.full_name}",
            "problem": problem,
            "reasons": erasure.REASONS,
            "chosen": request.POST.get("reason", ""),
            "kept_until": erasure.kept_until(patient),
            "years": Practice.current().retention_years,
        }
        return self._page(request, "erase", context)

    # --- shared -------------------------------------------------------------------------------

    def _patient(self, request: HttpRequest, pk: int) -> Patient:
        if not request.user.has_perm(permissions.ARCHIVE_PATIENT):
            raise PermissionDenied
        return get_object_or_404(Patient, pk=pk, erased_at=None)

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        frame = self.admin_site.each_context(request)
        back = reverse(NAME.format("changelist"))
        context = {**frame, "back": back, **context}
        return TemplateResponse(request, f"admin/practice/{name}.html", context)


def confirmed(permission: str, view: Any) -> Any:
    """First the role, then the password again, then the view."""
    again = confirmed_again(view)

    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not isinstance(request.user, User) or not request.user.has_perm(permission):
            raise PermissionDenied
        return again(request, **kwargs)

    return guarded


def as_file(data: bytes, name: str) -> HttpResponse:
    """A zip to save, named by the day: no name of a person lands in a download folder."""
    response = HttpResponse(data, content_type="application/zip")
    day = timezone.localdate().isoformat()
    response["Content-Disposition"] = f'attachment; filename="{name}-{day}.zip"'
    return response
