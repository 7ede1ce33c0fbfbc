"""The printed plan, read back from its bytes: layout, tags, privacy and exactness."""

import io
import itertools
import json
import re
from random import Random
from typing import Any

import pikepdf
import pytest

from chiro.practice import theme
from exercises import door, pdf
from exercises.management.commands.print_plan import sample
from tests.core.records import minimal_record
from tests.pdf import reading
from tests.pdf.sheets import FOUR, HABITS, SIX, dose, findings, habit, heading, item, sheet

PAPERS = ("letter", "a4")
POINTS = {"letter": (612, 792), "a4": (595.28, 841.89)}
LONG_STEP = "Lift your right knee slowly like a clam that opens, and keep both of your heels. " * 4


def block_pages(printed: bytes) -> list[str]:
    """The pages that hold exercises."""
    return [words for words in reading.pages(printed) if "In words:" in words]


@pytest.fixture(scope="module", params=PAPERS)
def paper(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def printed(paper: str) -> bytes:
    return pdf.render(sheet(), paper=paper)


def test_the_paper_has_the_chosen_size(printed: bytes, paper: str) -> None:
    sheets, _ = reading.words(printed)
    for size in sheets:
        assert (size.width, size.height) == pytest.approx(POINTS[paper], abs=0.5)


@pytest.mark.parametrize("accent", ["#f6e27a", "#1f5c52", "#ff5fa2"])
def test_the_line_in_the_colour_of_the_practice_is_seen_in_grey(accent: str) -> None:
    rules = pdf.styles(accent=accent)
    (ink,) = re.findall(r"border-bottom-color: (#[0-9a-f]{6})", rules)
    assert theme.contrast(ink, "#ffffff") >= 4.5


def test_an_unknown_paper_is_refused() -> None:
    with pytest.raises(pdf.PrintError):
        pdf.render(sheet(), paper="napkin")


def test_every_page_names_plan_version_day_and_its_number(printed: bytes) -> None:
    pages = reading.pages(printed)
    for number, words in enumerate(pages, 1):
        assert "Plan 000042, version 2, Nov. 25, 2026. Rules 1. (512) 555-0142" in words
        assert f"Page {number} of {len(pages)}" in words


def test_the_first_page_says_from_whom_for_whom_and_how_to_stay_safe(printed: bytes) -> None:
    first = reading.pages(printed)[0]
    for words in (
        "Harbor Street Chiropractic",
        "Maria Alvarez (example)",
        "Your plan for stronger hips and an easier back",
        "climb the stairs at work without stopping",
        "Several of your answers fit",
        "Your week at a glance",
        "0 to 3",
        "Universal stop rule:",
        "Stop and call us if",
        "Call 911 now if you get",
        "chest pain or trouble breathing",
    ):
        assert words in first


def test_every_block_is_whole_on_one_page(printed: bytes) -> None:
    for number, block in enumerate(sheet()["exercises"], 1):
        title = f"{number}. {block['name']}"
        (page,) = [words for words in block_pages(printed) if title in words]
        assert block["harder"] in page[page.index(title) :]


def test_two_blocks_share_a_page(printed: bytes) -> None:
    pages = reading.pages(printed)
    assert f"1. {sheet()['exercises'][0]['name']}" in pages[1]
    assert f"2. {sheet()['exercises'][1]['name']}" in pages[1]
    assert f"3. {sheet()['exercises'][2]['name']}" in pages[2]


def test_side_dose_reason_caution_and_ladder_are_printed(paper: str) -> None:
    block = item(dose(cautions=("Keep the pillow.",)), note="Blue band.")
    words = reading.text(pdf.render(sheet(block), paper=paper))
    for printed_words in (
        "First: RIGHT leg on top",
        "sets RIGHT",
        "sets LEFT",
        "2 seconds",
        "45 seconds",
        "Because you told us your right knee drops",
        "For you: Keep the pillow.",
        "Note from Sam Rivera, DC: Blue band.",
        "Too hard?",
        "Too easy?",
        "Watch out:",
    ):
        assert printed_words in words


def test_habits_path_diary_and_disclaimer_are_printed(printed: bytes) -> None:
    words = reading.text(printed)
    for printed_words in (
        "Pillow between your knees",
        "5 nights a week or more",
        "Your six weeks",
        "Your 14-day diary",
        "Worst pain 0 to 10",
        "It does not diagnose any condition",
        "Rules version 1",
    ):
        assert printed_words in words


def test_it_passes_the_checker_for_accessible_pdf(printed: bytes) -> None:
    assert reading.faults(printed) == []


def test_title_language_and_tags_are_set(printed: bytes) -> None:
    with pikepdf.open(io.BytesIO(printed)) as document:
        assert str(document.docinfo["/Title"]) == "Home exercise plan 000042, version 2"
        assert str(document.Root.Lang) == "en"
        assert document.Root.MarkInfo.Marked
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"


def test_headings_are_in_order(printed: bytes) -> None:
    levels = reading.headings(printed)
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_every_header_cell_says_what_it_heads(printed: bytes) -> None:
    cells = [element for element in reading.elements(printed) if element.kind == "/TH"]
    assert cells
    assert {cell.scope for cell in cells} == {"/Column", "/Row"}


def test_all_type_is_public_sans(printed: bytes) -> None:
    assert reading.fonts(printed) == {"Public-Sans", "Public-Sans-Bold"}


def test_nothing_is_smaller_than_12_points(printed: bytes) -> None:
    _, words = reading.words(printed)
    heights = [word.bottom - word.top for word in words if re.search("[A-Za-z]", word.text)]
    assert min(heights) >= 12 * 1.1


def test_the_same_content_gives_the_same_bytes(printed: bytes, paper: str) -> None:
    frozen = json.loads(json.dumps(sheet()))
    assert pdf.render(frozen, paper=paper) == printed


def test_four_exercises_take_four_pages_and_six_take_five(paper: str) -> None:
    assert len(reading.pages(pdf.render(sheet(*FOUR, *HABITS[:2]), paper=paper))) <= 4
    assert len(reading.pages(pdf.render(sheet(*SIX, *HABITS[:2]), paper=paper))) <= 5


def test_every_drawing_is_said_in_words(printed: bytes) -> None:
    pictures = [element for element in reading.elements(printed) if element.kind == "/Figure"]
    assert len(pictures) == 2 * (4 + 1)
    assert all(re.match(r"Picture [12]\. \w", picture.words) for picture in pictures)


def test_the_drawing_shows_the_side_that_the_title_names() -> None:
    for side, other in (("right", "left"), ("left", "right")):
        (block,) = sheet(item(dose(first_side=side)))["exercises"]
        assert side.upper() in block["side_tag"]
        assert all(f"-{side}-" in picture["file"] for picture in block["pictures"])
        assert not any(other.upper() in picture["alt"].upper() for picture in block["pictures"][1:])


@pytest.mark.parametrize("seed", range(4))
def test_plans_of_random_answers_are_laid_out_whole(seed: int, paper: str) -> None:
    record = minimal_record(**random_needs(Random(seed)))
    content = sample(record, name="Ada Example")
    pages = reading.pages(pdf.render(content, paper=paper))
    for block in content["exercises"]:
        title = f"{block['number']}. {block['name']}"
        whole = [page for page in pages if block["harder"] in page.partition(title)[2]]
        assert len(whole) == 1
    assert len(pages) <= 2 + (len(content["exercises"]) + 1) // 2 + (len(content["habits"]) > 2)


def random_needs(random: Random) -> dict[str, Any]:
    """Answers that change what a plan holds: place, pain, habits, minutes, equipment, balance."""
    side = random.choice(["left", "right"])
    return {
        "places": random.sample([f"low_back:{side}", f"buttock:{side}", f"outer_hip:{side}"], 2),
        "pain_worst": random.choice([2, 5, 8]),
        "sitting_bout": random.choice(["up_to_30", "over_60"]),
        "minutes": random.choice([10, 15, 20, 30]),
        "experience": random.choice(["never", "a_little", "regularly"]),
        "equipment": random.choice([[], ["chair", "band", "step"]]),
        "unsteady": random.choice(["no", "often"]),
        "hard_stairs": side,
    }


NOTE = "Keep the band above your knees, not on them. Stop two short of your best."
"""About the longest note that two blocks a page bear; `docs/decisions.md` names the limits."""


@pytest.mark.parametrize(("exercises", "most"), [(FOUR, 4), (SIX, 5)])
def test_four_habits_and_a_note_on_every_exercise_take_no_page_more(
    exercises: tuple[Any, ...], most: int, paper: str
) -> None:
    noted = [item(one.dose, note=NOTE) for one in exercises]
    content = door.through(
        sheet(*noted, *HABITS, heading=heading(message=NOTE * 2)),
        door.Door(token="t" * 43, code="ABCD2345EFGH"),
    )
    pages = reading.pages(pdf.render(content, paper=paper))
    assert len(pages) <= most
    for number, block in enumerate(content["exercises"], 1):
        title, page = f"{number}. {block['name']}", pages[1 + (number - 1) // 2]
        assert NOTE[-20:] in page.partition(title)[2].replace("\n", " ")


def test_the_boxes_of_the_diary_are_8_mm_high(printed: bytes) -> None:
    _, words = reading.words(printed)
    page = max(word.page for word in words)
    rows = [w.top for w in words if w.page == page and w.text in ("1.", "2.", "3.", "4.")]
    gaps = [after - before for before, after in itertools.pairwise(sorted(rows)[-4:])]
    assert min(gaps) >= 8 / 25.4 * 72 - 0.1


NOT_WORDS = {"file", "slug", "kind", "side", "language", "accent", "number", "name", "date"}


def longer(value: Any, key: str = "") -> Any:
    """A plan whose sentences are 30 % longer, as in a translation."""
    if isinstance(value, dict):
        return {name: longer(part, name) for name, part in value.items()}
    if isinstance(value, list):
        return [longer(part, key) for part in value]
    if not isinstance(value, str) or key in NOT_WORDS or " " not in value:
        return value
    words = value.split(" ")
    return " ".join([*words, *words[: max(1, round(len(words) * 0.3))]])


@pytest.mark.parametrize("edition", ["standard", "large"])
def test_a_language_with_longer_sentences_is_laid_out_whole(edition: str) -> None:
    content = longer(sheet(*FOUR, *HABITS[:2]))
    printed = pdf.render(content, edition=edition)
    sheets, words = reading.words(printed)
    assert all(word.right <= sheets[word.page].width - 30 for word in words)
    pages = reading.pages(printed)
    for block in content["exercises"]:
        title = f"{block['number']}. {block['name']}"
        whole = [page for page in pages if block["harder"] in page.partition(title)[2]]
        assert len(whole) == 1
    assert reading.faults(printed) == []


def test_the_fridge_sheet_is_one_page(paper: str) -> None:
    content = sheet(*SIX, *HABITS)
    printed = pdf.render(content, paper=paper, edition="fridge")
    (page,) = reading.pages(printed)
    for block in content["exercises"]:
        assert block["name"] in page
        assert block["side_tag"] in page
        assert block["in_words"] in page
    assert reading.faults(printed) == []


def test_large_print_has_one_exercise_a_page_and_nothing_under_18_points(paper: str) -> None:
    content = sheet(*FOUR, *HABITS[:2])
    printed = pdf.render(content, paper=paper, edition="large")
    pages = reading.pages(printed)
    for block in content["exercises"]:
        title = f"{block['number']}. {block['name']}"
        assert [block["harder"] in page for page in pages if title in page].count(True) == 1
    assert all(
        sum(page.count(f"{n}. {b['name']}") for n, b in enumerate(content["exercises"], 1)) <= 1
        for page in pages[:-2]
    )
    assert "Your diary, week 2" in pages[-1]
    assert len(pages) <= 10
    _, words = reading.words(printed)
    assert min(word.bottom - word.top for word in words if word.text.isalpha()) >= 18 * 1.1
    assert reading.faults(printed) == []


@pytest.mark.parametrize(
    "name", ["Zoë Müller-Łukaszewicz", "José Ñuñez", "李小龙", "Ωμέγα", "مريم"]
)
def test_names_of_all_kinds_are_printed_and_stay_readable(name: str) -> None:
    printed = pdf.render(sheet(heading=heading(patient=name)))
    assert reading.faults(printed) == []


def test_a_fault_of_the_printer_is_one_clear_error(monkeypatch) -> None:
    def fail(document, file):
        raise MemoryError

    monkeypatch.setattr(pdf, "_scope_headers", fail)
    with pytest.raises(pdf.PrintError, match="could not be laid out"):
        pdf.render(sheet())


def test_an_unknown_edition_is_refused() -> None:
    with pytest.raises(pdf.PrintError):
        pdf.render(sheet(), edition="braille")


def test_a_long_step_moves_the_block_and_breaks_nothing(paper: str) -> None:
    content = sheet(*SIX)
    for block in content["exercises"]:
        block["steps"] = [LONG_STEP] * 6
    pages = block_pages(pdf.render(content, paper=paper))
    for block in content["exercises"]:
        title = f"{block['number']}. {block['name']}"
        assert sum(title in words for words in pages) == 1


SECRET = "SECRET-7f3"


@pytest.fixture
def secret_file(tmp_path):
    path = tmp_path / "secret.txt"
    path.write_text(SECRET)
    return path


def attacks(path) -> list[str]:
    address = path.as_uri()
    return [
        f'<link rel="attachment" href="{address}">',
        f'<a rel="attachment" href="{address}">x</a>',
        f'<object data="{address}"></object>',
        f'<embed src="{address}">',
        f'<img src="{address}">',
        '<img src="http://169.254.169.254/latest/meta-data/">',
        f'<link rel="stylesheet" href="{address}">',
        f'<style>@import url("{address}");</style>',
        f'<style>@font-face {{ font-family: x; src: url("{address}") }}</style>',
        f'<div style="background: url({address})">x</div>',
        f'<style>p::before {{ content: url("{address}") }}</style>',
        f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{address}"/></svg>',
        f'<base href="{address}"><img src="secret.txt">',
        '<script>document.write("x")</script>',
    ]


def assert_harmless(printed: bytes) -> None:
    plain = reading.unpacked(printed)
    assert SECRET.encode() not in plain
    assert b"/EmbeddedFile" not in plain
    assert b"/JavaScript" not in plain


def test_markup_in_a_patients_text_is_printed_as_text(secret_file) -> None:
    everything = " ".join(attacks(secret_file))
    content = sheet(
        item(dose(), note=everything),
        heading=heading(patient="<b>Ada</b>", message=everything),
        findings=findings(goals=("<script>alert(1)</script>",)),
    )
    printed = pdf.render(content)
    assert_harmless(printed)
    assert "<b>Ada</b>" in reading.text(printed)
    assert "<script>alert(1)</script>" in reading.text(printed)


def test_even_raw_markup_reads_no_file_and_no_network(secret_file) -> None:
    for attack in attacks(secret_file):
        html = (
            f'<!doctype html><html lang="en"><title>x</title><body><p>x</p>{attack}</body></html>'
        )
        assert_harmless(pdf.write(html))


def test_printing_fetches_nothing(monkeypatch) -> None:
    import socket

    def refuse(*args, **kwargs):
        raise AssertionError("the printer opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert pdf.render(sheet()).startswith(b"%PDF")


def test_the_printer_is_not_loaded_before_it_is_needed() -> None:
    import subprocess
    import sys

    code = (
        "import django; django.setup(); import exercises.views, sys; "
        "assert 'weasyprint' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_reason_with_markup_does_not_break_the_page() -> None:
    content = sheet(habit("habit-uncross", because="a < b & c > d"))
    assert "A < b & c > d." in reading.text(pdf.render(content))
