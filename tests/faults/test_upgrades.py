"""Databases of earlier versions come along: every row is kept, and old records still open."""

import html
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from chiro.practice.backups import archive, restoring, shelf, tables, upgrading
from chiro.practice.models import User
from exercises.models import Plan
from screening.models import PatientWord, Review, Screening
from screening.services import finding, queue
from tests.conftest import ROOT, FormClient
from tests.faults import databases
from tests.faults.databases import opened
from tests.web.reviewing import sent

KEY = secrets.token_bytes(32)
TOKEN = "JNJgwentdknpmAWt39a8Taktc_FYZaIcc3XV8pPaj_8"
"""Of the personal link in the database of version 0.1.0, for an invented patient."""


@dataclass(frozen=True, kw_only=True)
class Upgraded:
    """What became of a database of version 0.1.0: its rows today, and the backup made first."""

    rows: dict[str, list[tables.Row]]
    before: dict[str, tables.Proof]
    backup: Path


@pytest.fixture(scope="module")
def outside(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Let a test reach databases beside the test database, which it leaves alone."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory, outside: None) -> Upgraded:
    """Upgrade the database of version 0.1.0, prove every row, and return what became of it."""
    folder = tmp_path_factory.mktemp("old")
    with opened(databases.new_address(folder)) as alias:
        old = databases.fill_with_old_version(alias)
        before = databases.proofs(alias, old)
        done = upgrading.upgrade(folder=folder / "backups", key=KEY, alias=alias)
        assert databases.proofs(alias, old) == before, "as version 0.1.0 would read them"
        assert done.backup is not None
        assert done.backup.path == shelf.backups(folder / "backups")[0].path
        assert {n: p for n, p in done.backup.manifest.tables.items() if n in before} == before
        again = upgrading.upgrade(folder=folder / "backups", key=KEY, alias=alias)
        assert (again.migrations, again.backup) == (0, None)
        now = tables.tables(tables.applied(alias), alias)
        rows = {
            table.name: list(table.rows(alias))
            for table in now
            if table.name not in restoring.MADE_BY_SET_UP
        }
        return Upgraded(rows=rows, before=before, backup=done.backup.path)


@pytest.fixture
def practice(upgraded: Upgraded, db: None) -> None:
    """The upgraded rows in the test database, worked up as `upgrade` does."""
    found = tables.tables(tables.applied("default"), "default")
    for table in found:
        if rows := upgraded.rows.get(table.name):
            table.write(rows, "default")
    tables.reset_sequences(found, "default")
    queue.refill()
    finding.reindex()


def test_every_row_of_version_0_1_is_kept(upgraded: Upgraded) -> None:
    assert len(upgraded.rows["screening.screening"]) == 9
    assert len(upgraded.rows["exercises.plandocument"]) >= 1


@pytest.mark.usefixtures("practice")
def test_old_screenings_still_open_for_the_chiropractor(client: FormClient) -> None:
    client.force_login(
        User.objects.get(username="chiropractor"),
        backend="chiro.practice.permissions.RoleBackend",
    )
    listed = client.get("/admin/screening/screening/?status=all").content.decode()
    for screening in Screening.objects.select_related("patient"):
        page = client.get(f"/admin/screening/screening/{screening.pk}/change/")
        assert page.status_code == 200, screening.pk
        name = html.escape(screening.patient.full_name)
        assert name in page.content.decode()
        assert name in listed


@pytest.mark.usefixtures("practice")
def test_an_old_link_still_opens_its_plan(client: FormClient) -> None:
    client.get(f"/p/{TOKEN}/")
    born = {"birth_month": "4", "birth_day": "15", "birth_year": "1974"}
    answered = client.post(f"/p/{TOKEN}/", born)
    assert answered.status_code == 303, answered.content.decode()[:2000]
    page = client.get(answered.headers["Location"])
    assert page.status_code == 200
    plan = Plan.objects.filter(status=Plan.Status.APPROVED, screening__plan_links__isnull=False)[0]
    assert plan.content is not None
    for card in plan.content["exercises"]:
        assert html.escape(card["name"]) in page.content.decode()


def test_the_backup_before_the_upgrade_restores_into_this_version(
    upgraded: Upgraded, tmp_path: Path
) -> None:
    head = archive.head_of(upgraded.backup, KEY)
    with opened(databases.new_address(tmp_path)) as alias:
        restoring.restore(upgraded.backup, KEY, ledgers=[], alias=alias)
        call_command("migrate", database=alias, verbosity=0)
        assert databases.proofs(alias, head.migrations) == upgraded.before


def test_an_upgrade_whose_backup_fails_changes_nothing(
    tmp_path: Path, outside: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive, "write", broken)
    with opened(databases.new_address(tmp_path)) as alias:
        old = databases.fill_with_old_version(alias)
        with pytest.raises(Exception, match="No space left"):
            upgrading.upgrade(folder=tmp_path / "backups", key=KEY, alias=alias)
        assert tables.applied(alias) == old


def test_an_upgrade_killed_in_the_middle_is_finished_by_the_next(
    tmp_path: Path, outside: None
) -> None:
    address = databases.new_address(tmp_path)
    with opened(address) as alias:
        old = databases.fill_with_old_version(alias)
        before = databases.proofs(alias, old)
    environment = os.environ | {"DATABASE_URL": address, "DATA_DIR": str(tmp_path / "data")}
    kill_when_migrating(environment)
    with opened(address) as alias:
        assert databases.proofs(alias, old) == before
        assert upgrading.waiting(alias) > 0, "it was killed before the end"
        call_command("migrate", database=alias, verbosity=0)
        assert databases.proofs(alias, old) == before
        assert upgrading.waiting(alias) == 0


KILLED_INSIDE = """
import os, signal
import django
django.setup()
from django.db import connection
from django.core.management import call_command
Editor = connection.SchemaEditorClass
add, done = Editor.add_index, []
def killed(self, *arguments):
    add(self, *arguments)
    done.append(1)
    if len(done) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
Editor.add_index = killed
call_command("migrate", verbosity=0)
"""


def kill_when_migrating(environment: dict[str, str]) -> None:
    """Run the migrations in a process that is killed inside one of them."""
    done = subprocess.run(
        [sys.executable, "-c", KILLED_INSIDE],
        cwd=ROOT,
        env=environment | {"DJANGO_SETTINGS_MODULE": "chiro.settings"},
        check=False,
    )
    assert done.returncode == -signal.SIGKILL


@pytest.mark.django_db
def test_setting_up_makes_no_backup_of_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.BACKUP_KEY_FILE = tmp_path / "backup.key"
    call_command("upgrade", verbosity=0)
    assert not settings.BACKUP_KEY_FILE.exists()


def test_the_scripts_upgrade_and_do_not_only_migrate() -> None:
    assert "manage upgrade" in (ROOT / "script" / "setup").read_text()


@pytest.mark.django_db
def test_what_is_derived_is_made_up_for_when_an_upgrade_was_cut_off_before_it(
    tmp_path: Path,
) -> None:
    screening = sent(name="Maria Alvarez")
    Review.objects.update(submitted_at=None, name_order="")
    PatientWord.objects.all().delete()
    upgrading.upgrade(folder=tmp_path, key=None)
    assert Review.objects.get().submitted_at == screening.submitted_at
    assert Review.objects.get().name_order == "maria alvarez"
    assert list(finding.screenings("alvarez")) == [screening]
