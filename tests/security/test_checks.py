"""`manage.py check --deploy` warns of what a practice forgot, with what to do."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from chiro.practice import checks

ELSEWHERE = {"HOST": "db.clinic.example", "ENGINE": "django.db.backends.postgresql"}


@pytest.mark.row("C38")
@pytest.mark.parametrize(
    ("database", "warns"),
    [
        (ELSEWHERE, True),
        (ELSEWHERE | {"OPTIONS": {"sslmode": "require"}}, True),
        (ELSEWHERE | {"OPTIONS": {"sslmode": "verify-full"}}, False),
        (ELSEWHERE | {"HOST": "127.0.0.1"}, False),
        (ELSEWHERE | {"HOST": "/run/postgresql"}, False),
        ({"ENGINE": "django.db.backends.sqlite3"}, False),
    ],
)
def test_a_database_elsewhere_must_be_verified(
    database: dict[str, Any], warns: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks.settings, "DATABASES", {"default": database})
    found = checks.database_connection_is_verified()
    assert [message.id for message in found] == ["practice.W008"] * warns
    assert all(message.hint for message in found)


@pytest.mark.row("T39", "C22")
@pytest.mark.parametrize(("proxies", "warns"), [(0, True), (1, False)])
def test_a_public_site_names_its_proxies(proxies: int, warns: bool, settings: Any) -> None:
    settings.HTTPS, settings.TRUSTED_PROXIES = True, proxies
    assert bool(checks.visitors_can_be_told_apart()) is warns


@pytest.mark.row("C25")
@pytest.mark.parametrize("asked", [True, False])
def test_a_site_without_a_second_step_is_warned_of(asked: bool, settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = asked
    assert bool(checks.staff_have_a_second_step()) is not asked


@pytest.mark.row("T24")
def test_a_key_beside_the_backups_is_warned_of(settings: Any, tmp_path: Path) -> None:
    settings.BACKUP_DIR, settings.DATA_DIR = tmp_path / "backups", tmp_path / "data"
    settings.BACKUP_KEY_FILE = tmp_path / "backups" / "key"
    assert checks.backups_and_their_key_lie_apart()
    settings.BACKUP_KEY_FILE = tmp_path / "elsewhere" / "key"
    assert not checks.backups_and_their_key_lie_apart()


@pytest.mark.django_db
def test_a_postgresql_that_does_not_wait_for_the_disk_is_warned_of() -> None:
    if connection.vendor == "sqlite":
        assert checks.postgresql_waits_for_the_disk(databases=["default"]) == []
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('fsync'), current_setting('synchronous_commit')")
        fsync, commit = cursor.fetchone()
    assert commit == "on", "the site switches it on, whatever the server's default is"
    found = checks.postgresql_waits_for_the_disk(databases=["default"])
    assert any("fsync" in message.msg for message in found) == (fsync == "off")
