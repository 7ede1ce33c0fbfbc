"""Fill the database of the environment for a load, and print who may visit as JSON.

Open plans, each of a patient of its own whose name stands nowhere else, with stored papers, and one
member of staff who is signed in. Run as a program: `python -m script.benchmarks.load.people COUNT`.
"""

import json
import os
import secrets
import sys
from typing import Any

FOR_WORKERS = 24
"""So many plans are visited by nobody: their papers are the work of the workers."""


def main(count: int) -> None:
    """Make `count` patients with plans, and where workers make papers, work for them."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chiro.settings")
    django.setup()
    from django.conf import settings

    from exercises.services import papers

    plans = copies(count)
    keep_papers([plan for plan, _ in plans])
    visited, rest = plans[FOR_WORKERS:], plans[:FOR_WORKERS]
    for plan, _ in rest if settings.PAPERS_BY_WORKER else ():
        papers.make_papers.enqueue(plan.pk)
    print(json.dumps({"plans": [opened(*one) for one in visited], "staff": signed_in()}))


def pattern() -> Any:
    """The example plan that is copied, with its first paper."""
    from exercises import rendering
    from exercises.models import Plan
    from exercises.services import papers

    rendering.LIMIT_SECONDS = 120.0  # Whatever else this computer does now.
    plans = Plan.objects.filter(status=Plan.Status.APPROVED, content__isnull=False)
    plan = plans.select_related("screening__patient", "screening__review").earliest("pk")
    papers.fetch(plan, papers.first())
    return plan


def copies(count: int) -> list[tuple[Any, Any]]:
    """Copies of one plan with its screening, each of another patient; with their links."""
    from exercises.models import Plan, PlanLink
    from screening.models import Patient, Review, Screening
    from script.benchmarks.load.visitors import mark

    plan = pattern()
    names = [mark(999_999 - number) for number in range(count)]
    people = Patient.objects.bulk_create(
        fresh(plan.screening.patient, full_name=name, reference=f"L{number:06d}")
        for number, name in enumerate(names)
    )
    screenings = Screening.objects.bulk_create(
        fresh(plan.screening, patient=person, submission_key=secrets.token_urlsafe(32))
        for person in people
    )
    Review.objects.bulk_create(fresh(plan.screening.review, screening=one) for one in screenings)
    plans = Plan.objects.bulk_create(
        fresh(plan, screening=one, content=renamed(plan, one.patient.full_name))
        for one in screenings
    )
    link = PlanLink.objects.filter(revoked_at=None).first()
    links = PlanLink.objects.bulk_create(
        fresh(link, **owned(one), digest=secrets.token_hex(32), code_digest=None, failed_tries=0)
        for one in screenings
    )
    return list(zip(plans, links, strict=True))


def owned(screening: Any) -> dict[str, Any]:
    """The patient and the screening of a link."""
    return {"patient": screening.patient, "screening": screening}


def fresh(row: Any, **changes: Any) -> Any:
    """A copy of a row that is not stored yet."""
    fields = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key and field.name not in changes
    }
    return type(row)(**fields, **changes)


def renamed(plan: Any, name: str) -> Any:
    """What the plan says, to somebody else."""
    old = json.dumps(plan.screening.patient.full_name)[1:-1]
    return json.loads(json.dumps(plan.content).replace(old, name))


def keep_papers(plans: list[Any]) -> None:
    """Store the pattern's first paper with each plan; the others are made when they are asked."""
    from exercises.models import PlanDocument
    from exercises.services import papers

    paper = papers.fetch(pattern(), papers.first())
    PlanDocument.objects.bulk_create([fresh(paper, plan=plan) for plan in plans], batch_size=50)


def opened(plan: Any, link: Any) -> dict[str, Any]:
    """A browser that has a plan open."""
    from script.benchmarks.fault_cases.prepare import open_plan

    return open_plan(link, plan) | {"name": plan.screening.patient.full_name}


def signed_in(role: str = "chiropractor") -> str:
    """The session of a member of staff."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from chiro.practice.models import User

    user = User.objects.filter(role=role, is_active=True).earliest("pk")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


if __name__ == "__main__":
    main(int(sys.argv[1]))
