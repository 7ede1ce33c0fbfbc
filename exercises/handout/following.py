"""What a page can do with an exercise and paper cannot: time it, and show the easier one.

Pure. Sides are the patient's own. Written into the frozen content; the paper does not print it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from exercises.handout import doses
from exercises.handout.doses import BOTH
from exercises.library import Card, Sides
from exercises.library.cards import LANGUAGE, WORKED_SIDES
from exercises.planner import PlanCard

type Notes = Mapping[str, Sequence[str]]


def timing(dose: PlanCard) -> dict[str, Any]:
    """The dose for a clock: the sides of each round in order, then times, hold and rest.

    One side works while the other rests, so the rest comes after a round. `reps` is None for an
    exercise that is held; times are seconds.
    """
    return {
        "rounds": _rounds(dose),
        "reps": dose.reps,
        "hold_seconds": dose.hold_seconds,
        "rest_seconds": dose.rest_seconds,
    }


def _rounds(dose: PlanCard) -> list[list[str]]:
    sides = doses.sides_in_order(dose)
    if not sides:
        return [[BOTH]] * dose.sets.get(BOTH, 1)
    most = max(dose.sets[side] for side in sides)
    return [[side for side in sides if dose.sets[side] > number] for number in range(most)]


def bad_day(dose: PlanCard, cards: Mapping[str, Card], notes: Notes) -> dict[str, Any] | None:
    """The easier neighbour in short, one set of its least dose; None where there is none to do.

    `notes` holds the cards that this patient may do, each with the cautions to print.
    """
    easier = cards.get(cards[dose.slug].easier)
    if easier is None or easier.slug not in notes or easier.dose is None:
        return None
    words, less = easier.words[LANGUAGE], _least(dose, easier)
    in_turn = easier.sides is Sides.ALTERNATING
    worked = WORKED_SIDES.get(easier.worked_side, "side")
    return {
        "slug": easier.slug,
        "name": words.title,
        "side": next(iter(doses.sides_in_order(less)), ""),
        "side_tag": doses.side_tag(less, worked, in_turn=in_turn),
        "steps": list(words.steps),
        "in_words": doses.in_words(less, in_turn=in_turn),
        "cautions": list(notes[easier.slug]),
        "timing": timing(less),
    }


def _least(dose: PlanCard, easier: Card) -> PlanCard:
    """One set of the easier card on the sides of the harder one: its low end, never more times."""
    given = easier.dose
    assert given is not None
    sides = doses.sides_in_order(dose) or ("left", "right")
    each = easier.sides is Sides.EACH
    return replace(
        dose,
        slug=easier.slug,
        sets=dict.fromkeys(sides, 1) if each else {BOTH: 1},
        reps=min(given.reps.low, dose.reps or given.reps.low) if given.reps else None,
        hold_seconds=given.hold_seconds.low,
        times_a_day=1,
        first_side=dose.first_side if each else "",
    )
