"""What clinicians write for each other, and whatever a patient did not mean to print, stays out of
every paper and page of the patient: a canary in each field of every record that is not printed."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.utils import timezone

from chiro.practice.append_only import lawful_change
from chiro.practice.models import Practice, User
from exercises import handout, pdf
from exercises.models import Plan
from screening.models import Decision, Examination
from tests.web.reviewing import sent

CANARY = "canary7f3"
PRINTED = {
    "screening.Patient": {"full_name"},
    "exercises.Plan": {"message"},
    "exercises.PlanItem": {"because", "note", "slug"},
    "practice.Practice": {"name", "address", "phone"},
    "practice.User": {"first_name", "last_name", "credentials"},
}
"""Free text that the patient's own paper is meant to carry; every other field is private."""

SHORTEST_NOTE = 30
"""Shorter fields hold codes, versions and states, not words."""


def private_fields() -> Iterator[tuple[type[models.Model], str]]:
    """Every free-text field of our own tables that no paper may show, also those still to come."""
    for app in ("screening", "exercises", "practice"):
        for model in apps.get_app_config(app).get_models():
            printed = PRINTED.get(model._meta.label, set())
            for field in model._meta.concrete_fields:
                if _is_words(field) and field.name not in printed:
                    yield model, field.name


def _is_words(field: Any) -> bool:
    is_text = type(field) in (models.CharField, models.TextField)
    long = field.max_length is None or field.max_length >= SHORTEST_NOTE
    return is_text and not field.choices and not field.unique and long


@pytest.mark.django_db
def test_no_private_field_reaches_a_patients_paper(staff: Callable[..., User]) -> None:
    screening, by = sent(), staff("chiropractor")
    Examination.objects.create(
        screening=screening,
        examiner=by,
        examined_at=timezone.now(),
        findings={"note": {"both": CANARY}},
    )
    Decision.objects.create(screening=screening, kind=Decision.Kind.LEVELS, by=by, details={})
    filled = 0
    for model, name in private_fields():
        with lawful_change("test"):
            filled += one_row_of(model).update(**{name: _canary(model, name)})
    assert filled >= 2
    plan = Plan.objects.get(screening=screening)
    content = handout.compose(
        plan, clinician=by, practice=Practice.current(), on=timezone.localdate()
    )
    assert CANARY not in json.dumps(content)
    for edition in pdf.EDITIONS:
        assert CANARY not in pdf.page(content, edition=edition, picture=pdf.DRAWING.__add__)


def one_row_of(model: type[models.Model]) -> models.QuerySet[models.Model]:
    """One row is enough, and a value that must be unique stays so."""
    return model._default_manager.filter(pk=model._default_manager.values("pk")[:1])


def _canary(model: type[models.Model], name: str) -> str:
    return CANARY[: model._meta.get_field(name).max_length]


def test_the_notes_of_examination_and_decision_are_among_the_private_fields() -> None:
    found = {(model.__name__, name) for model, name in private_fields()}
    assert {("Examination", "note"), ("Decision", "reason"), ("Patient", "phone")} <= found
