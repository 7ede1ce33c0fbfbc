"""A personal plan link: what it takes to open one, and what it never gives away."""

from datetime import date, timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from chiro.practice.links import Purpose, digest
from chiro.practice.models import AuditEvent, Role, User
from exercises.models import Plan, PlanLink
from exercises.services import links
from screening.models import Patient, Review, Screening
from screening.services.review import RefusedError

BORN = date(1974, 4, 15)
WRONG = date(1947, 4, 15)

pytestmark = pytest.mark.django_db


@pytest.fixture
def chiropractor() -> User:
    return User.objects.create_user("sam", role=Role.CHIROPRACTOR, is_staff=True)


def make_screening(key: str = "one") -> Screening:
    patient = Patient.objects.create(
        reference=f"R-{key}"[:12], full_name="Ada Example (example)", birth_date=BORN
    )
    screening = Screening.objects.create(
        patient=patient,
        submission_key=key,
        submitted_at=timezone.now(),
        answers={},
        words=[],
        assessment={},
        reasons=[],
        triage="none",
        left_level="unlikely",
        right_level="likely",
        overall="right",
        confidence="moderate",
        questionnaire_version="1",
        ruleset_version="1",
    )
    Review.objects.create(screening=screening, status=Review.Status.APPROVED)
    return screening


def make_plan(screening: Screening, **changes: Any) -> Plan:
    facts = {"status": Plan.Status.APPROVED, "ruleset_version": "1", "content": {}}
    return Plan.objects.create(screening=screening, **{**facts, **changes})


@pytest.fixture
def screening() -> Screening:
    screening = make_screening()
    make_plan(screening)
    return screening


@pytest.fixture
def token(screening: Screening, chiropractor: User) -> str:
    return links.issue(screening=screening, by=chiropractor)


def the_link() -> PlanLink:
    return PlanLink.objects.latest("pk")


def try_wrongly(token: str, times: int) -> None:
    for _ in range(times):
        with pytest.raises((links.WrongBirthDateError, links.LinkLockedError)):
            links.open(token, WRONG)


def test_the_birth_date_opens_the_link(token: str, screening: Screening) -> None:
    assert links.open(token, BORN).screening == screening


def test_only_the_digest_of_a_token_is_stored(token: str) -> None:
    row = PlanLink.objects.values().get()
    assert row["digest"] == digest(token, Purpose.PLAN)
    assert token not in str(row)


def test_a_token_is_long_and_never_the_same(screening: Screening, chiropractor: User) -> None:
    tokens = {links.issue(screening=screening, by=chiropractor) for _ in range(20)}
    assert len(tokens) == 20
    assert min(map(len, tokens)) >= 43


def test_an_unknown_token_is_gone() -> None:
    with pytest.raises(links.LinkGoneError):
        links.open("nobody-made-this-token", BORN)


def test_a_link_ends_after_90_days(token: str) -> None:
    assert the_link().expires_at - timezone.now() > timedelta(days=89)
    PlanLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(links.LinkGoneError):
        links.open(token, BORN)


def test_a_revoked_link_is_gone_at_once(token: str, chiropractor: User) -> None:
    links.revoke(link=the_link(), by=chiropractor)
    with pytest.raises(links.LinkGoneError):
        links.find(token)


def test_a_new_link_closes_the_earlier_one(
    token: str, screening: Screening, chiropractor: User
) -> None:
    newer = links.issue(screening=screening, by=chiropractor)
    with pytest.raises(links.LinkGoneError):
        links.find(token)
    assert links.open(newer, BORN)


def test_each_wrong_birth_date_takes_one_of_five_tries(token: str) -> None:
    for left in (4, 3, 2, 1):
        with pytest.raises(links.WrongBirthDateError) as wrong:
            links.open(token, WRONG)
        assert wrong.value.tries_left == left
    with pytest.raises(links.LinkLockedError):
        links.open(token, WRONG)


def test_a_locked_link_refuses_the_right_birth_date(token: str) -> None:
    try_wrongly(token, 5)
    with pytest.raises(links.LinkLockedError):
        links.open(token, BORN)


def test_the_lock_ends_after_30_minutes(token: str) -> None:
    try_wrongly(token, 5)
    PlanLink.objects.update(locked_at=timezone.now() - timedelta(minutes=31))
    assert links.open(token, BORN)
    assert the_link().failed_tries == 0


def test_fifteen_wrong_birth_dates_lock_a_link_for_good(token: str) -> None:
    for _ in range(3):
        try_wrongly(token, 5)
        PlanLink.objects.update(locked_at=timezone.now() - timedelta(days=30))
    with pytest.raises(links.LinkLockedError) as lock:
        links.open(token, BORN)
    assert lock.value.until is None


def test_there_is_no_link_without_an_approved_plan(chiropractor: User) -> None:
    screening = make_screening()
    with pytest.raises(RefusedError):
        links.issue(screening=screening, by=chiropractor)
    make_plan(screening, status=Plan.Status.DRAFT)
    with pytest.raises(RefusedError):
        links.issue(screening=screening, by=chiropractor)


def test_there_is_no_link_to_a_withheld_plan(screening: Screening, chiropractor: User) -> None:
    Review.objects.update(status=Review.Status.WITHHELD)
    with pytest.raises(RefusedError):
        links.issue(screening=screening, by=chiropractor)


def test_looking_at_a_link_changes_nothing(token: str) -> None:
    before = PlanLink.objects.values().get()
    for _ in range(50):
        links.find(token)
    assert PlanLink.objects.values().get() == before


def test_every_use_of_a_link_is_in_the_audit_log(token: str, chiropractor: User) -> None:
    try_wrongly(token, 5)
    PlanLink.objects.update(locked_at=timezone.now() - timedelta(hours=1))
    links.open(token, BORN)
    links.revoke(link=the_link(), by=chiropractor)
    events = list(AuditEvent.objects.order_by("pk").values_list("event", flat=True))
    assert events == [
        "plan link made",
        *["plan link: wrong birth date"] * 5,
        "plan link locked",
        "plan link opened",
        "plan link revoked",
    ]
    assert token not in str(list(AuditEvent.objects.values()))


@pytest.mark.django_db(transaction=True)
def test_parallel_guesses_cannot_share_a_try(chiropractor: User) -> None:
    screening = make_screening("parallel")
    make_plan(screening)
    token = links.issue(screening=screening, by=chiropractor)

    def guess() -> None:
        try:
            links.open(token, WRONG)
        except (links.WrongBirthDateError, links.LinkLockedError):
            pass
        finally:
            connection.close()

    threads = [Thread(target=guess) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert the_link().failed_tries == 5
    assert the_link().locked_at is not None
