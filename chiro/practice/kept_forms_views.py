"""The page that gives back what was typed before the time ran out."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST, require_safe

from chiro.practice import kept_forms
from chiro.practice.models import User

HIDDEN = ("_", "initial-", "opened", "version", "key")
"""How the names of fields begin that a page fills in by itself."""


def staff_page(view):  # type: ignore[no-untyped-def]
    """A page for any member of staff; anybody else is asked to sign in."""
    return admin.site.admin_view(view)


@staff_page
@require_safe
def kept(request: HttpRequest) -> HttpResponse:
    """Show it, with a button that sends it again; as JSON for the script that fills the page."""
    found = kept_forms.find(request, _staff(request))
    if request.headers.get("Accept") == "application/json":
        fields = found.fields if found else []
        return JsonResponse({"path": found.path if found else "", "fields": fields})
    context = {
        **admin.site.each_context(request),
        "title": "What you typed is still here" if found else "Nothing is kept",
        "kept": found,
        "shown": _shown(found) if found else [],
    }
    return TemplateResponse(request, "admin/practice/kept.html", context)


@staff_page
@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """Throw it away."""
    response = redirect("admin:index")
    kept_forms.forget(request, _staff(request), response)
    return response


def _staff(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _shown(found: kept_forms.Kept) -> list[tuple[str, str]]:
    """What a person typed or chose, with the field's name in words."""
    return [
        (name.replace("_", " ").replace("-", " ").strip().capitalize(), value)
        for name, value in found.fields
        if value and not name.startswith(HIDDEN)
    ]
