"""Plan templates: rows to begin a plan with. They hold doses and nothing of a patient.

Applied to a patient, each row goes through the cautions: what is blocked stays off, doses come down
to the patient's column, and the weaker side gets its extra set. The only writer of `PlanTemplate`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from chiro.practice import audit, permissions
from chiro.practice.models import User
from exercises.library import Card, Kind
from exercises.models import Plan, PlanTemplate
from exercises.planner.patient import Patient
from exercises.services import cautions, planning
from exercises.services import rows as plan_rows
from exercises.services.rows import Row, Rows
from screening.services import review as reviews
from screening.services.review import RefusedError

NAME_LENGTH = 60
DOSE = ("reps", "hold_seconds", "rest_seconds", "times_a_day", "days_per_week")


@dataclass(frozen=True, kw_only=True, slots=True)
class Applied:
    """The rows for one patient, and in words what stayed off and what came down."""

    rows: Rows
    told: str


def offered() -> list[tuple[int, str]]:
    """The number and name of each template in use."""
    return list(PlanTemplate.objects.filter(is_active=True).values_list("pk", "name"))


def find(number: str) -> PlanTemplate | None:
    """The template in use of this number."""
    pk = int(number) if number.isdecimal() else 0
    return PlanTemplate.objects.filter(is_active=True, pk=pk).first()


@transaction.atomic
def keep(*, name: str, plan: Plan, by: User) -> PlanTemplate:
    """Make a template of a plan's stored rows. Raises RefusedError."""
    reviews.check_role(by, permissions.CHANGE_PLAN, "keep a template")
    line = " ".join(name.split())
    if not line or len(line) > NAME_LENGTH:
        raise RefusedError(f"Give the template a name of at most {NAME_LENGTH} characters.")
    if PlanTemplate.objects.filter(name__iexact=line).exists():
        raise RefusedError(f"There is a template called “{line}” already. Choose another name.")
    rows = [_kept(row) for row in planning.rows_of(plan)]
    if not rows:
        raise RefusedError("The plan is empty.")
    template = PlanTemplate.objects.create(name=line, rows=rows, changed_by=by)
    audit.record("plan template kept", actor=by, obj=template)
    return template


def _kept(row: Row) -> dict[str, Any]:
    """A row without its patient: sets a side are the lesser, since the extra set is a patient's."""
    counts = [count for count in (row.sets_left, row.sets_right, row.sets_both) if count]
    dose = {name: getattr(row, name) for name in DOSE}
    return {"slug": row.slug, "sets": min(counts, default=0), **dose}


@transaction.atomic
def change(*, template: PlanTemplate, by: User) -> None:
    """Store a new name, or whether it is in use. Raises RefusedError."""
    reviews.check_role(by, permissions.CHANGE_PLAN, "change a template")
    template.changed_by = by
    template.save()
    audit.record("plan template changed", actor=by, obj=template)


def applied(
    template: PlanTemplate, old: Sequence[Row], cards: Mapping[str, Card], patient: Patient
) -> Applied:
    """The template's rows for a patient; the reasons of cards that were on the plan stay."""
    before = {row.slug: row for row in old}
    rows, off, lowered = [], [], []
    for kept in template.rows:
        card = cards.get(kept["slug"])
        blocks = cautions.of(card, patient).blocks if card else "not in the library any more"
        if card is None or blocks:
            off.append(f"{card.name if card else kept['slug']} ({blocks})")
            continue
        row = _row(kept, card, patient)
        if _is_lower(row, kept):
            lowered.append(card.name)
        was = before.get(card.slug)
        rows.append(replace(row, because=was.because, slot=was.slot, note=was.note) if was else row)
    return Applied(rows=tuple(rows), told=_told(template, off, lowered))


def _row(kept: Mapping[str, Any], card: Card, patient: Patient) -> Row:
    """One row: the template's dose, no more than the patient's column allows."""
    fresh = plan_rows.chosen(card, patient)
    if card.kind is Kind.HABIT:
        return fresh
    column = patient.column
    sets = min(kept["sets"], column.most_sets)
    extra = {side: plan_rows.sets_of(side, sets, card, patient) for side in ("left", "right")}
    one_sided = fresh.sets_both is None
    return replace(
        fresh,
        sets_left=extra["left"] if one_sided else None,
        sets_right=extra["right"] if one_sided else None,
        sets_both=None if one_sided else sets,
        reps=min(kept["reps"], column.most_reps) if kept["reps"] and fresh.reps else fresh.reps,
        hold_seconds=_hold(kept, fresh, column.most_hold_seconds),
        rest_seconds=max(kept["rest_seconds"], 0),
        times_a_day=min(kept["times_a_day"], fresh.times_a_day),
        days_per_week=min(kept["days_per_week"], fresh.days_per_week),
    )


def _hold(kept: Mapping[str, Any], fresh: Row, most: int | None) -> int:
    """The template's hold; a held card has no limit of the column."""
    hold = int(kept["hold_seconds"])
    return hold if most is None or fresh.reps is None else min(hold, most)


def _is_lower(row: Row, kept: Mapping[str, Any]) -> bool:
    if row.is_habit:
        return False
    sets = min(count for count in (row.sets_left, row.sets_right, row.sets_both) if count)
    pairs = ((sets, kept["sets"]), *((getattr(row, name) or 0, kept[name] or 0) for name in DOSE))
    return any(now < then for now, then in pairs)


def _told(template: PlanTemplate, off: Sequence[str], lowered: Sequence[str]) -> str:
    told = [f"template “{template.name}” applied"]
    if off:
        told.append(f"left off: {', '.join(off)}")
    if lowered:
        told.append(f"less than in the template: {', '.join(lowered)}")
    return "; ".join(told)
