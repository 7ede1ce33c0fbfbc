"""Where it hurts, how much, and what brings it on.

Core: standard library only.
"""

from screening.questionnaire.choices import (
    NONE_OF_THESE,
    PAIN_ENDS,
    SIDE_OR_NONE,
    YES_NO,
    YES_NO_UNSURE,
)
from screening.questionnaire.conditions import (
    had_pain,
    has_back_or_buttock_place,
    has_leg_symptoms,
    has_places,
    has_places_from_age_50,
    is_yes,
)
from screening.questionnaire.declaration import Kind, Layout, Option, Question, Section

PLACES = (
    Option(
        value="low_back:left",
        label="Low back, left",
        hint="Above the belt line",
        group="Low back",
    ),
    Option(
        value="low_back:middle",
        label="Low back, middle",
        hint="Above the belt line",
        group="Low back",
    ),
    Option(
        value="low_back:right",
        label="Low back, right",
        hint="Above the belt line",
        group="Low back",
    ),
    Option(
        value="sacral_dimple:left",
        label="Dimple of the back, left",
        hint="Just below the belt line",
        group="Dimple of the back",
    ),
    Option(
        value="sacral_dimple:right",
        label="Dimple of the back, right",
        hint="Just below the belt line",
        group="Dimple of the back",
    ),
    Option(value="buttock:left", label="Buttock, left", group="Buttock"),
    Option(value="buttock:right", label="Buttock, right", group="Buttock"),
    Option(
        value="outer_hip:left",
        label="Outer hip, left",
        hint="The bony point at the side",
        group="Outer hip",
    ),
    Option(
        value="outer_hip:right",
        label="Outer hip, right",
        hint="The bony point at the side",
        group="Outer hip",
    ),
    Option(value="groin:left", label="Groin or front of hip, left", group="Groin or front of hip"),
    Option(
        value="groin:right", label="Groin or front of hip, right", group="Groin or front of hip"
    ),
    Option(value="back_thigh:left", label="Back of thigh, left", group="Back of thigh"),
    Option(value="back_thigh:right", label="Back of thigh, right", group="Back of thigh"),
    Option(
        value="front_thigh:left",
        label="Front or outer thigh, left",
        group="Front or outer thigh",
    ),
    Option(
        value="front_thigh:right",
        label="Front or outer thigh, right",
        group="Front or outer thigh",
    ),
    Option(value="knee:left", label="Knee, left", group="Knee"),
    Option(value="knee:right", label="Knee, right", group="Knee"),
    Option(value="below_knee:left", label="Below the knee, left", group="Below the knee"),
    Option(value="below_knee:right", label="Below the knee, right", group="Below the knee"),
)

WHERE = Section(
    slug="where",
    part="symptoms",
    title="Where it hurts",
    layout=Layout.BODY_CHART,
    questions=(
        Question(
            key="places",
            code="S1",
            kind=Kind.MANY,
            label="Where do you feel it?",
            help="Choose each sore place. Left and right are your own left and right.",
            why="The place helps to tell the hip from the back.",
            error="Choose where you feel it, or “None of these”",
            options=PLACES,
            none_label=NONE_OF_THESE,
        ),
    ),
)

SPELL = Section(
    slug="how-long",
    part="symptoms",
    title="How long you have had it",
    condition=has_places,
    questions=(
        Question(
            key="duration",
            code="S2",
            kind=Kind.ONE,
            label="How long has this spell lasted?",
            why="A new pain and an old one are handled in different ways.",
            error="Choose how long this spell has lasted",
            options=(
                Option(value="under_6_weeks", label="Less than 6 weeks"),
                Option(value="6_to_12_weeks", label="6 to 12 weeks"),
                Option(value="over_12_weeks", label="More than 12 weeks"),
                Option(value="on_and_off", label="On and off for years"),
            ),
            condition=has_places,
        ),
        Question(
            key="recurrence",
            code="S3",
            kind=Kind.ONE,
            label="Have you had it before?",
            why="If it comes back often, we look more at what brings it back.",
            error="Choose how often you have had it before",
            options=(
                Option(value="first", label="This is the first time"),
                Option(value="1_to_3", label="1 to 3 times"),
                Option(value="many", label="Many times"),
            ),
            optional=True,
            condition=has_places,
        ),
    ),
)

PAIN = Section(
    slug="pain",
    part="symptoms",
    title="How bad is the pain?",
    intro="Pick one number on each line.",
    questions=(
        Question(
            key="pain_now",
            code="S4",
            kind=Kind.SCALE,
            label="Pain right now",
            why="We start gently when the pain is high.",
            error="Choose a number for the pain right now",
            minimum=0,
            maximum=10,
            ends=PAIN_ENDS,
        ),
        Question(
            key="pain_worst",
            code="S5",
            kind=Kind.SCALE,
            label="Worst pain in the last 7 days",
            why="It shows how easily the pain is stirred up.",
            error="Choose a number for the worst pain in the last 7 days",
            minimum=0,
            maximum=10,
            ends=PAIN_ENDS,
            not_below="pain_now",
        ),
    ),
)

SETTLES = Section(
    slug="settles",
    part="symptoms",
    title="How it settles",
    condition=had_pain,
    questions=(
        Question(
            key="settles",
            code="S6",
            kind=Kind.ONE,
            label="After something stirs up the pain, how long until it settles?",
            why="Pain that takes long to settle needs a slower start.",
            error="Choose how long the pain takes to settle",
            options=(
                Option(value="minutes", label="A few minutes"),
                Option(value="under_1_hour", label="Less than 1 hour"),
                Option(value="1_to_24_hours", label="1 to 24 hours"),
                Option(value="over_a_day", label="More than a day"),
                Option(value="never", label="It never settles"),
            ),
            condition=had_pain,
        ),
    ),
)


def aggravator(*, key: str, code: str, label: str, help: str = "", why: str) -> Question:
    """Something that brings the pain on or is hard, with its side."""
    return Question(
        key=key,
        code=code,
        kind=Kind.ONE,
        label=label,
        help=help,
        why=why,
        error="Choose a side",
        options=SIDE_OR_NONE,
        condition=has_places,
    )


AGGRAVATORS = Section(
    slug="aggravators",
    part="symptoms",
    title="Which of these bring it on or feel hard?",
    intro="Tick each one. Then say which side.",
    layout=Layout.SIDE_GRID,
    condition=has_places,
    questions=(
        aggravator(
            key="hard_one_leg",
            code="S7a",
            label="Standing on one leg",
            help="Putting on pants, stepping into a tub",
            why="Standing on one leg is the main job of the side hip muscles.",
        ),
        aggravator(
            key="hard_stairs",
            code="S7b",
            label="Stairs, hills or getting up from a chair",
            why="Stairs and chairs use the buttock muscles.",
        ),
        aggravator(
            key="hard_long_standing",
            code="S7c",
            label="Standing still, long walks or running",
            why="Long standing and walking tire the side hip muscles.",
        ),
        aggravator(
            key="worse_lying_on_side",
            code="S7d",
            label="Lying on that side at night",
            why="Lying on a sore hip presses on it.",
        ),
        aggravator(
            key="worse_sitting",
            code="S7e",
            label="Sitting a long time",
            why="Sitting loads the low back and the buttock.",
        ),
        Question(
            key="worse_bending",
            code="S7f",
            kind=Kind.ONE,
            label="Bending forward, coughing or sneezing",
            why="This one points more to the back than to the hip.",
            error="Choose No or Yes",
            options=YES_NO,
            condition=has_places,
        ),
        aggravator(
            key="hard_shoes",
            code="S7g",
            label="Putting on shoes and socks",
            why="Shoes and socks need a hip that bends freely.",
        ),
        aggravator(
            key="worse_turning",
            code="S7h",
            label="Turning in bed, or getting in and out of a car",
            why="Turning moves the joints at the back of the pelvis.",
        ),
    ),
)

LEG_SYMPTOMS = Section(
    slug="leg-feeling",
    part="symptoms",
    title="Feeling in your legs",
    questions=(
        Question(
            key="leg_symptoms",
            code="S8",
            kind=Kind.ONE,
            label="Do you have numbness, pins and needles, or less strength in a leg?",
            why="These can come from a nerve. New ones should be checked before you exercise.",
            error="Choose the answer that fits your legs",
            options=(
                Option(value="no", label="No"),
                Option(value="same_for_weeks", label="Yes, the same for weeks"),
                Option(value="new_or_worse", label="Yes, and it is new or getting worse"),
            ),
        ),
    ),
)

LEG_SYMPTOM_PLACES = Section(
    slug="leg-feeling-where",
    part="symptoms",
    title="Where in your legs",
    condition=has_leg_symptoms,
    questions=(
        Question(
            key="leg_symptom_places",
            code="S9",
            kind=Kind.MANY,
            label="Where in your legs is it?",
            help="Tick every place.",
            why="The place tells which nerve to check.",
            error="Choose where it is, or “None of these”",
            options=(
                Option(value="thigh:left", label="Left thigh", group="Thigh"),
                Option(value="thigh:right", label="Right thigh", group="Thigh"),
                Option(
                    value="below_knee:left", label="Left, below the knee", group="Below the knee"
                ),
                Option(
                    value="below_knee:right", label="Right, below the knee", group="Below the knee"
                ),
                Option(value="foot:left", label="Left foot", group="Foot"),
                Option(value="foot:right", label="Right foot", group="Foot"),
            ),
            none_label=NONE_OF_THESE,
            condition=has_leg_symptoms,
        ),
    ),
)

MORNING = Section(
    slug="morning",
    part="symptoms",
    title="Stiff in the morning",
    condition=has_back_or_buttock_place,
    questions=(
        Question(
            key="morning_stiffness",
            code="S10",
            kind=Kind.ONE,
            label=(
                "Is your back stiff for more than 30 minutes in the morning, "
                "and does moving help more than rest?"
            ),
            why="Long morning stiffness is something your chiropractor may want to check.",
            error="Choose No, Yes or Not sure",
            options=YES_NO_UNSURE,
            condition=has_back_or_buttock_place,
        ),
    ),
)

STIFF_BEFORE_45 = Section(
    slug="morning-since",
    part="symptoms",
    title="When the stiffness began",
    condition=is_yes("morning_stiffness"),
    questions=(
        Question(
            key="stiff_before_45",
            code="S10b",
            kind=Kind.ONE,
            label="Were you under 45 when the stiffness first started?",
            why="The age at the start helps to tell what kind of stiffness it is.",
            error="Choose No, Yes or Not sure",
            options=YES_NO_UNSURE,
            condition=is_yes("morning_stiffness"),
        ),
    ),
)

WALKING_LEG_PAIN = Section(
    slug="walking-pain",
    part="symptoms",
    title="Leg pain when you walk",
    condition=has_places_from_age_50,
    questions=(
        Question(
            key="walking_leg_pain",
            code="S11",
            kind=Kind.ONE,
            label="Do you get leg pain when you walk that goes away when you stop?",
            why="What makes it go away tells your chiropractor what to check.",
            error="Choose the answer that fits you",
            options=(
                Option(value="no", label="No"),
                Option(value="eases_standing", label="Yes, standing still is enough"),
                Option(value="eases_sitting", label="Yes, but only if I sit or bend"),
            ),
            optional=True,
            condition=has_places_from_age_50,
        ),
    ),
)

SECTIONS = (
    WHERE,
    SPELL,
    PAIN,
    SETTLES,
    AGGRAVATORS,
    LEG_SYMPTOMS,
    LEG_SYMPTOM_PLACES,
    MORNING,
    STIFF_BEFORE_45,
    WALKING_LEG_PAIN,
)
