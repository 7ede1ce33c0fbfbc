"""The printed card of an invitation. The secrets come from the page that shows them, once."""

import logging

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST

from chiro.practice import audit, permissions
from chiro.practice.links import Purpose, digest
from chiro.practice.models import Practice
from exercises import rendering
from exercises.papers import card
from screening.admin.acting import staff
from screening.models import Invitation

logger = logging.getLogger(__name__)


@require_POST
@sensitive_post_parameters()
@sensitive_variables("token", "code", "sheet")
def invitation_card(request: HttpRequest) -> HttpResponse:
    """Print the card of an invitation whose link and code are sent along."""
    by = staff(request)
    if not by.has_perm(permissions.INVITE):
        return HttpResponse(status=403)
    token, code = request.POST.get("token", ""), request.POST.get("code", "")
    invitation = Invitation.objects.filter(
        digest=digest(token, Purpose.INVITATION),
        code_digest=digest(code, Purpose.INVITATION_CODE),
    ).first()
    if invitation is None:
        raise Http404
    practice = Practice.current()
    sheet = card.compose(invitation, practice, token=token, code=code)
    try:
        printed = rendering.sheet(
            card.TEMPLATE, {"card": sheet}, css=card.CSS, paper=practice.paper
        )
    except rendering.RenderingError:
        logger.exception("card not printed")
        messages.error(request, "The card could not be printed. Make the invitation again.")
        return redirect("admin:screening_invitation_changelist")
    audit.record("invitation card printed", actor=by, patient=invitation.patient_id, obj=invitation)
    response = HttpResponse(printed, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{card.FILE_NAME}"'
    return response
