"""Approved plans to print, and personal links to close: what the front desk works with."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.views.decorators.http import require_http_methods

from chiro.practice import audit, permissions
from chiro.practice.models import Practice
from exercises import pdf
from exercises.admin.batch import PRINTING, PrintTogether, of_documents
from exercises.admin.sharing import share
from exercises.models import Plan, PlanDocument
from exercises.print_page import instead_of_pdf
from exercises.rendering import RenderingError
from exercises.services import papers, planning
from exercises.services.batch import Chosen
from screening.admin.acting import staff
from screening.admin.finding_people import ByPatient
from screening.services.review import RefusedError

STANDARD = PlanDocument.Edition.STANDARD
FILE_NAME = "home-exercise-plan.pdf"  # No name of a person: it lands in shared download folders.


class ReadOnlyAdmin(ByPatient):
    """Rows that are listed here and written by services only."""

    list_display_links = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nothing is added by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is changed by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A clinical row is never deleted."""
        return False

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """There is no page of a single row."""
        raise Http404


def _paper() -> str:
    """The practice's paper."""
    return Practice.current().paper


def print_addresses(plan_pk: int, paper: str) -> list[tuple[str, str]]:
    """Each edition of a plan on this paper: where it is read, and its name."""
    address = "admin:exercises_plandocument_print"
    return [
        (reverse(address, args=[plan_pk, paper, *([] if edition == STANDARD else [edition])]), name)
        for edition, name in PlanDocument.Edition.choices
    ]


class PlanDocumentAdmin(PrintTogether, ReadOnlyAdmin):
    """The stored papers of approved plans. No finding and no note stands in the list."""

    list_display = ("patient", "number", "paper", "approved_on", "state", "print_link")
    list_filter = ("paper", "plan__status")
    list_select_related = ("plan__screening__patient", "plan__screening__review")
    search_fields = ("plan__screening__patient__full_name", "plan__screening__patient__reference")
    search_help_text = "Name, reference or birth date of a patient"
    patient_path = "plan__screening__patient"
    ordering = ("-pk",)
    actions = ("make_link", *PRINTING)

    def has_share_permission(self, request: HttpRequest) -> bool:
        """Whoever may make a personal link."""
        return request.user.has_perm(permissions.SHARE_PLAN)

    @admin.action(description="Make a personal link for one patient", permissions=["share"])
    def make_link(
        self, request: HttpRequest, queryset: QuerySet[PlanDocument]
    ) -> HttpResponse | None:
        """Show the link of the one plan that was ticked."""
        screenings = {document.plan.screening for document in queryset}
        if len(screenings) != 1:
            messages.error(request, "Tick one patient's plan.")
            return None
        return share(request, self.admin_site, screenings.pop())

    def get_queryset(self, request: HttpRequest) -> QuerySet[PlanDocument]:
        """The plans themselves, whose other editions stand beside them; without the bytes, and
        without what was withheld after approval."""
        rows = super().get_queryset(request).defer("pdf", "plan__content")
        return rows.filter(edition=PlanDocument.Edition.STANDARD).exclude(
            plan__screening__review__status="withheld"
        )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list; looking at it leaves a trace."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        audit.record("approved plans read", actor=request.user, request=request)
        if request.method == "GET":
            self._tell_missing(request)
        context = {"title": "Approved plans"}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def _tell_missing(self, request: HttpRequest) -> None:
        """Plans whose PDF could not be made at approval are no rows here: say so, with a link."""
        for plan in papers.without_any():
            address = reverse("admin:exercises_plandocument_print", args=[plan.pk, _paper()])
            words = '{}: the PDF is not made yet. <a href="{}">Print this plan</a>'
            messages.warning(request, format_html(words, plan, address))

    def get_urls(self) -> list[URLPattern]:
        """Where a stored paper is read."""
        methods = require_http_methods(["GET", "HEAD", "POST"])
        printed = self.admin_site.admin_view(methods(self.print_view))
        name = "exercises_plandocument_print"
        return [
            path(f"<int:plan_pk>/<slug:paper>/{FILE_NAME}", printed, name=name),
            path(f"<int:plan_pk>/<slug:paper>/<slug:edition>/{FILE_NAME}", printed, name=name),
            *super().get_urls(),
        ]

    def chosen_plans(self, queryset: QuerySet[PlanDocument]) -> list[Chosen]:
        """The chosen papers themselves."""
        return of_documents(queryset)

    def print_view(
        self, request: HttpRequest, plan_pk: int, paper: str, edition: str = "standard"
    ) -> HttpResponse:
        """The stored bytes of an approved plan; a post makes them where they are missing."""
        if not request.user.has_perm(permissions.PRINT_PLAN):
            raise PermissionDenied
        if paper not in pdf.PAPERS or edition not in pdf.EDITIONS:
            raise Http404
        plan = get_object_or_404(Plan.objects.select_related("screening"), pk=plan_pk)
        press = request.method == "POST"
        try:
            document = planning.printed(
                plan=plan, by=staff(request), paper=paper, edition=edition, press=press
            )
        except RefusedError as refusal:
            raise Http404(str(refusal)) from refusal
        except RenderingError as problem:
            audit.record(
                "plan read", actor=request.user, patient=plan.screening.patient_id, obj=plan
            )
            return instead_of_pdf(request, plan, problem, back=self._back(request, plan))
        response = HttpResponse(bytes(document.pdf), content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="{FILE_NAME}"'
        return response

    def _back(self, request: HttpRequest, plan: Plan) -> str:
        """The review page for whoever may read it, else this list."""
        if request.user.has_perm("screening.view_screening"):
            return reverse("admin:screening_screening_change", args=[plan.screening_id])
        return reverse("admin:exercises_plandocument_changelist")

    @admin.display(description="Patient", ordering="plan__screening__patient__full_name")
    def patient(self, document: PlanDocument) -> str:
        """Name and reference."""
        return str(document.plan.screening.patient)

    @admin.display(description="Plan")
    def number(self, document: PlanDocument) -> str:
        """Number and version as printed."""
        return f"{document.plan.number}, version {document.plan.version}"

    @admin.display(description="Approved", ordering="plan__approved_at")
    def approved_on(self, document: PlanDocument) -> Any:
        """When."""
        return document.plan.approved_at

    @admin.display(description="State")
    def state(self, document: PlanDocument) -> str:
        """Whether a later version replaced it."""
        return document.plan.get_status_display()

    @admin.display(description="Paper to print")
    def print_link(self, document: PlanDocument) -> str:
        """The links to the stored editions on this paper."""
        return format_html_join(
            ", ",
            '<a href="{}" target="_blank">{}</a>',
            print_addresses(document.plan_id, document.paper),
        )
