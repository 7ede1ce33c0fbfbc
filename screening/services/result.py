"""What the patient reads after sending, composed once and frozen with the screening.

`compose` makes JSON-able words from answers, assessment and reasons; `shown` picks the page that
the practice's policy and the tier allow. A tier other than `none` has no level and no points.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext, gettext_lazy, ngettext

from chiro.practice.models import Practice
from chiro.practice.translation import translated
from screening import assessment as rules
from screening import red_flags
from screening.anatomy import SIDES, Level, Side, Tier
from screening.answers import Answers
from screening.assessment import Assessment, Reason
from screening.models import Review, Screening
from screening.services import rule_versions
from screening.wording import because_in_language, flag_in_language

OPEN_REASONS = 3
AFTER_REVIEW = Practice.ResultPolicy.AFTER_REVIEW

TEMPLATES = {
    Tier.NONE: "screening/result.html",
    Tier.CLINICIAN_FIRST: "screening/result_clinician_first.html",
    Tier.SAME_DAY: "screening/result_today.html",
    Tier.EMERGENCY: "screening/result_emergency.html",
}
WAITING_TEMPLATE = "screening/result_waiting.html"

LEVEL_WORDS = {
    Level.UNLIKELY: gettext_lazy("Few answers fit"),
    Level.POSSIBLE: gettext_lazy("Some answers fit"),
    Level.LIKELY: gettext_lazy("Several answers fit"),
}

TITLES = {
    "A1": gettext_lazy("How you sleep"),
    "A2": gettext_lazy("How you stand"),
    "A3": gettext_lazy("How long you sit"),
    "A4": gettext_lazy("How you cross your legs"),
    "B1": gettext_lazy("Low back pain"),
    "B2": gettext_lazy("Buttock pain"),
    "B3": gettext_lazy("Outer hip pain"),
    "B4": gettext_lazy("Standing on one leg"),
    "B5": gettext_lazy("Stairs, hills and chairs"),
    "B6": gettext_lazy("Long standing, walking or running"),
    "C1": gettext_lazy("A limp"),
    "C2": gettext_lazy("A hip that drops"),
    "C3": gettext_lazy("Swaying when you walk"),
    "C4": gettext_lazy("A hip that tires early"),
    "C5": gettext_lazy("Your mirror check"),
    "C6": gettext_lazy("Your leg lift"),
    "D1": gettext_lazy("An old injury"),
    "D2": gettext_lazy("Hip surgery"),
    "E": gettext_lazy("A lot of training"),
}

CHANGES = {
    "A1": gettext_lazy(
        "put a pillow between your knees, from knee to ankle. Lying on your back is fine too."
    ),
    "A2": gettext_lazy(
        "stand with your weight on both feet. Change when you notice a hip sticking out."
    ),
    "A3": gettext_lazy(
        "set a 30-minute timer. Stand up, do 5 slow chair stands, and walk for a minute."
    ),
    "A4": gettext_lazy("keep both feet flat. If you must cross, cross at the ankles."),
    "E": gettext_lazy(
        "cut running or jumping by about a third for 2 weeks. Add a rest day after hard days."
    ),
}
"""Rule -> one small change to try; specification 5.7. Other rules have none."""

SWAPS = {
    "A1": (
        ("option-lie-on-{other}", gettext_lazy("Top knee on the bed")),
        ("option-knee-pillow", gettext_lazy("Pillow, knee to ankle")),
    ),
    "A2": (
        ("option-lean-on-{side}", gettext_lazy("All on one leg")),
        ("option-stand-even", gettext_lazy("Even on both")),
    ),
    "A3": (
        ("option-sit-slumped", gettext_lazy("Past 30 minutes")),
        ("sit-to-stand-2", gettext_lazy("5 slow stands")),
    ),
    "A4": (
        ("option-cross-{style}-{side}", "{words}"),
        ("option-sit-upright", gettext_lazy("Both feet flat")),
    ),
}
"""Habit -> drawing and words of what it is now, and of the small change."""
STYLES = {
    "knee_over_knee": ("knee-over-knee", gettext_lazy("Knee over knee")),
    "ankle_on_knee": ("ankle-on-knee", gettext_lazy("Ankle on knee")),
}
"""How legs are crossed -> its part of the drawing's name, and the words."""

EVIDENCE_WORDS = {
    "E0": gettext_lazy("This rests on practice experience. There is little research."),
    "E1": gettext_lazy("This rests on small studies of how muscles work."),
    "E2": gettext_lazy("Studies see the two together. Which comes first is not known."),
    "E3": gettext_lazy("This rests on a small study of a test like it."),
    "E-": gettext_lazy("Research on this is mixed."),
}
"""Evidence grade -> how sure the field is, in the patient's words."""


@dataclass(frozen=True, kw_only=True)
class ShownResult:
    """The template to use and the frozen words for it."""

    template: str
    words: Mapping[str, Any]


EMERGENCY_NUMBER = "{emergency_number}"
"""Stands in frozen advice; the page puts in the number that the practice has now."""


def shown(screening: Screening, practice: Practice) -> ShownResult:
    """The page for this screening now: what to do, the result, or "we read it first"."""
    if waits(screening, practice):
        return ShownResult(template=WAITING_TEMPLATE, words={})
    template = TEMPLATES[Tier(screening.triage)]
    return ShownResult(template=template, words=_with_number(screening.result, practice))


def waits(screening: Screening, practice: Practice) -> bool:
    """Whether the practice shows this result only after a chiropractor has read it."""
    if screening.triage != Tier.NONE or practice.result_policy != AFTER_REVIEW:
        return False
    reviewed = Review.objects.filter(screening=screening, status=Review.Status.APPROVED)
    return not reviewed.exists()


def compose(answers: Answers, assessment: Assessment, reasons: Sequence[Reason]) -> dict[str, Any]:
    """The words of the result page, as JSON-able values. Never a level beside a tier."""
    if assessment.triage is not Tier.NONE:
        return _care(answers, assessment.triage)
    return _pattern(answers, assessment, reasons)


def compose_care(
    answers: Answers, practice: Practice, tier: Tier = Tier.EMERGENCY
) -> dict[str, Any]:
    """The words of a page that ends in care: of a questionnaire that was stopped, of a check-in."""
    return _with_number(_care(answers, tier), practice)


def _care(answers: Answers, tier: Tier) -> dict[str, Any]:
    """What the patient told us that sets the tier, and what to do about it."""
    found = red_flags.patient_advice(answers, emergency_number=EMERGENCY_NUMBER)
    return {
        "tier": tier.value,
        "age": answers.get("age", ""),
        "flags": [{**flag, "told": flag_in_language(flag["told"])} for flag in found["flags"]],
        "advice": [translated(advice) for advice in found["advice"]],
    }


def _with_number(words: Mapping[str, Any], practice: Practice) -> dict[str, Any]:
    """The words with the practice's emergency number in the advice."""
    if "advice" not in words:
        return dict(words)
    number = practice.emergency_number
    return {**words, "advice": [a.replace(EMERGENCY_NUMBER, number) for a in words["advice"]]}


def _pattern(answers: Answers, assessment: Assessment, reasons: Sequence[Reason]) -> dict[str, Any]:
    title, lead = _headline(assessment)
    cards = [_card(group, answers, assessment) for group in _by_rule(reasons)]
    ranked = sorted(cards, key=lambda card: -card["weight"])
    opened = [c for i, c in enumerate(ranked) if _is_open(i, c, assessment)]
    smaller: list[str] = [card["told"] for card in ranked if card not in opened]
    return {
        "tier": Tier.NONE.value,
        "title": title,
        "lead": lead,
        "sides": [_side(side, assessment) for side in SIDES],
        "picture": _picture(assessment),
        "sure": _sure(answers, assessment),
        "always": translated(rules.ALWAYS),
        "reasons_title": _reasons_title(assessment, len(opened)),
        "reasons": opened,
        "smaller": smaller,
        "smaller_title": ngettext(
            "{number} smaller reason", "{number} smaller reasons", len(smaller)
        ).format(number=len(smaller)),
    }


def _headline(assessment: Assessment) -> tuple[str, str]:
    """The first sentence of the result as headline, and the sentences under it."""
    ruleset = rule_versions.ruleset(assessment.ruleset)
    headline, *lead = rules.result_sentences(assessment, ruleset)[:-1]
    return translated(headline).removesuffix("."), " ".join(map(translated, lead))


def _side(side: Side, assessment: Assessment) -> dict[str, Any]:
    finding = assessment.left if side is Side.LEFT else assessment.right
    return {
        "side": side.value,
        "name": gettext("Left hip") if side is Side.LEFT else gettext("Right hip"),
        "level": finding.level.value,
        "words": str(LEVEL_WORDS[finding.level]),
        "pips": [step <= finding.level.rank for step in range(len(Level))],
        "stands_out": finding.level is not Level.UNLIKELY,
    }


PICTURES = {
    "neither": (
        gettext_lazy("Person from behind, standing on both feet. The side hip muscles are marked."),
        gettext_lazy("The side hip muscles keep your hips level when you walk."),
    ),
    "both": (
        gettext_lazy(
            "Person from behind, standing on both feet. Both side hip muscles are marked."
        ),
        gettext_lazy("The side hip muscles keep your hips level when you walk."),
    ),
    "left": (
        gettext_lazy(
            "Person from behind, standing on the left leg. The right side of the hips has dropped."
        ),
        gettext_lazy(
            "If the left side hip muscle tires, the right hip drops and the back bends a little."
        ),
    ),
    "right": (
        gettext_lazy(
            "Person from behind, standing on the right leg. The left side of the hips has dropped."
        ),
        gettext_lazy(
            "If the right side hip muscle tires, the left hip drops and the back bends a little."
        ),
    ),
}
"""Overall -> (what the drawing shows, the words under it)."""


def _picture(assessment: Assessment) -> dict[str, str]:
    """The pelvis drawing of this pattern, and what it shows."""
    shows, says = PICTURES[assessment.overall]
    level = max(assessment.left.level, assessment.right.level, key=lambda lv: lv.rank)
    return {
        "name": f"pelvis-{assessment.overall}-{level.value}",
        "shows": str(shows),
        "says": str(says),
    }


def _sure(answers: Answers, assessment: Assessment) -> dict[str, str]:
    """How sure the screen is, and why."""
    why = rules.confidence_reasons(answers, rule_versions.ruleset(assessment.ruleset))
    return {
        "word": translated(rules.CONFIDENCE_WORDS[assessment.confidence].capitalize()),
        "why": " ".join(map(translated, why)),
    }


# --- reasons ----------------------------------------------------------------------------------


def reason_to_json(reason: Reason) -> dict[str, Any]:
    """A fired rule as it is frozen with the screening."""
    return {**asdict(reason), "sources": list(reason.sources)}


def _by_rule(reasons: Sequence[Reason]) -> list[list[Reason]]:
    """The reasons of each rule together: one for a side, or one for each side."""
    rules: dict[str, list[Reason]] = {}
    for reason in reasons:
        rules.setdefault(reason.rule, []).append(reason)
    return list(rules.values())


def _card(group: list[Reason], answers: Answers, assessment: Assessment) -> dict[str, Any]:
    first = group[0]
    told = list(dict.fromkeys(because_in_language(reason.told) for reason in group))
    return {
        "rule": first.rule,
        "title": str(TITLES[first.rule]),
        "told": f"{' '.join(told)} {_sides_said(group)}",
        "why": translated(first.patient),
        "evidence": str(EVIDENCE_WORDS.get(first.evidence, "")),
        "change": str(CHANGES.get(first.rule, "")),
        "swap": _swap(first, answers),
        "is_habit": first.group == "A",
        "weight": max(_weight(reason, assessment) for reason in group),
    }


def _swap(reason: Reason, answers: Answers) -> list[dict[str, str]]:
    """The two drawings of a habit, now and changed, on the side that counted."""
    side = Side(reason.side)
    style, words = STYLES.get(str(answers.get("crossing_style")), ("", ""))
    fill = {"side": side.value, "other": side.other.value, "style": style, "words": words}
    return [
        {"name": name.format(**fill), "says": str(says).format(**fill)}
        for name, says in SWAPS.get(reason.rule, ())
    ]


def _sides_said(group: list[Reason]) -> str:
    sides = {reason.side for reason in group}
    if len(sides) == len(SIDES):
        return gettext("This counts for both sides.")
    if Side.LEFT.value in sides:
        return gettext("This counts for your left side.")
    return gettext("This counts for your right side.")


def _weight(reason: Reason, assessment: Assessment) -> float:
    """Points after the cap; those of the side in the headline come before the other's."""
    on_side = assessment.overall in ("both", "neither", reason.side)
    return reason.counted + (0.5 if on_side else -len(LEVEL_WORDS))


def _is_open(position: int, card: Mapping[str, Any], assessment: Assessment) -> bool:
    """Every habit that counted shows its small change; the heaviest other reasons stand beside."""
    if card["is_habit"]:
        return True
    return assessment.overall != "neither" and position < OPEN_REASONS


def _reasons_title(assessment: Assessment, count: int) -> str:
    if assessment.overall != "neither":
        return gettext("What led to this")
    if count == 1:
        return gettext("One habit worth a small change")
    return gettext("Habits worth a small change")
