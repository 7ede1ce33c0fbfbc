"""What the site says when it must not start, and what a patient reads while it cannot save."""

import os
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError

from chiro import starting
from chiro.practice import views
from chiro.practice.checks import others_cannot_read_the_data
from tests.conftest import FormClient
from tests.web.visitor import Visitor

NOBODY = 65534


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A small SQLite file in a private folder."""
    path = tmp_path / "chiro.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (a TEXT)")
        connection.executemany("INSERT INTO t VALUES (?)", [("x" * 200,)] * 500)
    connection.close()
    return path


def test_a_sound_database_starts(database: Path, tmp_path: Path) -> None:
    starting.refuse_unsound(database)
    starting.refuse_unsound(tmp_path / "not-there-yet.sqlite3")


def test_a_damaged_database_is_refused_and_restore_is_named(database: Path) -> None:
    with database.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * 12288)
    with pytest.raises(SystemExit, match=r"damaged.*restore the last backup.*operations\.md"):
        starting.refuse_unsound(database)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "chiro.sqlite3"
    path.write_text("not a database, but long enough to look at" * 100)
    with pytest.raises(SystemExit, match="damaged"):
        starting.refuse_unsound(path)


def test_a_busy_database_is_not_called_damaged(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starting, "LOCK_SECONDS", 0)
    holder = sqlite3.connect(database, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        assert starting.damaged(database) == ""
    finally:
        holder.close()


def as_nobody(look: Callable[[], str]) -> str:
    """What another user of this computer would be told."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.seteuid(NOBODY)
        os.write(write, look().encode())
        os._exit(0)
    os.close(write)
    os.waitpid(child, 0)
    with os.fdopen(read) as said:
        return said.read()


def test_a_folder_of_another_owner_comes_with_the_line_that_mends_it() -> None:
    with tempfile.TemporaryDirectory(dir="/var/tmp") as place:
        folder = Path(place)
        folder.chmod(0o555)
        if os.geteuid() == 0:
            said = as_nobody(lambda: starting.unusable(folder))
        else:
            said = starting.unusable(folder)
    assert f"cannot write in {folder}. Run as root: chown -R " in said
    assert "\n" not in said


def test_a_folder_that_cannot_be_made_comes_with_the_line_that_makes_it(database: Path) -> None:
    with pytest.raises(SystemExit, match="Run: install -d -m 700"):
        starting.refuse_unusable(database / "data")
    with pytest.raises(SystemExit, match="not a folder"):
        starting.refuse_unusable(database)


def test_a_folder_that_others_can_read_is_warned_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    tmp_path.chmod(0o755)
    assert [found.hint for found in others_cannot_read_the_data()] == [f"Run: chmod 700 {tmp_path}"]
    tmp_path.chmod(0o700)
    assert others_cannot_read_the_data() == []


# --- While the database is away ----------------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [
        OperationalError("database or disk is full"),
        OperationalError("disk I/O error"),
        InterfaceError("connection already closed"),
        DatabaseError("database disk image is malformed"),
    ],
)
@pytest.mark.django_db
def test_what_was_typed_stays_in_the_page_and_can_be_sent_again(
    client: FormClient, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    visitor = Visitor(client).start()
    with monkeypatch.context() as broken:
        broken.setattr("screening.models.Draft.save", raising(fault))
        page = visitor.post({"typed": 'kept "words"', "csrfmiddlewaretoken": "never kept"})
        if page.status_code == 422:
            page = visitor.post({"consent": "true", "typed": 'kept "words"'})
    assert page.status_code == 503
    assert page.headers["Retry-After"] == "30"
    body = page.content.decode()
    assert '<input type="hidden" name="typed" value="kept &quot;words&quot;">' in body
    assert "What you entered is kept in it" in body
    assert "never kept" not in body
    assert '<form method="post">' in body, "to the same address"
    visitor.answer()


def raising(fault: Exception) -> Callable[..., None]:
    def broken(*arguments: Any, **fields: Any) -> None:
        raise fault

    return broken


@pytest.mark.django_db
def test_a_session_that_cannot_be_written_is_no_mistake_of_the_patient(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = FormClient(raise_request_exception=False)
    full = raising(OperationalError("database or disk is full"))
    with monkeypatch.context() as broken:
        broken.setattr("django.contrib.sessions.base_session.AbstractBaseSession.save", full)
        page = client.post("/", {"start": "new"})
    assert page.status_code == 503
    assert "This page is not saved yet" in page.content.decode()
    Visitor(client).start().answer()


@pytest.mark.django_db
def test_a_password_is_never_kept_in_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    away = raising(OperationalError("database is locked"))
    monkeypatch.setattr("django.contrib.auth.backends.ModelBackend.authenticate", away)
    page = FormClient().post("/admin/login/", {"login": "a", "password": "secret-word"})
    assert page.status_code == 503
    assert "secret-word" not in page.content.decode()


def test_another_fault_is_not_taken_for_the_database() -> None:
    assert not views.database_is_away(ValueError("malformed"))
    assert not views.database_is_away(DatabaseError("value too long"))
    assert not views.database_is_away(None)
