"""A light HTTP client: few lines between the load and the socket, so that it measures the site.

Connections are shared by all visitors, as those of a balancer are; cookies are each visitor's own.
"""

import asyncio
import ssl
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

FORM = "application/x-www-form-urlencoded"
CSRF = "f" * 32
"""The one-time code of every visitor: cookie and form agree, which is all that is asked."""

TIMEOUT_SECONDS = 60.0
GZIP = 31


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `body` is as it was before compression."""

    status: int
    headers: Mapping[str, str]
    cookies: tuple[str, ...]
    body: bytes


class UnansweredError(OSError):
    """The server went away before it answered, or took longer than anybody waits."""


class Server:
    """One web process, and the connections to it that are open and free.

    `trusted` is the certificate to trust where a proxy with TLS stands in front.
    """

    def __init__(self, port: int, trusted: Path | None = None) -> None:
        self.port = port
        self._tls = ssl.create_default_context(cafile=str(trusted)) if trusted else None
        self._site = f"https://localhost:{port}" if trusted else f"http://127.0.0.1:{port}"
        self.prefix = "__Host-" if trusted else ""
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def ask(
        self, path: str, data: Mapping[str, object] | None, cookies: Mapping[str, str]
    ) -> Answer:
        """GET a page or POST a form. Raises UnansweredError."""
        message = _message(self._site, path, data, {f"{self.prefix}csrf": CSRF} | dict(cookies))
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                while self._free:
                    try:
                        return await self._exchange(*self._free.pop(), message)
                    except (OSError, asyncio.IncompleteReadError):
                        continue  # It was closed while it was free.
                return await self._exchange(*await self.open(), message)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError) as fault:
            raise UnansweredError(type(fault).__name__) from fault

    async def open(
        self, address: str = "127.0.0.1"
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A new connection from this address of our own."""
        name = "localhost" if self._tls else None
        return await asyncio.open_connection(
            "127.0.0.1",
            self.port,
            ssl=self._tls,
            server_hostname=name,
            limit=1 << 20,
            local_addr=(address, 0),
        )

    async def _exchange(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, message: bytes
    ) -> Answer:
        """Send and read; the connection is free again where the server keeps it open."""
        try:
            writer.write(message)
            status, headers, cookies = _head(await reader.readuntil(b"\r\n\r\n"))
            body = await reader.readexactly(int(headers.get("content-length", 0)))
        except BaseException:
            writer.close()
            raise
        if headers.get("connection", "").lower() == "close":
            writer.close()
        else:
            self._free.append((reader, writer))
        if headers.get("content-encoding") == "gzip":
            body = zlib.decompress(body, GZIP)
        return Answer(status, headers, cookies, body)

    def close(self) -> None:
        """Close what is open."""
        for _, writer in self._free:
            writer.close()
        self._free.clear()


def _message(
    site: str, path: str, data: Mapping[str, object] | None, cookies: Mapping[str, str]
) -> bytes:
    sent = "; ".join(f"{name}={value}" for name, value in cookies.items())
    head = (
        f"Host: {site.partition('//')[2]}\r\nAccept-Encoding: gzip\r\nAccept-Language: en\r\n"
        f"Cookie: {sent}\r\n"
    )
    if data is None:
        return f"GET {path} HTTP/1.1\r\n{head}\r\n".encode()
    body = urlencode({**data, "csrfmiddlewaretoken": CSRF}, doseq=True).encode()
    head += f"Origin: {site}\r\nContent-Type: {FORM}\r\nContent-Length: {len(body)}\r\n"
    return f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + body


def _head(raw: bytes) -> tuple[int, dict[str, str], tuple[str, ...]]:
    first, *lines = raw.decode("latin-1").split("\r\n")
    headers, cookies = {}, []
    for line in lines:
        name, _, value = line.partition(": ")
        if name.lower() == "set-cookie":
            cookies.append(value.split(";", 1)[0])
        else:
            headers[name.lower()] = value
    return int(first.split(" ", 2)[1]), headers, tuple(cookies)
