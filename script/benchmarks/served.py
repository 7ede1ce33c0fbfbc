"""A site served by gunicorn in a folder of its own, and browsers without a window that ask it."""

import http.client
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 60
FORM = "application/x-www-form-urlencoded"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back: the body as it went over the wire, and the bytes with the head."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def wire_bytes(self) -> int:
        """The bytes of head and body."""
        return len(self.body) + sum(len(n) + len(v) + 4 for n, v in self.headers.items())


@dataclass
class Browser:
    """One connection that stays open, with its cookies."""

    port: int
    compressed: bool = False
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def ask(self, path: str, data: Mapping[str, object] | None = None) -> Answer:
        """GET a page, or POST this form."""
        headers = {"Cookie": "; ".join(f"{n}={v}" for n, v in self.cookies.items())}
        if self.compressed:
            headers["Accept-Encoding"] = "br, gzip"
        body = None
        if data is not None:
            headers["Content-Type"] = FORM
            body = urlencode(data, doseq=True)
        self.connection.request("GET" if data is None else "POST", path, body, headers)
        got = self.connection.getresponse()
        for name, value in got.getheaders():
            if name.lower() == "set-cookie":
                cookie, _, content = value.split(";")[0].partition("=")
                self.cookies[cookie] = content
        return Answer(status=got.status, headers=dict(got.getheaders()), body=got.read())

    def token(self, path: str) -> str:
        """The one-time code of the form on a page."""
        found = TOKEN.search(self.ask(path).body.decode())
        if found is None:
            raise LookupError(f"no form on {path}")
        return found[1]


def spare_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        port: int = server.getsockname()[1]
        return port


@contextmanager
def served(application: str, folder: Path, *, config: str = "chiro.gunicorn") -> Iterator[int]:
    """Serve this WSGI application with one process of gunicorn; yields its port."""
    port = spare_port()
    environment = os.environ | {
        "DATA_DIR": str(folder),
        "BIND": f"127.0.0.1:{port}",
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
        "WEB_WORKERS": "1",
    }
    command = [sys.executable, "-m", "gunicorn", "--config", f"python:{config}", application]
    with (folder / "log").open("a") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        wait_until_up(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=START_SECONDS)


def wait_until_up(port: int) -> None:
    """Return when the server answers. Raises OSError when it does not in time."""
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            Browser(port).ask("/")
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def requests_a_second(
    browsers: list[Browser], ask: Callable[[Browser], object], seconds: float
) -> float:
    """How often these browsers together get an answer. `ask` is called with a browser."""
    counts = [0] * len(browsers)
    until = time.monotonic() + seconds

    def work(number: int) -> None:
        while time.monotonic() < until:
            ask(browsers[number])
            counts[number] += 1

    threads = [threading.Thread(target=work, args=(n,)) for n in range(len(browsers))]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.monotonic() - started)
