"""What a layout has to bear, and on what: contents from an empty plan to the fullest one, each on
every edition, paper and language."""

import itertools
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import override

from chiro.practice import theme
from chiro.practice.models import Practice
from exercises import door, handout, pdf
from exercises.management.commands.print_plan import sample
from exercises.papers import blank
from tests.core.records import minimal_record
from tests.pdf import boxes, reading
from tests.pdf.sheets import FOUR, HABITS, ISSUER, SIX, both, dose, findings, heading, item, sheet

LANGUAGES = ("en", "es")
VARIANTS = tuple(itertools.product(pdf.EDITIONS, pdf.PAPERS, LANGUAGES))
LONG_NAME = "Wolfeschlegelsteinhausenbergerdorff" * 3
LONG_ISSUER = handout.Issuer(
    name=f"{LONG_NAME} Chiropractic and Sports Care",
    address="14141 Old Harbor Street and Pier, Building 7, Suite 12, Austin, Texas 78701",
    phone="+1 (512) 555-0142 ext. 14",
)
GOALS = ("climb the stairs at work without stopping", "walk " * 60, "g" * 500)
WAY = door.Door(token="aB3-" * 10 + "xyz", code="ABCD2345EFGH")
DIARY_BOX = 8 / 25.4 * 96
"""8 mm in CSS pixels."""

LEAST_LINE = 0.35 / 25.4 * 72
"""0.35 mm in points."""


def _missing_equipment() -> dict[str, Any]:
    """A plan for somebody who has nothing at home, no floor and no chair."""
    needs = {"places": ["outer_hip:right"], "pain_worst": 5, "hard_stairs": "right"}
    return sample(minimal_record(equipment=[], minutes=30, **needs), name="Ada Example")


CONTENTS: Mapping[str, Callable[[], dict[str, Any]]] = {
    "one exercise": lambda: sheet(FOUR[0]),
    "four exercises": lambda: sheet(*FOUR, *HABITS[:2]),
    "six exercises, all habits, three goals": lambda: sheet(
        *SIX, *HABITS, findings=findings(goals=GOALS)
    ),
    "long notes": lambda: sheet(
        *(item(dose(cautions=("Keep the pillow. " * 12,)), note="word " * 60) for _ in range(4)),
        heading=heading(message="m" * 300),
    ),
    "both sides": lambda: sheet(item(both("double-leg-bridge")), item(dose(first_side=""))),
    "missing equipment": _missing_equipment,
    "habits alone": lambda: sheet(*HABITS),
    "an empty plan": lambda: {**sheet(FOUR[0]), "exercises": [], "habits": []},
    "long names": lambda: sheet(
        *SIX,
        issuer=LONG_ISSUER,
        heading=heading(patient=LONG_NAME[:100], clinician=f"{LONG_NAME[:60]}, DC"),
    ),
}


def plan_faults(name: str, edition: str, paper: str, language: str) -> list[str]:
    """Print a content and return what is wrong with it: boxes, pages, tags."""
    with override(language), boxes.kept() as documents:
        content = door.through(CONTENTS[name](), WAY)
        printed = pdf.render(content, paper=paper, edition=edition)
    chosen = next(d for d in documents if len(d.pages) == min(len(d.pages) for d in documents))
    found = boxes.misplaced(chosen) + reading.faults(printed)
    if edition == "fridge" and len(chosen.pages) != 1:
        found.append(f"{len(chosen.pages)} pages")
    return found + boxes.small(chosen, DIARY_BOX) + _unseen(printed)


def blank_faults(paper: str, language: str) -> list[str]:
    """The same for the blank questionnaire."""
    practice = Practice(name=ISSUER.name, address=ISSUER.address, phone=ISSUER.phone)
    with override(language), boxes.kept() as documents:
        context = {"sheet": blank.compose(practice)}
        printed = pdf.sheet(blank.TEMPLATE, context, css=blank.CSS, paper=paper)
    return boxes.misplaced(documents[-1]) + reading.faults(printed) + _unseen(printed)


def _unseen(printed: bytes) -> list[str]:
    """What a printer without colour would not show: thin lines, pale words."""
    thinnest = min(reading.strokes(printed))
    found = [] if thinnest >= LEAST_LINE else [f"a line of {thinnest:.2f} pt"]
    for ink in reading.inks(printed):
        contrast = theme.contrast(theme.hexadecimal(ink), "#ffffff")
        if contrast < 4.5:
            found.append(f"words of {contrast:.1f}:1")
    return found
