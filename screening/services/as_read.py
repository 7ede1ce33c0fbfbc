"""A draft in words for "Check your answers", in the language of the page; nothing is written."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy

from chiro.practice.translation import translated
from screening import questionnaire
from screening.models import Draft
from screening.questionnaire import Layout, Section
from screening.services import pathway, submission
from screening.wording import answers_in_language, section_in_language

TICKED = frozenset({Layout.SAFETY, Layout.SIDE_GRID})
NO = "No"
IDENTITY_LABELS = {
    "full_name": gettext_lazy("Name"),
    "phone": gettext_lazy("Phone"),
    "email": gettext_lazy("Email"),
}


def groups(draft: Draft) -> list[dict[str, Any]]:
    """Every answer in words, a part of the questionnaire a group, with the page to change it on.

    A page of ticks is one row: what was said, and "no" to the rest. A self-test that was offered
    and not done says so.
    """
    answers = submission.answers_of(draft)
    pages = {page["section"]: page["rows"] for page in answers_in_language(answers)}
    groups: dict[str, list[dict[str, str]]] = {}
    for section in pathway.open_sections(answers, known=submission.known_pages(draft)):
        rows = _rows_as_read(section_in_language(section), pages.get(section.slug, []))
        if rows:
            marked = [{**row, "slug": section.slug} for row in rows]
            groups.setdefault(section.part, []).extend(marked)
    titled = [
        {"title": translated(questionnaire.PARTS[part]), "rows": rows}
        for part, rows in groups.items()
    ]
    if draft.patient_id is not None:
        return titled
    identity = _identity_as_read(draft.identity)
    return [*titled, {"title": gettext("Who it is from"), "rows": identity}]


def _rows_as_read(section: Section, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    if section.layout in TICKED:
        return _ticks_as_read(section, rows)
    if section.layout is Layout.SELF_TEST and not rows:
        return [{"question": section.questions[0].label, "answer": gettext("Not done")}]
    return rows


def _ticks_as_read(section: Section, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    said = [f"{row['question']}: {row['answer']}" for row in rows if row["answer"] != gettext(NO)]
    rest = gettext("No to the rest") if len(said) < len(rows) else ""
    answer = ". ".join([*said, rest]).strip(". ") if said else gettext("None of these")
    return [{"question": section.title, "answer": answer}]


def _identity_as_read(identity: Mapping[str, str]) -> list[dict[str, str]]:
    slug = next(s.slug for s in questionnaire.SECTIONS if s.layout is Layout.IDENTITY)
    born = date.fromisoformat(identity["birth_date"])
    read = [(gettext("Birth date"), date_format(born, "DATE_FORMAT"))]
    for key, label in IDENTITY_LABELS.items():
        read.append((str(label), identity.get(key) or gettext("Not given")))
    return [{"question": label, "answer": answer, "slug": slug} for label, answer in read]
