"""What the answers showed, for the patient: three lines, no certainty, no diagnosis.

Sentences of specification section 3.3. "Several of your answers fit", never "you have".
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from chiro.practice.translation import Words, translated
from screening.anatomy import Level, Side
from screening.wording import told_in_language

HONEST = gettext_lazy("This is a screen, not a diagnosis.")

BY_ANSWERS = {
    Level.LIKELY: "Several of your answers fit with weaker hip muscles on {side}.",
    Level.POSSIBLE: "Some of your answers fit with a hip muscle on {side} that may need work.",
    Level.UNLIKELY: "Your answers do not point to weak hip muscles. Keep moving.",
}

BY_EXAMINATION = {
    Level.LIKELY: "Your chiropractor's tests fit with weaker hip muscles on {side}.",
    Level.POSSIBLE: "Your chiropractor's tests fit with a hip muscle on {side} that may need work.",
    Level.UNLIKELY: "Your chiropractor's tests do not point to weak hip muscles. Keep moving.",
}

SIDES = {"left": "your left side", "right": "your right side", "both": "both sides"}

STRONGER = gettext_lazy("Your plan for stronger hips and an easier back")
KEEP_STRONG = gettext_lazy("Your plan to keep your hips strong")


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """A fired rule on one side: points that counted, and "Because you told us …"."""

    rule: str
    side: str
    counted: int
    sentence: str


def named_side(left: Level, right: Level) -> str:
    """The side with the higher level; `both` for two equal levels, `` for two unlikely ones."""
    if left is right:
        return "" if left is Level.UNLIKELY else "both"
    return Side.LEFT.value if left.rank > right.rank else Side.RIGHT.value


def side_of(rule: str, told: Iterable[Told]) -> str:
    """The only side on which a rule fired, else `both`: which way a habit's drawing looks."""
    sides = {one.side for one in told if one.rule == rule}
    return sides.pop() if len(sides) == 1 else "both"


def title(left: Level, right: Level, pain_worst: int) -> str:
    """The plan's title in plain words."""
    return str(STRONGER if named_side(left, right) or pain_worst else KEEP_STRONG)


def lines(
    left: Level, right: Level, told: Sequence[Told], *, examined: bool, shown: int
) -> list[str]:
    """The pattern, then the `shown` strongest reasons of the named side in the patient's words."""
    side = named_side(left, right)
    sentences = BY_EXAMINATION if examined else BY_ANSWERS
    pattern = sentences[max(left, right, key=lambda level: level.rank)]
    found = translated(pattern.format(side=SIDES.get(side, "")))
    return [found, *_strongest(told, side)[:shown]]


def _strongest(told: Iterable[Told], side: str) -> list[str]:
    """What the patient told us on the named side (on any, for both), most points first."""
    of_side = [one for one in told if side in (one.side, "both") and one.counted]
    ranked = sorted(of_side, key=lambda one: -one.counted)
    return list(dict.fromkeys(told_in_language(one.sentence) for one in ranked))


def words() -> Iterator[Words]:
    """Every pattern with every side, for the catalogues."""
    for pattern in (*BY_ANSWERS.values(), *BY_EXAMINATION.values()):
        for side in SIDES.values() if "{side}" in pattern else ("",):
            yield Words(english=pattern.format(side=side), file="exercises/handout/showed.py")
