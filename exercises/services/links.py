"""Personal links to an approved plan: issue, open with the birth date, revoke.

A link is an unguessable token of which only the digest is stored; what it shows also needs the
patient's birth date, because mail is forwarded and phones are shared. The only writer of
`PlanLink`. Reading a link changes nothing; trying a birth date does.
"""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop, ngettext, override

from chiro.practice import audit, outbox, permissions
from chiro.practice.links import Purpose, digest, new_token
from chiro.practice.lookups import Prepared
from chiro.practice.models import AuditEvent, Practice, User
from exercises.models import Plan, PlanDocument, PlanLink
from exercises.services import planning
from screening.models import Review, Screening
from screening.services import alerts
from screening.services import review as reviews
from screening.services.review import RefusedError

LASTS = timedelta(days=90)
TRIES = 5
LOCKED_FOR = timedelta(minutes=30)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
TRIES_EVER = 3 * TRIES
"""Wrong birth dates after which a link stays locked: at most 15 guesses a link, ever."""

CODE_TRIES = 10
"""Wrong codes or birth dates from one address in half an hour; a waiting room may share one."""

WRONG_CODE = "plan code refused"

MAIL = gettext_noop(
    "Hello,\n\n%(practice)s has a page for you. Open it here and type your birth date:\n\n"
    "%(address)s\n\nIt opens for %(days)s days. It is for you only: please do not pass it on.\n\n"
    "You did not expect this? Then delete this message."
)

LONG_TEXTS = tuple(
    f"screening__{name}" for name in ("answers", "words", "assessment", "reasons", "result")
)
"""What an opened link need not read of its screening."""

_OF_A_STORED_PAPER = (
    "pk",
    "pdf",
    "plan__screening__plan_links__expires_at",
    "plan__screening__patient_id",
    "plan__screening__triage",
    "plan__screening__review__status",
    "plan__screening__review__cleared_by",
)


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


@transaction.atomic
def send(*, screening: Screening, by: User) -> None:
    """Make a link and send it to the patient's address, in one transaction.

    The text names nobody and says no word about health. Raises RefusedError, also where there is
    no address.
    """
    patient = screening.patient
    if not patient.email:
        raise RefusedError("This patient gave no e-mail address.")
    token = issue(screening=screening, by=by)
    address = f"{settings.PUBLIC_BASE_URL}{reverse('exercises:open_link', args=[token])}"
    with override(screening.language):
        values = {"practice": Practice.current().name, "address": address, "days": LASTS.days}
        subject = gettext("%(practice)s: your page") % values
        body = gettext(MAIL) % values
    outbox.queue(
        kind="plan link", to=patient.email, subject=subject, body=body, patient_id=patient.pk
    )
    audit.record("plan link sent", actor=by, patient=patient, obj=screening)


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
    return open_again(find(token), birth_date)


def open_again(link: PlanLink, birth_date: date) -> PlanLink:
    """Open a live link that this browser had open before. Raises as `open` does."""
    if not is_live(link):
        raise LinkGoneError
    link, opened = _try(link, birth_date)
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


def wrong_words(tries_left: int) -> str:
    """What to say of a wrong birth date."""
    return ngettext(
        "That birth date does not match our records. You have %(left)d try left.",
        "That birth date does not match our records. You have %(left)d tries left.",
        tries_left,
    ) % {"left": tries_left}


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
    `has_newer` reads of it whether a later screening of the same patient has a plan.
    """
    if not may_show(link):
        return None
    return (
        Plan.objects.filter(screening=link.screening_id, status=Plan.Status.APPROVED)
        .exclude(alerts.pauses("screening__patient", "screening__submitted_at"))
        .annotate(has_newer=Exists(_later_plans(link)))
        .order_by("-version")
        .first()
    )


class StoredPaper(NamedTuple):
    """A paper to hand out, and the number of the patient whose it is."""

    document: PlanDocument
    patient: int


def stored_paper(link_pk: int, edition: str) -> StoredPaper | None:
    """What `approved_plan` of a live link has stored on the practice's own paper, in one query.

    None where anything is in the way, or not stored yet: then ask step by step.
    """
    for pk, pdf, expires_at, patient, triage, status, cleared_by in _PAPERS[edition].ask(link_pk):
        screening = Screening(patient_id=patient, triage=triage)
        review = Review(screening=screening, status=status, cleared_by_id=cleared_by)
        if status and expires_at > timezone.now() and _shows(review):
            return StoredPaper(PlanDocument(pk=pk, pdf=pdf, edition=edition), patient)
    return None


def _stored_papers(edition: str, link_pk: int) -> QuerySet[PlanDocument, Any]:
    """The newest paper of an edition that a link leads to, with what decides whether it shows."""
    link = Q(
        plan__screening__plan_links=link_pk, plan__screening__plan_links__revoked_at__isnull=True
    )
    newest = PlanDocument.objects.filter(
        link, plan__status=Plan.Status.APPROVED, edition=edition
    ).exclude(alerts.pauses("plan__screening__patient", "plan__screening__submitted_at"))
    paper = Practice.objects.filter(pk=1).values("paper")[:1]
    rows = newest.filter(paper=Subquery(paper)).order_by("-plan__version")
    return rows.values_list(*_OF_A_STORED_PAPER)[:1]


_PAPERS = {
    edition: Prepared(rows=partial(_stored_papers, edition), sample=-1_234_567_891)
    for edition in PlanDocument.Edition.values
}


def may_show(link: PlanLink) -> bool:
    """Whether the patient may see a plan of this link's screening now."""
    return _shows(link.screening.review)


def _shows(review: Review) -> bool:
    return reviews.may_have_plan(review) and review.status != review.Status.WITHHELD


def has_newer(plan: Plan) -> bool:
    """Whether a plan from `approved_plan` was followed by that of a later screening."""
    return bool(vars(plan).get("has_newer"))


def _later_plans(link: PlanLink) -> QuerySet[Plan]:
    """The approved plans of this patient's later screenings."""
    return Plan.objects.filter(
        screening__patient=link.patient_id,
        screening__submitted_at__gt=link.screening.submitted_at,
        status=Plan.Status.APPROVED,
    ).exclude(screening__review__status=Review.Status.WITHHELD)


def is_paused(link: PlanLink) -> bool:
    """Whether the patient already had a plan that is now held back."""
    return Plan.objects.filter(
        screening=link.screening_id, status__in=(Plan.Status.APPROVED, Plan.Status.REPLACED)
    ).exists()


def locked() -> QuerySet[PlanLink]:
    """The live links that wrong birth dates have locked, the newest lock first."""
    now = timezone.now()
    ever = Q(failed_tries__gte=TRIES_EVER) | Q(locked_at__gt=now - LOCKED_FOR)
    # A comparison, unlike NOT NULL, lets SQLite use the index of the few that were ever locked.
    locked = PlanLink.objects.filter(locked_at__gt=LONG_AGO)
    rows = locked.filter(ever, revoked_at=None, expires_at__gt=now)
    return rows.select_related("patient").order_by("-locked_at")


def unlock(*, link: PlanLink, by: User) -> None:
    """Give a locked link its tries back, once staff know who asked. Raises RefusedError."""
    reviews.check_role(by, permissions.REVOKE_LINK, "unlock a personal link")
    with transaction.atomic():
        rows = PlanLink.objects.filter(pk=link.pk, revoked_at=None).exclude(locked_at=None)
        if rows.update(failed_tries=0, locked_at=None):
            audit.record("plan link unlocked", actor=by, patient=link.patient_id, obj=link)


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
