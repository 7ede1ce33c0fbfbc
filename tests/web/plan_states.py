"""The pages behind a link of a patient, state by state, and the doors to them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from django.test import Client
from django.utils import timezone
from django.utils.translation import get_language

from chiro.languages import ENGLISH
from chiro.practice.links import new_token
from chiro.practice.models import Practice, User
from exercises import handout, opened, rendering
from exercises.models import Plan
from exercises.services import links
from screening.models import Screening
from screening.services import invitations
from screening.services import kiosk as kiosks
from tests.web.reviewing import sent
from tests.web.visitor import Visitor

type Pages = Iterator[tuple[str, Any]]

BORN = {"birth_month": "4", "birth_day": "15", "birth_year": "1984"}
NOT_BORN = BORN | {"birth_year": "1948"}
WELL = {"pain_now": "1", "pain_worst": "3", "activity_1": "7", "change": "better", "signs": "none"}


def approved(by: User, *, days: int) -> Screening:
    """A new patient's screening, sent in the active language, with a plan approved days ago."""
    screening = sent(name=f"Maria Alvarez {Screening.objects.count()}")
    plan = Plan.objects.get(screening=screening)
    began = timezone.now() - timedelta(days=days)
    plan.content = handout.compose(plan, clinician=by, practice=Practice.current(), on=began.date())
    plan.status, plan.approved_at, plan.approved_by = Plan.Status.APPROVED, began, by
    plan.save()
    return screening


def plan(client: Client, by: User) -> Pages:
    """The door, the plan in its second week, its diary, the check-in, progress, the check again."""
    screening = approved(by, days=14)
    address = f"/p/{links.issue(screening=screening, by=by)}/"
    yield "plan door", client.get(address)
    yield "plan door with errors", client.post(address, NOT_BORN)
    client.post(address, BORN)
    for name, path in (
        ("plan", "/plan/"),
        ("plan diary", "/plan/diary/"),
        ("plan diary days", "/plan/diary/days/"),
        ("plan check-in", "/plan/check-in/"),
        ("plan progress, first", "/plan/progress/"),
        ("plan again", "/plan/again/"),
        ("plan still there", "/plan/still-there/"),
    ):
        yield name, client.get(path)
    yield "plan check-in with errors", client.post("/plan/check-in/", {"key": "k"})
    yield from after_check_ins(client)
    yield from written(client, screening)
    yield from left_alone(client)
    yield "plan closed", client.post("/plan/close/")
    yield "plan code with errors", client.post("/plan/", {"code": "x", "birth_month": "13"})
    yield "plan code, wrong", client.post("/plan/", {"code": "ABCD-EFGH-JKMN"} | BORN)


def after_check_ins(client: Client) -> Pages:
    """What follows a check-in that tells of nothing serious."""
    client.post("/plan/check-in/", WELL | {"key": new_token()})
    yield "plan check-in sent", client.get("/plan/check-in/")
    yield "plan progress", client.get("/plan/progress/")


def written(client: Client, screening: Screening) -> Pages:
    """The diary with something in it, and with errors; a paper that cannot be made."""
    made = Plan.objects.get(screening=screening)
    cards = (made.content or {})["exercises"]
    now = {"version": str(made.version), "day": timezone.localdate().isoformat()}
    for card in cards:
        done = {"slug": card["slug"], "state": "done", "place": "1", "key": new_token()}
        client.post("/plan/done/", now | done)
    yield "plan, all done today", client.get("/plan/")
    day = {"version": str(made.version), "key": new_token()}
    client.post("/plan/diary/", day | {"pain": "3", "difficulty": "right"})
    yield "plan diary, written", client.get("/plan/diary/")
    yield "plan diary with errors", client.post("/plan/diary/", day | {"pain": "99"})
    yield "plan diary days, written", client.get("/plan/diary/days/")
    no_paper = rendering.RenderingError(rendering.HUNG)
    with patch.object(rendering.Place, "render", side_effect=no_paper):
        yield "plan without a paper", client.get("/plan/home-exercise-plan.pdf")


def left_alone(client: Client) -> Pages:
    """The plan when nobody used it for an hour; a wrong birth date; a tick that was on its way."""
    del client.cookies[opened.COOKIE]
    yield "plan left alone", client.get("/plan/")
    yield "plan left alone, wrong birth date", client.post("/plan/", NOT_BORN)
    yield "plan left alone, carried", client.post("/plan/done/", {"slug": "x", "state": "done"})


def later(client: Client, by: User) -> Pages:
    """A second check: what changed, and a plan that waits or was followed by another."""
    first = approved(by, days=42)
    address = f"/p/{links.issue(screening=first, by=by)}/"
    client.post(address, BORN)
    second = sent(name=first.patient.full_name, pain_worst=3, knee_pillow="always")
    yield "plan, then and now", client.get("/plan/then-and-now/")
    yield "result of the check again", holding(client, second).get("/result/")
    Plan.objects.filter(screening=second).update(
        status=Plan.Status.APPROVED, approved_at=timezone.now(), approved_by=by, content={}
    )
    yield "plan replaced", client.get("/plan/")
    Plan.objects.filter(screening__in=(first, second)).update(status=Plan.Status.DRAFT)
    yield "plan waiting", client.get("/plan/")


def holding(client: Client, screening: Screening) -> Client:
    """The browser that sent a screening."""
    session = client.session
    session["draft"] = screening.submission_key
    session.save()
    return client


def locked(client: Client, by: User) -> Pages:
    """A door after five wrong birth dates."""
    address = f"/p/{links.issue(screening=approved(by, days=3), by=by)}/"
    for _ in range(5):
        page = client.post(address, NOT_BORN)
    yield "plan locked", page


def care(client: Client, by: User) -> Pages:
    """Check-ins that tell of something serious."""
    for sign in ("bladder", "calf"):
        address = f"/p/{links.issue(screening=approved(by, days=14), by=by)}/"
        client.post(address, BORN)
        client.post("/plan/check-in/", WELL | {"key": new_token(), "signs": sign})
        yield f"plan check-in {sign}", client.get("/plan/check-in/")
        yield f"plan paused, {sign}", client.get("/plan/")


def doors(client_class: type[Client], by: User) -> Pages:
    """Invitation, tablet, and answers that were saved for another device."""
    code, mail = get_language() or ENGLISH, "maria@example.org"
    made = invitations.issue(by=by, patient=sent().patient, language=code, email=mail)
    client = client_class()
    yield "invitation", client.get(f"/i/{made.token}/")
    yield "invitation code", client.get("/i/")
    client.post(f"/i/{made.token}/", {"do": "start"})
    yield "invitation opened here", client.get(f"/i/{made.token}/")
    yield "invitation code with errors", client.post("/i/", {"code": "x"})
    other = client_class()
    yield "invitation opened elsewhere", other.post(f"/i/{made.token}/", follow=True)
    yield "invitation opened elsewhere, wrong", other.post("/i/begun/", NOT_BORN)
    invitations.revoke(invitation=made.invitation, by=by)
    yield "invitation ended", client_class().get(f"/i/{made.token}/")
    yield "resume", client.get("/resume/")
    yield "resume with errors", client.post("/resume/", {"code": "x"} | BORN)
    for _ in range(30):
        page = client.post("/resume/", {"code": "ABCD EFGH"} | BORN)
    yield "too many tries", page
    visitor = Visitor(client_class()).start().until("places")
    yield "saved", visitor.client.get("/saved/")
    yield "saved with errors", visitor.client.post("/saved/", {"email": "x"})
    yield "saved code", visitor.client.post("/saved/", BORN | {"email": mail})
    yield "start, to go on", visitor.client.get("/")
    yield from tablet(client_class(), by)


def tablet(client: Client, by: User) -> Pages:
    """A tablet of the front desk."""
    _, token = kiosks.set_up(name="Front desk", by=by)
    yield "tablet, set up", client.get(f"/kiosk/{token}/")
    client.post(f"/kiosk/{token}/")
    yield "tablet", client.get("/kiosk/")
    visitor = Visitor(client)
    visitor.follow(client.post("/kiosk/"))
    yield "tablet, question", visitor.see()
    yield "tablet, still there", client.get("/kiosk/still-there/")
    client.post("/kiosk/finish/")
    yield "tablet, thanks", client.get("/kiosk/thanks/")


def every(client_class: type[Client], by: User) -> Pages:
    """All of them."""
    yield from plan(client_class(), by)
    yield from later(client_class(), by)
    yield from locked(client_class(), by)
    yield from care(client_class(), by)
    yield from doors(client_class, by)
