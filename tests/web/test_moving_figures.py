"""Moving figures on the plan's page: the right strip, in words too, without script or jump."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string

from exercises import figures, handout, pictures
from exercises.figures import composition, motion, tracing
from tests.pdf.sheets import FOUR, both, dose, item, sheet

ROOT = Path(__file__).resolve().parents[2]


def stored(*items: Any) -> dict[str, Any]:
    """A plan's content as it comes out of the database."""
    content: dict[str, Any] = json.loads(json.dumps(sheet(*items)))
    return content


def block(*items: Any, moving: bool = True) -> str:
    """The first exercise as it stands on the page."""
    card = pictures.for_page(stored(*items), moving=moving)["exercises"][0]
    return render_to_string("exercises/_exercise.html", {"exercise": card, "sheet": {}})


@pytest.mark.parametrize("side", ["left", "right"])
def test_the_strip_shows_the_side_that_comes_first_in_the_plan(side: str) -> None:
    text = block(item(dose("clamshell", first_side=side)))
    assert f"figures/clamshell-{side}-moving.svg" in text
    assert f"figures/clamshell-{side}-1.svg" in text
    assert f"Clam, {side} leg on top, moving." in text
    for picture in re.split(r"\s*\d: ", figures.describe("clamshell", side)):
        assert picture in text


def test_a_two_sided_exercise_has_one_strip() -> None:
    assert "figures/double-leg-bridge-moving.svg" in block(item(both("double-leg-bridge")))


def test_every_exercise_has_a_strip_and_words_for_it() -> None:
    for card in pictures.for_page(stored(*FOUR), moving=True)["exercises"]:
        assert card["moving"]["src"].endswith("-moving.svg")
        assert len(card["moving"]["alt"]) > 80


def test_the_strip_is_folded_away_and_loads_only_when_it_is_opened() -> None:
    text = block()
    assert re.search(r'<details class="moving"><summary>', text)
    assert "Show it moving" in text
    assert re.search(r'<img src="[^"]+-moving.svg"[^>]+loading="lazy"', text)
    assert "style=" not in text
    assert "<script" not in text


def test_every_picture_has_its_size_so_that_nothing_jumps() -> None:
    page = render_to_string("exercises/_habits.html", {"sheet": pictures.for_page(stored())})
    images = re.findall(r"<img [^>]+>", block() + page)
    assert len(images) == 5
    for image in images:
        width, height = re.search(r'width="(\d+)" height="(\d+)"', image).groups()  # type: ignore[union-attr]
        assert int(width) > 50
        assert int(height) > 50


def test_a_size_is_that_of_the_drawing() -> None:
    wide, high = pictures.size("figures/clamshell-left-1.svg")
    strip = pictures.size("figures/clamshell-left-moving.svg")
    assert abs(strip[0] / strip[1] - 7 * wide / high) < 0.2
    assert pictures.size("figures/no-such.svg") == (0, 0)


def test_a_figure_that_is_no_longer_drawn_has_no_strip() -> None:
    content = stored()
    content["exercises"][0]["slug"] = "an-exercise-of-long-ago"
    assert pictures.for_page(content, moving=True)["exercises"][0]["moving"] is None


def test_paper_and_the_page_for_printing_do_not_move() -> None:
    assert "moving" not in block(moving=False)
    paper = handout.with_pictures(stored(), str)
    assert "-moving.svg" not in render_to_string("exercises/handout.html", {"sheet": paper})


def test_a_page_draws_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def drawn(*_: object, **__: object) -> None:
        raise AssertionError("a page draws")

    for module in (composition, motion):
        monkeypatch.setattr(module, "paint", drawn)
    monkeypatch.setattr(tracing, "trace_all", drawn)
    assert "clamshell-right-moving.svg" in block()


def test_who_asked_for_less_motion_keeps_the_pictures() -> None:
    css = (ROOT / "static" / "css" / "plan.css").read_text(encoding="utf-8")
    hidden, _, shown = css.partition("@media screen and (prefers-reduced-motion: no-preference)")
    assert ".plan .moving { display: none;" in hidden
    assert ".plan .moving { display: block; }" in shown
