"""From the first Continue to the frozen record: the writers of `Draft`, `Patient`, `Screening`.

A draft is found by its unguessable submission key, which also makes sending happen once.
"""

import secrets
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import override

from chiro.languages import ENGLISH
from chiro.practice import audit
from chiro.practice.lookups import Lookup
from chiro.practice.models import Practice, User
from screening import answers as contract
from screening import assessment as rules
from screening import questionnaire
from screening.answers import Answer, AnswerError, Answers
from screening.assessment import Assessment, Reason
from screening.models import Doubt, Draft, Invitation, Kiosk, Patient, Review, Screening, age_on
from screening.questionnaire import QUESTIONS, Section
from screening.red_flags import triage
from screening.services import facts, finding, pathway, patients, queue, result, rule_versions
from screening.services.pathway import Place
from screening.wording import answers_in_language

KEY_BYTES = 32
BY_KEY = Lookup(Draft, "submission_key")
TO_CHANGE = Lookup(Draft, "id", sample=-1_234_567_891, locked=True)
KNOWN_PAGES = frozenset({"age", "about-you"})
"""The pages that a birth date and a name already answer."""

REFERENCE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No 0, O, 1, I, L or U: a reference is read aloud on the phone."""


FASTEST = timedelta(seconds=15)
"""In less time nobody reads the safety questions, let alone answers all pages."""

LEFT_ON_TABLET = timedelta(hours=1)


class IncompleteError(Exception):
    """Sending was asked for while a page is still missing; `section` names it."""

    def __init__(self, section: Section) -> None:
        super().__init__(f"The page {section.slug} is not answered")
        self.section = section


@dataclass(frozen=True, kw_only=True)
class Saved:
    """What saving a page did: the draft, and the answers that no longer apply."""

    draft: Draft
    dropped: tuple[str, ...]


# --- drafts -----------------------------------------------------------------------------------


def start_draft(
    *,
    language: str = "en",
    invitation: Invitation | None = None,
    kiosk: Kiosk | None = None,
    doubt: str = "",
) -> Draft:
    """A new, empty questionnaire. Unfinished ones that are too old to be kept are removed."""
    purge_drafts()
    return Draft.objects.create(
        submission_key=secrets.token_urlsafe(KEY_BYTES),
        answers={},
        language=language,
        invitation=invitation,
        kiosk=kiosk,
        doubt=doubt,
    )


def start_again(*, patient: Patient, language: str = "en") -> Draft:
    """A new questionnaire of a person whom we know: age and identity are not asked again."""
    draft = start_draft(language=language)
    draft.patient = patient
    draft.answers = {"age": age_on(patient.birth_date, timezone.localdate())}
    draft.progress = {"answered": ["age"]}
    draft.identity = {
        "full_name": patient.full_name,
        "birth_date": patient.birth_date.isoformat(),
        "phone": patient.phone,
        "email": patient.email,
        "filled_by": "self",
    }
    draft.save()
    audit.record("questionnaire started again", patient=patient, obj=draft)
    return draft


def purge_drafts() -> int:
    """Remove unfinished questionnaires that are too old to be kept, and say how many.

    What a tablet left behind goes after an hour, unless a code was given for it. A stopped one is
    an alert and stays.
    """
    left_behind = Q(kiosk__isnull=False, resume_digest=None)
    left_behind &= Q(updated_at__lt=timezone.now() - LEFT_ON_TABLET)
    old = Draft.objects.filter(Q(updated_at__lt=_oldest_live()) | left_behind, stopped_at=None)
    return _give_up(old)


@transaction.atomic
def _give_up(drafts: QuerySet[Draft]) -> int:
    """Remove unfinished questionnaires; only how many stopped at which page is kept."""
    rows = list(drafts.select_for_update())
    if not rows:
        return 0
    facts.count_left((row.created_at, _stopped_page(row)) for row in rows)
    return Draft.objects.filter(pk__in=[row.pk for row in rows]).delete()[0]


def _stopped_page(draft: Draft) -> str:
    """The first page without an answer; "" where the draft is complete or of another version."""
    try:
        section = pathway.first_unanswered(place_of(draft))
    except (AnswerError, LookupError, TypeError, ValueError):
        return ""
    return section.slug if section else ""


def unfinished_pages(begun_since: datetime) -> Counter[str]:
    """The first unanswered page of every questionnaire that can still be gone on with."""
    live = Draft.objects.filter(created_at__gte=begun_since, stopped_at=None)
    return Counter(page for page in map(_stopped_page, live) if page)


def kept_until(draft: Draft) -> datetime:
    """When a draft is removed if nobody goes on with it."""
    return draft.updated_at + timedelta(days=Practice.current().draft_days)


def find_draft(key: str) -> Draft | None:
    """The live draft with this key. One that is older than the practice allows is gone."""
    draft = BY_KEY.find(key) if key else None
    if draft and draft.stopped_at is None and draft.updated_at < _oldest_live():
        _give_up(Draft.objects.filter(pk=draft.pk))
        return None
    return draft


def _oldest_live() -> datetime:
    return timezone.now() - timedelta(days=Practice.current().draft_days)


def find_screening(key: str) -> Screening | None:
    """The screening that was sent with this key."""
    return Screening.objects.filter(submission_key=key).first() if key else None


def note_language(*, draft: Draft, language: str) -> None:
    """Keep the language in which the patient reads now; the record is frozen in it."""
    if draft.language != language:
        Draft.objects.filter(pk=draft.pk).update(language=language)
        draft.language = language


def answers_of(draft: Draft) -> Answers:
    """The draft's answers as checked values; what the questionnaire no longer knows is left out."""
    return {
        key: contract.check_value(QUESTIONS[key], raw)
        for key, raw in draft.answers.items()
        if key in QUESTIONS
    }


def place_of(draft: Draft) -> Place:
    """Where a draft stands."""
    answers = answers_of(draft)
    return Place(
        answers=answers,
        answered=draft.progress.get("answered", []),
        has_identity=draft.patient_id is not None or _identity_agrees(draft.identity, answers),
        known=known_pages(draft),
    )


def known_pages(draft: Draft) -> frozenset[str]:
    """The pages that are not asked because it is known who this is."""
    return KNOWN_PAGES if draft.patient_id is not None else frozenset()


def _identity_agrees(identity: Mapping[str, str], answers: Answers) -> bool:
    """Whether it is known who this is, with a birth date that fits the age given."""
    if "birth_date" not in identity:
        return False
    born = date.fromisoformat(identity["birth_date"])
    return age_on(born, timezone.localdate()) == answers.get("age")


@transaction.atomic
def save_page(
    *, draft: Draft, section: Section, given: Mapping[str, Answer], finished: bool = True
) -> Saved:
    """Merge one page into the draft and drop the answers that it closes.

    `given` holds the page's answers by key; `finished` is False when the page still asks for
    something (I'm not sure about one of these). Other pages' answers are read again inside the
    transaction, so two tabs do not undo each other. A stopped draft stays as it is. Raises
    Draft.DoesNotExist when it was sent or discarded meanwhile.
    """
    row = TO_CHANGE.find(draft.pk)
    if row is None:
        raise Draft.DoesNotExist
    if row.stopped_at is not None:
        return Saved(draft=row, dropped=())
    before = answers_of(row)
    own = {question.key for question in section.questions}
    merged = {key: value for key, value in before.items() if key not in own} | dict(given)
    kept, dropped = contract.drop_closed(merged)
    row.answers = contract.to_json(kept)
    row.progress = _progress(row, section, before, given, dropped, finished=finished)
    row.save(update_fields=("answers", "progress", "updated_at"))
    return Saved(draft=row, dropped=dropped)


def _progress(
    row: Draft,
    section: Section,
    before: Answers,
    given: Mapping[str, Answer],
    dropped: Collection[str],
    *,
    finished: bool,
) -> dict[str, Any]:
    """Pages answered, the page that waits for yes / no / not sure, and what was just dropped."""
    answered = [slug for slug in row.progress.get("answered", []) if slug != section.slug]
    emptied = {s.slug for s in questionnaire.SECTIONS if _lost_all(s, dropped)}
    changed = [key for key, value in given.items() if before.get(key, value) != value]
    return {
        "answered": [
            s for s in [*answered, *([section.slug] if finished else [])] if s not in emptied
        ],
        "one_by_one": "" if finished else section.slug,
        "dropped": list(dropped),
        "changed": changed if dropped else [],
    }


def _lost_all(section: Section, dropped: Collection[str]) -> bool:
    return bool(section.questions) and all(q.key in dropped for q in section.questions)


@transaction.atomic
def save_identity(*, draft: Draft, identity: Mapping[str, str]) -> Draft:
    """Keep who the answers are from, apart from the answers."""
    row = Draft.objects.select_for_update().get(pk=draft.pk)
    row.identity = dict(identity)
    row.save()
    return row


@transaction.atomic
def stop(*, draft: Draft, by: User | None = None) -> Draft:
    """End a questionnaire at an emergency answer: the draft stays, as an alert for the clinic.

    `by` is the member of staff who keyed in a paper; None for the patient.
    """
    row = Draft.objects.select_for_update().get(pk=draft.pk)
    if row.stopped_at is None:
        tier, _ = triage(answers_of(row))
        row.stopped_at = timezone.now()
        row.stopped_tier = tier.value
        row.save()
        audit.record("questionnaire stopped", actor=by, obj=row)
    return row


@transaction.atomic
def leave_name(*, draft: Draft, full_name: str, phone: str) -> Draft:
    """Add a name and a phone number to a stopped draft."""
    row = Draft.objects.select_for_update().get(pk=draft.pk)
    row.identity = row.identity | {"full_name": full_name, "phone": phone}
    row.save()
    audit.record("name left on alert", obj=row)
    return row


@transaction.atomic
def discard(*, draft: Draft) -> None:
    """Remove an unfinished questionnaire; a stopped one is an alert and stays."""
    _give_up(Draft.objects.filter(pk=draft.pk, stopped_at=None))


# --- sending ----------------------------------------------------------------------------------


@transaction.atomic
def submit(*, draft: Draft, by: User | None = None) -> Screening:
    """Freeze a complete draft as a screening, once.

    The same draft gives the same screening however often and however fast it is sent. `by` is the
    member of staff who keyed in a paper; None for the patient. Raises IncompleteError with the
    first page that is missing, AnswerError for a contradiction and Draft.DoesNotExist for a draft
    that was discarded.
    """
    key = draft.submission_key
    row = Draft.objects.select_for_update().filter(pk=draft.pk).first()
    if row is None:
        return _already_sent(key)
    missing = pathway.first_unanswered(place_of(row))
    if missing is not None:
        raise IncompleteError(missing)
    screening = _freeze(row)
    if row.invitation is not None:
        Invitation.objects.filter(pk=row.invitation.pk, used_at=None).update(used_at=timezone.now())
    row.delete()
    patients.bring_back(patient=screening.patient, by=by)
    audit.record("screening submitted", actor=by, patient=screening.patient, obj=screening)
    for dotted_path in settings.AFTER_SUBMIT:
        import_string(dotted_path)(screening)
    return screening


def _already_sent(key: str) -> Screening:
    """The screening of a draft that is gone. Raises Draft.DoesNotExist when it was discarded."""
    screening = find_screening(key)
    if screening is None:
        raise Draft.DoesNotExist
    return screening


def _freeze(draft: Draft) -> Screening:
    answers = contract.parse(draft.answers)
    ruleset = rule_versions.current()
    assessment = rules.assess(answers, ruleset)
    reasons = rules.explain(answers, assessment, ruleset)
    screening = Screening.objects.create(
        patient=draft.patient or _invited(draft) or _patient(draft.identity),
        submission_key=draft.submission_key,
        submitted_at=timezone.now(),
        filled_by=draft.identity["filled_by"],
        language=draft.language,
        **_frozen_words(answers, assessment, reasons, draft.language),
        **_columns(assessment),
    )
    Review.objects.create(
        screening=screening,
        triage_rank=assessment.triage.rank,
        doubt=_doubt(draft),
        **queue.columns(screening),
    )
    facts.keep(screening)
    return screening


def _doubt(draft: Draft) -> str:
    """Why a program may have sent this. Whom we invited, know or see at the desk is a person."""
    if draft.patient_id or draft.invitation_id or draft.kiosk_id or not audit.in_request():
        return ""
    fast = timezone.now() - draft.created_at < FASTEST
    return draft.doubt or (Doubt.FAST if fast else "")


def _frozen_words(
    answers: Answers, assessment: Assessment, reasons: tuple[Reason, ...], language: str
) -> dict[str, Any]:
    """What the patient read, in their language, and the same in English for the clinician.

    The rules' reasons are English; the patient's result and plan translate them.
    """
    with override(language):
        read, shown = answers_in_language(answers), result.compose(answers, assessment, reasons)
    return {
        "answers": contract.to_json(answers),
        "words": read,
        "english": [] if language == ENGLISH else contract.words(answers),
        "assessment": rules.to_json(assessment),
        "reasons": [result.reason_to_json(reason) for reason in reasons],
        "result": shown,
    }


def _columns(assessment: Assessment) -> dict[str, str]:
    """The parts of an assessment that the queue sorts and filters by."""
    return {
        "triage": assessment.triage.value,
        "left_level": assessment.left.level.value,
        "right_level": assessment.right.level.value,
        "overall": assessment.overall,
        "confidence": assessment.confidence,
        "questionnaire_version": assessment.questionnaire,
        "ruleset_version": assessment.ruleset,
    }


def _invited(draft: Draft) -> Patient | None:
    """Who was invited, if the birth date says that it is the same person who answered."""
    patient = draft.invitation.patient if draft.invitation else None
    if patient is None or patient.birth_date.isoformat() != draft.identity["birth_date"]:
        return None
    return _with_contact(patient, draft.identity)


def _patient(identity: Mapping[str, str]) -> Patient:
    """The person with exactly this name and birth date; a new one when there is none."""
    born = date.fromisoformat(identity["birth_date"])
    known = Patient.objects.filter(
        full_name=identity["full_name"], birth_date=born, erased_at=None
    ).first()
    if known is not None:
        return _with_contact(known, identity)
    patient = Patient.objects.create(
        reference=new_reference(),
        full_name=identity["full_name"],
        birth_date=born,
        phone=identity.get("phone", ""),
        email=identity.get("email", ""),
    )
    finding.index(patient)
    return patient


def _with_contact(patient: Patient, identity: Mapping[str, str]) -> Patient:
    """Take the newest phone number and address that the person gave."""
    patient.phone = identity.get("phone") or patient.phone
    patient.email = identity.get("email") or patient.email
    patient.save(update_fields=["phone", "email"])
    return patient


def new_reference() -> str:
    """A free reference such as K7Q-3RF."""
    while True:
        letters = [secrets.choice(REFERENCE_ALPHABET) for _ in range(6)]
        reference = f"{''.join(letters[:3])}-{''.join(letters[3:])}"
        if not Patient.objects.filter(reference=reference).exists():
            return reference
