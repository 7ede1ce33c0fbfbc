"""The way from a printed plan to its page: QR code, short address with a code, and their limits."""

import itertools
import json
import logging
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from chiro.practice.links import Purpose, digest
from chiro.practice.models import AuditEvent, Role, User
from exercises import door, rendering
from exercises.door import CODE_LETTERS, Door
from exercises.models import Plan, PlanLink
from exercises.rendering import RenderingError
from exercises.services import links, papers, planning
from screening.services import review as reviews
from tests.web.reviewing import sent

pytestmark = pytest.mark.django_db
BORN = {"birth_month": "4", "birth_day": "15", "birth_year": "1984"}
WRONG = {**BORN, "birth_year": "1948"}
make_new = door.new
NO_MATCH = "This code and this birth date do not open a plan"


class Printer:
    """Stands in for the guarded process; remembers the ways that it printed."""

    def __init__(self) -> None:
        self.doors: list[Door] = []
        self.contents: list[dict[str, Any]] = []
        self.fails = False

    def new(self) -> Door:
        self.doors.append(make_new())
        return self.doors[-1]

    def render(self, place: object, content: dict[str, Any], paper: str, edition: str) -> bytes:
        self.contents.append(content)
        if self.fails:
            raise RenderingError(rendering.HUNG)
        return f"%PDF {content['door']['code']}".encode()


@pytest.fixture(autouse=True)
def printer(monkeypatch: pytest.MonkeyPatch) -> Printer:
    cache.clear()
    printer = Printer()
    monkeypatch.setattr(door, "new", printer.new)
    monkeypatch.setattr(rendering.Place, "render", lambda *words: printer.render(*words))
    return printer


@pytest.fixture
def chiropractor(staff: Callable[..., User]) -> User:
    return staff(Role.CHIROPRACTOR)


@pytest.fixture
def plan(printer: Printer, chiropractor: User) -> Plan:
    return planning.approve(plan=sent().plans.get(), by=chiropractor)


@pytest.fixture
def way(plan: Plan, printer: Printer) -> Door:
    return printer.doors[0]


def enter(client: Client, code: str, born: dict[str, str] = BORN, **extra: str) -> Any:
    return client.post("/plan/", {"code": code, **born}, **extra)


def everything_stored() -> str:
    """Every value of every table, save the bytes of the papers."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        rows = []
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            rows += cursor.fetchall()
    return str([[value for value in row if not isinstance(value, bytes)] for row in rows])


# --- one link for the papers of an approval -------------------------------------------------------


def test_approval_makes_one_link_that_all_its_papers_carry(plan: Plan, printer: Printer) -> None:
    (way,) = printer.doors
    link = PlanLink.objects.get()
    assert link.digest == digest(way.token, Purpose.PLAN)
    assert link.code_digest == digest(way.code, Purpose.PLAN_CODE)
    assert (link.patient_id, link.screening_id) == (plan.screening.patient_id, plan.screening_id)
    assert {bytes(row.pdf) for row in plan.documents.all()} == {b"%PDF " + grouped(way.code)}


def grouped(code: str) -> bytes:
    return f"{code[:4]} {code[4:8]} {code[8:]}".encode()


def test_the_code_is_twelve_signs_that_cannot_be_misread(way: Door) -> None:
    assert len(way.code) == 12
    assert set(way.code) <= set(CODE_LETTERS)
    assert not set("01OILU") & set(CODE_LETTERS)
    assert len(CODE_LETTERS) ** 12 > 2**58


def test_the_secrets_stand_in_no_row_no_page_and_no_log(
    plan: Plan, way: Door, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    plan.refresh_from_db()
    enter(client, way.code)
    page = client.get("/plan/").content.decode()
    for secret in (way.token, way.code, grouped(way.code).decode()):
        assert secret not in json.dumps(plan.content)
        assert secret not in page
        assert secret not in everything_stored()
        assert secret not in caplog.text
    assert way.token not in repr(way)
    assert way.code not in repr(way)


def test_a_failed_print_leaves_no_link_and_the_retry_has_a_fresh_one(
    printer: Printer, chiropractor: User
) -> None:
    printer.fails = True
    plan = planning.approve(plan=sent().plans.get(), by=chiropractor)
    assert not PlanLink.objects.exists()
    printer.fails = False
    papers.make(plan, papers.Kind("letter"))
    assert PlanLink.objects.get().digest == digest(printer.doors[-1].token, Purpose.PLAN)
    assert printer.doors[-1] != printer.doors[0]


def test_a_link_handed_over_leaves_the_paper_alone(
    plan: Plan, way: Door, chiropractor: User
) -> None:
    first = links.issue(screening=plan.screening, by=chiropractor)
    links.issue(screening=plan.screening, by=chiropractor)
    with pytest.raises(links.LinkGoneError):
        links.find(first)
    assert links.find(way.token)


def test_an_old_paper_shows_the_newest_plan_and_lasts_as_long(
    plan: Plan, way: Door, printer: Printer, chiropractor: User, client: Client
) -> None:
    PlanLink.objects.update(expires_at=timezone.now() + timedelta(days=1))
    draft = planning.next_version(plan=plan, by=chiropractor)
    newer = planning.approve(plan=draft, by=chiropractor)
    assert PlanLink.objects.count() == 2
    for code in (way.code, printer.doors[-1].code):
        assert enter(client, code).status_code == 303
        assert f"version {newer.version}" in client.get("/plan/").content.decode()
    assert all(
        row.expires_at > timezone.now() + timedelta(days=179) for row in PlanLink.objects.all()
    )


# --- typing the code --------------------------------------------------------------------------


def test_the_short_address_asks_for_code_and_birth_date(client: Client, plan: Plan) -> None:
    page = client.get("/plan/")
    assert page.status_code == 200
    text = page.content.decode()
    assert re.search(r'<label[^>]*for="id_code">Code</label>', text)
    assert "Your birth date" in text
    assert "Maria" not in text


@pytest.mark.parametrize("gap", ["", " ", "-", " - "])
def test_code_and_birth_date_open_the_plan(gap: str, way: Door, client: Client) -> None:
    answer = enter(client, gap.join((way.code[:4], way.code[4:8], way.code[8:])).lower())
    assert (answer.status_code, answer["Location"]) == (303, "/plan/")
    assert "Your plan" in client.get("/plan/").content.decode()


def test_unknown_code_and_wrong_birth_date_get_the_same_answer(way: Door, client: Client) -> None:
    def shape(answer: Any) -> tuple[int, str]:
        text = re.sub(r'value="[^"]*"', "", answer.content.decode())
        return answer.status_code, text

    unknown = enter(client, "2" * 12, BORN)
    wrong = enter(client, way.code, WRONG)
    assert shape(unknown) == shape(wrong)
    assert unknown.status_code == 422
    assert NO_MATCH in unknown.content.decode()
    assert 'href="#id_code"' in unknown.content.decode()


@pytest.mark.parametrize(
    ("code", "born", "sentences"),
    [
        ("", BORN, ["Enter the code on your printed plan"]),
        ("ABC", BORN, ["Enter the code on your printed plan"]),
        ("O" * 12, BORN, ["Enter the code on your printed plan"]),
        ("2" * 12, {**BORN, "birth_month": "13"}, ["The month must be a number from 1 to 12"]),
        ("", {}, ["Enter the code on your printed plan", "Enter the month and the day"]),
        ("<b>" * 200, BORN, ["Enter the code on your printed plan"]),
    ],
)
def test_what_cannot_be_is_said_beside_a_summary_and_costs_no_try(
    code: str, born: dict[str, str], sentences: list[str], client: Client
) -> None:
    page = enter(client, code, born)
    text = page.content.decode()
    assert page.status_code == 422
    assert "There is a problem" in text
    assert all(text.count(sentence) == 2 for sentence in sentences)
    assert "<b><b>" not in text
    assert not AuditEvent.objects.filter(event=links.WRONG_CODE).exists()


def test_five_wrong_birth_dates_lock_code_and_link_of_a_paper(way: Door, client: Client) -> None:
    for _ in range(5):
        enter(client, way.code, WRONG)
    locked = enter(client, way.code, BORN)
    assert locked.status_code == 422
    assert NO_MATCH in locked.content.decode()
    assert client.get(f"/p/{way.token}/").status_code == 403
    PlanLink.objects.update(locked_at=timezone.now() - timedelta(minutes=31))
    assert enter(client, way.code, BORN).status_code == 303


def test_ten_wrong_codes_close_the_form_for_that_address_only(way: Door, client: Client) -> None:
    signs = itertools.cycle(CODE_LETTERS)
    for _ in range(links.CODE_TRIES):
        assert enter(client, next(signs) * 12, REMOTE_ADDR="192.0.2.7").status_code == 422
    closed = enter(client, way.code, REMOTE_ADDR="192.0.2.7")
    assert closed.status_code == 429
    assert "Locked until" in closed.content.decode()
    assert enter(client, way.code, REMOTE_ADDR="192.0.2.8").status_code == 303


def test_a_closed_or_outdated_paper_opens_nothing(
    way: Door, chiropractor: User, client: Client
) -> None:
    PlanLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert NO_MATCH in enter(client, way.code).content.decode()
    PlanLink.objects.update(expires_at=timezone.now() + timedelta(days=1))
    links.revoke(link=PlanLink.objects.get(), by=chiropractor)
    assert NO_MATCH in enter(client, way.code).content.decode()
    assert client.get(f"/p/{way.token}/").status_code == 404


def test_a_withheld_plan_is_not_shown_by_its_paper(
    plan: Plan, way: Door, chiropractor: User, client: Client
) -> None:
    reviews.withhold(screening=plan.screening, by=chiropractor, reason="New symptoms")
    enter(client, way.code)
    assert "Your plan is on hold" in client.get("/plan/").content.decode()
