"""One exercise or habit of the sheet, in words: side, dose, why, steps, ladder.

Pure: a card of the library and what this patient's plan says of it. The written rule for moving up
or down is specification section 5.6; a neighbour is named only when it is open to this patient.
"""

from collections.abc import Collection, Mapping
from typing import Any

from exercises import library
from exercises.handout import doses
from exercises.planner import PlanCard

type Cards = Mapping[str, library.Card]

EASIER = "Do half as many, or move less far."
EASIER_STEP = "Do half. After a STOP, or if your form breaks, go down to: {name}."
HARDER = "After 2 good sessions in a row with pain {green} or less, do 1 more set."
HARDER_STEP = "{rule} Next, once we have shown you: {name}."


def exercise(
    number: int,
    card: PlanCard,
    note: str,
    *,
    cards: Cards,
    open_slugs: Collection[str],
    green_up_to: int,
) -> dict[str, Any]:
    """One block of the sheet, in the order in which it is read."""
    words = cards[card.slug]
    return {
        "number": number,
        "slug": card.slug,
        "name": words.name,
        "side": next(iter(doses.sides_in_order(card)), ""),
        "side_tag": doses.side_tag(card),
        "pictures": [],
        "because": _sentence(card.because),
        "steps": list(words.steps),
        "feel": words.feel,
        "dose": doses.strip(card),
        "in_words": doses.in_words(card),
        "mistake": _mistake(words),
        "cautions": list(card.cautions),
        "easier": _easier(words, cards, open_slugs),
        "harder": _harder(words, cards, open_slugs, green_up_to),
        "note": note,
    }


def _mistake(words: library.Card) -> str:
    """One common mistake, then the cue that mends it."""
    mistake = _sentence(words.mistakes[0]) if words.mistakes else ""
    return " ".join(part for part in (mistake, words.cue) if part)


def _easier(words: library.Card, cards: Cards, open_slugs: Collection[str]) -> str:
    if words.easier not in open_slugs:
        return EASIER
    return EASIER_STEP.format(name=cards[words.easier].name)


def _harder(
    words: library.Card, cards: Cards, open_slugs: Collection[str], green_up_to: int
) -> str:
    rule = HARDER.format(green=green_up_to)
    if words.harder not in open_slugs:
        return rule
    return HARDER_STEP.format(rule=rule, name=cards[words.harder].name)


def habit(slug: str, because: str, note: str, *, cards: Cards) -> dict[str, Any]:
    """One habit card: advice and target of specification section 5.7, and its evidence."""
    words = cards[slug]
    advice, target = HABIT_ADVICE[slug]
    return {
        "slug": slug,
        "name": words.name,
        "pictures": [],
        "because": _sentence(because),
        "advice": advice,
        "target": target,
        "evidence": words.evidence,
        "note": note,
    }


HABIT_ADVICE = {
    "habit-sleep-pillow": (
        "Put a pillow from your knee to your ankle so your top leg stays level. If it slides out, "
        "reset it when you wake. Lying on your back is fine too.",
        "5 nights a week or more.",
    ),
    "habit-even-stance": (
        "Stand with weight on both feet. Squeeze your buttocks 3 seconds when you notice your hip "
        "sticking out. Switch to a foot on a low stool if you must stand.",
        "5 resets a day.",
    ),
    "habit-sit-break": (
        "Set a 30-minute timer. Stand up, do 5 slow chair stands, walk 1 minute.",
        "30 minutes or less at a time, 8 breaks a day.",
    ),
    "habit-uncross": (
        "Keep both feet flat. If you must cross, cross at the ankles. Squeeze your buttocks 5 times.",
        "No knee over knee at the desk.",
    ),
}
"""Habit card -> (advice, target), as printed."""


def _sentence(words: str) -> str:
    """The words with a capital first and a full stop last; nothing for nothing."""
    words = words.strip()
    if not words:
        return ""
    return words[0].upper() + words[1:] + ("" if words[-1] in ".!?" else ".")
