"""The QR code and the short address on paper: large enough, said in words, and nothing private."""

import io
import re

import pikepdf
import pytest
from django.test import override_settings

from exercises import door, pdf
from tests.pdf import reading
from tests.pdf.sheets import FOUR, HABITS, SIX, sheet

ADDRESS = "https://plans.harborstreet.example"
WAY = door.Door(token="t" * 43, code="ABCD2345EFGH")
EDITIONS = ("standard", "large", "fridge")
PAPERS = ("letter", "a4")
MILLIMETRES = 25.4 / 72


@pytest.fixture(autouse=True, scope="module")
def public_address():
    with override_settings(PUBLIC_BASE_URL=ADDRESS):
        yield


@pytest.fixture(scope="module", params=[(e, p) for e in EDITIONS for p in PAPERS])
def printed(request: pytest.FixtureRequest, public_address: None) -> bytes:
    edition, paper = request.param
    content = door.through(sheet(*SIX, *HABITS[:2]), WAY)
    return pdf.render(content, paper=paper, edition=edition)


def test_the_square_holds_the_address_of_the_link_and_nothing_else(monkeypatch) -> None:
    held = []
    make = door.segno.make

    def spy(words, **choices):
        held.append((words, choices["error"]))
        code = make(words, **choices)
        assert code.error == "M"
        return code

    monkeypatch.setattr(door.segno, "make", spy)
    WAY.printed()
    assert held == [(f"{ADDRESS}/p/{WAY.token}/", "m")]


def test_the_path_draws_every_dark_module_and_keeps_a_white_edge() -> None:
    shown = WAY.printed()
    code = door.segno.make(f"{ADDRESS}/p/{WAY.token}/", error="m", boost_error=False)
    dark = set()
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", str(shown["path"])):
        dark |= {(int(x) + step, int(y)) for step in range(int(width))}
    assert dark == {
        (x + 4, y + 4)
        for y, row in enumerate(code.matrix)
        for x, module in enumerate(row)
        if module
    }
    assert shown["size"] == len(code.matrix) + 8


def test_code_and_short_address_are_printed(printed: bytes) -> None:
    words = " ".join(reading.pages(printed))
    assert "ABCD 2345 EFGH" in words
    assert "plans.harborstreet.example/plan/" in re.sub(r"(?<=[./]) ", "", words)
    assert WAY.token not in words


def test_the_square_is_said_in_words_and_at_least_25_mm_wide(printed: bytes) -> None:
    (square,) = [e for e in reading.elements(printed) if e.words.startswith("QR code")]
    assert square.kind == "/Figure"
    left, top, right, bottom = box_of(printed, square.words)
    edge = int(str(WAY.printed()["size"]))
    dark = (edge - 8) / edge * MILLIMETRES
    assert min(abs(right - left), abs(bottom - top)) * dark >= 25


def box_of(printed: bytes, words: str) -> list[float]:
    """The box of the figure with this alternative text, in points."""
    with pikepdf.open(io.BytesIO(printed)) as file:
        for item in file.objects:
            if isinstance(item, pikepdf.Dictionary) and str(item.get("/Alt", "")) == words:
                return [float(side) for side in item.A.BBox]
    raise AssertionError(words)


def test_paper_with_a_way_passes_the_checker_for_accessible_pdf(printed: bytes) -> None:
    assert reading.faults(printed) == []


@pytest.mark.parametrize("paper", PAPERS)
def test_the_way_takes_no_page_more(paper: str) -> None:
    def pages(*items, edition: str = "standard") -> int:
        content = door.through(sheet(*items), WAY)
        return len(reading.pages(pdf.render(content, paper=paper, edition=edition)))

    assert pages(*FOUR, *HABITS[:2]) <= 4
    assert pages(*SIX, *HABITS[:2]) <= 5
    assert pages(*SIX, *HABITS, edition="fridge") == 1


def test_without_a_way_there_is_no_square() -> None:
    printed = pdf.render(sheet())
    assert "phone." not in " ".join(reading.pages(printed))
    assert not [e for e in reading.elements(printed) if "QR" in e.words]


def test_the_content_that_is_stored_is_left_alone() -> None:
    content = sheet()
    door.through(content, WAY)
    assert "door" not in content
