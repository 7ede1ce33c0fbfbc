"""A screening beside the one before it: reads the frozen records, compares them, writes nothing."""

from screening import answers as contract
from screening import assessment as rules
from screening.answers import AnswerError, Answers
from screening.assessment import Assessment
from screening.changes import Changes, Read, changes
from screening.models import Screening
from screening.questionnaire import QUESTIONS


def latest_two(patient_id: int) -> list[Screening]:
    """The newest screening of a patient and the one before it, newest first."""
    rows = Screening.objects.filter(patient=patient_id).select_related("review")
    return list(rows.defer("words", "reasons").order_by("-submitted_at", "-pk")[:2])


def previous_of(screening: Screening) -> Screening | None:
    """The same patient's screening before this one; None for the first."""
    earlier = Screening.objects.filter(
        patient=screening.patient_id, submitted_at__lt=screening.submitted_at
    )
    return earlier.order_by("-submitted_at", "-pk").first()


def compare(
    previous: Screening, current: Screening, read: Read = contract.answer_in_words
) -> Changes:
    """What is different between two frozen screenings of one patient; `read` as in `changes`."""
    return changes(_read(previous), _read(current), read)


def _read(screening: Screening) -> tuple[Answers, Assessment]:
    """Answers and assessment as frozen; what the questionnaire no longer knows is left out."""
    answers = {}
    for key, raw in screening.answers.items():
        if key in QUESTIONS:
            try:
                answers[key] = contract.check_value(QUESTIONS[key], raw)
            except AnswerError:  # an answer of an older questionnaire
                continue
    return answers, rules.from_json(screening.assessment)
