"""Tablets of the front desk: link, start and wipe. The only writer of `Kiosk`."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from chiro.practice import audit, permissions
from chiro.practice.links import Purpose, digest, new_token
from chiro.practice.models import User
from screening.models import Draft, Kiosk
from screening.services import submission
from screening.services.review import check_role


class KioskGoneError(Exception):
    """No such tablet, or its link was replaced or ended."""


@transaction.atomic
def set_up(*, name: str, by: User) -> tuple[Kiosk, str]:
    """Make a tablet's link; returns its token, which is kept nowhere. Raises RefusedError."""
    check_role(by, permissions.SET_UP_TABLET, "set up a tablet")
    token = new_token()
    kiosk = Kiosk.objects.create(name=name, digest=digest(token, Purpose.KIOSK), created_by=by)
    audit.record("tablet set up", actor=by, obj=kiosk)
    return kiosk, token


@transaction.atomic
def rotate(*, kiosk: Kiosk, by: User) -> str:
    """Give a tablet a new link and end the old one, on every device. Raises RefusedError."""
    check_role(by, permissions.SET_UP_TABLET, "set up a tablet")
    token = new_token()
    row = Kiosk.objects.select_for_update().get(pk=kiosk.pk)
    row.digest, row.revoked_at = digest(token, Purpose.KIOSK), None
    row.generation += 1
    row.save()
    audit.record("tablet link replaced", actor=by, obj=row)
    return token


@transaction.atomic
def end(*, kiosk: Kiosk, by: User) -> None:
    """End a tablet's link. Raises RefusedError."""
    check_role(by, permissions.SET_UP_TABLET, "end a tablet's link")
    if Kiosk.objects.filter(pk=kiosk.pk, revoked_at=None).update(revoked_at=timezone.now()):
        audit.record("tablet link ended", actor=by, obj=kiosk)


def address_of(token: str) -> str:
    """The link that is opened on the tablet, once."""
    return settings.PUBLIC_BASE_URL + reverse("screening:kiosk_link", args=[token])


def find(token: str) -> Kiosk:
    """The tablet of a link, unchanged. Raises KioskGoneError."""
    kiosk = Kiosk.objects.filter(digest=digest(token, Purpose.KIOSK), revoked_at=None).first()
    if kiosk is None:
        raise KioskGoneError
    return kiosk


def of_device(mark: str) -> Kiosk | None:
    """The tablet that a device's cookie names, while its link is in force."""
    number, _, generation = mark.partition(".")
    if not number.isdigit() or not generation.isdigit():
        return None
    return Kiosk.objects.filter(pk=int(number), generation=int(generation), revoked_at=None).first()


def mark_of(kiosk: Kiosk) -> str:
    """What the device's cookie holds: no secret, but signed."""
    return f"{kiosk.pk}.{kiosk.generation}"


def start(*, kiosk: Kiosk, language: str) -> Draft:
    """A fresh questionnaire for the next person."""
    return submission.start_draft(language=language, kiosk=kiosk)


def wipe(*, key: str) -> None:
    """Forget what was not sent from a tablet, unless it can be gone on with by a code."""
    Draft.objects.filter(
        submission_key=key, kiosk__isnull=False, stopped_at=None, resume_digest=None
    ).delete()
