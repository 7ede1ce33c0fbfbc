"""One exercise or habit of the sheet, in words: side, dose, why, steps, ladder.

Pure: a card of the library and what this patient's plan says of it. The written rule for moving up
or down is specification section 5.6; a neighbour is named only when it is open to this patient.
"""

from collections.abc import Collection, Mapping
from typing import Any

from exercises import figures
from exercises.handout import doses, following
from exercises.handout.doses import BOTH
from exercises.library import Card, Sides
from exercises.library.cards import LANGUAGE, WORKED_SIDES
from exercises.planner import PlanCard

type Cards = Mapping[str, Card]

NOT_THIS_BUT_THIS = ("Not this", "This")
STEP_DOWN = "{too_hard} After a red light: {title}."
STEP_UP = "{too_easy} Then ask for: {title}."
NEXT_CARD = ", then try the next card"
"""How the library ends `too_easy` where there is a harder card; printed with that card's name."""


def exercise(
    number: int,
    dose: PlanCard,
    note: str,
    *,
    cards: Cards,
    open_slugs: Collection[str],
    open_notes: following.Notes,
) -> dict[str, Any]:
    """One block of the sheet, in the order in which it is read.

    `open_slugs` are the cards that this patient may do; `open_notes` the same with the cautions to
    print on each, for the easier card that the page shows.
    """
    card = cards[dose.slug]
    words = card.words[LANGUAGE]
    in_turn = card.sides is Sides.ALTERNATING
    worked = WORKED_SIDES.get(card.worked_side, "side")
    return {
        "number": number,
        "slug": card.slug,
        "name": words.title,
        "side": next(iter(doses.sides_in_order(dose)), ""),
        "side_tag": doses.side_tag(dose, worked, in_turn=in_turn),
        "pictures": _pictures(dose.slug, next(iter(doses.sides_in_order(dose)), BOTH)),
        "because": _sentence(dose.because),
        "steps": list(words.steps),
        "feel": words.feel,
        "dose": doses.strip(dose),
        "in_words": doses.in_words(dose, in_turn=in_turn),
        "mistake": _sentence(words.mistakes[0]),
        "cautions": list(dose.cautions),
        "easier": _easier(card, cards, open_slugs),
        "harder": _harder(card, cards, open_slugs),
        "note": note,
        "timing": following.timing(dose),
        "bad_day": _bad_day(dose, cards, open_notes),
    }


def _bad_day(dose: PlanCard, cards: Cards, notes: following.Notes) -> dict[str, Any] | None:
    """The easier card for a bad day with its pictures."""
    found = following.bad_day(dose, cards, notes)
    return found and {**found, "pictures": _pictures(found["slug"], found["side"] or BOTH)}


def _easier(card: Card, cards: Cards, open_slugs: Collection[str]) -> str:
    """What to do when it is too hard, and the card below it if this patient may do that one."""
    too_hard = card.words[LANGUAGE].too_hard
    if card.easier not in open_slugs:
        return too_hard
    return STEP_DOWN.format(too_hard=too_hard, title=cards[card.easier].name)


def _harder(card: Card, cards: Cards, open_slugs: Collection[str]) -> str:
    """The written rule for moving up, and the card above it if this patient may do that one."""
    rule = card.words[LANGUAGE].too_easy.replace(NEXT_CARD, "")
    if card.harder not in open_slugs:
        return rule
    return STEP_UP.format(too_easy=rule, title=cards[card.harder].name)


def habit(slug: str, because: str, note: str, *, side: str, cards: Cards) -> dict[str, Any]:
    """One habit card: advice, target and how well founded it is; `side` is the drawing's."""
    words = cards[slug].words[LANGUAGE]
    return {
        "slug": slug,
        "name": words.title,
        "pictures": [
            {**picture, "caption": caption}
            for picture, caption in zip(_pictures(slug, side), NOT_THIS_BUT_THIS, strict=True)
        ],
        "because": _sentence(because),
        "advice": words.advice,
        "target": words.target,
        "evidence": words.evidence,
        "note": note,
    }


def _pictures(slug: str, side: str) -> list[dict[str, str]]:
    """Start and end of the movement, for the worked side: static file and what it shows."""
    files = figures.figure_files(slug, side)
    shown = figures.describe(slug, side).removeprefix("1: ").split(" 2: ")
    return [
        {"file": file, "alt": f"Picture {number}. {words}"}
        for number, (file, words) in enumerate(zip(files, (shown[0], shown[-1]), strict=True), 1)
    ]


def _sentence(words: str) -> str:
    """The words with a capital first and a full stop last; nothing for nothing."""
    words = words.strip()
    if not words:
        return ""
    return words[0].upper() + words[1:] + ("" if words[-1] in ".!?" else ".")
