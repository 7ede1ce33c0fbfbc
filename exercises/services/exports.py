"""What leaves the practice: one patient's whole record, or every submission as a table.

`docs/exports.md` describes both, field by field. Audit events are no part of an export; that there
was one is recorded.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from chiro.practice import audit, exports
from chiro.practice.models import Practice, User
from exercises import rendering
from exercises.models import CheckIn, DiaryEntry, Plan, PlanDocument, PlanLink, StarterPlan
from exercises.services.summaries import print_summary
from screening.models import Alert, Decision, Examination, Invitation, Patient, Review, Screening
from screening.questionnaire import SECTIONS
from screening.questionnaire.declaration import Question

FORMAT = "screens-and-plans patient record"
FORMAT_VERSION = 1
AT_A_TIME = 500

SCREENING_FIELDS = (
    "submitted_at",
    "filled_by",
    "language",
    "answers",
    "words",
    "english",
    "assessment",
    "reasons",
    "result",
    "triage",
    "left_level",
    "right_level",
    "overall",
    "confidence",
    "questionnaire_version",
    "ruleset_version",
)
REVIEW_FIELDS = ("status", "final_left", "final_right", "cleared_at", "acknowledged_at")
PLAN_FIELDS = ("version", "status", "created_at", "approved_at", "ruleset_version", "content")
ITEM_FIELDS = ("position", "slug", "because", "note")
LINK_FIELDS = ("created_at", "expires_at", "revoked_at")


@dataclass(frozen=True, kw_only=True)
class Archive:
    """A zip file, and what could not be put into it."""

    data: bytes
    missing: tuple[str, ...]


# --- one patient ------------------------------------------------------------------------------


def export_patient(*, patient: Patient, by: User) -> Archive:
    """Everything that is kept of one patient: `record.json`, summaries and plans as PDFs."""
    files: dict[str, bytes] = {"record.json": _json(record_of(patient))}
    missing = []
    practice = Practice.current()
    for screening in _screenings(patient):
        name = f"summary-{screening.pk}.pdf"
        try:
            files[name] = print_summary(screening, practice, practice.paper)
        except rendering.RenderingError:
            missing.append(name)
    for document in PlanDocument.objects.filter(plan__screening__patient=patient):
        plan = f"plan-{document.plan_id}-{document.edition}-{document.paper}.pdf"
        files[plan] = bytes(document.pdf)
    if missing:
        words = "These could not be printed; export again:\n" + "\n".join(missing) + "\n"
        files["missing.txt"] = words.encode()
    audit.record("patient exported", actor=by, patient=patient, obj=patient)
    return Archive(data=_zip(files), missing=tuple(missing))


def record_of(patient: Patient) -> dict[str, Any]:
    """The record as plain values, in the format that `docs/exports.md` describes."""
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "exported_at": timezone.now(),
        "patient": {
            "reference": patient.reference,
            "full_name": patient.full_name,
            "birth_date": patient.birth_date,
            "phone": patient.phone,
            "email": patient.email,
            "created_at": patient.created_at,
            "archived_at": patient.archived_at,
        },
        "invitations": list(
            Invitation.objects.filter(patient=patient).values(
                "created_at", "expires_at", "opened_at", "used_at", "revoked_at", "language"
            )
        ),
        "screenings": [_screening(screening) for screening in _screenings(patient)],
    }


def _screenings(patient: Patient) -> list[Screening]:
    rows = Screening.objects.select_related("patient", "review__clinician", "review__cleared_by")
    return list(rows.filter(patient=patient).order_by("submitted_at"))


def _screening(screening: Screening) -> dict[str, Any]:
    review = Review.objects.get(screening=screening)
    exam = Examination.objects.filter(screening=screening).first()
    return {
        "id": screening.pk,
        **{name: getattr(screening, name) for name in SCREENING_FIELDS},
        "review": {name: getattr(review, name) for name in REVIEW_FIELDS}
        | {"clinician": _name(review.clinician)},
        "examination": exam
        and {"at": exam.examined_at, "by": _name(exam.examiner), "findings": exam.findings}
        | {"note": exam.note},
        "decisions": [
            {"at": row.at, "by": _name(row.by), "kind": row.kind, "reason": row.reason}
            | {"details": row.details}
            for row in Decision.objects.filter(screening=screening).select_related("by")
        ],
        "alerts": list(
            Alert.objects.filter(screening=screening).values(
                "tier", "reported", "raised_at", "acknowledged_at"
            )
        ),
        "plans": [_plan(plan) for plan in Plan.objects.filter(screening=screening)],
        "check_ins": list(
            CheckIn.objects.filter(screening=screening).values(
                "week", "due_on", "made_at", "answers", "tier", "reported"
            )
        ),
        "first_exercises": list(
            StarterPlan.objects.filter(screening=screening).values("content", "created_at")
        ),
        "links": list(PlanLink.objects.filter(screening=screening).values(*LINK_FIELDS)),
    }


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        **{name: getattr(plan, name) for name in PLAN_FIELDS},
        "approved_by": _name(plan.approved_by),
        "items": list(plan.items.values(*ITEM_FIELDS)),
        "documents": list(plan.documents.values("paper", "edition", "sha256", "created_at")),
        "diary": list(
            DiaryEntry.objects.filter(plan=plan).values(
                "day", "revision", "ticks", "pain", "difficulty", "source", "created_at"
            )
        ),
    }


def _name(user: User | None) -> str:
    return user.display_name if user else ""


# --- the whole practice -----------------------------------------------------------------------

ABOUT = (
    ("screening", "Number of the submission."),
    ("reference", "Reference of the patient; their name stands in patients.csv."),
    ("submitted_at", "When it was sent, UTC."),
    ("filled_by", "self, helper or staff."),
    ("language", "Language in which it was read."),
    ("triage", "none, clinician_first, same_day or emergency."),
    ("left_level", "Level of the screen, left: unlikely, possible, likely."),
    ("right_level", "Level of the screen, right."),
    ("left_points", "Points of the screen, left."),
    ("right_points", "Points of the screen, right."),
    ("overall", "Level of the screen over both sides."),
    ("confidence", "Confidence of the screen."),
    ("status", "waiting, in_review, approved or withheld."),
    ("final_left", "Level after the examination, left; empty where none was set."),
    ("final_right", "Level after the examination, right."),
    ("plan_version", "Newest approved version of the home plan; empty without one."),
    ("questionnaire_version", "Version of the questions."),
    ("ruleset_version", "Version of the rules."),
)
"""Columns about the submission, and what they mean; the answers follow."""

PATIENTS = (
    ("reference", "Reference of the patient."),
    ("full_name", "Name."),
    ("birth_date", "Date of birth, year-month-day."),
    ("phone", "Phone."),
    ("email", "E-mail address."),
    ("created_at", "When the record began, UTC."),
    ("archived_at", "Since when it is archived, UTC; empty while it is not."),
)


def questions() -> list[Question]:
    """Every question in the order of the pages."""
    return [question for section in SECTIONS for question in section.questions]


@transaction.atomic
def export_practice(*, by: User) -> bytes:
    """A zip of `submissions.csv` (one row each), `patients.csv` and `dictionary.csv`."""
    patients = Patient.objects.filter(erased_at=None, is_example=False).order_by("pk")
    columns = [name for name, _ in PATIENTS]
    files = {
        "submissions.csv": exports.table(header(), _rows()),
        "patients.csv": exports.table(columns, patients.values_list(*columns)),
        "dictionary.csv": exports.table(("file", "column", "meaning", "values"), dictionary()),
    }
    audit.record("practice exported", actor=by)
    return _zip(files)


def header() -> list[str]:
    """The columns of `submissions.csv`."""
    return [name for name, _ in ABOUT] + [question.key for question in questions()]


def dictionary() -> Iterator[tuple[str, str, str, str]]:
    """What each column of each file means, with its unit or its values."""
    for name, meaning in ABOUT:
        yield "submissions.csv", name, meaning, ""
    for question in questions():
        yield "submissions.csv", question.key, question.label, _values(question)
    for name, meaning in PATIENTS:
        yield "patients.csv", name, meaning, ""


def _values(question: Question) -> str:
    """The values that an answer may have."""
    if question.options:
        return exports.JOIN.join(f"{o.value} = {o.label}" for o in question.options)
    if question.minimum is not None and question.maximum is not None:
        return f"{question.minimum} to {question.maximum} {question.unit}".strip()
    return question.unit


def _rows() -> Iterator[list[Any]]:
    keys = [question.key for question in questions()]
    rows = (
        Screening.objects.filter(patient__erased_at=None, patient__is_example=False)
        .select_related("patient", "review")
        .defer("words", "english", "reasons", "result")
        .prefetch_related("plans")
        .order_by("pk")
    )
    for screening in rows.iterator(chunk_size=AT_A_TIME):
        yield [*_about(screening), *(screening.answers.get(key) for key in keys)]


def _about(screening: Screening) -> list[Any]:
    review = screening.review
    approved = [plan.version for plan in screening.plans.all() if plan.approved_at]
    return [
        screening.pk,
        screening.patient.reference,
        screening.submitted_at,
        screening.filled_by,
        screening.language,
        screening.triage,
        screening.left_level,
        screening.right_level,
        screening.assessment.get("left", {}).get("total"),
        screening.assessment.get("right", {}).get("total"),
        screening.overall,
        screening.confidence,
        review.status,
        review.final_left,
        review.final_right,
        max(approved, default=None),
        screening.questionnaire_version,
        screening.ruleset_version,
    ]


# --- files ------------------------------------------------------------------------------------


def _json(record: dict[str, Any]) -> bytes:
    return json.dumps(record, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1).encode()


def _zip(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()
