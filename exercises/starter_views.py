"""First exercises as a page, and pictures of the practice's own exercises."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import override
from django.views.decorators.http import require_safe

from chiro.practice import audit
from chiro.practice.looks import FOR_EVER, PublicFile
from chiro.practice.models import Practice
from exercises import pictures
from exercises.models import OwnPicture
from exercises.services import starter
from screening import sessions
from screening.services import submission


@require_safe
def first_exercises(request: HttpRequest) -> HttpResponse:
    """The first exercises of whoever has just sent their answers; else the result page."""
    screening = submission.find_screening(sessions.draft_key(request))
    content = starter.shown(screening, Practice.current()) if screening else None
    if screening is None or content is None:
        return redirect("screening:result")
    audit.record("first exercises read", patient=screening.patient_id, obj=screening)
    context = {"sheet": pictures.for_page(content), "one_language": True}
    with override(screening.language):
        return render(request, "exercises/starter.html", context)


@require_safe
def own_picture(request: HttpRequest, digest: str) -> HttpResponse:
    """The picture of this digest, which never changes."""
    found = OwnPicture.objects.filter(pk=digest).first()
    if found is None:
        raise Http404
    response = PublicFile(bytes(found.content), content_type=found.media_type)
    response.headers["Cache-Control"] = FOR_EVER
    return response
