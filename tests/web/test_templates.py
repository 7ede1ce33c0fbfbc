"""Plan templates: kept without their patient, applied through the cautions of the next one."""

import pytest

from chiro.practice.models import AuditEvent, User
from exercises.models import PlanTemplate
from exercises.services import planning, templates
from screening.models import Decision
from screening.services.review import RefusedError
from tests.conftest import FormClient
from tests.web.reviewing import review_url, sent, text_of
from tests.web.test_plan_builder import BRITTLE, chiropractor, ellen, press, slugs

__all__ = ["chiropractor", "ellen"]
pytestmark = pytest.mark.django_db


def kept(client: FormClient, name: str = "Runners", **typed: str) -> PlanTemplate:
    """A template of Maria's draft with a side plank added."""
    screening = sent()
    press(client, screening, "add:side-plank")
    press(client, screening, "keep-template", **{"template-name": name, **typed})
    return PlanTemplate.objects.get(name=name)


def test_a_template_holds_doses_and_nothing_of_its_patient(chiropractor: FormClient) -> None:
    template = kept(chiropractor, **{"row-clamshell-note": "Maria, mind the cat"})
    assert "side-plank" in [row["slug"] for row in template.rows]
    assert "Maria" not in str(template.rows)
    assert "because" not in str(template.rows)
    assert AuditEvent.objects.get(event="plan template kept").patient_id is None


def test_applied_it_leaves_off_what_is_blocked_and_says_so(chiropractor: FormClient) -> None:
    template = kept(chiropractor)
    other = sent(name="Jo Brittle", **BRITTLE)
    page = press(chiropractor, other, "apply", **{"plan-template": str(template.pk)})
    assert page.status_code == 303
    assert "side-plank" not in slugs(other)
    assert "clamshell" in slugs(other)
    words = text_of(chiropractor.get(review_url(other)))
    assert "Template “Runners” applied; left off: Side plank (osteoporosis)" in words
    assert "left off" in Decision.objects.latest("pk").details["act"]


def test_a_sore_patient_gets_less_than_the_template_says(chiropractor: FormClient) -> None:
    template = kept(chiropractor, **{"row-double-leg-bridge-reps": "20"})
    other = sent(name="Jo Other")
    press(chiropractor, other, "apply", **{"plan-template": str(template.pk)})
    row = {row.slug: row for row in planning.rows_of(other.plans.get())}["double-leg-bridge"]
    most = planning.patient_of(other.review).column.most_reps
    assert row.reps == most < 20
    assert "less than in the template" in Decision.objects.latest("pk").details["act"]


def test_a_name_is_used_once_and_a_retired_template_is_not_offered(
    chiropractor: FormClient, ellen: User
) -> None:
    template = kept(chiropractor)
    other = sent(name="Jo Other")
    press(chiropractor, other, "keep-template", **{"template-name": "runners"})
    assert PlanTemplate.objects.count() == 1
    template.is_active = False
    template.save()
    assert "Begin with a template" not in text_of(chiropractor.get(review_url(other)))
    page = press(chiropractor, other, "apply", **{"plan-template": str(template.pk)})
    assert "Choose a template first." in text_of(page)


def test_the_front_desk_keeps_no_template(chiropractor: FormClient, ellen: User) -> None:
    ellen.role = "front_desk"
    with pytest.raises(RefusedError, match="does not let you keep a template"):
        templates.keep(name="Mine", plan=sent().plans.get(), by=ellen)
