"""The patient's plan behind its link: the door, the page, the paper and who must not see them."""

import itertools
import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from chiro.practice.models import AuditEvent, Practice, Role, User
from exercises.models import Plan, PlanDocument, PlanLink
from exercises.services import links
from exercises.urls import urlpatterns
from screening.models import Review
from tests.conftest import FormClient
from tests.pdf.sheets import sheet
from tests.web.test_links import make_plan, make_screening

pytestmark = pytest.mark.django_db

RIGHT = {"birth_month": "4", "birth_day": "15", "birth_year": "1974"}
WRONG = {"birth_month": "4", "birth_day": "15", "birth_year": "1947"}
PDF = b"%PDF-1.7 the approved paper"


@pytest.fixture
def chiropractor() -> User:
    return User.objects.create_user("sam", role=Role.CHIROPRACTOR, is_staff=True)


@pytest.fixture
def plan(chiropractor: User) -> Plan:
    content = json.loads(json.dumps(sheet()))
    plan = make_plan(make_screening(), content=content, approved_by=chiropractor)
    for paper, pdf in (("a4", b"%PDF A4"), ("letter", PDF)):
        PlanDocument.objects.create(plan=plan, paper=paper, pdf=pdf, sha256="0" * 64)
    return plan


@pytest.fixture
def address(plan: Plan, chiropractor: User) -> str:
    return f"/p/{links.issue(screening=plan.screening, by=chiropractor)}/"


@pytest.fixture
def opened(client: Client, address: str) -> Client:
    client.post(address, RIGHT)
    return client


def asks_for_the_code(visitor: Client) -> bool:
    """The plan's address shows nothing of a plan, only the form for the code of a paper."""
    page = visitor.get("/plan/")
    text = page.content.decode()
    private = ("Clam", "Ada Example", "Plan 0", "pain")
    return (
        page.status_code == 200
        and 'id="id_code"' in text
        and not any(word in text for word in private)
    )


def test_the_link_asks_for_the_birth_date_and_shows_nothing_else(
    client: Client, address: str
) -> None:
    page = client.get(address)
    assert page.status_code == 200
    text = page.content.decode()
    assert "What is your birth date?" in text
    for private in ("Clam", "Ada Example", "hip", "pain"):
        assert private not in text


def test_the_right_birth_date_leads_to_an_address_without_a_secret(
    client: Client, address: str
) -> None:
    answer = client.post(address, RIGHT)
    assert (answer.status_code, answer["Location"]) == (303, "/plan/")


def test_a_wrong_birth_date_says_how_many_tries_are_left(client: Client, address: str) -> None:
    page = client.post(address, WRONG)
    assert page.status_code == 422
    assert "You have 4 tries left." in page.content.decode()
    assert asks_for_the_code(client)


@pytest.mark.parametrize(
    ("month", "day", "year", "sentence"),
    [
        ("", "", "", "Enter the month and the day and the year you were born"),
        ("13", "1", "1974", "The month must be a number from 1 to 12"),
        ("2", "30", "1974", "The day must be a number from 1 to 28 in February"),
        ("4", "15", "9" * 400, "The year must be a number from"),
    ],
)
def test_a_date_that_cannot_be_says_why_and_costs_no_try(
    client: Client, address: str, month: str, day: str, year: str, sentence: str
) -> None:
    typed = {"birth_month": month, "birth_day": day, "birth_year": year}
    page = client.post(address, typed)
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert PlanLink.objects.get().failed_tries == 0


def test_five_wrong_birth_dates_lock_the_page(client: Client, address: str) -> None:
    for _ in range(5):
        page = client.post(address, WRONG)
    assert page.status_code == 403
    assert "Locked until" in page.content.decode()
    assert "Locked until" in client.post(address, RIGHT).content.decode()
    assert "Locked until" in client.get(address).content.decode()


def test_unknown_expired_and_revoked_links_look_the_same(
    client: Client, address: str, chiropractor: User
) -> None:
    unknown = client.get("/p/never-made/")
    PlanLink.objects.update(expires_at=timezone.now() - timedelta(days=1))
    expired = client.get(address)
    PlanLink.objects.update(expires_at=timezone.now() + timedelta(days=1))
    links.revoke(link=PlanLink.objects.get(), by=chiropractor)
    revoked = client.get(address)
    assert {page.status_code for page in (unknown, expired, revoked)} == {404}
    assert unknown.content == expired.content == revoked.content
    assert unknown.headers == expired.headers == revoked.headers


def test_fifty_looks_by_a_mail_scanner_use_nothing_up(client: Client, address: str) -> None:
    for _ in range(25):
        client.get(address)
        client.head(address)
    assert client.post(address, RIGHT).status_code == 303


def test_the_page_says_what_the_paper_says(opened: Client) -> None:
    text = opened.get("/plan/").content.decode()
    for words in (
        "Plan 000042, version 2",
        "Sam Rivera, DC",
        "climb the stairs at work without stopping",
        "Your week at a glance",
        "Universal stop rule:",
        "0 to 3",
        "Call 911 now if you get",
        "Clam",
        "First: RIGHT leg on top",
        "45 seconds",
        "Too hard?",
        "Pillow between your knees",
        "Rules version 1",
    ):
        assert words in text


def test_the_page_has_one_h1_and_no_skipped_heading(opened: Client) -> None:
    import re

    levels = [int(n) for n in re.findall(r"<h([1-6])", opened.get("/plan/").content.decode())]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_the_download_is_the_stored_paper_byte_for_byte(opened: Client) -> None:
    answer = opened.get("/plan/home-exercise-plan.pdf")
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="home-exercise-plan.pdf"'


def test_the_download_is_on_the_practices_paper(opened: Client) -> None:
    Practice.objects.update_or_create(pk=1, defaults={"paper": "a4"})
    assert opened.get("/plan/home-exercise-plan.pdf").content == b"%PDF A4"


def test_the_newest_approved_version_is_shown(opened: Client, plan: Plan) -> None:
    Plan.objects.update(status=Plan.Status.REPLACED)
    content = {**plan.content, "title": "The newer plan"}
    newer = make_plan(plan.screening, version=2, replaces=plan, content=content)
    PlanDocument.objects.create(plan=newer, paper="letter", pdf=b"%PDF newer", sha256="0" * 64)
    assert "The newer plan" in opened.get("/plan/").content.decode()
    assert opened.get("/plan/home-exercise-plan.pdf").content == b"%PDF newer"


def test_a_plan_that_is_not_approved_shows_nothing(opened: Client, plan: Plan) -> None:
    Plan.objects.update(status=Plan.Status.DRAFT)
    page = opened.get("/plan/")
    assert "Your plan is not ready" in page.content.decode()
    assert "Clam" not in page.content.decode()
    assert opened.get("/plan/home-exercise-plan.pdf").status_code == 404


def test_a_withheld_plan_shows_nothing(opened: Client, plan: Plan) -> None:
    Review.objects.update(status=Review.Status.WITHHELD)
    assert "Clam" not in opened.get("/plan/").content.decode()
    assert opened.get("/plan/home-exercise-plan.pdf").status_code == 404


def test_a_revoked_link_closes_an_open_plan(opened: Client, chiropractor: User) -> None:
    links.revoke(link=PlanLink.objects.get(), by=chiropractor)
    assert asks_for_the_code(opened)
    assert opened.get("/plan/home-exercise-plan.pdf").status_code == 404


def test_without_the_link_there_is_no_plan(client: Client, plan: Plan) -> None:
    assert asks_for_the_code(client)
    assert client.get("/plan/home-exercise-plan.pdf").status_code == 404


def test_closing_the_plan_leaves_nothing_behind(opened: Client) -> None:
    page = opened.post("/plan/close/")
    assert "Nothing of it is left on this device" in page.content.decode()
    assert asks_for_the_code(opened)


def test_an_opened_plan_closes_itself_after_12_hours(opened: Client) -> None:
    session = opened.session
    session["plan_link"] = {**session["plan_link"], "opened": timezone.now().timestamp() - 43_300}
    session.save()
    assert asks_for_the_code(opened)


def test_reading_and_printing_are_in_the_audit_log(opened: Client) -> None:
    opened.get("/plan/")
    opened.get("/plan/home-exercise-plan.pdf")
    events = list(AuditEvent.objects.order_by("pk").values_list("event", flat=True))
    assert events == ["plan link made", "plan link opened", "plan read", "plan printed"]


def test_every_form_needs_its_one_time_code(address: str) -> None:
    strict = FormClient(enforce_csrf_checks=True)
    assert strict.post(address, RIGHT).status_code == 403
    assert strict.post("/plan/close/").status_code == 403


def test_no_patient_address_holds_a_number_of_a_record() -> None:
    routes = [str(pattern.pattern) for pattern in urlpatterns]
    patient_routes = [route for route in routes if not route.startswith("admin/")]
    assert patient_routes
    assert not any("<int:" in route for route in patient_routes)


def test_markup_in_a_note_is_shown_as_text(opened: Client, plan: Plan) -> None:
    attack = "<script>alert(1)</script>"
    Plan.objects.update(content={**plan.content, "message": attack})
    text = opened.get("/plan/").content.decode()
    assert attack not in text
    assert "&lt;script&gt;" in text
