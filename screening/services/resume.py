"""Going on with a questionnaire on another device: a code together with the birth date.

The code is shown once and kept as its digest, with the draft; it ends with the draft. Five wrong
birth dates end the code; many wrong codes from one network address close the form for a while.
"""

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from chiro.practice import audit, outbox
from chiro.practice.links import Purpose, digest, grouped, new_code
from chiro.practice.models import AuditEvent, Practice
from screening.models import Draft
from screening.services import submission

TRIES = 5
"""Wrong birth dates after which a code opens nothing any more."""

ADDRESS_TRIES = 10
"""Wrong tries from one network address in half an hour."""

PAUSE = timedelta(minutes=30)
REFUSED = "resume refused"


class WrongCodeError(Exception):
    """Code and birth date open nothing. Never says which of them is wrong."""


class TooManyTriesError(Exception):
    """Too many wrong tries from one network address."""


def known_birth_date(draft: Draft) -> date | None:
    """The birth date that the draft holds already; None while nobody gave one."""
    text = draft.identity.get("birth_date", "")
    return date.fromisoformat(text) if text else draft.resume_birth_date


@transaction.atomic
def make_code(*, draft: Draft, birth_date: date) -> str:
    """A new code for a draft, which ends the one before. It is kept nowhere."""
    code = new_code()
    row = Draft.objects.select_for_update().get(pk=draft.pk)
    row.resume_digest = digest(code, Purpose.RESUME)
    row.resume_birth_date = birth_date
    row.resume_tries = 0
    row.save()
    audit.record("resume code made", obj=row)
    return code


def send_code(*, draft: Draft, code: str, to: str) -> None:
    """Put an e-mail with the code in the outbox: it opens nothing without the birth date."""
    with translation.override(draft.language):
        named = {
            "practice": Practice.current().name,
            "code": grouped(code),
            "link": settings.PUBLIC_BASE_URL + reverse("screening:resume"),
        }
        subject = gettext("%(practice)s: your code") % named
        body = (
            gettext("Your code is %(code)s.\n\nType it on this page:\n%(link)s\n\n%(practice)s")
            % named
        )
    outbox.queue(kind="code", to=to, subject=subject, body=body)


def find(*, code: str, birth_date: date, ip: str | None) -> Draft:
    """The draft that a code and a birth date open.

    Raises WrongCodeError or TooManyTriesError. A wrong birth date is counted before it is
    answered, so that guesses at the same moment cannot share one try.
    """
    _refuse_address(ip)
    draft = Draft.objects.filter(resume_digest=digest(code, Purpose.RESUME)).first()
    live = submission.find_draft(draft.submission_key) if draft else None
    if live is None or not _counted(live, birth_date, live.resume_birth_date):
        audit.record(REFUSED, obj=live, label=audit.VISITOR)
        raise WrongCodeError
    audit.record("questionnaire resumed", obj=live)
    return live


def _refuse_address(ip: str | None) -> None:
    since = timezone.now() - PAUSE
    wrong = AuditEvent.objects.filter(event=REFUSED, ip=ip, at__gt=since)
    if wrong.count() >= ADDRESS_TRIES:
        raise TooManyTriesError


@transaction.atomic
def _counted(draft: Draft, birth_date: date, expected: date | None) -> bool:
    """Whether the birth date fits, after counting the try. `updated_at` stays as it is."""
    open_for_tries = Draft.objects.filter(pk=draft.pk, resume_tries__lt=TRIES)
    if not open_for_tries.update(resume_tries=F("resume_tries") + 1) or expected is None:
        return False
    if expected != birth_date:
        return False
    Draft.objects.filter(pk=draft.pk).update(resume_tries=0)
    return True


# --- the draft of an invitation, by the link in place of the code ------------------------------


def tries_left(draft: Draft) -> int:
    """How many wrong birth dates a draft still forgives."""
    return max(0, TRIES - Draft.objects.get(pk=draft.pk).resume_tries)


def may_open_by_invitation(draft: Draft) -> bool:
    """Whether a birth date can open what was begun with an invitation."""
    return _expected(draft) is not None and tries_left(draft) > 0


@transaction.atomic
def open_by_invitation(*, draft: Draft, birth_date: date) -> bool:
    """Whether the birth date of who was invited, or who answered, opens the draft."""
    opened = _counted(draft, birth_date, _expected(draft))
    audit.record("questionnaire resumed" if opened else REFUSED, obj=draft)
    return opened


def _expected(draft: Draft) -> date | None:
    known = known_birth_date(draft)
    patient = draft.invitation.patient if draft.invitation else None
    return known or (patient.birth_date if patient else None)
