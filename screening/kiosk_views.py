"""The front desk's tablet: a fresh questionnaire for each person, and nothing left behind."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from screening import kiosk_mode, sessions
from screening.door_views import gone
from screening.services import kiosk as kiosks
from screening.services import submission
from screening.views import next_url, see_other


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("token")
def kiosk_link(request: HttpRequest, token: str) -> HttpResponse:
    """Make this device a tablet of the front desk."""
    try:
        found = kiosks.find(token)
    except kiosks.KioskGoneError:
        return gone(request)
    if request.method != "POST":
        return render(request, "screening/kiosk_set_up.html", {"name": found.name})
    request.session.flush()
    response = see_other(reverse("screening:kiosk"))
    sessions.remember_device(response, found)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def kiosk(request: HttpRequest) -> HttpResponse:
    """The first page of a tablet. "Start" begins a fresh questionnaire, whatever was there."""
    tablet = sessions.tablet(request)
    if tablet is None:
        return gone(request)
    if request.method == "POST":
        kiosks.wipe(key=sessions.draft_key(request))
        draft = kiosks.start(kiosk=tablet, language=get_language() or "en")
        sessions.hold_on_tablet(request, draft, tablet)
        return see_other(next_url(draft))
    return render(request, "screening/kiosk.html")


@require_POST
def kiosk_stay(request: HttpRequest) -> HttpResponse:
    """Somebody is still there. The script asks for nothing back; a form goes on where it was."""
    if request.headers.get("Sec-Fetch-Mode") == "navigate":
        return see_other(_here(request))
    return HttpResponse(status=204)


@require_safe
def kiosk_still_there(request: HttpRequest) -> HttpResponse:
    """The warning for a tablet without scripts: extend, or be wiped."""
    if sessions.TABLET not in request.session:
        return redirect("screening:kiosk")
    left = kiosk_mode.WIPE_SECONDS - kiosk_mode.WARN_SECONDS
    response = render(request, "screening/kiosk_still_there.html", {"seconds": left})
    return to_first_page(response, after=left + kiosk_mode.SLACK_SECONDS + 1)


@require_POST
def kiosk_finish(request: HttpRequest) -> HttpResponse:
    """Forget this person: the tablet can be handed back."""
    sent = submission.find_screening(sessions.draft_key(request)) is not None
    response = kiosk_mode.wiped(request)
    response["Location"] = reverse("screening:kiosk_thanks" if sent else "screening:kiosk")
    return response


@require_safe
def kiosk_thanks(request: HttpRequest) -> HttpResponse:
    """All sent: hand the tablet back. Goes to the first page by itself."""
    return to_first_page(render(request, "screening/kiosk_thanks.html"), after=30)


def to_first_page(response: HttpResponse, *, after: int) -> HttpResponse:
    """The page, which leads to the tablet's first page by itself after so many seconds."""
    response["Refresh"] = f"{after}; url={reverse('screening:kiosk')}"
    return response


def _here(request: HttpRequest) -> str:
    """Where somebody on a tablet was: the result, or the first page that is not answered."""
    draft = submission.find_draft(sessions.draft_key(request))
    if draft is None:
        return reverse("screening:result")
    return reverse("screening:help_now") if draft.stopped_at else next_url(draft)
