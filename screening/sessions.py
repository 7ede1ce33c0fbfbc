"""What a browser holds between two pages: the key of its draft, and whether it is a tablet.

Neither an answer nor a name is kept here. Read by the views and by `kiosk_mode`.
"""

from datetime import timedelta
from typing import cast

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from chiro.practice import offered
from chiro.practice.models import Practice
from screening.models import Draft, Kiosk
from screening.services import kiosk as kiosks

DRAFT = "draft"
TABLET = "kiosk"
INVITATION = "invitation"
DEVICE_SECONDS = 180 * 24 * 60 * 60
SALT = "tablet"


def draft_key(request: HttpRequest) -> str:
    """The submission key that this browser holds; empty for none."""
    return str(request.session.get(DRAFT, ""))


def hold(request: HttpRequest, draft: Draft) -> None:
    """Let this browser go on with a draft, as long as the practice keeps it."""
    request.session.cycle_key()
    request.session[DRAFT] = draft.submission_key
    offered.remember(request, draft.language)
    request.session.set_expiry(timedelta(days=Practice.current().draft_days))


def hold_on_tablet(request: HttpRequest, draft: Draft, tablet: Kiosk) -> None:
    """Let a tablet go on with a draft until somebody finishes or walks away."""
    request.session.flush()
    request.session[DRAFT] = draft.submission_key
    offered.remember(request, draft.language)
    request.session[TABLET] = {"id": tablet.pk, "seen": timezone.now().timestamp()}
    request.session.set_expiry(timedelta(hours=1))


def cookie_name() -> str:
    """The cookie by which a device of the front desk is known again after a wipe."""
    return "__Host-tablet" if settings.SESSION_COOKIE_SECURE else "tablet"


def tablet(request: HttpRequest) -> Kiosk | None:
    """The tablet that this device is, while its link is in force."""
    if cookie_name() not in request.COOKIES:
        return None
    try:
        mark = request.get_signed_cookie(cookie_name(), salt=SALT, max_age=DEVICE_SECONDS)
    except signing.BadSignature:
        return None
    return kiosks.of_device(cast("str", mark))


def remember_device(response: HttpResponseBase, kiosk: Kiosk) -> None:
    """Make this device one of the front desk's tablets."""
    response.set_signed_cookie(
        cookie_name(),
        kiosks.mark_of(kiosk),
        salt=SALT,
        max_age=DEVICE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget_device(response: HttpResponseBase) -> None:
    """Make this device nobody's tablet."""
    response.delete_cookie(cookie_name())
