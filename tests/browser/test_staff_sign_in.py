"""Staff sign in and out in a real browser, under the strict content security policy."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from chiro.practice.models import AuditEvent, User


def sign_in(page: Page, address: str, name: str) -> None:
    """Fill the sign-in form."""
    page.goto(f"{address}/admin/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(name)
    page.get_by_role("button", name="Log in").click()


@pytest.mark.django_db(transaction=True)
def test_owner_signs_in_and_out(
    page: Page, live_server: LiveServer, staff: Callable[..., User]
) -> None:
    staff("owner")
    sign_in(page, live_server.url, "owner")
    expect(page.get_by_role("heading", name="Practice")).to_be_visible()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_text("Log in again")).to_be_visible()
    assert set(AuditEvent.objects.values_list("event", flat=True)) == {"signed in", "signed out"}


@pytest.mark.django_db(transaction=True)
def test_staff_sign_in_without_javascript(
    page_without_javascript: Page, live_server: LiveServer, staff: Callable[..., User]
) -> None:
    staff("front_desk")
    sign_in(page_without_javascript, live_server.url, "front_desk")
    expect(page_without_javascript.get_by_text("front_desk")).to_be_visible()


@pytest.mark.django_db(transaction=True)
def test_wrong_password_says_the_same_as_unknown_name(
    page: Page, live_server: LiveServer, staff: Callable[..., User]
) -> None:
    staff("owner")
    said = []
    for name in ("owner", "nobody"):
        page.goto(f"{live_server.url}/admin/")
        page.get_by_label("Username").fill(name)
        page.get_by_label("Password").fill("not the password")
        page.get_by_role("button", name="Log in").click()
        said.append(page.locator(".errornote").inner_text())
    assert said[0] == said[1]
    assert not AuditEvent.objects.exclude(event="sign-in failed").exists()
