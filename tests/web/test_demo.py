"""`manage.py demo`: an example practice in every state, made once and plainly invented."""

from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from chiro.practice.models import AuditEvent, Practice, Role, User
from exercises.models import Plan, PlanDocument, PlanLink
from exercises.services import links
from screening.models import Decision, Draft, Patient, Review, Screening
from tests.conftest import FormClient

pytestmark = pytest.mark.django_db


def demo() -> str:
    out = StringIO()
    call_command("demo", stdout=out)
    return out.getvalue()


def passwords(printed: str) -> dict[str, str]:
    lines = [line.split() for line in printed.splitlines() if line.startswith("  ")]
    return {line[0]: line[1] for line in lines if line[0] != "opens"}


def everything() -> dict[str, list[dict[str, object]]]:
    tables = (Practice, User, Patient, Draft, Screening, Review, Decision, Plan, PlanLink)
    rows = {table.__name__: list(table.objects.order_by("pk").values()) for table in tables}
    return rows | {"AuditEvent": list(AuditEvent.objects.order_by("pk").values())}


def test_the_example_practice_holds_every_state_once_and_can_be_used() -> None:
    printed = demo()

    assert Counter(Screening.objects.values_list("triage", flat=True)) == {
        "none": 5,
        "clinician_first": 2,
        "same_day": 1,
        "emergency": 1,
    }
    assert set(Screening.objects.filter(triage="none").values_list("overall", flat=True)) == {
        "neither",
        "left",
        "right",
        "both",
    }
    assert set(Review.objects.values_list("status", flat=True)) == set(Review.Status.values)
    assert Review.objects.exclude(cleared_by=None).count() == 1
    assert Review.objects.exclude(acknowledged_by=None).exists()
    assert Draft.objects.get().stopped_tier == "emergency"

    assert {plan.screening.triage for plan in Plan.objects.filter(status="approved")} == {"none"}
    assert not Plan.objects.filter(screening__triage__in=["same_day", "emergency"]).exists()
    assert PlanDocument.objects.count() == 6

    names = [*Patient.objects.values_list("full_name", flat=True)]
    names += [Draft.objects.get().identity["full_name"]]
    assert all(name.endswith("(example)") for name in names)
    assert all(Patient.objects.values_list("is_example", flat=True))

    assert set(User.objects.values_list("role", flat=True)) == set(Role.values)
    for name, password in passwords(printed).items():
        assert FormClient().login(username=name, password=password)

    token = printed.split("/p/")[1].split("/")[0]
    assert links.open(token, date(1974, 4, 15))
    assert "opens with the birth date April 15, 1974" in printed

    before = everything()
    assert demo() == ""
    assert everything() == before


def test_every_password_is_random() -> None:
    from exercises.management.commands.demo import _make_practice

    first = _make_practice()
    User.objects.all().delete()
    assert not set(first.values()) & set(_make_practice().values())
    assert min(map(len, first.values())) >= 20


def test_a_practice_at_work_gets_no_examples(staff) -> None:
    staff("owner")
    assert demo() == ""
    assert not Patient.objects.exists()
    assert not Practice.objects.exists()
