"""The plan as a page to print where its PDF cannot be made now: the same content, and a retry.

Staff and patients get the same page. It answers 503, since the file asked for is not there, with
the time after which another try makes sense.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy, override

from chiro.languages import ENGLISH
from chiro.practice.models import User
from exercises import pictures
from exercises.models import Plan
from exercises.rendering import RenderingError
from exercises.services.papers import PAUSE_SECONDS

UNAVAILABLE = 503
FOR_PATIENTS = gettext_lazy("It could not be made just now. Please try again in a moment.")


def instead_of_pdf(
    request: HttpRequest, plan: Plan, problem: RenderingError, *, back: str
) -> HttpResponse:
    """The whole plan with what happened, a print button and "Try again", a post to this address.

    `back` is the address of the page that led here.
    """
    context: dict[str, Any] = {
        "sheet": pictures.for_page(plan.content or {}),
        "problem": str(problem) if isinstance(request.user, User) else FOR_PATIENTS,
        "back": back,
        "one_language": True,
    }
    with override(context["sheet"].get("language", ENGLISH)):
        context["problem"] = str(context["problem"])
        response = render(request, "exercises/print_instead.html", context, status=UNAVAILABLE)
    response["Retry-After"] = str(PAUSE_SECONDS)
    return response
