"""Several plans chosen in the admin: one tagged PDF in the order of the list."""

import io
import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any

import pikepdf
import pytest
from django.core.cache import cache
from django.db.models import F

from chiro.practice.append_only import lawful_change
from chiro.practice.models import AuditEvent, Practice, Role, User
from exercises import pdf, rendering
from exercises.models import Plan, PlanDocument
from exercises.rendering import RenderingError
from exercises.services import papers
from screening.models import Review
from tests.conftest import FormClient
from tests.pdf import reading
from tests.pdf.sheets import FOUR, HABITS, heading, sheet
from tests.web.reviewing import sent
from tests.web.test_links import make_plan

pytestmark = pytest.mark.django_db
type Enter = Callable[[str], FormClient]

QUEUE = "/admin/screening/screening/?status=all"
LIST = "/admin/exercises/plandocument/"
NUMBERS = ("000101", "000102", "000103")


@pytest.fixture(scope="module")
def printed() -> dict[str, tuple[dict[str, Any], bytes]]:
    """Plan number -> what it says and its paper. The first has an odd number of pages."""
    items = {"000101": FOUR[:2], "000102": (*FOUR, HABITS[0]), "000103": HABITS[:1]}
    contents = {
        number: json.loads(json.dumps(sheet(*items[number], heading=heading(number=number))))
        for number in NUMBERS
    }
    return {number: (content, pdf.render(content)) for number, content in contents.items()}


@pytest.fixture(autouse=True)
def nothing_failed_before() -> None:
    cache.clear()


@pytest.fixture
def plans(printed: dict[str, tuple[dict[str, Any], bytes]]) -> list[Plan]:
    """Three approved plans with stored papers, sent in this order."""
    return list(make_plans(printed))


def make_plans(printed: dict[str, tuple[dict[str, Any], bytes]]) -> Iterator[Plan]:
    approver, _ = User.objects.get_or_create(username="approver", role=Role.CHIROPRACTOR)
    for number, (content, paper) in printed.items():
        screening = sent(name=f"Patient {number}")
        Review.objects.filter(screening=screening).update(status=Review.Status.APPROVED)
        plan = screening.plans.get()
        plan.status, plan.content = Plan.Status.APPROVED, content
        plan.approved_at, plan.approved_by = screening.submitted_at, approver
        plan.save()
        papers._store(plan, papers.Kind("letter"), paper)
        yield plan


def press(staff: FormClient, address: str, rows: list[Any], *, right_hand: bool = False) -> Any:
    """Tick rows of a list and run the action."""
    action = "print_chosen_right_hand" if right_hand else "print_chosen"
    ticked = {"action": action, "_selected_action": [str(row.pk) for row in rows]}
    return staff.post(address, ticked, follow=True)


def numbers(bound: bytes) -> list[str]:
    """The plan number at the foot of each page; "" on a blank one."""
    pages = reading.pages(bound)
    return [next((number for number in NUMBERS if number in page), "") for page in pages]


def sizes(printed: dict[str, tuple[dict[str, Any], bytes]]) -> list[int]:
    return [len(reading.pages(paper)) for _, paper in printed.values()]


def test_the_chosen_plans_come_as_one_file_in_queue_order(
    plans: list[Plan], printed: dict[str, Any], client_as: Enter
) -> None:
    chosen = [plans[2].screening, plans[0].screening, plans[1].screening]
    answer = press(client_as(Role.CHIROPRACTOR), QUEUE, chosen)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="home-exercise-plans.pdf"'
    in_order = itertools.chain(*([n] * s for n, s in zip(NUMBERS, sizes(printed), strict=True)))
    assert numbers(answer.content) == list(in_order)


def test_the_most_urgent_comes_first_as_in_the_queue(plans: list[Plan], client_as: Enter) -> None:
    Review.objects.filter(screening=plans[2].screening).update(priority=F("priority") - 10**12)
    Review.objects.filter(screening=plans[0].screening).update(priority=F("priority") + 10**12)
    rows = [plan.screening for plan in plans]
    staff = client_as(Role.CHIROPRACTOR)
    listed = staff.get(QUEUE).context["cl"].result_list
    bound = numbers(press(staff, QUEUE, rows).content)
    assert [row.pk for row in listed] == [plans[at].screening_id for at in (2, 1, 0)]
    assert list(dict.fromkeys(bound)) == ["000103", "000102", "000101"]


def test_each_plan_starts_on_a_right_hand_page_when_asked(
    plans: list[Plan], printed: dict[str, Any], client_as: Enter
) -> None:
    rows = [plan.screening for plan in plans]
    answer = press(client_as(Role.CHIROPRACTOR), QUEUE, rows, right_hand=True)
    found = numbers(answer.content)
    assert any(size % 2 for size in sizes(printed)[:-1]), "one plan must need a blank page"
    for number, size in zip(NUMBERS, sizes(printed), strict=True):
        assert found.index(number) % 2 == 0
        assert found.count(number) == size
    assert found[-1] == "000103", "no blank page at the end"


def test_the_file_stays_tagged_and_passes_the_checker(
    plans: list[Plan], printed: dict[str, Any], client_as: Enter
) -> None:
    rows = [plan.screening for plan in plans]
    bound = press(client_as(Role.CHIROPRACTOR), QUEUE, rows, right_hand=True).content
    assert reading.faults(bound) == []
    single = [element for _, paper in printed.values() for element in reading.elements(paper)]
    tags = [element for element in reading.elements(bound) if element.kind != "/Part"]
    assert tags[1:] == [element for element in single if element.kind != "/Document"]
    assert reading.headings(bound).count(1) == len(plans)
    with pikepdf.open(io.BytesIO(bound)) as document:
        pages = {page.obj.objgen for page in document.pages}
        marked = {
            o.Pg.objgen
            for o in document.objects
            if isinstance(o, pikepdf.Dictionary) and "/Pg" in o
        }
        assert marked <= pages
        assert str(document.docinfo["/Title"]) == "Home exercise plans"
        assert str(document.Root.Lang) == "en"
        with document.open_outline() as outline:
            assert [item.title for item in outline.root] == [str(plan) for plan in plans]


def test_each_plan_leaves_its_own_trace(plans: list[Plan], client_as: Enter) -> None:
    press(client_as(Role.CHIROPRACTOR), QUEUE, [plan.screening for plan in plans])
    events = AuditEvent.objects.filter(event="plan printed", actor__role=Role.CHIROPRACTOR)
    patients = {event.patient_id for event in events}
    assert events.count() == 3
    assert patients == {plan.screening.patient_id for plan in plans}


def test_the_front_desk_prints_chosen_papers(plans: list[Plan], client_as: Enter) -> None:
    documents = list(PlanDocument.objects.order_by("pk"))[:2]
    answer = press(client_as(Role.FRONT_DESK), LIST, documents)
    assert answer["Content-Type"] == "application/pdf"
    assert set(numbers(answer.content)) == {"000101", "000102"}


def test_the_front_desk_has_no_queue(plans: list[Plan], client_as: Enter) -> None:
    rows = [plan.screening for plan in plans]
    assert press(client_as(Role.FRONT_DESK), QUEUE, rows).status_code == 403


def test_nobody_is_left_out_unseen(plans: list[Plan], client_as: Enter) -> None:
    without = sent("emergency", name="Nobody's plan")
    page = press(client_as(Role.CHIROPRACTOR), QUEUE, [plans[0].screening, without])
    text = page.content.decode()
    assert "Nothing is printed." in text
    assert without.patient.reference in text
    assert not AuditEvent.objects.filter(event="plan printed").exists()


def test_a_withheld_plan_stops_the_batch(plans: list[Plan], client_as: Enter) -> None:
    Review.objects.filter(screening=plans[1].screening).update(status=Review.Status.WITHHELD)
    page = press(client_as(Role.CHIROPRACTOR), QUEUE, [plan.screening for plan in plans])
    assert f"Nothing is printed. Plan {plans[1].number}" in page.content.decode()


def test_the_newest_approved_version_is_printed(
    plans: list[Plan], printed: dict[str, Any], client_as: Enter
) -> None:
    old = plans[0]
    Plan.objects.filter(pk=old.pk).update(status=Plan.Status.REPLACED)
    content, paper = printed["000103"]
    newer = make_plan(old.screening, version=2, replaces=old, content=content)
    papers._store(newer, papers.Kind("letter"), paper)
    answer = press(client_as(Role.CHIROPRACTOR), QUEUE, [old.screening])
    assert set(numbers(answer.content)) == {"000103"}


def test_missing_papers_are_made_first(plans: list[Plan], client_as: Enter) -> None:
    Practice.objects.update_or_create(pk=1, defaults={"paper": "a4"})
    answer = press(client_as(Role.CHIROPRACTOR), QUEUE, [plan.screening for plan in plans])
    assert answer["Content-Type"] == "application/pdf"
    assert PlanDocument.objects.filter(paper="a4").count() == 3
    size = reading.words(answer.content)[0][0]
    assert round(size.height) == 842


def test_a_paper_that_cannot_be_made_is_named(
    plans: list[Plan], client_as: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*words: Any) -> bytes:
        raise RenderingError(rendering.CRASHED)

    monkeypatch.setattr(rendering.Place, "render", fail)
    Practice.objects.update_or_create(pk=1, defaults={"paper": "a4"})
    page = press(client_as(Role.CHIROPRACTOR), QUEUE, [plan.screening for plan in plans])
    assert f"Plan {plans[0].number}: Making the PDF broke off" in page.content.decode()


def test_damaged_bytes_are_not_bound(plans: list[Plan], client_as: Enter) -> None:
    with lawful_change("test"):
        PlanDocument.objects.filter(plan=plans[1]).update(pdf=b"%PDF something else")
    page = press(client_as(Role.CHIROPRACTOR), QUEUE, [plan.screening for plan in plans])
    assert f"Plan {plans[1].number}: The stored file is damaged" in page.content.decode()


def test_a_single_print_gives_the_stored_bytes_untouched(
    plans: list[Plan], printed: dict[str, Any], client_as: Enter
) -> None:
    address = f"/admin/exercises/plandocument/{plans[0].pk}/letter/home-exercise-plan.pdf"
    assert client_as(Role.FRONT_DESK).get(address).content == printed["000101"][1]
