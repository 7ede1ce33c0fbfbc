"""Known scanners against the running site on this computer: `script/bench scan`.

Each tool is optional: one that is not installed says how to get it, and that it did not run.
Tools are looked for beside this Python, in `SCANNERS` (a folder) and on the path. A finding that
`EXPLAINED` does not explain falls short. Everything stays on 127.0.0.1 but the advisories of
pip-audit.
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
from urllib.parse import urlencode

from script.benchmarks.figures import Figure, report
from script.benchmarks.served import ROOT, Browser, served

SECONDS = int(os.environ.get("SCAN_SECONDS", "300"))
"""How long one tool may take for one address."""

HOW_TO_INSTALL = {
    "bandit": "pip install bandit",
    "pip-audit": "pip install pip-audit",
    "sqlmap": "pip install sqlmap",
    "wapiti": "pip install wapiti3",
    "nikto": "apt-get install nikto, where this Debian has it",
}
FORMS: Mapping[str, Mapping[str, str]] = {
    "/": {"start": "new", "website": ""},
    "/i/": {"code": "7KQ4MXRD"},
    "/resume/": {"code": "7KQ4MXRD", "birth_month": "4", "birth_day": "15", "birth_year": "1984"},
    "/plan/": {"code": "7KQ4MXRD7KQ4", "birth_month": "4", "birth_day": "15", "birth_year": "1984"},
    "/language/": {"language": "en", "next": "/"},
    "/admin/login/": {"login": "owner", "password": "wrong"},
}
"""The forms that a stranger reaches, filled in."""

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


def run(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a tool for as long as it may take; what it said until then counts."""
    try:
        return subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False
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
    """Crawl every page and try the usual attacks."""
    path = folder / "wapiti.json"
    command = [tool("wapiti"), "-u", f"http://127.0.0.1:{port}/", "--scope", "domain"]
    command += ["--flush-session", "--store-session", str(folder), "--no-bugreport", "-v", "0"]
    run([*command, "--max-scan-time", str(SECONDS - 30), "-f", "json", "-o", str(path)])
    if not path.exists():
        raise NotHereError(f"ended without a report after {SECONDS} s; raise SCAN_SECONDS")
    found = json.loads(path.read_text())
    for kind, places in (found["vulnerabilities"] | found["anomalies"]).items():
        for place in places:
            yield Finding(kind=f"wapiti {kind}", where=f"{place['method']} {place['path']}")


def sqlmap(port: int, folder: Path) -> Iterator[Finding]:
    """Try to turn every field of every form into a query."""
    command = [tool("sqlmap"), "--batch", "--disable-coloring", "--output-dir", str(folder)]
    command += ["--level", "2", "--technique", "BEU", "--threads", "4", "--ignore-code", "*"]
    for path, fields in FORMS.items():
        site = f"http://127.0.0.1:{port}"
        browser = Browser(port)
        data = dict(fields) | {"csrfmiddlewaretoken": browser.token("/")}
        cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        tested = ["-u", site + path, "--data", urlencode(data), "--cookie", cookie]
        done = run([*command, *tested, "-p", ",".join(fields), "--drop-set-cookie"])
        if "identified the following injection point" in done.stdout:
            yield Finding(kind="sqlmap injection", where=path)
        if "tested parameters do not appear" not in done.stdout and done.returncode != 0:
            yield Finding(kind=f"sqlmap did not end ({done.returncode})", where=path)


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
    """Serve an empty site in a folder of its own and let each tool at it."""
    with tempfile.TemporaryDirectory() as name:
        folder, environment = Path(name), os.environ | {"DATA_DIR": name}
        for command in (["collectstatic", "--no-input"], ["migrate", "--no-input"]):
            manage = [sys.executable, "manage.py", *command, "--verbosity", "0"]
            subprocess.run(manage, cwd=ROOT, env=environment, check=True)
        with served("chiro.wsgi", folder) as port:
            for tool_name in names or list(TOOLS):
                try:
                    yield told(tool_name, list(TOOLS[tool_name](port, folder)))
                except NotHereError as missing:
                    print(f"{tool_name}: {missing}", flush=True)


if __name__ == "__main__":
    report(scan(sys.argv[1:]))
