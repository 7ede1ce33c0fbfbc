"""A dose as a strip of numbers and as one plain sentence a step, with the side always a word.

A dose is a `PlanCard`: sets a side (or `both`), repetitions or a held time, rest in seconds. Sides
are the patient's own. One side works while the other rests, so the rest comes after both. Words
are in the active language, each sentence whole, since languages order side and number differently.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, gettext_lazy, ngettext, ngettext_lazy

from chiro.practice.translation import translated
from exercises.handout import schedule
from exercises.planner import PlanCard

BOTH = "both"
SECONDS_A_MINUTE = 60

EACH, LEFT_FIRST, RIGHT_FIRST = "each", "left first", "right first"
"""One side after the other: in any order, or in this one."""

DO_IT: Mapping[str, Any] = {
    BOTH: ngettext_lazy("Do it {number} time.", "Do it {number} times.", "number"),
    "left": ngettext_lazy(
        "Do it {number} time on the LEFT.", "Do it {number} times on the LEFT.", "number"
    ),
    "right": ngettext_lazy(
        "Do it {number} time on the RIGHT.", "Do it {number} times on the RIGHT.", "number"
    ),
    EACH: ngettext_lazy(
        "Do it {number} time on one side, then on the other.",
        "Do it {number} times on one side, then on the other.",
        "number",
    ),
    LEFT_FIRST: ngettext_lazy(
        "Do it {number} time on the LEFT, then on the RIGHT.",
        "Do it {number} times on the LEFT, then on the RIGHT.",
        "number",
    ),
    RIGHT_FIRST: ngettext_lazy(
        "Do it {number} time on the RIGHT, then on the LEFT.",
        "Do it {number} times on the RIGHT, then on the LEFT.",
        "number",
    ),
}
"""Where -> repetitions there."""

HOLD: Mapping[str, Any] = {
    BOTH: gettext_lazy("Hold for {time}."),
    "left": gettext_lazy("Hold for {time} on the LEFT."),
    "right": gettext_lazy("Hold for {time} on the RIGHT."),
    EACH: gettext_lazy("Hold for {time} on one side, then on the other."),
    LEFT_FIRST: gettext_lazy("Hold for {time} on the LEFT, then on the RIGHT."),
    RIGHT_FIRST: gettext_lazy("Hold for {time} on the RIGHT, then on the LEFT."),
}
"""Where -> a held time there."""

SETS: Mapping[str, Any] = {
    "left": gettext_lazy("sets LEFT"),
    "right": gettext_lazy("sets RIGHT"),
}

MORE_SETS: Mapping[str, Any] = {
    "left": ngettext_lazy(
        "Then {number} more set on the LEFT.", "Then {number} more sets on the LEFT.", "number"
    ),
    "right": ngettext_lazy(
        "Then {number} more set on the RIGHT.", "Then {number} more sets on the RIGHT.", "number"
    ),
}


def sides_in_order(card: PlanCard) -> tuple[str, ...]:
    """The sides that do any sets, the side to begin with first; empty for a two-sided card."""
    sides = [side for side in ("left", "right") if card.sets.get(side)]
    return tuple(sorted(sides, key=lambda side: side != card.first_side))


def side_tag(card: PlanCard, worked: str = "side", *, in_turn: bool = False) -> str:
    """The side as printed in the title: "First: RIGHT leg on top", "EACH side", "BOTH sides".

    `worked` is what follows LEFT or RIGHT; `in_turn` for a card that changes sides each time.
    """
    sides = sides_in_order(card)
    if not sides:
        return gettext("CHANGE sides") if in_turn else gettext("BOTH sides")
    leg = translated(f"{sides[0].upper()} {worked}")
    if len(sides) == 1:
        return gettext("{leg} only").format(leg=leg)
    return gettext("First: {leg}").format(leg=leg) if card.first_side else gettext("EACH side")


def strip(card: PlanCard) -> list[dict[str, str]]:
    """The numbers in a row, each with label and unit; what does not apply is left out."""
    rest = card.rest_seconds if _rounds(card) > 1 else 0
    parts = [
        *_sets(card),
        (gettext("times"), str(card.reps or ""), ""),
        (gettext("hold"), *_split(card.hold_seconds)),
        (gettext("rest"), *_split(rest)),
        (gettext("times a day"), str(card.times_a_day) if card.times_a_day > 1 else "", ""),
        (gettext("days"), schedule.day_names(card.days_per_week), ""),
    ]
    return [{"label": label, "value": value, "unit": unit} for label, value, unit in parts if value]


def _sets(card: PlanCard) -> list[tuple[str, str, str]]:
    sides = sides_in_order(card)
    if not sides:
        return [(gettext("sets"), str(card.sets.get(BOTH, 1)), "")]
    if len(sides) == 2 and card.sets["left"] == card.sets["right"]:
        return [(gettext("sets each side"), str(card.sets["left"]), "")]
    return [(str(SETS[side]), str(card.sets[side]), "") for side in sides]


def _split(amount: int) -> tuple[str, str]:
    """ "45" and "seconds"; twice nothing for no time at all."""
    if not amount:
        return "", ""
    number, is_minutes = _in_minutes(amount)
    if is_minutes:
        return str(number), ngettext("minute", "minutes", number)
    return str(number), ngettext("second", "seconds", number)


def in_words(card: PlanCard, *, in_turn: bool = False) -> str:
    """The dose as sentences: "Do it 12 times. Rest 45 seconds. Do 12 more."

    `in_turn` for an exercise that changes sides with every repetition.
    """
    sides = sides_in_order(card)
    sentences = _each_side(card) if len(sides) == 2 else _together(card, *sides)
    if in_turn:
        sentences.append(gettext("Change sides each time. Count each side."))
    if card.times_a_day > 1:
        sentences.append(gettext("Do this {number} times a day.").format(number=card.times_a_day))
    return " ".join(sentences)


def _together(card: PlanCard, side: str = BOTH) -> list[str]:
    """Both sides at once, or one side only, which is then named."""
    return [_first(card, side), *_repeats(card, card.sets.get(side, 1), _more(card))]


def _each_side(card: PlanCard) -> list[str]:
    """One side after the other; the sets that one side does more come last, with its name."""
    left, right = card.sets["left"], card.sets["right"]
    place = EACH
    if card.first_side:
        place = LEFT_FIRST if sides_in_order(card)[0] == "left" else RIGHT_FIRST
    sentences = [_first(card, place)]
    sentences += _repeats(card, min(left, right), gettext("Do both again."))
    if left != right:
        stronger = "left" if left > right else "right"
        sentences.append(str(MORE_SETS[stronger].format(number=abs(left - right))))
    return sentences


def _repeats(card: PlanCard, rounds: int, again: str) -> list[str]:
    """Rest and go again for every round after the first; said once for more than two."""
    if rounds < 2:
        return []
    rest = gettext("Rest a moment.")
    if card.rest_seconds:
        rest = gettext("Rest {time}.").format(time=seconds(card.rest_seconds))
    if rounds == 2:
        return [rest, again]
    return [rest, again, gettext("{number} sets in all.").format(number=rounds)]


def _rounds(card: PlanCard) -> int:
    return max(card.sets.values(), default=1)


def _first(card: PlanCard, place: str) -> str:
    if card.reps:
        return str(DO_IT[place].format(number=card.reps))
    return str(HOLD[place].format(time=seconds(card.hold_seconds)))


def _more(card: PlanCard) -> str:
    if card.reps:
        return gettext("Do {number} more.").format(number=card.reps)
    return gettext("Hold for {time} again.").format(time=seconds(card.hold_seconds))


def _in_minutes(amount: int) -> tuple[int, bool]:
    """Whole minutes and True, else the seconds and False."""
    if amount and amount % SECONDS_A_MINUTE == 0:
        return amount // SECONDS_A_MINUTE, True
    return amount, False


def seconds(amount: int) -> str:
    """ "45 seconds", "1 minute", "90 seconds"."""
    number, is_minutes = _in_minutes(amount)
    if is_minutes:
        return ngettext("{number} minute", "{number} minutes", number).format(number=number)
    return ngettext("{number} second", "{number} seconds", number).format(number=number)
