"""A shared tablet: what is on it ends with Finish, and by itself when nobody touches it.

The limit holds on the server, so that it needs no script. `request.kiosk` tells the pages that they
are on a tablet: they load a small script that warns, and keep autofill off.
"""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from chiro.practice.middleware import Middleware
from screening import sessions
from screening.services import kiosk as kiosks

WARN_SECONDS = 90
WIPE_SECONDS = 120
SLACK_SECONDS = 15
"""A touch reaches the server up to ten seconds late; a tablet's last request may take some more."""


class KioskSessions(Middleware):
    """Wipe a tablet that was left alone; otherwise remember when it was last touched."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.kiosk = False  # type: ignore[attr-defined]
        held = request.session.get(sessions.TABLET)
        if not held:
            return self.get_response(request)
        now = timezone.now().timestamp()
        if now - held["seen"] > WIPE_SECONDS + SLACK_SECONDS:
            return wiped(request)
        if request.path != reverse("screening:kiosk_still_there"):  # Nobody touched that one.
            request.session[sessions.TABLET] = {**held, "seen": now}
        request.kiosk = True  # type: ignore[attr-defined]
        return self.get_response(request)


def wiped(request: HttpRequest) -> HttpResponse:
    """Forget everything about the last person and lead to the first page of the tablet.

    The session's cookie goes, and the browser is told to drop what it kept: a page that a browser
    holds in memory for Back may not come up again.
    """
    kiosks.wipe(key=sessions.draft_key(request))
    request.session.flush()
    response = HttpResponse(status=303, headers={"Location": reverse("screening:kiosk")})
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response
