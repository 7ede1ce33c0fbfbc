"""The body chart and the list of the same places are one form."""

import re

import pytest
from django.test import Client

from screening.forms import chart
from screening.management.commands.draw_chart_styles import style_sheet, with_styles
from screening.questionnaire import QUESTIONS
from tests.web.visitor import Visitor

PLACES = {str(option.value) for option in QUESTIONS["places"].options}


def test_every_place_of_the_list_is_drawn_and_no_other() -> None:
    assert {zone.place for view in chart.views({}) for zone in view.zones} == PLACES


@pytest.mark.django_db
def test_every_zone_is_a_label_of_the_box_of_its_place(client: Client) -> None:
    html = Visitor(client).start().until("places").see().content.decode()
    boxes = dict(re.findall(r'name="places" value="([^"]+)" id="([^"]+)"', html))
    labels = re.findall(r'class="hit hit-(?:back|front)-([a-z-]+)" for="([^"]+)"', html)
    assert len(labels) == 23
    for name, target in labels:
        place = next(p for p in PLACES if p.replace(":", "-").replace("_", "-") == name)
        assert boxes[place] == target


def test_back_view_has_the_patients_left_on_the_left_and_the_front_view_on_the_right() -> None:
    back, front = chart.views({})
    assert (back.left, back.right) == ("LEFT", "RIGHT")
    assert (front.left, front.right) == ("RIGHT", "LEFT")
    for view in (back, front):
        for zone in view.zones:
            middle = zone.percent[0] + zone.percent[2] / 2
            if zone.place.endswith(":left"):
                assert (middle < 50) == (view.left == "LEFT")


def test_the_styles_are_those_of_the_drawn_zones() -> None:
    text = style_sheet().read_text()
    assert with_styles(text) == text
