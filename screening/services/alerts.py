"""Alerts that come after a screening: raised by what a patient reports, seen by a chiropractor.

The only writer of `Alert`. An alert of tier same day or emergency keeps the patient's plan closed
until a chiropractor has seen it (`pauses`).
"""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from chiro.practice import audit, permissions
from chiro.practice.models import User
from screening.anatomy import Tier
from screening.models import Alert, Decision, Draft, Review, Screening
from screening.services import review as reviews

REPORTED = {
    "chest": "chest pain or trouble breathing",
    "saddle": "numbness between the legs",
    "bladder": "new bladder or bowel trouble",
    "weak_leg": "a leg getting weaker",
    "calf": "one calf swollen, hot and sore",
    "fall": "a hard fall or crash",
    "fever": "fever or chills with the pain",
    "tingling": "new tingling in a leg",
    "health": "a new illness or pregnancy",
    "pain_rise": "pain up by 2 or more",
    "much_worse": "feels much worse",
    "no_change": "no change since the start",
}
"""Code of what was reported -> its words for the staff."""

PAUSING = (Tier.SAME_DAY.value, Tier.EMERGENCY.value)


def words(alert: Alert) -> str:
    """What was reported, for the staff: "Check-in: numbness between the legs. Plan closed ..."."""
    said = ", ".join(REPORTED.get(code, code) for code in alert.reported)
    shuts = alert.tier in PAUSING and alert.acknowledged_by_id is None
    closed = " The plan is closed until this is seen." if shuts else ""
    return f"Check-in: {said}.{closed}"


@transaction.atomic
def report(*, screening: Screening, tier: Tier, reported: Sequence[str]) -> Alert:
    """Raise an alert about a patient; `reported` are codes, never words of the patient."""
    alert = Alert.objects.create(
        screening=screening, tier=tier.value, reported=list(reported), raised_at=timezone.now()
    )
    audit.record("alert raised", patient=screening.patient_id, obj=alert)
    return alert


@transaction.atomic
def acknowledge(*, alert: Alert, by: User) -> Alert:
    """Record who saw an alert and when. The second time changes nothing. Raises RefusedError."""
    reviews.check_role(by, permissions.ACKNOWLEDGE_ALERT, "answer for an alert")
    review = reviews.lock(screening=alert.screening)
    row = Alert.objects.select_for_update().get(pk=alert.pk)
    if row.acknowledged_by_id is None:
        row.acknowledged_by, row.acknowledged_at = by, timezone.now()
        row.save(update_fields=["acknowledged_by", "acknowledged_at"])
        details = {"alert": row.pk, "tier": row.tier, "reported": row.reported}
        reviews.changed(review, Decision.Kind.ACKNOWLEDGED, by=by, details=details)
    return row


def pauses(patient: str, screened_at: str) -> Q:
    """Condition on a row: something serious of this patient waits for a chiropractor.

    `patient` and `screened_at` are the row's own columns: whose it is, and when the screening that
    it rests on was sent. Counted are alerts, later screenings and stopped questionnaires.
    """
    mine = OuterRef(patient)
    alerts = Alert.objects.filter(screening__patient=mine, tier__in=PAUSING, acknowledged_by=None)
    later = Review.objects.filter(
        screening__patient=mine,
        screening__triage__in=PAUSING,
        screening__submitted_at__gt=OuterRef(screened_at),
        acknowledged_by=None,
    )
    stopped = Draft.objects.filter(patient=mine, acknowledged_by=None).exclude(stopped_at=None)
    return Q(Exists(alerts)) | Q(Exists(later)) | Q(Exists(stopped))
