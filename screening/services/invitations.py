"""Invitations: make, open once, start over, revoke, reissue. The only writer of `Invitation`.

A link and a code lead to one questionnaire. Looking at them changes nothing; pressing "Start" opens
them, and of any number of presses at once exactly one does. Nothing private stands behind them, so
they ask for no birth date until there are answers.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from chiro.practice import audit, outbox, permissions
from chiro.practice.links import Purpose, digest, new_code, new_token
from chiro.practice.models import AuditEvent, Practice, User
from screening.models import Draft, Invitation, Patient
from screening.services import finding, submission
from screening.services.review import check_role

LASTS = timedelta(days=14)
WRONG_CODE = "invitation code refused"
CODE_TRIES = 20
"""Wrong codes from one network address in half an hour; a waiting room may share one."""

CODE_PAUSE = timedelta(minutes=30)


class InvitationGoneError(Exception):
    """No such invitation, or it is used, expired or revoked. Never says which."""


class AlreadyOpenedError(Exception):
    """The questionnaire was begun before, perhaps on another device."""


class TooManyTriesError(Exception):
    """Too many wrong codes from one network address."""


@dataclass(frozen=True, kw_only=True)
class Made:
    """A new invitation with its secrets, which are shown now and kept nowhere."""

    invitation: Invitation
    token: str = field(repr=False)
    code: str = field(repr=False)


# --- for staff --------------------------------------------------------------------------------


@transaction.atomic
def issue(
    *, by: User, patient: Patient | None = None, email: str = "", language: str = "en"
) -> Made:
    """Make an invitation; with an address, put the e-mail in the outbox. Raises RefusedError."""
    check_role(by, permissions.INVITE, "invite a patient")
    token, code = new_token(), new_code()
    invitation = Invitation.objects.create(
        patient=patient,
        digest=digest(token, Purpose.INVITATION),
        code_digest=digest(code, Purpose.INVITATION_CODE),
        language=language,
        email=email,
        created_by=by,
        expires_at=timezone.now() + LASTS,
    )
    made = Made(invitation=invitation, token=token, code=code)
    if email:
        _send(made)
    audit.record("invitation made", actor=by, patient=invitation.patient_id, obj=invitation)
    return made


@transaction.atomic
def invite_new(
    *, by: User, full_name: str, birth_date: date, email: str = "", language: str = "en"
) -> Made:
    """Invite somebody by name and birth date, who may be known already. Raises RefusedError."""
    check_role(by, permissions.INVITE, "invite a patient")
    patient = Patient.objects.filter(full_name=full_name, birth_date=birth_date).first()
    if patient is None:
        patient = Patient.objects.create(
            reference=submission.new_reference(),
            full_name=full_name,
            birth_date=birth_date,
            email=email,
        )
        finding.index(patient)
        audit.record("patient added", actor=by, patient=patient, obj=patient)
    return issue(by=by, patient=patient, email=email, language=language)


@transaction.atomic
def revoke(*, invitation: Invitation, by: User) -> bool:
    """End an invitation that is not used yet, and say whether that changed anything.

    What was begun with it can still be sent, but no longer counts as the invited person's.
    """
    check_role(by, permissions.REVOKE_INVITATION, "end an invitation")
    unused = Invitation.objects.filter(pk=invitation.pk, used_at=None, revoked_at=None)
    if not unused.update(revoked_at=timezone.now()):
        return False
    Draft.objects.filter(invitation=invitation, stopped_at=None).update(invitation=None)
    if invitation.message is not None:
        outbox.withdraw(invitation.message)
    audit.record("invitation revoked", actor=by, patient=invitation.patient_id, obj=invitation)
    return True


@transaction.atomic
def reissue(*, invitation: Invitation, by: User) -> Made:
    """End an invitation and make another one for the same person, in the same language."""
    revoke(invitation=invitation, by=by)
    return issue(
        by=by,
        patient=invitation.patient,
        email=invitation.email,
        language=invitation.language,
    )


def state(invitation: Invitation) -> Invitation.State:
    """Where an invitation stands now."""
    if invitation.used_at:
        return Invitation.State.USED
    if invitation.revoked_at:
        return Invitation.State.REVOKED
    if invitation.expires_at <= timezone.now():
        return Invitation.State.EXPIRED
    return Invitation.State.OPENED if invitation.opened_at else Invitation.State.ISSUED


def address_of(token: str) -> str:
    """The link as it is sent and printed, from the configured address of this site."""
    return settings.PUBLIC_BASE_URL + reverse("screening:invitation", args=[token])


def _send(made: Made) -> None:
    """Put the e-mail in the outbox: the practice's name and the link, in the person's language."""
    invitation = made.invitation
    with translation.override(invitation.language):
        named = {"practice": Practice.current().name, "link": address_of(made.token)}
        subject = gettext("%(practice)s: before your visit") % named
        body = gettext(
            "Please open this link before your visit:\n\n%(link)s\n\n"
            "It works for %(days)s days. It is for you only, so please do not pass it on.\n\n"
            "%(practice)s"
        ) % {**named, "days": LASTS.days}
        if own := Practice.current().invitation_text:
            body = f"{own}\n\n{body}"
    invitation.message = outbox.queue(
        kind="invitation",
        to=invitation.email,
        subject=subject,
        body=body,
        patient_id=invitation.patient_id,
    )
    invitation.save(update_fields=["message"])


# --- for whoever holds the link ---------------------------------------------------------------


def find(token: str) -> Invitation:
    """The live invitation of a link, unchanged. Raises InvitationGoneError."""
    return _live(digest=digest(token, Purpose.INVITATION))


def find_by_code(code: str, *, ip: str | None) -> Invitation:
    """The live invitation of a code, unchanged.

    Raises InvitationGoneError, or TooManyTriesError where one address tried too often.
    """
    since = timezone.now() - CODE_PAUSE
    wrong = AuditEvent.objects.filter(event=WRONG_CODE, ip=ip, at__gt=since)
    if wrong.count() >= CODE_TRIES:
        raise TooManyTriesError
    try:
        return _live(code_digest=digest(code, Purpose.INVITATION_CODE))
    except InvitationGoneError:
        audit.record(WRONG_CODE, label=audit.VISITOR)
        raise


def _live(**by: str) -> Invitation:
    rows = Invitation.objects.select_related("patient")
    found = rows.filter(**by, used_at=None, revoked_at=None, expires_at__gt=timezone.now()).first()
    if found is None:
        raise InvitationGoneError
    return found


@transaction.atomic
def open(invitation: Invitation) -> Draft:
    """Begin the questionnaire of an invitation.

    Of any number of calls at once one gets a draft, the others AlreadyOpenedError. Raises
    InvitationGoneError when it ended meanwhile.
    """
    now = timezone.now()
    fresh = Invitation.objects.filter(
        pk=invitation.pk, opened_at=None, used_at=None, revoked_at=None, expires_at__gt=now
    )
    if not fresh.update(opened_at=now):
        _live(digest=invitation.digest)
        raise AlreadyOpenedError
    audit.record("invitation opened", patient=invitation.patient_id, obj=invitation)
    return submission.start_draft(language=invitation.language, invitation=invitation)


@transaction.atomic
def start_over(invitation: Invitation) -> Draft:
    """Begin again, without the answers that were given so far. Raises InvitationGoneError.

    Nobody sees those answers by doing so. A stopped questionnaire stays as an alert.
    """
    row = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if state(row) not in (Invitation.State.ISSUED, Invitation.State.OPENED):
        raise InvitationGoneError
    row.opened_at = row.opened_at or timezone.now()
    row.save(update_fields=["opened_at"])
    Draft.objects.filter(invitation=row, stopped_at=None).delete()
    audit.record("invitation started over", patient=row.patient_id, obj=row)
    return submission.start_draft(language=row.language, invitation=row)


def draft_of(invitation: Invitation) -> Draft | None:
    """What was begun with an invitation and not sent yet."""
    drafts = Draft.objects.select_related("invitation__patient").order_by("-pk")
    return drafts.filter(invitation=invitation).first()
