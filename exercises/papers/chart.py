"""The summary of a screening for the patient's chart: one page for the clinician.

Stored words only: answers, reasons and levels as they were frozen, the examination and decisions as
they were recorded. Long lists are cut with a count of what is left out, so that it stays one page.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils import timezone

from chiro.practice.models import Practice
from screening import examination
from screening.admin import page
from screening.admin.page import SideShown
from screening.examination import BOTH, Measure, Test
from screening.models import Decision, Examination, Screening
from screening.questionnaire import SECTIONS
from screening.services import review as reviews

TEMPLATE = "exercises/chart_summary.html"
CSS = "css/chart.css"
FILE_NAME = "chart-summary.pdf"  # No name of a person: it lands in shared download folders.
SIZES = ("roomy", "close", "terse")
"""Layouts to try, roomiest first: 9.5 points, 8 points, and 8 points with lists run on."""

HABIT_KEYS = tuple(q.key for s in SECTIONS if s.part == "habits" for q in s.questions)
SYMPTOM_KEYS = ("places", "duration", "pain_now", "pain_worst", "settles", "leg_symptoms", "goals")
SIDE_LETTERS = {"left": "L", "right": "R", BOTH: ""}
DECISIONS_SHOWN = 4
LONGEST_TOLD = 44
LONGEST_REASON = 40
LONGEST_NOTE = 140
LONGEST_FINDING = 26
LONGEST_GOALS = 150
FLAGS_SHOWN = 6


def compose(screening: Screening, practice: Practice) -> dict[str, Any]:
    """Everything the summary says, ready to print."""
    exam = Examination.objects.select_related("examiner").filter(screening=screening).first()
    withheld = reviews.levels_withheld(screening.review)
    sides = page.sides(screening, exam)
    return {
        "practice": {"name": practice.name, "phone": practice.phone},
        "who": page.who(screening),
        "alert": _alert(screening),
        "withheld": withheld,
        "sides": sides,
        "notes": _notes(sides),
        "points": _points(screening),
        "clinician": page.for_the_clinician(screening),
        "symptoms": _rows(screening, SYMPTOM_KEYS),
        "habits": _rows(screening, HABIT_KEYS),
        "self_tests": page.numbered(screening, page.self_tests(screening)),
        "exam": _exam(exam),
        "decisions": _decisions(screening),
        "versions": f"Questionnaire {screening.questionnaire_version}, "
        f"rules {screening.ruleset_version}",
        "printed_on": timezone.localdate(),
    }


def _points(screening: Screening) -> dict[str, Any]:
    """The points table, each reason in its first sentence: the columns say on which side."""
    found = page.points(screening)
    told = [_cut(_first_sentence(row["told"]), LONGEST_TOLD) for row in found["rows"]]
    return {
        **found,
        "rows": [{**row, "told": words} for row, words in zip(found["rows"], told, strict=True)],
    }


def _first_sentence(words: str) -> str:
    return f"{words.partition('. ')[0].rstrip('.')}."


# --- answers ----------------------------------------------------------------------------------


def _rows(screening: Screening, keys: Iterable[str]) -> list[dict[str, Any]]:
    """The stored questions and answers of these keys, in the order that was read."""
    wanted = set(keys)
    found = (row for stored in screening.words for row in stored["rows"] if row["key"] in wanted)
    return _shortened(page.numbered(screening, found))


def _shortened(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows with the patient's own words cut to what fits; other answers stay whole."""
    return [
        {**row, "answer": _cut(row["answer"], LONGEST_GOALS)} if row["key"] == "goals" else {**row}
        for row in rows
    ]


def _alert(screening: Screening) -> dict[str, Any] | None:
    """What set the tier; beyond the first items only their codes."""
    found = page.alert(screening)
    if found is None:
        return None
    shown, others = found["flags"][:FLAGS_SHOWN], found["flags"][FLAGS_SHOWN:]
    return {**found, "flags": shown, "others": ", ".join(flag["code"] for flag in others)}


# --- examination and decisions ----------------------------------------------------------------


def _notes(sides: Iterable[SideShown]) -> list[dict[str, str]]:
    """What the examination says of the hips, once where it says the same of both."""
    hips: dict[str, list[str]] = {}
    for side in sides:
        for note in side.notes:
            hips.setdefault(note, []).append(side.side)
    return [{"hips": " and ".join(named), "note": note} for note, named in hips.items()]


def _exam(exam: Examination | None) -> dict[str, Any] | None:
    if exam is None:
        return None
    return {
        "by": exam.examiner.display_name,
        "at": exam.examined_at,
        "note": _cut(exam.note, LONGEST_NOTE),
        "tests": [row for test in examination.TESTS if (row := _test(test, exam.findings))],
    }


def _test(test: Test, findings: Mapping[str, Mapping[str, Any]]) -> dict[str, str] | None:
    found = [words for measure in test.measures for words in _measure(measure, findings)]
    return {"name": test.name, "found": "; ".join(found)} if found else None


def _measure(measure: Measure, findings: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """What was found with a measure: "Grade L 4-, R 5"."""
    by_side = findings.get(measure.key, {})
    values = [
        f"{letter} {_value(measure, by_side[side])}".strip()
        for side, letter in SIDE_LETTERS.items()
        if side in by_side
    ]
    if values:
        yield f"{measure.label} {', '.join(values)}"


def _value(measure: Measure, raw: Any) -> str:
    """One raw value in words, with its unit."""
    labels = measure.options or {}
    values = raw if isinstance(raw, list) else [raw]
    words = ", ".join(labels.get(str(value), str(value)) for value in values)
    return _cut(f"{words} {measure.unit}".strip(), LONGEST_FINDING)


def _decisions(screening: Screening) -> dict[str, Any]:
    """The newest decisions, and how many more stand in the record."""
    rows = page.decisions(screening)
    shown = [row for row in rows if row.kind != Decision.Kind.PLAN_CHANGED.label]
    return {
        "rows": [
            {
                "kind": row.kind,
                "by": row.by,
                "at": row.at,
                "reason": _cut(row.reason, LONGEST_REASON),
            }
            for row in shown[:DECISIONS_SHOWN]
        ],
        "more": len(rows) - len(shown[:DECISIONS_SHOWN]),
    }


def _cut(text: str, longest: int) -> str:
    """A text in one line, ended by "…" where the record says more."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"
