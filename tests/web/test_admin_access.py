"""What each role finds on its pages; who gets in where is in `test_access_matrix`."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.utils import timezone

from chiro.practice.models import AuditEvent, Practice, User
from exercises.models import Plan, PlanLink
from exercises.services import links
from screening.models import Decision, Draft, Invitation, Kiosk, Screening
from screening.services import invitations
from screening.services import kiosk as kiosks
from tests.conftest import FormClient
from tests.web.reviewing import sent, text_of

pytestmark = pytest.mark.django_db
type ClientAs = Callable[[str], FormClient]
type MakeStaff = Callable[..., User]

FRONT_DESK, CHIROPRACTOR, OWNER = "front_desk", "chiropractor", "owner"
EVERYBODY = {FRONT_DESK, CHIROPRACTOR, OWNER}
CLINICAL = {CHIROPRACTOR, OWNER}
REFUSED = 403
GONE = {404, 405}


@dataclass(frozen=True, kw_only=True)
class Rows:
    """One of everything, in the states that the addresses need."""

    screening: Screening
    waiting: Screening
    stopped: Draft
    plan: Plan
    owner: User
    invitation: Invitation
    kiosk: Kiosk


@pytest.fixture
def rows(staff: MakeStaff) -> Rows:
    """An approved plan, a record that waits for clearance, a stopped questionnaire."""
    doctor = staff(CHIROPRACTOR, "doctor", last_name="Park")
    Practice.objects.create(pk=1, name="Harbor Street Chiropractic")
    screening = sent()
    plan = approved(screening, doctor)
    links.issue(screening=screening, by=doctor)
    return Rows(
        screening=screening,
        waiting=sent("clinician_first", name="Priya Nair"),
        stopped=Draft.objects.create(
            submission_key="stopped", stopped_at=timezone.now(), stopped_tier="emergency"
        ),
        plan=plan,
        owner=staff(OWNER, "the-owner"),
        invitation=invitations.issue(by=doctor).invitation,
        kiosk=kiosks.set_up(name="Tablet", by=doctor)[0],
    )


def approved(screening: Screening, by: User) -> Plan:
    """An approved plan whose papers are a few bytes: no test here reads them."""
    plan = screening.plans.get()
    plan.status, plan.approved_by, plan.approved_at = Plan.Status.APPROVED, by, timezone.now()
    plan.save()
    for paper in ("letter", "a4"):
        pdf = f"%PDF of {paper}".encode()
        plan.documents.create(paper=paper, pdf=pdf, sha256=hashlib.sha256(pdf).hexdigest())
    return plan


READ = {
    "": EVERYBODY,
    "screening/": EVERYBODY,
    "screening/screening/": CLINICAL,
    "screening/screening/{screening.pk}/change/": CLINICAL,
    "screening/screening/{waiting.pk}/change/": CLINICAL,
    "screening/screening/{screening.pk}/history/": CLINICAL,
    "screening/screening/stopped/{stopped.pk}/": CLINICAL,
    "screening/rulesetversion/": CLINICAL,
    "screening/patient/": EVERYBODY,
    "screening/patient/{screening.patient_id}/change/": EVERYBODY,
    "screening/invitation/": EVERYBODY,
    "screening/invitation/add/": EVERYBODY,
    "screening/kiosk/": EVERYBODY,
    "screening/kiosk/add/": EVERYBODY,
    "exercises/": EVERYBODY,
    "exercises/plandocument/": EVERYBODY,
    "exercises/plandocument/{plan.pk}/letter/home-exercise-plan.pdf": EVERYBODY,
    "exercises/plandocument/{plan.pk}/a4/home-exercise-plan.pdf": EVERYBODY,
    "exercises/planlink/": EVERYBODY,
    "exercises/libraryoverlay/": CLINICAL,
    "exercises/libraryoverlay/clamshell/words/": CLINICAL,
    "exercises/practiceexercise/": CLINICAL,
    "exercises/practiceexercise/add/": {CHIROPRACTOR},
    "exercises/plantemplate/": CLINICAL,
    "exercises/diaryentry/": CLINICAL,
    "exercises/diaryentry/add/": EVERYBODY,
    "exercises/diaryentry/patient/{screening.patient_id}/": CLINICAL,
    "dashboard/": CLINICAL,
    "practice/": EVERYBODY,
    "practice/practice/": EVERYBODY,
    "practice/outboxmessage/": EVERYBODY,
    "practice/user/": {OWNER},
    "practice/user/{owner.pk}/change/": {OWNER},
    "practice/auditevent/": {OWNER},
}
"""Address under /admin/ -> the roles that may read it."""


def test_every_act_of_the_review_page_is_a_post(rows: Rows, client_as: ClientAs) -> None:
    client = client_as(CHIROPRACTOR)
    acts = ("acknowledge", "clear", "withhold", "resume", "next-version", "rebuild", "link")
    for act in acts:
        address = f"/admin/screening/screening/{rows.screening.pk}/{act}/"
        assert client.get(address).status_code == 405, act
    assert not Decision.objects.exists()


def test_a_post_without_its_one_time_code_does_nothing(rows: Rows, staff: MakeStaff) -> None:
    client = FormClient(enforce_csrf_checks=True)
    client.force_login(staff(CHIROPRACTOR), backend="chiro.practice.permissions.RoleBackend")
    address = f"/admin/screening/screening/{rows.waiting.pk}/clear/"
    assert client.post(address, {"reason": "Fine"}).status_code == REFUSED
    assert not rows.waiting.plans.exists()


def test_the_front_desk_sees_no_answer_finding_or_note(rows: Rows, client_as: ClientAs) -> None:
    front_desk = client_as(FRONT_DESK)
    for address, allowed in READ.items():
        if FRONT_DESK not in allowed or address.endswith(".pdf"):
            continue
        words = text_of(front_desk.get("/admin/" + address.format(**vars(rows)))).lower()
        for private in ("likely", "clinician first", "points", "decision", "clam"):
            assert private not in words, (address, private)


def test_the_front_desk_makes_and_closes_a_personal_link(rows: Rows, client_as: ClientAs) -> None:
    front_desk = client_as(FRONT_DESK)
    document = rows.plan.documents.get(paper="letter")
    fields = {"action": "make_link", "_selected_action": document.pk}
    page = front_desk.post("/admin/exercises/plandocument/", fields)
    assert "It is shown this once." in text_of(page)
    link = PlanLink.objects.order_by("-pk").first()
    assert link is not None
    assert link.created_by.role == FRONT_DESK
    fields = {"action": "close", "_selected_action": link.pk}
    assert front_desk.post("/admin/exercises/planlink/", fields).status_code == 302
    link.refresh_from_db()
    assert link.revoked_at is not None


def test_the_owner_reads_a_review_and_finds_nothing_to_press(
    rows: Rows, client_as: ClientAs
) -> None:
    page = client_as(OWNER).get(f"/admin/screening/screening/{rows.waiting.pk}/change/")
    assert "No level and no plan until a chiropractor clears this record." in text_of(page)
    for button in ("Clear as", "I have seen this", "Save", "Withhold plan"):
        assert button not in text_of(page)


def test_correcting_a_patient_leaves_a_trace(rows: Rows, client_as: ClientAs) -> None:
    patient = rows.screening.patient
    fields = {
        "full_name": "Maria Alvarez-Ruiz",
        "birth_date": "1984-04-15",
        "phone": "",
        "email": "",
    }
    address = f"/admin/screening/patient/{patient.pk}/change/"
    assert client_as(FRONT_DESK).post(address, fields).status_code == 302
    patient.refresh_from_db()
    assert patient.full_name == "Maria Alvarez-Ruiz"
    assert AuditEvent.objects.filter(event="patient changed", patient_id=patient.pk).exists()


def test_reading_leaves_a_trace_with_the_patient(rows: Rows, client_as: ClientAs) -> None:
    client = client_as(CHIROPRACTOR)
    patient = rows.screening.patient_id
    read = {
        f"screening/screening/{rows.screening.pk}/change/": "screening read",
        f"screening/patient/{patient}/change/": "patient read",
        f"exercises/plandocument/{rows.plan.pk}/a4/home-exercise-plan.pdf": "plan printed",
    }
    for address, event in read.items():
        client.get(f"/admin/{address}")
        assert AuditEvent.objects.filter(
            event=event, actor__username=CHIROPRACTOR, patient_id=patient
        ).exists(), event
