"""A session belongs to who signed in, ends when it should, and the key that signs it can change."""

import re
from typing import Any

import pytest
from django.core.management import call_command
from django.test import override_settings

from chiro.practice.models import AuditEvent, User
from exercises.services import links
from tests.conftest import FormClient
from tests.web.reviewing import sent

pytestmark = pytest.mark.django_db
PASSWORD = "a long sentence that nobody guesses"
SIGN_IN = "/admin/login/"


@pytest.fixture
def owner(staff: Any) -> User:
    user: User = staff("owner")
    user.set_password(PASSWORD)
    user.save()
    return user


def signed_in() -> FormClient:
    """A browser in which the owner signed in at the door."""
    client = FormClient()
    client.get(SIGN_IN)
    client.post(SIGN_IN, {"login": "owner", "password": PASSWORD})
    assert may_read(client)
    return client


def may_read(client: FormClient) -> bool:
    return bool(client.get("/admin/").status_code == 200)


@pytest.mark.row("T7", "C28")
def test_signing_in_changes_the_sessions_key(owner: User) -> None:
    client = FormClient()
    client.post("/", {"start": "new"})
    before = client.session.session_key
    client.post(SIGN_IN, {"login": "owner", "password": PASSWORD})
    assert client.session.session_key != before


@pytest.mark.row("T7", "C30")
def test_after_signing_out_the_old_cookie_opens_nothing(owner: User) -> None:
    client = signed_in()
    old = client.cookies["session"].value
    client.post("/admin/logout/")
    thief = FormClient()
    thief.cookies["session"] = old
    assert not may_read(thief)


@pytest.mark.row("T7", "C30")
def test_a_new_password_ends_every_other_session(owner: User) -> None:
    client = signed_in()
    owner.set_password("another long sentence of words")
    owner.save()
    assert not may_read(client)


@pytest.mark.row("C30", "C31")
def test_who_is_switched_off_is_out_at_once(owner: User) -> None:
    client = signed_in()
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert not may_read(client)


def press(client: FormClient, member: User, action: str) -> Any:
    """Choose an action for a member in the owner's list of staff."""
    return client.post("/admin/practice/user/", {"action": action, "_selected_action": member.pk})


@pytest.mark.row("C31")
def test_the_owner_signs_a_member_out_everywhere(owner: User, client_as: Any) -> None:
    theirs, again = client_as("chiropractor"), client_as("chiropractor")
    member = User.objects.get(role="chiropractor")
    patient = FormClient()
    patient.post("/", {"start": "new"})
    boss = signed_in()
    assert press(boss, member, "sign_out_everywhere").status_code == 302
    assert not may_read(theirs)
    assert not may_read(again)
    assert may_read(boss)
    assert patient.get("/check/age/").status_code == 200  # Nobody else is.
    event = AuditEvent.objects.get(event="sessions ended")
    assert (event.actor, event.object_id) == (owner, str(member.pk))
    assert may_read(client_as("chiropractor"))  # They may come in again.


@pytest.mark.row("C31")
def test_only_the_owner_signs_others_out(owner: User, client_as: Any) -> None:
    boss = signed_in()
    for role in ("chiropractor", "front_desk"):
        assert press(client_as(role), owner, "sign_out_everywhere").status_code == 403
    assert may_read(boss)


@pytest.mark.row("C31")
def test_a_session_stays_ended_when_the_account_is_switched_on_again(
    owner: User, client_as: Any
) -> None:
    theirs, boss = client_as("chiropractor"), signed_in()
    member = User.objects.get(role="chiropractor")
    for active in ({}, {"is_active": "on"}):
        said = {"username": member.username, "role": "chiropractor", **active}
        address = f"/admin/practice/user/{member.pk}/change/"
        assert boss.post(address, said).status_code == 302
    member.refresh_from_db()
    assert member.is_active
    assert not may_read(theirs)


@pytest.mark.row("T6", "C48")
def test_unknown_name_and_wrong_password_read_the_same(owner: User) -> None:
    pages = [
        FormClient().post(SIGN_IN, {"login": name, "password": "wrong"}).content.decode()
        for name in ("owner", "nobody")
    ]
    code = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
    shown = [code.sub("", page).replace('value="owner"', 'value="nobody"') for page in pages]
    assert shown[0] == shown[1]
    assert AuditEvent.objects.filter(event="sign-in failed").count() == 2


@pytest.mark.row("T25")
def test_a_new_key_keeps_sessions_while_the_old_one_is_named_and_links_for_ever(
    owner: User, staff: Any, settings: Any
) -> None:
    client = signed_in()
    screening = sent()
    chiropractor = staff("chiropractor")
    screening.plans.update(status="approved", approved_by=chiropractor, content={})
    token = links.issue(screening=screening, by=chiropractor)
    old = settings.SECRET_KEY
    with override_settings(SECRET_KEY="n" * 50, SECRET_KEY_FALLBACKS=[old]):
        assert may_read(client)
    with override_settings(SECRET_KEY="m" * 50, SECRET_KEY_FALLBACKS=[]):
        assert not may_read(client)
        assert FormClient().get(f"/p/{token}/").status_code == 200


@pytest.mark.row("T27", "C26")
def test_a_fresh_installation_has_no_account(client: FormClient) -> None:
    call_command("migrate", verbosity=0)
    assert User.objects.count() == 0
    for name in ("admin", "root", "owner"):
        client.post(SIGN_IN, {"login": name, "password": name})
        assert not may_read(client)


@pytest.mark.row("C24")
@pytest.mark.parametrize(
    ("password", "fits"),
    [
        ("short and sweet", True),
        ("fourteen signs", False),
        ("yfdbufnjh10305070", False),
        ("ж" * 70, True),
    ],
)
def test_a_password_is_long_and_uncommon_and_nothing_more_is_asked(
    password: str, fits: bool
) -> None:
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    try:
        validate_password(password)
    except ValidationError:
        assert not fits
    else:
        assert fits
