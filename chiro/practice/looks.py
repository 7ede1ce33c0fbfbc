"""The practice's own look as files: its style sheets and its logo, each kept for ever by browsers.

Each address holds a digest of what it answers, so a new colour or logo is a new address. An old
address answers what is true now and may not be kept.
"""

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from chiro.practice import theme
from chiro.practice.models import Logo, Practice

YEAR = 365 * 24 * 60 * 60
FOR_EVER = f"public, max-age={YEAR}, immutable"


class PublicFile(HttpResponse):
    """A file that is the same for everybody and holds nothing of a patient: caches may keep it."""


def accent() -> str:
    """The practice's colour; the default while the database cannot be reached."""
    try:
        return Practice.current().accent
    except DatabaseError:
        return Practice().accent


def sheet(request: HttpRequest, digest: str, content: str, current: str) -> HttpResponse:
    """A style sheet; kept for ever under its own address only."""
    kind = PublicFile if digest == current else HttpResponse
    response = kind(content, content_type="text/css; charset=utf-8")
    if kind is PublicFile:
        response.headers["Cache-Control"] = FOR_EVER
    return response


@require_safe
def patient_theme(request: HttpRequest, digest: str) -> HttpResponse:
    """The colours of the patient's pages."""
    colour = accent()
    return sheet(request, digest, theme.patient_sheet(colour), theme.digest(colour))


@require_safe
def admin_theme(request: HttpRequest, digest: str) -> HttpResponse:
    """The colours of the admin."""
    colour = accent()
    return sheet(request, digest, theme.admin_sheet(colour), theme.digest(colour))


@require_safe
def logo(request: HttpRequest, digest: str) -> HttpResponse:
    """The practice's logo of this digest. 404 for a picture that was never stored."""
    found = Logo.objects.filter(pk=digest).first()
    if found is None:
        raise Http404
    response = PublicFile(bytes(found.content), content_type=found.media_type)
    response.headers["Cache-Control"] = FOR_EVER
    return response
