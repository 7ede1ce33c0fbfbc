"""A PostgreSQL of our own for one measurement: made, used on this computer only, and removed."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

VERSIONS = Path("/usr/lib/postgresql")


def binaries() -> Path | None:
    """The folder of the newest server on this computer, or None."""
    found = [path for path in VERSIONS.glob("*/bin") if (path / "initdb").exists()]
    return max(found, key=lambda path: float(path.parent.name), default=None)


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running server that only this computer's loopback reaches."""

    programs: Path
    folder: Path
    port: int
    as_user: tuple[str, ...]

    @property
    def address(self) -> str:
        """As DATABASE_URL writes it."""
        return f"postgres://chiro@127.0.0.1:{self.port}/postgres"

    def start(self, *options: str) -> None:
        """Start it with the durability of a fresh installation, but for these options."""
        chosen = ("listen_addresses=127.0.0.1", "shared_buffers=256MB", *options)
        words = " ".join(f"-c {one}" for one in chosen)
        place = f"-p {self.port} -k {self.folder} {words}"
        self._control("start", "-w", "-l", self.folder / "log", "-o", place)

    def stop(self, mode: str = "fast") -> None:
        """Stop it: "fast" in good order, "immediate" as if the process were killed."""
        self._control("stop", "-m", mode)

    def _control(self, act: str, *arguments: object) -> None:
        self.run("pg_ctl", act, "-s", "-D", self.folder / "data", *arguments)

    def run(self, program: str, *arguments: object) -> None:
        """Run one of PostgreSQL's programs as the user who owns the data."""
        words = [*self.as_user, str(self.programs / program), *(str(word) for word in arguments)]
        subprocess.run(words, cwd="/", check=True, stdout=subprocess.DEVNULL)


@contextmanager
def running(kept: Path | None = None) -> Iterator[Server]:
    """Make a server, start it, and remove it at the end. Needs `binaries()`.

    With a folder to keep, what is in it is used again and stays.
    """
    programs = binaries()
    if programs is None:
        raise FileNotFoundError("PostgreSQL's server is not installed")
    folder = kept or Path(tempfile.mkdtemp(prefix="chiro-bench-", dir="/var/tmp"))
    folder.mkdir(parents=True, exist_ok=True)
    made = Server(programs=programs, folder=folder, port=_spare_port(), as_user=_owner(folder))
    try:
        if not (folder / "data").exists():
            made.run("initdb", "-D", folder / "data", "-U", "chiro", "-A", "trust", "--no-sync")
        made.start()
        try:
            yield made
        finally:
            made.stop("fast" if kept else "immediate")
    finally:
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def server(kept: Path | None = None) -> Iterator[str]:
    """Run a server and yield its address as DATABASE_URL writes it. Needs `binaries()`."""
    with running(kept) as made:
        yield made.address


def _spare_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


def _owner(folder: Path) -> tuple[str, ...]:
    """PostgreSQL refuses to run as root: then `nobody` owns the folder and runs it."""
    if os.getuid() != 0:
        return ()
    shutil.chown(folder, "nobody")
    return ("runuser", "-u", "nobody", "--")
