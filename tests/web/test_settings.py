"""The settings of an installation: headers, cookies, database, key, and a public site."""

import os
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from chiro import secret_key, sqlite_modes
from chiro.practice.checks import unsafe_sqlite
from chiro.practice.models import Practice
from tests.conftest import ROOT, FormClient

PUBLIC = {
    "PUBLIC_BASE_URL": "https://clinic.example",
    "MAIL_HOST": "mail.clinic.example",
    "TRUSTED_PROXIES": "1",
}
ON_EVERY_RESPONSE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}
RESPONSES = {
    "a page": ("GET", "/admin/login/", {}, 200),
    "a redirect": ("GET", "/admin/", {}, 302),
    "a bad request": ("GET", "/?a=%00", {}, 400),
    "a foreign host": ("GET", "/", {"host": "evil.test"}, 400),
    "a missing page": ("GET", "/nowhere/", {}, 404),
    "a file": ("POST", "/", {"content-type": "multipart/form-data; boundary=x"}, 415),
    "health": ("GET", "/health/live", {}, 200),
    "robots": ("GET", "/robots.txt", {}, 200),
    "method not allowed": ("POST", "/health/live", {}, 405),
}


def python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run code in a process of its own, with only this environment on top of the path."""
    base = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "chiro.settings"}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=base | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def read_setting(name: str, data: Path, **environment: str) -> str:
    """Return a setting as a fresh process sees it."""
    code = f"from django.conf import settings; print(settings.{name})"
    return python(code, DATA_DIR=str(data), **environment).stdout.strip()


# --- Responses -------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("kind", RESPONSES)
def test_every_kind_of_response_is_private_and_locked_down(kind: str) -> None:
    method, path, headers, status = RESPONSES[kind]
    body = b"x" if method == "POST" else b""
    content_type = headers.get("content-type", "application/x-www-form-urlencoded")
    response = FormClient().generic(method, path, body, content_type=content_type, headers=headers)
    assert response.status_code == status
    for name, value in ON_EVERY_RESPONSE.items():
        assert response.headers[name] == value
    assert set(response.headers["Content-Security-Policy"].split("; ")) == POLICY
    assert "no-store" in response.headers["Cache-Control"]
    assert "private" in response.headers["Cache-Control"]
    assert "public" not in response.headers["Cache-Control"]


@pytest.mark.django_db
def test_fault_of_ours_has_its_page_and_headers(
    client: FormClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise ValueError("CANARY-PHI-7f3")

    client.raise_request_exception = False
    monkeypatch.setattr(Practice.objects, "exists", fail)
    response = client.get("/health/ready")
    assert response.status_code == 500
    assert "Something went wrong on our side" in response.content.decode()
    assert "CANARY-PHI-7f3" not in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    assert set(response.headers["Content-Security-Policy"].split("; ")) == POLICY


def test_stylesheets_may_be_cached(client: FormClient) -> None:
    response = client.get("/static/admin/css/base.css")
    assert response.status_code == 200
    assert "no-store" not in response.headers["Cache-Control"]


@pytest.mark.django_db
def test_cookies_are_out_of_reach_of_scripts_and_other_sites(client: FormClient) -> None:
    cookie = client.get("/admin/login/").cookies[settings.CSRF_COOKIE_NAME]
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"


# --- A public site ---------------------------------------------------------------------------


def test_deployment_check_is_silent(tmp_path: Path) -> None:
    run = python(
        "from django.core.management import execute_from_command_line as run;"
        "run(['manage.py', 'check', '--deploy', '--fail-level', 'INFO'])",
        DATA_DIR=str(tmp_path),
        **PUBLIC,
    )
    assert run.returncode == 0, run.stderr
    assert "no issues (0 silenced)" in run.stdout


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SESSION_COOKIE_NAME", "__Host-session"),
        ("CSRF_COOKIE_NAME", "__Host-csrf"),
        ("SESSION_COOKIE_SECURE", "True"),
        ("SECURE_SSL_REDIRECT", "True"),
        ("SECURE_HSTS_SECONDS", "31536000"),
        ("ALLOWED_HOSTS", "['clinic.example']"),
        ("DEBUG", "False"),
    ],
)
def test_https_address_switches_on_what_a_public_site_needs(
    name: str, value: str, tmp_path: Path
) -> None:
    assert read_setting(name, tmp_path, **PUBLIC) == value


def test_plain_address_works_on_this_computer_without_encryption(tmp_path: Path) -> None:
    assert read_setting("SECURE_SSL_REDIRECT", tmp_path) == "False"
    assert read_setting("SESSION_COOKIE_NAME", tmp_path) == "session"
    assert "127.0.0.1" in read_setting("ALLOWED_HOSTS", tmp_path)


def test_debug_on_a_public_address_refuses_to_start(tmp_path: Path) -> None:
    run = python(
        "import django; django.setup();"
        "from django.core.management import call_command; call_command('check')",
        DATA_DIR=str(tmp_path),
        DEBUG="1",
        **PUBLIC,
    )
    assert run.returncode != 0
    assert "practice.E001" in run.stderr


def test_forwarded_headers_count_only_behind_a_named_proxy(tmp_path: Path) -> None:
    assert read_setting("SECURE_PROXY_SSL_HEADER", tmp_path) == "None"
    assert "FORWARDED" in read_setting("SECURE_PROXY_SSL_HEADER", tmp_path, TRUSTED_PROXIES="1")


def test_no_mail_goes_out_unencrypted(tmp_path: Path) -> None:
    assert "'use_ssl': True" in read_setting("MAILERS", tmp_path, **PUBLIC)
    assert read_setting("MAILERS", tmp_path, PUBLIC_BASE_URL="https://clinic.example") == "{}"


# --- SQLite ----------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL is in use")
def test_pragmas_are_really_in_force() -> None:
    with connection.cursor() as cursor:
        journal = cursor.execute("PRAGMA journal_mode").fetchone()[0]
        synchronous = cursor.execute("PRAGMA synchronous").fetchone()[0]
        mapped = cursor.execute("PRAGMA mmap_size").fetchone()[0]
        foreign_keys = cursor.execute("PRAGMA foreign_keys").fetchone()[0]
    full, extra = 2, 3
    safe_log = sqlite_modes.wal_is_safe(sqlite3.sqlite_version_info[:3])
    assert (journal, synchronous) == (("wal", full) if safe_log else ("delete", extra))
    assert mapped == 0
    assert foreign_keys == 1


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 52, 0), True),
        ((4, 0, 0), True),
    ],
)
def test_write_ahead_log_only_where_its_fault_is_repaired(
    version: sqlite_modes.Version, safe: bool
) -> None:
    assert sqlite_modes.wal_is_safe(version) is safe
    assert ("WAL" in sqlite_modes.pragmas(version)) is safe
    assert unsafe_sqlite(sqlite_modes.options(version), version) == []


@pytest.mark.parametrize(
    ("command", "error"),
    [
        ("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;", "practice.E002"),
        ("PRAGMA journal_mode=DELETE; PRAGMA synchronous=NORMAL;", "practice.E003"),
        ("PRAGMA synchronous=EXTRA; PRAGMA mmap_size=1000000;", "practice.E004"),
    ],
)
def test_unsafe_ways_to_open_sqlite_stop_the_start(command: str, error: str) -> None:
    found = unsafe_sqlite({"init_command": command}, (3, 40, 1))
    assert [message.id for message in found] == [error]


# --- The signing key -------------------------------------------------------------------------


def test_first_starts_at_the_same_moment_agree_on_one_key(tmp_path: Path) -> None:
    path = tmp_path / "data" / "secret_key"
    with ThreadPoolExecutor(max_workers=16) as pool:
        keys = set(pool.map(lambda _: secret_key.read_or_create(path), range(64)))
    assert len(keys) == 1
    assert len(keys.pop()) >= 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [file.name for file in path.parent.iterdir()] == ["secret_key"]


def test_processes_started_together_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(max_workers=8) as pool:
        keys = set(pool.map(lambda _: read_setting("SECRET_KEY", tmp_path / "data"), range(8)))
    assert len(keys) == 1
    assert len(keys.pop()) >= 50


def test_key_of_the_environment_is_used_and_none_is_written(tmp_path: Path) -> None:
    assert read_setting("SECRET_KEY", tmp_path, SECRET_KEY="k" * 60) == "k" * 60
    assert not (tmp_path / "secret_key").exists()
