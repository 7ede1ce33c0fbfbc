"""The guide for clinicians as a page of the admin."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from chiro.practice import guide as guides
from chiro.practice import permissions


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """What each finding means, what it rests on, and what never to rely on."""
    if not request.user.has_perm(permissions.READ_GUIDE):
        raise PermissionDenied
    blocks = guides.read()
    title, *rest = blocks
    context = {
        **admin.site.each_context(request),
        "title": title.lines[0][0].words,
        "blocks": rest,
        "contents": [block for block in rest if block.kind == "heading" and block.level == 2],
    }
    return TemplateResponse(request, "admin/practice/guide.html", context)
