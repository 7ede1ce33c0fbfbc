"""The practice's profile: every setting in one form, previewed before it is saved."""

from typing import Any

import pytest

from chiro.practice.models import OutboxMessage, Practice
from screening.services import invitations
from tests.conftest import FormClient
from tests.web.reviewing import text_of
from tests.web.test_plan_builder import ClientAs, MakeStaff

pytestmark = pytest.mark.django_db
CHANGE = "/admin/practice/practice/1/change/"
PREVIEW = "/admin/profile/preview/"


@pytest.fixture
def owner(staff: MakeStaff, client_as: ClientAs) -> FormClient:
    """The owner's browser, with a profile to change."""
    Practice.objects.create(pk=1, name="Harbor Street Chiropractic")
    staff("owner")
    return client_as("owner")


def typed(**changes: Any) -> dict[str, Any]:
    """The whole form."""
    return {
        "name": "Harbor Street Chiropractic",
        "address": "1 Harbor Street",
        "phone": "512 555 0100",
        "emergency_number": "911",
        "paper": "letter",
        "accent": "#7a1f3d",
        "result_policy": "at_once",
        "plan_policy": "after_approval",
        "invitation_text": "",
        "draft_days": "14",
        "retention_years": "7",
        "green_up_to": "3",
        "yellow_up_to": "5",
        **changes,
    }


def test_the_policies_and_texts_are_saved(owner: FormClient) -> None:
    sentence = "We look forward to seeing you."
    owner.post(CHANGE, typed(plan_policy="starter_at_once", invitation_text=sentence))
    practice = Practice.objects.get()
    assert practice.plan_policy == "starter_at_once"
    assert practice.invitation_text == sentence


def test_the_invitation_says_the_practices_sentence(owner: FormClient, staff: MakeStaff) -> None:
    owner.post(CHANGE, typed(invitation_text="See you soon."))
    invitations.issue(by=staff("chiropractor"), email="jo@example.org")
    assert OutboxMessage.objects.get().body.startswith("See you soon.\n\n")


@pytest.mark.parametrize("text", ["For your hip pain.", "Your exercises wait.", "www.example.org"])
def test_an_invitation_says_nothing_of_health(owner: FormClient, text: str) -> None:
    page = owner.post(CHANGE, typed(invitation_text=text))
    assert page.status_code == 200
    assert "eave out" in text_of(page) or "leave the other out" in text_of(page)
    assert Practice.objects.get().invitation_text == ""


def test_a_page_is_previewed_with_unsaved_values(owner: FormClient) -> None:
    page = owner.post(PREVIEW, {**typed(name="New Name", phone="512 555 0999"), "preview": "page"})
    assert page.status_code == 200
    words = text_of(page)
    assert "Preview with invented words" in words
    assert "New Name" in words
    assert "512 555 0999" in words
    assert "/admin/profile/7a1f3d.css" in page.content.decode()
    assert Practice.objects.get().name == "Harbor Street Chiropractic"


def test_a_paper_is_previewed_with_unsaved_values(
    owner: FormClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[Any] = []

    def render(content: Any, **how: Any) -> bytes:
        printed.append((content["practice"], how))
        return b"%PDF"

    monkeypatch.setattr("exercises.rendering.render", render)
    owner.post(PREVIEW, {**typed(name="New Name", paper="a4"), "preview": "pdf"})
    practice, how = printed[0]
    assert (practice["name"], practice["accent"], how) == ("New Name", "#7a1f3d", {"paper": "a4"})


def test_a_preview_says_what_is_wrong(owner: FormClient) -> None:
    page = owner.post(PREVIEW, {**typed(green_up_to="7", yellow_up_to="5"), "preview": "page"})
    assert page.status_code == 422
    assert owner.get("/admin/profile/red.css").status_code == 404
