"""What every test may ask for. Tests never touch the data directory of this computer.

`client` posts plain forms, as the pages do. `staff` and `client_as` make accounts. `site` is the
real server in a process of its own, with a database of its own.
"""

import fcntl
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import hypothesis
import pytest
from django.conf import settings
from django.db.backends.base.operations import BaseDatabaseOperations
from django.test import Client

from chiro.practice import append_only, catalogues, fonts
from chiro.practice.models import User
from exercises import rendering

ROOT = Path(__file__).resolve().parent.parent
FORM = "application/x-www-form-urlencoded"
START_SECONDS = 60
FLUSH = BaseDatabaseOperations.execute_sql_flush


def pytest_configure(config: pytest.Config) -> None:
    """Trade strength for speed where no test looks: password hashing and hashed file names.

    Tasks run at once: a test's rows are seen by its own thread only.

    Properties have no time limit a case, since two processes share the machine; in continuous
    integration they try the same cases each time.
    """
    hypothesis.settings.register_profile(
        "suite", deadline=None, derandomize="CI" in os.environ, print_blob=True
    )
    hypothesis.settings.load_profile("suite")
    if not hasattr(config, "workerinput"):
        fonts.make(settings.FONTS_DIR)
        catalogues.compile_all()
    settings.TASKS = settings.TASKS | {"papers": settings.TASKS["default"]}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.OUTBOX_TRY_AT_ONCE = False  # Tests send when they say so.
    settings.PRACTICE_KEPT_SECONDS = 0.0  # A test's rows are gone with it.
    settings.WHITENOISE_USE_FINDERS = True
    settings.WHITENOISE_AUTOREFRESH = True
    settings.ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
    settings.DATA_DIR = settings.DATA_DIR / os.environ.get("PYTEST_XDIST_WORKER", "tests")
    os.environ["DATA_DIR"] = str(settings.DATA_DIR)  # for the processes that tests start
    BaseDatabaseOperations.execute_sql_flush = emptied_in_spite_of_triggers
    rendering.LIMIT_SECONDS = 120.0  # Other tests keep the machine busy; faults set their own.


def emptied_in_spite_of_triggers(operations: Any, statements: list[str]) -> None:
    """Empty the tables after a test with real transactions; `post_migrate` puts triggers back."""
    append_only.remove(operations.connection)
    FLUSH(operations, statements)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    tmp_path_factory: pytest.TempPathFactory,
    django_db_modify_db_settings_parallel_suffix: None,
) -> None:
    """Keep the test database of SQLite in a file: threads then meet real locks, as in service."""
    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


class FormClient(Client):
    """A browser without JavaScript: fields given as a mapping are sent as a plain form."""

    def post(self, path: str, data: Any = None, content_type: str = FORM, **extra: Any) -> Any:
        """Post a plain form unless another content type is asked for."""
        if content_type == FORM and (data is None or isinstance(data, Mapping)):
            data = urlencode(data or {}, doseq=True)
        return super().post(path, data, content_type=content_type, **extra)


@pytest.fixture
def client() -> FormClient:
    """A visitor."""
    return FormClient()


@pytest.fixture
def staff(db: None) -> Callable[..., User]:
    """Make a member of staff: `staff("chiropractor")`."""

    def make(role: str, username: str = "", **fields: Any) -> User:
        name = username or role
        return User.objects.create_user(name, password=name, role=role, is_staff=True, **fields)

    return make


@pytest.fixture
def client_as(staff: Callable[..., User]) -> Callable[[str], FormClient]:
    """Sign in a new member of staff: `client_as("owner")`."""

    def sign_in(role: str) -> FormClient:
        signed_in = FormClient()
        user = User.objects.filter(username=role).first() or staff(role)
        signed_in.force_login(user, backend="chiro.practice.permissions.RoleBackend")
        return signed_in

    return sign_in


@dataclass(frozen=True, kw_only=True)
class Site:
    """The real server: where it answers, its environment and its log."""

    base_url: str
    environment: dict[str, str]
    log: Path

    def manage(self, *arguments: str) -> str:
        """Run a management command on the served database and return what it printed."""
        return manage(self.environment, *arguments)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve the whole site with gunicorn on a spare port, as `script/server` does."""
    folder = tmp_path_factory.mktemp("site")
    port = spare_port()
    environment = os.environ | {
        "DATA_DIR": str(folder / "data"),
        "BIND": f"127.0.0.1:{port}",
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
    }
    if "DATABASE_URL" in os.environ:
        environment["DATABASE_URL"] = new_postgresql_database(os.environ["DATABASE_URL"])
    collect_static(environment)
    manage(environment, "migrate", "--no-input", "--verbosity", "0")
    served = Site(
        base_url=f"http://127.0.0.1:{port}", environment=environment, log=folder / "server.log"
    )
    command = [sys.executable, "-m", "gunicorn", "--config", "python:chiro.gunicorn", "chiro.wsgi"]
    with served.log.open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        wait_until_ready(served, process)
        yield served
    finally:
        process.terminate()
        process.wait(timeout=START_SECONDS)


def manage(environment: Mapping[str, str], *arguments: str) -> str:
    """Run `manage.py` in a process of its own."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def collect_static(environment: Mapping[str, str]) -> None:
    """Gather the static files, one test process at a time."""
    with (ROOT / "staticfiles.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        manage(environment, "collectstatic", "--no-input", "--verbosity", "0")


def new_postgresql_database(url: str) -> str:
    """Make an empty database beside the one of `url` and return its address."""
    import psycopg

    name = f"served_{secrets.token_hex(6)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def spare_port() -> int:
    """Return a port that nobody uses now."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        port: int = server.getsockname()[1]
        return port


def wait_until_ready(served: Site, process: subprocess.Popen[bytes]) -> None:
    """Return when the server says that it is ready; fail with its log when it does not."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{served.base_url}/health/ready", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the server did not start:\n{served.log.read_text()}")
