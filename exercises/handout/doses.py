"""A dose as a strip of numbers and as one plain sentence a step, with the side always a word.

A dose is a `PlanCard`: sets a side (or `both`), repetitions or a held time, rest in seconds. Sides
are the patient's own. One side works while the other rests, so the rest comes after both.
"""

from exercises.handout import schedule
from exercises.planner import PlanCard

BOTH = "both"
SECONDS_A_MINUTE = 60


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
        return "CHANGE sides" if in_turn else "BOTH sides"
    if len(sides) == 1:
        return f"{sides[0].upper()} {worked} only"
    return f"First: {sides[0].upper()} {worked}" if card.first_side else "EACH side"


def strip(card: PlanCard) -> list[dict[str, str]]:
    """The numbers in a row, each with label and unit; what does not apply is left out."""
    rest = card.rest_seconds if _rounds(card) > 1 else 0
    parts = [
        *_sets(card),
        ("times", str(card.reps or ""), ""),
        ("hold", *_split(card.hold_seconds)),
        ("rest", *_split(rest)),
        ("times a day", str(card.times_a_day) if card.times_a_day > 1 else "", ""),
        ("days", schedule.day_names(card.days_per_week), ""),
    ]
    return [{"label": label, "value": value, "unit": unit} for label, value, unit in parts if value]


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


def in_words(card: PlanCard, *, in_turn: bool = False) -> str:
    """The dose as sentences: "Do it 12 times. Rest 45 seconds. Do 12 more."

    `in_turn` for an exercise that changes sides with every repetition.
    """
    sides = sides_in_order(card)
    sentences = _each_side(card) if len(sides) == 2 else _together(card, *sides)
    if in_turn:
        sentences.append("Change sides each time. Count each side.")
    if card.times_a_day > 1:
        sentences.append(f"Do this {card.times_a_day} times a day.")
    return " ".join(sentences)


def _together(card: PlanCard, side: str = BOTH) -> list[str]:
    """Both sides at once, or one side only, which is then named."""
    place = "" if side == BOTH else f" on the {side.upper()}"
    rounds = card.sets.get(side, 1)
    return [f"{_first(card)}{place}.", *_repeats(card, rounds, f"{_more(card)}.")]


def _each_side(card: PlanCard) -> list[str]:
    """One side after the other; the sets that one side does more come last, with its name."""
    left, right = card.sets["left"], card.sets["right"]
    one, other = (f"the {side.upper()}" for side in sides_in_order(card))
    if not card.first_side:
        one, other = "one side", "the other"
    sentences = [f"{_first(card)} on {one}, then on {other}."]
    sentences += _repeats(card, min(left, right), "Do both again.")
    if left != right:
        stronger, times = ("LEFT", left - right) if left > right else ("RIGHT", right - left)
        again = "1 more set" if times == 1 else f"{times} more sets"
        sentences.append(f"Then {again} on the {stronger}.")
    return sentences


def _repeats(card: PlanCard, rounds: int, again: str) -> list[str]:
    """Rest and go again for every round after the first; said once for more than two."""
    if rounds < 2:
        return []
    rest = f"Rest {seconds(card.rest_seconds)}." if card.rest_seconds else "Rest a moment."
    if rounds == 2:
        return [rest, again]
    return [rest, again, f"{rounds} sets in all."]


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
