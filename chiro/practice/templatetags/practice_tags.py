"""What the frame of every page says about the practice. Read by `base.html`, whoever serves it."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.safestring import SafeString

from chiro.practice import letterheads, wizard
from chiro.practice.kept import kept
from chiro.practice.letterheads import Letterhead
from chiro.practice.models import Role

register = template.Library()
register.simple_tag(letterheads.letterhead)


@register.simple_tag
@cache
def drawing(name: str) -> str:
    """The address of a drawing in `static/figures/`; empty while nothing is drawn by that name."""
    path = f"figures/{name}.svg"
    return static(path) if name and finders.find(path) else ""


@register.simple_tag(takes_context=True)
def first_steps_left(context: Mapping[str, Any]) -> int:
    """How many steps of setting up are left for the owner who looks; 0 for anybody else."""
    user = context["request"].user
    return wizard.left(user) if getattr(user, "role", "") == Role.OWNER else 0


@register.simple_tag
def idle_seconds() -> int:
    """After how long without a sign of life staff are signed out."""
    return int(settings.STAFF_IDLE_SECONDS)


@register.simple_tag(takes_context=True)
def frame(context: Context, name: str) -> SafeString:
    """A part of the frame of every page, which says nothing but who the practice is."""
    clinic = context["clinic"]
    return kept(("frame", name, clinic), lambda: _framed(name, clinic))


def _framed(name: str, clinic: Letterhead) -> SafeString:
    printed: dict[str, Any] = {"clinic": clinic}
    return render_to_string(f"_frame/{name}.html", printed)
