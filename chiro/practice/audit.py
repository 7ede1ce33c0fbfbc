"""The append-only record of who did what. The only writer of `AuditEvent`.

An event names the record by its number and the kind of act. It never holds an answer, a finding or
the name of a patient. `bind` is called by the middleware, so that a service needs no request to
record where an act came from.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection
from django.db.models import Model
from django.http import HttpRequest

from chiro.practice import revocations
from chiro.practice.models import AuditEvent, User

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

PATIENT = "patient"
STAFF = "staff"
SYSTEM = "system"
VISITOR = "visitor"
LABELS = (PATIENT, STAFF, SYSTEM, VISITOR)


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where an act came from: the address of the client, if there was a request."""

    ip: str | None = None
    in_request: bool = False


OUTSIDE_A_REQUEST = Origin()
_origin: ContextVar[Origin | None] = ContextVar("audit_origin", default=None)


def record(
    event: str,
    *,
    actor: "AbstractBaseUser | AnonymousUser | None" = None,
    patient: Model | int | None = None,
    obj: Model | None = None,
    request: HttpRequest | None = None,
    label: str = "",
) -> AuditEvent:
    """Append one event and return it.

    `event` is a short phrase such as "plan approved". `actor` is the member of staff; without one
    it was the patient inside a request and the system outside one, unless `label` says another
    word. `patient` is the patient or their number; `obj` is the row that was read or changed.
    """
    bound = _origin.get() or OUTSIDE_A_REQUEST
    origin = origin_of(request) if request is not None else bound
    staff = actor if isinstance(actor, User) else None
    revocations.note(event, obj)
    return AuditEvent.objects.create(
        event=event,
        actor=staff,
        actor_label=label or _label(staff, origin),
        patient_id=patient.pk if isinstance(patient, Model) else patient,
        object_type=obj._meta.label_lower if obj is not None else "",
        object_id=str(obj.pk) if obj is not None else "",
        ip=origin.ip,
    )


def _label(staff: User | None, origin: Origin) -> str:
    """Return who acted, in one word."""
    if staff is not None:
        return STAFF
    return PATIENT if origin.in_request else SYSTEM


@contextmanager
def bind(request: HttpRequest) -> Iterator[None]:
    """Remember the origin of everything recorded while this request is answered."""
    token = _origin.set(origin_of(request))
    try:
        yield
    finally:
        _origin.reset(token)


def in_request() -> bool:
    """Say whether a request is being answered."""
    return (_origin.get() or OUTSIDE_A_REQUEST).in_request


def origin_of(request: HttpRequest) -> Origin:
    """Return where a request came from."""
    return Origin(ip=client_ip(request), in_request=True)


def client_ip(request: HttpRequest) -> str | None:
    """Return the client's address, None where there is no valid one.

    Forwarded addresses count only as far as TRUSTED_PROXIES reaches: with one proxy, the last
    address it added. A visitor can write anything further to the left.
    """
    direct = _valid(request.META.get("REMOTE_ADDR", ""))
    if not settings.TRUSTED_PROXIES:
        return direct
    forwarded = request.headers.get("X-Forwarded-For", "")
    chain = [part for part in forwarded.split(",") if part.strip()]
    if len(chain) < settings.TRUSTED_PROXIES:
        return direct
    return _valid(chain[-settings.TRUSTED_PROXIES])


def _valid(address: str) -> str | None:
    """Return the address in its usual spelling, None for what is no address."""
    try:
        return str(ip_address(address.strip()))
    except ValueError:
        return None


def kinds() -> list[str]:
    """The kinds of events that stand in the log, in order. Leaps from one to the next, however
    many events there are of each."""
    table = connection.ops.quote_name(AuditEvent._meta.db_table)
    leaps = (
        f"WITH RECURSIVE kind(event) AS (SELECT MIN(event) FROM {table} UNION ALL "  # noqa: S608
        f"SELECT (SELECT MIN(event) FROM {table} WHERE event > kind.event) "
        "FROM kind WHERE kind.event IS NOT NULL) SELECT event FROM kind WHERE event IS NOT NULL"
    )
    with connection.cursor() as cursor:
        cursor.execute(leaps)
        return [event for (event,) in cursor.fetchall()]
