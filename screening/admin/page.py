"""What the review page says of one screening: frozen words, points, prompts and decisions.

Nothing is written here and nothing is worked out again: the answers, the reasons and the result are
shown as they were frozen. Values come ready to print.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from screening import answers as contract
from screening import assessment as assessments
from screening import changes, examination, prompts
from screening.admin.queue import OPEN, TIER_BADGES, LevelShown, level_shown, waited
from screening.anatomy import SIDES, Tier
from screening.answers import AnswerError, Answers
from screening.assessment import Assessment
from screening.models import Alert, Decision, Examination, Review, Screening
from screening.questionnaire import NUMBERS, VERSION
from screening.services import alerts
from screening.services import review as reviews
from screening.sources import SOURCES

EVIDENCE = {
    "E0": "opinion",
    "E1": "mechanics",
    "E2": "observed",
    "E3": "small study",
    "E-": "unclear",
}
"""Evidence grade -> one word of it in the points table; the note beside it says more."""

GROUPS = {"A": "Habits", "B": "Symptoms", "C": "Signs", "D": "History", "E": "Training"}
FILLED_BY = {"self": "", "helper": "Filled in by a helper", "parent": "Filled in by a parent"}
SELF_TEST_KEYS = ("stance_", "leg_lift_")
EMPHASIS = {"gmed": "side-hip muscle", "gmax": "buttock muscle", "both": "both muscles"}
SHOWN_DIGITS = 12
MOST_REPORTED = 20
LEAD_IN = "Because you told us "


# --- who and how urgent -----------------------------------------------------------------------


def who(screening: Screening) -> dict[str, Any]:
    """Name, age, when it came, how sure the screen is, and the versions it was made with."""
    patient, review = screening.patient, screening.review
    look, word = TIER_BADGES[screening.triage]
    shown = {
        "name": patient.full_name,
        "reference": patient.reference,
        "age": age_on(patient.birth_date, timezone.localdate(screening.submitted_at)),
        "born": patient.birth_date,
        "phone": patient.phone,
        "email": patient.email,
        "is_example": patient.is_example,
        "sent": screening.submitted_at,
        "waited": "",
        "filled_by": FILLED_BY.get(screening.filled_by, ""),
        "look": look,
        "word": word,
        "status": review.get_status_display(),
        "doubt": review.get_doubt_display(),
        "versions": f"Questionnaire {screening.questionnaire_version}, "
        f"rules {screening.ruleset_version}, answers locked",
    }
    if review.status in OPEN:
        shown["waited"] = waited(screening.submitted_at, timezone.now())
    return shown


def age_on(born: date, day: date) -> int:
    """Whole years on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def alert(screening: Screening) -> dict[str, Any] | None:
    """What set the tier, as the patient told it, and who answered for it; None without a tier."""
    if screening.triage == Tier.NONE.value:
        return None
    review = screening.review
    look, word = TIER_BADGES[screening.triage]
    return {
        "look": look,
        "word": word,
        "flags": screening.result.get("flags", []),
        "codes": ", ".join(screening.assessment["flags"]),
        "by": review.acknowledged_by,
        "at": review.acknowledged_at,
        "cleared_by": review.cleared_by,
        "cleared_at": review.cleared_at,
        "needs_new_screening": screening.triage in reviews.UNCLEARABLE,
    }


def reported(screening: Screening) -> list[dict[str, Any]]:
    """What the patient reported in check-ins; what nobody has seen comes first."""
    rows = Alert.objects.filter(screening__patient=screening.patient_id)
    newest = rows.select_related("acknowledged_by").order_by(
        F("acknowledged_at").desc(nulls_first=True), "-raised_at"
    )
    return [
        {
            "look": TIER_BADGES[row.tier][0],
            "word": TIER_BADGES[row.tier][1],
            "what": alerts.words(row),
            "since": row.raised_at,
            "by": row.acknowledged_by,
            "at": row.acknowledged_at,
            "acknowledge_url": reverse("admin:screening_screening_reported", args=[row.pk]),
        }
        for row in newest[:MOST_REPORTED]
    ]


# --- levels and points ------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class SideShown:
    """One side: the screen's level, the clinician's, and what the examination suggests."""

    side: str
    name: str
    screen: LevelShown
    final: str
    suggested: str
    reasons: tuple[str, ...]
    notes: tuple[str, ...]


def sides(screening: Screening, exam: Examination | None) -> list[SideShown]:
    """Left, then right."""
    return [_side(screening, side, exam) for side in SIDES]


def _side(screening: Screening, side: Any, exam: Examination | None) -> SideShown:
    found = exam.findings if exam else {}
    suggestion = examination.suggest_level(found, side)
    final = getattr(screening.review, f"final_{side}")
    return SideShown(
        side=side.value,
        name=f"{side.value.capitalize()} hip",
        screen=level_shown(
            getattr(screening, f"{side}_level"), screening.assessment[side]["total"]
        ),
        final=dict(Review.FINAL_LEVELS).get(final, ""),
        suggested=suggestion.level.value if suggestion.level else "",
        reasons=suggestion.reasons,
        notes=examination.notes(found, side),
    )


def points(screening: Screening) -> dict[str, Any]:
    """The points table: a row a fired rule, what each group's cap leaves, and the totals."""
    by_rule: dict[str, list[Mapping[str, Any]]] = {}
    for reason in screening.reasons:
        by_rule.setdefault(reason["rule"], []).append(reason)
    return {
        "rows": [_points_row(rule, group) for rule, group in sorted(by_rule.items())],
        "caps": _caps(screening.reasons),
        "left": screening.assessment["left"]["total"],
        "right": screening.assessment["right"]["total"],
    }


def _points_row(rule: str, reasons: list[Mapping[str, Any]]) -> dict[str, Any]:
    first = reasons[0]
    cells = {reason["side"]: _cell(reason) for reason in reasons}
    return {
        "rule": rule,
        "told": " ".join(dict.fromkeys(_finding_told(reason["told"]) for reason in reasons)),
        "clinician": first["clinician"],
        "grade": first["evidence"],
        "evidence": EVIDENCE.get(first["evidence"], first["evidence"]),
        "evidence_note": first.get("evidence_note", ""),
        "sources": [SOURCES[key].citation for key in first["sources"] if key in SOURCES],
        "left": cells.get("left", ""),
        "right": cells.get("right", ""),
    }


def _finding_told(sentence: str) -> str:
    """What the patient said, without the words that lead in on the patient's page."""
    said = sentence.removeprefix(LEAD_IN)
    return said[:1].upper() + said[1:]


def _cell(reason: Mapping[str, Any]) -> str:
    """The points of a rule on a side; with what is left of them where a cap bites."""
    own, counted = reason["points"], reason["counted"]
    return str(own) if counted == own else f"{counted} of {own}"


def _caps(reasons: Iterable[Mapping[str, Any]]) -> list[str]:
    """A sentence for each side and group whose cap bites: "Habits, right: counts 4 of 5"."""
    sums: dict[tuple[str, str], list[int]] = {}
    for reason in reasons:
        pair = sums.setdefault((reason["group"], reason["side"]), [0, 0])
        pair[0] += reason["counted"]
        pair[1] += reason["points"]
    return [
        f"{GROUPS[group]}, {side}: counts {counted} of {own}"
        for (group, side), (counted, own) in sorted(sums.items())
        if counted != own
    ]


def measured(measure: examination.Measure, value: Any) -> str:
    """A stored finding in words with its unit: "4+", "12 mm", "Groin, Back"."""
    options = measure.options or {}
    if isinstance(value, list):
        return ", ".join(options.get(one, str(one)) for one in value)
    return f"{options.get(value, value) if options else value} {measure.unit}".strip()


def changed(screening: Screening) -> dict[str, Any] | None:
    """What is different from the patient's last screening; None for the first one.

    A record of an older questionnaire that cannot be read any more says so in `old`.
    """
    previous = (
        Screening.objects.filter(patient=screening.patient_id)
        .filter(submitted_at__lt=screening.submitted_at)
        .order_by("-submitted_at")
        .first()
    )
    if previous is None:
        return None
    shown: dict[str, Any] = {"pk": previous.pk, "at": previous.submitted_at, "old": False}
    try:
        found = changes.changes(_read_again(previous), _read_again(screening))
    except (AnswerError, KeyError, TypeError, ValueError, AttributeError):
        return {**shown, "old": True}
    return {**shown, "found": found}


def _read_again(screening: Screening) -> tuple[Answers, Assessment]:
    return contract.parse(screening.answers), assessments.from_json(screening.assessment)


# --- prompts, answers, decisions --------------------------------------------------------------


def for_the_clinician(screening: Screening) -> dict[str, Any]:
    """Prompts, what was left unsure, tags, emphasis and how sure the screen is."""
    found = [prompts.BY_ID[key] for key in screening.assessment["prompts"] if key in prompts.BY_ID]
    return {
        "prompts": [
            {
                "title": prompt.title,
                "note": prompt.note,
                "evidence": prompt.evidence,
                "sources": [SOURCES[key].citation for key in prompt.sources if key in SOURCES],
            }
            for prompt in found
        ],
        "notes": prompts.notes(screening.answers),
        "tags": [tag.replace("_", " ") for tag in screening.assessment["tags"]],
        "emphasis": EMPHASIS.get(screening.assessment["emphasis"], ""),
        "confidence": screening.confidence,
    }


def answers(screening: Screening) -> list[dict[str, Any]]:
    """The pages as the patient read them, without the self-tests, which stand apart."""
    pages = [
        {**page, "rows": [row for row in page["rows"] if not _is_self_test(row)]}
        for page in screening.words_for_staff
    ]
    return [{**page, "rows": numbered(screening, page["rows"])} for page in pages if page["rows"]]


def numbered(screening: Screening, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows with the number on paper; without one where another questionnaire was answered."""
    numbers = NUMBERS if screening.questionnaire_version == VERSION else {}
    return [{**row, "number": numbers.get(row["key"], "")} for row in rows]


def self_tests(screening: Screening) -> list[Mapping[str, Any]]:
    """What the patient found in the checks at home, in the words that were read."""
    return [row for page in screening.words_for_staff for row in page["rows"] if _is_self_test(row)]


def _is_self_test(row: Mapping[str, Any]) -> bool:
    return str(row["key"]).startswith(SELF_TEST_KEYS)


@dataclass(frozen=True, kw_only=True)
class DecisionShown:
    """One decision: what, who, when, why, and the values that changed."""

    kind: str
    by: str
    at: datetime
    reason: str
    details: tuple[str, ...]


def decisions(screening: Screening) -> list[DecisionShown]:
    """What was decided, the newest first."""
    rows = screening.decisions.select_related("by").order_by("-at", "-pk")
    return [
        DecisionShown(
            kind=row.get_kind_display(),
            by=row.by.display_name,
            at=row.at,
            reason=row.reason,
            details=tuple(_details(row)),
        )
        for row in rows
    ]


def _details(decision: Decision) -> Iterable[str]:
    """The old and new values of a decision, a line each."""
    told = decision.details
    if decision.kind == Decision.Kind.LEVELS:
        for side in SIDES:
            old, new = (_level_word(told[when][side]) for when in ("old", "new"))
            yield f"{side.capitalize()}: {new}, was {old}, screen {told['screen'][side]}."
    elif decision.kind == Decision.Kind.EXAMINED:
        yield from _changed_findings(told["old"], told["new"])
    elif decision.kind == Decision.Kind.PLAN_CHANGED:
        yield f"Version {told['version']}: {told['act']}."
    elif decision.kind == Decision.Kind.APPROVED:
        yield f"Version {told['version']}."
        for kept, digest in told["sha256"].items():
            yield f"Kept for ever, {kept}: SHA-256 {digest[:SHOWN_DIGITS]}…"


def _level_word(level: str) -> str:
    return level.replace("_", " ") or "not decided"


def _changed_findings(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterable[str]:
    for key in dict.fromkeys((*old, *new)):
        name = key.replace("_", " ").capitalize()
        before, after = old.get(key, {}), new.get(key, {})
        for side in dict.fromkeys((*before, *after)):
            was, now = before.get(side, "empty"), after.get(side, "empty")
            if was != now:
                yield f"{name}, {side}: {_finding(now)}, was {_finding(was)}"


def _finding(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)
