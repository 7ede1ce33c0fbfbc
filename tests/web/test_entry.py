"""Keying in a paper: staff type what is ticked; the record is that of the patient's own path."""

import re
import threading
import tomllib
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from chiro.practice.models import AuditEvent
from exercises.models import Plan, PlanItem
from screening import answers as contract
from screening import examples
from screening.models import Draft, Patient, Screening
from screening.questionnaire import NUMBERS, QUESTIONS, SECTIONS, Kind, Layout, paper
from screening.services import submission
from tests.conftest import FormClient
from tests.core.records import minimal_record
from tests.web.visitor import IDENTITY, RECORD, SAFETY_KEYS, Visitor, posted, text_of

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/paper/key-in/"
ROLES = ("front_desk", "chiropractor", "owner")
KEY = "k" * 43
SIDE_GRID = tuple(
    question.key
    for section in SECTIONS
    if section.layout is Layout.SIDE_GRID
    for question in section.questions
    if "left" in paper.codes(question)
)
type ClientAs = Callable[[str], FormClient]


def typed(record: Mapping[str, Any], **changes: str) -> dict[str, Any]:
    """What staff type for a record: the codes beside the ticked boxes."""
    data: dict[str, Any] = {**IDENTITY, "filled_by": "1", "key": KEY}
    for key, value in record.items():
        data |= _codes(key, value)
    return data | changes


def example(name: str) -> Mapping[str, Any]:
    """The answers of a shipped example patient."""
    text = (examples.FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    return minimal_record(**tomllib.loads(text)["answers"])


def _codes(key: str, value: Any) -> dict[str, Any]:
    question = QUESTIONS[key]
    if question.kind is Kind.GOALS:
        texts = {f"{key}_{n}_text": goal["text"] for n, goal in enumerate(value, 1)}
        return texts | {f"{key}_{n}_score": goal["score"] for n, goal in enumerate(value, 1)}
    if question.kind is Kind.TICK:
        return {key: "Y"}
    codes = paper.codes(question)
    if question.kind is Kind.MANY:
        return {key: " ".join(codes[item] for item in value) or paper.NONE_CODE}
    return {key: codes.get(value, str(value))}


def frozen(screening: Screening) -> dict[str, Any]:
    """What a screening says, without who sent it when."""
    left_out = {"id", "patient_id", "submission_key", "submitted_at", "_state"}
    return {name: value for name, value in vars(screening).items() if name not in left_out}


def plan_rows(screening: Screening) -> list[dict[str, Any]]:
    """The draft plan's rows; none where the answers withhold a plan."""
    items = PlanItem.objects.filter(plan__screening=screening)
    return [
        {
            name: value
            for name, value in vars(item).items()
            if name not in ("id", "plan_id", "_state")
        }
        for item in items
    ]


@pytest.fixture
def desk(client_as: ClientAs) -> FormClient:
    return client_as("front_desk")


# --- the same record --------------------------------------------------------------------------


PATIENTS: Mapping[str, Mapping[str, Any]] = {
    "right-sided": RECORD,
    "every place of the body chart, both sides": {
        **RECORD,
        "places": [option.value for option in QUESTIONS["places"].options],
        **dict.fromkeys(SIDE_GRID, "both"),
    },
    "left in the grid, legs and old injuries": minimal_record(
        places=["low_back:middle", "groin:left", "below_knee:left"],
        **dict.fromkeys(SIDE_GRID, "left"),
        leg_symptoms="same_for_weeks",
        leg_symptom_places=["thigh:left", "foot:left"],
        injuries=["ankle:left", "back"],
        surgery=["hip_replacement:left"],
        surgery_months=8,
    ),
    "unsure of everything": example("unsure-of-everything"),
}


@pytest.mark.parametrize("name", PATIENTS)
def test_a_paper_scores_as_the_same_answers_on_the_patients_own_pages(
    client: FormClient, desk: FormClient, name: str
) -> None:
    record = dict(PATIENTS[name])
    born = {"birth_year": str(timezone.localdate().year - record["age"])}
    fill_in(Visitor(client, record).start(), born).send()
    by_patient = Screening.objects.get()
    response = desk.post(ADDRESS, typed(record, full_name="Maria Alvarez Twin", **born))
    assert response.status_code == 303, text_of(response)
    by_staff = Screening.objects.exclude(pk=by_patient.pk).get()
    assert frozen(by_staff) == frozen(by_patient)
    assert list(by_staff.answers) == list(by_patient.answers)
    assert plan_rows(by_staff) == plan_rows(by_patient)
    assert by_staff.review.triage_rank == by_patient.review.triage_rank
    assert by_staff.review.status == by_patient.review.status


def fill_in(patient: Visitor, born: Mapping[str, str]) -> Visitor:
    """Answer every page as a patient of another age does."""
    while patient.slug != "answers":
        data = posted(patient.section, patient.record)
        patient.follow(patient.post(data | (born if "birth_year" in data else {})))
    return patient


@pytest.mark.parametrize(
    "changes",
    [
        {"rf_needs_doctor_ok": "yes"},
        {"rf_calf": "yes"},
        {"age": 16},
        {"pregnancy": "pregnant"},
    ],
    ids=["clinician_first", "same_day", "child", "pregnant"],
)
def test_a_paper_that_needs_a_person_scores_the_same(
    client: FormClient, desk: FormClient, changes: dict[str, Any]
) -> None:
    year = {"birth_year": str(2026 - changes["age"])} if "age" in changes else {}
    record = {k: v for k, v in RECORD.items() if not k.startswith(("stance", "leg_lift"))} | changes
    response = desk.post(ADDRESS, typed(record, **year))
    assert response.status_code == 303, text_of(response)
    by_staff = Screening.objects.get()
    draft = Draft.objects.create(
        submission_key="other",
        answers=record,
        identity={
            "full_name": "Other",
            "birth_date": f"{year.get('birth_year', '1984')}-04-15",
            "phone": "512 555 0199",
            "filled_by": "self",
        },
        progress={"answered": [section.slug for section in SECTIONS]},
    )
    assert frozen(by_staff) == frozen(submission.submit(draft=draft))


def test_the_audit_log_names_who_keyed_it_in(desk: FormClient) -> None:
    desk.post(ADDRESS, typed(RECORD))
    event = AuditEvent.objects.get(event="screening submitted")
    assert (event.actor.username, event.actor_label) == ("front_desk", "staff")
    assert event.patient_id == Patient.objects.get().pk


@pytest.mark.parametrize("role", ROLES)
def test_every_role_may_key_in_a_paper(client_as: ClientAs, role: str) -> None:
    assert client_as(role).post(ADDRESS, typed(RECORD)).status_code == 303
    assert Screening.objects.count() == 1


def test_a_visitor_is_sent_to_the_sign_in(client: FormClient) -> None:
    response = client.post(ADDRESS, typed(RECORD))
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/admin/login/")
    assert not Screening.objects.exists()


def test_after_saving_the_desk_reads_a_reference_and_no_finding(desk: FormClient) -> None:
    desk.post(ADDRESS, typed(RECORD))
    page = text_of(desk.get(ADDRESS))
    assert Patient.objects.get().reference in page
    assert "Maria" not in page
    assert "likely" not in page.lower()


# --- the form ---------------------------------------------------------------------------------


def test_the_questions_stand_in_the_order_and_with_the_numbers_of_the_paper(
    desk: FormClient,
) -> None:
    html = desk.get(ADDRESS).content.decode()
    numbers = [int(n) for n in re.findall(r'<span class="number">(\d+)</span>', html)]
    assert list(dict.fromkeys(numbers)) == list(range(1, len(NUMBERS) + 1))


def test_no_answer_is_there_before_it_is_typed(desk: FormClient) -> None:
    html = desk.get(ADDRESS).content.decode()
    for key in NUMBERS:
        if QUESTIONS[key].kind is not Kind.GOALS:
            assert f'name="{key}" id="id_{key}" value=""' in html


@pytest.mark.parametrize("key", SAFETY_KEYS)
def test_every_safety_item_must_be_typed(desk: FormClient, key: str) -> None:
    response = desk.post(ADDRESS, typed(RECORD, **{key: ""}))
    assert response.status_code == 422
    assert f"{NUMBERS[key]}. {QUESTIONS[key].error}" in text_of(response)
    assert not Screening.objects.exists()


def test_small_letters_and_many_sides_at_once_are_read(desk: FormClient) -> None:
    changes = {"rf_calf": "n", "places": "1r,3R", "equipment": "13"}
    assert desk.post(ADDRESS, typed(RECORD, **changes)).status_code == 303
    answers = Screening.objects.get().answers
    assert answers["places"] == ["low_back:right", "buttock:right"]
    assert answers["equipment"] == ["band", "chair"]


@pytest.mark.parametrize(
    ("key", "code", "told"),
    [
        ("rf_calf", "1", "Type N, Y or U"),
        ("pain_now", "11", "Type a number from 0 to 10"),
        ("places", "12L", "Type one or more of 1L, 1M, 1R"),
        ("places", "0 1L", "Type one or more of 1L, 1M, 1R"),
        ("limp", "X", "Type N, L, R, B or U"),
        ("age", "forty", "Type a number from 1 to 110"),
        ("days", "7", "Type 3, 4, 5 or 6"),
    ],
)
def test_a_code_that_stands_beside_no_box_is_refused_with_those_that_do(
    desk: FormClient, key: str, code: str, told: str
) -> None:
    response = desk.post(ADDRESS, typed(RECORD, **{key: code}))
    assert response.status_code == 422
    assert f"{NUMBERS[key]}. {told}" in text_of(response)
    assert f'value="{code}"' in response.content.decode()


def test_errors_lead_to_their_inputs(desk: FormClient) -> None:
    html = desk.post(ADDRESS, typed(RECORD, rf_calf="", full_name="")).content.decode()
    assert "<title>Error: " in html
    for target in re.findall(r'<li><a href="#([^"]+)">', html):
        assert f'id="{target}"' in html
    assert 'href="#id_rf_calf"' in html
    assert 'href="#id_full_name"' in html


def test_worst_pain_below_the_pain_right_now_is_refused(desk: FormClient) -> None:
    response = desk.post(ADDRESS, typed(RECORD, pain_now="6", pain_worst="2"))
    assert f"{NUMBERS['pain_worst']}. Choose a number that is not below" in text_of(response)


def test_a_birth_date_that_does_not_fit_the_age_is_refused(desk: FormClient) -> None:
    response = desk.post(ADDRESS, typed(RECORD, birth_year="1950"))
    assert response.status_code == 422
    assert "you gave your age as 42" in text_of(response)


def test_the_review_page_names_answers_by_the_same_numbers(client_as: ClientAs) -> None:
    client_as("front_desk").post(ADDRESS, typed(RECORD))
    address = f"/admin/screening/screening/{Screening.objects.get().pk}/change/"
    page = text_of(client_as("chiropractor").get(address))
    for key in ("rf_saddle", "side_sleep_nights", "experience"):
        assert f"{NUMBERS[key]}. {QUESTIONS[key].label}" in page


# --- what is not asked ------------------------------------------------------------------------


def test_an_answer_to_a_question_that_is_not_asked_is_flagged_with_the_reason(
    desk: FormClient,
) -> None:
    response = desk.post(ADDRESS, typed(RECORD, rf_fever_severe="N"))
    page = text_of(response)
    assert response.status_code == 422
    number, opener = NUMBERS["rf_fever_severe"], NUMBERS["rf_fever"]
    assert f"{number}. Not asked: only “If yes to {opener}”" in page
    assert f"Leave out the answers that are not asked: {number}" in page


def test_it_is_left_out_when_staff_say_so(desk: FormClient) -> None:
    data = typed(RECORD, rf_fever_severe="N", leave_out="on")
    assert desk.post(ADDRESS, data).status_code == 303
    assert "rf_fever_severe" not in Screening.objects.get().answers


def test_an_opened_question_must_be_typed(desk: FormClient) -> None:
    response = desk.post(ADDRESS, typed(RECORD, rf_fever="Y"))
    assert f"{NUMBERS['rf_fever_severe']}. " in text_of(response)


def test_checks_at_home_do_not_count_where_they_may_not_be_done(desk: FormClient) -> None:
    response = desk.post(ADDRESS, typed(RECORD, falls="2"))
    page = text_of(response)
    assert response.status_code == 422
    assert f"{NUMBERS['stance_left']}. Not asked: These answers do not allow" in page
    assert desk.post(ADDRESS, typed(RECORD, falls="2", leave_out="on")).status_code == 303
    assert not any(key.startswith("stance") for key in Screening.objects.get().answers)


# --- emergencies ------------------------------------------------------------------------------


def test_an_emergency_on_an_unfinished_paper_is_said_first_and_can_be_saved_as_an_alert(
    desk: FormClient,
) -> None:
    paper_page_one = typed({key: RECORD[key] for key in ("consent", *SAFETY_KEYS)}, rf_saddle="Y")
    response = desk.post(ADDRESS, paper_page_one)
    assert response.status_code == 422
    assert "Get a chiropractor now, or call 911" in text_of(response)
    assert not Draft.objects.exists()
    assert desk.post(ADDRESS, paper_page_one | {"do": "alert"}).status_code == 303
    assert desk.post(ADDRESS, paper_page_one | {"do": "alert"}).status_code == 303
    alert = Draft.objects.get()
    assert alert.stopped_tier == "emergency"
    assert alert.identity == {"full_name": "Maria Alvarez", "phone": "512 555 0199"}
    assert contract.check_value(QUESTIONS["rf_saddle"], alert.answers["rf_saddle"]) == "yes"
    assert AuditEvent.objects.get(event="questionnaire stopped").actor.username == "front_desk"
    assert "Get a chiropractor now" in text_of(desk.get(ADDRESS))


def test_without_an_emergency_nothing_unfinished_is_kept(desk: FormClient) -> None:
    response = desk.post(ADDRESS, typed({"consent": True}, do="alert"))
    assert response.status_code == 422
    assert not Draft.objects.exists()


def test_a_complete_paper_with_an_emergency_is_sent_and_the_desk_is_told(desk: FormClient) -> None:
    record = {k: v for k, v in RECORD.items() if not k.startswith(("stance", "leg_lift"))}
    assert desk.post(ADDRESS, typed(record, rf_saddle="Y")).status_code == 303
    assert Screening.objects.get().triage == "emergency"
    assert "Get a chiropractor now, or call 911" in text_of(desk.get(ADDRESS))


# --- once -------------------------------------------------------------------------------------


def test_pressing_save_twice_gives_one_record(desk: FormClient) -> None:
    for _ in range(2):
        assert desk.post(ADDRESS, typed(RECORD)).status_code == 303
    assert Screening.objects.count() == Plan.objects.count() == 1
    assert not Draft.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_moment_give_one_record(client_as: ClientAs) -> None:
    signed_in = client_as("front_desk")
    sent = typed(RECORD)
    statuses: list[int] = []

    def press() -> None:
        browser = FormClient()
        browser.cookies = signed_in.cookies
        statuses.append(browser.post(ADDRESS, sent).status_code)
        connection.close()

    presses = [threading.Thread(target=press) for _ in range(4)]
    for thread in presses:
        thread.start()
    for thread in presses:
        thread.join()
    assert statuses == [303] * 4
    assert Screening.objects.count() == 1


def test_each_form_has_a_key_of_its_own(desk: FormClient) -> None:
    keys = {
        key
        for _ in range(2)
        for key in re.findall(r'name="key" value="([^"]{43})"', desk.get(ADDRESS).content.decode())
    }
    assert len(keys) == 2
