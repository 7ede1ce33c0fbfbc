"""From answers to a per-side assessment: triage, points, levels, confidence, emphasis, tags.

Core: standard library only. `assess` is pure; the same answers and rules give the same result.
It works on a part of a record too: a missing answer counts as "not the case".
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from screening import prompts, red_flags, rules
from screening.anatomy import SIDES, Level, Muscle, Side, Tier
from screening.answers import Answers
from screening.questionnaire import VERSION
from screening.rules.scores import NOBODY
from screening.rulesets import RuleSet


@dataclass(frozen=True, kw_only=True, slots=True)
class SideFinding:
    """One side's result. `points` holds each fired rule's own points, before the group caps."""

    level: Level
    total: int
    points: Mapping[str, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Assessment:
    """What the rules make of one record; the keys and values of the contract."""

    triage: Tier
    flags: tuple[str, ...]
    prompts: tuple[str, ...]
    tags: tuple[str, ...]
    left: SideFinding
    right: SideFinding
    overall: str  # left, right, both, neither
    confidence: str  # low, moderate
    emphasis: str  # gmed, gmax, both
    questionnaire: str
    ruleset: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """One fired rule on one side, in words: what is frozen with the record and shown."""

    rule: str
    side: str  # left, right
    points: int
    counted: int  # what is left of `points` after the group's cap: "counts 4 of 5" adds up
    group: str  # A habits, B symptoms, C signs, D history, E overuse
    told: str  # "Because you told us ...": one sentence in the patient's words
    patient: str  # the patient sentence of the rule
    clinician: str
    evidence: str  # E0, E1, E2, E3, E-
    sources: tuple[str, ...]  # keys of sources.SOURCES
    evidence_note: str = ""  # what the grade rests on, for the clinician


# --- points and levels ---------------------------------------------------------------------------

_TABLE = tuple(
    (group, tuple((rule.id, rule.key, rule.score) for rule in rules.RULES if rule.group == group))
    for group in ("A", "B", "C")
)
_INJURY, _SURGERY, _OVERUSE = (rules.BY_ID[rule] for rule in ("D1", "D2", "E"))


def assess(answers: Answers, ruleset: RuleSet) -> Assessment:
    """What this version of the rules makes of the answers, for every tier."""
    limits = ruleset.limits
    tier, flags = red_flags.triage(answers, limits)
    sides = _score(answers, ruleset)
    left, right = _finding(sides[0], ruleset), _finding(sides[1], ruleset)
    checks = prompts.fired(answers, max(sides[0].signs, sides[1].signs), limits)
    return Assessment(
        triage=tier,
        flags=flags,
        prompts=checks,
        tags=prompts.tags(answers, checks, limits),
        left=left,
        right=right,
        overall=_overall(left.level, right.level),
        confidence="low" if True in _doubts(answers, ruleset) else "moderate",
        emphasis=_emphasis((left.points, right.points), limits.emphasis_lead),
        questionnaire=VERSION,
        ruleset=ruleset.version,
    )


@dataclass(slots=True)
class _Tally:
    """One side while its points are counted: own points, capped sum, capped signs."""

    points: dict[str, int]
    total: int = 0
    signs: int = 0


def _score(answers: Answers, ruleset: RuleSet) -> tuple[_Tally, _Tally]:
    """Each side's fired rules with their own points, in table order, counted within the caps."""
    weights, caps = ruleset.points, ruleset.caps
    counted_left = counted_right = 0
    left, right = _Tally({}), _Tally({})
    for group, table in _TABLE:
        sum_left = sum_right = 0
        for rule, key, score in table:
            if key and answers.get(key, "no") == "no":  # most rules, most of the time
                continue
            points = score(answers, weights[rule])
            if points is NOBODY:
                continue
            on_left, on_right = points
            if on_left:
                left.points[rule] = on_left
                sum_left += on_left
            if on_right:
                right.points[rule] = on_right
                sum_right += on_right
        cap = caps[group]
        counted_left, counted_right = min(sum_left, cap), min(sum_right, cap)
        left.total += counted_left
        right.total += counted_right
    left.signs, right.signs = counted_left, counted_right  # C is the last group of the table
    _add_history(answers, ruleset, left, right)
    _add_overuse(answers, ruleset, left, right)
    return left, right


def _add_history(answers: Answers, ruleset: RuleSet, *sides: _Tally) -> None:
    """D: only the larger of old injury and surgery fires."""
    if not (answers.get("injuries") or answers.get("surgery")):
        return
    injury = _INJURY.score(answers, ruleset.points["D1"])
    surgery = _SURGERY.score(answers, ruleset.points["D2"])
    for side, old, operated in zip(sides, injury, surgery, strict=True):
        if old or operated:
            rule, points = ("D2", operated) if operated >= old else ("D1", old)
            side.points[rule] = points
            side.total += min(points, ruleset.caps["D"])


def _add_overuse(answers: Answers, ruleset: RuleSet, *sides: _Tally) -> None:
    """E: on a side that already counts enough without it."""
    points, _ = _OVERUSE.score(answers, ruleset.points["E"])
    for side in sides if points else ():
        if side.total >= ruleset.limits.overuse_from:
            side.points["E"] = points
            side.total += min(points, ruleset.caps["E"])


def _finding(side: _Tally, ruleset: RuleSet) -> SideFinding:
    limits, level = ruleset.limits, Level.UNLIKELY
    if side.total >= limits.likely_from and side.signs >= limits.likely_signs_from:
        level = Level.LIKELY
    elif side.total >= limits.possible_from:
        level = Level.POSSIBLE
    return SideFinding(level=level, total=side.total, points=side.points)


def _overall(left: Level, right: Level) -> str:
    if left is right:
        return "neither" if left is Level.UNLIKELY else "both"
    return "left" if left.rank > right.rank else "right"


# --- emphasis and confidence ---------------------------------------------------------------------


_LEAN = {
    rule.id: (Muscle.GMED in rule.muscles) - (Muscle.GMAX in rule.muscles) for rule in rules.RULES
}
"""Rule -> 1 when it counts for gmed only, -1 for gmax only, 0 for both or none."""


def _emphasis(sides: Iterable[Mapping[str, int]], lead: int) -> str:
    """The muscle that the fired rules' own points name more often, both sides together."""
    ahead = 0
    for points_of in sides:
        for rule, points in points_of.items():
            ahead += points * _LEAN[rule]
    if ahead >= lead:
        return Muscle.GMED.value
    return Muscle.GMAX.value if -ahead >= lead else "both"


_TESTS = ("stance_left", "stance_right", "leg_lift_left", "leg_lift_right")
_NO_TEST = frozenset((None, "nd", "declined"))
SIDE_ANSWERS = (
    "side_lain_on",
    "standing_leg",
    "top_leg",
    "hard_one_leg",
    "hard_stairs",
    "hard_long_standing",
    "limp",
    "hip_drop",
    "top_knee_drops",
)
"""The answers that make the screen less sure of itself when they are `not_sure`."""


def _doubts(answers: Answers, ruleset: RuleSet) -> tuple[bool, bool, bool]:
    """Why confidence is low: no test done, painful stance, an unsure answer."""
    get = answers.get
    pain_from = ruleset.limits.stance_pain_limits_from
    pains = get("stance_left_pain", 0), get("stance_right_pain", 0)
    return (
        _NO_TEST.issuperset(map(get, _TESTS)),
        max(pains) >= pain_from,  # type: ignore[operator]
        "not_sure" in map(get, SIDE_ANSWERS),
    )


# --- reasons -----------------------------------------------------------------------------------


def explain(answers: Answers, assessment: Assessment, ruleset: RuleSet) -> tuple[Reason, ...]:
    """Every fired rule in words, the heaviest first; `counted` adds up to each side's total."""
    reasons = [
        _reason(answers, side, rule, points, counted)
        for side, finding in zip(SIDES, (assessment.left, assessment.right), strict=True)
        for rule, points, counted in _counted(finding.points, ruleset.caps)
    ]
    order = {rule.id: place for place, rule in enumerate(rules.RULES)}
    reasons.sort(key=lambda reason: (-reason.counted, order[reason.rule], reason.side))
    return tuple(reasons)


def _counted(points: Mapping[str, int], caps: Mapping[str, int]) -> Iterator[tuple[str, int, int]]:
    """Rule, own points, and what the group's cap leaves of them; the heaviest are served first."""
    left_over = dict(caps)
    for rule, own in sorted(points.items(), key=itemgetter(1), reverse=True):
        counted = min(own, left_over[rule[0]])
        left_over[rule[0]] -= counted
        yield rule, own, counted


def _reason(answers: Answers, side: Side, rule_id: str, points: int, counted: int) -> Reason:
    rule = rules.BY_ID[rule_id]
    return Reason(
        rule=rule.id,
        side=side.value,
        points=points,
        counted=counted,
        group=rule.group,
        told=rules.told(rule, answers, side),
        patient=rule.patient,
        clinician=rule.clinician,
        evidence=rule.evidence,
        sources=rule.sources,
        evidence_note=rule.evidence_note,
    )


# --- words for the patient -----------------------------------------------------------------------

ALWAYS = (
    "Many people with strong hips also have back pain, and many people with weak hips have none."
)
_NEITHER = (
    "Your answers do not point to weak hip muscles.",
    "Keep moving and see the habit tips. If you still have pain, tell your chiropractor.",
)
_POSSIBLE = (
    "Some of your answers fit with a hip muscle on {where} that may need work.",
    "This is only a screen. Your chiropractor will test it.",
)
_LIKELY = (
    "Several of your answers fit with weaker hip muscles on {where}.",
    "Your chiropractor will test your strength before deciding what to do.",
)
_WHERE = {"left": "your left side", "right": "your right side", "both": "both of your sides"}
_MORE = "More of your answers point to the {side} side."

CONFIDENCE_WORDS = {"low": "not very sure", "moderate": "moderately sure"}
"""Confidence -> how sure the screen is, to follow "This screen is". It is never very sure."""

_DOUBTS = (
    "You did not do the checks at home, so we know less.",
    "Standing on one leg hurt, so that check tells us less.",
    "You were not sure about some answers, so we know less.",
)
_NO_DOUBT = "It is based on what you told us and on your checks at home."


def result_sentence(assessment: Assessment, ruleset: RuleSet) -> str:
    """The result in the patient's words; empty when a tier withholds it (specification 3.3)."""
    return " ".join(result_sentences(assessment, ruleset))


def result_sentences(assessment: Assessment, ruleset: RuleSet) -> tuple[str, ...]:
    """The same sentence by sentence: headline, what it means, which side more, what always holds.

    Empty when a tier withholds it.
    """
    if assessment.triage is not Tier.NONE:
        return ()
    if assessment.overall == "neither":
        return (*_NEITHER, ALWAYS)
    likely = Level.LIKELY in (assessment.left.level, assessment.right.level)
    headline, lead = _LIKELY if likely else _POSSIBLE
    side = more_on(assessment, ruleset)
    more = (_MORE.format(side=side),) if side else ()
    return (headline.format(where=_WHERE[assessment.overall]), lead, *more, ALWAYS)


def more_on(assessment: Assessment, ruleset: RuleSet) -> str:
    """`left` or `right` when both sides fit the pattern and one clearly more; wording only."""
    gap = assessment.right.total - assessment.left.total
    if assessment.overall != "both" or abs(gap) < ruleset.limits.side_gap:
        return ""
    return Side.RIGHT.value if gap > 0 else Side.LEFT.value


def confidence_sentence(answers: Answers, ruleset: RuleSet) -> str:
    """How sure the screen is and why, in the patient's words."""
    found = confidence_reasons(answers, ruleset)
    sure = CONFIDENCE_WORDS["moderate" if found == (_NO_DOUBT,) else "low"]
    return f"This screen is {sure}. {' '.join(found)}"


def confidence_reasons(answers: Answers, ruleset: RuleSet) -> tuple[str, ...]:
    """What makes the screen as sure as it is, in the patient's words: at least one sentence."""
    found = _doubts(answers, ruleset)
    why = tuple(words for doubt, words in zip(found, _DOUBTS, strict=True) if doubt)
    return why or (_NO_DOUBT,)


def sentences() -> tuple[str, ...]:
    """Every sentence that a result can hold, each form once."""
    placed = (
        words.format(where=where)
        for words in (_POSSIBLE[0], _LIKELY[0])
        for where in _WHERE.values()
    )
    more = (_MORE.format(side=side.value) for side in SIDES)
    sure = (words.capitalize() for words in CONFIDENCE_WORDS.values())
    leads = (_POSSIBLE[1], _LIKELY[1])
    return (*_NEITHER, *placed, *leads, *more, ALWAYS, *sure, *_DOUBTS, _NO_DOUBT)


# --- JSON --------------------------------------------------------------------------------------


def to_json(assessment: Assessment) -> dict[str, object]:
    """The assessment with the keys and values of the contract's command, without the plan."""
    return {
        "triage": assessment.triage.value,
        "flags": list(assessment.flags),
        "prompts": list(assessment.prompts),
        "tags": list(assessment.tags),
        "left": _side_json(assessment.left),
        "right": _side_json(assessment.right),
        "overall": assessment.overall,
        "confidence": assessment.confidence,
        "emphasis": assessment.emphasis,
        "questionnaire": assessment.questionnaire,
        "ruleset": assessment.ruleset,
    }


def _side_json(finding: SideFinding) -> dict[str, object]:
    return {
        "level": finding.level.value,
        "total": finding.total,
        "points": dict(finding.points),
    }


def from_json(data: Mapping[str, Any]) -> Assessment:
    """The assessment that `to_json` wrote. Raises KeyError or ValueError on anything else."""
    return Assessment(
        triage=Tier(data["triage"]),
        flags=tuple(data["flags"]),
        prompts=tuple(data["prompts"]),
        tags=tuple(data["tags"]),
        left=_side_from(data["left"]),
        right=_side_from(data["right"]),
        overall=data["overall"],
        confidence=data["confidence"],
        emphasis=data["emphasis"],
        questionnaire=data["questionnaire"],
        ruleset=data["ruleset"],
    )


def _side_from(data: Mapping[str, Any]) -> SideFinding:
    return SideFinding(
        level=Level(data["level"]), total=int(data["total"]), points=dict(data["points"])
    )
