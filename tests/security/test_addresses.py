"""Every address of the site, taken from the resolver: a new one is tested without being named.

Maria's record is there, with a plan and a link. Who asks is a stranger, or Ben, another patient.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.test import override_settings
from django.urls import URLPattern, URLResolver, get_resolver

from chiro.practice.links import new_token
from chiro.practice.models import OutboxMessage, Role, User
from exercises.models import Plan
from exercises.services import links
from screening.models import Screening
from screening.services import invitations
from tests.conftest import FormClient
from tests.web.reviewing import sent
from tests.web.visitor import Visitor

ANYBODY = {"day": "2026-11-24", "slug": "age", "digest": "0" * 16, "pk": "1", "object_id": "1"}
COUNTED_APART = {"practice.AuditEvent", "practice.Tally", "sessions.Session", "screening.Draft"}
PRIVATE = ("Maria Alvarez", "512 555 0199", "Ends in a quiet street")


def patterns(
    resolver: URLResolver | None = None, before: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Each route with its prefix."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        else:
            yield route, entry


def filled(route: str) -> str:
    """An address of the route."""
    values = ANYBODY | {"token": new_token()}
    plain = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values.get(found[1], "1"), route)
    plain = re.sub(r"\(\?P<\w+>[^)]*\)", "1", plain)
    return "/" + re.sub(r"[\^$\\]|\(\?[^)]*\)", "", plain)


def patient_addresses() -> list[str]:
    """Every address outside the admin."""
    return sorted({filled(r) for r, _ in patterns() if not r.startswith("admin/")})


def admin_addresses() -> list[str]:
    """Every address of the staff but the door itself."""
    doors = ("/admin/login/", "/admin/logout/", "/admin/jsi18n/", "/admin/set-up/")
    found = {filled(r) for r, _ in patterns() if r.startswith("admin/")}
    return sorted(address for address in found if not address.startswith(doors))


def rows() -> dict[str, list[dict[str, Any]]]:
    """Every row but those that count visits."""
    kept = [m for m in apps.get_models() if m._meta.label not in COUNTED_APART]
    return {model._meta.label: list(model.objects.order_by("pk").values()) for model in kept}


@pytest.fixture
def maria(db: None, staff: Any) -> Plan:
    """A patient with an approved plan and a link."""
    by: User = staff(Role.CHIROPRACTOR)
    screening: Screening = sent(goals=[{"text": "Ends in a quiet street", "score": 4}])
    plan = screening.plans.get()
    Plan.objects.filter(pk=plan.pk).update(status="approved", approved_by=by, content={})
    links.issue(screening=screening, by=by)
    return plan


@pytest.mark.row("T2", "C32", "C33", "C19")
@pytest.mark.parametrize("who", ["a stranger", "another patient"])
def test_no_patient_address_shows_or_changes_another_record(who: str, maria: Plan) -> None:
    client = FormClient()
    if who == "another patient":
        Visitor(client).start().until("places")
    before, addresses = rows(), patient_addresses()
    assert len(addresses) > 25
    posted = {"screening": "1", "patient": "1", "link": "1", "plan": str(maria.pk), "done": "1"}
    for address in addresses:
        for response in (client.get(address), client.head(address), client.post(address, posted)):
            page = response.content.decode(errors="replace")
            assert response.status_code < 500, address
            assert not [word for word in PRIVATE if word in page], address
    assert rows() == before


@pytest.mark.row("T5", "C19")
def test_no_address_accepts_a_post_without_its_one_time_code(maria: Plan, client_as: Any) -> None:
    signed_in = client_as("owner")
    signed_in.handler.enforce_csrf_checks = True
    before = rows()
    for address in [*patient_addresses(), *admin_addresses()]:
        assert signed_in.post(address, {"a": "1"}).status_code in {403, 404, 405}, address
    assert rows() == before


@pytest.mark.row("T2", "T27", "C32", "C26")
def test_every_staff_address_sends_a_stranger_to_the_door(maria: Plan) -> None:
    stranger, addresses = FormClient(), admin_addresses()
    assert len(addresses) > 50
    for address in addresses:
        response = stranger.get(address)
        assert response.status_code in {302, 404, 405}, address
        if response.status_code == 302:
            assert "/admin/" in response.headers["Location"], address


@pytest.mark.row("T1", "T2")
def test_no_patient_address_holds_a_number() -> None:
    routes = [route for route, _ in patterns() if not route.startswith("admin/")]
    assert [route for route in routes if "<int:" in route or "<uuid:" in route] == []


@pytest.mark.row("C20", "C21", "C42", "T13", "C17")
def test_every_answer_names_its_type_and_lets_no_other_site_read_it(db: None) -> None:
    client = FormClient()
    for address in patient_addresses():
        response = client.get(address, headers={"origin": "https://evil.example"})
        assert not [name for name in response.headers if name.startswith("Access-Control")], address
        kind = response.headers["Content-Type"]
        assert "charset=utf-8" in kind or kind.startswith("image/"), (address, kind)
        assert response.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.row("C40")
@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_methods_that_no_page_uses_are_refused(method: str, db: None) -> None:
    for address in ("/", "/plan/", "/result/", "/i/"):
        assert FormClient().generic(method, address).status_code in {302, 303, 405}, address


@pytest.mark.row("C40")
@pytest.mark.parametrize(
    "address", ["/.git/config", "/data/chiro.sqlite3", "/static/", "/.env", "/setup", "/__debug__/"]
)
def test_nothing_of_the_installation_is_served(address: str, db: None) -> None:
    assert FormClient().get(address).status_code == 404


@pytest.mark.row("T9", "C22")
@override_settings(PUBLIC_BASE_URL="https://clinic.example")
def test_links_in_mail_come_from_the_settings_whatever_the_request_says(
    db: None, client_as: Any
) -> None:
    by = client_as("front_desk")
    for header in ("X-Forwarded-Host", "Forwarded", "X-Original-URL"):
        by.get("/admin/", headers={header: "evil.example"})
    assert settings.USE_X_FORWARDED_HOST is False
    user = User.objects.get(username="front_desk")
    invitations.issue(by=user, email="somebody@clinic.example")
    body = OutboxMessage.objects.get().body
    assert "https://clinic.example/i/" in body
    assert "evil.example" not in body


FINDABLE = {"/", "/accessibility/", "/privacy/"}


@pytest.mark.row("T11")
def test_a_search_engine_may_list_only_what_an_address_alone_opens_and_tells_of_nobody(
    maria: Plan, client: FormClient
) -> None:
    secret = links.issue(screening=maria.screening, by=User.objects.get())
    asked = [
        *patient_addresses(),
        *admin_addresses(),
        "/admin/login/",
        f"/p/{secret}/",
        "/nowhere/",
    ]
    said = {path: client.get(path).headers["X-Robots-Tag"] for path in asked}
    assert {path for path, words in said.items() if words != "noindex, nofollow"} == FINDABLE
    rules = client.get("/robots.txt").content.decode()
    for path in ("/p/", "/i/", "/admin/", "/kiosk/", "/resume/"):
        assert f"Disallow: {path}\n" in rules
    for path in FINDABLE:
        assert path not in rules.replace("Disallow: ", "").split()


@pytest.mark.row("T36")
@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_signing_in_leads_to_no_other_site(target: str, staff: Any, client: FormClient) -> None:
    staff("owner")
    response = client.post(f"/admin/login/?next={target}", {"login": "owner", "password": "owner"})
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/admin/")
