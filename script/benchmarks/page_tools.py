"""axe, pa11y and the Nu HTML checker over pages that are being served, some at a time.

Each batch of pages has a process and a browser of its own and a time by which it must be done. A
batch that is late is asked once more, so a machine that is busy for a while only makes it slower.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from script.benchmarks.served import ROOT

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
PA11Y, NU = "pa11y@9.1.1", "vnu-jar@26.9.27"
EVERYTHING = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTH, HEIGHT = 390, 844
BATCH = 20
"""Pages that one browser looks at."""

AT_ONCE = 2
"""Browsers that look at the same time."""

BATCH_SECONDS = 600
PAGE_MILLISECONDS = 120_000
"""How long a page may take to open, and pa11y to read it."""

TRIES = 2
IN_PART_ENGLISH = "This document appears to be written in English"
"""What the checker says of a page whose catalogue is not complete: no fault of the markup."""

ASK_AXE = "from script.benchmarks.page_tools import axe_reads; axe_reads()"
ASK_PA11Y = """
import {{createRequire}} from 'node:module';
import {{readFileSync}} from 'node:fs';
const require = createRequire('{folder}/');
const pa11y = require('pa11y'), puppeteer = require('puppeteer');
const browser = await puppeteer.launch({{executablePath: '{chromium}', args: {flags}}});
const found = {{}};
for (const url of JSON.parse(readFileSync(0, 'utf8'))) {{
  const {{issues}} = await pa11y(url, {{browser, standard: 'WCAG2AA', timeout: {milliseconds}}});
  if (issues.length) found[url] = issues.map(i => `${{i.code}}: ${{i.message}} ${{i.context}}`);
}}
await browser.close();
console.log(JSON.stringify(found));
"""

type Found = dict[str, list[str]]
"""Page -> what a tool says of it."""


def tools_in(folder: Path) -> Path:
    """Fetch pa11y and the checker; neither's own scripts are run."""
    for needed in ("npm", "node", "java"):
        if shutil.which(needed) is None:
            sys.exit(f"This needs {needed}: install Node 20 and a Java runtime.")
    command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-save"]
    subprocess.run([*command, "--prefix", str(folder), PA11Y, NU], check=True, capture_output=True)
    return folder


# --- some pages at a time ---------------------------------------------------------------------


def in_batches(tool: str, pages: dict[str, str], ask: Callable[[list[str]], Found]) -> Found:
    """What a tool says of each page, by the page's name; tells how far it is."""
    urls = [*pages]
    batches = [urls[start : start + BATCH] for start in range(0, len(urls), BATCH)]
    found: Found = {}
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        for number, told in enumerate(pool.map(lambda batch: once_more(ask, batch), batches), 1):
            named = {pages[url]: said for url, said in told.items()}
            tell(tool, named)
            found |= named
            print(
                f"{tool}: {min(number * BATCH, len(urls))} of {len(urls)} pages, "
                f"{len(found)} with a finding",
                file=sys.stderr,
                flush=True,
            )
    return found


def tell(tool: str, found: Found) -> None:
    """Print what a tool found, page by page."""
    for name, said in found.items():
        print(f"{tool}, {name}:", *said, sep="\n    ", file=sys.stderr, flush=True)


def once_more(ask: Callable[[list[str]], Found], batch: list[str]) -> Found:
    """Ask again when the tool was late or broke; the last failure is raised."""
    for left in reversed(range(TRIES)):
        try:
            return ask(batch)
        except subprocess.SubprocessError as error:
            print(f"{error}\n{getattr(error, 'stderr', '') or ''}", file=sys.stderr)
            if not left:
                raise
    raise AssertionError("not reached")


def told_by(command: list[str], urls: list[str]) -> Found:
    """Run a program that reads addresses and writes what it found, both as JSON."""
    done = subprocess.run(
        command,
        input=json.dumps(urls),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=BATCH_SECONDS,
    )
    found: Found = json.loads(done.stdout)
    return found


# --- axe --------------------------------------------------------------------------------------


def by_axe(pages: dict[str, str]) -> Found:
    """What axe finds on each page on a phone; in dark, the contrast again."""
    return in_batches("axe", pages, lambda urls: told_by([sys.executable, "-c", ASK_AXE], urls))


def axe_reads() -> None:
    """Read addresses and write what axe finds there: a process of its own."""
    from playwright.sync_api import sync_playwright

    found: Found = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=FLAGS, timeout=PAGE_MILLISECONDS
        )
        page = browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT}, bypass_csp=True, reduced_motion="reduce"
        )
        page.set_default_timeout(PAGE_MILLISECONDS)
        for url in json.load(sys.stdin):
            if said := axe_says_of(page, url):
                found[url] = said
        browser.close()
    print(json.dumps(found))


def axe_says_of(page: Any, url: str) -> list[str]:
    """What axe finds on one page, light and dark."""
    page.emulate_media(color_scheme="light")
    page.goto(url)
    said = axe_says(page, EVERYTHING)
    page.emulate_media(color_scheme="dark")
    return said + [f"dark: {one}" for one in axe_says(page, ["color-contrast"])]


def axe_says(page: Any, rules: list[str]) -> list[str]:
    """Each broken rule with the first place that breaks it."""
    from axe_playwright_python.sync_playwright import Axe

    kind = "rule" if rules == ["color-contrast"] else "tag"
    result = Axe().run(page, options={"runOnly": {"type": kind, "values": rules}})
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in result.response["violations"]
    ]


# --- pa11y and the checker --------------------------------------------------------------------


def by_pa11y(tools: Path, pages: dict[str, str]) -> Found:
    """What pa11y finds on each page, light and as wide as a desk's screen."""
    script, node = tools / "ask.mjs", str(shutil.which("node"))
    script.write_text(
        ASK_PA11Y.format(
            folder=tools,
            chromium=CHROMIUM,
            flags=json.dumps(FLAGS),
            milliseconds=PAGE_MILLISECONDS,
        )
    )
    return in_batches("pa11y", pages, lambda urls: told_by([node, str(script)], urls))


def by_nu(tools: Path, folder: Path, names: dict[str, str]) -> Found:
    """What the Nu HTML checker says of each saved page."""
    jar = tools / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    files = [str(folder / name) for name in names]
    command = ["java", "-jar", str(jar), "--format", "json", *files]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=2 * BATCH_SECONDS
    )
    found: Found = {}
    for one in json.loads(done.stderr)["messages"]:
        if IN_PART_ENGLISH not in one["message"]:
            name = names[Path(one["url"]).name]
            found.setdefault(name, []).append(f"{one['message']} {one.get('extract', '')[:160]}")
    tell("the Nu HTML checker", found)
    return found
