"""What one exercise or habit card is made of, and the words that a card's file may use.

Core: standard library only. `reading` makes cards from files; the planner, the paper, the pages
and the drawings read them. Nothing here knows a patient.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

LANGUAGE = "en"


class Kind(StrEnum):
    """What a card is for; stage M belongs to mobility, stage H to habit."""

    STRENGTH = "strength"
    MOBILITY = "mobility"
    HABIT = "habit"


class Sides(StrEnum):
    """How a card treats left and right."""

    EACH = "each"  # all sets on one side, then on the other: sets are counted a side
    BOTH = "both"  # both sides work together, or in one set
    ALTERNATING = "alternating"  # the sides take turns within a set


STAGES = ("1", "2", "3", "4", "M", "H")
"""1 activate, 2 build, 3 control on one leg, 4 load (clinician-released), M mobility, H habit."""

RELEASED_STAGE = "4"

LADDERS = (
    "ABD-side",
    "BRIDGE",
    "CORE",
    "STAND-pelvis",
    "STAND-abd",
    "SQUAT",
    "HINGE",
    "HIPFLEX",
)

MUSCLES: Mapping[str, tuple[str, str]] = {
    "gluteus_medius": ("side-hip muscle", "gluteus medius"),
    "gluteus_minimus": ("deep side-hip muscle", "gluteus minimus"),
    "gluteus_maximus": ("buttock muscle", "gluteus maximus"),
    "hamstrings": ("back of the thigh", "hamstrings"),
    "quadriceps": ("front of the thigh", "quadriceps"),
    "abdominals": ("belly muscles", "abdominals"),
    "obliques": ("side of the waist", "obliques"),
    "back_extensors": ("back muscles", "back extensors"),
    "hip_flexors": ("front of the hip", "hip flexors"),
    "adductors": ("inner thigh", "adductors"),
    "tensor_fasciae_latae": ("front and outside of the hip", "tensor fasciae latae"),
    "outer_thigh": ("outer thigh", "lateral thigh and iliotibial band"),
    "ankle_muscles": ("ankle muscles", "ankle stabilisers"),
}
"""Muscle -> (patient's name, clinician's name)."""

POSITIONS: Mapping[str, str] = {
    "supine": "lying on your back",
    "side_lying": "lying on your side",
    "side_support": "propped on your elbow",
    "hands_and_knees": "on hands and knees",
    "half_kneeling": "kneeling on one knee",
    "standing": "standing",
    "chair": "from a chair",
    "seated": "sitting",
}

EQUIPMENT: Mapping[str, str] = {
    "band": "loop band",
    "step": "low step with a rail",
    "chair": "sturdy chair",
    "pillow": "pillow",
    "mat": "exercise mat",
    "belt": "belt or scarf",
    "counter": "counter",
    "wall": "wall",
    "ball": "ball or rolling pin",
    "mirror": "mirror",
}

WORKED_SIDES: Mapping[str, str] = {
    "top_leg": "leg on top",
    "stance_leg": "leg you stand on",
    "moving_leg": "leg that moves",
    "planted_leg": "foot on the floor",
    "step_leg": "leg on the step",
    "front_leg": "leg in front",
    "back_leg": "leg behind",
    "kneeling_leg": "knee on the floor",
    "straight_leg": "straight leg",
    "rolled_leg": "thigh you roll",
    "bottom_side": "side nearest the floor",
}
"""What "left" means on a one-sided card -> the words after LEFT or RIGHT."""

TAGS = (
    "balance_risk",
    "bp",
    "groin_pain",
    "hernia",
    "high_irritability",
    "hip_replacement",
    "knee_pain",
    "lateral_hip_pain",
    "leg_neuro",
    "no_floor",
    "no_kneel",
    "no_wrist",
    "osteoporosis",
    "pregnant",
)
"""The safety tags of the contract, a patient's whom they concern."""

BLOOD_THINNERS = "blood_thinners"
CAUTIONS = (*TAGS, BLOOD_THINNERS)
"""What a card may warn of: the tags, and blood thinners among the medicines."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Range:
    """From `low` to `high`, both included; equal when the card gives one number."""

    low: int
    high: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Dose:
    """How much, as the card gives it. `reps` is None for timed cards, whose hold is the work.

    `hold_seconds` is 0 and `rest_seconds` None where the card gives none. `days_per_week` of 7
    means daily.
    """

    sets: Range
    reps: Range | None
    hold_seconds: Range
    rest_seconds: int | None
    times_a_day: int
    times_a_day_irritable: int
    days_per_week: Range


@dataclass(frozen=True, kw_only=True, slots=True)
class Habit:
    """When a habit card is advised (the rule that fired) and how often; None for each time."""

    rule: str
    times_a_day: int | None
    days_per_week: Range


@dataclass(frozen=True, kw_only=True, slots=True)
class Emg:
    """One published mean of healthy adults: it orders exercises and promises no result.

    `measure` is `percent_mvic` (percent of the greatest voluntary contraction) or
    `gluteal_to_tfl_index` (higher is more gluteal). A pair is a range across studies. Not
    `verified` means from memory: to be read in the source before it is relied on.
    """

    muscle: str
    measure: str
    low: float
    high: float
    sd: float | None
    source: str
    verified: bool
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Pose:
    """The two frames of the drawing, in words for whoever draws."""

    view: str
    start: str
    end: str
    arrow: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """One language's words. `too_hard` and `too_easy` are the written rules of the ladder."""

    title: str
    purpose: str
    steps: tuple[str, ...]
    mistakes: tuple[str, ...]
    cue: str
    feel: str = ""
    too_hard: str = ""
    too_easy: str = ""
    advice: str = ""
    target: str = ""
    evidence: str = ""
    cautions: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Photo:
    """A picture in the place of drawings: its name, what it shows, its size in pixels."""

    file: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Card:
    """One exercise or habit of the library, complete and checked.

    `difficulty` is 1 to 10 within a ladder and 0 for habits; `easier` and `harder` are slugs or
    "". `cautions` holds what the card warns of, () for none. The last three are of a practice's own
    exercise: facts of the matrix that block it, equipment it cannot do without, its picture.
    """

    slug: str
    kind: Kind
    stage: str
    difficulty: int
    ladder: str
    easier: str
    harder: str
    muscles: tuple[str, ...]
    position: str
    equipment: tuple[str, ...]
    optional_equipment: tuple[str, ...]
    sides: Sides | None
    worked_side: str
    clinician_released: bool
    cautions: tuple[str, ...]
    dose: Dose | None
    habit: Habit | None
    emg: tuple[Emg, ...]
    sources: tuple[str, ...]
    source_note: str
    reviewed_by: str
    reviewed_on: date
    pose: Pose
    words: Mapping[str, Words]
    closed_for: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    photos: tuple[Photo, ...] = ()

    @property
    def name(self) -> str:
        """The title in the patient's words."""
        return self.words[LANGUAGE].title

    @property
    def steps(self) -> tuple[str, ...]:
        """What to do, in order."""
        return self.words[LANGUAGE].steps

    @property
    def mistakes(self) -> tuple[str, ...]:
        """What often goes wrong."""
        return self.words[LANGUAGE].mistakes

    @property
    def cue(self) -> str:
        """One sentence to think of."""
        return self.words[LANGUAGE].cue

    @property
    def feel(self) -> str:
        """Where it should be felt; "" for habits."""
        return self.words[LANGUAGE].feel

    @property
    def evidence(self) -> str:
        """What is known of it, in the patient's words; printed at the foot of habit cards."""
        return self.words[LANGUAGE].evidence

    def caution(self, tag: str) -> str:
        """The card's own words of caution for a tag, or ""."""
        return self.words[LANGUAGE].cautions.get(tag, "")
