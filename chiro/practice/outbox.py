"""E-mail that is neither lost nor in the way: written with the act it tells of, sent after it.

`queue` stores a message in the caller's transaction. After the commit a thread tries to send it,
and `manage.py send_outbox` tries again what is left. A message is sent at least once; every try
carries the same Message-ID, so that a mail program can drop a second copy. No text of ours names a
patient or says a word about health: that is for the callers to keep. The only writer of
`OutboxMessage`.
"""

import logging
import threading
from datetime import timedelta
from email.utils import make_msgid
from smtplib import (
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
)
from urllib.parse import urlsplit

from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from chiro.practice import metrics
from chiro.practice.models import OutboxMessage

PAUSES = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440))
"""How long to wait after the first, second, ... try that failed; after the last one give up."""

CLAIMED_FOR = timedelta(minutes=5)
"""A try that says nothing for so long has died; the message may be tried again."""

AT_ONCE = 50
MAILER = "default"
NOT_CONFIGURED = "No mail server is set up"
NOT_REACHED = "The mail server cannot be reached"
NOT_UNDERSTOOD = "Sending failed"

logger = logging.getLogger(__name__)


def queue(
    *, kind: str, to: str, subject: str, body: str, patient_id: int | None = None
) -> OutboxMessage:
    """Store a message with whatever the caller stores, and have it sent after the commit.

    `kind` is one word for the staff's list. Neither `subject` nor `body` may hold a name or a word
    about health.
    """
    host = urlsplit(settings.PUBLIC_BASE_URL).hostname or "localhost"
    message = OutboxMessage.objects.create(
        kind=kind,
        recipient=to,
        subject=" ".join(subject.split()),
        body=body,
        message_id=make_msgid(domain=host),
        patient_id=patient_id,
        due_at=timezone.now(),
    )
    if settings.OUTBOX_TRY_AT_ONCE:
        transaction.on_commit(_try_beside_the_request)
    return message


def _try_beside_the_request() -> None:
    threading.Thread(target=_send_and_let_go, name="outbox", daemon=True).start()


def _send_and_let_go() -> None:
    try:
        send_due()
    except Exception:
        logger.exception("outbox not sent")
    finally:
        connection.close()


def send_due(*, most: int = AT_ONCE) -> tuple[int, int]:
    """Try each message that is due, at most `most`: how many were sent, and how many were not.

    Any number of senders may run at once, since each takes a message for itself first.
    """
    sent = failed = 0
    for _ in range(most):
        message = _claim()
        if message is None:
            break
        went = _send(message)
        metrics.mailed(sent=went)
        if went:
            sent += 1
        else:
            failed += 1
    return sent, failed


def waiting() -> QuerySet[OutboxMessage]:
    """Messages that are neither sent nor given up."""
    return OutboxMessage.objects.filter(sent_at=None, given_up_at=None)


def not_sent() -> QuerySet[OutboxMessage]:
    """Messages that somebody should know of: a try failed, or all did."""
    return OutboxMessage.objects.filter(sent_at=None, tries__gt=0).exclude(problem="")


def state(message: OutboxMessage) -> str:
    """Where a message stands, for the staff."""
    if message.sent_at:
        return "Sent"
    if message.given_up_at:
        return "Not sent, given up"
    return "Not sent, will be tried again" if message.problem else "Waiting"


def try_again(message: OutboxMessage) -> None:
    """Make a message that waits due now."""
    waiting().filter(pk=message.pk).update(due_at=timezone.now())
    if settings.OUTBOX_TRY_AT_ONCE:
        transaction.on_commit(_try_beside_the_request)


def withdraw(message: OutboxMessage) -> None:
    """Send a message no more: what it leads to has ended."""
    waiting().filter(pk=message.pk).update(given_up_at=timezone.now(), body="", problem="Withdrawn")


@transaction.atomic
def _claim() -> OutboxMessage | None:
    """The message that has been due longest, taken so that no other sender tries it now."""
    now = timezone.now()
    due = waiting().filter(due_at__lte=now).order_by("due_at", "pk")
    skip = connection.features.has_select_for_update_skip_locked
    message = due.select_for_update(skip_locked=skip).first()
    if message is None:
        return None
    message.due_at, message.tries = now + CLAIMED_FOR, message.tries + 1
    message.save(update_fields=["due_at", "tries"])
    return message


def _send(message: OutboxMessage) -> bool:
    """One try, outside of any transaction: a slow server holds no lock."""
    letter = EmailMessage(
        subject=message.subject,
        body=message.body,
        to=[message.recipient],
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
    )
    try:
        letter.send(using=MAILER)
    except Exception as failure:  # Whatever a mail server does, the message stays.
        _put_back(message, _in_words(failure))
        return False
    OutboxMessage.objects.filter(pk=message.pk).update(sent_at=timezone.now(), body="", problem="")
    return True


def _in_words(failure: Exception) -> str:
    """Why a try failed, with the server's number and none of its words: it may quote an address."""
    if isinstance(failure, mail.MailerDoesNotExist):
        return NOT_CONFIGURED
    if isinstance(failure, SMTPRecipientsRefused):
        codes = {code for code, _ in failure.recipients.values()}
        return f"The mail server refused the address ({', '.join(map(str, sorted(codes)))})"
    if isinstance(failure, SMTPServerDisconnected):
        return NOT_REACHED
    if isinstance(failure, SMTPResponseException):
        return f"The mail server refused ({failure.smtp_code})"
    if isinstance(failure, OSError) and not isinstance(failure, SMTPException):
        return NOT_REACHED
    return NOT_UNDERSTOOD


def _put_back(message: OutboxMessage, problem: str) -> None:
    """Wait for the next try, or give up after the last one."""
    logger.warning("mail not sent", extra={"fields": {"message": message.pk, "why": problem}})
    now = timezone.now()
    if message.tries > len(PAUSES) and problem != NOT_CONFIGURED:
        message.given_up_at, message.body = now, ""
    else:
        message.due_at = now + PAUSES[min(message.tries, len(PAUSES)) - 1]
    message.problem = problem
    message.save(update_fields=["given_up_at", "body", "due_at", "problem"])
