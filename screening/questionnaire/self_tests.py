"""Two checks at home, offered only to people who may do them (`answers.self_tests_offered`).

Core: standard library only. Always asked by the leg stood on, or the leg on top; pictures and words
are seen from behind, as in a mirror.
"""

from screening.questionnaire.choices import PAIN_ENDS
from screening.questionnaire.conditions import tried_left_stand, tried_right_stand
from screening.questionnaire.declaration import Kind, Layout, Option, Question, Section

STEADY = "These 30 seconds show how well the side hip muscles hold you level."
OTHER_LEG = "Both legs are compared. Many people have one side that holds better."
SECONDS_HELP = "How long you held it, up to 30. Leave it empty if you did not count."
IF_IT_HURT = "If it did not hurt, leave this empty."
PAIN_PLACES = (
    Option(value="outer_hip", label="Side of the hip"),
    Option(value="groin", label="Groin"),
    Option(value="back", label="Back"),
    Option(value="other", label="Somewhere else"),
)
EFFORTS = (
    Option(value=0, label="0"),
    Option(value=1, label="1"),
    Option(value=2, label="2"),
    Option(value=3, label="3"),
    Option(value=4, label="4"),
    Option(value=5, label="5"),
    Option(value="nd", label="I could not do it, or I stopped for pain"),
    Option(value="declined", label="I chose not to do it"),
)
EFFORT_ENDS = ("not hard at all", "I could not keep still")

MIRROR_LEFT = Section(
    slug="mirror-left",
    part="plan",
    title="Stand on your LEFT leg",
    layout=Layout.SELF_TEST,
    intro=(
        "A balance check at the mirror. Skipping it is fine. You can do it at your visit.\n\n"
        "Only do it if all of these are true. A counter or a heavy chair is within reach. "
        "You can stand with your feet together for 10 seconds. You feel steady today. "
        "If you are 65 or older, someone is in the room.\n\n"
        "1. Face the mirror with bare feet. Put your hands on your hip bones.\n\n"
        "2. Lift your right foot behind you. You are now on your left leg.\n\n"
        "3. Try for 30 seconds. Keep your hands level and your chest over your foot.\n\n"
        "Stop and hold on if you feel sharp pain, dizzy, or about to fall."
    ),
    questions=(
        Question(
            key="stance_left",
            code="ST1r",
            kind=Kind.ONE,
            label="What happened on your left leg?",
            why=STEADY,
            error="Choose what happened on your left leg",
            options=(
                Option(
                    value="ok",
                    label="I held 30 seconds and stayed level",
                    picture="option-mirror-level-left",
                ),
                Option(value="bal", label="I lost my balance, but my hips stayed level"),
                Option(
                    value="drop",
                    label="My right hip dropped, or I leaned over",
                    picture="option-mirror-dropped-left",
                ),
                Option(
                    value="drop0",
                    label="It dropped or gave way at once",
                    hint="In the first 5 seconds",
                ),
                Option(value="nd", label="I could not do it, or I stopped for pain"),
                Option(value="declined", label="I chose not to do it"),
            ),
            optional=True,
        ),
        Question(
            key="stance_left_seconds",
            code="ST1t",
            kind=Kind.NUMBER,
            label="Seconds on your left leg",
            help=SECONDS_HELP,
            why="You can see later whether you hold it longer.",
            error="Enter the seconds, from 0 to 30",
            minimum=0,
            maximum=30,
            unit="seconds",
            optional=True,
        ),
    ),
)

MIRROR_LEFT_PAIN = Section(
    slug="mirror-left-pain",
    part="plan",
    title="Did it hurt while you stood on your LEFT leg?",
    layout=Layout.SELF_TEST,
    condition=tried_left_stand,
    questions=(
        Question(
            key="stance_left_pain",
            code="ST1p",
            kind=Kind.SCALE,
            label="Pain while you stood on your left leg",
            why="Pain can change how you stand, so we read the check with care.",
            error="Choose a number for the pain on your left leg",
            minimum=0,
            maximum=10,
            ends=PAIN_ENDS,
            optional=True,
        ),
        Question(
            key="stance_left_pain_place",
            code="ST1p",
            kind=Kind.ONE,
            label="Where did it hurt, on your left leg?",
            help=IF_IT_HURT,
            why="The place tells your chiropractor what to check.",
            error="Choose where it hurt",
            options=PAIN_PLACES,
            optional=True,
        ),
    ),
)

MIRROR_RIGHT = Section(
    slug="mirror-right",
    part="plan",
    title="Stand on your RIGHT leg",
    layout=Layout.SELF_TEST,
    intro=(
        "The same check on the other leg. A counter or a heavy chair is within reach.\n\n"
        "1. Face the mirror with bare feet. Put your hands on your hip bones.\n\n"
        "2. Lift your left foot behind you. You are now on your right leg.\n\n"
        "3. Try for 30 seconds. Keep your hands level and your chest over your foot.\n\n"
        "Stop and hold on if you feel sharp pain, dizzy, or about to fall."
    ),
    questions=(
        Question(
            key="stance_right",
            code="ST1r",
            kind=Kind.ONE,
            label="What happened on your right leg?",
            why=OTHER_LEG,
            error="Choose what happened on your right leg",
            options=(
                Option(
                    value="ok",
                    label="I held 30 seconds and stayed level",
                    picture="option-mirror-level-right",
                ),
                Option(value="bal", label="I lost my balance, but my hips stayed level"),
                Option(
                    value="drop",
                    label="My left hip dropped, or I leaned over",
                    picture="option-mirror-dropped-right",
                ),
                Option(
                    value="drop0",
                    label="It dropped or gave way at once",
                    hint="In the first 5 seconds",
                ),
                Option(value="nd", label="I could not do it, or I stopped for pain"),
                Option(value="declined", label="I chose not to do it"),
            ),
            optional=True,
        ),
        Question(
            key="stance_right_seconds",
            code="ST1t",
            kind=Kind.NUMBER,
            label="Seconds on your right leg",
            help=SECONDS_HELP,
            why="You can see later whether you hold it longer.",
            error="Enter the seconds, from 0 to 30",
            minimum=0,
            maximum=30,
            unit="seconds",
            optional=True,
        ),
    ),
)

MIRROR_RIGHT_PAIN = Section(
    slug="mirror-right-pain",
    part="plan",
    title="Did it hurt while you stood on your RIGHT leg?",
    layout=Layout.SELF_TEST,
    condition=tried_right_stand,
    questions=(
        Question(
            key="stance_right_pain",
            code="ST1p",
            kind=Kind.SCALE,
            label="Pain while you stood on your right leg",
            why="Pain can change how you stand, so we read the check with care.",
            error="Choose a number for the pain on your right leg",
            minimum=0,
            maximum=10,
            ends=PAIN_ENDS,
            optional=True,
        ),
        Question(
            key="stance_right_pain_place",
            code="ST1p",
            kind=Kind.ONE,
            label="Where did it hurt, on your right leg?",
            help=IF_IT_HURT,
            why="The place tells your chiropractor what to check.",
            error="Choose where it hurt",
            options=PAIN_PLACES,
            optional=True,
        ),
    ),
)

LEG_LIFT_LEFT = Section(
    slug="leg-lift-left",
    part="plan",
    title="Lift your LEFT leg 10 times",
    layout=Layout.SELF_TEST,
    intro=(
        "A second check, lying down. Skipping it is fine.\n\n"
        "1. Lie on your right side, on a bed or the floor. Bend your bottom knee.\n\n"
        "2. Keep your left leg straight, in line with your body.\n\n"
        "3. Lift it about a foot (30 cm) high. Lower slowly. Do not roll back. Do 10.\n\n"
        "Stop if it hurts."
    ),
    questions=(
        Question(
            key="leg_lift_left",
            code="ST2d",
            kind=Kind.SCALE,
            label="How hard was it to keep still and steady, lifting your left leg?",
            why="Lifting the leg sideways is work for the muscles at the side of that hip.",
            error="Choose a number, or say that you did not do it",
            minimum=0,
            maximum=5,
            ends=EFFORT_ENDS,
            options=EFFORTS,
            optional=True,
        ),
    ),
)

LEG_LIFT_RIGHT = Section(
    slug="leg-lift-right",
    part="plan",
    title="Lift your RIGHT leg 10 times",
    layout=Layout.SELF_TEST,
    intro=(
        "The same with the other leg on top.\n\n"
        "1. Lie on your left side, on a bed or the floor. Bend your bottom knee.\n\n"
        "2. Keep your right leg straight, in line with your body.\n\n"
        "3. Lift it about a foot (30 cm) high. Lower slowly. Do not roll back. Do 10.\n\n"
        "Stop if it hurts."
    ),
    questions=(
        Question(
            key="leg_lift_right",
            code="ST2d",
            kind=Kind.SCALE,
            label="How hard was it to keep still and steady, lifting your right leg?",
            why="The two sides are compared.",
            error="Choose a number, or say that you did not do it",
            minimum=0,
            maximum=5,
            ends=EFFORT_ENDS,
            options=EFFORTS,
            optional=True,
        ),
    ),
)

SECTIONS = (
    MIRROR_LEFT,
    MIRROR_LEFT_PAIN,
    MIRROR_RIGHT,
    MIRROR_RIGHT_PAIN,
    LEG_LIFT_LEFT,
    LEG_LIFT_RIGHT,
)
