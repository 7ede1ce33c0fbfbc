"""`manage.py demo`: an example practice with invented patients in every state.

Made once, while nobody has an account, through the same services that the site uses. Run again, or
on a practice at work, it changes nothing and prints nothing.
"""

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from chiro.practice.append_only import lawful_change
from chiro.practice.models import Practice, Role, User
from exercises.management.examples import EXAMPLES, MARK, Ending, Example, complete
from exercises.models import DiaryEntry, Plan, PlanLink
from exercises.services import check_ins, diary, links, planning
from exercises.services.check_ins import Given
from screening.models import Draft, Patient, Screening, age_on
from screening.services import facts, pathway, review, submission

PASSWORD_BYTES = 15

PRACTICE = {
    "name": f"Harbor Street Chiropractic{MARK}",
    "address": "41 Harbor Street, Austin",
    "phone": "(512) 555-0142",
}

STAFF = (
    (Role.OWNER, "owner", "Olivia", "Grant", ""),
    (Role.CHIROPRACTOR, "chiropractor", "Ellen", "Park", "DC"),
    (Role.FRONT_DESK, "frontdesk", "Jamie", "Cole", ""),
)
"""Role, account name, first name, last name, credentials."""

EXAMINED = {"mmt_abduction": {"left": "5", "right": "4"}, "trendelenburg": {"left": "negative"}}


class Command(BaseCommand):
    """Make the example practice, unless anybody has an account."""

    help = "Make an example practice with invented patients and one account a role, once."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make everything or nothing; print the passwords and the link once."""
        if User.objects.exists():
            return
        with transaction.atomic():
            passwords = _make_practice()
            doors = [door for door in map(_make_patient, EXAMPLES) if door]
        self.stdout.write("\nExample practice made. These passwords are shown once:")
        for name, password in passwords.items():
            self.stdout.write(f"  {name:<14}{password}")
        for address, example in doors:
            born = f"{example.born:%B} {example.born.day}, {example.born.year}"
            self.stdout.write(f"Plan of {example.full_name}: {address}")
            self.stdout.write(f"  opens with the birth date {born}")


def _make_practice() -> dict[str, str]:
    """The profile and one account a role. Returns each account's password."""
    Practice.objects.update_or_create(pk=1, defaults=PRACTICE)
    passwords = {}
    for role, username, first, last, credentials in STAFF:
        passwords[username] = secrets.token_urlsafe(PASSWORD_BYTES)
        User.objects.create_user(
            username,
            password=passwords[username],
            role=role,
            is_staff=True,
            first_name=first,
            last_name=last if credentials else last + MARK,
            credentials=credentials and credentials + MARK,
        )
    return passwords


def _make_patient(example: Example) -> tuple[str, Example] | None:
    """One patient from first page to their state; the address of their plan if they have one."""
    draft = _answered(example)
    if example.ending is Ending.STOPPED:
        stopped = submission.stop(draft=draft)
        submission.leave_name(draft=stopped, full_name=example.full_name, phone=example.phone)
        return None
    screening = submission.submit(draft=draft)
    Patient.objects.filter(pk=screening.patient_id).update(is_example=True)
    facts.mark_example(screening)
    return _bring_on(screening, example)


def _answered(example: Example) -> Draft:
    """A draft with every open page answered, as the patient would: up to an emergency answer."""
    answers = complete(example, age=age_on(example.born, timezone.localdate()))
    draft = submission.start_draft()
    identity = {
        "full_name": example.full_name,
        "birth_date": example.born.isoformat(),
        "phone": example.phone,
        "email": "",
        "filled_by": "self",
    }
    for section in pathway.open_sections(answers):
        keys = [question.key for question in section.questions]
        given = {key: answers[key] for key in keys if key in answers}
        if keys:
            draft = submission.save_page(draft=draft, section=section, given=given).draft
        if example.ending is Ending.STOPPED and set(keys) & set(example.says):
            return draft
    return submission.save_identity(draft=draft, identity=identity)


def _bring_on(screening: Screening, example: Example) -> tuple[str, Example] | None:
    """What the chiropractor did with this record."""
    by = User.objects.get(role=Role.CHIROPRACTOR)
    match example.ending:
        case Ending.SEEN:
            review.acknowledge(screening=screening, by=by)
        case Ending.IN_REVIEW:
            _examine(screening, by)
        case Ending.CLEARED:
            reason = "Blood pressure treated and stable; their doctor agrees to exercise."
            review.clear(screening=screening, by=by, reason=reason)
        case Ending.WITHHELD:
            reason = "Training plan first; see again in 2 weeks."
            review.withhold(screening=screening, by=by, reason=reason)
        case Ending.APPROVED:
            _examine(screening, by)
            planning.approve(plan=screening.plans.get(), by=by)
            _write_diary(screening)
            token = links.issue(screening=screening, by=by)
            _check_in(screening)
            return f"{settings.PUBLIC_BASE_URL}/p/{token}/", example
    return None


def _write_diary(screening: Screening) -> None:
    """The first day of the diary: all but the last exercise done. A plan has no day before it."""
    plan = screening.plans.get()
    *done, _last = [card["slug"] for card in (plan.content or {})["exercises"]]
    diary.record_day(
        plan=plan,
        day=diary.first_day(plan),
        ticks={slug: diary.EASIER if slug == done[0] else diary.DONE for slug in done},
        pain=4,
        difficulty=DiaryEntry.Difficulty.RIGHT,
        key="example",
    )


CHECK_INS = (
    (15, Given(pain_now=2, pain_worst=3, change="same", signs=(), scores=(5,))),
    (29, Given(pain_now=0, pain_worst=1, change="better", signs=(), scores=(7,))),
)
"""Days after the plan began, and what the patient told then."""

BEGAN = timedelta(days=30)


def _check_in(screening: Screening) -> None:
    """Two check-ins of a patient whose plan began a month ago."""
    began = timezone.now() - BEGAN
    with lawful_change("example moved in time"):
        Screening.objects.filter(pk=screening.pk).update(submitted_at=began - timedelta(days=1))
    screening.plans.filter(status=Plan.Status.APPROVED).update(approved_at=began)
    link = PlanLink.objects.select_related("screening").get(screening=screening, code_digest=None)
    for number, (days, given) in enumerate(CHECK_INS):
        key = f"example-{screening.pk}-{number}"
        check_ins.record(link=link, given=given, key=key, at=began + timedelta(days=days))


def _examine(screening: Screening, by: User) -> None:
    """Findings that agree with the screen, and its levels as the final ones."""
    review.record_examination(screening=screening, by=by, findings=EXAMINED)
    review.set_levels(
        screening=screening,
        by=by,
        left=screening.left_level,
        right=screening.right_level,
    )
