"""Building a plan on the review page: cautions, preview, approval, two tabs."""

from collections.abc import Callable
from typing import Any

import pytest

from chiro.practice.models import AuditEvent, OutboxMessage, User
from exercises.models import Plan, PlanItem, PlanLink
from exercises.services import planning
from screening.models import Decision, Screening
from screening.services.review import RefusedError
from tests.conftest import FormClient
from tests.web.reviewing import form_of, review_url, sent, text_of

pytestmark = pytest.mark.django_db
type ClientAs = Callable[[str], FormClient]
type MakeStaff = Callable[..., User]

BLOCKED = "side-plank"  # for osteoporosis
BRITTLE: dict[str, Any] = {"conditions": ["osteoporosis"]}


@pytest.fixture
def ellen(staff: MakeStaff) -> User:
    """A chiropractor."""
    return staff("chiropractor", first_name="Ellen", last_name="Park", credentials="DC")


@pytest.fixture
def chiropractor(ellen: User, client_as: ClientAs) -> FormClient:
    """Her browser."""
    return client_as("chiropractor")


@pytest.fixture
def unprinted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Approval makes no paper by itself; the first download does."""
    monkeypatch.setattr("exercises.services.papers.begin", lambda plan: None)


def press(client: FormClient, screening: Screening, do: str, **typed: Any) -> Any:
    """Open the page, type, press a button."""
    fields = form_of(client.get(review_url(screening)))
    return client.post(review_url(screening), {**fields, **typed, "do": do})


def slugs(screening: Screening) -> list[str]:
    """The rows of the newest plan."""
    plan = screening.plans.order_by("-version")[0]
    return [row.slug for row in planning.rows_of(plan)]


# --- cautions ---------------------------------------------------------------------------------


def test_a_blocked_card_needs_a_reason_that_stays_in_the_record(chiropractor: FormClient) -> None:
    screening = sent(**BRITTLE)
    page = press(chiropractor, screening, f"add:{BLOCKED}")
    assert page.status_code == 422
    assert "is blocked: osteoporosis" in text_of(page)
    assert BLOCKED not in slugs(screening)
    why = {f"why-{BLOCKED}": "Scan is fine, she planks already"}
    assert press(chiropractor, screening, f"add:{BLOCKED}", **why).status_code == 303
    assert BLOCKED in slugs(screening)
    decision = Decision.objects.filter(kind="plan_changed").latest("pk")
    assert "blocked for osteoporosis: Scan is fine" in decision.reason
    assert AuditEvent.objects.filter(event="block overridden").count() == 1
    words = text_of(chiropractor.get(review_url(screening)))
    assert "Scan is fine, she planks already" in words


def test_taking_the_reason_away_is_refused_where_it_stands(chiropractor: FormClient) -> None:
    screening = sent(**BRITTLE)
    press(chiropractor, screening, f"add:{BLOCKED}", **{f"why-{BLOCKED}": "Scan is fine"})
    page = press(chiropractor, screening, "save", **{f"row-{BLOCKED}-override": ""})
    assert page.status_code == 422
    assert "Blocked for osteoporosis. Write why" in text_of(page)


def test_a_ladder_offers_no_step_onto_a_blocked_card(chiropractor: FormClient) -> None:
    screening = sent(**BRITTLE)
    press(chiropractor, screening, "add:side-plank-knees")
    page = chiropractor.get(review_url(screening)).content.decode()
    assert "Side plank: blocked, osteoporosis" in " ".join(page.split())
    assert 'value="harder:side-plank-knees"' not in page


def test_an_older_draft_with_a_blocked_row_is_not_approved(ellen: User) -> None:
    plan = sent(**BRITTLE).plans.get()
    PlanItem.objects.create(plan=plan, position=9, slug=BLOCKED, sets_left=1, sets_right=1)
    with pytest.raises(RefusedError, match="blocked: osteoporosis"):
        planning.approve(plan=plan, by=ellen)
    assert Plan.objects.get().status == "draft"


def test_the_library_says_what_blocks_and_what_warns(chiropractor: FormClient) -> None:
    words = text_of(chiropractor.get(review_url(sent(**BRITTLE, equipment=[]))))
    assert "Blocked osteoporosis" in words
    assert "Needs what this patient did not tick at home: loop band." in words


# --- preview ----------------------------------------------------------------------------------


def preview(client: FormClient, screening: Screening, do: str, **typed: Any) -> Any:
    """Press one of the two preview buttons after typing."""
    fields = form_of(client.get(review_url(screening)))
    return client.post(review_url(screening, "preview"), {**fields, **typed, "do": do})


def test_a_preview_shows_what_is_typed_and_stores_nothing(chiropractor: FormClient) -> None:
    screening = sent()
    before = planning.rows_of(screening.plans.get())
    note = {"row-clamshell-note": "Mind the cat"}
    page = preview(chiropractor, screening, "preview-page", **note)
    assert page.status_code == 200
    assert "Preview, not approved" in text_of(page)
    assert "Mind the cat" in text_of(page)
    assert planning.rows_of(screening.plans.get()) == before
    assert not Decision.objects.exists()
    assert AuditEvent.objects.filter(event="plan previewed").count() == 1


def test_a_preview_of_the_paper_is_marked(
    chiropractor: FormClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[Any] = []

    def render(content: Any, **how: Any) -> bytes:
        printed.append((content, how))
        return b"%PDF"

    monkeypatch.setattr("exercises.rendering.render", render)
    page = preview(chiropractor, sent(), "preview-pdf")
    assert page.content == b"%PDF"
    assert printed[0][0]["notice"] == "Preview, not approved"
    assert "has checked this plan" not in printed[0][0]["honest"]
    assert printed[0][1] == {"paper": "letter"}


def test_what_cannot_be_stored_cannot_be_previewed(chiropractor: FormClient) -> None:
    page = preview(chiropractor, sent(), "preview-page", **{"row-clamshell-reps": "900"})
    assert page.status_code == 422


# --- approving --------------------------------------------------------------------------------


def test_approve_and_print_leads_to_the_paper(chiropractor: FormClient, unprinted: None) -> None:
    screening = sent()
    page = press(chiropractor, screening, "approve-print")
    plan = screening.plans.get()
    assert plan.status == "approved"
    assert page.status_code == 303
    paper = chiropractor.get(page["Location"])
    assert paper.content == bytes(plan.documents.get(paper="letter", edition="standard").pdf)


def test_approve_and_send_mails_a_neutral_link(chiropractor: FormClient, unprinted: None) -> None:
    screening = sent()
    screening.patient.email = "maria@example.org"
    screening.patient.save()
    press(chiropractor, screening, "approve-send")
    mail = OutboxMessage.objects.get()
    assert (mail.recipient, mail.kind) == ("maria@example.org", "plan link")
    assert PlanLink.objects.filter(code_digest=None).count() == 1
    said = f"{mail.subject} {mail.body}".lower()
    for word in ("maria", "alvarez", "hip", "exercise", "pain", "glut"):
        assert word not in said
    assert "/p/" in mail.body


def test_without_an_address_the_link_is_shown_once(
    chiropractor: FormClient, unprinted: None
) -> None:
    page = press(chiropractor, sent(), "approve-send")
    assert "It is shown this once." in text_of(page)
    assert not OutboxMessage.objects.exists()


# --- two tabs ---------------------------------------------------------------------------------


def test_two_tabs_lose_neither_row_dose_nor_note(chiropractor: FormClient) -> None:
    screening = sent()
    mine = form_of(chiropractor.get(review_url(screening)))
    theirs = {"row-clamshell-reps": "7", "row-double-leg-bridge-note": "Slowly"}
    press(chiropractor, screening, "add:dead-bug", **theirs)
    typed = {**mine, "row-clamshell-reps": "9", "plan-message": "Well done", "do": "approve-print"}
    page = chiropractor.post(review_url(screening), typed)
    assert page.status_code == 409
    assert not Plan.objects.exclude(status="draft").exists()
    merged = form_of(page)
    assert merged["row-clamshell-reps"] == ["9"]
    assert merged["row-double-leg-bridge-note"] == ["Slowly"]
    assert "dead-bug" in merged["row"]
    assert "Clam: Times" in text_of(page)
    assert chiropractor.post(review_url(screening), {**merged, "do": "save"}).status_code == 303
    plan = screening.plans.get()
    rows = {row.slug: row for row in planning.rows_of(plan)}
    assert (rows["clamshell"].reps, rows["double-leg-bridge"].note) == (9, "Slowly")
    assert ("dead-bug" in rows, plan.message) == (True, "Well done")
