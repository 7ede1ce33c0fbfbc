"""The link that stands on a printed plan, as QR code and as code to type.

It is kept with the first paper that carries it, so that there is no link without a paper and no
paper without a link. A later version leaves it alone: a link leads to its screening, and shows the
newest approved plan there.
"""

from datetime import datetime, timedelta

from django.utils import timezone

from chiro.practice import audit
from chiro.practice.links import Purpose, digest
from exercises.door import Door
from exercises.models import Plan, PlanLink

LASTS = timedelta(days=180)
"""A plan takes six weeks, its paper hangs longer; approving a next version prolongs it."""


def keep(plan: Plan, door: Door) -> None:
    """Keep the digests of a way that was just printed. Called with the paper, in its transaction.

    The papers of one approval share a way; a paper that is made later has one of its own.
    """
    if plan.approved_by is None:
        raise ValueError("Only an approved plan has a paper.")
    until = timezone.now() + LASTS
    link, is_new = PlanLink.objects.get_or_create(
        digest=digest(door.token, Purpose.PLAN),
        defaults={
            "patient_id": plan.screening.patient_id,
            "screening_id": plan.screening_id,
            "code_digest": digest(door.code, Purpose.PLAN_CODE),
            "created_by": plan.approved_by,
            "expires_at": until,
        },
    )
    if is_new:
        _prolong(plan, until)
        audit.record("paper link made", patient=link.patient_id, obj=link, label=audit.SYSTEM)


def _prolong(plan: Plan, until: datetime) -> None:
    """Let the papers that the patient has go on opening the newest plan."""
    PlanLink.objects.filter(
        screening_id=plan.screening_id,
        code_digest__isnull=False,
        revoked_at=None,
        expires_at__gt=timezone.now(),
    ).update(expires_at=until)
