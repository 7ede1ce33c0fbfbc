"""Personal links to an approved plan: issue, open with the birth date, revoke.

A link is an unguessable token of which only the digest is stored; what it shows also needs the
patient's birth date, because mail is forwarded and phones are shared. The only writer of
`PlanLink`. Reading a link changes nothing; trying a birth date does.
"""

from contextlib import suppress
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from chiro.practice import audit, permissions
from chiro.practice.links import Purpose, digest, new_token
from chiro.practice.models import AuditEvent, User
from exercises.models import Plan, PlanLink
from exercises.services import planning
from screening.models import Screening
from screening.services import alerts
from screening.services import review as reviews

LASTS = timedelta(days=90)
TRIES = 5
LOCKED_FOR = timedelta(minutes=30)
TRIES_EVER = 3 * TRIES
"""Wrong birth dates after which a link stays locked: at most 15 guesses a link, ever."""

CODE_TRIES = 10
"""Wrong codes or birth dates from one address in half an hour; a waiting room may share one."""

WRONG_CODE = "plan code refused"

LONG_TEXTS = tuple(
    f"screening__{name}" for name in ("answers", "words", "assessment", "reasons", "result")
)
"""What an opened link need not read of its screening."""


class LinkGoneError(Exception):
    """No such link, or it has expired or was revoked. Never says which."""


class WrongBirthDateError(Exception):
    """The birth date does not match; `tries_left` more are allowed before the link locks."""

    def __init__(self, tries_left: int) -> None:
        super().__init__(f"{tries_left} tries left")
        self.tries_left = tries_left


class WrongCodeError(Exception):
    """Code and birth date open nothing. Never says which of them is wrong."""


class LinkLockedError(Exception):
    """Too many wrong tries. `until` is when it opens again, None for never."""

    def __init__(self, until: datetime | None) -> None:
        super().__init__("locked")
        self.until = until


def issue(*, screening: Screening, by: User) -> str:
    """Make a link to the approved plan of a screening and return its token, which is kept nowhere.

    An earlier link to the same screening stops working: the newest one counts. Those on printed
    plans go on working. Raises RefusedError without an approved plan.
    """
    token = new_token()
    now = timezone.now()
    with transaction.atomic():
        planning.check_can_share(reviews.lock(screening=screening), by)
        for earlier in screening.plan_links.filter(revoked_at=None, code_digest=None):
            revoke(link=earlier, by=by)
        link = PlanLink.objects.create(
            patient_id=screening.patient_id,
            screening=screening,
            digest=digest(token, Purpose.PLAN),
            created_by=by,
            expires_at=now + LASTS,
        )
        audit.record("plan link made", actor=by, patient=screening.patient_id, obj=link)
    return token


def revoke(*, link: PlanLink, by: User) -> None:
    """Close a link for good, for everybody who holds it. Raises RefusedError."""
    reviews.check_role(by, permissions.REVOKE_LINK, "close a personal link")
    with transaction.atomic():
        changed = PlanLink.objects.filter(pk=link.pk, revoked_at=None).update(
            revoked_at=timezone.now()
        )
        if changed:
            audit.record("plan link revoked", actor=by, patient=link.patient_id, obj=link)


def find(token: str) -> PlanLink:
    """Return the live link of a token, unchanged. Raises LinkGoneError or LinkLockedError."""
    link = PlanLink.objects.filter(digest=digest(token, Purpose.PLAN)).first()
    if link is None or not is_live(link):
        raise LinkGoneError
    refuse_locked(link)
    return link


def open(token: str, birth_date: date) -> PlanLink:
    """Open a link with the patient's birth date and return it.

    Raises LinkGoneError, LinkLockedError or WrongBirthDateError. A wrong date is counted before it
    is answered, on a locked row, so that parallel guesses cannot share one try.
    """
    link, opened = _try(find(token), birth_date)
    if opened:
        return link
    refuse_locked(link)
    raise WrongBirthDateError(tries_left=TRIES - link.failed_tries % TRIES)


def open_by_code(code: str, birth_date: date, *, ip: str | None) -> PlanLink:
    """Open the link of a printed plan with its code (as `door.read_code` gives it).

    Raises WrongCodeError, which says no more where the code is right and the birth date wrong, or
    the link locked. Raises LinkLockedError after too many wrong tries from one address.
    """
    refuse_address(ip)
    link = PlanLink.objects.filter(code_digest=digest(code, Purpose.PLAN_CODE)).first()
    if link is not None and is_live(link):
        with suppress(LinkLockedError):
            link, opened = _try(link, birth_date)
            if opened:
                return link
    audit.record(WRONG_CODE, label=audit.VISITOR)
    raise WrongCodeError


def refuse_address(ip: str | None) -> None:
    """Raise LinkLockedError where too many codes were wrong from one address of the network."""
    since = timezone.now() - LOCKED_FOR
    wrong = AuditEvent.objects.filter(event=WRONG_CODE, ip=ip, at__gt=since).order_by("-at")
    times = list(wrong.values_list("at", flat=True)[:CODE_TRIES])
    if len(times) == CODE_TRIES:
        raise LinkLockedError(times[-1] + LOCKED_FOR)


def _try(link: PlanLink, birth_date: date) -> tuple[PlanLink, bool]:
    """The link as it is after one try on its locked row, and whether that opened it."""
    with transaction.atomic():
        link = (
            PlanLink.objects.select_for_update(of=("self",))
            .select_related("patient")
            .get(pk=link.pk)
        )
        refuse_locked(link)
        opened = link.patient.birth_date == birth_date
        if opened:
            _forgive(link)
        else:
            _count_wrong_try(link)
    return link, opened


def is_live(link: PlanLink) -> bool:
    """Whether a link was neither revoked nor has run out."""
    return link.revoked_at is None and link.expires_at > timezone.now()


def locked_until(link: PlanLink) -> datetime | None:
    """When a temporary lock ends; None where there is no lock, or one that does not end."""
    if link.locked_at is None or link.failed_tries >= TRIES_EVER:
        return None
    return link.locked_at + LOCKED_FOR


def refuse_locked(link: PlanLink) -> None:
    """Raise LinkLockedError while a link is locked."""
    if link.locked_at is None:
        return
    until = locked_until(link)
    if until is None or until > timezone.now():
        raise LinkLockedError(until)


def approved_plan(link: PlanLink) -> Plan | None:
    """The approved plan that a link shows, None while there is none or it is withheld.

    None too while something serious that the patient reported waits for a chiropractor.
    """
    review = link.screening.review
    if not reviews.may_have_plan(review) or review.status == review.Status.WITHHELD:
        return None
    return (
        Plan.objects.filter(screening=link.screening_id, status=Plan.Status.APPROVED)
        .exclude(alerts.pauses("screening__patient", "screening__submitted_at"))
        .order_by("-version")
        .first()
    )


def _forgive(link: PlanLink) -> None:
    link.failed_tries, link.locked_at = 0, None
    link.save(update_fields=["failed_tries", "locked_at"])
    audit.record("plan link opened", patient=link.patient_id, obj=link)


def _count_wrong_try(link: PlanLink) -> None:
    link.failed_tries += 1
    link.locked_at = timezone.now() if link.failed_tries % TRIES == 0 else None
    link.save(update_fields=["failed_tries", "locked_at"])
    audit.record("plan link: wrong birth date", patient=link.patient_id, obj=link)
    if link.locked_at:
        audit.record("plan link locked", patient=link.patient_id, obj=link)
