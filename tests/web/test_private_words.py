"""What clinicians write for each other, and whatever a patient did not mean to print, stays out of
every paper and page of the patient: a canary in each field of every record that is not printed.

The fields are read from the tables themselves, so that a new one is private until somebody says
here that it is printed.
"""

import json
import secrets
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import models
from django.utils import timezone

from chiro.practice.append_only import lawful_change
from chiro.practice.models import Practice, User
from exercises import handout, pdf, rendering
from exercises.models import Plan, PlanDocument
from exercises.services import links
from screening.models import Decision, Examination
from tests.conftest import FormClient
from tests.pdf import faults
from tests.web.plan_states import BORN
from tests.web.reviewing import sent

CANARY = "canary7f3"
PRINTED = {
    "screening.Patient": {"full_name"},
    "screening.Screening": {"answers", "assessment", "reasons", "result"},
    "exercises.Plan": {"message", "content", "advice"},
    "exercises.PlanItem": {"because", "note", "slug", "cautions"},
    "practice.Practice": {"name", "address", "phone", "languages"},
    "practice.User": {"first_name", "last_name", "credentials"},
}
"""What the patient's own paper is made of; every other field is private."""

SHORTEST_NOTE = 30
"""Shorter fields hold codes, versions and states, not words."""

WORDS = (models.CharField, models.TextField, models.EmailField)


def private_fields() -> Iterator[tuple[type[models.Model], str]]:
    """Every field of our own tables that holds words no paper may show, also those to come."""
    for app in ("screening", "exercises", "practice"):
        for model in apps.get_app_config(app).get_models():
            printed = PRINTED.get(model._meta.label, set())
            for field in model._meta.concrete_fields:
                if _is_words(field) and field.name not in printed:
                    yield model, field.name


def _is_words(field: Any) -> bool:
    if isinstance(field, models.JSONField):
        return True
    long = field.max_length is None or field.max_length >= SHORTEST_NOTE
    return type(field) in WORDS and not field.choices and not field.unique and long


@pytest.mark.django_db
def test_no_private_field_reaches_a_patients_paper_or_page(
    staff: Callable[..., User], client: FormClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    screening, by = sent(), staff("chiropractor")
    Examination.objects.create(
        screening=screening, examiner=by, examined_at=timezone.now(), findings={}
    )
    Decision.objects.create(screening=screening, kind=Decision.Kind.LEVELS, by=by, details={})
    fill_every_private_field()
    plan = Plan.objects.get(screening=screening)
    content = handout.compose(
        plan, clinician=by, practice=Practice.current(), on=timezone.localdate()
    )
    assert CANARY not in json.dumps(content)
    for edition in pdf.EDITIONS:
        assert CANARY not in pdf.page(content, edition=edition, picture=pdf.DRAWING.__add__)
    plan.content, plan.status, plan.approved_at = content, Plan.Status.APPROVED, timezone.now()
    plan.save()
    token = links.issue(screening=screening, by=by)
    assert client.post(f"/p/{token}/", BORN).status_code == 303
    monkeypatch.setattr(rendering, "work", faults.fail)
    cache.clear()
    pages = {"/plan/": 200, "/plan/diary/": 200, "/plan/home-exercise-plan.pdf": 503}
    for address, status in pages.items():
        page = client.get(address)
        assert page.status_code == status
        assert CANARY not in page.content.decode()


def fill_every_private_field() -> None:
    """Put the canary into one row of every table, which is made where there is none."""
    with lawful_change("test"):
        for model in {model: None for model, _ in private_fields()}:
            row(model)
        for model, name in private_fields():
            rows = model._default_manager.filter(pk=model._default_manager.values("pk")[:1])
            marked = _marked(model._meta.get_field(name), rows.values_list(name, flat=True)[0])
            assert rows.update(**{name: marked}) == 1, (model, name)
        PlanDocument.objects.all().delete()  # So that the page in place of the PDF is read too.


def _marked(field: Any, value: Any) -> Any:
    """The canary; in the midst of what stands there, where that is no plain text."""
    if not isinstance(field, models.JSONField):
        return CANARY[: field.max_length]
    return [*value, CANARY] if isinstance(value, list) else {**(value or {}), CANARY: CANARY}


def row(model: type[models.Model]) -> models.Model:
    """A row of a table: the first one, or a new one that belongs to the rows that are there."""
    known = model._default_manager.first()
    if known is not None:
        return known
    values = {
        field.attname if field.is_relation else field.name: _value(field)
        for field in model._meta.concrete_fields
        if not field.primary_key and not field.has_default() and not field.null
    }
    return model._default_manager.create(**values)


def _value(field: Any) -> Any:
    """Something that a field takes."""
    if field.is_relation:
        return row(field.remote_field.model).pk
    if field.choices:
        return field.choices[0][0]
    if isinstance(field, models.DateTimeField):
        return timezone.now()
    if isinstance(field, models.DateField):
        return timezone.localdate()
    if isinstance(field, models.BinaryField):
        return b"x"
    if isinstance(field, models.JSONField):
        return {}
    if isinstance(field, (models.CharField, models.TextField)):
        return secrets.token_hex(32)[: field.max_length]
    return 1


def test_the_notes_of_staff_are_among_the_private_fields() -> None:
    found = {(model.__name__, name) for model, name in private_fields()}
    assert {
        ("Examination", "note"),
        ("Examination", "findings"),
        ("Decision", "reason"),
        ("Decision", "details"),
        ("Patient", "phone"),
        ("Patient", "email"),
        ("PlanItem", "override"),
        ("CheckIn", "answers"),
        ("Alert", "reported"),
        ("DiaryEntry", "ticks"),
        ("PracticeExercise", "cautions"),
    } <= found
