"""The note text of a screening for another record system: plain text, laid out as S, O, A, P.

Made from what is stored; nothing is worked out again. Levels and points stay out while they are
withheld. `exercises.admin` adds the plan.
"""

from collections.abc import Iterable, Iterator, Mapping

from django.utils import timezone
from django.utils.formats import date_format

from screening import examination
from screening.admin import page
from screening.anatomy import Tier
from screening.models import Examination, Screening
from screening.services import review as reviews

SELF_SCREEN = "A self-screen, not a diagnosis; the set of rules is not validated."


def text(screening: Screening, plan: Iterable[str] = ()) -> str:
    """The whole note, a line each, with the four letters as headings."""
    exam = Examination.objects.select_related("examiner").filter(screening=screening).first()
    parts = {
        "S": _subjective(screening),
        "O": _objective(screening, exam),
        "A": _assessment(screening, exam),
        "P": [*_decided(screening), *plan] or ["No plan yet."],
    }
    head = _head(screening)
    return "\n".join([head, *(_part(letter, lines) for letter, lines in parts.items())])


def _part(letter: str, lines: Iterable[str]) -> str:
    return "\n".join([f"\n{letter}:", *(f"- {line}" for line in lines)])


def _head(screening: Screening) -> str:
    who = page.who(screening)
    sent = date_format(timezone.localtime(screening.submitted_at), "M j, Y")
    born = date_format(who["born"], "M j, Y")
    return (
        f"{who['name']}, {who['age']}, born {born}, {who['reference']}. "
        f"Self-screen of {sent}. {who['versions']}."
    )


def _subjective(screening: Screening) -> Iterator[str]:
    """What the patient answered, in the words that were read; "no" to a safety item is left out."""
    for shown in page.answers(screening):
        rows = [row for row in shown["rows"] if not _is_calm(row)]
        if rows:
            said = "; ".join(_said(row) for row in rows)
            yield f"{shown['title'].rstrip('.?')}: {said}"


def _said(row: Mapping[str, str]) -> str:
    """A question and its answer: "Pain right now: 5 out of 10", "Do you limp? Yes"."""
    asked = row["question"].rstrip(".")
    return f"{asked}{'' if asked.endswith('?') else ':'} {row['answer']}"


def _is_calm(row: dict[str, str]) -> bool:
    return row["key"].startswith("rf_") and row["answer"] == "No"


def _objective(screening: Screening, exam: Examination | None) -> Iterator[str]:
    for row in page.self_tests(screening):
        yield f"At home: {_said(row)}"
    if exam is None:
        yield "No examination recorded."
        return
    day = date_format(timezone.localtime(exam.examined_at), "M j, Y")
    yield f"Examined {day} by {exam.examiner.display_name}."
    yield from findings(exam)
    if exam.note:
        yield " ".join(exam.note.split())


def findings(exam: Examination) -> Iterator[str]:
    """Each finding in words: "Hip rotation, in (degrees): left 30, right 35"."""
    for test in examination.TESTS:
        for measure in test.measures:
            by_side = exam.findings.get(measure.key)
            if by_side:
                said = ", ".join(
                    f"{'' if side == examination.BOTH else side + ' '}"
                    f"{page.measured(measure, value)}"
                    for side, value in by_side.items()
                )
                label = test.name if len(test.measures) == 1 else f"{test.name}: {measure.label}"
                yield f"{label}: {said}"


def _assessment(screening: Screening, exam: Examination | None) -> Iterator[str]:
    yield f"Triage: {page.who(screening)['word']}."
    shown = page.alert(screening)
    if shown and screening.triage != Tier.NONE.value:
        yield from (f"{flag['code']}: {flag['told']}" for flag in shown["flags"])
    if reviews.levels_withheld(screening.review):
        yield "Levels are withheld: this record is not cleared for a plan."
        return
    for side in page.sides(screening, exam):
        yield (
            f"{side.name}: screen {side.screen.word.lower()} ({side.screen.total} points), "
            f"examination suggests {side.suggested or 'nothing'}, "
            f"final {side.final.lower() or 'not decided'}."
        )
    told = page.points(screening)["rows"]
    yield from (f"{row['rule']} {row['told']}" for row in told)
    yield SELF_SCREEN


def _decided(screening: Screening) -> Iterator[str]:
    review = screening.review
    yield f"Status: {review.get_status_display()}."
    for decision in page.decisions(screening):
        if decision.reason:
            yield f"{decision.kind} by {decision.by}: {decision.reason}"
