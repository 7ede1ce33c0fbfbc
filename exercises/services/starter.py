"""First exercises before a chiropractor has checked anything, where the practice wants that.

Stage 1 and mobility cards only, only for a record without any warning sign, and only until a
chiropractor approves or withholds a plan. Frozen when the answers are sent. The only writer of
`StarterPlan`.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists
from django.utils import timezone
from django.utils.translation import gettext, override

from chiro.practice import audit
from chiro.practice.models import Practice
from exercises import handout, library, planner, shelf
from exercises.library import Card
from exercises.models import Plan, StarterPlan
from screening import answers as contract
from screening import assessment as rules
from screening import rulesets
from screening.anatomy import Tier
from screening.models import Review, Screening
from screening.services import result

STAGES = ("1", "M", "H")
"""What nobody has to check first: activate, mobility, habits."""


def make(screening: Screening) -> StarterPlan | None:
    """Freeze the first exercises of a screening that was just sent; None where there are none.

    Called by `settings.AFTER_SUBMIT`, in its transaction.
    """
    practice = Practice.current()
    if practice.plan_policy != Practice.PlanPolicy.STARTER or screening.triage != Tier.NONE.value:
        return None
    content = _compose(screening, practice)
    if content is None:
        return None
    starter = StarterPlan.objects.create(screening=screening, content=content)
    audit.record("first exercises made", patient=screening.patient_id, obj=starter)
    return starter


def shown(screening: Screening, practice: Practice) -> dict[str, Any] | None:
    """What the patient may read now; None for any tier, and once a chiropractor has decided."""
    if screening.triage != Tier.NONE.value or result.waits(screening, practice):
        return None
    if practice.plan_policy != Practice.PlanPolicy.STARTER:
        return None
    reviews = Review.objects.filter(screening=screening)
    decided = reviews.filter(status__in=(Review.Status.WITHHELD, Review.Status.APPROVED))
    released = screening.plans.exclude(status=Plan.Status.DRAFT)
    undecided = StarterPlan.objects.filter(~Exists(decided), ~Exists(released))
    starter = undecided.filter(screening=screening).first()
    return starter.content if starter else None


def cards() -> Mapping[str, Card]:
    """The cards that may be shown unchecked."""
    return {slug: card for slug, card in library.load().items() if card.stage in STAGES}


def _compose(screening: Screening, practice: Practice) -> dict[str, Any] | None:
    assessment = rules.from_json(screening.assessment)
    answers = contract.parse(screening.answers)
    ruleset = rulesets.load(screening.ruleset_version)
    draft = planner.plan(assessment, answers, cards(), ruleset)
    if draft is None or not (draft.cards or draft.habits):
        return None
    notes = planner.open_notes(assessment, answers, cards(), ruleset)
    with override(screening.language):
        content = handout.write(
            cards=shelf.in_language(),
            issuer=handout.issuer_of(practice),
            heading=_heading(screening),
            findings=handout.findings_of(screening),
            items=handout.items_of(draft),
            minutes=draft.minutes,
            open_slugs=notes,
            open_notes=notes,
            advice=draft.advice,
        )
        return {**content, "identity": gettext("First exercises")}


def _heading(screening: Screening) -> handout.Heading:
    return handout.Heading(
        number=f"{screening.pk:06d}",
        version=0,
        patient=screening.patient.full_name,
        clinician="",
        on=timezone.localdate(screening.submitted_at),
        questionnaire=screening.questionnaire_version,
        ruleset=screening.ruleset_version,
        notice=gettext("Not yet checked by your chiropractor"),
    )
