"""What holds for every request: privacy of responses, refusal of bad input, staff time limits.

The order is in `settings.MIDDLEWARE`. `PrivateResponses` stands outside everything that can refuse,
so that a refusal carries the same headers as a page.
"""

import logging
import time
import unicodedata
from collections.abc import Callable, Iterable

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import override
from whitenoise.middleware import WhiteNoiseFileResponse

from chiro.practice import audit, kept_forms, limits, offered, second_factor, views, waiting
from chiro.practice.looks import PublicFile
from chiro.practice.models import Practice

type GetResponse = Callable[[HttpRequest], HttpResponseBase]

logger = logging.getLogger(__name__)

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex, nofollow",
}
FILE_HEADERS = {
    name: HEADERS[name]
    for name in ("X-Content-Type-Options", "Cross-Origin-Resource-Policy", "X-Robots-Tag")
}
"""Style sheets, fonts and pictures: the others say how a page may behave, and only weigh here."""

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
BODY_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
ALLOWED_CONTROLS = frozenset("\t\n\r")
MAX_PATIENT_FIELDS = 200
PAUSE_SECONDS = 30 * 60
"""How long a code, a birth date or a password is refused after too many wrong ones."""

SEEN_EVERY_SECONDS = 30
WITHOUT_SECOND_FACTOR = frozenset(
    {
        "account_login",
        "account_reauthenticate",
        "account_stay",
        "account_totp_picture",
        "admin:logout",
        "admin:jsi18n",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
    }
)
"""What a session may see that has given its password only."""


class Middleware:
    """A middleware that does its work in `__call__` around `self.get_response`."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response


TEXT = ("text/", "image/svg+xml", "application/json")


class CompressPages(GZipMiddleware):
    """Send pages smaller. Papers and pictures are compressed in themselves and go as they are."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Compress text; it adds random bytes, so that lengths tell nothing."""
        if not response.headers.get("Content-Type", "").startswith(TEXT):
            return response
        compressed: HttpResponseBase = super().process_response(request, response)
        return compressed


class PrivateResponses(Middleware):
    """Keep every page out of every cache, and set the headers that no response may lack."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_file = isinstance(response, PublicFile | WhiteNoiseFileResponse)
        for name, value in (FILE_HEADERS if is_file else HEADERS).items():
            response.headers.setdefault(name, value)
        if isinstance(response, PublicFile):
            response.headers.pop("Vary", None)  # A new session would fetch the same file again.
        elif not isinstance(response, WhiteNoiseFileResponse):
            response.headers.pop("Cache-Control", None)
            add_never_cache_headers(response)
        if response.status_code == views.TOO_MANY:
            response.headers.setdefault("Retry-After", str(PAUSE_SECONDS))
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer 429 beyond a limit; 503 when the database is away: what was sent is not saved."""
        if isinstance(exception, limits.TooManyError):
            return views.too_many(request, exception.seconds)
        if not views.database_is_away(exception):
            return None
        logger.error("database unavailable", exc_info=exception)
        return views.unavailable(request)


class TurnAwayLate(Middleware):
    """Answer 503 where a request waited too long for its turn: it is done at once, nothing queues.

    What a patient sent stays in the page. Forms of the staff are never turned away.
    """

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if waiting.is_too_late() and not is_staff_form(request):
            return views.crowded(request)
        return self.get_response(request)


def is_staff_form(request: HttpRequest) -> bool:
    """Say whether a form of the staff comes in: its page may hold what is not stored yet."""
    return request.method == "POST" and request.path_info.startswith("/admin/")


class Maintenance(Middleware):
    """Answer every page with the maintenance page while `MAINTENANCE` is on.

    The look stays for the page itself; supervisors are answered before (`watching`).
    """

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.MAINTENANCE and not request.path_info.startswith("/look/"):
            with override(offered.asked_for(request)):
                return views.maintenance(request)
        return self.get_response(request)


class ReadPracticeOnce(Middleware):
    """Read the practice's profile once a request, whoever asks for it."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with Practice.read_once():
            return self.get_response(request)


class RefuseUnsuitableBodies(Middleware):
    """Refuse what no form of this site sends: files, other formats, more than a form can hold."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in BODY_METHODS:
            return self.get_response(request)
        if body_length(request) > most_bytes(request):
            return views.too_large(request)
        if not suitable_type(request):
            return views.wrong_format(request)
        return self.get_response(request)


def most_bytes(request: HttpRequest) -> int:
    """How long a body may be: a form, or a form with a picture where the admin takes one."""
    takes_picture = request.path_info.startswith(settings.PICTURE_UPLOADS)
    return settings.PICTURE_UPLOAD_BYTES if takes_picture else settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def body_length(request: HttpRequest) -> int:
    """Return the announced length of the body in bytes."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def suitable_type(request: HttpRequest) -> bool:
    """Say whether the body is a plain form. The admin's own forms may be multipart."""
    if request.content_type == FORM or body_length(request) == 0:
        return True
    return request.content_type == MULTIPART and request.path_info.startswith("/admin/")


class RefuseControlCharacters(Middleware):
    """Refuse characters that no keyboard types into a form; they break logs, exports and paper."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if has_controls(texts(request)):
            return views.bad_request(request)
        if len(request.POST) > MAX_PATIENT_FIELDS and not request.path_info.startswith("/admin/"):
            return views.bad_request(request)
        return self.get_response(request)


def texts(request: HttpRequest) -> Iterable[str]:
    """Yield every name and value that came in the address and the form."""
    for fields in (request.GET, request.POST):
        for name, values in fields.lists():
            yield name
            yield from values


def has_controls(values: Iterable[str]) -> bool:
    """Say whether any value holds a control character other than tab and line break."""
    return any(
        unicodedata.category(character) == "Cc" and character not in ALLOWED_CONTROLS
        for value in values
        if not value.isprintable()
        for character in value
    )


class LimitLostLinks(Middleware):
    """Stop an address that tries link after link, before it is looked whether one opens."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code == views.NOT_FOUND and has_token(request):
            visitor = limits.address(request)
            if visitor is not None:
                limits.count(limits.LOST_LINKS, visitor)
        return response

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponseBase | None:
        """Refuse every link to an address that is over the limit, a right one too."""
        if not has_token(request):
            return None
        seconds = limits.wait(limits.LOST_LINKS, limits.address(request))
        return views.too_many(request, seconds) if seconds else None


def has_token(request: HttpRequest) -> bool:
    """Say whether the address of the request holds the secret of a link."""
    match = request.resolver_match
    return match is not None and "token" in match.kwargs


class SpeakTheirLanguage(Middleware):
    """Answer in the language that the visitor chose or asks for, among those that are offered."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        code = offered.language_for(request)
        request.LANGUAGE_CODE = code
        with override(code):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", code)
        return response


class StaffSessionLimits(Middleware):
    """Sign staff out when idle for `STAFF_IDLE_SECONDS`, and 12 hours after signing in.

    A form that is sent too late is kept: its writer signs in again and finds it filled in.
    """

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            self.limit(request, now=int(time.time()))
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponseBase | None:
        """Keep a late form. The check against forged forms stands before this one."""
        user = getattr(request, "timed_out", None)
        if user is None or request.method != "POST" or not is_kept_at(request.path_info):
            return None
        response = redirect(f"{reverse('account_login')}?next={reverse('account_kept')}")
        return response if kept_forms.keep(request, user, response) else None

    def limit(self, request: HttpRequest, *, now: int) -> None:
        """Sign out when a limit has passed; otherwise remember when the session was last used."""
        session = request.session
        signed_in_at = session.setdefault("signed_in_at", now)
        seen_at = session.setdefault("seen_at", now)
        idle = now - seen_at > settings.STAFF_IDLE_SECONDS
        if idle or now - signed_in_at > settings.STAFF_SESSION_SECONDS:
            user = request.user
            logout(request)
            request.timed_out = user  # type: ignore[attr-defined]
        elif now - seen_at >= SEEN_EVERY_SECONDS:
            session["seen_at"] = now


def is_kept_at(path: str) -> bool:
    """Say whether a form sent here holds work: not a password, a code or a sign of life."""
    return path.startswith("/admin/") and not path.startswith(("/admin/log", "/admin/account/"))


class RequireSecondFactor(Middleware):
    """With `STAFF_SECOND_FACTOR`, a password alone opens nothing but setting up the second step."""

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponseBase | None:
        """Send a session without the second step to it; outside the admin it is nobody."""
        user = request.user
        if not settings.STAFF_SECOND_FACTOR or not user.is_authenticated:
            return None
        if second_factor.proved(request):
            return None
        if not request.path_info.startswith("/admin/"):
            request.user = AnonymousUser()
            return None
        if second_factor.has_one(user):
            logout(request)
            return redirect("account_login")
        match = request.resolver_match
        if match is not None and match.view_name in WITHOUT_SECOND_FACTOR:
            return None
        return redirect("mfa_index")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)


class AuditContext(Middleware):
    """Let services record audit events without being handed the request."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with audit.bind(request):
            return self.get_response(request)
