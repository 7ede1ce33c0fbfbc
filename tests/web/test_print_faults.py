"""A plan whose PDF cannot be made: approved all the same, printable, made by the next try."""

import hashlib
import html
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from chiro.practice.models import AuditEvent, Practice, Role, User
from exercises import pdf, rendering
from exercises.models import Plan, PlanDocument
from exercises.rendering import BusyError, RenderingError
from exercises.services import links, papers, planning
from screening.services import rule_versions
from tests.conftest import FormClient
from tests.pdf import reading
from tests.web.reviewing import sent
from tests.web.test_rule_versions import draft as draft_of_rules

pytestmark = pytest.mark.django_db
BORN = {"birth_month": "4", "birth_day": "15", "birth_year": "1984"}
PDF_ADDRESS = "/plan/home-exercise-plan.pdf"


class Renderer:
    """Stands in for the guarded process: makes little files until it is told to fail."""

    def __init__(self) -> None:
        self.problem: RenderingError | None = None
        self.tries = 0

    def __call__(
        self, place: rendering.Place, content: dict[str, Any], paper: str, edition: str
    ) -> bytes:
        self.tries += 1
        if self.problem:
            raise self.problem
        return f"%PDF {paper}, try {self.tries}".encode()


@pytest.fixture(autouse=True)
def renderer(monkeypatch: pytest.MonkeyPatch) -> Renderer:
    cache.clear()
    renderer = Renderer()
    monkeypatch.setattr(rendering.Place, "render", lambda *words: renderer(*words))
    return renderer


@pytest.fixture
def chiropractor(staff: Callable[..., User]) -> User:
    return staff(Role.CHIROPRACTOR)


@pytest.fixture
def plan(chiropractor: User, renderer: Renderer) -> Plan:
    """Approved while the renderer fails."""
    renderer.problem = RenderingError(rendering.HUNG)
    screening = sent()
    return planning.approve(plan=screening.plans.get(), by=chiropractor)


def print_address(plan: Plan) -> str:
    return f"/admin/exercises/plandocument/{plan.pk}/letter/home-exercise-plan.pdf"


def words(page: bytes) -> str:
    return re.sub(r"\s+", " ", page.decode())


def test_approval_is_kept_though_no_paper_can_be_made(plan: Plan) -> None:
    plan.refresh_from_db()
    assert plan.status == Plan.Status.APPROVED
    assert plan.content["title"]
    assert papers.missing(plan) == papers.kinds()
    assert plan.screening.decisions.filter(kind="approved").exists()


def test_staff_get_the_plan_as_a_page_with_print_and_retry(
    plan: Plan, client_as: Callable[[str], FormClient]
) -> None:
    page = client_as(Role.CHIROPRACTOR).get(print_address(plan))
    assert page.status_code == 503
    assert page["Retry-After"] == "20"
    assert page["Content-Type"].startswith("text/html")
    text = words(page.content)
    for shown in (
        "The PDF is not ready",
        "took longer than 15 seconds and was stopped",
        "Print this page",
        "Try the PDF again",
        "Maria Alvarez",
        "Call 911 now",
        "Your 14-day diary",
        plan.content["exercises"][0]["name"],
    ):
        assert shown in text
    assert "<script>" not in text
    assert AuditEvent.objects.filter(event="plan read", actor__role=Role.CHIROPRACTOR).exists()


NOT_SAID = {"format", "language", "direction", "accent", "date", "number", "version", "slug"}
NOT_SAID |= {"kind", "side", "file", "busy", "document_title", "phone", "emergency_number"}
PAPER_ALONE = {"foot", "short_foot", "fridge_title"}
PAGE_ALONE = {"bad_day"}


def said(value: Any, left_out: set[str]) -> Iterator[str]:
    """Every sentence, number and name of a plan."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key not in left_out:
                yield from said(part, left_out)
    elif isinstance(value, list):
        for part in value:
            yield from said(part, left_out)
    elif isinstance(value, str) and value:
        yield value


def run_on(words: str) -> str:
    """Words without spaces and breaks, which differ from page to paper."""
    return re.sub(r"[\s\u200b\u2060]", "", words)


def test_the_page_says_everything_that_the_paper_says(
    plan: Plan, client_as: Callable[[str], FormClient]
) -> None:
    page = client_as(Role.FRONT_DESK).get(print_address(plan)).content.decode()
    on_page = run_on(html.unescape(re.sub(r"<[^>]+>", "", page)) + html.unescape(page))
    printed = pdf.render(plan.content)
    pictures = " ".join(element.words for element in reading.elements(printed))
    on_paper = run_on(reading.text(printed) + pictures)
    everything = set(said(plan.content, NOT_SAID | PAPER_ALONE | PAGE_ALONE))
    assert len(everything) > 100
    assert [words for words in everything if run_on(words) not in on_page] == []
    assert [words for words in everything if run_on(words) not in on_paper] == []


def test_the_bytes_that_were_approved_are_printed_whatever_changes_later(
    chiropractor: User,
    renderer: Renderer,
    staff: Callable[..., User],
    client_as: Callable[[str], FormClient],
    settings: Any,
) -> None:
    plan = planning.approve(plan=sent().plans.get(), by=chiropractor)
    addresses = [
        print_address(plan).replace("/letter/", f"/{paper}/") for paper in ("letter", "a4")
    ]
    desk = client_as(Role.FRONT_DESK)
    before = {address: desk.get(address).content for address in addresses}
    stored = set(plan.documents.values_list("sha256", flat=True))
    assert {hashlib.sha256(data).hexdigest() for data in before.values()} <= stored
    assert len(stored) == len(papers.kinds())
    owner = staff(Role.OWNER, "another_owner")
    Practice.objects.update_or_create(
        pk=1, defaults={"name": "New Name", "phone": "555 0100", "accent": "#aa0000", "paper": "a4"}
    )
    rule_versions.publish(by=owner, seen=draft_of_rules(owner, points__A1__5_7=0).version)
    settings.FONTS_DIR = Path("/nowhere")
    renderer.problem = RenderingError("It would print otherwise now.")
    tries = renderer.tries
    assert {address: desk.get(address).content for address in addresses} == before
    assert set(plan.documents.values_list("sha256", flat=True)) == stored
    assert renderer.tries == tries, "nothing is printed again"


def test_a_press_tries_again_and_gives_the_paper(
    plan: Plan, renderer: Renderer, client_as: Callable[[str], FormClient]
) -> None:
    renderer.problem = None
    staff = client_as(Role.FRONT_DESK)
    assert staff.get(print_address(plan)).status_code == 503, "right after a failure it rests"
    pressed = staff.post(print_address(plan))
    assert pressed.content.startswith(b"%PDF letter")
    assert staff.get(print_address(plan)).content == pressed.content
    assert AuditEvent.objects.filter(event="plan paper stored").count() == 1


def test_a_later_download_makes_the_paper_by_itself(
    plan: Plan, renderer: Renderer, client_as: Callable[[str], FormClient]
) -> None:
    renderer.problem = None
    cache.clear()
    assert client_as(Role.FRONT_DESK).get(print_address(plan)).content.startswith(b"%PDF")


def test_downloads_leave_a_failing_renderer_alone_for_a_while(
    plan: Plan, renderer: Renderer, client_as: Callable[[str], FormClient]
) -> None:
    tries = renderer.tries
    staff = client_as(Role.FRONT_DESK)
    for _ in range(5):
        assert staff.get(print_address(plan)).status_code == 503
    assert renderer.tries == tries


def test_a_busy_renderer_counts_as_no_failure(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(papers, "DOWNLOAD_WAIT_SECONDS", 0.05)
    with rendering.place(0), rendering.place(0), pytest.raises(BusyError):
        papers.fetch(plan, papers.Kind("letter"))
    with pytest.raises(RenderingError, match="15 seconds"):
        papers.fetch(plan, papers.Kind("letter"))


def test_the_first_bytes_stay_whoever_comes_second(plan: Plan, renderer: Renderer) -> None:
    renderer.problem = None
    first = papers.make(plan, papers.Kind("letter"))
    assert papers._store(plan, papers.Kind("letter"), b"%PDF later bytes") == first
    assert papers.make(plan, papers.Kind("letter")) == first
    assert bytes(PlanDocument.objects.get(plan=plan).pdf) == bytes(first.pdf)
    assert AuditEvent.objects.filter(event="plan paper stored").count() == 1


def test_a_draft_is_never_made_into_a_paper(chiropractor: User) -> None:
    with pytest.raises(RenderingError):
        papers.make(sent().plans.get(), papers.Kind("letter"))


def test_the_review_page_and_the_list_say_that_the_pdf_is_missing(
    plan: Plan, client_as: Callable[[str], FormClient]
) -> None:
    review = client_as(Role.CHIROPRACTOR).get(
        f"/admin/screening/screening/{plan.screening_id}/change/"
    )
    assert "Its PDF is not made yet." in review.content.decode()
    listed = client_as(Role.FRONT_DESK).get("/admin/exercises/plandocument/").content.decode()
    assert "the PDF is not made yet" in listed
    assert print_address(plan) in listed


def test_an_unknown_paper_is_not_found(plan: Plan, client_as: Callable[[str], FormClient]) -> None:
    address = print_address(plan).replace("letter", "napkin")
    assert client_as(Role.FRONT_DESK).get(address).status_code == 404


@pytest.fixture
def patient(plan: Plan, chiropractor: User, client: Client) -> Client:
    """The patient's browser behind the link."""
    token = links.issue(screening=plan.screening, by=chiropractor)
    assert client.post(f"/p/{token}/", BORN).status_code == 303
    return client


def test_the_patient_gets_the_page_and_can_try_again(patient: Client, renderer: Renderer) -> None:
    page = patient.get(PDF_ADDRESS)
    assert page.status_code == 503
    assert "Your 14-day diary" in words(page.content)
    assert "It could not be made just now. Please try again" in words(page.content)
    assert patient.post(PDF_ADDRESS).status_code == 503
    renderer.problem = None
    assert patient.post(PDF_ADDRESS).content.startswith(b"%PDF letter")
    assert patient.get(PDF_ADDRESS).content.startswith(b"%PDF letter")


def test_the_retry_needs_its_one_time_code(
    plan: Plan, client_as: Callable[[str], FormClient]
) -> None:
    staff = client_as(Role.FRONT_DESK)
    staff.handler.enforce_csrf_checks = True
    assert staff.post(print_address(plan)).status_code == 403


def test_a_stranger_learns_nothing_from_a_missing_paper(client: Client, plan: Plan) -> None:
    assert client.get(PDF_ADDRESS).status_code == 404
    assert client.post(PDF_ADDRESS).status_code == 404
    assert client.get(print_address(plan)).status_code == 302


@pytest.mark.row("T17", "C12", "C46")
def test_one_link_has_ten_papers_an_hour_made(
    plan: Plan, chiropractor: User, client: FormClient
) -> None:
    token = links.issue(screening=plan.screening, by=chiropractor)
    assert client.post(f"/p/{token}/", BORN).status_code == 303
    assert [client.post(PDF_ADDRESS).status_code for _ in range(10)] == [503] * 10
    refused = client.post(PDF_ADDRESS)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    assert client.get("/plan/").status_code == 200, "the plan as a page is always there"
