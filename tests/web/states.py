"""Every page and state that a patient can meet, made with the test client: name and response."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.test import Client

from chiro.practice.models import Practice, User
from screening.answers import check_value, drop_closed, to_json
from screening.models import Draft
from screening.questionnaire import QUESTIONS, SECTIONS, Layout
from tests.web import fault_states, plan_states
from tests.web.reviewing import sent
from tests.web.visitor import IDENTITY, RECORD, Visitor

STOPS = ("rf_bladder", "rf_calf", "rf_needs_doctor_ok")
"""An answer that leads to each of the three pages which end in care."""

LITTLE = {"side_sleep_nights": "0_1", "stance_right": "ok", "leg_lift_right": 0}
PICTURES: dict[str, dict[str, Any]] = {
    "left": {
        **LITTLE,
        "places": ["low_back:left"],
        "hard_one_leg": "left",
        "hard_stairs": "no",
        "one_leg_standing": "2_hours_or_more",
        "standing_leg": "left",
        "sitting_bout": "up_to_30",
    },
    "both": {
        **LITTLE,
        "places": ["low_back:middle"],
        "hard_one_leg": "both",
        "hard_stairs": "no",
    },
    "neither": {**LITTLE, "places": [], "pain_now": 0, "pain_worst": 0},
}
"""Changes of the record that make another result than "likely right"."""


def plain(client: Client) -> Iterator[tuple[str, Any]]:
    """Pages that anybody can open, and refusals."""
    for name, path in (
        ("start", "/"),
        ("privacy", "/privacy/"),
        ("access", "/accessibility/"),
        ("plan code", "/plan/"),
        ("link does not work", "/p/" + 43 * "x" + "/"),
        ("not found", "/nowhere/"),
        ("no tablet", "/kiosk/"),
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


def one_by_one(client: Client) -> Iterator[tuple[str, Any]]:
    """Each safety page again for somebody who is not sure: item by item, and with errors."""
    visitor = Visitor(client).start()
    while visitor.slug != "where":
        if visitor.section.layout is Layout.SAFETY:
            address = f"{visitor.url}one-by-one/"
            yield f"{visitor.slug} one by one", client.get(address)
            yield f"{visitor.slug} one by one with errors", client.post(address, {})
        visitor.answer()


def help_now(client: Client) -> Iterator[tuple[str, Any]]:
    """An emergency long before the end: the page to act on, with a name asked for, with errors."""
    visitor = Visitor(client, record={**RECORD, "rf_bladder": "yes"}).start()
    while visitor.slug != "help-now":
        visitor.answer()
    yield "help now", visitor.see()
    yield "help now with errors", visitor.post({"full_name": ""})
    yield "start, stopped", client.get("/")


def results(client_class: type[Client]) -> Iterator[tuple[str, Any]]:
    """The other pictures of a result, what waits for a chiropractor, the first exercises."""
    for name, changes in PICTURES.items():
        visitor = Visitor(client_class(), record={**RECORD, **changes}).start()
        at_the_end(visitor.client, visitor.record)
        visitor.client.post("/check/send/")
        yield f"result {name}", visitor.client.get("/result/")
    screening = sent()
    with policies(result_policy=Practice.ResultPolicy.AFTER_REVIEW):
        yield "result waiting", plan_states.holding(client_class(), screening).get("/result/")
    with policies(plan_policy="starter_at_once"):
        client = plan_states.holding(client_class(), sent())
        yield "result, first exercises", client.get("/result/")
        yield "first exercises", client.get("/first-exercises/")


@contextmanager
def policies(**changes: str) -> Iterator[None]:
    """The practice decides otherwise for a while."""
    before = {name: getattr(Practice.current(), name) for name in changes}
    Practice.objects.update(**changes)
    yield
    Practice.objects.update(**before)


def stops(client_class: type[Client]) -> Iterator[tuple[str, Any]]:
    """The three pages that end in care, from a draft that is complete but for one answer."""
    for key in STOPS:
        visitor = Visitor(client_class()).start()
        answers = {**RECORD, key: "yes", f"{key}_onset": "new"}
        at_the_end(visitor.client, answers)
        visitor.client.post("/check/send/")
        yield f"stop {key}", visitor.client.get("/result/", follow=True)


def at_the_end(client: Client, answers: dict[str, Any]) -> None:
    """Put these answers, but for those that others close, into a visitor's draft."""
    given = {key: check_value(QUESTIONS[key], answers[key]) for key in answers if key in QUESTIONS}
    born = f"{IDENTITY['birth_year']}-04-15"
    Draft.objects.filter(submission_key=client.session["draft"]).update(
        answers=to_json(drop_closed(given)[0]),
        progress={"answered": [section.slug for section in SECTIONS]},
        identity=IDENTITY | {"birth_date": born},
    )


def every(client_class: type[Client], by: User) -> Iterator[tuple[str, Any]]:
    """All of them, and those behind a link; `by` is a chiropractor."""
    yield from plain(client_class())
    yield from questions(client_class())
    yield from one_by_one(client_class())
    yield from help_now(client_class())
    yield from stops(client_class)
    yield from results(client_class)
    yield from fault_states.every(client_class)
    yield from plan_states.every(client_class, by)
