"""Parts of a patient's pages: drawings of self-tests, links of an error summary, today's plan."""

import json
from datetime import date, timedelta

import pytest
from django.http import QueryDict

from exercises import plan_today
from exercises.services.diary import DONE, Day
from screening import question_parts
from screening.forms import SectionForm
from screening.services import pathway
from tests.pdf.sheets import FOUR, sheet


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_self_test_lying_down_shows_the_leg_to_lift(side: str) -> None:
    page = pathway.find(f"leg-lift-{side}")
    assert page is not None
    above = question_parts.above(page, SectionForm(page, {}, None), one_by_one=False)
    assert f"figures/option-leg-lift-{side}.svg" in above


def test_an_error_summary_names_each_item_that_is_left_open() -> None:
    page = pathway.find("safety-1")
    assert page is not None
    form = SectionForm(page, {}, QueryDict(""), one_by_one=True)
    assert not form.is_valid()
    words = [text for _, text in form.error_links()]
    assert "Chest pain or trouble breathing right now: choose No, Yes or Not sure" in words
    assert len(set(words)) == len(words)


def first_today(day: date, *done: str) -> int:
    """The exercise to which the button of the plan's page leads."""
    content = json.loads(json.dumps(sheet(*FOUR)))
    week = {day: Day(day=day, ticks=dict.fromkeys(done, DONE))} if done else {}
    return int(plan_today.page(content, week=week, today=day)["first"])


def test_the_plan_leads_to_the_first_exercise_that_is_not_ticked_today() -> None:
    content = json.loads(json.dumps(sheet(*FOUR)))
    start = date.fromisoformat(content["date"])
    slugs = [card["slug"] for card in content["exercises"]]
    found = {day: first_today(day) for day in (start + timedelta(days=n) for n in range(7))}
    assert set(found.values()) == {1, 3}  # only the third is done every day
    busy = next(day for day, first in found.items() if first == 1)
    assert first_today(busy, slugs[0]) == 2
    assert first_today(busy, *slugs) == 0
