"""Nothing overflows, is cut or is split, whatever a plan holds and whatever it is printed on.

Each edition, paper and language has its turn here, and each content; `script/bench papers` prints
every combination.
"""

import re

import pytest
from django.contrib.staticfiles import finders

from screening.anatomy import Level
from tests.pdf import grid

NAMES = tuple(grid.CONTENTS)
TURNS = [(NAMES[turn % len(NAMES)], *variant) for turn, variant in enumerate(grid.VARIANTS)]


@pytest.mark.parametrize(("name", "edition", "paper", "language"), TURNS)
def test_every_box_is_on_its_page_and_every_block_is_whole(
    name: str, edition: str, paper: str, language: str
) -> None:
    assert grid.plan_faults(name, edition, paper, language) == []


@pytest.mark.parametrize(("paper", "language"), [("letter", "es"), ("a4", "en")])
def test_the_blank_questionnaire_is_whole_too(paper: str, language: str) -> None:
    assert grid.blank_faults(paper, language) == []


@pytest.mark.parametrize("overall", ["left", "right", "both"])
def test_the_pelvis_drawing_keeps_its_lines_where_a_browser_prints_it(overall: str) -> None:
    """The result page prints it at most 15 rem (63.5 mm) wide."""
    name = f"figures/pelvis-{overall}-{Level.LIKELY.value}.svg"
    with open(finders.find(name), encoding="utf-8") as file:
        drawn = file.read()
    wide = float(re.search(r'viewBox="\S+ \S+ (\S+) ', drawn)[1])
    widths = [float(width) for width in re.findall(r'stroke-width="([\d.]+)"', drawn)]
    assert min(widths) / wide * 63.5 >= 0.35
