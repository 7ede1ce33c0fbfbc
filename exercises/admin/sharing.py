"""Making a personal link: the page that shows it once, for chiropractor and front desk."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables

from chiro.practice import permissions
from exercises.services import links, planning
from screening.admin.acting import staff
from screening.admin.screenings import see_other
from screening.models import Screening
from screening.services.review import RefusedError

BACK_TO_LIST = "admin:exercises_plandocument_changelist"


@sensitive_variables("token", "address", "context")
def share(request: HttpRequest, site: admin.AdminSite, screening: Screening) -> HttpResponse:
    """Make a link to the approved plan of a screening and show it, this once."""
    by = staff(request)
    if not by.has_perm(permissions.SHARE_PLAN):
        raise PermissionDenied
    try:
        planning.check_can_share(screening.review, by)
    except RefusedError as refusal:
        messages.error(request, str(refusal))
        return redirect(BACK_TO_LIST)
    token = links.issue(screening=screening, by=by)
    context = {
        **site.each_context(request),
        "title": "Personal link",
        "screening": screening,
        "address": request.build_absolute_uri(reverse("exercises:open_link", args=[token])),
        "days": links.LASTS.days,
        "may_read": by.has_perm("screening.view_screening"),
    }
    return TemplateResponse(request, "admin/exercises/link.html", context)


@sensitive_variables("address")
def send(request: HttpRequest, site: admin.AdminSite, screening: Screening) -> HttpResponse:
    """Send a link by e-mail where the patient gave an address; otherwise show it, this once."""
    address = screening.patient.email
    if not address:
        return share(request, site, screening)
    try:
        links.send(screening=screening, by=staff(request))
    except RefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"A personal link is on its way to {address}.")
    if not request.user.has_perm("screening.view_screening"):
        return redirect(BACK_TO_LIST)
    return see_other(reverse("admin:screening_screening_change", args=[screening.pk]))
