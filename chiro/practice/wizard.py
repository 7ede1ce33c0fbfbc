"""The first hour of a new practice: a code from the console opens the page that makes the owner.

There is no default account and no default password. The code is kept as a digest; a new one ends
the old, taking it removes it, and as soon as there is an owner the page is gone.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from chiro.practice import audit, second_factor
from chiro.practice.links import grouped, new_code
from chiro.practice.models import AuditEvent, Practice, Role, SetUpCode, User

LASTS = timedelta(days=1)
PRINTED = "test print looked right"


class CodeError(Exception):
    """The code is wrong, too old or taken; str() says what to do."""


def needed() -> bool:
    """Say whether the practice has no owner yet."""
    return not User.objects.filter(role=Role.OWNER, is_active=True).exists()


def issue() -> str:
    """Return a new code to print on the console; the old one ends."""
    code = new_code()
    with transaction.atomic():
        SetUpCode.objects.all().delete()
        SetUpCode.objects.create(digest=_digest(code))
    return grouped(code)


@transaction.atomic
def begin(*, code: str, profile: dict[str, Any], owner: dict[str, Any], password: str) -> User:
    """Make the profile and the first owner. Raises CodeError."""
    since = timezone.now() - LASTS
    taken, _ = SetUpCode.objects.filter(digest=_digest(code), created_at__gte=since).delete()
    if not taken or not needed():
        raise CodeError(
            "This code is wrong or older than a day. Get a new one: manage.py first_owner."
        )
    practice, _ = Practice.objects.update_or_create(pk=1, defaults=profile)
    user = User.objects.create_user(
        **owner, password=password, role=Role.OWNER, is_staff=True, is_active=True
    )
    audit.record("practice set up", actor=user, obj=practice)
    audit.record("staff added", actor=user, obj=user)
    return user


def _digest(code: str) -> str:
    plain = "".join(char for char in code.upper() if char.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


# --- the steps after that ---------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing to do before the first patient comes."""

    title: str
    words: str
    done: bool
    url_name: str
    action: str


def steps(user: User) -> list[Step]:
    """What the new practice does first, and what is done of it."""
    practice = Practice.current()
    return [
        Step(
            title="Profile",
            words="Name, address, phone and look: they stand on every page and paper.",
            done=bool(practice.pk and practice.address and practice.phone),
            url_name="admin:practice_practice_changelist",
            action="Complete the profile",
        ),
        Step(
            title="Second step of signing in",
            words="An app or a passkey beside the password.",
            done=second_factor.has_one(user),
            url_name="mfa_index",
            action="Set it up",
        ),
        Step(
            title="Test print",
            words="Print the blank questionnaire on the printer at the front desk. All of it must "
            "stand on the paper, nothing cut.",
            done=_happened(PRINTED),
            url_name="exercises:blank_pdf",
            action="Open the paper",
        ),
        Step(
            title="Staff",
            words="An account each, so that the log can say who did what. Whoever treats needs an "
            "account as a chiropractor.",
            done=User.objects.filter(role=Role.CHIROPRACTOR, is_active=True).exists(),
            url_name="admin:practice_user_add",
            action="Add an account",
        ),
        Step(
            title="First invitation",
            words="A link or a card for the first patient, or for you to try it.",
            done=_happened("invitation made"),
            url_name="admin:screening_invitation_add",
            action="Invite somebody",
        ),
    ]


def left(user: User) -> int:
    """How many steps are not done."""
    return sum(not step.done for step in steps(user))


def note_print(*, by: User) -> None:
    """Remember that the test print looked right."""
    audit.record(PRINTED, actor=by)


def _happened(event: str) -> bool:
    return AuditEvent.objects.filter(event=event).exists()
