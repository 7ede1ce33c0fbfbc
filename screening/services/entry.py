"""Papers keyed in by staff: from checked answers to the same frozen record as a patient's own.

The record is made by `submission.submit`, as for a patient; only the audit event names a member of
staff. The key of the form makes saving happen once.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from chiro.practice.models import User
from screening import answers as contract
from screening.answers import Answer
from screening.models import Draft, Screening
from screening.services import pathway, submission


@transaction.atomic
def enter(
    *,
    key: str,
    answers: Mapping[str, Answer],
    identity: Mapping[str, str],
    by: User,
    language: str = "en",
) -> Screening:
    """Freeze a paper as a screening, once for each key.

    `answers` and `identity` are complete, as `EntryForm` hands them over. Raises IncompleteError or
    AnswerError when they are not.
    """
    draft = _draft(key, answers, identity, language)
    known = submission.find_screening(key)  # Another press of the same button was faster.
    if known is not None:
        draft.delete()
        return known
    return submission.submit(draft=draft, by=by)


@transaction.atomic
def alert(
    *, key: str, answers: Mapping[str, Answer], full_name: str, phone: str, by: User
) -> Draft:
    """Keep an unfinished paper with an emergency answer as an alert, once for each key."""
    draft = Draft.objects.filter(submission_key=key).first()
    if draft is None:
        identity = {"full_name": full_name, "phone": phone}
        draft = _draft(key, answers, identity, "en")
    return submission.stop(draft=draft, by=by)


def _draft(
    key: str, answers: Mapping[str, Answer], identity: Mapping[str, Any], language: str
) -> Draft:
    answered = [section.slug for section in pathway.open_sections(answers)]
    return Draft.objects.create(
        submission_key=key,
        answers=contract.to_json(answers),
        identity=dict(identity),
        progress={"answered": answered},
        language=language,
    )
