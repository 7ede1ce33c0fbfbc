"""Every address of the staff, every role, reading and writing, as `tests/golden/access.toml` says.

The addresses come from the URL resolver: one without a row fails, and so does a row without an
address. `get` and `post` name the roles that get an answer; everybody else is refused, and nobody
gets in without signing in. `trace` is the audit event that reading leaves.
"""

import hashlib
import io
import re
import time
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pikepdf
import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from chiro.practice.models import AuditEvent, Practice, User
from exercises import handout, rendering
from exercises.models import (
    DiaryEntry,
    LibraryOverlay,
    Plan,
    PlanLink,
    PlanTemplate,
    PracticeExercise,
)
from screening import rulesets
from screening.models import Alert, Draft, RuleSetVersion, Screening
from screening.services import invitations
from screening.services import kiosk as kiosks
from tests.conftest import ROOT, FormClient
from tests.web.reviewing import sent

pytestmark = pytest.mark.django_db
type ClientAs = Callable[[str], FormClient]
type MakeStaff = Callable[..., User]

ROLES = ("front_desk", "chiropractor", "owner")
ABSENT = {404, 405}
OPEN_DOORS = {
    "admin/login/",
    "admin/logout/",
    "admin/set-up/",
    "admin/account/second-factor/authenticate/",
    "admin/(?P<url>.*)$",
}
"""What answers a visitor who has not signed in: with the door itself, or not at all."""


@cache
def table() -> dict[str, dict[str, Any]]:
    """The expected access, by route."""
    with (ROOT / "tests" / "golden" / "access.toml").open("rb") as file:
        return tomllib.load(file)


def routes(patterns: Any = None, prefix: str = "") -> Iterator[str]:
    """Every route of the site."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            assert isinstance(pattern, URLPattern)
            yield route


def staff_routes() -> list[str]:
    """The routes under the admin, each once; that of an app's list by a name of its own."""
    found = (re.sub(r"\^\(\?P<app_label.*", "app_list", route) for route in routes())
    return sorted({route for route in found if route.startswith("admin/")})


@dataclass(frozen=True, kw_only=True)
class Rows:
    """One of everything, in the states that the addresses need."""

    screening: Screening
    waiting: Screening
    stopped: Draft
    plan: Plan
    member: User
    invitation: Any
    kiosk: Any
    alert: Alert
    link: PlanLink
    rules: RuleSetVersion
    day: DiaryEntry
    overlay: LibraryOverlay
    own: PracticeExercise
    template: PlanTemplate


@pytest.fixture
def rows(staff: MakeStaff) -> Rows:
    """An approved plan, a record that waits for clearance, a stopped questionnaire, an alert."""
    doctor = staff("chiropractor", "doctor", last_name="Park")
    Practice.objects.create(pk=1, name="Harbor Street Chiropractic")
    screening = sent()
    plan = screening.plans.get()
    plan.status, plan.approved_by, plan.approved_at = Plan.Status.APPROVED, doctor, timezone.now()
    plan.content = handout.compose(
        plan, clinician=doctor, practice=Practice.current(), on=timezone.localdate()
    )
    plan.save()
    for paper in ("letter", "a4"):
        pdf = f"%PDF of {paper}".encode()
        plan.documents.create(paper=paper, pdf=pdf, sha256=hashlib.sha256(pdf).hexdigest())
    now = timezone.now()
    staff("owner", "the-owner")
    return Rows(
        screening=screening,
        waiting=sent("clinician_first", name="Priya Nair"),
        stopped=Draft.objects.create(
            submission_key="stopped", stopped_at=now, stopped_tier="emergency"
        ),
        plan=plan,
        member=staff("front_desk", "member"),
        invitation=invitations.issue(by=doctor).invitation,
        kiosk=kiosks.set_up(name="Tablet", by=doctor)[0],
        alert=Alert.objects.create(screening=screening, tier="same_day", raised_at=now),
        link=PlanLink.objects.create(
            patient=screening.patient,
            screening=screening,
            digest="d" * 64,
            created_by=doctor,
            expires_at=now,
        ),
        rules=published(doctor),
        day=DiaryEntry.objects.create(
            plan=plan, day=now.date(), revision=1, source=DiaryEntry.Source.PATIENT, key="day"
        ),
        overlay=LibraryOverlay.objects.create(slug="clamshell", field="steps", changed_by=doctor),
        own=PracticeExercise.objects.create(
            title="Wall sit", position="standing", reviewed_on=now.date(), changed_by=doctor
        ),
        template=PlanTemplate.objects.create(name="First weeks", changed_by=doctor),
    )


def published(by: User) -> RuleSetVersion:
    """The shipped rules, published once more as version 2."""
    numbers = tomllib.loads((rulesets.FOLDER / "1.toml").read_text())
    return RuleSetVersion.objects.create(
        number=2,
        content=numbers | {"version": "2"},
        based_on=1,
        changes={},
        proof={},
        reason="The same",
        published_by=by,
    )


@pytest.fixture(autouse=True)
def _papers_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test here reads a paper."""
    blank = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(blank)
    monkeypatch.setattr(rendering, "sheet", lambda *args, **fields: blank.getvalue())


def numbers(rows: Rows) -> dict[str, object]:
    """Beginning of a route -> the number of the row that its first parameter names."""
    return {
        "admin/paper/": rows.screening.pk,
        "admin/screening/screening/stopped/": rows.stopped.pk,
        "admin/screening/screening/reported/": rows.alert.pk,
        "admin/screening/screening/<int:pk>/clear/": rows.waiting.pk,
        "admin/screening/screening/<int:pk>/withhold/": rows.waiting.pk,
        "admin/screening/screening/": rows.screening.pk,
        "admin/screening/patient/": rows.screening.patient_id,
        "admin/screening/invitation/": rows.invitation.pk,
        "admin/screening/kiosk/": rows.kiosk.pk,
        "admin/screening/rulesetversion/": rows.rules.pk,
        "admin/exercises/plandocument/<int:plan_pk>": rows.plan.pk,
        "admin/exercises/plandocument/": rows.plan.documents.all()[0].pk,
        "admin/exercises/planlink/": rows.link.pk,
        "admin/exercises/diaryentry/patient/": rows.screening.patient_id,
        "admin/exercises/diaryentry/plan/": rows.plan.pk,
        "admin/exercises/diaryentry/": rows.day.pk,
        "admin/exercises/libraryoverlay/": rows.overlay.pk,
        "admin/exercises/practiceexercise/": rows.own.pk,
        "admin/exercises/plantemplate/": rows.template.pk,
        "admin/practice/auditevent/patient/": rows.screening.patient_id,
        "admin/practice/auditevent/": AuditEvent.objects.order_by("pk")[0].pk,
        "admin/practice/user/": rows.member.pk,
    }


def address(route: str, rows: Rows) -> str:
    """A route with the rows of this test in it."""
    known = (number for start, number in numbers(rows).items() if route.startswith(start))
    first = str(next(known, 1))
    words = {
        "slug:paper": "letter",
        "slug:edition": "standard",
        "slug:slug": "clamshell",
        "slug:colour": "1f5c52",
        "path:content_type_id": content_type(),
    }
    route = route.replace("app_list", "screening/").replace("(?P<url>.*)$", "none/")
    return "/" + re.sub(r"<(.+?)>", lambda found: words.get(found[1], first), route)


def content_type() -> str:
    return str(ContentType.objects.get_for_model(Screening).pk)


def sign_in(client_as: ClientAs, role: str) -> FormClient:
    """A member of staff who gave the password again a moment ago."""
    client = client_as(role)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
    return client


def answer(client: FormClient, verb: str, place: str) -> Any:
    """Ask, and undo whatever the request did, also to the cookies."""
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    with transaction.atomic():
        events = set(AuditEvent.objects.values_list("pk", flat=True))
        response = getattr(client, verb)(place)
        response.left = list(
            AuditEvent.objects.exclude(pk__in=events).values_list("event", flat=True)
        )
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.load(cookies)
    return response


def gets_in(response: Any) -> bool:
    """Whether the request was answered: not refused, not absent, not sent to the door."""
    if response.status_code in {302, 303}:
        return not response.headers["Location"].startswith(("/admin/login/", "/admin/account/conf"))
    return response.status_code not in {403, *ABSENT}


def test_every_address_of_the_staff_has_its_row() -> None:
    missing = set(staff_routes()) - set(table())
    assert not missing, "place these in tests/golden/access.toml first"
    assert not set(table()) - set(staff_routes()), "these rows have no address any more"


def test_everything_outside_the_admin_is_for_patients_or_public() -> None:
    """No page of the staff hides among the addresses of patients."""
    public = {route.split("/")[0] for route in routes() if not route.startswith("admin/")}
    assert public == {
        "", "accessibility", "check", "exercise-picture", "first-exercises", "i", "kiosk",
        "language", "look", "p", "plan", "privacy", "result", "resume", "robots.txt", "saved",
    }  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_who_gets_in_where(rows: Rows, client_as: ClientAs, role: str) -> None:
    client = sign_in(client_as, role)
    wrong = []
    for route in staff_routes():
        expected = table()[route]
        for verb in ("get", "post"):
            response = answer(client, verb, address(route, rows))
            if gets_in(response) != (role in expected.get(verb, ())):
                wrong.append((route, verb, response.status_code, response.headers.get("Location")))
            trace = expected.get("trace")
            if verb == "get" and trace and role in expected["get"] and trace not in response.left:
                wrong.append((route, "leaves no trace", trace, response.left))
    assert not wrong


def test_nobody_gets_in_without_signing_in(rows: Rows) -> None:
    for route in staff_routes():
        if route in OPEN_DOORS:
            continue
        for verb in ("get", "post"):
            response = answer(FormClient(), verb, address(route, rows))
            assert not gets_in(response), (route, verb, response.status_code)


CLINICAL = ("screening/screening", "paper/<int:pk>", "rulesetversion", "guide", "auditevent")

NOT_CLINICAL = ("/link/", "/send-link/", "<path:object_id>/")
"""Handing out a link to an approved plan; the redirect of a row's number to its page."""


def test_front_desk_has_no_address_of_clinical_notes() -> None:
    """Whatever else the table says, it never opens these to the front desk."""
    for route, expected in table().items():
        if any(part in route for part in CLINICAL) and not route.endswith(NOT_CLINICAL):
            assert "front_desk" not in [*expected.get("get", ()), *expected.get("post", ())], route


OF_PATIENT = r"(screening/(screening|patient)|plandocument|paper|stopped)/.*<"


def test_every_page_of_one_patient_leaves_a_trace() -> None:
    """A readable address with a patient, screening or plan in it has its audit event."""
    for route, expected in table().items():
        of_patient = re.search(
            r"(screening/(screening|patient)|plandocument|paper|stopped)/.*<", route
        )
        if of_patient and expected.get("get") and not expected.get("untraced"):
            assert expected.get("trace"), route
