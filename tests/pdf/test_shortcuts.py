"""What makes printing faster changes no byte of the paper."""

import gc
import re
from typing import Any

import pytest

from exercises import pdf
from tests.pdf import reading
from tests.pdf.sheets import FOUR, HABITS, sheet

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
