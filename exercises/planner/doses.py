"""How much of a card: the dose within the patient's column, its time, and fitting the minutes.

Core: standard library only.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from exercises.library import Card, Dose, Sides
from exercises.library.cards import Range
from exercises.planner.patient import Patient
from exercises.planner.tables import HIGH_END, MAINTENANCE, REP_SECONDS, SET_UP_SECONDS


@dataclass(frozen=True, kw_only=True, slots=True)
class Dosed:
    """A chosen card with its dose. `extra` is 1 for the weaker side's extra set, else 0."""

    slot: str
    card: Card
    sets: int
    extra: int
    reps: int | None
    hold_seconds: int
    rest_seconds: int


def dose(slot: str, card: Card, patient: Patient) -> Dosed:
    """The card's dose within the patient's column, before time-fit."""
    given, column = dose_of(card), patient.column
    reps = None if given.reps is None else min(_end(given.reps, patient), column.most_reps)
    hold = _end(given.hold_seconds, patient)
    if reps is not None and column.most_hold_seconds is not None:
        hold = min(hold, column.most_hold_seconds)
    laddered_side = card.sides is Sides.EACH and bool(card.ladder)
    return Dosed(
        slot=slot,
        card=card,
        sets=min(_end(given.sets, patient), column.most_sets),
        extra=int(patient.extra_set and laddered_side),
        reps=reps,
        hold_seconds=hold,
        rest_seconds=column.rest_seconds if given.rest_seconds is None else given.rest_seconds,
    )


def dose_of(card: Card) -> Dose:
    """What the card itself gives. Raises ValueError for a habit, which has no dose."""
    if card.dose is None:
        raise ValueError(f"{card.slug} has no dose")
    return card.dose


def _end(given: Range, patient: Patient) -> int:
    """The low end of a range; the high end for a patient who trains regularly."""
    return given.high if patient.answers["experience"] == HIGH_END else given.low


def seconds(dosed: Dosed) -> int:
    """How long a card takes: the work of all sets and sides, rests between rounds, setting up."""
    work = dosed.hold_seconds
    if dosed.reps is not None:
        work = dosed.reps * (REP_SECONDS + dosed.hold_seconds)
    sides = 2 if dosed.card.sides is Sides.EACH else 1
    rounds = dosed.sets * work * sides + (dosed.sets - 1) * dosed.rest_seconds
    return rounds + dosed.extra * (work + dosed.rest_seconds) + SET_UP_SECONDS


def fit(dosed: Sequence[Dosed], budget_seconds: int) -> list[Dosed]:
    """The doses shortened until they take no longer than the patient has.

    In slot order. First the weaker side's extra sets go, then single sets, then whole cards, each
    time from the last card backwards. ABD and EXT stay, with one set.
    """
    fitted = list(dosed)
    for shorter in (_without_extra, _one_set_less, _without_last):
        while sum(map(seconds, fitted)) > budget_seconds:
            less = shorter(fitted)
            if less is None:
                break
            fitted = less
    return fitted


def _last(dosed: list[Dosed], holds: Callable[[Dosed], bool]) -> int | None:
    return next((at for at in reversed(range(len(dosed))) if holds(dosed[at])), None)


def _without_extra(dosed: list[Dosed]) -> list[Dosed] | None:
    at = _last(dosed, lambda one: one.extra > 0)
    return None if at is None else [*dosed[:at], replace(dosed[at], extra=0), *dosed[at + 1 :]]


def _one_set_less(dosed: list[Dosed]) -> list[Dosed] | None:
    at = _last(dosed, lambda one: one.sets > 1)
    if at is None:
        return None
    return [*dosed[:at], replace(dosed[at], sets=dosed[at].sets - 1), *dosed[at + 1 :]]


def _without_last(dosed: list[Dosed]) -> list[Dosed] | None:
    at = _last(dosed, lambda one: one.slot not in MAINTENANCE)
    return None if at is None else [*dosed[:at], *dosed[at + 1 :]]
