"""A new practice: a code from the console makes the owner, then the first steps, then the guide."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone

from chiro.practice import guide, wizard
from chiro.practice.models import AuditEvent, Practice, Role, SetUpCode, User
from tests.conftest import FormClient
from tests.web.reviewing import text_of

pytestmark = pytest.mark.django_db
type ClientAs = Callable[[str], FormClient]
type MakeStaff = Callable[..., User]

ADDRESS = "/admin/set-up/"
STEPS = "/admin/first-steps/"
GOOD = "four words apart pebble"
FIELDS = {
    "name": "Harbor Street Chiropractic",
    "address": "12 Harbor Street",
    "phone": "512 555 0100",
    "emergency_number": "911",
    "paper": "letter",
    "first_name": "Olivia",
    "last_name": "Grant",
    "username": "olivia",
    "password": GOOD,
    "again": GOOD,
}


@pytest.fixture(autouse=True)
def _no_earlier_tries() -> None:
    cache.clear()


def code_from_console() -> str:
    said = io.StringIO()
    call_command("first_owner", stdout=said)
    assert ADDRESS in said.getvalue()
    return said.getvalue().partition("one day")[2].strip()


def test_code_makes_profile_and_owner_once(client: FormClient) -> None:
    code = code_from_console()
    assert code not in str(list(SetUpCode.objects.values())), "kept as a digest"
    response = client.post(ADDRESS, {**FIELDS, "code": code.lower()})
    assert response.headers["Location"] == f"/admin/login/?next={STEPS}"
    owner = User.objects.get()
    assert (owner.role, owner.is_staff, owner.is_superuser) == (Role.OWNER, True, False)
    assert Practice.objects.get().name == "Harbor Street Chiropractic"
    assert client.get(ADDRESS).status_code == 404
    assert client.post(ADDRESS, {**FIELDS, "code": code}).status_code == 404
    said = io.StringIO()
    call_command("first_owner", stdout=said)
    assert "There is an owner" in said.getvalue()
    sign_in = client.post("/admin/login/", {"login": "olivia", "password": GOOD, "next": STEPS})
    assert sign_in.headers["Location"] == STEPS
    assert client.get(STEPS).status_code == 200


@override_settings(STAFF_SECOND_FACTOR=True)
def test_first_owner_sets_up_the_second_step_first(client: FormClient) -> None:
    client.post(ADDRESS, {**FIELDS, "code": code_from_console()})
    client.post("/admin/login/", {"login": "olivia", "password": GOOD, "next": STEPS})
    assert client.get(STEPS).headers["Location"] == "/admin/account/second-factor/"


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"code": "AAAA-AAAA"}, "This code is wrong"),
        ({"again": "another"}, "The two passwords differ"),
        ({"password": "short", "again": "short"}, "too short"),
        ({"username": "a b"}, "Enter a valid username"),
        ({"name": ""}, "This field is required"),
    ],
)
def test_mistake_makes_nothing_and_says_what(
    client: FormClient, changed: dict[str, str], says: str
) -> None:
    page = client.post(ADDRESS, {**FIELDS, "code": code_from_console(), **changed})
    assert says in text_of(page)
    assert GOOD not in page.text, "a password is never sent back"
    assert not User.objects.exists()


def test_old_code_and_replaced_code_are_refused(client: FormClient) -> None:
    replaced = code_from_console()
    code = code_from_console()
    assert "wrong" in text_of(client.post(ADDRESS, {**FIELDS, "code": replaced}))
    SetUpCode.objects.update(created_at=timezone.now() - timedelta(days=2))
    assert "wrong" in text_of(client.post(ADDRESS, {**FIELDS, "code": code}))
    assert not User.objects.exists()


def test_guessing_the_code_is_limited(client: FormClient) -> None:
    wizard.issue()
    for _ in range(10):
        client.post(ADDRESS, {**FIELDS, "code": "AAAA"})
    said = text_of(client.post(ADDRESS, {**FIELDS, "code": code_from_console()}))
    assert "Too many tries" in said


def test_steps_follow_what_was_done(client_as: ClientAs) -> None:
    owner = client_as("owner")
    Practice.objects.create(pk=1, address="12 Harbor Street", phone="512 555 0100")
    assert "First steps: 4 left" in text_of(owner.get("/admin/"))
    owner.post(STEPS)
    owner.post("/admin/screening/invitation/add/", {"for_whom": "anybody"})
    assert AuditEvent.objects.filter(event=wizard.PRINTED).exists()
    page = text_of(owner.get(STEPS))
    assert "Test print Done" in page
    assert "First steps" not in text_of(client_as("front_desk").get("/admin/"))


# --- the guide --------------------------------------------------------------------------------


def test_guide_is_current() -> None:
    try:
        call_command("write_guide", check=True)
    except CommandError as old:
        pytest.fail(str(old))


def test_guide_is_a_page_of_the_admin(client_as: ClientAs) -> None:
    clinician = client_as("chiropractor")
    assert 'href="/admin/guide/"' in clinician.get("/admin/").text
    page = clinician.get("/admin/guide/")
    said = text_of(page)
    for words in ("It is no diagnosis", "Sleep: top knee drops across", "Trendelenburg", "E-"):
        assert words in said
    assert "**" not in said
    assert client_as("front_desk").get("/admin/guide/").status_code == 403


def test_guide_escapes_and_reads_its_markdown() -> None:
    found = list(guide.blocks("# A\n\nb **c** `d` <i>\n\n- e\n  f\n\n| g \\| h |\n|---|\n| i |\n"))
    assert [block.kind for block in found] == ["heading", "words", "list", "table"]
    assert [span.kind for span in found[1].lines[0]] == ["plain", "bold", "plain", "code", "plain"]
    assert found[2].lines[0][0].words == "e f"
    assert found[3].head[0][0].words == "g | h"
