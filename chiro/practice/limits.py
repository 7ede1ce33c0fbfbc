"""How often one address, one link or everybody may do something; `TooManyError` says stop.

The counts are rows, so that they hold for every process of every server. A row's key is a keyed
digest: it tells neither the address nor the link. This computer itself is never stopped: where a
proxy stands in front, `audit.client_ip` gives the visitor's address, never the proxy's.
"""

import hashlib
import hmac
import math
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from chiro.practice import audit
from chiro.practice.models import Tally


@dataclass(frozen=True, kw_only=True)
class Limit:
    """At most `most` times `within` a span that begins with the first time."""

    name: str
    most: int
    within: timedelta


LOST_LINKS = Limit(name="links that open nothing", most=20, within=timedelta(minutes=10))
STARTS = Limit(name="questionnaires begun", most=40, within=timedelta(hours=1))
STARTS_OF_ALL = Limit(name="questionnaires begun by all", most=200, within=timedelta(hours=1))
MAILS = Limit(name="mails asked for", most=5, within=timedelta(hours=1))
RENDERS = Limit(name="papers made for a link", most=10, within=timedelta(hours=1))

EVERYBODY = "everybody"


class TooManyError(Exception):
    """A limit is reached; `seconds` is how long to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many; wait {seconds} s")
        self.seconds = seconds


def address(request: HttpRequest) -> str | None:
    """The visitor to count; None for this computer and where no address is known."""
    found = audit.client_ip(request)
    if found is None or ip_address(found).is_loopback:
        return None
    return found


def take(limit: Limit, subject: str | None) -> None:
    """Count one time more. Raises TooManyError beyond the limit; None is never stopped."""
    if subject is not None and count(limit, subject) > limit.most:
        raise TooManyError(wait(limit, subject))


def count(limit: Limit, subject: str) -> int:
    """Add one and return how often it was in the current span."""
    key, now = _key(limit, subject), timezone.now()
    live = Tally.objects.filter(key=key, ends_at__gt=now)
    if not live.update(count=F("count") + 1):
        Tally.objects.filter(ends_at__lte=now).delete()
        try:
            with transaction.atomic():
                Tally.objects.create(key=key, ends_at=now + limit.within, count=1)
        except IntegrityError:  # another process began the same span
            live.update(count=F("count") + 1)
    return live.values_list("count", flat=True).first() or 1


def wait(limit: Limit, subject: str | None) -> int:
    """The seconds until the subject may go on; 0 while the limit is not reached."""
    if subject is None:
        return 0
    now = timezone.now()
    full = Tally.objects.filter(key=_key(limit, subject), ends_at__gt=now, count__gte=limit.most)
    ends = full.values_list("ends_at", flat=True).first()
    return max(1, math.ceil((ends - now).total_seconds())) if ends else 0


def _key(limit: Limit, subject: str) -> str:
    text = f"{limit.name}:{subject}"
    return hmac.digest(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hex()
