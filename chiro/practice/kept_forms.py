"""What a member of staff was typing when their time ran out, kept for them for half an hour.

The row is encrypted with a key of which one half is `SECRET_KEY` and the other a cookie of that
browser; neither alone reads it. It is shown to the same person only, after they signed in again.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import timedelta

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from chiro.practice import audit
from chiro.practice.models import KeptForm, User
from chiro.practice.second_factor import ciphers

LASTS = timedelta(minutes=30)
COOKIE = "__Host-kept" if settings.HTTPS else "kept"
NOT_KEPT = frozenset({"csrfmiddlewaretoken"})
LONGEST = 200_000
"""Characters of a form that is kept; the site takes no longer ones."""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A form as it was sent: where to, from which page, and its fields in their order."""

    path: str
    page: str
    fields: list[tuple[str, str]]


def keep(request: HttpRequest, user: User, response: HttpResponse) -> bool:
    """Keep the posted form of `user` and hand the browser its half of the key."""
    KeptForm.objects.filter(created_at__lt=timezone.now() - LASTS).delete()
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in NOT_KEPT
    ]
    said = json.dumps({"path": request.path, "page": _page(request), "fields": fields})
    if not fields or len(said) > LONGEST:
        return False
    key = secrets.token_urlsafe(32)
    content = ciphers(f"kept form {key}").encrypt(said.encode())
    row = KeptForm.objects.create(user=user, digest=_digest(key), content=content)
    audit.record("form kept at time-out", actor=user, obj=row, request=request)
    response.set_cookie(
        COOKIE,
        key,
        max_age=int(LASTS.total_seconds()),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return True


def find(request: HttpRequest, user: User) -> Kept | None:
    """Return what this browser kept for this person, None for anybody else or too late."""
    key = request.COOKIES.get(COOKIE, "")
    since = timezone.now() - LASTS
    row = KeptForm.objects.filter(digest=_digest(key), user=user, created_at__gte=since).first()
    if row is None:
        return None
    try:
        said = json.loads(ciphers(f"kept form {key}").decrypt(bytes(row.content)))
    except InvalidToken:
        return None
    return Kept(
        path=said["path"],
        page=said["page"],
        fields=[(name, value) for name, value in said["fields"]],
    )


def forget(request: HttpRequest, user: User, response: HttpResponse) -> None:
    """Remove the row and the cookie."""
    KeptForm.objects.filter(digest=_digest(request.COOKIES.get(COOKIE, "")), user=user).delete()
    response.delete_cookie(COOKIE)


def _page(request: HttpRequest) -> str:
    """Return the path of the page that the form stood on."""
    origin = f"{request.scheme}://{request.get_host()}"
    page = request.headers.get("Referer", "")
    path = page.removeprefix(origin).partition("#")[0]
    return path if page.startswith(origin) and path.startswith("/admin/") else request.path


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
