"""What makes printing faster changes no byte of the paper."""

import gc
import json
import re
import subprocess
import sys
from hashlib import sha256
from typing import Any

import pytest

from exercises import pdf, quicker
from tests.pdf import reading
from tests.pdf.sheets import FOUR, HABITS, heading, sheet

SEE_THROUGH = re.compile(r'opacity="0?\.')


@pytest.fixture(scope="module")
def content() -> dict[str, Any]:
    return sheet(*FOUR, *HABITS)


@pytest.mark.parametrize("edition", pdf.EDITIONS)
def test_elements_look_as_with_the_sheet_of_weasyprint(
    edition: str, content: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from weasyprint import HTML

    printed = pdf.render(content, edition=edition)
    monkeypatch.setattr(pdf._press().html, "_ua_stylesheets", HTML._ua_stylesheets)
    assert pdf.render(content, edition=edition) == printed


def test_a_drawing_is_the_same_the_second_time_and_in_another_place(
    content: dict[str, Any],
) -> None:
    pdf._press().drawing.cache_clear()
    first = pdf.render(content)
    assert pdf._press().drawing.cache_info().currsize
    assert pdf.render(content) == first
    turned = {**content, "exercises": content["exercises"][::-1]}
    again = pdf.render(turned)
    pdf._press().drawing.cache_clear()
    assert pdf.render(turned) == again


def test_drawings_inside_the_page_give_the_same_text_and_tags(content: dict[str, Any]) -> None:
    accent = content["practice"]["accent"]
    outside = pdf.render(content)
    inside = pdf.write(pdf.page(content), accent=accent)
    assert reading.pages(inside) == reading.pages(outside)
    assert reading.elements(inside) == reading.elements(outside)


def test_see_through_drawings_are_whole_each_time() -> None:
    found = [
        file
        for path in pdf._static("figures/clamshell-right-1.svg").parent.glob("*.svg")
        if SEE_THROUGH.search(path.read_text())
        for file in [f"figures/{path.name}"]
    ]
    assert found
    html = "".join(f'<img alt="x" src="{pdf.DRAWING}{file}">' for file in found[:3])
    page = f'<html lang="en"><title>x</title><h1>x</h1>{html}'
    pdf._press().drawing.cache_clear()
    first = pdf.write(page)
    assert pdf.write(page) == first
    assert reading.faults(first) == []


def test_other_pictures_are_printed_and_not_kept() -> None:
    pixel = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
    pdf._press().drawing.cache_clear()
    printed = pdf.write(f'<html lang="en"><title>x</title><h1>x</h1><img alt="x" src="{pixel}">')
    assert b"/Image" in reading.unpacked(printed)
    assert pdf._press().drawing.cache_info().currsize == 0


def test_a_drawing_that_is_not_there_is_said_without_its_address() -> None:
    with pytest.raises(pdf.PrintError):
        pdf.write(f'<html lang="en"><title>x</title><img alt="x" src="{pdf.DRAWING}../../x">')


def test_garbage_is_collected_again_after_a_print(content: dict[str, Any]) -> None:
    pdf.render(content)
    assert gc.isenabled()


ODD = """<!doctype html><html lang="en"><title>x</title><h1 style="letter-spacing: 1px">x</h1>
<style>td { border: solid; width: 20% } p { padding: 1% 2px; text-decoration: underline }</style>
<div style="position: relative; height: 50px; border: 1px solid; border-radius: 5% 3px">
<p style="position: absolute; left: 1em">far</p>
<img alt="y" style="position: absolute; width: 9px"
src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"></div>
<p style="word-spacing: 3px; font-feature-settings: 'tnum'">a b<i style="float: right">c</i> 12</p>
<p style="white-space: pre">a\tb\nc</p><p style="text-align: justify">some words and a word</p>
<table style="border-collapse: collapse"><tr><td>1<td style="border-width: 3px">2</table>
<table style="border-spacing: 2px; box-sizing: border-box"><tr><td>1<td>2</table>
<div style="display: flex"><p>1<p>2</div><div style="columns: 2"><p>1<p>2</div>"""
"""A page with much of what our papers do without: boxes out of the flow, percentages, lines."""

AS_RELEASED = """
import json, sys
from hashlib import sha256
import django
django.setup()
from exercises import pdf, quicker
quicker.RELEASE = "another"
odd, content = json.load(sys.stdin)
printed = [pdf.write(odd)] + [pdf.render(content, edition=edition) for edition in pdf.EDITIONS]
assert not quicker.start()
print(json.dumps([sha256(paper).hexdigest() for paper in printed]))
"""


def test_a_weasyprint_left_as_it_is_prints_the_same_bytes() -> None:
    content = sheet(FOUR[0], HABITS[0], heading=heading(patient="Zoë 李 مريم\tAda", message="a  b"))
    said = subprocess.run(
        [sys.executable, "-c", AS_RELEASED],
        input=json.dumps([ODD, content]),
        capture_output=True,
        text=True,
        check=True,
    )
    for _ in range(2):
        printed = [pdf.write(ODD)]
        printed += [pdf.render(content, edition=edition) for edition in pdf.EDITIONS]
        assert [sha256(paper).hexdigest() for paper in printed] == json.loads(said.stdout)


@pytest.mark.parametrize("edition", pdf.EDITIONS)
def test_a_plan_is_read_as_xml_and_looks_as_when_read_as_html(
    edition: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = sheet(FOUR[0], HABITS[0], heading=heading(message="a < b & \"c\" 'd'"))
    assert pdf._well_formed(pdf.page(content, edition=edition)) is not None
    printed = pdf.render(content, edition=edition)
    monkeypatch.setattr(pdf, "_well_formed", lambda html: None)
    assert pdf.render(content, edition=edition) == printed


def test_a_sign_that_xml_may_not_hold_is_no_obstacle() -> None:
    printed = pdf.render(sheet(FOUR[0], heading=heading(patient="Ada\x0bExample")))
    assert "Ada" in reading.text(printed)


def test_no_more_styles_are_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    content = sheet(FOUR[0])
    first = pdf.render(content)
    kept = len(quicker._styles)
    monkeypatch.setattr(quicker, "MOST_STYLES", 1)
    assert pdf.render(content) == first
    assert len(quicker._styles) <= kept
