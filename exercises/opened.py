"""The plan that this browser has open: which link, since when, and whether it was left alone.

The session holds the link's number; a signed cookie holds when it was last used, so that looking
at a page writes nothing. Read by the patient's views.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from exercises.models import PlanLink
from exercises.services import links

SESSION_KEY = "plan_link"
OPEN_FOR = timedelta(hours=12)
IDLE = timedelta(seconds=settings.PLAN_COOKIE_AGE)
WARN_BEFORE = timedelta(minutes=5)
COOKIE = settings.PLAN_COOKIE_NAME
SALT = "exercises.opened"

type View = Callable[..., HttpResponse]


def enter(request: HttpRequest, link: PlanLink) -> None:
    """Remember the link that was just opened with the birth date."""
    request.session.cycle_key()
    request.session[SESSION_KEY] = {"link": link.pk, "opened": timezone.now().timestamp()}


def leave(request: HttpRequest) -> None:
    """Forget it."""
    request.session.pop(SESSION_KEY, None)
    request.session.cycle_key()


def link(request: HttpRequest) -> PlanLink | None:
    """The live link that this browser opened in the last hours, read once a request."""
    opened = number(request)
    if opened is None:
        return None
    found: PlanLink | None = request.__dict__.get("opened_plan_link")
    if found is None:
        rows = PlanLink.objects.select_related("screening__review").defer(*links.LONG_TEXTS)
        found = rows.filter(pk=opened).first()
        request.__dict__["opened_plan_link"] = found
    return found if found and links.is_live(found) else None


def number(request: HttpRequest) -> int | None:
    """The number of the link that this browser opened in the last hours, live or not."""
    opened = request.session.get(SESSION_KEY) or {"link": None, "opened": 0}
    if opened["opened"] < (timezone.now() - OPEN_FOR).timestamp():
        return None
    found: int | None = opened["link"]
    return found


def is_idle(request: HttpRequest, link: int) -> bool:
    """Whether nobody has used the open plan, that of the link with this number, for `IDLE`."""
    seen = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=IDLE)
    return seen != str(link)


def used(response: HttpResponse, link: PlanLink) -> HttpResponse:
    """Note on the answer that the plan is in use now, and ask the browser to warn before the end.

    The header brings the warning, so that a page left open does not show a plan for ever.
    """
    response.set_signed_cookie(
        COOKIE,
        str(link.pk),
        salt=SALT,
        max_age=int(IDLE.total_seconds()),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    if response.status_code == 200:
        wait = int((IDLE - WARN_BEFORE).total_seconds())
        response.headers["Refresh"] = f"{wait}; url={reverse('exercises:still_there')}"
    return response


def awake(view: View) -> View:
    """Lead a browser whose open plan was left alone to the page that asks for the birth date."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        opened = number(request)
        if opened is not None and is_idle(request, opened):
            return redirect("exercises:plan")
        return view(request, *args, **kwargs)

    return guarded
