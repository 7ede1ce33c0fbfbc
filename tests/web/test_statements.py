"""The privacy page and the accessibility statement say what is true, and only that."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from chiro.practice import permissions, statement
from chiro.practice.models import Practice, Role
from exercises import opened
from tests.conftest import FormClient
from tests.web.visitor import text_of

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]


def test_every_page_links_both(client: FormClient) -> None:
    for path in ("/", "/nowhere/"):
        page = client.get(path).content.decode()
        assert 'href="/privacy/"' in page
        assert 'href="/accessibility/"' in page


def test_privacy_page_names_the_days_of_this_practice(client: FormClient) -> None:
    Practice.objects.create(pk=1, name="Harbor Street", draft_days=9, phone="(512) 555-0142")
    words = text_of(client.get("/privacy/"))
    assert "Answers that you did not send are deleted after 9 days." in words
    assert "It keeps your answers together. It stays for 14 days at most." in words
    assert "Call (512) 555-0142" in words


def test_one_day_is_not_days(client: FormClient) -> None:
    Practice.objects.create(pk=1, name="Harbor Street", draft_days=1)
    assert "deleted after 1 day." in text_of(client.get("/privacy/"))


def test_privacy_page_names_the_cookies_that_a_patient_gets(client: FormClient) -> None:
    page = text_of(client.get("/privacy/"))
    client.get("/")
    client.post("/", {"start": "new"})
    assert client.cookies
    for name in (*client.cookies, opened.COOKIE):
        assert f"{name} It " in page
    assert "It keeps your plan open while you use it. It stays for 1 hour at most." in page


def test_readers_are_those_of_the_table_of_roles(
    client: FormClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = text_of(client.get("/privacy/"))
    assert "The front desk : your name, birth date and phone. Not your answers." in words
    assert "Your chiropractor : your name, your answers, your result and your plan." in words
    more = permissions.PERMISSIONS[Role.FRONT_DESK] | {statement.READ_ANSWERS}
    monkeypatch.setitem(permissions.PERMISSIONS, Role.FRONT_DESK, more)
    assert "The front desk : your name, your answers" in text_of(client.get("/privacy/"))


def test_each_claim_of_the_statement_has_its_test(client: FormClient) -> None:
    for check in statement.CHECKED:
        file, name = check.test.split("::")
        assert f"def {name}(" in (ROOT / file).read_text(), check.test


def test_maintenance_has_its_page_and_says_when_to_come_back(
    client: FormClient, settings: Any
) -> None:
    settings.MAINTENANCE = True
    for answered in (client.get("/"), client.post("/check/age/", {"age": "42"})):
        assert answered.status_code == 503
        assert answered.headers["Retry-After"] == "600"
        assert "The answers you saved before are safe." in text_of(answered)
    assert client.get("/health/live").status_code == 200


def test_maintenance_page_is_one_file_that_needs_no_other(tmp_path: Path) -> None:
    Practice.objects.create(pk=1, name="Harbor Street", phone="(512) 555-0142")
    file = tmp_path / "maintenance.html"
    call_command("maintenance_page", str(file), verbosity=0)
    page = file.read_text()
    assert "The answers you saved before are safe." in page
    assert 'href="tel:5125550142"' in page
    asked = re.findall(r"(?:href|src|url)[=(]\s*[\"']?([^\"')\s>]+)", page)
    assert {at for at in asked if not at.startswith(("tel:", "#"))} == {"/"}


def test_statement_says_what_is_weak_and_claims_no_full_conformance(client: FormClient) -> None:
    words = text_of(client.get("/accessibility/"))
    for limit in statement.LIMITS:
        assert str(limit) in words
    assert "we do not say that we meet it in full" in words
