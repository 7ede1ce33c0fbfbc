"""From an assessment to a plan draft: tags, matrix, ladders, slots, doses and time-fit.

Core: standard library only. `plan` is pure; the same inputs give the same draft. Read by the
planning service, `assess` and `print_plan`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from exercises.library import Card, Kind, Sides
from exercises.planner.doses import Dosed, dose, dose_of, fit, seconds
from exercises.planner.patient import Patient, read_patient, whole
from exercises.planner.reasons import because
from exercises.planner.tables import (
    FIRST_HABIT,
    MINUTE,
    OVERUSE,
    OVERUSE_ADVICE,
    SHEET,
    SLOTS,
    STAND_FIRST_FROM_AGE,
    Slot,
)
from screening.anatomy import SIDES, Tier
from screening.answers import Answers
from screening.assessment import Assessment
from screening.rulesets import RuleSet

__all__ = [
    "PlanCard",
    "PlanDraft",
    "Proposal",
    "choose",
    "may_have_plan",
    "open_cards",
    "open_notes",
    "plan",
    "pool",
    "propose",
    "sets_by_side",
]

type Cards = Mapping[str, Card]

_SPEAKS = {slot.code: slot.speaks for slot in SLOTS}


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanCard:
    """One exercise of the draft with its dose. `sets` is {"left", "right"} or {"both"}."""

    slug: str
    slot: str  # ABD, EXT, STAND, FUNC, CORE, MOB
    sets: Mapping[str, int]
    reps: int | None  # None for timed cards
    hold_seconds: int
    rest_seconds: int
    times_a_day: int
    days_per_week: int
    first_side: str  # the side to begin with, "" when there is none
    because: str  # "because you told us ..." in the patient's words
    cautions: tuple[str, ...]  # notes of the matrix that apply to this patient


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanDraft:
    """What the planner proposes: cards in the order of the sheet, habits, minutes a session."""

    cards: tuple[PlanCard, ...]
    habits: tuple[str, ...]
    habit_reasons: tuple[str, ...]  # one a habit, same order
    advice: tuple[str, ...]  # advice in words without a card (overuse)
    minutes: float
    skipped: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposal:
    """A plan in cards and numbers, before its words: the cards in the order of the sheet."""

    patient: Patient
    cards: tuple[Dosed, ...]
    habits: tuple[Card, ...]
    minutes: float
    skipped: tuple[str, ...]


def plan(
    assessment: Assessment, answers: Answers, cards: Cards, ruleset: RuleSet, cleared: bool = False
) -> PlanDraft | None:
    """The plan for one assessed record, or None when it may have none.

    A tier other than `none` has no plan; `cleared` opens `clinician_first`, and only that.
    `answers` are the complete answers that `assessment` was made of. Specification 5, contract.
    """
    proposal = propose(assessment, answers, cards, ruleset, cleared)
    if proposal is None:
        return None
    patient = proposal.patient
    habits = [(card.slug, card.habit.rule) for card in proposal.habits if card.habit]
    return PlanDraft(
        cards=tuple(_plan_card(dosed, patient) for dosed in proposal.cards),
        habits=tuple(slug for slug, _ in habits),
        habit_reasons=tuple(because((rule,), patient) for _, rule in habits),
        advice=(OVERUSE_ADVICE,) if OVERUSE in patient.fired else (),
        minutes=proposal.minutes,
        skipped=proposal.skipped,
    )


def propose(
    assessment: Assessment, answers: Answers, cards: Cards, ruleset: RuleSet, cleared: bool = False
) -> Proposal | None:
    """What `plan` puts into words; None when the record may have no plan."""
    if not may_have_plan(assessment.triage, cleared):
        return None
    patient = read_patient(assessment, answers, ruleset)
    chosen, skipped = choose(patient, cards)
    doses = [dose(slot, card, patient) for slot, card in chosen]
    fitted = fit(doses, whole(answers, "minutes") * MINUTE)
    return Proposal(
        patient=patient,
        cards=tuple(_sheet(fitted, patient)),
        habits=_habits(patient, cards),
        minutes=round(sum(map(seconds, fitted)) / MINUTE, 1),
        skipped=skipped,
    )


def may_have_plan(triage: Tier, cleared: bool) -> bool:
    """Whether a record of this tier may have a plan."""
    return triage is Tier.NONE or (cleared and triage is Tier.CLINICIAN_FIRST)


def open_cards(
    assessment: Assessment, answers: Answers, cards: Cards, ruleset: RuleSet
) -> frozenset[str]:
    """The exercises that this patient may ever be given without a clinician opening more.

    Not the entry of week 1: harder cards of a ladder are in it. For the neighbours on the paper.
    """
    return frozenset(pool(read_patient(assessment, answers, ruleset), cards))


def open_notes(
    assessment: Assessment, answers: Answers, cards: Cards, ruleset: RuleSet
) -> dict[str, tuple[str, ...]]:
    """The cards of `open_cards`, each with the notes of the matrix for this patient."""
    patient = read_patient(assessment, answers, ruleset)
    return {slug: patient.filter.notes(card) for slug, card in pool(patient, cards).items()}


def pool(patient: Patient, cards: Cards) -> dict[str, Card]:
    """The exercises that no fact removes, whose equipment is owned, within the stage cap."""
    return {
        slug: card
        for slug, card in cards.items()
        if card.kind is not Kind.HABIT
        and (card.kind is Kind.MOBILITY or int(card.stage) <= patient.stage_cap)
        and patient.filter.open(card)
    }


def choose(patient: Patient, cards: Cards) -> tuple[list[tuple[str, Card]], tuple[str, ...]]:
    """The slot and card of each filled place, in slot order, and the slots that found nothing."""
    easy = [card for card in pool(patient, cards).values() if card.difficulty <= patient.entry]
    chosen: list[tuple[str, Card]] = []
    skipped: list[str] = []
    for slot in patient.slots:
        if len(chosen) == patient.places:
            break
        card = _fill(slot, easy, patient, [card for _, card in chosen])
        if card:
            chosen.append((slot.code, card))
        else:
            skipped.append(slot.code)
    return chosen, tuple(skipped)


def _fill(
    slot: Slot, cards: Sequence[Card], patient: Patient, chosen: Iterable[Card]
) -> Card | None:
    """The card of the slot's first choice that finds one; a ladder serves one slot only."""
    taken = {card.ladder for card in chosen}
    for choice in slot.choices:
        if (choice.rule and choice.rule not in patient.fired) or choice.ladder in taken:
            continue
        found = [
            card
            for card in cards
            if card.slug == choice.slug or (choice.ladder and card.ladder == choice.ladder)
        ]
        if found:
            return max(found, key=lambda card: card.difficulty)
    return None


def _habits(patient: Patient, cards: Cards) -> tuple[Card, ...]:
    """The cards of the habits that counted, the patient's own first choice first."""
    first = FIRST_HABIT.get(str(patient.answers.get("first_habit")))
    by_rule = {card.habit.rule: card for card in cards.values() if card.habit}
    fired = sorted(patient.fired & set(by_rule), key=lambda rule: (rule != first, rule))
    return tuple(by_rule[rule] for rule in fired)


def _sheet(dosed: Sequence[Dosed], patient: Patient) -> list[Dosed]:
    """The cards in the order of the sheet; from 60 on standing work comes first, while fresh."""
    order = [*(slot.code for slot in patient.slots[:2]), *SHEET]
    if whole(patient.answers, "age") >= STAND_FIRST_FROM_AGE:
        order = sorted(order, key=lambda code: code != "STAND")
    return sorted(dosed, key=lambda one: order.index(one.slot))


def _plan_card(dosed: Dosed, patient: Patient) -> PlanCard:
    card, given = dosed.card, dose_of(dosed.card)
    each = card.sides is Sides.EACH
    return PlanCard(
        slug=card.slug,
        slot=dosed.slot,
        sets=sets_by_side(dosed, patient),
        reps=dosed.reps,
        hold_seconds=dosed.hold_seconds,
        rest_seconds=dosed.rest_seconds,
        times_a_day=given.times_a_day_irritable if patient.irritable else given.times_a_day,
        days_per_week=min(whole(patient.answers, "days"), given.days_per_week.high),
        first_side=patient.first_side if each else "",
        because=because(_SPEAKS[dosed.slot], patient),
        cautions=patient.filter.notes(card),
    )


def sets_by_side(dosed: Dosed, patient: Patient) -> dict[str, int]:
    """Sets by `left` and `right` for one-sided cards, by `both` for the others."""
    if dosed.card.sides is not Sides.EACH:
        return {"both": dosed.sets}
    return {
        side.value: dosed.sets + (dosed.extra if side == patient.first_side else 0)
        for side in SIDES
    }
