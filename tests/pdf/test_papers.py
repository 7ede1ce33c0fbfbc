"""The blank questionnaire and the chart summary, read back from their bytes."""

import io
import itertools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.management import call_command
from django.utils import timezone

from chiro.practice.append_only import lawful_change
from chiro.practice.models import AuditEvent, Practice, User
from exercises import pdf, rendering
from exercises.papers import blank
from screening import examination, prompts
from screening.examination import BOTH, Kind
from screening.models import Decision, Examination, Screening
from screening.questionnaire import NUMBERS, QUESTIONS, SECTIONS, Layout, paper
from tests.conftest import FormClient
from tests.pdf import faults, reading
from tests.web.reviewing import sent
from tests.web.visitor import SAFETY_KEYS

PAPERS = ("letter", "a4")
POINTS = {"letter": (612, 792), "a4": (595.28, 841.89)}
SMALLEST = 12
PRACTICE = Practice(
    name="Harbor Street Chiropractic", phone="(512) 555-0142", emergency_number="0118 999"
)
type ClientAs = Callable[[str], FormClient]


def print_blank(practice: Practice, paper_name: str = "letter") -> bytes:
    context = {"sheet": blank.compose(practice)}
    return pdf.sheet(blank.TEMPLATE, context, css=blank.CSS, paper=paper_name)


@pytest.fixture(scope="module", params=PAPERS)
def size(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def printed(size: str) -> bytes:
    return print_blank(PRACTICE, size)


def plain(words: str) -> str:
    """Words without the joiners and breaks of the layout."""
    return re.sub(r"\s+", " ", words.replace("\u2060", ""))


# --- the blank questionnaire ------------------------------------------------------------------


def test_the_paper_has_the_chosen_size_and_at_most_twelve_pages(printed: bytes, size: str) -> None:
    sheets, _ = reading.words(printed)
    assert len(sheets) <= 12
    for sheet in sheets:
        assert (sheet.width, sheet.height) == pytest.approx(POINTS[size], abs=0.5)


def test_a_checker_of_accessible_pdf_finds_nothing(printed: bytes) -> None:
    assert reading.faults(printed) == []


def test_headings_come_in_order_and_every_header_cell_has_its_scope(printed: bytes) -> None:
    levels = reading.headings(printed)
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    heads = [element for element in reading.elements(printed) if element.kind == "/TH"]
    assert heads
    assert {head.scope for head in heads} == {"/Column", "/Row"}


def test_only_our_font_is_inside_and_nothing_is_smaller_than_twelve_points(printed: bytes) -> None:
    assert {name.replace("-Bold", "") for name in reading.fonts(printed)} == {"Public-Sans"}
    _, words = reading.words(printed)
    heights = [word.bottom - word.top for word in words if re.search("[A-Za-z]", word.text)]
    assert min(heights) >= SMALLEST * 1.1


def test_nothing_is_cut_at_the_edge(printed: bytes) -> None:
    sheets, words = reading.words(printed)
    for word in words:
        sheet = sheets[word.page]
        assert 30 <= word.left < word.right <= sheet.width - 30, word
        assert 20 <= word.top < word.bottom <= sheet.height - 20, word


def test_one_dark_ink_is_all_it_needs(printed: bytes) -> None:
    """Black and white, and the shades of the body chart, which tell nothing by their hue."""
    with pikepdf.open(io.BytesIO(printed)) as document:
        for page in document.pages:
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) in ("rg", "RG"):
                    shades = [float(part) for part in operands]
                    assert max(shades) - min(shades) < 0.2


def test_every_question_stands_once_in_the_order_of_its_number(printed: bytes) -> None:
    words = plain(reading.text(printed))
    at = -1
    for key, number in NUMBERS.items():
        question = QUESTIONS[key]
        label = re.escape(question.label)
        found = re.search(rf"(?<!\d){number} (?:[^.?]*: )?(?:Y )?{label}", words)
        assert found, (number, question.label)
        assert found.start() > at, question.label
        at = found.start()


def test_every_option_stands_beside_its_code() -> None:
    sheet = blank.compose(PRACTICE)
    sections = [*sheet["safety"], *(s for part in sheet["parts"] for s in part["sections"])]
    for item in (item for section in sections for item in section["items"]):
        question = QUESTIONS[item["key"]]
        boxes = [option["code"] for option in item["options"]]
        boxes += [c for row in item["rows"] for c in (*row["cells"], row["single"]) if c]
        boxes += [str(n) for n in item["scale"]] if item["kind"] == "scale" else []
        codes = list(paper.codes(question).values())
        if codes:
            assert sorted(boxes) == sorted(codes), item["key"]


def test_the_first_page_holds_what_cannot_wait_and_what_to_do(printed: bytes) -> None:
    first = plain(reading.pages(printed)[0])
    assert "Harbor Street Chiropractic" in first
    assert "(512) 555-0142" in first
    assert "Call 0118 999, or have someone take you to the nearest emergency room" in first
    cannot_wait = next(section for section in SECTIONS if section.layout is Layout.SAFETY)
    for question in cannot_wait.questions:
        assert question.label in first
    assert first.count("STOP") >= len(cannot_wait.questions)


def test_the_safety_questions_come_before_every_other_one() -> None:
    numbers = sorted(NUMBERS[key] for key in QUESTIONS if key.startswith("rf_"))
    assert set(SAFETY_KEYS) <= set(QUESTIONS)
    assert numbers == list(range(2, 2 + len(numbers)))


def test_an_answer_that_is_an_emergency_by_itself_is_marked() -> None:
    marked = {
        (item["key"], option["code"])
        for section in blank.compose(PRACTICE)["safety"]
        for item in section["items"]
        for option in item["options"]
        if option["stop"]
    }
    assert {("rf_saddle", "Y"), ("rf_chest_pain_now", "Y"), ("rf_chest_pain_now", "U")} <= marked
    assert {("rf_leg_weaker_onset", "1"), ("rf_trauma_weight_bearing", "N")} <= marked
    assert ("rf_weight_loss", "Y") not in marked
    assert not any(code == "N" for key, code in marked if key != "rf_trauma_weight_bearing")


def test_a_question_that_not_everybody_is_asked_says_when(printed: bytes) -> None:
    words = plain(reading.text(printed))
    n = NUMBERS
    assert f"{n['rf_fever_severe']} If yes to {n['rf_fever']}: Shaking chills" in words
    assert f"{n['top_leg']} If knee over knee or ankle on knee in {n['crossing_style']}:" in words
    for section in SECTIONS:
        for question in section.questions:
            asked_always = question.condition({}) and section.condition({})
            assert asked_always or paper.when(section, question, NUMBERS), question.key


def test_no_question_is_split_between_two_pages(printed: bytes) -> None:
    """The number, the words and the last box of a question stand on one page."""
    pages = [plain(page) for page in reading.pages(printed)]
    for key, number in NUMBERS.items():
        question = QUESTIONS[key]
        asked = rf"(?<!\d){number} .{{0,90}}{re.escape(question.label)}"
        on = [page for page in pages if re.search(asked, page)]
        assert len(on) == 1, key
        last = question.none_label or (question.options[-1].label if question.options else "")
        is_table = any(option.group for option in question.options)
        if last and not is_table and question.kind != "scale":
            assert last in on[0], key


def test_nothing_of_a_patient_is_on_it_and_it_repeats_exactly(printed: bytes, size: str) -> None:
    assert print_blank(PRACTICE, size) == printed
    with pikepdf.open(io.BytesIO(printed)) as document:
        assert str(document.docinfo["/Title"]) == "Hip and back questionnaire, to fill in by hand"


def test_a_long_practice_name_cuts_nothing() -> None:
    name = "Wolfeschlegelsteinhausenbergerdorff " * 2 + "Chiropractic"
    practice = Practice(name=name, phone="1" * 30)
    long = print_blank(practice)
    assert reading.faults(long) == []
    sheets, words = reading.words(long)
    assert all(word.right <= sheets[word.page].width - 30 for word in words)


@pytest.mark.django_db
def test_the_command_prints_it_with_the_practice_of_the_database(tmp_path: Path) -> None:
    Practice(name="Elm Street Spine", phone="555 0100").save()
    out = tmp_path / "blank.pdf"
    call_command("print_questionnaire", output=out, paper="a4")
    assert "Elm Street Spine" in reading.text(out.read_bytes())
    assert reading.words(out.read_bytes())[0][0].height == pytest.approx(841.89, abs=0.5)


@pytest.mark.parametrize("role", ["front_desk", "chiropractor", "owner"])
def test_every_role_prints_the_blank_paper(client_as: ClientAs, role: str) -> None:
    signed_in = client_as(role)
    address = "/admin/paper/blank-questionnaire.pdf"
    assert f'href="{address}"' in signed_in.get("/admin/").content.decode()
    response = signed_in.get(address)
    assert response.headers["Content-Type"] == "application/pdf"
    assert 'filename="blank-questionnaire.pdf"' in response.headers["Content-Disposition"]


def test_a_visitor_and_an_unknown_paper_get_nothing(
    client: FormClient, client_as: ClientAs
) -> None:
    address = "/admin/paper/blank-questionnaire.pdf"
    assert client.get(address).status_code == 302
    assert client_as("front_desk").get(f"{address}?paper=napkin").status_code == 404


@pytest.mark.django_db
def test_a_failed_print_says_so_and_nothing_is_logged_as_printed(
    client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering, "print_sheet", faults.fail)
    signed_in = client_as("chiropractor")
    response = signed_in.get(f"/admin/paper/{sent().pk}/chart-summary.pdf")
    assert response.status_code == 303
    page = signed_in.get(response.headers["Location"]).content.decode()
    assert "could not be printed" in page
    assert not AuditEvent.objects.filter(event="chart summary printed").exists()


def test_the_body_chart_carries_the_codes_of_the_table_and_every_place_once_a_view() -> None:
    item = next(
        item
        for part in blank.compose(PRACTICE)["parts"]
        for section in part["sections"]
        for item in section["items"]
        if item["views"]
    )
    table = {code for row in item["rows"] for code in (*row["cells"], row["single"]) if code}
    drawn = [[zone["code"] for zone in view["zones"]] for view in item["views"]]
    assert item["key"] == "places"
    assert {code for view in drawn for code in view} == table
    assert all(len(view) == len(set(view)) for view in drawn)


def test_the_body_chart_is_printed_with_its_sides_named_on_the_page_of_its_table(
    printed: bytes,
) -> None:
    (page,) = [plain(page) for page in reading.pages(printed) if "Your back." in page]
    assert "Left is left." in page
    assert "Your front. Left is on the right." in page
    assert page.count("9L") == 3  # in the table and on both views
    assert page.count("1M") == 2


@pytest.mark.django_db
def test_the_summary_says_what_was_skipped_or_unsure(client_as: ClientAs) -> None:
    screening = sent(rf_sexual="skipped", limp="not_sure")
    noted = prompts.notes(screening.answers)
    assert noted
    said = plain(reading.text(summary(client_as, screening)))
    for note in noted:
        assert note in said


# --- the chart summary ------------------------------------------------------------------------


def summary(client_as: ClientAs, screening: Screening, query: str = "") -> bytes:
    response = client_as("chiropractor").get(
        f"/admin/paper/{screening.pk}/chart-summary.pdf{query}"
    )
    assert response.status_code == 200
    return response.content


FULLEST: dict[str, Any] = {
    "places": [option.value for option in QUESTIONS["places"].options],
    "pain_now": 5,
    "pain_worst": 7,
    "hard_one_leg": "both",
    "hard_stairs": "both",
    "hard_long_standing": "both",
    "worse_lying_on_side": "both",
    "worse_sitting": "both",
    "worse_bending": "yes",
    "hard_shoes": "both",
    "worse_turning": "both",
    "leg_symptoms": "same_for_weeks",
    "leg_symptom_places": [option.value for option in QUESTIONS["leg_symptom_places"].options],
    "morning_stiffness": "yes",
    "stiff_before_45": "yes",
    "side_lain_on": "both",
    "one_leg_standing": "2_hours_or_more",
    "standing_leg": "switch",
    "sitting_bout": "over_60",
    "sitting_hours": "over_8",
    "leg_crossing": "2_hours_or_more",
    "crossing_style": "knee_over_knee",
    "top_leg": "both",
    "limp": "both",
    "hip_drop": "both",
    "waddle": "yes",
    "tires_early": "both",
    "activity": "sport",
    "sport_kind": "running",
    "training_hours": "10_plus",
    "training_jump": "yes",
    "injuries": [option.value for option in QUESTIONS["injuries"].options],
    "goals": [{"text": "W" * 200, "score": n} for n in (1, 2, 3)],
    "rf_needs_doctor_ok": "yes",
    "rf_recent_surgery": "yes",
    "rf_cancer": "yes",
    "rf_cancer_pain_changed": "no",
    "rf_effort_symptoms": "not_sure",
    "rf_clumsy": "not_sure",
    "rf_groin_every_step": "not_sure",
    "rf_fragile_sudden_pain": "not_sure",
    "rf_infection_risk": "not_sure",
    "stance_left": "drop",
    "stance_left_pain": 4,
    "stance_left_pain_place": "groin",
}
"""The answers that fill the most lines."""


def fullest(by: User) -> Screening:
    """A record with everything in it: every rule, prompt, test, and many decisions."""
    screening = sent(name="Wolfeschlegelsteinhausen " * 3 + "Maria", **FULLEST)
    with lawful_change("test"):
        Screening.objects.filter(pk=screening.pk).update(
            assessment={**screening.assessment, "prompts": list(prompts.BY_ID)}
        )
    findings = {m.key: finding(t, m) for t in examination.TESTS for m in t.measures}
    Examination.objects.create(
        screening=screening,
        examiner=by,
        examined_at=timezone.now(),
        findings=findings,
        note="Wide and long words of a note. " * 60,
    )
    for _ in range(30):
        Decision.objects.create(
            screening=screening,
            kind=Decision.Kind.LEVELS,
            by=by,
            reason="Because of this. " * 29,
            details={key: {"left": "", "right": ""} for key in ("old", "new", "screen")},
        )
    screening.review.final_left = screening.review.final_right = "not_assessed"
    for act in ("acknowledged", "cleared"):
        setattr(screening.review, f"{act}_by", by)
        setattr(screening.review, f"{act}_at", timezone.now())
    screening.review.save()
    return Screening.objects.get(pk=screening.pk)


def finding(test: Any, measure: Any) -> dict[str, Any]:
    values = {
        Kind.ONE: list(measure.options or {"": ""})[-1],
        Kind.MANY: list(measure.options or {}),
        Kind.NUMBER: measure.maximum,
        Kind.TEXT: "W" * min(measure.maximum, 200),
    }
    sides = ("left", "right") if test.per_side else (BOTH,)
    return dict.fromkeys(sides, values[measure.kind])


@pytest.mark.django_db
@pytest.mark.parametrize("paper_name", PAPERS)
def test_the_fullest_record_stays_on_one_page(
    client_as: ClientAs, staff: Callable[..., User], paper_name: str
) -> None:
    screening = fullest(staff("chiropractor"))
    printed = summary(client_as, screening, f"?paper={paper_name}")
    assert len(reading.pages(printed)) == 1
    words = plain(reading.text(printed)).replace("- ", "-")  # A name may break after its hyphen.
    for test in examination.TESTS:
        assert test.name in words
    for prompt in prompts.PROMPTS:
        assert prompt.title in words
    for option in QUESTIONS["places"].options:
        assert option.label in words
    for flag in screening.result["flags"]:
        assert flag["code"] in words
    for reason in screening.reasons:
        assert f" {reason['rule']} " in words
    assert "26 more in the record" in words
    assert min(reading.sizes(printed)) >= 7.99
    assert reading.faults(printed) == []


@pytest.mark.django_db
def test_the_summary_says_who_what_why_and_by_which_rules(client_as: ClientAs) -> None:
    screening = sent()
    printed = summary(client_as, screening)
    words = plain(reading.text(printed))
    for said in (
        f"Maria Alvarez, 42 born Apr 15, 1984, {screening.patient.reference}",
        "Questionnaire 1, rules 1",
        "Triage: None",
        "Confidence of the screen:",
        f"{NUMBERS['side_sleep_nights']}. {QUESTIONS['side_sleep_nights'].label}",
        "Low back, right; Buttock, right",
        "My left hip dropped, or I leaned over",
        "Climbing stairs: 4 out of 10",
        "A screening aid, not a diagnosis",
    ):
        assert said in words
    for reason in screening.reasons:
        assert f"{reason['rule']} " in words
    assert len(reading.pages(printed)) == 1
    assert reading.faults(printed) == []


@pytest.mark.django_db
def test_it_says_what_was_stored_even_when_the_questionnaire_says_it_otherwise_now(
    client_as: ClientAs,
) -> None:
    screening = sent()
    words = [
        {**page, "rows": [{**r, "question": f"Old: {r['question']}"} for r in page["rows"]]}
        for page in screening.words
    ]
    with lawful_change("test"):
        Screening.objects.filter(pk=screening.pk).update(words=words, questionnaire_version="0")
    said = plain(reading.text(summary(client_as, screening)))
    assert f"Old: {QUESTIONS['side_sleep_nights'].label}" in said
    assert f"{NUMBERS['side_sleep_nights']}. Old" not in said


@pytest.mark.django_db
def test_levels_and_points_are_withheld_until_a_record_is_cleared(client_as: ClientAs) -> None:
    said = plain(reading.text(summary(client_as, sent("same_day"))))
    assert "Triage: Same day" in said
    assert "withheld until a chiropractor clears" in said
    assert "Points and why" not in said


@pytest.mark.django_db
def test_decisions_stand_on_it_with_their_reasons(
    client_as: ClientAs, staff: Callable[..., User]
) -> None:
    screening = sent("clinician_first")
    by = staff("chiropractor", "sam", first_name="Sam", last_name="Rivera", credentials="DC")
    Decision.objects.create(screening=screening, kind="cleared", by=by, reason="Seen at the visit")
    said = plain(reading.text(summary(client_as, screening)))
    assert "Cleared for a plan, Sam Rivera, DC. Seen at the visit" in said


@pytest.mark.django_db
def test_printing_a_summary_leaves_a_trace(client_as: ClientAs) -> None:
    screening = sent()
    summary(client_as, screening)
    event = AuditEvent.objects.get(event="chart summary printed")
    assert event.actor.username == "chiropractor"
    assert (event.patient_id, event.object_id) == (screening.patient_id, str(screening.pk))


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "status"), [("front_desk", 403), ("owner", 200)])
def test_the_front_desk_reads_no_summary(client_as: ClientAs, role: str, status: int) -> None:
    address = f"/admin/paper/{sent().pk}/chart-summary.pdf"
    assert client_as(role).get(address).status_code == status


@pytest.mark.django_db
def test_the_review_page_leads_to_the_summary(client_as: ClientAs) -> None:
    screening = sent()
    page = client_as("chiropractor").get(f"/admin/screening/screening/{screening.pk}/change/")
    assert f'href="/admin/paper/{screening.pk}/chart-summary.pdf"' in page.content.decode()
