"""Invitations as the invited person meets them: the link, the code of a card, what was begun.

Looking changes nothing, whoever looks: only the button starts. The secret stands in the address of
the first page alone; behind it the session holds the draft's key.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from chiro.practice import audit, offered
from screening import sessions
from screening.forms.doors import BirthDateForm, CodeForm
from screening.models import Draft, Invitation
from screening.services import invitations, resume, submission
from screening.views import next_url, see_other

NOT_FOUND, UNPROCESSABLE, TOO_MANY = 404, 422, 429


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("token")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The page of a link. "Start" opens it, once; a browser that did so goes on."""
    try:
        found = invitations.find(token)
        if request.method == "POST":
            return _start(request, found)
    except invitations.InvitationGoneError:
        return gone(request)
    with translation.override(_language(request, found)):
        begun = _own_draft(request, found) is not None
        return render(request, "screening/invitation.html", {"begun": begun})


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def invitation_code(request: HttpRequest) -> HttpResponse:
    """Type the code of a printed card."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                code, ip = form.cleaned_data["code"], audit.client_ip(request)
                return _start(request, invitations.find_by_code(code, ip=ip))
            except invitations.InvitationGoneError:
                form.refuse()
            except invitations.TooManyTriesError:
                return render(request, "screening/too_many.html", status=TOO_MANY)
    context = {"form": form, "errors": form.error_links()}
    return render(request, "screening/invitation_code.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def begun(request: HttpRequest) -> HttpResponse:
    """The questionnaire of this invitation was begun elsewhere: go on, or start over."""
    found = Invitation.objects.filter(pk=request.session.get(sessions.INVITATION, 0)).first()
    draft = invitations.draft_of(found) if found else None
    if found is None or invitations.state(found) is not Invitation.State.OPENED:
        return gone(request)
    if request.method == "POST" and request.POST.get("do") == "over":
        try:
            return _hold(request, invitations.start_over(found))
        except invitations.InvitationGoneError:
            return gone(request)
    form = BirthDateForm(request.POST if request.method == "POST" else None, today=_today())
    if form.is_valid() and draft is not None:
        if resume.open_by_invitation(draft=draft, birth_date=form.cleaned_data["birth"]):
            return _hold(request, draft)
        form.refuse(resume.tries_left(draft))
    with translation.override(_language(request, found)):
        return _begun_page(request, draft, form)


def _begun_page(request: HttpRequest, draft: Draft | None, form: BirthDateForm) -> HttpResponse:
    context = {
        "form": form,
        "errors": form.error_links(),
        "may_go_on": draft is not None and resume.may_open_by_invitation(draft),
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "screening/invitation_begun.html", context, status=status)


def _start(request: HttpRequest, found: Invitation) -> HttpResponse:
    """Open an invitation, or go on with what this browser opened."""
    own = _own_draft(request, found)
    if own is not None:
        return see_other(next_url(own))
    try:
        return _hold(request, invitations.open(found))
    except invitations.AlreadyOpenedError:
        request.session[sessions.INVITATION] = found.pk
        return see_other(reverse("screening:invitation_begun"))


def _hold(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Hand the draft to this browser, in the language of the invitation."""
    request.session.pop(sessions.INVITATION, None)
    sessions.hold(request, draft)
    if not offered.chosen(request):
        offered.remember(request, draft.language)
    return see_other(next_url(draft))


def _language(request: HttpRequest, found: Invitation) -> str:
    """What the visitor chose on the switch, before that the language of the invitation."""
    return offered.chosen(request) or found.language


def _own_draft(request: HttpRequest, found: Invitation) -> Draft | None:
    draft = submission.find_draft(sessions.draft_key(request))
    return draft if draft and draft.invitation_id == found.pk else None


def gone(request: HttpRequest) -> HttpResponse:
    """The same page for what never was, what ended and what was used."""
    context: dict[str, Any] = {"days": invitations.LASTS.days}
    return render(request, "screening/expired.html", context, status=NOT_FOUND)


def _today() -> Any:
    return timezone.localdate()
