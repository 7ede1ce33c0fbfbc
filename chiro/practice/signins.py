"""Signing in, signing out, second steps and failed tries, each an audit event; ending sessions.

The events are signals of Django and django-allauth about accounts. Nothing clinical hangs on one.
"""

from typing import Any

from allauth.mfa import signals as mfa
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.contrib.sessions.models import Session
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from chiro.practice import audit
from chiro.practice.models import User
from chiro.practice.second_factor import PROOFS, note_enrolment


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


@receiver(mfa.authentication_failed)
def record_failed_second_step(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Record that the password was right and the second step was not."""
    audit.record("second step failed", label=audit.VISITOR, obj=user, request=request)


@receiver(mfa.authenticator_added)
def record_new_factor(request: HttpRequest, user: User, authenticator: Any, **kw: Any) -> None:
    """Record a new factor; the session that added it has proved it."""
    if authenticator.type in PROOFS:
        note_enrolment(request, user)
    audit.record("second step added", actor=user, obj=user, request=request)


@receiver(mfa.authenticator_removed)
@receiver(mfa.authenticator_reset)
def record_removed_factor(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Record that a factor is gone, or that recovery codes were made anew."""
    audit.record("second step changed", actor=user, obj=user, request=request)


@receiver(mfa.authenticator_used)
def record_second_step(
    request: HttpRequest, user: User, authenticator: Any, reauthenticated: bool, **kwargs: Any
) -> None:
    """Record a recovery code that was used up: they are few, and may be stolen."""
    if authenticator.type not in PROOFS:
        audit.record("recovery code used", actor=user, obj=user, request=request)


def end_sessions(member: User, *, by: User) -> int:
    """Sign a member of staff out of every browser; returns of how many. They may sign in again."""
    live = Session.objects.filter(expire_date__gt=timezone.now()).iterator()
    theirs = [one.pk for one in live if one.get_decoded().get(SESSION_KEY) == str(member.pk)]
    Session.objects.filter(pk__in=theirs).delete()
    audit.record("sessions ended", actor=by, obj=member)
    return len(theirs)
