"""Outgoing mail: written with the act, sent after it, never lost, never in the way."""

import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from chiro.practice import outbox
from chiro.practice.models import OutboxMessage
from tests.conftest import FormClient

SMTP = "django.core.mail.backends.smtp.EmailBackend"
LINK = "https://clinic.example/i/secret"


def queue() -> OutboxMessage:
    return outbox.queue(
        kind="invitation",
        to="ana@example.org",
        subject="Harbor Street\nChiropractic",
        body=LINK,
    )


class Refuses(socketserver.StreamRequestHandler):
    """A mail server that takes no address."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        for line in self.rfile:
            verb = line[:4].upper()
            refused = verb == b"RCPT"
            self.wfile.write(b"550 5.1.1 ana@example.org unknown\r\n" if refused else b"250 ok\r\n")
            if verb == b"QUIT":
                return


class Takes(socketserver.StreamRequestHandler):
    """A mail server that takes everything."""

    letters: list[str] = []

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        for line in self.rfile:
            if line[:4].upper() == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                self.letters.append(self.letter())
            self.wfile.write(b"250 ok\r\n")
            if line[:4].upper() == b"QUIT":
                return

    def letter(self) -> str:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.decode())
        return "".join(lines)


@pytest.fixture
def server(settings: Any) -> Iterator[Callable[[type], None]]:
    """Put a mail server on this computer in the place of the practice's."""
    started: list[socketserver.TCPServer] = []

    def start(handler: type) -> None:
        found = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=found.serve_forever, args=(0.02,), daemon=True).start()
        started.append(found)
        use(settings, found.server_address[1])

    yield start
    for found in started:
        found.shutdown()
        found.server_close()


def use(settings: Any, port: int, seconds: float = 5) -> None:
    options = {"host": "127.0.0.1", "port": port, "timeout": seconds}
    settings.MAILERS = {"default": {"BACKEND": SMTP, "OPTIONS": options}}


def test_a_letter_is_sent_with_its_own_number_and_its_text_is_forgotten(
    db: None, server: Callable[[type], None]
) -> None:
    Takes.letters.clear()
    server(Takes)
    message = queue()
    assert outbox.send_due() == (1, 0)
    assert outbox.send_due() == (0, 0)
    assert f"Message-ID: {message.message_id}" in Takes.letters[0]
    assert "Subject: Harbor Street Chiropractic" in Takes.letters[0]
    message.refresh_from_db()
    assert message.body == ""
    assert outbox.state(message) == "Sent"


def test_nothing_is_sent_when_the_act_is_undone(db: None) -> None:
    with transaction.atomic():
        queue()
        transaction.set_rollback(True)
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize("fault", ["refuses", "dead", "slow", "none"])
def test_a_bad_mail_server_loses_nothing_and_staff_see_it(
    db: None,
    settings: Any,
    server: Callable[[type], None],
    client_as: Callable[[str], FormClient],
    fault: str,
) -> None:
    said = {
        "refuses": "The mail server refused the address (550)",
        "dead": "The mail server cannot be reached",
        "slow": "The mail server cannot be reached",
        "none": "No mail server is set up",
    }
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        port = silent.getsockname()[1]
        if fault == "refuses":
            server(Refuses)
        elif fault == "none":
            settings.MAILERS = {}
        else:
            use(settings, port, 0.2)
        if fault == "slow":
            silent.listen()
        message = queue()
        assert outbox.send_due() == (0, 1)
    message.refresh_from_db()
    assert message.body == LINK
    assert message.due_at > timezone.now()
    assert outbox.send_due() == (0, 0)  # Not again at once.
    page = client_as("front_desk").get("/admin/practice/outboxmessage/").content.decode()
    assert said[fault] in page
    assert "Not sent, will be tried again" in page
    assert "secret" not in page


def test_the_pauses_grow_and_at_the_end_it_says_so(
    db: None, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(settings, 1, 0.2)
    message = queue()
    now = timezone.now()
    pauses = []
    while message.given_up_at is None:
        monkeypatch.setattr(timezone, "now", lambda at=now: at)
        assert outbox.send_due() == (0, 1)
        message.refresh_from_db()
        pauses.append(message.due_at - now)
        now = message.due_at
    assert pauses[:-1] == sorted(pauses[:-1])
    assert pauses[0] == timedelta(minutes=1)
    assert len(pauses) == 8
    assert message.body == ""
    assert outbox.state(message) == "Not sent, given up"


def test_staff_have_it_tried_again(
    db: None, settings: Any, client_as: Callable[[str], FormClient]
) -> None:
    use(settings, 1, 0.2)
    message = queue()
    outbox.send_due()
    fields = {"action": "send_again", "_selected_action": message.pk}
    assert (
        client_as("chiropractor").post("/admin/practice/outboxmessage/", fields).status_code == 302
    )
    message.refresh_from_db()
    assert message.due_at <= timezone.now()


@pytest.mark.django_db(transaction=True)
def test_four_senders_at_once_send_each_letter_once(server: Callable[[type], None]) -> None:
    Takes.letters.clear()
    server(Takes)
    for _ in range(8):
        queue()

    def send(_: int) -> int:
        try:
            return outbox.send_due()[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(send, range(4))) == 8
    assert len(Takes.letters) == 8


@pytest.mark.django_db(transaction=True)
def test_after_the_commit_it_goes_out_beside_the_request(
    settings: Any, server: Callable[[type], None]
) -> None:
    Takes.letters.clear()
    server(Takes)
    settings.OUTBOX_TRY_AT_ONCE = True
    with transaction.atomic():
        message = queue()
        assert not [thread for thread in threading.enumerate() if thread.name == "outbox"]
    for thread in threading.enumerate():
        if thread.name == "outbox":
            thread.join(10)
    message.refresh_from_db()
    assert message.sent_at is not None


def test_a_sender_that_died_is_followed_by_another(
    db: None, server: Callable[[type], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    server(Takes)
    queue()
    assert outbox._claim() is not None  # Taken, then killed.
    assert outbox.send_due() == (0, 0)
    later = timezone.now() + outbox.CLAIMED_FOR
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert outbox.send_due() == (1, 0)


def test_the_command_says_what_it_did(
    db: None, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    backend = "django.core.mail.backends.locmem.EmailBackend"
    settings.MAILERS = {"default": {"BACKEND": backend}}
    queue()
    call_command("send_outbox")
    assert capsys.readouterr().out == "1 sent, 0 not sent, 0 waiting\n"
    assert len(mail.outbox) == 1
