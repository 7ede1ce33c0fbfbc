"""The worker of gunicorn that serves the site: a thread gets a request only when it is all here.

Gunicorn's own threaded worker reads in its threads, so that a handful of visitors who send slowly,
or nothing, or do not hang up, keep all of them. This one collects what arrives beside them, for at
most `ARRIVES_SECONDS`, and notes for each request how long it then waited for a thread
(`chiro.practice.waiting`), so that a site with too much to do can say so instead of queueing.
"""

import re
import selectors
import socket
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

from chiro.practice import waiting

ARRIVES_SECONDS = 15.0
"""Within which a request must be here, as in the proxies of `deploy/`."""

LEAVES_SECONDS = 2.0
"""Within which a visitor must hang up after the last answer."""

SENT_AHEAD_BYTES = 425_984
"""What the kernel takes of an answer before its reader does: a thread is free once it is there."""

CHUNK_BYTES = 65_536
MOST_HELD_BYTES = 2_400_000
"""The longest form (a picture in the admin) and its head. What is longer is not held: it is refused
by the length that it announces."""

NEW_AT_ONCE = 64
END_OF_HEAD = b"\r\n\r\n"
LAST_CHUNK = b"0\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,15})[ \t]*\r\n", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)


def is_whole(arrived: bytes | bytearray) -> bool:
    """Whether these bytes are a whole request, or one that need not be waited for any longer.

    Nothing is judged here: the parser refuses what is no request.
    """
    end = arrived.find(END_OF_HEAD)
    if end < 0:
        return len(arrived) > CHUNK_BYTES
    head = arrived[: end + len(END_OF_HEAD)]
    if CHUNKED.search(head):
        return arrived.endswith(LAST_CHUNK) or len(arrived) > MOST_HELD_BYTES
    length = LENGTH.search(head)
    wanted = len(head) + (int(length[1]) if length else 0)
    return len(arrived) >= wanted or wanted > MOST_HELD_BYTES


def read(client: socket.socket) -> bytes | None:
    """What is there; nothing where the visitor has left, None where there is nothing yet."""
    try:
        return client.recv(CHUNK_BYTES)
    except BlockingIOError:
        return None
    except OSError:
        return b""


class Arriving(TConn):  # type: ignore[misc]
    """A connection with what has arrived of its next request."""

    def __init__(self, *place: Any) -> None:
        super().__init__(*place)
        self.arrived = bytearray()
        self.whole_at = 0.0


class WholeRequests(ThreadWorker):  # type: ignore[misc]
    """See the module."""

    def accept(self, listener: socket.socket) -> None:
        """Take the new connections and wait for what they send."""
        for _ in range(NEW_AT_ONCE):
            try:
                client, address = listener.accept()
            except OSError:  # Nobody is there any more, or another process was first.
                return
            self.nr_conns += 1
            client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SENT_AHEAD_BYTES)
            self.wait_for(Arriving(self.cfg, client, address, listener.getsockname()))

    def on_client_socket_readable(self, conn: Arriving, client: socket.socket) -> None:
        """Collect the next request of a connection that was kept open."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self.wait_for(conn)

    def wait_for(self, conn: Arriving) -> None:
        """Collect what comes, until it is whole or late (`murder_pending` of gunicorn)."""
        self.watch(conn, self.on_arrival, ARRIVES_SECONDS)

    def watch(self, conn: Arriving, reads: Callable[..., None], seconds: float) -> None:
        """Call this when there is something to read; close the connection after so long."""
        conn.timeout = time.monotonic() + seconds
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(reads, conn))

    def unwatch(self, conn: Arriving) -> None:
        """Stop what `watch` began."""
        self.poller.unregister(conn.sock)
        self.pending_conns.remove(conn)

    def on_arrival(self, conn: Arriving, client: socket.socket) -> None:
        """Read what is there; hand the request over once it is whole."""
        data = read(client)
        if data is None:
            return
        conn.arrived += data
        if not data:
            self.hang_up(conn)
        elif is_whole(conn.arrived):
            self.unwatch(conn)
            self.enqueue_req(conn)

    def hang_up(self, conn: Arriving) -> None:
        """Close a watched connection."""
        self.unwatch(conn)
        self.nr_conns -= 1
        conn.close()

    def finish_request(self, conn: Arriving, fs: Future[Any]) -> None:
        """Keep the connection, or let the visitor hang up: gunicorn would wait for that here."""
        if fs.cancelled() or fs.exception() or fs.result():
            super().finish_request(conn, fs)
            return
        conn.sock.setblocking(False)
        with suppress(OSError):
            conn.sock.shutdown(socket.SHUT_WR)
        self.watch(conn, self.on_leaving, LEAVES_SECONDS)

    def on_leaving(self, conn: Arriving, client: socket.socket) -> None:
        """Throw away what still comes; a connection that is closed with it unread is cut off."""
        if read(client) == b"":
            self.hang_up(conn)

    def enqueue_req(self, conn: Arriving) -> None:
        """Let the next free thread answer."""
        conn.whole_at = time.monotonic()
        super().enqueue_req(conn)

    def handle(self, conn: Arriving) -> Any:
        """Answer, in a thread."""
        waiting.taken(after=time.monotonic() - conn.whole_at)
        conn.data_ready = True
        conn.init()
        arrived, conn.arrived = bytes(conn.arrived), bytearray()
        conn.parser.unreader.unread(arrived)
        return super().handle(conn)

    def _cap_keepalive(self, deadline: float) -> None:
        """When stopping, do not wait for visitors who have sent nothing yet."""
        super()._cap_keepalive(deadline)
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout, deadline)
