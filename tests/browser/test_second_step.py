"""The second step in a real browser: an app's code, a recovery code, a passkey; and idle time."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from chiro.practice.models import AuditEvent, Practice, User
from screening.models import Examination
from tests.browser.test_staff_sign_in import sign_in
from tests.web.reviewing import sent

pytestmark = pytest.mark.django_db(transaction=True)
type MakeStaff = Callable[..., User]

SET_UP = "/admin/account/second-factor/"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
"""A fingerprint reader that always recognises the finger."""


@pytest.fixture
def ellen(staff: MakeStaff, settings: Any) -> User:
    """Ellen Park, DC, in a practice that asks for a second step."""
    cache.clear()
    settings.STAFF_SECOND_FACTOR = True
    Practice.objects.create(pk=1, name="Harbor Street Chiropractic")
    return staff("chiropractor", first_name="Ellen", last_name="Park", credentials="DC")


def code_of(secret: str) -> str:
    """The six digits that the app shows now."""
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


def is_in(page: Page) -> None:
    """The first page of the admin is open."""
    expect(page.get_by_role("heading", name="Practice", exact=True)).to_be_visible()


def again(page: Page, address: str) -> None:
    """Sign out, and in again with the password."""
    page.goto(f"{address}/admin/")
    page.get_by_role("button", name="Log out").click()
    sign_in(page, address, "chiropractor")


def test_an_app_a_recovery_code_and_a_passkey_each_open_the_door(
    page: Page, live_server: LiveServer, ellen: User
) -> None:
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    sign_in(page, live_server.url, "chiropractor")
    expect(page.get_by_text("Not set up yet").first).to_be_visible()
    page.goto(f"{live_server.url}{SET_UP}totp/activate/")
    secret = page.locator("code.token").inner_text()
    page.get_by_label("code").fill(code_of(secret))
    page.get_by_role("button", name="Use this app").click()
    expect(page.get_by_text("10 of 10 are left")).to_be_visible()
    recovery = page.locator("code.token").first.inner_text()
    page.goto(f"{live_server.url}{SET_UP}webauthn/add/")
    page.get_by_label("Name").fill("Front room")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("link", name="1 in use")).to_be_visible()
    again(page, live_server.url)
    page.get_by_label("code").fill(recovery)
    page.get_by_role("button", name="Go on").click()
    is_in(page)
    again(page, live_server.url)
    page.get_by_role("button", name="Use a passkey").click()
    is_in(page)
    events = set(AuditEvent.objects.values_list("event", flat=True))
    assert {"second step added", "recovery code used", "signed in"} <= events


def test_what_was_typed_before_the_time_ran_out_stands_in_the_form_again(
    page: Page,
    live_server: LiveServer,
    ellen: User,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.STAFF_SECOND_FACTOR = False
    record = f"{live_server.url}/admin/screening/screening/{sent().pk}/change/"
    sign_in(page, live_server.url, "chiropractor")
    page.goto(record)
    page.get_by_label("Note on the examination").fill("Tired after the stairs")
    page.get_by_label("Clam, Times").fill("7")
    late = time.time() + 3600
    monkeypatch.setattr("chiro.practice.middleware.time.time", lambda: late)
    page.get_by_role("button", name="Save draft").first.click()
    expect(page.get_by_label("Password")).to_be_visible()
    assert not Examination.objects.exists()
    page.get_by_label("Username").fill("chiropractor")
    page.get_by_label("Password").fill("chiropractor")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("link", name="Put it back on the page").click()
    expect(page.get_by_text("is back on this page. It is not saved yet")).to_be_visible()
    expect(page.get_by_label("Clam, Times")).to_have_value("7")
    page.get_by_role("button", name="Save draft").first.click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    assert Examination.objects.get().note == "Tired after the stairs"
