"""What the written criteria suggest for a patient's plan now, and putting one of them into a draft.

Nothing is applied by itself: taking a suggestion up makes or changes the draft of the next version,
which a chiropractor reads, changes and approves like any other.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from chiro.practice.models import Practice, User
from exercises import progression, shelf
from exercises.library import Card
from exercises.models import CheckIn, Plan
from exercises.planner.patient import Patient
from exercises.progression import Act, Exercise, Report, Suggestion
from exercises.services import diary, planning
from exercises.services import rows as plan_rows
from exercises.services.rows import Row
from screening.anatomy import Tier
from screening.answers import AnswerError
from screening.models import Review
from screening.services.review import RefusedError

LOOKED_BACK = timedelta(days=60)
SETS = ("sets_left", "sets_right", "sets_both")


def suggested(plan: Plan, review: Review, today: date) -> tuple[Suggestion, ...]:
    """The suggestions for an approved plan; none for a record of another questionnaire."""
    try:
        patient = planning.patient_of(review)
    except (AnswerError, LookupError, TypeError):
        return ()
    [*history] = diary.history([plan], until=today, days=LOOKED_BACK.days)
    written = history[0][1] if history else []
    return progression.suggest(written, _reports(plan), _facts(plan, patient), today=today)


def _reports(plan: Plan) -> list[Report]:
    """The check-ins since this version was approved."""
    rows = CheckIn.objects.filter(screening=plan.screening_id, made_at__gte=plan.approved_at)
    return [
        Report(
            on=timezone.localdate(row.made_at), tier=Tier(row.tier), reported=tuple(row.reported)
        )
        for row in rows
    ]


def _facts(plan: Plan, patient: Patient) -> progression.Plan:
    practice, cards = Practice.current(), shelf.cards()
    rows = [row for row in planning.rows_of(plan) if row.slug in cards and not row.is_habit]
    shut = shelf.retired().union(row.slug for row in rows)
    return progression.Plan(
        exercises=tuple(Exercise(slug=row.slug, sets=_fewest(row), reps=row.reps) for row in rows),
        began=diary.first_day(plan),
        cards=cards,
        open={
            card.slug
            for card in cards.values()
            if card.slug not in shut and patient.filter.open(card) and _in_reach(card, patient)
        },
        green_up_to=practice.green_up_to,
        yellow_up_to=practice.yellow_up_to,
    )


def _in_reach(card: Card, patient: Patient) -> bool:
    return not card.stage.isdecimal() or int(card.stage) <= patient.stage_cap


def _fewest(row: Row) -> int:
    return min((count for count in map(row.__getattribute__, SETS) if count), default=1)


# --- into a draft -----------------------------------------------------------------------------


@transaction.atomic
def take_up(*, plan: Plan, slug: str, act: str, by: User) -> Plan:
    """Put one suggestion into the draft of the next version and return the draft.

    The second time changes nothing. Raises RefusedError, also where the criteria no longer say so.
    """
    review = Review.objects.select_related("screening__patient", "cleared_by").get(
        screening=plan.screening_id
    )
    found = next(
        (
            one
            for one in suggested(plan, review, timezone.localdate())
            if one.is_change and (one.slug, one.act.value) == (slug, act)
        ),
        None,
    )
    if found is None:
        raise RefusedError("The diary no longer suggests this. Look at it again.")
    draft = plan.screening.plans.filter(status=Plan.Status.DRAFT).first()
    draft = draft or planning.next_version(plan=plan, by=by)
    before = next(row for row in planning.rows_of(plan) if row.slug == slug)
    rows = planning.rows_of(draft)
    if found.to not in {row.slug for row in rows} or found.to == slug:
        rows = tuple(
            _stepped(row, before, found, review) if row.slug == slug else row for row in rows
        )
    if found.to not in {row.slug for row in rows}:
        raise RefusedError("The draft no longer holds this exercise.")
    planning.change(plan=draft, by=by, rows=rows, act="step suggested by the diary")
    return draft


def _stepped(row: Row, before: Row, found: Suggestion, review: Review) -> Row:
    """The row of the draft, one step on from the approved one."""
    if found.to != row.slug:
        return plan_rows.swapped(row, shelf.cards()[found.to], planning.patient_of(review))
    if found.act is Act.MORE_REPS and before.reps:
        return replace(row, reps=before.reps + 1)
    step = {Act.MORE_SETS: 1, Act.FEWER_SETS: -1}[found.act]
    return replace(row, **_sets(before, step))


def _sets(before: Row, step: int) -> dict[str, Any]:
    counts = {name: getattr(before, name) for name in SETS}
    return {name: max(1, count + step) for name, count in counts.items() if count}
