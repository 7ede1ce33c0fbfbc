"""The second step of signing in: who needs one, what counts as proof, and what may be removed.

The work itself (codes, passkeys, recovery codes, limits) is django-allauth's. This module says what
holds here: with `STAFF_SECOND_FACTOR` nobody reads a page of the staff by password alone.
"""

import base64
import hashlib
import hmac
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows import reauthentication
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from chiro.practice import audit
from chiro.practice.models import Practice, User

ENROLLED_HERE = "second_factor_enrolled"
"""Session key: this session added the account's factor, so it need not ask for it again."""

PROOFS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts as a second factor; recovery codes only stand in for one."""

type View = Callable[..., HttpResponse]


def has_one(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Say whether the account has an authenticator app or a passkey."""
    return Authenticator.objects.filter(user_id=user.pk, type__in=PROOFS).exists()


def proved(request: HttpRequest) -> bool:
    """Say whether this session has passed the second step, or set it up."""
    if request.session.get(ENROLLED_HERE, {}).get("user") == request.user.pk:
        return True
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records)


def note_enrolment(request: HttpRequest, user: User) -> None:
    """Remember that this session set up the account's second step, and when."""
    request.session[ENROLLED_HERE] = {"user": user.pk, "at": time.time()}


def just_enrolled(request: HttpRequest) -> bool:
    """Say whether the second step was set up here within the last minutes."""
    enrolled = request.session.get(ENROLLED_HERE, {})
    fresh = time.time() - enrolled.get("at", 0) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    return fresh and enrolled.get("user") == request.user.pk


def remove_all(user: User, *, by: User) -> None:
    """Take every factor from an account whose owner lost them: they set up a new one."""
    Authenticator.objects.filter(user=user).delete()
    audit.record("second step reset", actor=by, obj=user)


def confirmed_again(view: View) -> View:
    """Let a view answer only within minutes of the password or code being given again."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if reauthentication.did_recently_reauthenticate(request):
            return view(request, *args, **kwargs)
        back = urlencode({"next": request.get_full_path()})
        return redirect(f"{reverse('account_reauthenticate')}?{back}")

    return wrapped


def ciphers(purpose: str) -> MultiFernet:
    """Return what encrypts with `SECRET_KEY` and decrypts with it or one of its forerunners."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    derived = (hmac.digest(key.encode(), purpose.encode(), hashlib.sha256) for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])


class Accounts(DefaultAccountAdapter):
    """Accounts of staff: made by the owner, never by signing up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account for themselves."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Count tries by the address that the trusted proxies vouch for."""
        return audit.client_ip(request) or "unknown"

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Only members of staff sign in; anybody else is told what a wrong password is told."""
        user = super().authenticate(request, **credentials)
        return user if getattr(user, "is_staff", False) else None

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Ask again before a factor is changed; not to set up the first one and see its codes."""
        user = self.request.user
        if not user.is_authenticated:
            return True
        return has_one(user) and not just_enrolled(self.request)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count by name and address: nobody locks the practice out from elsewhere."""
        return f"{self.get_client_ip(request)} {str(credentials.get('username', '')).lower()}"


class Factors(DefaultMFAAdapter):
    """Second factors: secrets encrypted at rest, the last one kept where one is required."""

    def get_totp_issuer(self) -> str:
        """The practice's name, as an authenticator app lists it."""
        return Practice.current().name

    def build_totp_svg(self, url: str) -> str:
        """Nothing: the page shows the code from an address of its own, see the views."""
        return ""

    def encrypt(self, text: str) -> str:
        """Keep secrets unreadable in the database and its backups."""
        return ciphers("second factor").encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again."""
        return ciphers("second factor").decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Keep the last factor where staff must have one."""
        if not settings.STAFF_SECOND_FACTOR or authenticator.type not in PROOFS:
            return True
        others = Authenticator.objects.filter(user=authenticator.user, type__in=PROOFS)
        return others.exclude(pk=authenticator.pk).exists()
