"""Sites for a measurement: some web processes and workers that share nothing but a database."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from script.benchmarks.load import shares
from script.benchmarks.served import ROOT, spare_port, wait_until_up

STOP_SECONDS = 60


@dataclass
class Site:
    """A database and what runs on it. `share` is the part of a core of each process, 0 for all."""

    folder: Path
    url: str
    threads: int = 8
    share: float = 0.0
    more: dict[str, str] = field(default_factory=dict)
    people: dict[str, Any] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """The variables of commands and servers."""
        found = os.environ | {
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": self.url,
            "SECRET_KEY": "measuring-only-" * 5,
            "PUBLIC_BASE_URL": "http://127.0.0.1:8000",
            "WEB_WORKERS": "1",
            "WEB_THREADS": str(self.threads),
            "LOG_LEVEL": "WARNING",
            "TASKS_BACKEND": "process" if self.url.startswith("sqlite") else "database",
        }
        return found | self.more

    def prepare(self, plans: int) -> None:
        """Make the tables, the examples and the people who visit."""
        self.manage("migrate", "--verbosity", "0")
        self.manage("demo")
        said = self.run("-m", "script.benchmarks.load.people", str(plans))
        self.people = json.loads(said.splitlines()[-1])

    def manage(self, *words: str) -> str:
        """Run a command of the site and return what it printed."""
        return self.run("manage.py", *words)

    def run(self, *words: str) -> str:
        """Run Python and return what it printed."""
        done = subprocess.run(
            [sys.executable, *words],
            cwd=ROOT,
            env=self.environment,
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(f"{words}: {done.stderr[-2000:]}")
        return done.stdout

    def shell(self, code: str) -> Any:
        """What a line of Python prints as JSON, run in the site."""
        return json.loads(self.manage("shell", "--no-imports", "-c", code).splitlines()[-1])

    # --- What runs ------------------------------------------------------------------------

    @contextmanager
    def serving(self, count: int, *, workers: int = 0) -> Iterator["Serving"]:
        """Serve with so many gunicorns, and so many workers that make papers."""
        with ExitStack() as stack:
            webs = [self._web(stack, number) for number in range(count)]
            for number in range(workers):
                self._started(stack, f"worker{number}", ["manage.py", "work"], {})
            for web in webs:
                wait_until_up(web.port)
            yield Serving(webs=webs)

    def _web(self, stack: ExitStack, number: int) -> "Web":
        port = spare_port()
        words = ["-m", "gunicorn", "--config", "python:chiro.gunicorn", "chiro.wsgi"]
        place = {"BIND": f"127.0.0.1:{port}"}
        process, group = self._started(stack, f"web{number}", words, place)
        return Web(port=port, process=process, group=group, share=self.share)

    def _started(
        self, stack: ExitStack, name: str, words: list[str], more: dict[str, str]
    ) -> tuple[subprocess.Popen[bytes], Path | None]:
        """Start a program in a folder of its own, in a group of its own where it has a share."""
        folder, command = self.folder / name, [sys.executable, *words]
        folder.mkdir(mode=0o700, exist_ok=True)
        group = stack.enter_context(shares.group(name)) if self.share else None
        if group is not None:
            command = shares.inside(group, command)
        with (folder / "log").open("a") as log:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment | {"DATA_DIR": str(folder)} | more,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        stack.callback(stop, process)
        return process, group


@dataclass(frozen=True, kw_only=True)
class Web:
    """One web process: a gunicorn with its own process that serves."""

    port: int
    process: subprocess.Popen[bytes]
    group: Path | None
    share: float

    def hold(self) -> None:
        """Keep it to its share from now on."""
        if self.group is not None:
            shares.limit(self.group, self.share)

    def kill(self) -> None:
        """Kill it and its children at once."""
        os.killpg(self.process.pid, signal.SIGKILL)


@dataclass(frozen=True, kw_only=True)
class Serving:
    """What serves now."""

    webs: list[Web]

    @property
    def ports(self) -> list[int]:
        """Where they listen."""
        return [web.port for web in self.webs]


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process in good order, or at once where it does not."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=STOP_SECONDS)
    with suppress(ProcessLookupError):  # Whatever it left behind.
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
