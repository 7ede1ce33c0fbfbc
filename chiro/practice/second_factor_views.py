"""The one door for staff, and what belongs to the second step beside django-allauth's pages."""

from typing import Any

from allauth.account.views import LoginView
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST, require_safe

from chiro.practice.qr import squares

WAIT_SECONDS = 15 * 60


class SignIn(LoginView):
    """Name and password. Too many wrong ones are refused before a password is even compared."""

    template_name = "account/login.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say what page this is."""
        return {**super().get_context_data(**kwargs), "title": "Log in"}

    def form_invalid(self, form: Form) -> HttpResponse:
        """Show what was wrong; 429 where it was tried too often."""
        response: HttpResponse = super().form_invalid(form)
        if form.has_error("__all__", "too_many_login_attempts"):
            response.status_code = 429
            response.headers["Retry-After"] = str(WAIT_SECONDS)
        return response


@require_safe
@login_required
def totp_picture(request: HttpRequest) -> HttpResponse:
    """The square code that an authenticator app scans, for the secret of this session."""
    secret = request.session.get(SECRET_SESSION_KEY)
    if not secret:
        raise Http404
    address = get_adapter().build_totp_url(request.user, secret)
    svg = render_to_string("mfa/totp/picture.svg", {"code": squares(address)})
    return HttpResponse(svg, content_type="image/svg+xml")


@require_POST
@login_required
def stay(request: HttpRequest) -> HttpResponse:
    """Say that somebody is still there; the middleware has noted it."""
    return HttpResponse(status=204)
