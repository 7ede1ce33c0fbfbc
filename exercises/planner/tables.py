"""The planner's numbers and tables (specification 5.1 to 5.3 and the contract).

Core: standard library only. No patient and no logic; the filter matrix is `library.matrix`, the
cards' own doses are the cards'.
"""

from collections.abc import Mapping
from dataclasses import dataclass

PLACES: Mapping[int, int] = {5: 2, 10: 3, 15: 4, 20: 5, 30: 6}
"""Minutes on an exercise day -> how many exercises; habits take no place."""

MOST_WHEN_IRRITABLE = 3

STAGE_CAP = 3
CAREFUL_STAGE_CAP = 2
CAREFUL_TAGS = frozenset({"balance_risk", "pregnant", "hip_replacement", "osteoporosis"})
"""Tags that close stage 3 until a clinician opens it; stage 4 is always closed here."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """One column of the dose table. `entry` is the hardest card of week 1, by difficulty."""

    entry: int
    most_sets: int
    most_reps: int
    rest_seconds: int  # where a card gives none
    most_hold_seconds: int | None = None  # of a card with repetitions


COLUMNS: Mapping[tuple[str, str], Column] = {
    ("high", ""): Column(entry=2, most_sets=2, most_reps=8, rest_seconds=60, most_hold_seconds=5),
    ("moderate", ""): Column(entry=3, most_sets=2, most_reps=10, rest_seconds=45),
    ("low", "new"): Column(entry=3, most_sets=2, most_reps=12, rest_seconds=45),
    ("low", "some"): Column(entry=5, most_sets=3, most_reps=12, rest_seconds=45),
    ("low", "regular"): Column(entry=6, most_sets=3, most_reps=12, rest_seconds=60),
    ("low", "athlete"): Column(entry=6, most_sets=3, most_reps=12, rest_seconds=60),
}
"""Irritability and, when it is low, experience -> the column (specification 5.1 and 5.3)."""

EXPERIENCE_OF_ACTIVITY = {"3_plus_days": "regular", "sport": "athlete"}
EXPERIENCE = {"never": "new", "a_little": "some", "regularly": "regular"}
HIGH_END = "regularly"
"""The answer to `experience` with which a card's range counts at its high end."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One way to fill a slot: the hardest fitting card of a ladder, or one card."""

    ladder: str = ""
    slug: str = ""
    rule: str = ""  # only when this rule fired


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """One place of the plan: its choices in order, and the rules that speak for it in words."""

    code: str
    choices: tuple[Choice, ...]
    speaks: tuple[str, ...]


ABD = Slot(
    code="ABD",
    choices=(Choice(ladder="ABD-side"), Choice(ladder="STAND-abd")),
    speaks=("C5", "C6", "C2", "B4", "B3", "A1", "C4", "D2", "B2", "D1", "A4", "A2"),
)
EXT = Slot(
    code="EXT",
    choices=(Choice(ladder="BRIDGE"), Choice(ladder="HINGE"), Choice(ladder="SQUAT")),
    speaks=("B5", "A3", "B2", "B1", "B6", "D2", "C4"),
)
SLOTS = (
    ABD,
    EXT,
    Slot(
        code="STAND",
        choices=(Choice(ladder="STAND-pelvis"), Choice(ladder="STAND-abd")),
        speaks=("C2", "C5", "B4", "A2", "C1", "C3", "B6", "D1"),
    ),
    Slot(
        code="FUNC",
        choices=(Choice(ladder="SQUAT"), Choice(ladder="HINGE")),
        speaks=("B5", "B6", "A3", "C4", "E"),
    ),
    Slot(code="CORE", choices=(Choice(ladder="CORE"),), speaks=("B1", "B2", "C3", "A3", "B6")),
    Slot(
        code="MOB",
        choices=(
            Choice(ladder="HIPFLEX", rule="A3"),
            Choice(slug="adductor-rock-back"),
            Choice(slug="lateral-thigh-self-massage"),
        ),
        speaks=("A3", "A4", "A1", "B3"),
    ),
)
"""The slots in the order in which they are filled; with emphasis gmax EXT comes before ABD."""

MAINTENANCE = (ABD.code, EXT.code)
"""The two cards of a patient with neither pain nor a finding; time-fit never drops them."""

SHEET = ("CORE", "STAND", "FUNC", "MOB")
"""The order of the sheet after ABD and EXT."""
STAND_FIRST_FROM_AGE = 60

REP_SECONDS = 3
SET_UP_SECONDS = 20
MINUTE = 60

ALWAYS_OWNED = ("wall", "bed", "counter", "belt")
FIRST_HABIT = {"sleep": "A1", "standing": "A2", "sitting": "A3", "crossing": "A4"}
OVERUSE = "E"
OVERUSE_ADVICE = (
    "For 2 weeks, cut your running or jumping by about a third and keep up easy walking. Put a "
    "rest day between hard sessions. Your chiropractor will tell you whether this fits you."
)
REASONS = {
    "pain": "you have pain",
    "stiffness": "you feel stiff",
    "weak_or_unsteady": "your hip feels weak or unsteady",
    "sport": "you want to be fit for your sport",
    "prevention": "you want to prevent problems",
    "asked_by_chiropractor": "your chiropractor asked you to have your hips checked",
}
"""Why the patient came, for a card that no fired rule speaks for."""
MOST_REASONS = 2
