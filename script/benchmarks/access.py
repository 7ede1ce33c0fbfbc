"""Every page and state of a patient before three tools: axe, pa11y and the Nu HTML checker.

The pages are made with the test client, in each language of this installation, and served again
with their styles. axe looks at them light and dark on a phone, pa11y (HTML_CodeSniffer, level AA)
light, the Nu checker reads their markup. pa11y and the checker come with npm, the checker runs on
Java. What was found is printed under the counts.
"""

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from script.benchmarks.figures import Figure, report
from script.benchmarks.page_tools import by_axe, by_nu, by_pa11y, tools_in
from script.benchmarks.served import ROOT

PREFIX = "/state/"


# --- the pages --------------------------------------------------------------------------------


def collect(folder: Path) -> dict[str, str]:
    """Write every state in every language to a folder; file name -> name of the state."""
    from django.conf import settings

    from chiro.languages import installed

    settings.OUTBOX_TRY_AT_ONCE = False
    settings.PRACTICE_KEPT_SECONDS = 0
    names: dict[str, str] = {}
    for language in installed():
        for name, response in states_in(language.code):
            if not response.content:
                raise RuntimeError(f"{name} ({language.code}): {response.headers}")
            file = f"{len(names):03d}.html"
            (folder / file).write_bytes(response.content)
            names[file] = f"{name} ({language.code})"
    return names


def states_in(code: str) -> Iterator[tuple[str, Any]]:
    """Every state, as a browser of that language gets it."""
    from django.utils.translation import override

    from chiro.practice.models import Practice, Role, User
    from tests.conftest import FormClient
    from tests.web import states

    class Reader(FormClient):
        def __init__(self, **defaults: Any) -> None:
            super().__init__(**defaults, headers={"accept-language": code})

    Practice.objects.update_or_create(
        pk=1, defaults={"name": "Harbor Street", "phone": "(512) 555-0142", "languages": [code]}
    )
    by, _ = User.objects.get_or_create(
        username="sam", defaults={"role": Role.CHIROPRACTOR, "is_staff": True}
    )
    with override(code):
        yield from states.every(Reader, by)


def serve(folder: Path) -> int:
    """Serve the saved pages, and everything else as the site does, until this process ends."""
    from django.core.wsgi import get_wsgi_application

    site = get_wsgi_application()

    def application(environ: Any, start_response: Callable[..., Any]) -> Any:
        if not environ["PATH_INFO"].startswith(PREFIX):
            return site(environ, start_response)
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return [(folder / environ["PATH_INFO"].removeprefix(PREFIX)).read_bytes()]

    server = make_server("127.0.0.1", 0, application, Threads, Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return int(server.server_port)


class Threads(ThreadingMixIn, WSGIServer):
    """A thread for each connection: browsers open some on which they say nothing for long."""

    daemon_threads = True
    request_queue_size = 64


class Quiet(WSGIRequestHandler):
    """Says nothing of each request."""

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


# --- all of it --------------------------------------------------------------------------------


def measure(folder: Path) -> Iterator[Figure]:
    """Make the pages, ask each tool, print what it found and yield the counts."""
    pages_folder = folder / "pages"
    pages_folder.mkdir()
    names = collect(pages_folder)
    yield Figure(name="pages and states", value=len(names), unit="", digits=0)
    (folder / "tools").mkdir()
    tools = tools_in(folder / "tools")
    port = serve(pages_folder)
    pages = {f"http://127.0.0.1:{port}{PREFIX}{file}": name for file, name in names.items()}
    asked = {
        "the Nu HTML checker": lambda: by_nu(tools, pages_folder, names),
        "axe": lambda: by_axe(pages),
        "pa11y": lambda: by_pa11y(tools, pages),
    }
    with ThreadPoolExecutor() as pool:
        answers = {tool: pool.submit(ask) for tool, ask in asked.items()}
        for tool, answer in answers.items():
            found = answer.result()
            yield Figure(
                name=f"pages with a finding of {tool}", value=len(found), unit="", goal=0, digits=0
            )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        os.environ |= {"DATA_DIR": name, "DJANGO_SETTINGS_MODULE": "chiro.settings"}
        os.environ["LOG_LEVEL"] = "ERROR"
        for command in (["collectstatic", "--no-input"], ["migrate", "--no-input"]):
            subprocess.run(
                [sys.executable, "manage.py", *command, "--verbosity", "0"], cwd=ROOT, check=True
            )
        import django
        from django.test.utils import setup_test_environment

        django.setup()
        setup_test_environment()
        report(measure(Path(name)))
