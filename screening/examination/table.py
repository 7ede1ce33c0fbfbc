"""The rows of specification section 6: every clinic test with its raw values and how to read it.

Core: standard library only. Every measure is optional; raw values with units, never only an
interpretation.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from screening.anatomy import SIDES

BOTH = "both"
GRADES = ("0", "1", "2-", "2", "2+", "3-", "3", "3+", "4-", "4", "4+", "5-", "5")
"""Grades of the manual muscle test, MRC with plus and minus, from no flicker to normal."""


class Kind(StrEnum):
    """What a raw value is made of."""

    ONE = "one"  # one of the options
    MANY = "many"  # any number of the options, stored as a list
    NUMBER = "number"  # between minimum and maximum; whole unless `decimals`
    TEXT = "text"  # up to `maximum` characters


@dataclass(frozen=True, kw_only=True, slots=True)
class Measure:
    """One raw value of a test. `options` maps value to label; `unit` is empty for none."""

    key: str
    label: str
    kind: Kind
    options: Mapping[str, str] | None = None
    unit: str = ""
    minimum: int = 0
    maximum: int = 0
    decimals: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Test:
    """One row: its measures, how to read them, what they do to the suggestion, its evidence."""

    id: str
    name: str
    group: str  # strength, control, length, joint, nerve, posture
    measures: tuple[Measure, ...]
    interpretation: str
    effect: str
    evidence: str
    sources: tuple[str, ...]
    per_side: bool = True


# --- measures ----------------------------------------------------------------------------------

_SIGN = {"negative": "Negative", "positive": "Positive"}
_NO_YES = {"no": "No", "yes": "Yes"}
_RATING = {"good": "Good", "fair": "Fair", "poor": "Poor"}
ROOTS = {root: root.upper() for root in ("l2", "l3", "l4", "l5", "s1")}


def _one(key: str, label: str, options: Mapping[str, str]) -> Measure:
    return Measure(key=key, label=label, kind=Kind.ONE, options=options)


def _many(key: str, label: str, options: Mapping[str, str]) -> Measure:
    return Measure(key=key, label=label, kind=Kind.MANY, options=options)


def _number(key: str, label: str, low: int, high: int, unit: str = "") -> Measure:
    return Measure(key=key, label=label, kind=Kind.NUMBER, minimum=low, maximum=high, unit=unit)


def _amount(key: str, label: str, high: int, unit: str) -> Measure:
    """A measured amount with decimals, from 0."""
    return Measure(key=key, label=label, kind=Kind.NUMBER, maximum=high, unit=unit, decimals=True)


def _pain(key: str, label: str = "Pain") -> Measure:
    return _number(key, label, 0, 10, "of 10")


def _grade(key: str) -> Measure:
    return _one(key, "Grade", {grade: grade for grade in GRADES})


# --- the table ---------------------------------------------------------------------------------

_STRENGTH = (
    Test(
        id="mmt_abduction",
        name="Muscle test, hip abduction (side-lying, pelvis fixed)",
        group="strength",
        measures=(_grade("mmt_abduction"),),
        interpretation="5 normal; 4 holds against some resistance; 3 lifts against gravity only; "
        "2 moves with gravity removed; 1 flicker; 0 none.",
        effect="4- or less: likely. 4 or 4+: possible. 5- or 5: unlikely. 3 or less: also check "
        "nerve, tendon and tear.",
        evidence="Ordinal scale with a ceiling in strong people; prefer the dynamometer. Cut-offs "
        "are a design choice.",
        sources=("clinic-teaching", "design-opinion"),
    ),
    Test(
        id="mmt_extension",
        name="Muscle test, hip extension (prone, knee bent)",
        group="strength",
        measures=(_grade("mmt_extension"),),
        interpretation="As for abduction; gluteus maximus.",
        effect="4- or less adds emphasis on the buttock muscle.",
        evidence="Ordinal scale with a ceiling in strong people.",
        sources=("clinic-teaching", "design-opinion"),
    ),
    Test(
        id="dynamometer_abduction",
        name="Hand-held dynamometer, hip abduction",
        group="strength",
        measures=(
            _amount("abduction_force", "Force, mean of 2 or 3", 1000, ""),
            _one("abduction_force_unit", "Force is in", {"n": "N", "kg": "kg"}),
            _amount("abduction_lever", "Lever length", 100, "cm"),
            _amount("abduction_torque", "Torque for body weight", 10, "Nm/kg"),
            _one("abduction_clearly_low", "Clearly low for this person", _NO_YES),
        ),
        interpretation="Difference between the sides; ratio to body weight.",
        effect="15% or more below the other side, or clearly low: likely.",
        evidence="Abduction 31% weaker with low back pain in 10 people; the 15% is from memory, "
        "commonly used.",
        sources=("kendall-2010", "kendall-2013"),
    ),
)

_CONTROL = (
    Test(
        id="trendelenburg",
        name="Trendelenburg, 30 s, of the leg stood on",
        group="control",
        measures=(
            _one(
                "trendelenburg",
                "Result",
                {
                    "negative": "Negative",
                    "delayed": "Positive later in the 30 s",
                    "positive": "Positive at once",
                    "invalid": "Not valid (pain, balance, cooperation)",
                },
            ),
            _number("trendelenburg_seconds", "Held", 0, 30, "s"),
        ),
        interpretation="Positive when the pelvis cannot be raised fully or held for 30 s with the "
        "spine over the hip.",
        effect="Positive with abduction 4 or less: likely. Positive alone: possible only. "
        "Negative lowers the confidence in weakness.",
        evidence="Weak relation with strength and weak agreement of examiners.",
        sources=("hardcastle-1985", "mccarney-2020"),
    ),
    Test(
        id="single_leg_squat",
        name="Single-leg squat, 5 times",
        group="control",
        measures=(
            _one("single_leg_squat", "Quality", {**_RATING, "unable": "Unable"}),
            _pain("single_leg_squat_pain"),
            Measure(
                key="single_leg_squat_signs",
                label="Seen: knee, pelvis, trunk, depth, rotation",
                kind=Kind.TEXT,
                maximum=200,
            ),
        ),
        interpretation="Good, fair or poor by consensus.",
        effect="Poor or unable: one level higher. Good with abduction 5: unlikely.",
        evidence="Agreement 73 to 87%; poor goes with weaker abduction and later onset.",
        sources=("crossley-2011",),
    ),
    Test(
        id="step_down",
        name="Lateral step-down",
        group="control",
        measures=(
            _one("step_down", "Quality", _RATING),
            _number("step_down_score", "Score", 0, 6),
        ),
        interpretation="0 good, 1 to 3 moderate, 4 or more poor (bands from memory).",
        effect="Poor supports weakness.",
        evidence="Review.",
        sources=("mcgovern-2018",),
    ),
    Test(
        id="active_hip_abduction",
        name="Active hip abduction, side-lying, of the top leg",
        group="control",
        measures=(
            _number("hip_abduction_examiner", "Examiner's rating", 0, 3),
            _number("hip_abduction_patient", "Patient's rating", 0, 5),
        ),
        interpretation="2 or more is positive (from memory).",
        effect="Positive supports the side-hip muscle.",
        evidence="Small prognostic study (n=43).",
        sources=("nelson-wong-2009",),
    ),
)

_LENGTH_AND_JOINT = (
    Test(
        id="ober",
        name="Ober or modified Ober",
        group="length",
        measures=(
            _one("ober", "Result", _SIGN),
            _number("ober_drop", "Thigh drop", 0, 90, "degrees"),
            _pain("ober_pain"),
        ),
        interpretation="Posture of the tensor; does not measure the length of the ITB.",
        effect="None on strength.",
        evidence="From memory.",
        sources=("willett-2016",),
    ),
    Test(
        id="thomas",
        name="Thomas",
        group="length",
        measures=(
            _one("thomas", "Result", _SIGN),
            _number("thomas_deficit", "Hip extension missing", 0, 90, "degrees"),
            _many(
                "thomas_tight",
                "Short",
                {
                    "rectus_femoris": "Rectus femoris",
                    "iliopsoas": "Iliopsoas",
                    "tfl": "Tensor fasciae latae",
                },
            ),
        ),
        interpretation="Control the lumbar lordosis.",
        effect="Positive adds a hip flexor stretch.",
        evidence="Established test.",
        sources=("clinic-teaching",),
    ),
    Test(
        id="faber",
        name="FABER",
        group="joint",
        measures=(
            _one("faber", "Result", _SIGN),
            _many(
                "faber_pain",
                "Pain at",
                {"groin": "Groin", "si": "SI joint", "outer_hip": "Outer hip", "back": "Back"},
            ),
        ),
        interpretation="Groin: hip joint. Behind: SI joint. Outer hip: gluteal tendons.",
        effect="None; leads to things to check.",
        evidence="Established test.",
        sources=("clinic-teaching",),
    ),
    Test(
        id="hip_rotation",
        name="Hip rotation, prone or sitting",
        group="joint",
        measures=(
            _number("hip_internal_rotation", "Internal", 0, 70, "degrees"),
            _number("hip_external_rotation", "External", 0, 90, "degrees"),
            _one("hip_rotation_position", "Measured", {"prone": "Prone", "sitting": "Sitting"}),
        ),
        interpretation="Lost internal rotation: think of hip osteoarthritis or FAI.",
        effect="None.",
        evidence="Reduced internal rotation is common with low back pain (n=101).",
        sources=("prather-2017",),
    ),
    Test(
        id="trochanter",
        name="Palpation of the greater trochanter; side pain in 30 s on one leg",
        group="joint",
        measures=(
            _one("trochanter_tender", "Tender", _NO_YES),
            _pain("trochanter_pain", "Pain on palpation"),
            _one("stance_side_pain", "Side pain within 30 s on this leg", _NO_YES),
            _pain("stance_side_pain_score", "Pain on one leg"),
        ),
        interpretation="Gluteal tendons (GTPS).",
        effect="None on the level; blocks exercises that bring the thigh across.",
        evidence="Diagnostic data from 65 people.",
        sources=("grimaldi-2017",),
    ),
    Test(
        id="si_provocation",
        name="SI joint provocation",
        group="joint",
        measures=(
            _number("si_positive", "Positive tests", 0, 5),
            _one("si_done", "Of", {"4": "4 tests", "5": "5 tests (with Gaenslen)"}),
        ),
        interpretation="Distraction, thigh thrust, compression, sacral thrust, Gaenslen: 2 or more "
        "of 4, or 3 or more of 5.",
        effect="None.",
        evidence="From memory.",
        sources=("laslett-2005",),
    ),
)

_NERVE = (
    Test(
        id="straight_leg_raise",
        name="Straight leg raise",
        group="nerve",
        measures=(
            _one("straight_leg_raise", "Result", _SIGN),
            _number("straight_leg_raise_angle", "Angle", 0, 90, "degrees"),
            _one("straight_leg_raise_leg_pain", "Brings back the leg pain", _NO_YES),
            _one("straight_leg_raise_crossed", "Crossed", _SIGN),
        ),
        interpretation="Nerve root.",
        effect="Positive: hold the hip hinge and loaded cards; see nerve notes.",
        evidence="Review from memory.",
        sources=("van-der-windt-2010", "clinic-teaching"),
    ),
    Test(
        id="neuro",
        name="Nerve function",
        group="nerve",
        measures=(
            *(_number(f"myotome_{root}", f"Myotome {name}", 0, 5) for root, name in ROOTS.items()),
            _number("reflex_knee", "Knee reflex", 0, 4),
            _number("reflex_ankle", "Ankle reflex", 0, 4),
            _many("dermatome_reduced", "Feeling reduced in", ROOTS),
        ),
        interpretation="L5 root loss also weakens gluteus medius.",
        effect="Deficit of L4, L5 or S1: the hip weakness may come from a nerve.",
        evidence="Standard examination.",
        sources=("clinic-teaching",),
    ),
)

_POSTURE = (
    Test(
        id="leg_length",
        name="Leg length",
        group="posture",
        per_side=False,
        measures=(
            _number("leg_length_difference", "Difference", 0, 60, "mm"),
            _one("leg_length_short", "Shorter leg", {side: side.capitalize() for side in SIDES}),
            _one(
                "leg_length_method",
                "Method",
                {"tape": "Tape", "blocks": "Blocks", "imaging": "Imaging"},
            ),
        ),
        interpretation="Over 20 mm is significant, under 10 mm usually incidental (from memory).",
        effect="None on the level; a note and a look at the gait.",
        evidence="From memory.",
        sources=("clinic-teaching",),
    ),
    Test(
        id="pelvis_level",
        name="Pelvis level, standing",
        group="posture",
        per_side=False,
        measures=(
            _one(
                "pelvis_level",
                "Result",
                {"level": "Level", "left_high": "Left high", "right_high": "Right high"},
            ),
            _number("pelvis_difference", "Difference", 0, 60, "mm"),
        ),
        interpretation="Functional or structural: check again sitting and lying on the back.",
        effect="None.",
        evidence="Posture is not strength.",
        sources=("jung-2020", "kendall-2010"),
    ),
    Test(
        id="gait",
        name="Gait",
        group="posture",
        per_side=False,
        measures=(
            _many(
                "gait",
                "Seen",
                {
                    "normal": "Normal",
                    **{
                        f"{sign}_{side}": f"{sign.capitalize()}, {side}"
                        for sign in ("trendelenburg", "lurch", "antalgic")
                        for side in SIDES
                    },
                    "waddling": "Waddling",
                    "short_step": "Short steps",
                    "other": "Other",
                },
            ),
        ),
        interpretation="Trendelenburg or lurch of the leg stood on.",
        effect="Trendelenburg gait of a side: at least possible.",
        evidence="Clinical sign.",
        sources=("cooper-2016", "clinic-teaching"),
    ),
)

TESTS: tuple[Test, ...] = _STRENGTH + _CONTROL + _LENGTH_AND_JOINT + _NERVE + _POSTURE
"""Every test, grouped for the form: strength, control, length, joint, nerve, posture."""

MEASURES: Mapping[str, Measure] = {
    measure.key: measure for test in TESTS for measure in test.measures
}
SIDES_OF: Mapping[str, tuple[str, ...]] = {
    measure.key: tuple(SIDES) if test.per_side else (BOTH,)
    for test in TESTS
    for measure in test.measures
}
"""Measure -> the sides under which its value is stored."""
