"""Pages that say what went wrong and what to do, in the site's own look.

Each says whether what was typed is saved. None quotes what was sent.
"""

import logging
import sys

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.encoding import iri_to_uri
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, override
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_POST

from chiro.languages import ENGLISH
from chiro.practice import offered
from chiro.practice.models import Practice

logger = logging.getLogger(__name__)

LAST_RESORT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Something went wrong on our side</title></head>
<body><main><h1>Something went wrong on our side</h1>
<p>Your last saved answers are safe. Wait a minute, go back and press Continue again.</p>
<p>If you feel unwell, do not wait for this page. In an emergency call your emergency number.</p>
</main></body></html>
"""


NOT_FOUND, TOO_MANY = 404, 429
CROWDED_SECONDS = 5
"""After which another try makes sense where many visitors are here."""

DAMAGED = ("malformed", "not a database")
NOT_CARRIED = frozenset({"csrfmiddlewaretoken"})


def database_is_away(fault: BaseException | None) -> bool:
    """Say whether a fault, or one that led to it, is a database that cannot be used now."""
    while fault is not None:
        if isinstance(fault, OperationalError | InterfaceError):
            return True
        if isinstance(fault, DatabaseError) and any(word in str(fault) for word in DAMAGED):
            return True
        fault = fault.__cause__ or fault.__context__
    return False


def refusal(
    request: HttpRequest, status: int, template: str, heading: str, **more: object
) -> HttpResponse:
    """Return the error page of `templates/errors/` under this heading."""
    said = {"heading": heading, "status": status, **more}
    page = render_to_string(f"errors/{template}.html", said, request=request)
    return HttpResponse(page, status=status)


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request is not one that a page of this site sends.

    A session that could not be written comes here too: then the database is away.
    """
    if database_is_away(exception):
        return unavailable(request)
    return refusal(request, 400, "bad_request", gettext("We could not read that"))


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: signed in, but not allowed to do this."""
    return refusal(request, 403, "permission_denied", gettext("You cannot do this"))


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form came without its one-time code, mostly because the page was open too long."""
    return refusal(request, 403, "form_expired", gettext("This page was open too long"))


@requires_csrf_token
def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: the same page for what never was, what ended and what is not yours."""
    return refusal(request, 404, "not_found", gettext("We cannot find that page"))


@requires_csrf_token
def too_large(request: HttpRequest) -> HttpResponse:
    """413: more than a form of this site can hold."""
    return refusal(request, 413, "too_large", gettext("That is too much text"))


@requires_csrf_token
def wrong_format(request: HttpRequest) -> HttpResponse:
    """415: a file or another format, where this site takes plain forms only."""
    return refusal(request, 415, "wrong_format", gettext("This site takes no files"))


@requires_csrf_token
def too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    """429: too often in a short time; says for how long, and never stands before urgent advice."""
    minutes = max(1, -(-seconds // 60))
    heading = gettext("Please wait a little")
    response = refusal(request, TOO_MANY, "too_many", heading, minutes=minutes)
    response.headers["Retry-After"] = str(seconds)
    return response


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """500: a fault of ours. Never fails itself: without templates, a bare page says the same.

    503 where the database is away: middleware that writes sessions fails outside of any view.
    """
    try:
        if database_is_away(sys.exception()):
            return unavailable(request)
        return refusal(request, 500, "server_error", gettext("Something went wrong on our side"))
    except Exception:
        logger.exception("error page failed")
        return HttpResponse(LAST_RESORT, status=500)


@requires_csrf_token
def unavailable(request: HttpRequest) -> HttpResponse:
    """503: the database cannot be reached or written. Says that this page is not saved.

    What a patient sent stands in the page, unseen, and a button sends it again.
    """
    language = next(iter(offered.wanted(request)), ENGLISH)
    with Practice.as_known(), override(language):
        heading = gettext("This page is not saved yet")
        response = refusal(request, 503, "unavailable", heading, carried=carried(request))
    response.headers["Retry-After"] = "30"
    return response


@requires_csrf_token
def crowded(request: HttpRequest) -> HttpResponse:
    """503: more visitors than the site can answer now.

    A page that was asked for loads again by itself; what was sent stands in the page, as in
    `unavailable`.
    """
    said = {"carried": carried(request), "seconds": CROWDED_SECONDS}
    with override(offered.asked_for(request)):
        heading = gettext("Many people are here just now")
        response = refusal(request, 503, "crowded", heading, **said)
    response.headers["Retry-After"] = str(CROWDED_SECONDS)
    if request.method != "POST":
        response.headers["Refresh"] = str(CROWDED_SECONDS)
    return response


def carried(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields that a patient sent. Staff forms may hold a password: nothing is kept of them."""
    if request.method != "POST" or request.path_info.startswith("/admin/"):
        return []
    return [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in NOT_CARRIED and "password" not in name
    ]


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the language that a visitor chose, and go back to where they were."""
    offered.remember(request, request.POST.get("language", ""))
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "/"
    return HttpResponse(status=303, headers={"Location": iri_to_uri(back)})


@requires_csrf_token
def maintenance(request: HttpRequest) -> HttpResponse:
    """503: the site is being worked on, said by the switch `MAINTENANCE`."""
    response = refusal(request, 503, "maintenance", gettext("Back in a few minutes"))
    response.headers["Retry-After"] = "600"
    return response
