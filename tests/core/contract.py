"""The contract of answers as tables: keys, values, what is optional, what opens a question.

Written from the contract's page, not from the code, so that the tests can hold one against the
other.
"""

from tests.core.records import Record

YES_NO = ["no", "yes"]
YES_NO_UNSURE = ["no", "yes", "not_sure"]
SIDE_OR_NONE = ["no", "left", "right", "both", "not_sure"]
SCALE = list(range(11))
STANCE = ["ok", "bal", "drop", "drop0", "nd", "declined"]
STANCE_PLACES = ["outer_hip", "groin", "back", "other"]
LIFT = [0, 1, 2, 3, 4, 5, "nd", "declined"]
HOURS = ["rarely", "under_2_hours", "2_hours_or_more"]


def on_both_sides(*regions: str) -> list[str]:
    return [f"{region}:{side}" for region in regions for side in ("left", "right")]


CONTRACT = {
    "consent": ("Q0", [True]),
    "age": ("Q1", list(range(1, 111))),
    "pregnancy": ("Q2", ["no", "pregnant", "postpartum", "not_applicable"]),
    "reasons": (
        "Q3",
        [
            "pain",
            "stiffness",
            "weak_or_unsteady",
            "sport",
            "prevention",
            "asked_by_chiropractor",
        ],
    ),
    "rf_bladder": ("RF-1", YES_NO_UNSURE),
    "rf_saddle": ("RF-2", YES_NO_UNSURE),
    "rf_bowel": ("RF-3", YES_NO_UNSURE),
    "rf_sexual": ("RF-4", ["no", "yes", "skipped"]),
    "rf_both_legs": ("RF-5", YES_NO_UNSURE),
    "rf_leg_weaker": ("RF-6", YES_NO_UNSURE),
    "rf_leg_weaker_onset": ("RF-6", ["days", "weeks", "stable"]),
    "rf_clumsy": ("RF-7", YES_NO_UNSURE),
    "rf_trauma": ("RF-8", YES_NO_UNSURE),
    "rf_trauma_weight_bearing": ("RF-8", YES_NO),
    "rf_fragile_sudden_pain": ("RF-8b", YES_NO_UNSURE),
    "rf_cancer": ("RF-9", YES_NO_UNSURE),
    "rf_cancer_pain_changed": ("RF-9", YES_NO),
    "rf_weight_loss": ("RF-10", YES_NO_UNSURE),
    "rf_constant_night_pain": ("RF-11", YES_NO_UNSURE),
    "rf_fever": ("RF-12a", YES_NO_UNSURE),
    "rf_fever_severe": ("RF-12a", YES_NO),
    "rf_infection_risk": ("RF-12b", YES_NO_UNSURE),
    "rf_tearing_pain": ("RF-13", YES_NO_UNSURE),
    "rf_chest_pain_now": ("RF-14a", YES_NO_UNSURE),
    "rf_calf": ("RF-14b", YES_NO_UNSURE),
    "rf_groin_every_step": ("RF-15", YES_NO_UNSURE),
    "rf_recent_surgery": ("RF-17", YES_NO_UNSURE),
    "rf_needs_doctor_ok": ("RF-18a", YES_NO_UNSURE),
    "rf_effort_symptoms": ("RF-18b", YES_NO_UNSURE),
    "rf_cannot_move": ("RF-20", ["no", "cannot_sit_or_stand", "cannot_walk"]),
    "places": (
        "S1",
        [
            "low_back:middle",
            *on_both_sides(
                "low_back",
                "sacral_dimple",
                "buttock",
                "outer_hip",
                "groin",
                "back_thigh",
                "front_thigh",
                "below_knee",
                "knee",
            ),
        ],
    ),
    "duration": ("S2", ["under_6_weeks", "6_to_12_weeks", "over_12_weeks", "on_and_off"]),
    "recurrence": ("S3", ["first", "1_to_3", "many"]),
    "pain_now": ("S4", SCALE),
    "pain_worst": ("S5", SCALE),
    "settles": ("S6", ["minutes", "under_1_hour", "1_to_24_hours", "over_a_day", "never"]),
    "hard_one_leg": ("S7a", SIDE_OR_NONE),
    "hard_stairs": ("S7b", SIDE_OR_NONE),
    "hard_long_standing": ("S7c", SIDE_OR_NONE),
    "worse_lying_on_side": ("S7d", SIDE_OR_NONE),
    "worse_sitting": ("S7e", SIDE_OR_NONE),
    "worse_bending": ("S7f", YES_NO),
    "hard_shoes": ("S7g", SIDE_OR_NONE),
    "worse_turning": ("S7h", SIDE_OR_NONE),
    "leg_symptoms": ("S8", ["no", "same_for_weeks", "new_or_worse"]),
    "leg_symptom_places": ("S9", on_both_sides("thigh", "below_knee", "foot")),
    "morning_stiffness": ("S10", YES_NO_UNSURE),
    "stiff_before_45": ("S10b", YES_NO_UNSURE),
    "walking_leg_pain": ("S11", ["no", "eases_standing", "eases_sitting"]),
    "side_sleep_nights": ("L1a", ["0_1", "2_4", "5_7"]),
    "top_knee_drops": ("L1b", YES_NO_UNSURE),
    "side_lain_on": ("L1c", ["left", "right", "both", "not_sure"]),
    "knee_pillow": ("L1d", ["never", "sometimes", "always"]),
    "one_leg_standing": ("L2a", HOURS),
    "standing_leg": ("L2b", ["left", "right", "switch", "not_sure"]),
    "sitting_bout": ("L3a", ["up_to_30", "31_to_60", "over_60"]),
    "sitting_hours": ("L3b", ["under_4", "4_to_6", "6_to_8", "over_8"]),
    "leg_crossing": ("L4a", HOURS),
    "crossing_style": ("L4b", ["knee_over_knee", "ankle_on_knee", "ankles"]),
    "top_leg": ("L4c", ["left", "right", "both", "not_sure"]),
    "first_habit": ("L5", ["sleep", "standing", "sitting", "crossing", "none"]),
    "limp": ("G1", SIDE_OR_NONE),
    "hip_drop": ("G2", SIDE_OR_NONE),
    "waddle": ("G3", YES_NO_UNSURE),
    "tires_early": ("G4", ["no", "left", "right", "both"]),
    "falls": ("G5", ["none", "once", "twice_or_more"]),
    "unsteady": ("G6", ["no", "sometimes", "often"]),
    "activity": ("T1", ["mostly_sitting", "light", "1_to_2_days", "3_plus_days", "sport"]),
    "sport_kind": (
        "T2",
        ["running", "field_court", "gym", "dance", "cycling", "swimming", "other"],
    ),
    "training_hours": ("T3", ["0_2", "3_4", "5_9", "10_plus"]),
    "training_jump": ("T4", YES_NO),
    "injuries": ("H1", [*on_both_sides("ankle", "knee", "hip"), "back"]),
    "surgery": ("H2", [*on_both_sides("hip_replacement", "hip_other", "knee"), "spine"]),
    "surgery_months": ("H2", list(range(1000))),
    "conditions": (
        "H3",
        [
            "osteoporosis",
            "heart",
            "blood_pressure",
            "inflammatory_arthritis",
            "diabetes_numb_feet",
            "nerve_or_muscle",
            "hernia",
        ],
    ),
    "support_limits": ("H4", ["knees", "wrists"]),
    "medicines": ("H5", ["steroids", "blood_thinners", "not_sure"]),
    "worry": ("H6", SCALE),
    "goals": ("P0", SCALE),
    "minutes": ("P1", [5, 10, 15, 20, 30]),
    "days": ("P2", [3, 4, 5, 6]),
    "equipment": ("P3", ["band", "step", "chair", "pillow", "mat"]),
    "floor": ("P4", ["yes", "with_support", "no"]),
    "experience": ("P5", ["never", "a_little", "regularly"]),
    "stance_left": ("ST1r", STANCE),
    "stance_right": ("ST1r", STANCE),
    "stance_left_seconds": ("ST1t", list(range(31))),
    "stance_right_seconds": ("ST1t", list(range(31))),
    "stance_left_pain": ("ST1p", SCALE),
    "stance_right_pain": ("ST1p", SCALE),
    "stance_left_pain_place": ("ST1p", STANCE_PLACES),
    "stance_right_pain_place": ("ST1p", STANCE_PLACES),
    "leg_lift_left": ("ST2d", LIFT),
    "leg_lift_right": ("ST2d", LIFT),
}
"""Key -> its ID in the specification and every value that the contract allows (one of a list)."""

LISTS = {
    "reasons",
    "places",
    "leg_symptom_places",
    "injuries",
    "surgery",
    "conditions",
    "support_limits",
    "medicines",
    "equipment",
}

OPTIONAL = {
    "recurrence",
    "walking_leg_pain",
    "first_habit",
    "worry",
    "goals",
    *(key for key in CONTRACT if key.startswith(("stance_", "leg_lift_"))),
}

SIDE_GRID = [
    "hard_one_leg",
    "hard_stairs",
    "hard_long_standing",
    "worse_lying_on_side",
    "worse_sitting",
    "worse_bending",
    "hard_shoes",
    "worse_turning",
]

PAIN = {"places": ["outer_hip:left"]}

OPENERS: list[tuple[str, list[Record], list[Record]]] = [
    (
        "rf_leg_weaker_onset",
        [{"rf_leg_weaker": "yes"}],
        [{"rf_leg_weaker": "not_sure"}, {"rf_leg_weaker": "no"}],
    ),
    (
        "rf_trauma_weight_bearing",
        [{"rf_trauma": "yes"}],
        [{"rf_trauma": "not_sure"}, {"rf_trauma": "no"}],
    ),
    (
        "rf_cancer_pain_changed",
        [{"rf_cancer": "yes"}],
        [{"rf_cancer": "not_sure"}, {"rf_cancer": "no"}],
    ),
    ("rf_fever_severe", [{"rf_fever": "yes"}], [{"rf_fever": "not_sure"}, {"rf_fever": "no"}]),
    ("duration", [PAIN], [{"places": []}]),
    ("recurrence", [PAIN], [{"places": []}]),
    ("settles", [{"pain_worst": 1}], [{"pain_worst": 0}]),
    *((key, [PAIN], [{"places": []}]) for key in SIDE_GRID),
    (
        "leg_symptom_places",
        [{"leg_symptoms": "same_for_weeks"}, {"leg_symptoms": "new_or_worse"}],
        [{"leg_symptoms": "no"}],
    ),
    (
        "morning_stiffness",
        [
            {"places": ["low_back:middle"]},
            {"places": ["sacral_dimple:left"]},
            {"places": ["knee:left", "buttock:right"]},
        ],
        [{"places": []}, {"places": ["groin:left", "back_thigh:right", "knee:left"]}],
    ),
    (
        "stiff_before_45",
        [{"places": ["buttock:left"], "morning_stiffness": "yes"}],
        [
            {"places": ["buttock:left"], "morning_stiffness": "not_sure"},
            {"places": ["buttock:left"], "morning_stiffness": "no"},
            {"places": []},
        ],
    ),
    (
        "walking_leg_pain",
        [{**PAIN, "age": 50}, {**PAIN, "age": 90}],
        [{**PAIN, "age": 49}, {"places": [], "age": 70}],
    ),
    (
        "top_knee_drops",
        [{"side_sleep_nights": "2_4"}, {"side_sleep_nights": "5_7"}],
        [{"side_sleep_nights": "0_1"}],
    ),
    *(
        (
            key,
            [
                {"side_sleep_nights": "2_4", "top_knee_drops": "yes"},
                {"side_sleep_nights": "5_7", "top_knee_drops": "not_sure"},
            ],
            [
                {"side_sleep_nights": "5_7", "top_knee_drops": "no"},
                {"side_sleep_nights": "0_1"},
            ],
        )
        for key in ("side_lain_on", "knee_pillow")
    ),
    (
        "standing_leg",
        [{"one_leg_standing": "under_2_hours"}, {"one_leg_standing": "2_hours_or_more"}],
        [{"one_leg_standing": "rarely"}],
    ),
    (
        "crossing_style",
        [{"leg_crossing": "under_2_hours"}, {"leg_crossing": "2_hours_or_more"}],
        [{"leg_crossing": "rarely"}],
    ),
    (
        "top_leg",
        [
            {"leg_crossing": "under_2_hours", "crossing_style": "knee_over_knee"},
            {"leg_crossing": "under_2_hours", "crossing_style": "ankle_on_knee"},
        ],
        [
            {"leg_crossing": "under_2_hours", "crossing_style": "ankles"},
            {"leg_crossing": "rarely"},
        ],
    ),
    *(
        (
            key,
            [{"activity": "3_plus_days"}, {"activity": "sport"}],
            [{"activity": a} for a in ("mostly_sitting", "light", "1_to_2_days")],
        )
        for key in ("sport_kind", "training_hours")
    ),
    (
        "training_jump",
        [{"activity": a} for a in ("1_to_2_days", "3_plus_days", "sport")],
        [{"activity": a} for a in ("mostly_sitting", "light")],
    ),
    (
        "surgery_months",
        [{"surgery": ["knee:left"]}, {"surgery": ["spine", "hip_other:right"]}],
        [{"surgery": []}],
    ),
]
"""Key -> answers that open it and answers that close it, from the contract's condition column."""
