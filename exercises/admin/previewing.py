"""A plan before anybody approved it: as the patient's page, or as the paper. Nothing is stored."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import override

from chiro.languages import ENGLISH
from chiro.practice.models import Practice
from exercises import pictures, rendering, shelf
from exercises.rendering import RenderingError

FILE_NAME = "preview.pdf"
UNAVAILABLE = 503


def answer(request: HttpRequest, content: Mapping[str, Any], *, kind: str) -> HttpResponse:
    """The content as a page, or as a paper when `kind` is "pdf" and it can be made now."""
    if kind != "pdf":
        return page(request, content)
    try:
        printed = rendering.render(shelf.embedded(content), paper=Practice.current().paper)
    except RenderingError as problem:
        return page(request, content, problem=str(problem), status=UNAVAILABLE)
    response = HttpResponse(printed, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{FILE_NAME}"'
    return response


def page(
    request: HttpRequest, content: Mapping[str, Any], *, problem: str = "", status: int = 200
) -> HttpResponse:
    """The content as its patient will read it, marked as a preview."""
    context = {"sheet": pictures.for_page(content), "problem": problem, "one_language": True}
    with override(content.get("language", ENGLISH)):
        shown = TemplateResponse(request, "exercises/preview.html", context, status=status)
        return shown.render()
