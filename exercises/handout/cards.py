"""One exercise or habit of the sheet, in words: side, dose, why, steps, ladder.

A card of the library, with its words in the active language, and what this patient's plan says of
it. The written rule for moving up or down is specification section 5.6; a neighbour is named only
when it is open to this patient.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext, gettext_lazy

from chiro.practice.translation import translated
from exercises import figures
from exercises.handout import doses, following
from exercises.handout.doses import BOTH
from exercises.library import Card, Sides
from exercises.library.cards import LANGUAGE, WORKED_SIDES
from exercises.planner import PlanCard
from screening.wording import because_in_language

type Cards = Mapping[str, Card]

NOT_THIS_BUT_THIS = (gettext_lazy("Not this"), gettext_lazy("This"))
STEP_DOWN = gettext_lazy("After a red light: {title}.")
STEP_UP = gettext_lazy("Then ask for: {title}.")


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
        "pictures": _pictures(card, next(iter(doses.sides_in_order(dose)), BOTH)),
        "because": _sentence(because_in_language(dose.because)),
        "steps": list(words.steps),
        "feel": words.feel,
        "dose": doses.strip(dose),
        "in_words": doses.in_words(dose, in_turn=in_turn),
        "mistake": _sentence(words.mistakes[0]),
        "cautions": [translated(caution) for caution in dose.cautions],
        "easier": _easier(card, cards, open_slugs),
        "harder": _harder(card, cards, open_slugs),
        "note": note,
        "timing": following.timing(dose),
        "bad_day": _bad_day(dose, cards, open_notes),
    }


def _bad_day(dose: PlanCard, cards: Cards, notes: following.Notes) -> dict[str, Any] | None:
    """The easier card for a bad day with its pictures."""
    found = following.bad_day(dose, cards, notes)
    return found and {
        **found,
        "pictures": _pictures(cards[found["slug"]], found["side"] or BOTH),
    }


def _easier(card: Card, cards: Cards, open_slugs: Collection[str]) -> str:
    """What to do when it is too hard, and the card below it if this patient may do that one."""
    too_hard = card.words[LANGUAGE].too_hard
    if card.easier not in open_slugs:
        return too_hard
    return f"{too_hard} {STEP_DOWN.format(title=cards[card.easier].name)}"


def _harder(card: Card, cards: Cards, open_slugs: Collection[str]) -> str:
    """The written rule for moving up, and the card above it if this patient may do that one."""
    rule = card.words[LANGUAGE].too_easy
    if card.harder not in open_slugs:
        return rule
    return f"{rule} {STEP_UP.format(title=cards[card.harder].name)}"


def habit(slug: str, because: str, note: str, *, side: str, cards: Cards) -> dict[str, Any]:
    """One habit card: advice, target and how well founded it is; `side` is the drawing's."""
    words = cards[slug].words[LANGUAGE]
    return {
        "slug": slug,
        "name": words.title,
        "pictures": [
            {**picture, "caption": str(caption)}
            for picture, caption in zip(
                _pictures(cards[slug], side), NOT_THIS_BUT_THIS, strict=True
            )
        ],
        "because": _sentence(because_in_language(because)),
        "advice": words.advice,
        "target": words.target,
        "evidence": words.evidence,
        "note": note,
    }


def _pictures(card: Card, side: str) -> list[dict[str, Any]]:
    """Start and end of the movement, for the worked side: static file and what it shows.

    The picture of a practice's own exercise has its name and size instead.
    """
    if card.photos or card.slug not in figures.figure_names():
        return [asdict(photo) for photo in card.photos]
    slug, files = card.slug, figures.figure_files(card.slug, side)
    shown = [translated(sentence) for sentence in figures.sentences(slug, side)]
    return [
        {
            "file": file,
            "alt": gettext("Picture {number}. {words}").format(number=number, words=words),
        }
        for number, (file, words) in enumerate(zip(files, (shown[0], shown[-1]), strict=True), 1)
    ]


def _sentence(words: str) -> str:
    """The words with a capital first and a full stop last; nothing for nothing."""
    words = words.strip()
    if not words:
        return ""
    return words[0].upper() + words[1:] + ("" if words[-1] in ".!?" else ".")
