"""The site as a practice runs it: gunicorn with https settings behind a real proxy with TLS."""

import datetime
import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.conftest import FORM, ROOT, collect_static, manage, spare_port

DEPLOY = ROOT / "deploy"
START_SECONDS = 60
NAME = "localhost"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    cookies: list[str]
    body: str


@dataclass(frozen=True, kw_only=True)
class Front:
    """A proxy that runs: its ports, the certificate to trust, and where its pages are."""

    https: int
    plain: int
    upstream: int
    trusted: Path
    pages: Path
    data: Path
    jar: dict[str, str] = field(default_factory=dict)

    def ask(
        self,
        path: str,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """GET a page or POST a form, with cookies, over TLS that is checked."""
        sent = {"Accept-Encoding": "identity", **(headers or {})}
        if data is None:
            return self._request("GET", path, None, sent)
        return self._request(
            "POST", path, urlencode(data, doseq=True), sent | {"Content-Type": FORM}
        )

    def send_picture(self, path: str, content: bytes) -> Answer:
        """POST a form with a picture, as the admin's forms do."""
        mark = "part-of-a-form"
        head = (
            f'--{mark}\r\nContent-Disposition: form-data; name="picture"; filename="a.png"\r\n\r\n'
        )
        body = head.encode() + content + f"\r\n--{mark}--\r\n".encode()
        kind = f"multipart/form-data; boundary={mark}"
        return self._request("POST", path, body, {"Content-Type": kind})

    def _request(
        self, method: str, path: str, body: str | bytes | None, headers: Mapping[str, str]
    ) -> Answer:
        context = ssl.create_default_context(cafile=str(self.trusted))
        connection = http.client.HTTPSConnection(NAME, self.https, context=context, timeout=30)
        cookies = "; ".join(f"{name}={value}" for name, value in self.jar.items())
        origin = {} if method == "GET" else {"Origin": f"https://{NAME}:{self.https}"}
        connection.request(method, path, body, {**headers, **origin, "Cookie": cookies})
        return self._answer(connection)

    def _answer(self, connection: http.client.HTTPConnection) -> Answer:
        got = connection.getresponse()
        cookies = got.headers.get_all("Set-Cookie") or []
        for cookie in cookies:
            name, _, value = cookie.split(";")[0].partition("=")
            self.jar[name] = value
        body = got.read().decode(errors="replace")
        connection.close()
        return Answer(status=got.status, headers=got.headers, cookies=cookies, body=body)

    def ask_plain(self, path: str, *, port: int = 0) -> Answer:
        """GET without encryption, from the proxy or straight from gunicorn."""
        connection = http.client.HTTPConnection(NAME, port or self.plain, timeout=30)
        connection.request("GET", path)
        return self._answer(connection)

    def token(self, page: Answer) -> str:
        """The one-time code of a page's form."""
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.body)
        assert found, page.body[:500]
        return found[1]


@contextmanager
def site(folder: Path, https: int) -> Iterator[int]:
    """Serve the site for https://localhost:PORT with a database of its own; yields its port."""
    port = spare_port()
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | {
        "DATA_DIR": str(folder / "data"),
        "BIND": f"127.0.0.1:{port}",
        "PUBLIC_BASE_URL": f"https://{NAME}:{https}",
        "TRUSTED_PROXIES": "1",
        "WEB_WORKERS": "2",
    }
    collect_static(environment)
    manage(environment, "migrate", "--no-input", "--verbosity", "0")
    command = [sys.executable, "-m", "gunicorn", "--config", "python:chiro.gunicorn", "chiro.wsgi"]
    with running(command, folder / "site.log", environment, port):
        yield port


@contextmanager
def running(
    command: list[str], log: Path, environment: Mapping[str, str], port: int
) -> Iterator[None]:
    """Run a server until the end; fails with its log when it does not listen in time."""
    with log.open("w") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
    try:
        until = time.monotonic() + START_SECONDS
        while not listens(port):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(timeout=START_SECONDS)


def listens(port: int) -> bool:
    """Whether somebody takes connections there."""
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


def caddy(folder: Path, upstream: int, https: int) -> Iterator[Front]:
    """Run `deploy/Caddyfile` as it stands."""
    pages = Path(shutil.copytree(DEPLOY / "maintenance", folder / "pages"))
    plain = spare_port()
    environment = os.environ | {
        "SITE": NAME,
        "UPSTREAM": f"127.0.0.1:{upstream}",
        "PAGES": str(pages),
        "HTTP_PORT": str(plain),
        "HTTPS_PORT": str(https),
        "ADMIN": f"localhost:{spare_port()}",
        "XDG_DATA_HOME": str(folder / "caddy"),
        "XDG_CONFIG_HOME": str(folder / "caddy"),
    }
    program = shutil.which("caddy") or "caddy"
    command = [program, "run", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile")]
    root = folder / "caddy/caddy/pki/authorities/local/root.crt"
    with running(command, folder / "caddy.log", environment, https):
        until = time.monotonic() + START_SECONDS
        while not root.exists() and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(0.5)  # The certificate of the site follows that of the authority.
        yield Front(
            https=https, plain=plain, upstream=upstream, trusted=root, pages=pages, data=folder
        )


def nginx(folder: Path, upstream: int, https: int) -> Iterator[Front]:
    """Run `deploy/nginx.conf` with ports, name and paths of this computer in it."""
    pages = Path(shutil.copytree(DEPLOY / "maintenance", folder / "pages"))
    plain, trusted = spare_port(), certificate(folder)
    text = (DEPLOY / "nginx.conf").read_text()
    for old, new in {
        "listen 443 ssl http2": f"listen 127.0.0.1:{https} ssl http2",
        "listen 80": f"listen 127.0.0.1:{plain}",
        "127.0.0.1:8000": f"127.0.0.1:{upstream}",
        "/etc/letsencrypt/live/screen.yourpractice.example": str(folder),
        "screen.yourpractice.example$request_uri": f"{NAME}:{https}$request_uri",
        "screen.yourpractice.example": NAME,
        "Host $host": f"Host $host:{https}",
        "/opt/chiro/deploy/maintenance": str(pages),
        "/var/log/nginx/chiro-error.log": str(folder / "nginx-error.log"),
    }.items():
        assert old in text, old
        text = text.replace(old, new)
    text = re.sub(r"^ *listen \[::\].*\n", "", text, flags=re.MULTILINE)
    whole = folder / "whole.conf"
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole.write_text(
        f"daemon off; pid {folder}/nginx.pid; worker_processes 1;\n"
        f"events {{ worker_connections 1024; }}\nhttp {{\n{places}{text}\n}}\n"
    )
    folder.chmod(0o755)
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") or "nginx"
    command = [program, "-e", str(folder / "nginx-start.log"), "-c", str(whole)]
    if os.getuid() == 0:
        command += ["-g", "user root;"]
    with running(command, folder / "nginx.log", os.environ, https):
        yield Front(
            https=https, plain=plain, upstream=upstream, trusted=trusted, pages=pages, data=folder
        )


def certificate(folder: Path) -> Path:
    """Write a certificate for localhost that vouches for itself, with its key; returns it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=5))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "fullchain.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path
