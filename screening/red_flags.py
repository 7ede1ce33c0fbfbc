"""The safety items: which answer sets which tier, what the patient told us, what we tell them.

Core: standard library only. `ITEMS` is the one table, in the order of specification section 2;
`triage` reads it. Words hold `{emergency_number}`, never a number. Read by the questionnaire's
pages (to stop at once), the assessment, the result pages and the admin.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypedDict

from screening import rulesets
from screening.anatomy import SIDES, TIERS, Tier
from screening.answers import Answers
from screening.rulesets import Limits

NONE, FIRST, TODAY, EMERGENCY = TIERS

type Raise = Callable[[Answers, Limits], Tier]
"""The tier that answers give an item, Tier.NONE when they give none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One safety item; its tier is the highest of the three.

    `tiers` maps the values of its own question (`key`, empty when it has none) to tiers;
    `sharpened` looks further once the own answer is `yes`; `derived` reads other answers only.
    `told` continues "You told us: "; `advice` is the wording to the patient, `advice_at` that of a
    tier that needs other words.
    """

    code: str
    key: str
    name: str
    told: str
    advice: str
    tiers: Mapping[Any, Tier] = field(default_factory=dict)
    sharpened: Raise | None = None
    derived: Raise | None = None
    advice_at: Mapping[Tier, str] = field(default_factory=dict)

    def tier(self, answers: Answers, limits: Limits) -> Tier:
        """This item's tier for these answers; a missing answer counts as no."""
        answer = answers.get(self.key)
        tier = self.tiers.get(answer, NONE)
        if answer == "yes" and self.sharpened:
            tier = _higher(tier, self.sharpened(answers, limits))
        return _higher(tier, self.derived(answers, limits)) if self.derived else tier

    def words(self, tier: Tier) -> str:
        """What to tell the patient when the item has this tier."""
        return self.advice_at.get(tier, self.advice)


_RANK = {tier: rank for rank, tier in enumerate(TIERS)}.__getitem__


def _higher(one: Tier, other: Tier) -> Tier:
    return other if one is NONE or _RANK(other) > _RANK(one) else one


def _tiers(yes: Tier, not_sure: Tier) -> dict[str, Tier]:
    return {"yes": yes, "not_sure": not_sure}


# --- what other answers raise ------------------------------------------------------------------

_CAUDA = ("rf_bladder", "rf_saddle", "rf_bowel", "rf_sexual")
_HEART = ("heart", "blood_pressure")
_HIP_SURGERY = ("hip_replacement", "hip_other")


def _yes(answers: Answers, *keys: str) -> bool:
    return any(answers.get(key) == "yes" for key in keys)


def _list(answers: Answers, key: str) -> tuple[str, ...]:
    return answers.get(key, ())  # type: ignore[return-value]


def _number(answers: Answers, key: str, absent: int) -> int:
    return answers.get(key, absent)  # type: ignore[return-value]


def _with_nerve_signs(answers: Answers, limits: Limits) -> Tier:
    """RF-5 `yes` meets `yes` of RF-1 to RF-4, or RF-6 told or derived."""
    weaker = answers.get("leg_symptoms") == "new_or_worse" or _yes(answers, "rf_leg_weaker")
    return EMERGENCY if weaker or _yes(answers, *_CAUDA) else NONE


def _new_in_both_legs(answers: Answers, limits: Limits) -> Tier:
    """RF-5 and RF-6 both derived: new or worse symptoms in a left and a right place."""
    if answers.get("leg_symptoms") != "new_or_worse":
        return NONE
    sides = {place.rpartition(":")[2] for place in _list(answers, "leg_symptom_places")}
    return EMERGENCY if sides.issuperset(SIDES) else NONE


_ONSET = {"days": EMERGENCY, "weeks": TODAY, "stable": FIRST}


def _by_onset(answers: Answers, limits: Limits) -> Tier:
    return _ONSET.get(str(answers.get("rf_leg_weaker_onset")), FIRST)


def _new_in_a_leg(answers: Answers, limits: Limits) -> Tier:
    """RF-6 derived: counts as `yes` since weeks."""
    return TODAY if answers.get("leg_symptoms") == "new_or_worse" else NONE


def _cannot_stand(answers: Answers, limits: Limits) -> Tier:
    return EMERGENCY if answers.get("rf_trauma_weight_bearing") == "no" else NONE


def _with(*partners: str, then: Tier = TODAY) -> Raise:
    """The tier when any partner is `yes`."""
    return lambda answers, limits: then if _yes(answers, *partners) else NONE


def _recent_surgery(answers: Answers, limits: Limits) -> Tier:
    """RF-17: less than 3 months since any surgery, less than 12 when one was on a hip."""
    if not answers.get("surgery"):
        return NONE
    surgery = _list(answers, "surgery")
    on_hip = any(place.startswith(_HIP_SURGERY) for place in surgery)
    heals = limits.hip_surgery_heals_months if on_hip else limits.surgery_heals_months
    return FIRST if _number(answers, "surgery_months", heals) < heals else NONE


def _heart(answers: Answers, limits: Limits) -> Tier:
    if not answers.get("conditions"):
        return NONE
    conditions = _list(answers, "conditions")
    return FIRST if any(condition in conditions for condition in _HEART) else NONE


def _child(answers: Answers, limits: Limits) -> Tier:
    return FIRST if _number(answers, "age", limits.adult_from_age) < limits.adult_from_age else NONE


def _severe_pain(answers: Answers, limits: Limits) -> Tier:
    return FIRST if _number(answers, "pain_now", 0) >= limits.severe_pain_from else NONE


# --- the table ---------------------------------------------------------------------------------

_CAUDA_ADVICE = (
    "This can be a sign of pressure on the nerves at the bottom of your spine. It needs to be "
    "checked now. Go to the nearest emergency room or call {emergency_number}. Do not drive "
    "yourself. Do not do any exercises."
)
_CAUDA_TODAY = (
    "This can be a sign of pressure on the nerves at the bottom of your spine. It needs to be "
    "checked today. If it gets worse, go to the nearest emergency room or call "
    "{emergency_number}. Do not do any exercises."
)
_BONE_ADVICE = "We need to make sure nothing is broken first. Please do not exercise."
_CALL_NOW = "Call {emergency_number} now."


def _cauda(code: str, key: str, what: str, told: str, **not_sure: Tier) -> Item:
    return Item(
        code=code,
        key=key,
        name=f"Cauda equina: {what}",
        told=told,
        advice=_CAUDA_ADVICE,
        tiers={"yes": EMERGENCY, **not_sure},
        advice_at={TODAY: _CAUDA_TODAY},
    )


_NERVES = (
    _cauda("RF-1", "rf_bladder", "bladder", "new trouble with your bladder", not_sure=TODAY),
    _cauda("RF-2", "rf_saddle", "saddle area", "new numbness between your legs", not_sure=TODAY),
    _cauda(
        "RF-3",
        "rf_bowel",
        "bowel",
        "new trouble with holding or feeling your bowels",
        not_sure=TODAY,
    ),
    _cauda("RF-4", "rf_sexual", "sexual function", "a new loss of feeling or function during sex"),
    Item(
        code="RF-5",
        key="rf_both_legs",
        name="Leg signs on both sides",
        told="new or worse symptoms in both legs",
        advice="Symptoms in both legs need to be checked today.",
        tiers=_tiers(TODAY, FIRST),
        sharpened=_with_nerve_signs,
        derived=_new_in_both_legs,
        advice_at={
            FIRST: "Symptoms in both legs need to be checked before any exercise.",
            EMERGENCY: "Symptoms in both legs need to be checked now. Go to the nearest emergency "
            "room or call {emergency_number}.",
        },
    ),
    Item(
        code="RF-6",
        key="rf_leg_weaker",
        name="Leg weakness, new or getting worse",
        told="weakness or numbness in a leg or foot",
        advice="New weakness can mean a nerve is being squeezed. It should be checked today, "
        "before any exercise.",
        tiers={"not_sure": TODAY},
        sharpened=_by_onset,
        derived=_new_in_a_leg,
        advice_at={
            FIRST: "Weakness in a leg should be checked before any exercise.",
            EMERGENCY: "New weakness can mean a nerve is being squeezed. It needs to be checked "
            "now. Go to the nearest emergency room or call {emergency_number}.",
        },
    ),
    Item(
        code="RF-7",
        key="rf_clumsy",
        name="Spinal cord: walking or hands",
        told="clumsy or unsteady walking or hands",
        advice="A change in walking or hand control needs a check today.",
        tiers=_tiers(TODAY, FIRST),
        advice_at={FIRST: "A change in walking or hand control needs a check before any exercise."},
    ),
)

_BONES_AND_ILLNESS = (
    Item(
        code="RF-8",
        key="rf_trauma",
        name="Fracture after an injury",
        told="it started after a fall, a crash or a blow",
        advice=_BONE_ADVICE,
        tiers=_tiers(TODAY, FIRST),
        sharpened=_cannot_stand,
        advice_at={
            EMERGENCY: "You may have broken a bone. Stay off your leg. Go to the nearest "
            "emergency room or call {emergency_number}. Please do not exercise."
        },
    ),
    Item(
        code="RF-8b",
        key="rf_fragile_sudden_pain",
        name="Fragility fracture",
        told="a sudden sharp back pain with thin bones or steroid pills",
        advice=_BONE_ADVICE,
        tiers=_tiers(TODAY, FIRST),
    ),
    Item(
        code="RF-9",
        key="rf_cancer",
        name="History of cancer",
        told="you have had cancer",
        advice="Most back pain is not cancer. Because of your history we want a clinician to "
        "check first.",
        tiers=_tiers(FIRST, FIRST),
        sharpened=_with("rf_cancer_pain_changed", "rf_weight_loss", "rf_constant_night_pain"),
    ),
    Item(
        code="RF-10",
        key="rf_weight_loss",
        name="Weight loss without trying",
        told="you lost weight without trying",
        advice="Please see a clinician before exercising.",
        tiers=_tiers(FIRST, FIRST),
        sharpened=_with("rf_cancer"),
    ),
    Item(
        code="RF-11",
        key="rf_constant_night_pain",
        name="Constant pain, worse at night",
        told="pain that never eases and is worse at night",
        advice="Pain that never eases should be looked at first.",
        tiers=_tiers(FIRST, FIRST),
        sharpened=_with(
            "rf_cancer",
            "rf_weight_loss",
            "rf_fever",
            "rf_infection_risk",
        ),
    ),
    Item(
        code="RF-12a",
        key="rf_fever",
        name="Signs of infection",
        told="fever, chills, night sweats or feeling sick with the pain",
        advice="An infection needs fast care.",
        tiers=_tiers(TODAY, FIRST),
        sharpened=_with("rf_fever_severe", then=EMERGENCY),
        advice_at={
            EMERGENCY: "An infection needs fast care. Go to the nearest emergency room or call "
            "{emergency_number}."
        },
    ),
    Item(
        code="RF-12b",
        key="rf_infection_risk",
        name="Risk of infection",
        told="something that makes an infection more likely",
        advice="Please let a clinician check you before you exercise.",
        tiers=_tiers(FIRST, FIRST),
        sharpened=_with("rf_constant_night_pain", "rf_fever"),
    ),
    Item(
        code="RF-13",
        key="rf_tearing_pain",
        name="Aorta or abdomen",
        told="sudden very bad or tearing pain, a throbbing belly or fainting",
        advice=_CALL_NOW,
        tiers=_tiers(EMERGENCY, TODAY),
        advice_at={
            TODAY: "This needs to be checked today. If the pain gets very bad or you faint, call "
            "{emergency_number}."
        },
    ),
    Item(
        code="RF-14a",
        key="rf_chest_pain_now",
        name="Heart or lung",
        told="chest pain or trouble breathing",
        advice=_CALL_NOW,
        tiers=_tiers(EMERGENCY, EMERGENCY),
    ),
    Item(
        code="RF-14b",
        key="rf_calf",
        name="Blood clot in the calf",
        told="one calf that is newly swollen, hot and sore",
        advice="A swollen calf needs a check today. It can be a blood clot.",
        tiers=_tiers(TODAY, TODAY),
        sharpened=_with("rf_chest_pain_now", then=EMERGENCY),
        advice_at={EMERGENCY: "A swollen calf can be a blood clot. " + _CALL_NOW},
    ),
    Item(
        code="RF-15",
        key="rf_groin_every_step",
        name="Hip or stress fracture",
        told="deep groin or front-hip pain with every step",
        advice="Please rest the leg and do not exercise until it has been checked.",
        tiers=_tiers(TODAY, FIRST),
    ),
)

_BEFORE_EXERCISE = (
    Item(
        code="RF-16",
        key="pregnancy",
        name="Pregnancy or birth in the last 12 weeks",
        told="you are pregnant or had a baby in the last 12 weeks",
        advice="Exercise is usually good in pregnancy. Your chiropractor will pick safe moves "
        "for you.",
        tiers={"pregnant": FIRST, "postpartum": FIRST},
    ),
    Item(
        code="RF-17",
        key="rf_recent_surgery",
        name="Recent surgery, or told not to walk or exercise",
        told="recent surgery, a new or broken hip, or being told not to walk or exercise",
        advice="Please get the OK from your care team first.",
        tiers=_tiers(FIRST, FIRST),
        derived=_recent_surgery,
    ),
    Item(
        code="RF-18a",
        key="rf_needs_doctor_ok",
        name="Medical OK needed before exercise",
        told="a health problem that may need a doctor's OK before you exercise",
        advice="Please check with your doctor before starting.",
        tiers=_tiers(FIRST, FIRST),
        derived=_heart,
    ),
    Item(
        code="RF-18b",
        key="rf_effort_symptoms",
        name="Chest pain or fainting on effort",
        told="chest pain or fainting when you are active",
        advice="Please call your doctor today and do not exercise yet.",
        tiers=_tiers(TODAY, FIRST),
        advice_at={FIRST: "Please check with your doctor first and do not exercise yet."},
    ),
    Item(
        code="RF-19",
        key="",
        name="Under 18",
        told="you are under 18",
        advice="Ask a parent or guardian to book a visit.",
        derived=_child,
    ),
    Item(
        code="RF-20",
        key="rf_cannot_move",
        name="Severe pain",
        told="pain that is very strong or stops you moving",
        advice="Let's calm this down together before exercises.",
        tiers={"cannot_sit_or_stand": FIRST, "cannot_walk": TODAY},
        derived=_severe_pain,
        advice_at={
            TODAY: "Pain that stops you walking needs a check today. Please do not exercise."
        },
    ),
)

ITEMS: tuple[Item, ...] = _NERVES + _BONES_AND_ILLNESS + _BEFORE_EXERCISE
"""Every safety item, in the order of the table in specification section 2."""

UNSURE = "you are not sure about this: {told}"
"""How an unsure answer is told back."""

BY_CODE: Mapping[str, Item] = {item.code: item for item in ITEMS}


class Flagged(TypedDict):
    """One raised item as it is told back; `told` follows "You told us: "."""

    code: str
    tier: str
    told: str


class Advice(TypedDict):
    """What the patient reads: what was told, most urgent first, and what to do about it."""

    flags: list[Flagged]
    advice: list[str]


# --- what the rest of the product asks -----------------------------------------------------------


def triage(answers: Answers, limits: Limits | None = None) -> tuple[Tier, tuple[str, ...]]:
    """The record's tier and the codes of every item whose tier is not none, in table order.

    Works on a part of a record: a missing key counts as no. `limits` are the ages and times of a
    ruleset, those of the current version when not given.
    """
    raised = _raised(answers, limits or rulesets.load().limits)
    tier = max((tier for _, tier in raised), key=_RANK, default=NONE)
    return tier, tuple(item.code for item, _ in raised)


def emergency_so_far(answers: Answers) -> bool:
    """Whether the answers given so far are an emergency, so that the questionnaire stops now."""
    return triage(answers)[0] is EMERGENCY


_READS = {
    "RF-5": ("leg_symptoms", "no"),
    "RF-6": ("leg_symptoms", "no"),
    "RF-17": ("surgery", ()),
    "RF-18a": ("conditions", ()),
    "RF-19": ("age", None),
    "RF-20": ("pain_now", 0),
}
"""Code -> the answer that its `derived` reads, and the value with which it gives no tier."""

_SCAN = tuple((item.key, *_READS.get(item.code, ("", None)), item) for item in ITEMS)


def _raised(answers: Answers, limits: Limits) -> list[tuple[Item, Tier]]:
    return [
        (item, tier)
        for key, other, quiet, item in _SCAN
        if (answers.get(key, "no") != "no" or (other and answers.get(other, quiet) != quiet))
        and (tier := item.tier(answers, limits)) is not NONE
    ]


def patient_advice(answers: Answers, *, emergency_number: str = "your emergency number") -> Advice:
    """What to show a patient whose answers need a person. An unsure answer is told as unsure.

    The advice is that of the most urgent items only, each sentence once.
    """
    raised = _raised(answers, rulesets.load().limits)
    raised.sort(key=lambda pair: -_RANK(pair[1]))
    highest = raised[0][1] if raised else NONE
    flags = [
        Flagged(code=item.code, tier=tier.value, told=told(item, answers)) for item, tier in raised
    ]
    words = [item.words(tier) for item, tier in raised if tier is highest]
    return Advice(flags=flags, advice=_filled(words, emergency_number))


def told(item: Item, answers: Answers) -> str:
    """What the patient said about this item, to follow "You told us: "."""
    derived = item.derived and item.derived(answers, rulesets.load().limits) is not NONE
    unsure = answers.get(item.key) == "not_sure" and not derived
    return UNSURE.format(told=item.told) if unsure else item.told


def _filled(words: Iterable[str], emergency_number: str) -> list[str]:
    once = dict.fromkeys(words)
    return [sentence.replace("{emergency_number}", emergency_number) for sentence in once]
