"""Known scanners against the running site on this computer: `script/bench scan [TOOL...]`.

Each tool is optional: one that is not installed says how to get it, and that it did not run.
Tools are looked for beside this Python, in `SCANNERS` (a folder) and on the path. A finding that
`EXPLAINED` does not explain falls short. Everything stays on 127.0.0.1 but the advisories of
pip-audit. The site holds the examples and stops nobody for trying too often (`scan_site`): a
scanner that is stopped after ten tries proves nothing. sqlmap gets every form of patients and
staff (`scan_forms`), each with a session that may send it.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from script.benchmarks import scan_forms
from script.benchmarks.figures import Figure, report
from script.benchmarks.served import ROOT, Browser, served

SECONDS = int(os.environ.get("SCAN_SECONDS", "300"))
"""How long one tool may take for one address."""

HOW_TO_INSTALL = {
    "bandit": "pip install bandit",
    "pip-audit": "pip install pip-audit",
    "sqlmap": "pip install sqlmap",
    "wapiti": "pip install wapiti3",
    "nikto": "apt-get install nikto (Debian has it in non-free), or NIKTO=/path/to/nikto.pl",
}
WAPITI_MODULES = (
    "backup,crlf,csrf,exec,file,htaccess,ldap,methods,permanentxss,redirect,shellshock,sql,upload,xss,"
    "xxe"
)
"""All that attack this site; left out are those for other products and those that need a server of
the tool's makers to call back."""

EXPLAINED = {
    "bandit B101": "asserts only tell the type checker what is known; nothing relies on them",
    "bandit B314": "the XML is our own drawings, never what somebody sent",
    "bandit B405": "the XML is our own drawings, never what somebody sent",
    "bandit B406": "only the function that escapes is used; nothing is parsed",
    "bandit B608": "the words of these statements are names of our own tables",
    "wapiti Secure Flag cookie": "scanned without TLS; with an https address cookies are Secure",
    "wapiti HTTP Strict Transport Security (HSTS)": "scanned without TLS; https switches it on",
    "wapiti Unencrypted Channels": "scanned without TLS on this computer; https is redirected to",
    "wapiti Information Disclosure - Full Path": "the paths are addresses of the site",
    "wapiti Cleartext Submission of Username": "scanned without TLS on this computer",
    "wapiti Cleartext Submission of Password": "scanned without TLS on this computer",
}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""What the HTTP observatory gives points for, with what the value begins with."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a tool found: its kind, as `EXPLAINED` names it, and where."""

    kind: str
    where: str


class NotHereError(Exception):
    """A tool is not installed or cannot work here; str() says what to do."""


def tool(name: str) -> str:
    """The path of a tool. Raises NotHereError."""
    places = [str(Path(sys.executable).parent), os.environ.get("SCANNERS", ""), os.environ["PATH"]]
    found = shutil.which(name, path=os.pathsep.join(place for place in places if place))
    if found is None:
        raise NotHereError(f"not here: {HOW_TO_INSTALL[name]}")
    return found


def run(command: list[str], seconds: int = SECONDS) -> subprocess.CompletedProcess[str]:
    """Run a tool for as long as it may take; what it said until then counts."""
    try:
        return subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired as late:
        said = late.stdout.decode() if isinstance(late.stdout, bytes) else late.stdout or ""
        return subprocess.CompletedProcess(command, 124, said, "")


def bandit(port: int, folder: Path) -> Iterator[Finding]:
    """Risky Python in the source."""
    done = run([tool("bandit"), "-q", "-r", "chiro", "screening", "exercises", "-f", "json"])
    for found in json.loads(done.stdout)["results"]:
        where = f"{found['filename']}:{found['line_number']}"
        yield Finding(kind=f"bandit {found['test_id']}", where=where)


def pip_audit(port: int, folder: Path) -> Iterator[Finding]:
    """Libraries with a published fault. Unreachable advisories are no good news."""
    command = [tool("pip-audit"), "--strict", "--disable-pip", "--format", "json"]
    done = run([*command, "--require-hashes", "-r", "requirements.txt"])
    if not done.stdout.strip().startswith("{"):
        raise NotHereError(f"not here: advisories cannot be reached ({done.stderr.strip()[-120:]})")
    for package in json.loads(done.stdout)["dependencies"]:
        for fault in package.get("vulns", []):
            yield Finding(kind=f"pip-audit {fault['id']}", where=package["name"])


def wapiti(port: int, folder: Path) -> Iterator[Finding]:
    """Crawl the pages and try the usual attacks, each for a part of the time."""
    path, site = folder / "wapiti.json", f"http://127.0.0.1:{port}"
    each = SECONDS / (2 + WAPITI_MODULES.count(","))
    command = [tool("wapiti"), "-u", f"{site}/", "--scope", "domain", "-m", WAPITI_MODULES]
    command += ["-s", f"{site}/plan/", "-s", f"{site}/i/", "-s", f"{site}/admin/login/"]
    command += ["-x", f"{site}/static/*", "-x", f"{site}/look/*", "-d", "4"]
    command += ["--max-links-per-page", "30", "--max-files-per-dir", "15", "--tasks", "4"]
    command += ["--max-scan-time", f"{SECONDS - each:.0f}", "--max-attack-time", f"{each:.0f}"]
    command += ["--flush-session", "--store-session", str(folder), "--no-bugreport", "-v", "0"]
    command += ["--store-config", str(folder), "--endpoint", f"{site}/", "-t", "10"]
    run([*command, "-f", "json", "-o", str(path)], seconds=2 * SECONDS)
    if not path.exists():
        raise NotHereError(f"ended without a report after {2 * SECONDS} s; raise SCAN_SECONDS")
    found = json.loads(path.read_text())
    print(f"  wapiti saw {found['infos'].get('crawled_pages_nbr', '?')} pages", flush=True)
    for kind, places in (found["vulnerabilities"] | found["anomalies"]).items():
        for place in places:
            yield Finding(kind=f"wapiti {kind}", where=f"{place['method']} {place['path']}")


def sqlmap(port: int, folder: Path) -> Iterator[Finding]:
    """Try to turn every field of every form into a query. The database is told: SQLite."""
    command = [tool("sqlmap"), "--batch", "--disable-coloring", "--output-dir", str(folder)]
    command += ["--dbms", "SQLite", "--technique", "BEU", "--threads", "4", "--ignore-code", "*"]
    command += ["--flush-session", "--drop-set-cookie", "--ignore-redirects", "--timeout", "20"]
    sent = 0
    for form in scan_forms.forms():
        said = run([*command, *form.words(f"http://127.0.0.1:{port}")])
        sent += 1
        if "identified the following injection point" in said.stdout:
            (folder / "sqlmap-found.txt").open("a").write(said.stdout)
            yield Finding(kind=f"sqlmap injection {form.path}", where=form.path)
        elif "tested parameters do not appear" not in said.stdout:
            told = f"{said.returncode}: {said.stdout.strip()[-160:]}"
            yield Finding(kind=f"sqlmap did not end {form.path}", where=told)
    print(f"  sqlmap tried {sent} forms", flush=True)


def nikto(port: int, folder: Path) -> Iterator[Finding]:
    """Look for files and headers that servers should not have."""
    path = folder / "nikto.json"
    limit = ["-maxtime", f"{SECONDS - 30}s", "-nointeractive", "-ask", "no"]
    run([tool("nikto"), "-h", f"http://127.0.0.1:{port}/", *limit, "-o", str(path)])
    for host in json.loads(path.read_text() or "[]"):
        for found in host.get("vulnerabilities", []):
            yield Finding(kind=f"nikto {found['id']}", where=found["msg"])


def observatory(port: int, folder: Path) -> Iterator[Finding]:
    """The rules of the HTTP observatory, on pages, refusals and what is not there."""
    for path in ("/", "/privacy/", "/plan/", "/admin/login/", "/nowhere/", "/robots.txt"):
        got = Browser(port).ask(path).headers
        for name, begins in HEADERS.items():
            if not got.get(name, "").startswith(begins):
                yield Finding(kind=f"observatory {name}", where=path)
        if "unsafe" in got.get("Content-Security-Policy", "unsafe"):
            yield Finding(kind="observatory unsafe policy", where=path)
        if "Server" in got and any(sign.isdigit() for sign in got["Server"]):
            yield Finding(kind="observatory version shown", where=path)
        cookie = got.get("Set-Cookie", "HttpOnly; SameSite=Lax")
        if "HttpOnly" not in cookie or "SameSite" not in cookie:
            yield Finding(kind="observatory cookie", where=path)


TOOLS: Mapping[str, Callable[[int, Path], Iterator[Finding]]] = {
    "bandit": bandit,
    "observatory": observatory,
    "pip-audit": pip_audit,
    "nikto": nikto,
    "sqlmap": sqlmap,
    "wapiti": wapiti,
}


def told(name: str, found: list[Finding]) -> Figure:
    """Print each kind once with its places or its explanation; count what nobody explained."""
    for kind in sorted({finding.kind for finding in found}):
        places = [finding.where for finding in found if finding.kind == kind]
        why = EXPLAINED.get(kind)
        print(f"  {kind}, {len(places)} times: {why or 'NOT EXPLAINED: ' + '; '.join(places[:5])}")
    unexplained = sum(finding.kind not in EXPLAINED for finding in found)
    return Figure(
        name=f"{name}, unexplained findings", value=unexplained, unit="", goal=0, digits=0
    )


def scan(names: list[str]) -> Iterator[Figure]:
    """Serve the examples in a folder of its own and let each tool at it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["DATA_DIR"] = name
        os.environ["DJANGO_SETTINGS_MODULE"] = "script.benchmarks.scan_settings"
        for words in (["collectstatic", "--no-input"], ["migrate", "--no-input"], ["demo"]):
            command = [sys.executable, "manage.py", *words, "--verbosity", "0"]
            subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        with served("script.benchmarks.scan_site:application", folder) as port:
            for tool_name in names or list(TOOLS):
                try:
                    yield told(tool_name, list(TOOLS[tool_name](port, folder)))
                except NotHereError as missing:
                    print(f"{tool_name}: {missing}", flush=True)


if __name__ == "__main__":
    report(scan(sys.argv[1:]))
