"""A PostgreSQL of our own for one measurement: made, used over a local socket, and removed."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

VERSIONS = Path("/usr/lib/postgresql")
PORT = "5432"
"""Names the socket in a folder of its own; nothing listens on the network."""


def binaries() -> Path | None:
    """The folder of the newest server on this computer, or None."""
    found = [path for path in VERSIONS.glob("*/bin") if (path / "initdb").exists()]
    return max(found, key=lambda path: float(path.parent.name), default=None)


@contextmanager
def server() -> Iterator[str]:
    """Run a server and yield its address as DATABASE_URL writes it. Needs `binaries()`."""
    programs = binaries()
    if programs is None:
        raise FileNotFoundError("PostgreSQL's server is not installed")
    folder = Path(tempfile.mkdtemp(prefix="chiro-bench-", dir="/var/tmp"))
    as_user = _owner(folder)
    data = folder / "data"
    try:
        _run(as_user, programs / "initdb", "-D", data, "-U", "chiro", "-A", "trust", "--no-sync")
        options = f"-p {PORT} -k {folder} -c listen_addresses='' -c shared_buffers=256MB"
        _run(
            as_user,
            programs / "pg_ctl",
            "start",
            "-w",
            "-s",
            "-D",
            data,
            "-l",
            folder / "log",
            "-o",
            options,
        )
        try:
            yield f"postgres://chiro@{quote(str(folder), safe='')}:{PORT}/postgres"
        finally:
            _run(as_user, programs / "pg_ctl", "stop", "-s", "-m", "fast", "-D", data)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _owner(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: then `nobody` owns the folder and runs it."""
    if os.getuid() != 0:
        return []
    shutil.chown(folder, "nobody")
    return ["runuser", "-u", "nobody", "--"]


def _run(as_user: list[str], *command: object) -> None:
    words = [*as_user, *(str(word) for word in command)]
    subprocess.run(words, cwd="/", check=True, stdout=subprocess.DEVNULL)
