"""The four habits: lying on the side, standing on one leg, sitting long, crossing the legs.

Core: standard library only.
"""

from screening.questionnaire.conditions import (
    crosses_legs,
    has_a_habit,
    one_leg_is_on_top,
    sleeps_on_side,
    stands_on_one_leg,
    top_knee_may_drop,
)
from screening.questionnaire.declaration import Kind, Option, Question, Section

HOURS_OF_HABIT = (
    Option(value="rarely", label="Rarely"),
    Option(value="under_2_hours", label="Less than 2 hours a day"),
    Option(value="2_hours_or_more", label="2 hours a day or more"),
)

SIDE_SLEEP = Section(
    slug="side-sleep",
    part="habits",
    title="Sleeping on your side",
    questions=(
        Question(
            key="side_sleep_nights",
            code="L1a",
            kind=Kind.ONE,
            label="How many nights a week do you fall asleep or wake up on your side?",
            why="What your legs do at night goes on for hours.",
            error="Choose how many nights a week",
            options=(
                Option(value="0_1", label="None or 1 night"),
                Option(value="2_4", label="2 to 4 nights"),
                Option(value="5_7", label="5 to 7 nights"),
            ),
        ),
    ),
)

TOP_KNEE = Section(
    slug="top-knee",
    part="habits",
    title="Your top knee",
    condition=sleeps_on_side,
    questions=(
        Question(
            key="top_knee_drops",
            code="L1b",
            kind=Kind.ONE,
            label="When you lie on your side, does your top knee drop to the bed?",
            help="Think about how you fall asleep and how you wake up.",
            why=(
                "When the top knee hangs down for hours, the muscles at the side of that hip "
                "stay stretched. There is little research on it."
            ),
            error="Choose what your top knee does",
            options=(
                Option(
                    value="no", label="No, my knees stay together", picture="option-lie-stacked"
                ),
                Option(
                    value="yes",
                    label="Yes, my knee drops forward",
                    picture="option-lie-on-left",
                ),
                Option(value="not_sure", label="Not sure"),
            ),
            condition=sleeps_on_side,
        ),
    ),
)

SIDE_LAIN_ON = Section(
    slug="side-lain-on",
    part="habits",
    title="The side you lie on",
    condition=top_knee_may_drop,
    questions=(
        Question(
            key="side_lain_on",
            code="L1c",
            kind=Kind.ONE,
            label="Which side do you lie on most?",
            help="The side that touches the bed.",
            why="The hip on top is the one that is stretched.",
            error="Choose the side you lie on most",
            options=(
                Option(value="left", label="My left side", picture="option-lie-on-left"),
                Option(value="right", label="My right side", picture="option-lie-on-right"),
                Option(value="both", label="Both about the same"),
                Option(value="not_sure", label="Not sure"),
            ),
            condition=top_knee_may_drop,
        ),
    ),
)

KNEE_PILLOW = Section(
    slug="knee-pillow",
    part="habits",
    title="A pillow between your knees",
    condition=top_knee_may_drop,
    questions=(
        Question(
            key="knee_pillow",
            code="L1d",
            kind=Kind.ONE,
            label="Do you sleep with a pillow between your knees?",
            why="A pillow keeps the top knee up.",
            error="Choose how often you use a pillow between your knees",
            options=(
                Option(value="never", label="Never"),
                Option(value="sometimes", label="Sometimes"),
                Option(value="always", label="Always", picture="option-knee-pillow"),
            ),
            condition=top_knee_may_drop,
        ),
    ),
)

ONE_LEG_STANDING = Section(
    slug="one-leg-standing",
    part="habits",
    title="How you stand",
    questions=(
        Question(
            key="one_leg_standing",
            code="L2a",
            kind=Kind.ONE,
            label="How much of the day do you stand with most of your weight on one leg?",
            help="In line, cooking or at work, with that hip pushed out.",
            why="Leaning on one leg lets you hang on the hip, so its muscles do less work.",
            error="Choose how much of the day you stand on one leg",
            options=HOURS_OF_HABIT,
        ),
    ),
)

STANDING_LEG = Section(
    slug="standing-leg",
    part="habits",
    title="The leg you stand on",
    condition=stands_on_one_leg,
    questions=(
        Question(
            key="standing_leg",
            code="L2b",
            kind=Kind.ONE,
            label="Which leg takes the weight?",
            why="If you switch legs, the load is shared.",
            error="Choose the leg that takes the weight",
            options=(
                Option(value="left", label="My left leg", picture="option-lean-on-left"),
                Option(value="right", label="My right leg", picture="option-lean-on-right"),
                Option(value="switch", label="I switch about equally"),
                Option(value="not_sure", label="Not sure"),
            ),
            condition=stands_on_one_leg,
        ),
    ),
)

SITTING = Section(
    slug="sitting",
    part="habits",
    title="How you sit",
    questions=(
        Question(
            key="sitting_bout",
            code="L3a",
            kind=Kind.ONE,
            label="When you sit, how long do you stay down before you get up?",
            why="Long sitting gives the buttock muscles little work.",
            error="Choose how long you sit before you get up",
            options=(
                Option(value="up_to_30", label="30 minutes or less"),
                Option(value="31_to_60", label="31 to 60 minutes"),
                Option(value="over_60", label="More than 60 minutes"),
            ),
        ),
        Question(
            key="sitting_hours",
            code="L3b",
            kind=Kind.ONE,
            label="How many hours a day do you sit?",
            help="At work, in the car and at home together.",
            why="Long sitting counts more when it fills the day.",
            error="Choose how many hours a day you sit",
            options=(
                Option(value="under_4", label="Less than 4 hours"),
                Option(value="4_to_6", label="4 to 6 hours"),
                Option(value="6_to_8", label="6 to 8 hours"),
                Option(value="over_8", label="More than 8 hours"),
            ),
        ),
    ),
)

LEG_CROSSING = Section(
    slug="leg-crossing",
    part="habits",
    title="Crossing your legs",
    questions=(
        Question(
            key="leg_crossing",
            code="L4a",
            kind=Kind.ONE,
            label="How much of the day do you sit with your legs crossed?",
            why="Crossed legs keep one hip in the same place for long.",
            error="Choose how much of the day your legs are crossed",
            options=HOURS_OF_HABIT,
        ),
    ),
)

CROSSING_STYLE = Section(
    slug="crossing-style",
    part="habits",
    title="How you cross your legs",
    condition=crosses_legs,
    questions=(
        Question(
            key="crossing_style",
            code="L4b",
            kind=Kind.ONE,
            label="How do you cross your legs most of the time?",
            help="Think about sitting at a desk, at the table or on the couch.",
            why="Knee over knee tips the pelvis while you sit like that. The others tip it less.",
            error="Choose how you cross your legs",
            options=(
                Option(
                    value="knee_over_knee",
                    label="Knee over knee",
                    picture="option-cross-knee-over-knee-right",
                ),
                Option(
                    value="ankle_on_knee",
                    label="Ankle on knee",
                    picture="option-cross-ankle-on-knee-right",
                ),
                Option(value="ankles", label="Ankles only", picture="option-cross-ankles-right"),
            ),
            condition=crosses_legs,
        ),
    ),
)

TOP_LEG = Section(
    slug="top-leg",
    part="habits",
    title="The leg on top",
    condition=one_leg_is_on_top,
    questions=(
        Question(
            key="top_leg",
            code="L4c",
            kind=Kind.ONE,
            label="Which leg is usually on top?",
            why="The hip of the top leg is the one that is stretched.",
            error="Choose the leg that is usually on top",
            options=(
                Option(
                    value="left", label="My left leg", picture="option-cross-knee-over-knee-left"
                ),
                Option(
                    value="right", label="My right leg", picture="option-cross-knee-over-knee-right"
                ),
                Option(value="both", label="Both about the same"),
                Option(value="not_sure", label="Not sure"),
            ),
            condition=one_leg_is_on_top,
        ),
    ),
)

FIRST_HABIT = Section(
    slug="first-habit",
    part="habits",
    title="One habit to start with",
    condition=has_a_habit,
    questions=(
        Question(
            key="first_habit",
            code="L5",
            kind=Kind.ONE,
            label="Which habit would you like to change first?",
            why="One change at a time is easier to keep.",
            error="Choose one habit, or none of these",
            options=(
                Option(value="sleep", label="How I lie on my side at night"),
                Option(value="standing", label="How I stand"),
                Option(value="sitting", label="How long I sit"),
                Option(value="crossing", label="How I cross my legs"),
                Option(value="none", label="None of these"),
            ),
            optional=True,
        ),
    ),
)

SECTIONS = (
    SIDE_SLEEP,
    TOP_KNEE,
    SIDE_LAIN_ON,
    KNEE_PILLOW,
    ONE_LEG_STANDING,
    STANDING_LEG,
    SITTING,
    LEG_CROSSING,
    CROSSING_STYLE,
    TOP_LEG,
    FIRST_HABIT,
)
