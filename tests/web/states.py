"""Every page and state that a patient can meet, made with the test client: name and response."""

from collections.abc import Iterator
from typing import Any

from django.test import Client

from chiro.practice.models import User
from screening.models import Draft
from screening.questionnaire import QUESTIONS, SECTIONS
from tests.web import plan_states
from tests.web.visitor import IDENTITY, RECORD, Visitor

STOPS = ("rf_bladder", "rf_calf", "rf_needs_doctor_ok")
"""An answer that leads to each of the three pages which end in care."""


def plain(client: Client) -> Iterator[tuple[str, Any]]:
    """Pages that anybody can open, and refusals."""
    for name, path in (
        ("start", "/"),
        ("privacy", "/privacy/"),
        ("access", "/accessibility/"),
        ("plan code", "/plan/"),
        ("link does not work", "/p/" + 43 * "x" + "/"),
        ("not found", "/nowhere/"),
        ("bad request", "/?a=%00"),
    ):
        yield name, client.get(path)
    yield "answers not kept", client.post("/check/age/", {"age": "42"})
    yield "too large", client.post("/", {"start": "x" * 300_000})
    yield "wrong format", client.post("/", b"{}", content_type="application/json")
    strict = client.__class__(enforce_csrf_checks=True)
    yield "form expired", strict.post("/", {"start": "new"})


def questions(client: Client) -> Iterator[tuple[str, Any]]:
    """Each question as it opens and with errors, the answers and the result."""
    visitor = Visitor(client).start()
    while visitor.slug != "answers":
        yield visitor.slug, visitor.see()
        refused = visitor.post({})
        if refused.status_code == 422:
            yield f"{visitor.slug} with errors", refused
        visitor.answer()
    yield "answers", visitor.see()
    visitor.send()
    yield "result", visitor.see()


def stops(client_class: type[Client]) -> Iterator[tuple[str, Any]]:
    """The three pages that end in care, from a draft that is complete but for one answer."""
    for key in STOPS:
        visitor = Visitor(client_class()).start()
        answers = {**RECORD, key: "yes", f"{key}_onset": "new"}
        born = f"{IDENTITY['birth_year']}-04-15"
        Draft.objects.filter(submission_key=visitor.client.session["draft"]).update(
            answers={name: value for name, value in answers.items() if name in QUESTIONS},
            progress={"answered": [section.slug for section in SECTIONS]},
            identity=IDENTITY | {"birth_date": born},
        )
        visitor.client.post("/check/send/")
        yield f"stop {key}", visitor.client.get("/result/", follow=True)


def every(client_class: type[Client], by: User) -> Iterator[tuple[str, Any]]:
    """All of them, and those behind a link; `by` is a chiropractor."""
    yield from plain(client_class())
    yield from questions(client_class())
    yield from stops(client_class)
    yield from plan_states.every(client_class, by)
