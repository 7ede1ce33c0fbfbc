"""A dose as a strip of numbers and as one plain sentence a step, with the side always a word.

A dose is a `PlanCard`: sets a side (or `both`), repetitions or a held time, rest in seconds. Sides are
the patient's own. In rounds one side works while the other rests, so the rest comes after both.
"""

from exercises.handout import schedule
from exercises.planner import PlanCard

BOTH = "both"
SECONDS_A_MINUTE = 60


def sides_in_order(card: PlanCard) -> tuple[str, ...]:
    """The sides that do any sets, the side to begin with first; empty for a two-sided card."""
    sides = [side for side in ("left", "right") if card.sets.get(side)]
    return tuple(sorted(sides, key=lambda side: side != card.first_side))


def side_tag(card: PlanCard) -> str:
    """The side as printed in the title: "RIGHT side first", "LEFT side only", "EACH side"."""
    sides = sides_in_order(card)
    if not sides:
        return "BOTH sides"
    if len(sides) == 1:
        return f"{sides[0].upper()} side only"
    return f"{sides[0].upper()} side first" if card.first_side else "EACH side"


def strip(card: PlanCard) -> list[dict[str, str]]:
    """The numbers in a row, each with label and unit; what does not apply is left out."""
    rest = card.rest_seconds if _rounds(card) > 1 else 0
    parts = [
        *_sets(card),
        ("times each set", str(card.reps or ""), ""),
        ("hold", *_split(card.hold_seconds)),
        ("rest", *_split(rest)),
        ("times a day", str(card.times_a_day) if card.times_a_day > 1 else "", ""),
        ("days", schedule.day_names(card.days_per_week), ""),
    ]
    return [
        {"label": label, "value": value, "unit": unit} for label, value, unit in parts if value
    ]


def _sets(card: PlanCard) -> list[tuple[str, str, str]]:
    sides = sides_in_order(card)
    if not sides:
        return [("sets", str(card.sets.get(BOTH, 1)), "")]
    if len(sides) == 2 and card.sets["left"] == card.sets["right"]:
        return [("sets each side", str(card.sets["left"]), "")]
    return [(f"sets {side.upper()}", str(card.sets[side]), "") for side in sides]


def _split(amount: int) -> tuple[str, str]:
    """ "45" and "seconds"; twice nothing for no time at all."""
    number, _, unit = seconds(amount).partition(" ") if amount else ("", "", "")
    return number, unit


def in_words(card: PlanCard) -> str:
    """The dose as sentences: "Do it 12 times. Rest 45 seconds. Do 12 more." """
    sentences = _two_sided(card) if not sides_in_order(card) else _one_sided(card)
    if card.reps and card.hold_seconds:
        sentences.append(f"Hold each one for {seconds(card.hold_seconds)}.")
    if card.times_a_day > 1:
        sentences.append(f"Do this {card.times_a_day} times a day.")
    return " ".join(sentences)


def _two_sided(card: PlanCard) -> list[str]:
    return [f"{_first(card)}.", *_repeats(card, _rounds(card), f"{_more(card)}.")]


def _one_sided(card: PlanCard) -> list[str]:
    sides = sides_in_order(card)
    if len(sides) == 1:
        start = f"{_first(card)} on the {sides[0].upper()}."
        return [start, *_repeats(card, card.sets[sides[0]], f"{_more(card)}.")]
    one, other = (side.upper() for side in sides) if card.first_side else ("one side", "the other")
    place = "on the " if card.first_side else "on "
    start = f"{_first(card)} {place}{one}, then {_amount(card)} {place}{other}."
    shared = min(card.sets[side] for side in sides)
    return [start, *_repeats(card, shared, "Do both sides again."), *_extra(card)]


def _extra(card: PlanCard) -> list[str]:
    """The sets that one side does more than the other, always with its name."""
    left, right = card.sets["left"], card.sets["right"]
    if left == right:
        return []
    side, more = ("LEFT", left - right) if left > right else ("RIGHT", right - left)
    sets = "1 more set" if more == 1 else f"{more} more sets"
    return [f"Rest. Then {sets} of {_amount(card)} on the {side} only."]


def _repeats(card: PlanCard, rounds: int, again: str) -> list[str]:
    """Rest and go again for every round after the first; said once for more than two."""
    if rounds < 2:
        return []
    rest = f"Rest {seconds(card.rest_seconds)}." if card.rest_seconds else "Rest a moment."
    if rounds == 2:
        return [rest, again]
    return [rest, again, f"Go on until you have done {rounds} sets."]


def _rounds(card: PlanCard) -> int:
    return max(card.sets.values(), default=1)


def _first(card: PlanCard) -> str:
    return f"Do it {_amount(card)}" if card.reps else f"Hold for {_amount(card)}"


def _more(card: PlanCard) -> str:
    return f"Do {card.reps} more" if card.reps else f"Hold for {_amount(card)} again"


def _amount(card: PlanCard) -> str:
    if card.reps:
        return "1 time" if card.reps == 1 else f"{card.reps} times"
    return seconds(card.hold_seconds)


def seconds(amount: int) -> str:
    """ "45 seconds", "1 minute", "90 seconds"."""
    if amount and amount % SECONDS_A_MINUTE == 0:
        minutes = amount // SECONDS_A_MINUTE
        return "1 minute" if minutes == 1 else f"{minutes} minutes"
    return "1 second" if amount == 1 else f"{amount} seconds"
