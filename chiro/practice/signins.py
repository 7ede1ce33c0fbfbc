"""Signing in, signing out and failed tries, each an audit event.

These are Django's own signals about accounts. Nothing clinical hangs on a signal.
"""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from chiro.practice import audit
from chiro.practice.models import User


@receiver(user_logged_in)
def record_sign_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Record who came in."""
    audit.record("signed in", actor=user, obj=user, request=request)


@receiver(user_logged_out)
def record_sign_out(request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    """Record who left."""
    audit.record("signed out", actor=user, obj=user, request=request)


@receiver(user_login_failed)
def record_failed_sign_in(request: HttpRequest | None = None, **kwargs: Any) -> None:
    """Record that somebody failed to come in. The name they typed may be a password: not kept."""
    audit.record("sign-in failed", label=audit.VISITOR, request=request)
