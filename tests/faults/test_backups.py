"""Backups that can be trusted: what is restored is what was there, or nothing is restored."""

import json
import os
import secrets
import sqlite3
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, connections, models

from chiro.practice import append_only, audit, revocations
from chiro.practice.backups import (
    BackupError,
    archive,
    copying,
    keys,
    making,
    restoring,
    sealed,
    shelf,
    snapshots,
    tables,
)
from chiro.practice.models import TakenAway, User
from tests.faults import databases
from tests.faults.databases import opened

KEY = secrets.token_bytes(32)
type Site = tuple[str, Path, dict[str, tables.Proof]]


@pytest.fixture(scope="module")
def outside(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Let a test reach databases beside the test database, which it leaves alone."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, outside: None) -> Site:
    """The database of a practice with every kind of row, its newest backup, and its proofs."""
    folder = tmp_path_factory.mktemp("practice")
    address = databases.new_address(folder)
    with opened(address) as alias:
        databases.fill_with_old_version(alias)
        call_command("migrate", database=alias, verbosity=0)
        databases.add_check_in(alias)
        made = making.make(folder=folder / "backups", key=KEY, alias=alias)
        return address, made.path, databases.proofs(alias, tables.applied(alias))


@pytest.fixture
def empty(tmp_path: Path, outside: None) -> Iterator[str]:
    """A database without tables, known as `target`."""
    with opened(databases.new_address(tmp_path), "target") as alias:
        yield alias


def restored_proofs(alias: str) -> dict[str, tables.Proof]:
    return databases.proofs(alias, tables.applied(alias))


def test_what_is_restored_is_what_was_there(site: Site, empty: str) -> None:
    _, backup, before = site
    done = restoring.restore(backup, KEY, ledgers=[], alias=empty)
    assert restored_proofs(empty) == before
    assert done.manifest.tables["screening.screening"].rows == 9
    assert "database" in done.manifest.head.versions


def test_new_rows_are_numbered_after_the_restored_ones(site: Site, empty: str) -> None:
    restoring.restore(site[1], KEY, ledgers=[], alias=empty)
    newest = User.objects.using(empty).order_by("-pk")[0].pk
    assert User.objects.db_manager(empty).create_user("new").pk > newest


def test_restoring_signs_everybody_out(site: Site, tmp_path: Path, empty: str) -> None:
    address, _, _ = site
    with opened(address) as alias:
        sessions = "INSERT INTO django_session VALUES ('k', 'd', '2999-01-01')"
        connections[alias].cursor().execute(sessions)
        made = making.make(folder=tmp_path / "backups", key=KEY, alias=alias)
        connections[alias].cursor().execute("DELETE FROM django_session")
    assert made.manifest.tables["sessions.session"].rows == 1
    restoring.restore(made.path, KEY, ledgers=[], alias=empty)
    assert restored_proofs(empty)["sessions.session"].rows == 0


def test_nothing_is_restored_over_rows(site: Site) -> None:
    address, backup, before = site
    with opened(address) as alias:
        with pytest.raises(BackupError, match="not empty"):
            restoring.restore(backup, KEY, ledgers=[], alias=alias)
        assert restored_proofs(alias) == before


def flip(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "a bit of the head": lambda data: flip(data, 20),
    "a bit in the middle": lambda data: flip(data, len(data) // 2),
    "the last bit": lambda data: flip(data, len(data) - 1),
    "its last byte cut off": lambda data: data[:-1],
    "cut in half": lambda data: data[: len(data) // 2],
    "nothing in it": lambda data: b"",
    "something added": lambda data: data + b"x",
    "not a backup": lambda data: b"SQLite format 3\0" + data,
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_backup_is_refused(site: Site, tmp_path: Path, damage: str) -> None:
    damaged = tmp_path / "damaged.backup"
    damaged.write_bytes(DAMAGE[damage](site[1].read_bytes()))
    with pytest.raises(BackupError):
        archive.verify(damaged, KEY)


def test_a_backup_of_the_first_format_is_still_read(site: Site, tmp_path: Path) -> None:
    """Format 1 had papers and pictures in the lines, in base64, and one stream for all."""
    old = tmp_path / "old.backup"
    with old.open("wb") as file, site[1].open("rb") as new:
        packer, sealer = zlib.compressobj(6), sealed.Sealer(file, KEY)
        for line in archive._lines(new, KEY):
            if "format" in line:
                line["format"] = 1
            text = json.dumps(line, default=lambda content: b64encode(content).decode())
            sealer.write(packer.compress(f"{text}\n".encode()))
        sealer.write(packer.flush())
        sealer.close()
    assert archive.verify(old, KEY).tables == archive.verify(site[1], KEY).tables


class TableOfFiles(tables.Table):
    """A table of which only its rows matter."""

    name, columns, has_files = "files", ["id", "file"], True

    def __init__(self, files: list[bytes]) -> None:
        self.files = files

    def rows(self, alias: str) -> Iterator[tables.Row]:
        for number, file in enumerate(self.files):
            yield [number, {"b": file}]


def test_files_come_back_byte_by_byte(tmp_path: Path) -> None:
    files = [b"", b'\n{"', secrets.token_bytes(3 * sealed.BLOCK), b"[1]\n"]
    head = archive.Head(made_at=datetime.now(UTC), migrations=[], versions={})
    path = tmp_path / "files.backup"
    with path.open("wb") as file:
        promised = archive.write(file, KEY, head, [TableOfFiles(files)], "default")
    assert archive.verify(path, KEY).tables == promised.tables
    ((_, _, rows),) = (
        (name, columns, list(rows)) for name, columns, rows in archive.contents(path, KEY)
    )
    pdf = models.BinaryField()
    assert [tables._decoded(pdf, row[1]) for row in rows] == files
    in_base64 = [[number, {"b": b64encode(f).decode()}] for number, f in enumerate(files)]
    assert tables.proof_of(in_base64) == promised.tables["files"]


def test_blocks_cannot_change_places(tmp_path: Path) -> None:
    path = tmp_path / "sealed"
    with path.open("wb") as file:
        sealer = sealed.Sealer(file, KEY)
        sealer.write(b"a" * sealed.BLOCK + b"b" * sealed.BLOCK + b"c")
        sealer.close()
    head, block = len(sealed.MAGIC) + sealed.SALT_BYTES, sealed.BLOCK + sealed.TAG_BYTES
    data = path.read_bytes()
    with path.open("rb") as file:
        assert len(b"".join(sealed.opened(file, KEY))) == 2 * sealed.BLOCK + 1
    first, second = data[head : head + block], data[head + block : head + 2 * block]
    for wrong in (data[:head] + second + first + data[head + 2 * block :], data[: head + block]):
        path.write_bytes(wrong)
        with path.open("rb") as file, pytest.raises(BackupError):
            list(sealed.opened(file, KEY))


def test_another_key_opens_nothing_and_changes_nothing(site: Site, empty: str) -> None:
    with pytest.raises(BackupError, match="the key is another one"):
        restoring.restore(site[1], secrets.token_bytes(32), ledgers=[], alias=empty)
    assert connections[empty].introspection.table_names() == []


def test_a_restore_that_fails_halfway_leaves_nothing(
    site: Site, empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(*arguments: Any) -> None:
        raise BackupError("found at the end")

    monkeypatch.setattr(restoring, "prove", wrong)
    with pytest.raises(BackupError, match="found at the end"):
        restoring.restore(site[1], KEY, ledgers=[], alias=empty)
    connections[empty].close()
    assert connections[empty].introspection.table_names() == []


def test_a_backup_holds_no_word_that_can_be_read(site: Site) -> None:
    data = site[1].read_bytes()
    assert b"Alvarez" not in data
    assert b"screening" not in data
    assert site[1].stat().st_mode & 0o077 == 0
    assert "Alvarez" not in site[1].name


def test_no_copy_is_left_beside_the_database(site: Site) -> None:
    left = [path.name for path in site[1].parent.parent.iterdir() if "snapshot" in path.name]
    assert left == []
    assert [path.name for path in site[1].parent.iterdir()] == [site[1].name]


# --- What was taken away stays away ------------------------------------------------------------


def act(event: str, obj: Any, at: datetime | None = None) -> revocations.Act:
    """An act as the file tells of it."""
    return revocations.Act(
        key=uuid4(),
        at=at or datetime.now(UTC),
        event=event,
        model=obj._meta.label_lower,
        pk=str(obj.pk),
        values=revocations._values(obj),
    )


def test_what_was_revoked_after_the_backup_stays_revoked(
    site: Site, empty: str, tmp_path: Path
) -> None:
    address, backup, _ = site
    with opened(address) as alias:
        link = databases.row(alias, "exercises.planlink", revoked_at=None)
        left = databases.row(alias, "practice.user", username="frontdesk")
    left.is_active = False
    one, other = tmp_path / "one", tmp_path / "other"
    revoked = act("plan link revoked", link).line()
    one.write_text(revoked)
    other.write_text(act("staff changed", left).line() + revoked)
    done = restoring.restore(backup, KEY, ledgers=[one, other], alias=empty)
    assert done.revoked_again == 2, "each once, whichever computer wrote it down"
    call_command("migrate", database=empty, verbosity=0)
    assert databases.row(empty, "exercises.planlink", pk=link.pk).revoked_at is not None
    assert not databases.row(empty, "practice.user", pk=left.pk).is_active
    assert databases.row(empty, "practice.user", username="owner").is_active


def test_what_a_backup_knows_of_is_not_done_again(site: Site, tmp_path: Path, empty: str) -> None:
    address, _, _ = site
    ledger = tmp_path / "ledger"
    with opened(address) as alias:
        left = databases.row(alias, "practice.user", username="frontdesk")
        left.is_active = False
        closed = act("staff changed", left)
        ledger.write_text(closed.line())
        stored = closed.row()
        stored.save(using=alias)
        backup = making.make(folder=tmp_path / "backups", key=KEY, alias=alias).path
        append_only.remove(connections[alias])
        TakenAway.objects.using(alias)._raw_delete(alias)
        append_only.install(connections[alias])
    done = restoring.restore(backup, KEY, ledgers=[ledger], alias=empty)
    assert done.revoked_again == 0, "the account may have been opened again since"
    assert databases.row(empty, "practice.user", pk=left.pk).is_active


def test_a_backup_of_an_old_version_goes_by_the_time(outside: None) -> None:
    now = datetime.now(UTC)
    long_before, in_between = now - timedelta(days=1), now - timedelta(minutes=1)
    acts = [act("staff changed", User(pk=1), at) for at in (long_before, in_between, now)]
    missing = list(revocations.lacking(acts, now, {}, "default"))
    assert [one.at for one in missing] == [in_between, now], "begun before it, done after it"


@pytest.mark.django_db
def test_reading_is_not_noted(staff: Callable[..., User]) -> None:
    audit.record("plan read", obj=staff("front_desk"))
    assert not TakenAway.objects.exists()


@pytest.mark.django_db
def test_every_act_that_takes_something_away_is_noted_and_copied_once(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    staff: Callable[..., User],
    django_capture_on_commit_callbacks: Any,
) -> None:
    monkeypatch.setattr(settings, "BACKUP_DIR", tmp_path)
    with django_capture_on_commit_callbacks(execute=True):
        for event in revocations.ACTS:
            audit.record(event, obj=staff("front_desk", username=event))
    of_the_web_process = revocations.ledger().exists()
    assert of_the_web_process == (connection.vendor == "sqlite"), "PostgreSQL: no local file"
    call_command("send_outbox", stdout=StringIO())
    assert revocations.copy_out() == 0
    noted = [one.event for one in revocations.acts([revocations.ledger()])]
    assert noted == list(revocations.ACTS)
    words = revocations.ledger().read_text()
    assert words.count("\n") == len(revocations.ACTS)
    assert "@" not in words
    assert revocations.ledger().stat().st_mode & 0o077 == 0


@pytest.mark.django_db
def test_a_line_that_a_crash_cut_off_is_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, staff: Callable[..., User]
) -> None:
    monkeypatch.setattr(settings, "BACKUP_DIR", tmp_path)
    audit.record("staff changed", obj=staff("front_desk"))
    audit.record("staff changed", obj=staff("chiropractor"))
    revocations.copy_out()
    whole = revocations.ledger().read_text()
    revocations.ledger().write_text(whole[:-20])
    assert len(revocations.acts([revocations.ledger()])) == 1
    assert revocations.copy_out() == 1
    assert len(revocations.acts([revocations.ledger()])) == 2


@pytest.mark.django_db
def test_a_folder_that_cannot_be_written_undoes_no_revocation(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    staff: Callable[..., User],
    django_capture_on_commit_callbacks: Any,
) -> None:
    (tmp_path / "a-file").touch()
    monkeypatch.setattr(settings, "BACKUP_DIR", tmp_path / "a-file" / "backups")
    with django_capture_on_commit_callbacks(execute=True):
        audit.record("staff changed", obj=staff("front_desk"))
    call_command("send_outbox", stdout=StringIO())
    assert TakenAway.objects.count() == 1


# --- The key and the shelf ---------------------------------------------------------------------


def test_the_key_is_private_made_once_and_outside_the_data(tmp_path: Path) -> None:
    data = tmp_path / "data"
    path = tmp_path / "keys" / "backup.key"
    keys.make(path, data)
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(keys.read(path, data)) == 32
    with pytest.raises(BackupError, match="kept"):
        keys.make(path, data)
    with pytest.raises(BackupError, match="outside DATA_DIR"):
        keys.make(data / "backup.key", data)
    path.chmod(0o644)
    with pytest.raises(BackupError, match="chmod 600"):
        keys.read(path, data)


def test_thirty_days_every_month_and_the_newest_are_kept(tmp_path: Path) -> None:
    start = datetime(2026, 11, 25, 3, tzinfo=UTC)
    moments = [start - timedelta(hours=6 * n) for n in range(4 * 400)]
    for moment in moments:
        (tmp_path / shelf.name_for(moment)).touch()
    (tmp_path / "notes.txt").touch()
    shelf.rotate(tmp_path)
    kept = [backup.made_at for backup in shelf.backups(tmp_path)]
    days = [moment.date() for moment in kept]
    assert set(days[:32]) >= {(start - timedelta(n)).date() for n in range(30)}
    assert {f"{m:%Y-%m}" for m in kept} == {f"{m:%Y-%m}" for m in moments}
    assert len(kept) < 30 + 3 + 14
    assert (tmp_path / "notes.txt").exists()


# --- Moving ------------------------------------------------------------------------------------


def test_moving_to_another_database_and_back_keeps_every_row(site: Site, tmp_path: Path) -> None:
    address, _, before = site
    other, back = databases.new_sqlite_address(tmp_path), databases.new_address(tmp_path / "..")
    with opened(address) as alias:
        copying.copy(other, alias)
    with opened(other) as alias:
        assert restored_proofs(alias) == before
        copying.copy(back, alias)
        with pytest.raises(BackupError, match="not empty"):
            copying.copy(back, alias)
    with opened(back) as alias:
        assert restored_proofs(alias) == before


# --- The commands ------------------------------------------------------------------------------


def test_without_a_key_nothing_is_backed_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "BACKUP_KEY_FILE", tmp_path / "backup.key")
    with pytest.raises(CommandError, match="make_backup_key"):
        call_command("backup")


@pytest.mark.skipif("DATABASE_URL" in os.environ, reason="a file is damaged here")
def test_a_damaged_database_is_not_backed_up_as_if_it_were_sound(
    site: Site, tmp_path: Path
) -> None:
    damaged = tmp_path / "damaged.sqlite3"
    with opened(site[0]) as alias:
        source = Path(str(connections[alias].settings_dict["NAME"]))
        connections[alias].close()
        damaged.write_bytes(source.read_bytes())
    with sqlite3.connect(damaged) as connection:
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    with damaged.open("r+b") as file:
        file.seek(size * 20)
        file.write(b"\xa5" * size * 40)
    with opened(f"sqlite:///{damaged}") as alias, pytest.raises(BackupError):
        making.make(folder=tmp_path / "backups", key=KEY, alias=alias)
    assert shelf.backups(tmp_path / "backups") == []


def test_an_unknown_migration_points_to_the_newer_version(outside: None) -> None:
    with pytest.raises(BackupError, match="newer version"):
        tables.refuse_unknown([("screening", "0999_future")], "default")


def test_the_snapshot_is_one_moment(site: Site) -> None:
    with opened(site[0]) as alias, snapshots.one_moment(alias) as snapshot:
        before = User.objects.using(snapshot).count()
        added = User.objects.db_manager(alias).create_user("later")
        assert User.objects.using(snapshot).count() == before
        added.delete(using=alias)
