"""Every page and state of a patient before three tools: axe, pa11y and the Nu HTML checker.

The pages are made with the test client, in each language of this installation, and served again
with their styles. axe looks at them light and dark on a phone, pa11y (HTML_CodeSniffer, level AA)
light, the Nu checker reads their markup. pa11y and the checker come with npm, the checker runs on
Java. What was found is printed under the counts.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from script.benchmarks.figures import Figure, report
from script.benchmarks.served import ROOT

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
PA11Y, NU = "pa11y@9.1.1", "vnu-jar@26.9.27"
EVERYTHING = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTH, HEIGHT = 390, 844
PREFIX = "/state/"
IN_PART_ENGLISH = "This document appears to be written in English"
"""What the checker says of a page whose catalogue is not complete: no fault of the markup."""

ASK_PA11Y = """
import {{createRequire}} from 'node:module';
const require = createRequire('{folder}/');
const pa11y = require('pa11y'), puppeteer = require('puppeteer');
const browser = await puppeteer.launch({{executablePath: '{chromium}', args: {flags}}});
const found = {{}};
for (const url of {urls}) {{
  const {{issues}} = await pa11y(url, {{browser, standard: 'WCAG2AA', timeout: 60000}});
  if (issues.length) found[url] = issues.map(i => `${{i.code}}: ${{i.message}} ${{i.context}}`);
}}
await browser.close();
console.log(JSON.stringify(found));
"""

type Found = dict[str, list[str]]
"""Page -> what a tool says of it."""


# --- the pages --------------------------------------------------------------------------------


def collect(folder: Path) -> dict[str, str]:
    """Write every state in every language to a folder; file name -> name of the state."""
    from django.conf import settings

    from chiro.languages import installed

    settings.OUTBOX_TRY_AT_ONCE = False
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

    server = make_server("127.0.0.1", 0, application, handler_class=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return int(server.server_port)


class Quiet(WSGIRequestHandler):
    """Says nothing of each request."""

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


# --- the tools --------------------------------------------------------------------------------


def by_axe(pages: dict[str, str]) -> Found:
    """What axe finds on each page; in dark, the contrast again."""
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    found: Found = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT}, bypass_csp=True, reduced_motion="reduce"
        )
        for url, name in pages.items():
            page.emulate_media(color_scheme="light")
            page.goto(url)
            said = axe_says(Axe(), page, EVERYTHING)
            page.emulate_media(color_scheme="dark")
            said += [f"dark: {one}" for one in axe_says(Axe(), page, ["color-contrast"])]
            if said:
                found[name] = said
        browser.close()
    return found


def axe_says(axe: Any, page: Any, rules: list[str]) -> list[str]:
    """Each broken rule with the first place that breaks it."""
    kind = "rule" if rules == ["color-contrast"] else "tag"
    result = axe.run(page, options={"runOnly": {"type": kind, "values": rules}})
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in result.response["violations"]
    ]


def by_pa11y(tools: Path, pages: dict[str, str]) -> Found:
    """What pa11y finds on each page."""
    script, node = tools / "ask.mjs", str(shutil.which("node"))
    script.write_text(
        ASK_PA11Y.format(
            folder=tools, chromium=CHROMIUM, flags=json.dumps(FLAGS), urls=json.dumps([*pages])
        )
    )
    done = subprocess.run(
        [node, str(script)], cwd=tools, capture_output=True, text=True, check=True
    )
    return {pages[url]: said for url, said in json.loads(done.stdout).items()}


def by_nu(tools: Path, folder: Path, names: dict[str, str]) -> Found:
    """What the Nu HTML checker says of each page."""
    jar = tools / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    files = [str(folder / name) for name in names]
    command = ["java", "-jar", str(jar), "--format", "json", *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found: Found = {}
    for one in json.loads(done.stderr)["messages"]:
        if IN_PART_ENGLISH not in one["message"]:
            name = names[Path(one["url"]).name]
            found.setdefault(name, []).append(f"{one['message']} {one.get('extract', '')[:160]}")
    return found


def tools_in(folder: Path) -> Path:
    """Fetch pa11y and the checker; neither's own scripts are run."""
    for needed in ("npm", "node", "java"):
        if shutil.which(needed) is None:
            sys.exit(f"This needs {needed}: install Node 20 and a Java runtime.")
    command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-save"]
    subprocess.run([*command, "--prefix", str(folder), PA11Y, NU], check=True, capture_output=True)
    return folder


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
    for tool, ask in (
        ("the Nu HTML checker", lambda: by_nu(tools, pages_folder, names)),
        ("axe", lambda: by_axe(pages)),
        ("pa11y", lambda: by_pa11y(tools, pages)),
    ):
        found = ask()
        for name, said in found.items():
            print(f"{tool}, {name}:", *said, sep="\n    ", file=sys.stderr)
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
