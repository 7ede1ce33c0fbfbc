"""Keying in a paper diary: one post for the whole sheet, nothing doubled, nothing half written."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from chiro.practice.models import AuditEvent, User
from exercises.models import DiaryEntry, Plan
from exercises.services import diary, paper_diary
from tests.conftest import FormClient
from tests.pdf.sheets import HABITS, SIX, heading, sheet
from tests.web.reviewing import form_of, text_of
from tests.web.test_links import make_plan, make_screening

pytestmark = pytest.mark.django_db
type ClientAs = Callable[[str], FormClient]

CLAM, BRIDGE, STANCE = "clamshell", "double-leg-bridge", "single-leg-stance"
HABITS_LINE, PAIN_LINE, FELT_LINE = 6, 7, 8


def started() -> date:
    return timezone.localdate() - timedelta(days=20)


@pytest.fixture
def plan(staff: Callable[..., User]) -> Plan:
    """Six exercises and two habits, printed 20 days ago."""
    content = sheet(*SIX, *HABITS[:2], heading=heading(on=started()))
    by = staff("chiropractor", "doctor")
    return make_plan(
        make_screening(),
        content=json.loads(json.dumps(content)),
        approved_by=by,
        approved_at=timezone.now() - timedelta(days=20),
    )


@pytest.fixture
def desk(client_as: ClientAs) -> FormClient:
    return client_as("front_desk")


def address(plan: Plan) -> str:
    return f"/admin/exercises/diaryentry/plan/{plan.pk}/paper/"


def filled(client: FormClient, plan: Plan, **typed: str) -> dict[str, Any]:
    """The form as it is opened, with some boxes typed: `c0_3="x"`."""
    found = form_of(client.get(address(plan)), "paper-diary")
    return {**found, **{name.replace("_", "-"): value for name, value in typed.items()}}


def on_day(plan: Plan, number: int) -> diary.Day:
    return diary.written(plan, started() + timedelta(days=number))


def test_the_grid_is_the_printed_sheet_with_empty_boxes(desk: FormClient, plan: Plan) -> None:
    page = desk.get(address(plan))
    text = text_of(page)
    for row in plan.content["diary"]["rows"]:
        assert row["name"] in text
    boxes = {k: v for k, v in form_of(page, "paper-diary").items() if k.startswith("c")}
    boxes.pop("csrfmiddlewaretoken", None)
    assert len(boxes) == 9 * 14
    assert set(map(tuple, boxes.values())) == {("",)}


def test_one_post_writes_the_whole_sheet(desk: FormClient, plan: Plan) -> None:
    pain = {f"c{PAIN_LINE}_{at}": "2" for at in range(14)}
    data = filled(desk, plan, c0_0="a", c2_0="a", c6_0="a", c8_1="e", c7_3="t") | {
        name.replace("_", "-"): value for name, value in pain.items() if name != "c7_3"
    }
    answer = desk.post(address(plan), data)
    assert (answer.status_code, answer["Location"]) == (
        303,
        "/admin/exercises/diaryentry/add/",
    )
    rows = DiaryEntry.objects.all()
    assert rows.count() == 14
    assert {(row.source, row.by.username) for row in rows} == {("paper", "front_desk")}
    habits = {card["slug"]: "done" for card in plan.content["habits"]}
    due = {at for at, mark in enumerate(plan.content["diary"]["rows"][0]["marks"]) if not mark}
    for at in range(14):
        clam = {CLAM: "done"} if at in due else {}
        assert dict(on_day(plan, at).ticks) == {STANCE: "done", **habits, **clam}, at
    assert (on_day(plan, 1).difficulty, on_day(plan, 3).pain) == ("easy", 10)
    events = AuditEvent.objects.filter(event="diary written", patient_id=plan.screening.patient_id)
    assert events.count() == 14


def test_sending_twice_is_the_same_as_once(desk: FormClient, plan: Plan) -> None:
    data = filled(desk, plan, c0_0="x", c7_0="3")
    for _ in range(2):
        assert desk.post(address(plan), data).status_code == 303
    assert DiaryEntry.objects.count() == 1


def test_the_same_paper_keyed_by_two_people_is_written_once(desk: FormClient, plan: Plan) -> None:
    for _ in range(2):
        desk.post(address(plan), filled(desk, plan, c0_0="x", c1_0="e"))
    row = DiaryEntry.objects.get()
    assert row.ticks == {CLAM: "done", BRIDGE: "easier"}


def test_an_empty_box_keeps_what_the_patient_wrote_and_0_takes_it_back(
    desk: FormClient, plan: Plan
) -> None:
    ticks = {CLAM: diary.DONE, BRIDGE: diary.DONE}
    diary.record_day(plan=plan, day=started(), ticks=ticks, pain=4, key="web")
    assert "in the diary already: 4" in desk.get(address(plan)).content.decode()
    desk.post(address(plan), filled(desk, plan, c1_0="0"))
    now = on_day(plan, 0)
    assert (dict(now.ticks), now.pain) == ({CLAM: "done"}, 4)


@pytest.mark.parametrize(
    ("box", "words"),
    [
        ({"c0_0": "q"}, "type x for a tick"),
        ({"c7_0": "x"}, "0 to 9, t for 10"),
        ({"c7_0": "a"}, "0 to 9, t for 10"),
        ({"c8_0": "5"}, "e too easy"),
    ],
)
def test_a_wrong_box_saves_nothing_and_keeps_what_was_typed(
    desk: FormClient, plan: Plan, box: dict[str, str], words: str
) -> None:
    page = desk.post(address(plan), filled(desk, plan, c0_3="x", **box))
    assert page.status_code == 422
    assert words in text_of(page)
    [(name, typed)] = box.items()
    found = form_of(page, "paper-diary")
    assert (found[name.replace("_", "-")], found["c0-3"]) == ([typed], ["x"])
    assert not DiaryEntry.objects.exists()


def test_an_empty_sheet_says_so(desk: FormClient, plan: Plan) -> None:
    page = desk.post(address(plan), filled(desk, plan))
    assert page.status_code == 422
    assert "Nothing was typed yet" in text_of(page)


def test_the_second_sheet_has_the_days_that_follow_and_no_day_to_come(
    desk: FormClient, plan: Plan
) -> None:
    second = f"{address(plan)}?sheet=2"
    page = desk.get(second).content.decode()
    assert page.count(" disabled") == 7 * 9
    data = form_of(desk.get(second), "paper-diary") | {"c2-0": "a"}
    assert desk.post(second, data).status_code == 303
    assert on_day(plan, 14).ticks == {STANCE: "done"}
    assert DiaryEntry.objects.count() == 7
    assert desk.get(f"{address(plan)}?sheet=3").status_code == 404
    assert desk.get(f"{address(plan)}?sheet=x").status_code == 404


def test_the_number_on_the_sheet_leads_straight_to_it(desk: FormClient, plan: Plan) -> None:
    find = "/admin/exercises/diaryentry/add/"
    assert desk.post(find, {"q": plan.number})["Location"] == address(plan)
    assert "No approved plan is found" in text_of(desk.post(find, {"q": "999999"}))


def test_looking_writes_nothing(desk: FormClient, plan: Plan) -> None:
    assert desk.get(address(plan)).status_code == 200
    assert not DiaryEntry.objects.exists()


def test_a_draft_has_no_sheet(desk: FormClient, plan: Plan) -> None:
    Plan.objects.update(status=Plan.Status.DRAFT)
    assert desk.get(address(plan)).status_code == 404


def test_strangers_are_sent_to_the_door(client: FormClient, plan: Plan) -> None:
    assert client.get(address(plan)).status_code == 302
    assert client.post(address(plan), {"c0-0": "x"}).status_code == 302
    assert not DiaryEntry.objects.exists()


def test_all_that_follow_ticks_only_boxes_of_the_sheet() -> None:
    line = paper_diary.Line(
        name="1. Clam", kind=paper_diary.Kind.TICKS, due=(True, False, True, False, True)
    )
    assert paper_diary.filled(line, ["", "", "a", "", ""]) == ["", "", "x", "", "x"]
    assert paper_diary.filled(line, ["a", "e", "", "", "0"]) == ["x", "e", "x", "", "0"]
