"""The side grid: a tick a row, then a side. The server's rules of the contract."""

from typing import Any

import pytest
from django.test import Client

from screening.models import Draft
from screening.questionnaire import SECTIONS, Layout
from tests.web.visitor import Visitor, text_of

pytestmark = pytest.mark.django_db

GRID = [q.key for s in SECTIONS if s.layout is Layout.SIDE_GRID for q in s.questions]


@pytest.fixture
def grid(client: Client) -> Visitor:
    return Visitor(client).start().until("hard_one_leg")


def stored() -> dict[str, Any]:
    """What is stored of the grid."""
    answers = Draft.objects.get().answers
    return {key: answers[key] for key in GRID if key in answers}


def test_ticked_with_a_side_is_that_side_and_the_rest_is_no(grid: Visitor) -> None:
    ticks = ["hard_one_leg", "worse_bending"]
    grid.follow(grid.post({"aggravators": ticks, "hard_one_leg": "left"}))
    assert stored() == dict.fromkeys(GRID, "no") | {"hard_one_leg": "left", "worse_bending": "yes"}


def test_ticked_without_a_side_is_an_error_on_that_row(grid: Visitor) -> None:
    response = grid.post({"aggravators": ["hard_one_leg", "hard_stairs"], "hard_one_leg": "left"})
    assert response.status_code == 422
    assert 'href="#id_hard_stairs_1"' in response.content.decode()
    assert 'id="id_hard_stairs_1"' in response.content.decode()
    assert "Choose a side" in text_of(response)
    assert stored() == {}


def test_not_ticked_is_no_even_when_a_side_came_along(grid: Visitor) -> None:
    data = {"aggravators": ["hard_stairs"], "hard_stairs": "both", "hard_one_leg": "left"}
    grid.follow(grid.post(data))
    assert stored()["hard_one_leg"] == "no"
    assert stored()["hard_stairs"] == "both"


def test_none_of_these_is_no_for_every_row(grid: Visitor) -> None:
    grid.follow(grid.post({"aggravators": "none", "hard_one_leg": "left"}))
    assert set(stored().values()) == {"no"}


def test_none_beside_a_tick_is_refused(grid: Visitor) -> None:
    data = {"aggravators": ["none", "hard_one_leg"], "hard_one_leg": "left"}
    assert grid.post(data).status_code == 422


def test_keys_without_the_helper_are_used_as_they_are(grid: Visitor) -> None:
    data = dict.fromkeys(GRID, "no") | {"hard_shoes": "right"}
    grid.follow(grid.post(data))
    assert stored()["hard_shoes"] == "right"


def test_an_empty_page_is_no_answer(grid: Visitor) -> None:
    response = grid.post({})
    assert response.status_code == 422
    assert "None of these" in text_of(response)


def test_nobody_without_a_sore_place_is_asked(client: Client) -> None:
    visitor = Visitor(client)
    visitor.record |= {"places": [], "pain_now": 0, "pain_worst": 0}
    visitor.start().finish()
    assert stored() == {}
