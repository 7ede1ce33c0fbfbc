"""The rule table: what each rule looks at, whom it speaks of, what it says and what it rests on.

Core: standard library only. A rule turns answers into points for the left and the right side
(`scores`); the numbers come from the ruleset. Caps, levels and everything made of several rules
live in `assessment`. Read by the assessment, the planner, the admin and the documents.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from screening.anatomy import Muscle, Side
from screening.answers import Answers
from screening.rules import scores, words
from screening.rules.scores import Score
from screening.rules.words import Told

GMED, GMAX = (Muscle.GMED,), (Muscle.GMAX,)
BOTH_MUSCLES = (Muscle.GMED, Muscle.GMAX)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One rule. `told` continues "Because you told us " for one side; `muscles` count for emphasis.

    `key` is the answer without which it cannot fire, empty when no single one decides that.

    `evidence` is the lower grade where specification 3.2 gives two: E0 expert opinion, E1 indirect
    biomechanics or EMG, E2 observed together, E3 diagnostic or prognostic study, E- unclear or
    against. `evidence_note` says what that rests on; `sources` are keys of `sources.SOURCES`.
    """

    id: str
    key: str = ""
    title: str
    muscles: tuple[Muscle, ...]
    score: Score
    told: Told
    patient: str
    clinician: str
    evidence: str
    evidence_note: str
    sources: tuple[str, ...]

    @property
    def group(self) -> str:
        """A habits, B symptoms, C signs, D history, E overuse."""
        return self.id[0]


_HABITS = (
    Rule(
        id="A1",
        key="top_knee_drops",
        title="Sleep: top knee drops across",
        muscles=GMED,
        score=scores.sleep,
        told=words.sleep,
        patient="When your top knee drops across all night, the muscles on the outside of that hip "
        "stay stretched. Over time they may get weaker at holding your hips level.",
        clinician="Sustained hip flexion-adduction of the top leg lengthens gluteus medius/TFL; "
        "proposed stretch weakness and compressive load at the greater trochanter.",
        evidence="E-",
        evidence_note="E0 / E-: experts on lateral hip pain advise against adducted hip postures, "
        "but side-lying was generally protective for spinal symptoms and time in provocative "
        "postures did not differ (n=53).",
        sources=("mazgaloff", "grimaldi-2015", "cary-2019", "cary-2021"),
    ),
    Rule(
        id="A2",
        key="standing_leg",
        title="Standing on one leg",
        muscles=GMED,
        score=scores.one_leg_standing,
        told=words.standing,
        patient="Leaning on one leg with the hip pushed out lets that hip's muscles hang loose "
        "instead of working.",
        clinician="Hip-hang stance: adducted stance hip, passive ITB/ligament support, reduced "
        "gluteus medius demand, pelvic obliquity.",
        evidence="E0",
        evidence_note="E0 / E1: people who got back pain in 2 h of standing showed gluteus medius "
        "co-activation on both sides, a control and not a strength finding; abduction strength did "
        "not separate the groups.",
        sources=("mazgaloff", "nelson-wong-2008", "marshall-2011"),
    ),
    Rule(
        id="A3",
        key="sitting_bout",
        title="Sitting over 30 minutes",
        muscles=GMAX,
        score=scores.sitting,
        told=words.sitting,
        patient="Sitting for long stretches means your buttock muscles get little work.",
        clinician="Long uninterrupted sitting: low gluteal activity, hip flexors held short; "
        "contribution to general deconditioning.",
        evidence="E-",
        evidence_note="E0 / E- for weakness: one unpublished EMG study of 22 people saw no main "
        "effect. Good evidence that breaking up sitting helps to prevent back pain.",
        sources=("mazgaloff", "cuny-804", "waongenngarm-2021"),
    ),
    Rule(
        id="A4",
        key="top_leg",
        title="Crossing the legs",
        muscles=GMED,
        score=scores.crossing,
        told=words.crossing,
        patient="Crossing one knee over the other tips your pelvis and stretches the top hip.",
        clinician="Knee-over-knee raised the top-side pelvis (Kang 2012) and increased pelvic "
        "obliquity (Jung 2020); piriformis elongation about 11.7% against normal sitting "
        "(Snijders 2006, secondary source).",
        evidence="E1",
        evidence_note="E1: the tilt while crossed is measured (n=16; 30 and 30); no study shows "
        "lasting weakness.",
        sources=("mazgaloff", "kang-2012", "jung-2020", "snijders-2006"),
    ),
)

_SYMPTOMS = (
    Rule(
        id="B1",
        key="places",
        title="Low back pain on that side",
        muscles=BOTH_MUSCLES,
        score=scores.where("low_back"),
        told=words.back,
        patient="Weak hip muscles and low back pain often go together.",
        clinician="Hip abductors/extensors weaker in LBP: SMD 0.70 and 0.93; gluteus medius weaker "
        "on the affected side than on the unaffected side.",
        evidence="E2",
        evidence_note="E2: strongest association in the literature, not specific; cause or result "
        "is not known.",
        sources=("de-sousa-2019", "cooper-2016", "sadler-2019"),
    ),
    Rule(
        id="B2",
        key="places",
        title="Buttock pain",
        muscles=BOTH_MUSCLES,
        score=scores.where("buttock"),
        told=words.says("your {side} buttock hurts"),
        patient="Soreness in the buttock can come from a tired muscle.",
        clinician="Gluteal tenderness/trigger points more frequent in LBP.",
        evidence="E2",
        evidence_note="E2: gluteal tenderness is more common with low back pain.",
        sources=("cooper-2016", "sadler-2019"),
    ),
    Rule(
        id="B3",
        key="places",
        title="Outer hip pain",
        muscles=GMED,
        score=scores.where("outer_hip"),
        told=words.says("the outside of your {side} hip hurts"),
        patient="The outside of the hip is where these muscles attach.",
        clinician="Lateral hip pain: consider gluteal tendinopathy; abductor weakness is a "
        "feature.",
        evidence="E2",
        evidence_note="E2 / E3: pain is not weakness; see also the GTPS prompt.",
        sources=("grimaldi-2017",),
    ),
    Rule(
        id="B4",
        key="hard_one_leg",
        title="Single-leg tasks are hard",
        muscles=GMED,
        score=scores.sided("hard_one_leg"),
        told=words.says("standing on one leg is hard on your {side} side"),
        patient="Standing on one leg is this muscle's main job.",
        clinician="Frontal-plane demand on stance abductors.",
        evidence="E1",
        evidence_note="E1: direct demand on the muscle.",
        sources=("hardcastle-1985", "design-opinion"),
    ),
    Rule(
        id="B5",
        key="hard_stairs",
        title="Stairs, hills and chairs are hard",
        muscles=GMAX,
        score=scores.sided("hard_stairs"),
        told=words.says("stairs, hills or getting up are hard on your {side} side"),
        patient="Stairs and getting up need strong buttocks.",
        clinician="Concentric gluteus maximus and abductor demand.",
        evidence="E1",
        evidence_note="E1: high demand on hip extensors and abductors.",
        sources=("pmc4004121", "design-opinion"),
    ),
    Rule(
        id="B6",
        key="hard_long_standing",
        title="Long standing, walking or running is hard",
        muscles=BOTH_MUSCLES,
        score=scores.sided("hard_long_standing"),
        told=words.says("standing still, walking far or running is hard on your {side} side"),
        patient="It may be getting tired.",
        clinician="Endurance/fatigue pattern.",
        evidence="E1",
        evidence_note="E1 / E2: lower side-bridge endurance in people who get standing pain.",
        sources=("marshall-2011",),
    ),
)

_SIGNS = (
    Rule(
        id="C1",
        key="limp",
        title="Limp",
        muscles=GMED,
        score=scores.sided("limp"),
        told=words.says("you limp on your {side} leg"),
        patient="A limp can mean the hip is not holding you up.",
        clinician="Antalgic vs Trendelenburg to be separated in clinic.",
        evidence="E2",
        evidence_note="E2: not specific.",
        sources=("cooper-2016", "clinic-teaching"),
    ),
    Rule(
        id="C2",
        key="hip_drop",
        title="Hip drops or body leans",
        muscles=GMED,
        score=scores.sided("hip_drop"),
        told=words.says("your other hip drops or you lean over when you stand on your {side} leg"),
        patient="Your hip drops when that leg holds you up.",
        clinician="Reported (compensated) Trendelenburg; stance-side abductors.",
        evidence="E2",
        evidence_note="E2, weak: Trendelenburg is more common in low back pain but goes poorly "
        "with measured strength.",
        sources=("cooper-2016", "kendall-2010", "mccarney-2020"),
    ),
    Rule(
        id="C3",
        key="waddle",
        title="Waddle",
        muscles=GMED,
        score=scores.waddle,
        told=words.says("you sway side to side when you walk"),
        patient="Swaying side to side can mean both hips tire.",
        clinician="Bilateral Trendelenburg: hip OA, dysplasia, myopathy, deconditioning.",
        evidence="E0",
        evidence_note="E0: a pattern on both sides that needs its own explanation.",
        sources=("clinic-teaching", "design-opinion"),
    ),
    Rule(
        id="C4",
        key="tires_early",
        title="One hip tires early",
        muscles=BOTH_MUSCLES,
        score=scores.sided("tires_early"),
        told=words.says("your {side} hip or leg gets tired early when you walk"),
        patient="That hip tires before the rest of you.",
        clinician="Fatigability; endurance deficit.",
        evidence="E1",
        evidence_note="E1 / E2: endurance.",
        sources=("marshall-2011", "design-opinion"),
    ),
    Rule(
        id="C5",
        title="Mirror one-leg stand",
        muscles=GMED,
        score=scores.stance,
        told=words.stance,
        patient="When you stood on this leg, your pelvis did not stay level.",
        clinician="Self-observed Trendelenburg (30 s). Not a strength measure: no difference in "
        "gluteus medius strength between positive and negative single-leg stance (Penney 2014); "
        "valid only for marked weakness (below about 30% of body weight, Kendall 2013).",
        evidence="E-",
        evidence_note="E- for strength, E2 for low back pain: the best free sign at home, weakly "
        "valid.",
        sources=(
            "penney-2014",
            "kendall-2013",
            "mccarney-2020",
            "hardcastle-1985",
            "springer-2007",
        ),
    ),
    Rule(
        id="C6",
        title="Side-lying leg lift",
        muscles=GMED,
        score=scores.leg_lift,
        told=words.leg_lift,
        patient="Lifting this leg was hard to control.",
        clinician="Active hip abduction self-rating: OR 6.55 (1.14-37.75) for standing LBP; "
        "examiner-rated OR 3.85 (1.05-19.07).",
        evidence="E3",
        evidence_note="E3, small: the only home test with prognostic data (n=43, wide interval).",
        sources=("nelson-wong-2009",),
    ),
)

_HISTORY = (
    Rule(
        id="D1",
        title="Old leg injury",
        muscles=GMED,
        score=scores.listed("injuries", *scores.LIMB),
        told=words.injury,
        patient="Old injuries can leave the hip a bit weaker.",
        clinician="Ipsilateral hip-abductor weakness after ankle sprain.",
        evidence="E2",
        evidence_note="E2: from memory, to be verified.",
        sources=("friel-2006",),
    ),
    Rule(
        id="D2",
        title="Hip replacement, hip surgery or break",
        muscles=BOTH_MUSCLES,
        score=scores.listed("surgery", "hip_replacement", "hip_other"),
        told=words.surgery,
        patient="Hip muscles often stay weaker after hip surgery.",
        clinician="Abductor deficit after THA/hip fracture.",
        evidence="E2",
        evidence_note="E2: well established, not opened again.",
        sources=("clinic-teaching",),
    ),
    Rule(
        id="E",
        title="Overuse",
        muscles=(),
        score=scores.overuse,
        told=words.overuse,
        patient="Lots of training can turn a small imbalance into pain.",
        clinician="Load exceeds frontal-plane control; article's overuse pathway.",
        evidence="E0",
        evidence_note="E0: hip imbalance and low back pain in athletes, later studies mixed.",
        sources=("mazgaloff", "nadler-2000"),
    ),
)

RULES: tuple[Rule, ...] = _HABITS + _SYMPTOMS + _SIGNS + _HISTORY
"""Every rule in the order of specification 3.2."""

BY_ID: Mapping[str, Rule] = {rule.id: rule for rule in RULES}


def told(rule: Rule, answers: Answers, side: Side) -> str:
    """One sentence of what the patient said that made this rule fire on this side."""
    return f"Because you told us {rule.told(answers, side)}."
