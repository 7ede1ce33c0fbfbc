"""Signing in takes two steps where staff must; a late form is kept; tries are limited."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import override_settings

from chiro.practice import second_factor
from chiro.practice.models import AuditEvent, KeptForm, Practice, User
from tests.conftest import FormClient
from tests.web.visitor import text_of

pytestmark = pytest.mark.django_db
type MakeStaff = Callable[..., User]

SIGN_IN = "/admin/login/"
SECOND_STEP = "/admin/account/second-factor/authenticate/"
SET_UP = "/admin/account/second-factor/"
APP = "/admin/account/second-factor/totp/activate/"
KEPT = "/admin/account/kept/"
required = override_settings(STAFF_SECOND_FACTOR=True)


@pytest.fixture(autouse=True)
def _no_earlier_tries() -> None:
    cache.clear()


def sign_in(client: FormClient, name: str = "owner", **extra: Any) -> Any:
    return client.post(SIGN_IN, {"login": name, "password": name, **extra})


def code_of(secret: str, steps: int = 0) -> str:
    counter = int(time.time()) // 30 + steps
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def enrolled(user: User) -> str:
    """Give the account an authenticator app and return its secret."""
    secret = totp.generate_totp_secret()
    second_factor_of = totp.TOTP.activate(user, secret)
    assert second_factor_of.instance.data["secret"] != secret, "secrets are encrypted at rest"
    RecoveryCodes.activate(user)
    return secret


@pytest.mark.django_db(transaction=True)
@required
def test_first_sign_in_leads_to_setting_up_the_second_step(
    client: FormClient, staff: MakeStaff
) -> None:
    staff("owner")
    assert sign_in(client).headers["Location"] == "/admin/"
    for address in ("/admin/", "/admin/screening/screening/", "/admin/practice/user/"):
        assert client.get(address).headers["Location"] == SET_UP
    assert "Not set up yet" in text_of(client.get(SET_UP))
    secret = client.get(APP).context["form"].secret
    assert b"<svg" in client.get(f"{SET_UP}app/picture.svg").content
    response = client.post(APP, {"code": code_of(secret)})
    assert response.headers["Location"] == "/admin/account/second-factor/recovery-codes/"
    codes = client.get(response.headers["Location"])
    assert text_of(codes).count("10 of 10 are left") == 1
    assert client.get("/admin/").status_code == 200
    assert AuditEvent.objects.filter(event="second step added").exists()


@required
def test_password_alone_reads_nothing(client: FormClient, staff: MakeStaff) -> None:
    secret = enrolled(staff("owner"))
    assert sign_in(client).headers["Location"] == SECOND_STEP
    assert client.get("/admin/").headers["Location"].startswith(SIGN_IN)
    wrong = client.post(SECOND_STEP, {"code": "000000"})
    assert "Incorrect code" in text_of(wrong)
    assert AuditEvent.objects.filter(event="second step failed").exists()
    assert client.post(SECOND_STEP, {"code": code_of(secret)}).headers["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


@required
def test_code_and_recovery_code_work_once(staff: MakeStaff) -> None:
    user = staff("owner")
    secret = enrolled(user)
    recovery = Authenticator.objects.get(user=user, type="recovery_codes").wrap().generate_codes()
    for code, comes_in in (
        (code_of(secret), True),
        (code_of(secret), False),
        (recovery[0], True),
        (recovery[0], False),
    ):
        client = FormClient()
        sign_in(client)
        client.post(SECOND_STEP, {"code": code})
        assert (client.get("/admin/").status_code == 200) is comes_in
    assert AuditEvent.objects.filter(event="recovery code used").count() == 1


@required
def test_session_that_began_before_the_second_step_existed_ends(
    client: FormClient, staff: MakeStaff
) -> None:
    user = staff("owner")
    sign_in(client)
    enrolled(user)
    assert client.get("/admin/").headers["Location"] == SIGN_IN
    assert client.get("/admin/").headers["Location"].startswith(SIGN_IN)


@required
def test_last_second_step_cannot_be_removed(client: FormClient, staff: MakeStaff) -> None:
    user = staff("owner")
    secret = enrolled(user)
    sign_in(client)
    client.post(SECOND_STEP, {"code": code_of(secret)})
    client.post("/admin/account/confirm/", {"password": "owner"})
    client.post("/admin/account/second-factor/totp/deactivate/", {})
    assert second_factor.has_one(user)


@required
def test_outside_the_admin_a_password_alone_is_nobody(client: FormClient, staff: MakeStaff) -> None:
    staff("owner")
    sign_in(client)
    assert client.get("/").status_code == 200


def test_without_the_setting_a_password_is_enough(client: FormClient, staff: MakeStaff) -> None:
    staff("owner")
    assert sign_in(client, next="/admin/practice/user/").headers["Location"].endswith("/user/")
    assert client.get("/admin/practice/user/").status_code == 200


def test_there_is_one_door(client: FormClient) -> None:
    """Nothing of django-allauth but what the staff need: no signing up, no reset by e-mail."""
    for path in ("signup/", "password/reset/", "email/", "login/code/", "logout/", "login/"):
        for prefix in ("/accounts/", "/admin/account/", "/account/"):
            assert client.get(prefix + path).status_code in (302, 404)
            assert "form" not in (client.get(prefix + path).context or {})
    assert client.get("/admin/login/").status_code == 200


def test_too_many_wrong_passwords_are_refused_even_when_right(
    client: FormClient, staff: MakeStaff
) -> None:
    staff("owner")
    for _ in range(6):
        response = client.post(SIGN_IN, {"login": "owner", "password": "wrong"})
        assert response.status_code == 200
    refused = sign_in(client)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"]
    assert "Too many" in text_of(refused)
    other = sign_in(FormClient(REMOTE_ADDR="203.0.113.9"))
    assert other.status_code == 302, "nobody locks the practice out from elsewhere"


def test_too_many_wrong_codes_are_refused_even_when_right(
    client: FormClient, staff: MakeStaff
) -> None:
    secret = enrolled(staff("owner"))
    sign_in(client)
    for number in range(6):
        client.post(SECOND_STEP, {"code": f"00000{number}"})
    assert "Too many" in text_of(client.post(SECOND_STEP, {"code": code_of(secret)}))


def test_owner_lets_a_member_set_up_anew(
    client_as: Callable[..., FormClient], staff: MakeStaff
) -> None:
    member = staff("chiropractor")
    enrolled(member)
    data = {"action": "reset_second_step", "_selected_action": [member.pk]}
    client_as("owner").post("/admin/practice/user/", data)
    assert not Authenticator.objects.filter(user=member).exists()
    assert AuditEvent.objects.filter(event="second step reset", object_id=member.pk).exists()


# --- idle -------------------------------------------------------------------------------------


@pytest.fixture
def late(client: FormClient, staff: MakeStaff, monkeypatch: pytest.MonkeyPatch) -> FormClient:
    """An owner who opened the profile and went away for an hour."""
    staff("owner")
    Practice.objects.create(pk=1)
    sign_in(client)
    client.get("/admin/practice/practice/1/change/")
    now = time.time() + 3600
    monkeypatch.setattr("chiro.practice.middleware.time.time", lambda: now)
    return client


PROFILE = "/admin/practice/practice/1/change/"


def test_late_form_is_kept_and_given_back_after_signing_in(late: FormClient) -> None:
    response = late.post(PROFILE, {"name": "Harbor Street", "address": "12 Harbor St"})
    assert response.headers["Location"] == f"{SIGN_IN}?next={KEPT}"
    assert b"Harbor" not in bytes(KeptForm.objects.get().content), "it is encrypted"
    assert sign_in(late, next=KEPT).headers["Location"] == KEPT
    page = late.get(KEPT)
    assert "It is not saved yet" in text_of(page)
    assert "12 Harbor St" in text_of(page)
    assert f'action="{PROFILE}"' in page.content.decode()
    given = late.get(KEPT, headers={"accept": "application/json"}).json()
    assert ["name", "Harbor Street"] in given["fields"]
    late.post(f"{KEPT}discard/")
    assert not KeptForm.objects.exists()


def test_late_form_is_shown_to_nobody_else(late: FormClient, staff: MakeStaff) -> None:
    late.post(PROFILE, {"name": "Harbor Street"})
    staff("owner", "other")
    sign_in(late, "other")
    assert "Harbor" not in late.get(KEPT).content.decode()
    elsewhere = FormClient()
    sign_in(elsewhere)
    assert "Harbor" not in elsewhere.get(KEPT).content.decode()


def test_forged_late_form_is_not_kept(staff: MakeStaff, monkeypatch: pytest.MonkeyPatch) -> None:
    staff("owner")
    client = FormClient(enforce_csrf_checks=True)
    client.force_login(User.objects.get(), "chiro.practice.permissions.RoleBackend")
    client.get("/admin/")
    now = time.time() + 3600
    monkeypatch.setattr("chiro.practice.middleware.time.time", lambda: now)
    assert client.post(PROFILE, {"name": "Forged"}).status_code == 403
    assert not KeptForm.objects.exists()


def test_sign_of_life_keeps_the_session(client: FormClient, staff: MakeStaff) -> None:
    staff("owner")
    sign_in(client)
    assert client.post("/admin/account/stay/").status_code == 204
    assert 'data-idle-seconds="900"' in client.get("/admin/").content.decode()
