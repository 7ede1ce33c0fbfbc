"""Large print and the fridge sheet: stored at approval, offered to staff and patient."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import IntegrityError
from django.test import Client

from chiro.practice.models import Practice, Role, User
from exercises import rendering
from exercises.admin.batch import of_documents
from exercises.models import Plan, PlanDocument
from exercises.rendering import RenderingError
from exercises.services import batch, links, papers, planning
from tests.conftest import FormClient
from tests.web.reviewing import sent

pytestmark = pytest.mark.django_db
BORN = {"birth_month": "4", "birth_day": "15", "birth_year": "1984"}
EDITIONS = ("standard", "large", "fridge")
PAPERS = ("letter", "a4")
LIST = "/admin/exercises/plandocument/"


@pytest.fixture(autouse=True)
def renderer(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Stands in for the guarded process; returns what it was asked for, in order."""
    asked = []

    def render(place: rendering.Place, content: dict[str, Any], paper: str, edition: str) -> bytes:
        asked.append((paper, edition))
        return f"%PDF {paper} {edition}".encode()

    cache.clear()
    monkeypatch.setattr(rendering.Place, "render", render)
    return asked


@pytest.fixture
def chiropractor(staff: Callable[..., User]) -> User:
    return staff(Role.CHIROPRACTOR)


@pytest.fixture
def plan(renderer: list[tuple[str, str]], chiropractor: User) -> Plan:
    return planning.approve(plan=sent().plans.get(), by=chiropractor)


@pytest.fixture
def opened(client: Client, plan: Plan, chiropractor: User) -> Client:
    client.post(f"/p/{links.issue(screening=plan.screening, by=chiropractor)}/", BORN)
    return client


def use_paper(paper: str) -> None:
    practice = Practice.current()
    practice.paper = paper
    practice.save()


def links_on(page: Any) -> list[tuple[str, str]]:
    """Address and words of every link, in order."""
    found = re.findall(r'<a\b[^>]*href="([^"]+)"[^>]*>([^<]*)</a>', page.content.decode())
    return [(address, words.strip()) for address, words in found]


def test_approval_stores_every_edition_on_every_paper(plan: Plan) -> None:
    stored = {(row.paper, row.edition): bytes(row.pdf) for row in plan.documents.all()}
    assert stored == {
        (paper, edition): f"%PDF {paper} {edition}".encode()
        for paper in PAPERS
        for edition in EDITIONS
    }


def test_the_press_waits_for_the_paper_that_is_printed_first_only(
    chiropractor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_paper("a4")
    later: list[int] = []
    with monkeypatch.context() as patch:
        patch.setattr(type(papers.make_papers), "enqueue", lambda task, pk: later.append(pk))
        plan = planning.approve(plan=sent().plans.get(), by=chiropractor)
    assert list(plan.documents.values_list("paper", "edition")) == [("a4", "standard")]
    first = plan.documents.get()

    papers.make_papers.call(*later)
    assert papers.missing(plan) == []
    assert bytes(plan.documents.get(pk=first.pk).pdf) == bytes(first.pdf)
    assert plan.screening.plan_links.count() == 1, "all papers carry the same way"


def test_one_edition_on_one_paper_is_stored_once(plan: Plan) -> None:
    with pytest.raises(IntegrityError):
        PlanDocument.objects.create(
            plan=plan, paper="letter", edition="large", pdf=b"%PDF another", sha256="0" * 64
        )


@pytest.mark.parametrize(("own", "other"), [("letter", "a4"), ("a4", "letter")])
def test_the_review_page_offers_the_editions_the_practices_paper_first(
    own: str, other: str, plan: Plan, client_as: Callable[[str], FormClient]
) -> None:
    use_paper(own)
    page = client_as(Role.CHIROPRACTOR).get(
        f"/admin/screening/screening/{plan.screening_id}/change/"
    )
    here = f"{LIST}{plan.pk}/"
    offered = [(address, words) for address, words in links_on(page) if here in address]
    size = {"letter": "US Letter", "a4": "A4"}[own]
    assert [words for _, words in offered[:3]] == [
        f"Print, {size}",
        "Large print",
        "One page for the fridge",
    ]
    sizes = [address.split(here)[1].split("/")[0] for address, _ in offered]
    assert sizes == [own] * 3 + [other] * 3


@pytest.mark.parametrize("edition", ["large", "fridge"])
def test_staff_print_the_stored_bytes_of_an_edition(
    edition: str, plan: Plan, client_as: Callable[[str], FormClient]
) -> None:
    address = f"{LIST}{plan.pk}/a4/{edition}/home-exercise-plan.pdf"
    answer = client_as(Role.FRONT_DESK).get(address)
    assert answer.content == f"%PDF a4 {edition}".encode()
    unknown = client_as(Role.FRONT_DESK).get(address.replace(edition, "braille"))
    assert unknown.status_code == 404


def test_the_list_of_the_front_desk_has_a_plan_once_a_paper_with_its_editions(
    plan: Plan, client_as: Callable[[str], FormClient]
) -> None:
    page = client_as(Role.FRONT_DESK).get(LIST)
    prints = [words for address, words in links_on(page) if address.startswith(f"{LIST}{plan.pk}")]
    assert prints == ["Plan", "Large print", "One page for the fridge"] * 2


@pytest.mark.parametrize(
    ("words", "edition", "file_name"),
    [
        ("Large print (PDF)", "large", "large-print.pdf"),
        ("One page for the fridge (PDF)", "fridge", "fridge-sheet.pdf"),
    ],
)
def test_the_patients_page_offers_both_and_gives_the_stored_bytes(
    words: str, edition: str, file_name: str, opened: Client
) -> None:
    address = {text: to for to, text in links_on(opened.get("/plan/"))}[words]
    answer = opened.get(address)
    assert answer.content == f"%PDF letter {edition}".encode()
    assert answer["Content-Disposition"] == f'attachment; filename="{file_name}"'


def test_without_an_opened_link_there_is_no_edition(client: Client, plan: Plan) -> None:
    for name in ("large-print", "fridge-sheet"):
        assert client.get(f"/plan/{name}.pdf").status_code == 404


def test_an_edition_that_cannot_be_made_leaves_a_page_to_print(
    opened: Client, chiropractor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> bytes:
        raise RenderingError(rendering.HUNG)

    monkeypatch.setattr(rendering.Place, "render", fail)
    plan = Plan.objects.get()
    newer = planning.approve(
        plan=planning.next_version(plan=plan, by=chiropractor), by=chiropractor
    )
    assert not newer.documents.exists()
    page = opened.get("/plan/large-print.pdf")
    assert page.status_code == 503
    assert newer.content["title"] in page.content.decode()


def test_a_batch_binds_the_standard_edition(
    plan: Plan, chiropractor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    bound = []
    monkeypatch.setattr(batch.binding, "bind", lambda leaves, **_: bound.extend(leaves) or b"%PDF")
    large = PlanDocument.objects.filter(edition="large", paper="a4")
    batch.print_together(of_documents(large), by=chiropractor, right_hand=False)
    assert [leaf.pdf for leaf in bound] == [b"%PDF a4 standard"]
