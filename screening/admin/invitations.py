"""Invitations and tablets in the admin: make, show once, end, make again."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from chiro.practice import audit, outbox, permissions
from chiro.practice.links import grouped
from chiro.practice.qr import squares
from screening.admin.acting import staff
from screening.admin.finding_people import ByPatient
from screening.forms.doors import InvitationForm
from screening.models import Invitation, Kiosk
from screening.services import invitations
from screening.services import kiosk as kiosks


class ServiceAdmin(ByPatient):
    """Rows that are listed here and written by services only."""

    list_display_links = None

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is changed by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted."""
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

    def page(self, request: HttpRequest, name: str, **context: Any) -> HttpResponse:
        """A page of our own in the frame of the admin."""
        status = context.pop("status", 200)
        context |= self.admin_site.each_context(request)
        return TemplateResponse(request, f"admin/screening/{name}.html", context, status=status)


class InvitationAdmin(ServiceAdmin):
    """Who was invited, until when it works, whether it was opened, used, ended or mailed."""

    list_display = (
        "to", "state", "mail", "created_at", "created_by", "expires_at", "opened_at", "used_at",
        "again",
    )  # fmt: skip
    list_select_related = ("patient", "created_by", "message")
    ordering = ("-pk",)
    search_fields = ("patient__full_name", "patient__reference")
    search_help_text = "Name, reference or birth date of a patient"
    actions = ("end",)

    def has_end_permission(self, request: HttpRequest) -> bool:
        """Who may end an invitation."""
        return request.user.has_perm(permissions.REVOKE_INVITATION)

    def get_urls(self) -> list[URLPattern]:
        """Where an invitation is made again."""
        view = self.admin_site.admin_view(require_POST(self.again_view))
        return [
            path("<int:pk>/again/", view, name="screening_invitation_again"),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list; looking at it leaves a trace."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        audit.record("invitations read", actor=request.user, request=request)
        return super().changelist_view(request, {"title": "Invitations", **(extra_context or {})})

    @sensitive_variables("made")
    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Whom to invite; then the link, the code and the card, this once."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = InvitationForm(request.POST or None, initial={"patient": request.GET.get("patient")})
        if not form.is_valid():
            status = 422 if form.is_bound else 200
            return self.page(request, "invite", title="Invite a patient", form=form, status=status)
        given = form.cleaned_data
        rest = {"by": staff(request), "email": given["email"], "language": given["language"]}
        if given["full_name"]:
            name = " ".join(given["full_name"].split())
            made = invitations.invite_new(full_name=name, birth_date=given["birth_date"], **rest)
        else:
            made = invitations.issue(patient=given["patient"], **rest)
        return self.shown(request, made)

    @sensitive_variables("made")
    def again_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """End an invitation and make another one for the same person."""
        by = staff(request)
        if not by.has_perm(permissions.INVITE):
            raise PermissionDenied
        invitation = get_object_or_404(Invitation.objects.select_related("patient"), pk=pk)
        return self.shown(request, invitations.reissue(invitation=invitation, by=by))

    @sensitive_variables("made", "address")
    def shown(self, request: HttpRequest, made: invitations.Made) -> HttpResponse:
        """Link, QR code and code to type, this once."""
        address = invitations.address_of(made.token)
        return self.page(
            request,
            "invitation",
            title="Invitation",
            invitation=made.invitation,
            address=address,
            token=made.token,
            code=made.code,
            typed_code=grouped(made.code),
            qr=squares(address),
        )

    @admin.action(description="End these invitations", permissions=["end"])
    def end(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> None:
        """Close links for good; what was used stays."""
        ended = [invitations.revoke(invitation=row, by=staff(request)) for row in queryset]
        messages.success(request, f"Ended: {sum(ended)}. They open nothing any more.")

    @admin.display(description="For", ordering="patient__full_name")
    def to(self, invitation: Invitation) -> str:
        """The patient, or that it is a card for anybody."""
        return str(invitation.patient) if invitation.patient else "Card to hand out"

    @admin.display(description="State")
    def state(self, invitation: Invitation) -> str:
        """Issued, opened, used, expired or revoked."""
        return invitations.state(invitation).label

    @admin.display(description="E-mail")
    def mail(self, invitation: Invitation) -> str:
        """What became of the e-mail, if there is one."""
        return outbox.state(invitation.message) if invitation.message else "None"

    @admin.display(description="New link")
    def again(self, invitation: Invitation) -> str:
        """A button that ends this one and makes another; it belongs to the list's own form."""
        if invitations.state(invitation) is Invitation.State.USED:
            return ""
        return format_html(
            '<button class="button" formaction="{}/again/" formmethod="post">Make again</button>',
            invitation.pk,
        )


class KioskAdmin(ServiceAdmin):
    """Tablets of the front desk."""

    list_display = ("name", "created_at", "created_by", "state", "again")
    list_select_related = ("created_by",)
    actions = ("end",)

    def has_end_permission(self, request: HttpRequest) -> bool:
        """Who may end a tablet's link."""
        return request.user.has_perm(permissions.SET_UP_TABLET)

    def get_urls(self) -> list[URLPattern]:
        """Where a tablet gets a new link."""
        view = self.admin_site.admin_view(require_POST(self.again_view))
        return [path("<int:pk>/again/", view, name="screening_kiosk_again"), *super().get_urls()]

    @sensitive_variables("token")
    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Name a tablet; then its link, this once."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        name = " ".join(request.POST.get("name", "").split())[:60]
        if not name:
            return self.page(request, "set_up_tablet", title="Set up a tablet")
        tablet, token = kiosks.set_up(name=name, by=staff(request))
        return self.shown(request, tablet, token)

    @sensitive_variables("token")
    def again_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Replace the link; devices that used the old one are no tablets any more."""
        by = staff(request)
        if not by.has_perm(permissions.SET_UP_TABLET):
            raise PermissionDenied
        tablet = get_object_or_404(Kiosk, pk=pk)
        return self.shown(request, tablet, kiosks.rotate(kiosk=tablet, by=by))

    @sensitive_variables("token", "address")
    def shown(self, request: HttpRequest, tablet: Kiosk, token: str) -> HttpResponse:
        """The link with its QR code, this once."""
        address = kiosks.address_of(token)
        return self.page(
            request,
            "tablet",
            title="Tablet",
            tablet=tablet,
            address=address,
            qr=squares(address),
        )

    @admin.action(description="End the links of these tablets", permissions=["end"])
    def end(self, request: HttpRequest, queryset: QuerySet[Kiosk]) -> None:
        """Close them on every device."""
        for tablet in queryset:
            kiosks.end(kiosk=tablet, by=staff(request))
        messages.success(request, "Ended. Those devices are no tablets any more.")

    @admin.display(description="State")
    def state(self, tablet: Kiosk) -> str:
        """Whether its link is in force."""
        return "Ended" if tablet.revoked_at else "In use"

    @admin.display(description="New link")
    def again(self, tablet: Kiosk) -> str:
        """A button that replaces the link; it belongs to the list's own form."""
        return format_html(
            '<button class="button" formaction="{}/again/" formmethod="post">Replace</button>',
            tablet.pk,
        )
