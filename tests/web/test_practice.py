"""Who may do what, what is recorded, how long staff stay signed in, and what a log line holds."""

import json
import logging
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError
from django.test import RequestFactory
from fontTools.ttLib import TTFont

from chiro.practice import audit, fonts, links, permissions, redaction
from chiro.practice.models import AuditEvent, Practice, Role, User
from tests.conftest import FormClient

CANARY = "CANARY-PHI-7f3"
type MakeStaff = Callable[..., User]
type ClientAs = Callable[[str], FormClient]
CLINICAL_ACTS = [
    permissions.CLEAR_SCREENING,
    permissions.EXAMINE,
    permissions.SET_LEVELS,
    permissions.CHANGE_PLAN,
    permissions.APPROVE_PLAN,
    permissions.WITHHOLD_PLAN,
]

# --- Roles -----------------------------------------------------------------------------------


@pytest.mark.parametrize("act", CLINICAL_ACTS)
def test_clinical_acts_belong_to_the_chiropractor_alone(staff: MakeStaff, act: str) -> None:
    allowed = {role for role in Role.values if staff(role).has_perm(act)}
    assert allowed == {Role.CHIROPRACTOR}


@pytest.mark.parametrize("role", Role.values)
def test_everybody_prints_and_nobody_deletes_a_clinical_row(staff: MakeStaff, role: str) -> None:
    user = staff(role)
    assert user.has_perm(permissions.PRINT_PLAN)
    deletes = {perm for perm in user.get_all_permissions() if ".delete_" in perm}
    assert deletes <= {"exercises.delete_planitem"}


def test_front_desk_reads_no_answer_and_no_finding(staff: MakeStaff) -> None:
    user = staff(Role.FRONT_DESK)
    for model in ("screening", "review", "examination", "decision"):
        assert not user.has_perm(f"screening.view_{model}")
    assert not user.has_module_perms("auth")


def test_only_the_owner_reads_the_audit_log_and_changes_staff(staff: MakeStaff) -> None:
    users = {role: staff(role) for role in Role.values}
    for act in ("practice.view_auditevent", "practice.change_user", "practice.change_practice"):
        assert {role for role, user in users.items() if user.has_perm(act)} == {Role.OWNER}


def test_former_staff_and_visitors_may_do_nothing(staff: MakeStaff) -> None:
    former = staff(Role.CHIROPRACTOR, is_active=False)
    assert permissions.of(former) == frozenset()
    assert not former.has_perm(permissions.APPROVE_PLAN)
    assert permissions.of(AnonymousUser()) == frozenset()


def test_no_permission_names_a_table_that_is_not_there() -> None:
    tables = {f"{m._meta.app_label}.{m._meta.model_name}" for m in apps.get_models()}
    tables |= {
        permissions.DASHBOARD.replace("view_", ""),
        permissions.READ_GUIDE.replace("view_", ""),
    }
    for perm in frozenset().union(*permissions.PERMISSIONS.values()):
        app, codename = perm.split(".")
        assert f"{app}.{codename.rsplit('_', 1)[1]}" in tables, perm


def test_owner_runs_the_practice_in_the_admin(client_as: ClientAs) -> None:
    owner = client_as("owner")
    for page in ("practice/practice/add/", "practice/user/", "practice/auditevent/"):
        assert owner.get(f"/admin/{page}").status_code == 200


@pytest.mark.parametrize("role", ["front_desk", "chiropractor"])
def test_others_do_not(client_as: ClientAs, role: str) -> None:
    client = client_as(role)
    for page in ("practice/practice/add/", "practice/user/", "practice/auditevent/"):
        response = client.get(f"/admin/{page}")
        assert response.status_code == 403
        assert "<h1>You cannot do this</h1>" in response.content.decode()


def test_owner_adds_staff_who_may_sign_in(client_as: ClientAs) -> None:
    fields = {
        "username": "sam",
        "role": "chiropractor",
        "usable_password": "true",
        "password1": "correct horse battery",
        "password2": "correct horse battery",
    }
    assert client_as("owner").post("/admin/practice/user/add/", fields).status_code == 302
    sam = User.objects.get(username="sam")
    assert sam.is_staff
    assert sam.has_perm(permissions.APPROVE_PLAN)
    assert AuditEvent.objects.filter(event="staff added", object_id=str(sam.pk)).count() == 1


def test_short_password_is_refused(client_as: ClientAs) -> None:
    fields = {"username": "sam", "role": "owner", "usable_password": "true"}
    fields |= {"password1": "short-pass-14c", "password2": "short-pass-14c"}
    response = client_as("owner").post("/admin/practice/user/add/", fields)
    assert "at least 15 characters" in response.content.decode()
    assert not User.objects.filter(username="sam").exists()


def test_staff_cannot_give_themselves_more_than_a_role(client_as: ClientAs) -> None:
    owner = client_as("owner")
    user = User.objects.get(username="owner")
    fields = {"username": "owner", "role": "owner", "is_active": "on", "is_superuser": "on"}
    assert owner.post(f"/admin/practice/user/{user.pk}/change/", fields).status_code == 302
    user.refresh_from_db()
    assert not user.is_superuser


def test_nobody_touches_the_audit_log(client_as: ClientAs) -> None:
    owner = client_as("owner")
    event = audit.record("plan printed")
    for act in ("change", "delete"):
        page = owner.post(f"/admin/practice/auditevent/{event.pk}/{act}/", {"event": "nothing"})
        assert page.status_code == 403
    event.refresh_from_db()
    assert event.event == "plan printed"
    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        event.delete()


# --- Audit -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_event_says_who_what_and_from_where(staff: MakeStaff, rf: RequestFactory) -> None:
    owner = staff("owner")
    practice = Practice.objects.create(pk=1)
    request = rf.get("/", REMOTE_ADDR="192.0.2.7")
    event = audit.record("practice changed", actor=owner, patient=5, obj=practice, request=request)
    assert (event.actor, event.actor_label) == (owner, "staff")
    assert (event.object_type, event.object_id) == ("practice.practice", "1")
    assert (event.patient_id, event.ip) == (5, "192.0.2.7")


@pytest.mark.django_db
def test_without_an_account_it_was_the_patient_or_the_system(rf: RequestFactory) -> None:
    assert audit.record("draft removed").actor_label == "system"
    with audit.bind(rf.get("/", REMOTE_ADDR="192.0.2.7")):
        event = audit.record("screening sent", actor=AnonymousUser())
    assert (event.actor, event.actor_label, event.ip) == (None, "patient", "192.0.2.7")
    assert audit.record("draft removed").ip is None


def test_failed_sign_in_keeps_no_typed_name(client: FormClient, db: None) -> None:
    client.post("/admin/login/", {"login": CANARY, "password": CANARY})
    event = AuditEvent.objects.get()
    assert (event.event, event.actor_label) == ("sign-in failed", "visitor")
    assert CANARY not in str(vars(event))


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9", "198.51.100.1"),
        (1, "", "192.0.2.1"),
        (1, "not an address", None),
        (1, "2001:DB8::1", "2001:db8::1"),
    ],
)
def test_visitors_cannot_choose_their_address(
    rf: RequestFactory,
    monkeypatch: pytest.MonkeyPatch,
    proxies: int,
    forwarded: str,
    address: str | None,
) -> None:
    monkeypatch.setattr(settings, "TRUSTED_PROXIES", proxies)
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = rf.get("/", REMOTE_ADDR="192.0.2.1", headers=headers)
    assert audit.client_ip(request) == address


# --- Time limits of staff ---------------------------------------------------------------------


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let time pass for the session limits: `clock(minutes)`."""
    now = [1_800_000_000.0]
    monkeypatch.setattr("chiro.practice.middleware.time.time", lambda: now[0])

    def advance(minutes: float) -> None:
        now[0] += minutes * 60

    return advance


def test_idle_staff_must_sign_in_again(client_as: ClientAs, clock: Callable[[float], None]) -> None:
    owner = client_as("owner")
    assert owner.get("/admin/").status_code == 200
    clock(14.9)
    assert owner.get("/admin/").status_code == 200
    clock(14.9)
    assert owner.get("/admin/").status_code == 200
    clock(15.1)
    response = owner.get("/admin/")
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/admin/login/")


def test_busy_staff_must_sign_in_again_after_twelve_hours(
    client_as: ClientAs, clock: Callable[[float], None]
) -> None:
    owner = client_as("owner")
    for _ in range(72):
        assert owner.get("/admin/").status_code == 200
        clock(10.01)
    assert owner.get("/admin/").status_code == 302


# --- Links -----------------------------------------------------------------------------------


def test_tokens_are_long_random_and_fit_an_address() -> None:
    tokens = {links.new_token() for _ in range(10_000)}
    assert len(tokens) == 10_000
    assert all(re.fullmatch(r"[\w-]{43}", token, re.ASCII) for token in tokens)


def test_digest_hides_the_token_and_knows_its_purpose() -> None:
    token = links.new_token()
    digests = {links.digest(token, purpose) for purpose in links.Purpose}
    assert len(digests) == len(links.Purpose)
    assert links.digest(token) == links.digest(token, links.Purpose.PLAN)
    assert all(len(digest) == links.DIGEST_LENGTH and token not in digest for digest in digests)


# --- Logs ------------------------------------------------------------------------------------


def line(message: str, *arguments: object, **extra: object) -> dict[str, object]:
    """Format one record as the site does and read it back."""
    record = logging.makeLogRecord(
        {"name": "chiro", "levelno": logging.INFO, "levelname": "INFO"}
        | {"msg": message, "args": arguments}
        | extra
    )
    written = redaction.EventFormatter().format(record)
    assert "\n" not in written
    told: dict[str, object] = json.loads(written)
    return told


def test_line_break_in_a_value_forges_no_second_line() -> None:
    assert line("saved %s", "x\r\n{fake}")["event"] == "saved x\r\n{fake}"


def test_tokens_and_queries_are_masked() -> None:
    token = links.new_token()
    assert line("opened /p/%s/?a=b", token)["event"] == "opened /p/***/"
    assert line("opened", fields={"path": f"/p/{token}/", "plan": 12}) | {"time": ""} == {
        "time": "",
        "level": "info",
        "logger": "chiro",
        "event": "opened",
        "path": "/p/***/",
        "plan": 12,
    }


def test_exception_tells_its_class_and_places_not_its_message() -> None:
    try:
        int(CANARY)
    except ValueError:
        told = line("failed", exc_info=sys.exc_info())
    assert told["exception"] == "ValueError"
    assert "test_practice.py" in str(told["at"])
    assert CANARY not in str(told)


def test_fault_report_holds_no_form_no_cookie_and_no_variable(rf: RequestFactory) -> None:
    request = rf.post("/", {"rf_bladder": CANARY})
    request.COOKIES["session"] = CANARY
    hidden = redaction.HideRequestData()
    assert hidden.is_active(request)
    assert not hidden.get_post_parameters(request)
    assert not hidden.get_safe_cookies(request)
    assert not hidden.get_traceback_frame_variables(request, None)


@pytest.mark.django_db
def test_no_handler_mails_a_fault() -> None:
    assert settings.ADMINS == []
    handlers = [
        handler
        for name in ("", "django", "django.request", "django.security")
        for handler in logging.getLogger(name).handlers
    ]
    assert not [handler for handler in handlers if "Email" in type(handler).__name__]


# --- When the database is away -----------------------------------------------------------------


@pytest.mark.django_db
def test_locked_database_says_that_this_page_is_not_saved(
    client: FormClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def locked(*arguments: object, **fields: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("django.contrib.auth.backends.ModelBackend.authenticate", locked)
    response = client.post("/admin/login/", {"login": "a", "password": "b"})
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "30"
    assert "<h1>This page is not saved yet</h1>" in response.content.decode()
    assert "database unavailable" in caplog.text


@pytest.mark.django_db
def test_health_says_when_the_database_is_away(
    client: FormClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/health/ready").status_code == 200

    def away() -> bool:
        raise OperationalError

    monkeypatch.setattr(Practice.objects, "exists", away)
    assert client.get("/health/ready").status_code == 503
    assert client.get("/health/live").status_code == 200


# --- Fonts -----------------------------------------------------------------------------------


def test_fonts_are_cut_once_and_hold_the_printed_signs(tmp_path: Path) -> None:
    assert fonts.make(tmp_path)
    assert not fonts.make(tmp_path)
    for weight, style in fonts.STYLES.items():
        font = TTFont(tmp_path / f"public-sans-{weight}.ttf")
        assert font["name"].getBestFamilyName() == "Public Sans"
        assert font["name"].getBestSubFamilyName() == style
        assert font["OS/2"].usWeightClass == weight
        assert set(map(ord, "0123456789½×≤≥–—’“”éñü¿¡" + fonts.SIGNS)) <= set(font.getBestCmap())
        assert (tmp_path / f"public-sans-{weight}.woff2").stat().st_size < 20_000
