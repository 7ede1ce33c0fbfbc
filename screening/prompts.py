"""What the clinician may want to check, and the tags that make the planner careful.

Core: standard library only. A prompt is for the clinician's eyes, never a diagnosis and never
shown to the patient; it changes no score. A tag has no side. Read by the assessment, the admin
and the planner.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Literal

from screening import rulesets
from screening.anatomy import SIDES
from screening.answers import Answers
from screening.rulesets import Limits

type Irritability = Literal["low", "moderate", "high"]
type Holds = Callable[[Answers, Limits], bool]


@dataclass(frozen=True, kw_only=True, slots=True)
class Prompt:
    """One thing to check: when it shows, the note for the clinician, what it rests on."""

    id: str
    title: str
    holds: Holds
    note: str
    evidence: str
    sources: tuple[str, ...]


# --- reading answers ---------------------------------------------------------------------------


def _sided(part: str) -> frozenset[str]:
    return frozenset(f"{part}:{side}" for side in SIDES)


_LOW_BACK = _sided("low_back") | {"low_back:middle"}
_DIMPLE, _BUTTOCK, _OUTER_HIP = _sided("sacral_dimple"), _sided("buttock"), _sided("outer_hip")
_GROIN, _BELOW_KNEE, _KNEE = _sided("groin"), _sided("below_knee"), _sided("knee")
_HIP_REPLACEMENT = _sided("hip_replacement")


def _held(answers: Answers, key: str) -> Collection[str]:
    return answers.get(key, ())  # type: ignore[return-value]


def _any(answers: Answers, key: str, values: frozenset[str]) -> bool:
    return not values.isdisjoint(_held(answers, key))


def _number(answers: Answers, key: str) -> int:
    return answers.get(key, 0)  # type: ignore[return-value]


def _not_no(answers: Answers, key: str) -> bool:
    """Yes, not sure or any side; a missing answer counts as no."""
    return answers.get(key, "no") != "no"


# --- prompts -----------------------------------------------------------------------------------


_STANCE_PAINS = (
    ("stance_left_pain_place", "stance_left_pain"),
    ("stance_right_pain_place", "stance_right_pain"),
)


def _gtps(answers: Answers, limits: Limits) -> bool:
    sore = _not_no(answers, "worse_lying_on_side") or _not_no(answers, "hard_one_leg")
    if sore and _any(answers, "places", _OUTER_HIP):
        return True
    return any(
        answers.get(place) == "outer_hip" and _number(answers, pain) >= limits.gtps_stance_pain_from
        for place, pain in _STANCE_PAINS
    )


def _si_joint(answers: Answers, limits: Limits) -> bool:
    if answers.get("worse_turning", "no") == "no":
        return False
    places = set(_held(answers, "places"))
    return len(places & _DIMPLE) == 1 and places.isdisjoint(_LOW_BACK)


def _radiculopathy(answers: Answers, limits: Limits) -> bool:
    return (
        _not_no(answers, "leg_symptoms")
        or answers.get("worse_bending") == "yes"
        or _any(answers, "places", _BELOW_KNEE)
    )


def _hip_oa(answers: Answers, limits: Limits) -> bool:
    return (
        _not_no(answers, "hard_shoes")
        and _number(answers, "age") >= limits.hip_oa_from_age
        and _any(answers, "places", _GROIN)
    )


def _stenosis(answers: Answers, limits: Limits) -> bool:
    eases_sitting = answers.get("walking_leg_pain") == "eases_sitting"
    return eases_sitting and _number(answers, "age") >= limits.stenosis_from_age


def _arterial(answers: Answers, limits: Limits) -> bool:
    return answers.get("walking_leg_pain") == "eases_standing"


_LONG = ("over_12_weeks", "on_and_off")


def _axial_spondyloarthritis(answers: Answers, limits: Limits) -> bool:
    return (
        answers.get("morning_stiffness") == "yes"
        and answers.get("stiff_before_45") == "yes"
        and answers.get("duration") in _LONG
    )


def _deep_gluteal(answers: Answers, limits: Limits) -> bool:
    return _not_no(answers, "worse_sitting") and _any(answers, "places", _BUTTOCK)


def _neuromuscular(answers: Answers, limits: Limits) -> bool:
    """The part that the answers alone decide; strong signs without pain are added by `fired`."""
    sudden = answers.get("rf_leg_weaker") == "yes" and answers.get("rf_leg_weaker_onset") == "days"
    return sudden or answers.get("waddle") == "yes"


def _painless(answers: Answers) -> bool:
    return not answers.get("places") and not answers.get("pain_worst")


PROMPTS: tuple[Prompt, ...] = (
    Prompt(
        id="gtps",
        title="Greater trochanteric pain / gluteal tendinopathy",
        holds=_gtps,
        note="Palpate the greater trochanter, 30-s single-leg stance pain, FADER-R/ADD-R; avoid "
        "adduction loading and stretch. Stronger from age 40.",
        evidence="Palpation and 30-s stance pain have diagnostic data from small samples (65 "
        "people; 17 refractory).",
        sources=("grimaldi-2017", "lequesne-2008"),
    ),
    Prompt(
        id="si_joint",
        title="SI joint / pelvic girdle",
        holds=_si_joint,
        note="Provocation cluster: 2 or more of 4 (distraction, thigh thrust, compression, sacral "
        "thrust). Ask about pregnancy and the time after birth.",
        evidence="Established cluster; citation from memory.",
        sources=("laslett-2005",),
    ),
    Prompt(
        id="radiculopathy",
        title="Lumbar radiculopathy",
        holds=_radiculopathy,
        note="SLR and crossed SLR, slump, myotomes, reflexes. L5 root loss also weakens gluteus "
        "medius: a weak abductor with leg signs is a nerve problem until shown otherwise.",
        evidence="Standard neurological examination; review from memory.",
        sources=("clinic-teaching", "van-der-windt-2010"),
    ),
    Prompt(
        id="hip_oa",
        title="Hip osteoarthritis / FAI",
        holds=_hip_oa,
        note="Hip internal rotation, FADIR/FABER, flexion; ask about morning stiffness up to 60 "
        "minutes. Loss of hip movement is common with low back pain.",
        evidence="Reduced internal rotation in 75%, flexion in 80% at a back pain clinic (n=101).",
        sources=("prather-2017", "fearon-2013"),
    ),
    Prompt(
        id="stenosis",
        title="Spinal stenosis",
        holds=_stenosis,
        note="Leg pain on walking that eases only with sitting or bending, age 60 or more: check "
        "walking distance, relief in flexion and neurology.",
        evidence="Established pattern.",
        sources=("clinic-teaching",),
    ),
    Prompt(
        id="arterial",
        title="Peripheral artery disease",
        holds=_arterial,
        note="Leg pain on walking that eases by standing still: pulses, referral for ABI.",
        evidence="Established pattern.",
        sources=("clinic-teaching",),
    ),
    Prompt(
        id="axial_spondyloarthritis",
        title="Axial spondyloarthritis",
        holds=_axial_spondyloarthritis,
        note="Morning stiffness over 30 minutes that movement eases, began before 45, lasting: "
        "check the referral criteria of NICE NG65.",
        evidence="Guideline criteria; open before quoting.",
        sources=("nice-ng65",),
    ),
    Prompt(
        id="deep_gluteal",
        title="Deep gluteal / piriformis",
        holds=_deep_gluteal,
        note="Buttock pain with sitting: palpate the deep gluteal space, seated piriformis test, "
        "rule out a lumbar source.",
        evidence="Expert opinion.",
        sources=("design-opinion",),
    ),
    Prompt(
        id="neuromuscular",
        title="Neuromuscular cause",
        holds=_neuromuscular,
        note="Waddle on both sides, strong signs without pain, or sudden weakness: screen the "
        "superior gluteal nerve, L5 and for myopathy.",
        evidence="Clinical reasoning.",
        sources=("clinic-teaching",),
    ),
)
"""Every prompt, in the order of the contract."""

BY_ID = {prompt.id: prompt for prompt in PROMPTS}


def fired(answers: Answers, signs: int, limits: Limits) -> tuple[str, ...]:
    """The prompts that these answers set, in order.

    `signs` is the higher side's points of the signs group: many signs without any pain also point
    to a neuromuscular cause.
    """
    found = [prompt.id for prompt in PROMPTS if prompt.holds(answers, limits)]
    strong = signs >= limits.neuromuscular_signs_from and _painless(answers)
    if strong and "neuromuscular" not in found:
        found.append("neuromuscular")
    return tuple(found)


# --- notes -------------------------------------------------------------------------------------

_ASK_SIDE = "was not sure about {}: counts 0 here, ask and look"
NOTES = (
    ("rf_sexual", "skipped", "skipped the question about feeling or function during sex: ask"),
    ("hard_one_leg", "not_sure", _ASK_SIDE.format("standing on one leg")),
    ("hard_stairs", "not_sure", _ASK_SIDE.format("stairs, hills and getting up")),
    ("hard_long_standing", "not_sure", _ASK_SIDE.format("long standing, walking or running")),
    ("limp", "not_sure", _ASK_SIDE.format("a limp")),
    ("hip_drop", "not_sure", _ASK_SIDE.format("a hip that drops")),
    ("waddle", "not_sure", _ASK_SIDE.format("swaying from side to side")),
)
"""Key, value, and what the clinician reads after "The patient": answers that raise and score
nothing, and must not be overlooked."""


def notes(answers: Answers) -> tuple[str, ...]:
    """What was skipped or unsure and counts for nothing, for the clinician only."""
    return tuple(
        f"The patient {words}." for key, value, words in NOTES if answers.get(key) == value
    )


# --- tags --------------------------------------------------------------------------------------

_SLOW_TO_SETTLE = ("over_a_day", "never")


def irritability(answers: Answers, limits: Limits | None = None) -> Irritability:
    """How easily pain flares: from the worst pain of the week and how long it takes to settle.

    Without an answer on settling the worst pain decides alone. `limits` are those of the current
    ruleset when not given.
    """
    limits = limits or rulesets.load().limits
    worst, settles = _number(answers, "pain_worst"), answers.get("settles")
    if worst >= limits.high_pain_from or settles in _SLOW_TO_SETTLE:
        return "high"
    if worst >= limits.moderate_pain_from or settles == "1_to_24_hours":
        return "moderate"
    return "low"


def _balance_risk(answers: Answers, limits: Limits) -> bool:
    return (
        answers.get("falls", "none") != "none"
        or _not_no(answers, "unsteady")
        or _number(answers, "age") >= limits.balance_risk_from_age
    )


def tags(answers: Answers, prompts: Collection[str], limits: Limits) -> tuple[str, ...]:
    """The safety tags that the planner's matrix filters by, alphabetical."""
    conditions, limited = _held(answers, "conditions"), _held(answers, "support_limits")
    places, surgery = _held(answers, "places"), _held(answers, "surgery")
    knees = (places, surgery, _held(answers, "injuries"))
    holds = (
        ("balance_risk", _balance_risk(answers, limits)),
        ("bp", "blood_pressure" in conditions),
        ("groin_pain", not _GROIN.isdisjoint(places)),
        ("hernia", "hernia" in conditions),
        ("high_irritability", irritability(answers, limits) == "high"),
        ("hip_replacement", not _HIP_REPLACEMENT.isdisjoint(surgery)),
        ("knee_pain", not all(map(_KNEE.isdisjoint, knees))),
        ("lateral_hip_pain", "gtps" in prompts or not _OUTER_HIP.isdisjoint(places)),
        ("leg_neuro", answers.get("leg_symptoms") == "same_for_weeks"),
        ("no_floor", answers.get("floor") == "no"),
        ("no_kneel", "knees" in limited),
        ("no_wrist", "wrists" in limited),
        ("osteoporosis", "osteoporosis" in conditions),
        ("pregnant", answers.get("pregnancy") == "pregnant"),
    )
    return tuple([tag for tag, held in holds if held])
