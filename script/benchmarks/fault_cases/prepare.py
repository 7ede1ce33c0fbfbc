"""Fill the database of the environment for the fault tests, and print what may be sent.

Questionnaires that are complete but not sent, each in a browser of its own, and open plans whose
diary can be ticked. Run as a program:
`python -m script.benchmarks.fault_cases.prepare COUNT PLANS`.
"""

import json
import os
import secrets
import sys
from typing import Any

BATCH = 500


def main(count: int, plans: int) -> None:
    """Make questionnaires and patients with a plan, and print what may be sent as JSON."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chiro.settings")
    django.setup()
    from script.benchmarks.fault_cases import years

    answers, born = calm_answers()
    sent = [one for start in range(0, count, BATCH) for one in drafts(answers, born, start, count)]
    ticks = [open_plan(link, plan) for plan, link in years.patients(plans, papers=False, days=1)]
    print(json.dumps({"submissions": sent, "plans": ticks}))


def calm_answers() -> tuple[dict[str, object], str]:
    """A complete record of an example that no red flag stops, and a birth date of its age today."""
    from django.utils import timezone

    from screening.models import Screening

    calm = Screening.objects.filter(triage="none", patient__is_example=True).order_by("pk")[0]
    days_old = calm.submitted_at.date() - calm.patient.birth_date
    return calm.answers, (timezone.localdate() - days_old).isoformat()


def drafts(answers: dict[str, object], born: str, start: int, count: int) -> list[dict[str, str]]:
    """Store one handful of questionnaires with their sessions."""
    from django.contrib.sessions.backends.db import SessionStore
    from django.db import transaction

    from screening import questionnaire
    from screening.models import Draft

    made = []
    with transaction.atomic():
        for number in range(start, min(start + BATCH, count)):
            key = secrets.token_urlsafe(32)
            Draft.objects.create(
                submission_key=key,
                answers=answers,
                identity=identity(number, born),
                progress={"answered": [section.slug for section in questionnaire.SECTIONS]},
            )
            session = SessionStore()
            session["draft"] = key
            session.save()
            made.append({"key": key, "session": str(session.session_key)})
    return made


def identity(number: int, born: str) -> dict[str, str]:
    """An invented person, each another one, of the age in the answers."""
    letters = "".join(chr(ord("a") + int(digit)) for digit in f"{number:06d}")
    return {
        "full_name": f"Example {letters}",
        "birth_date": born,
        "phone": "512 555 0199",
        "email": "",
        "filled_by": "self",
    }


def open_plan(link: Any, plan: Any) -> dict[str, Any]:
    """A browser that has a plan open: its cookies, and what can be ticked."""
    from django.contrib.sessions.backends.db import SessionStore
    from django.http import HttpResponse
    from django.utils import timezone

    from exercises.opened import COOKIE, SALT

    session = SessionStore()
    session["plan_link"] = {"link": link.pk, "opened": timezone.now().timestamp()}
    session.save()
    answer = HttpResponse()
    answer.set_signed_cookie(COOKIE, str(link.pk), salt=SALT)
    return {
        "session": str(session.session_key),
        "plan": answer.cookies[COOKIE].value,
        "version": plan.version,
        "slug": plan.content["exercises"][0]["slug"],
        "day": timezone.localdate().isoformat(),
    }


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
