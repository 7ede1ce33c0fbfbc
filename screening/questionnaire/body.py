"""Walking and balance, training, and what happened before.

Core: standard library only.
"""

from screening.questionnaire.choices import NONE_OF_THESE, SIDE_OR_NONE, YES_NO, YES_NO_UNSURE
from screening.questionnaire.conditions import exercises, had_surgery, trains_often
from screening.questionnaire.declaration import Kind, Option, Question, Section

LIMP = Section(
    slug="limp",
    part="body",
    title="How you walk",
    questions=(
        Question(
            key="limp",
            code="G1",
            kind=Kind.ONE,
            label="Have you or anyone noticed that you limp? On which leg?",
            why="A limp shows which side does less of the work.",
            error="Choose the leg you limp on, or No",
            options=SIDE_OR_NONE,
        ),
    ),
)

HIP_DROP = Section(
    slug="hip-drop",
    part="body",
    title="When you stand on one leg",
    questions=(
        Question(
            key="hip_drop",
            code="G2",
            kind=Kind.ONE,
            label=(
                "When you stand or step on one leg, does your other hip drop "
                "or your body lean over?"
            ),
            help="Choose the leg that you stand on when it happens.",
            why="The side hip muscles of the leg you stand on hold the other hip up.",
            error="Choose the leg that you stand on, or No",
            options=(
                Option(value="no", label="No"),
                Option(
                    value="left",
                    label="Yes, when I stand on my left leg",
                    picture="option-mirror-dropped-left",
                ),
                Option(
                    value="right",
                    label="Yes, when I stand on my right leg",
                    picture="option-mirror-dropped-right",
                ),
                Option(value="both", label="Yes, on both legs"),
                Option(value="not_sure", label="Not sure"),
            ),
        ),
    ),
)

WALKING = Section(
    slug="walking",
    part="body",
    title="A longer walk",
    questions=(
        Question(
            key="waddle",
            code="G3",
            kind=Kind.ONE,
            label="Do you sway from side to side when you walk?",
            why="Swaying can mean that both hips get less support.",
            error="Choose No, Yes or Not sure",
            options=YES_NO_UNSURE,
        ),
        Question(
            key="tires_early",
            code="G4",
            kind=Kind.ONE,
            label="Does one hip or leg get tired early when you walk?",
            why="A muscle that tires early may need more training.",
            error="Choose the side that gets tired early, or No",
            options=(
                Option(value="no", label="No"),
                Option(value="left", label="Left"),
                Option(value="right", label="Right"),
                Option(value="both", label="Both"),
            ),
        ),
    ),
)

BALANCE = Section(
    slug="balance",
    part="body",
    title="Your balance",
    questions=(
        Question(
            key="falls",
            code="G5",
            kind=Kind.ONE,
            label="Have you fallen in the last 12 months?",
            why="If you have, we choose exercises with something to hold.",
            error="Choose how often you have fallen",
            options=(
                Option(value="none", label="No"),
                Option(value="once", label="Once"),
                Option(value="twice_or_more", label="2 or more times"),
            ),
        ),
        Question(
            key="unsteady",
            code="G6",
            kind=Kind.ONE,
            label="Do you use a cane, a walker or a rail, or feel unsteady?",
            why="It tells us which exercises are safe to do alone.",
            error="Choose how often",
            options=(
                Option(value="no", label="No"),
                Option(value="sometimes", label="Sometimes"),
                Option(value="often", label="Often"),
            ),
        ),
    ),
)

ACTIVITY = Section(
    slug="activity",
    part="body",
    title="How active you are",
    questions=(
        Question(
            key="activity",
            code="T1",
            kind=Kind.ONE,
            label="How active are you in a normal week?",
            why="Your first exercises should fit what you do now.",
            error="Choose what fits a normal week",
            options=(
                Option(value="mostly_sitting", label="Mostly sitting"),
                Option(value="light", label="Light", hint="Walks, housework"),
                Option(value="1_to_2_days", label="I exercise 1 or 2 days"),
                Option(value="3_plus_days", label="I exercise 3 days or more"),
                Option(value="sport", label="I train for a sport"),
            ),
        ),
    ),
)

TRAINING = Section(
    slug="training",
    part="body",
    title="Your training",
    condition=trains_often,
    questions=(
        Question(
            key="sport_kind",
            code="T2",
            kind=Kind.ONE,
            label="Which sport or training do you do most?",
            why="Each sport loads the hips in its own way.",
            error="Choose the sport you do most",
            options=(
                Option(value="running", label="Running"),
                Option(value="field_court", label="Field or court sport"),
                Option(value="gym", label="Gym or weights"),
                Option(value="dance", label="Dance or gymnastics"),
                Option(value="cycling", label="Cycling"),
                Option(value="swimming", label="Swimming"),
                Option(value="other", label="Another sport"),
            ),
            condition=trains_often,
        ),
        Question(
            key="training_hours",
            code="T3",
            kind=Kind.ONE,
            label="How many hours a week do you run, jump or train your legs?",
            why="Hips need rest between hard sessions.",
            error="Choose how many hours a week",
            options=(
                Option(value="0_2", label="0 to 2 hours"),
                Option(value="3_4", label="3 or 4 hours"),
                Option(value="5_9", label="5 to 9 hours"),
                Option(value="10_plus", label="10 hours or more"),
            ),
            condition=trains_often,
        ),
    ),
)

TRAINING_JUMP = Section(
    slug="training-jump",
    part="body",
    title="More training than before",
    condition=exercises,
    questions=(
        Question(
            key="training_jump",
            code="T4",
            kind=Kind.ONE,
            label="In the last 6 weeks, did you quickly start to do a lot more?",
            help="Farther, faster, heavier, or with new shoes or on new ground.",
            why="A quick jump in training can make hips sore.",
            error="Choose No or Yes",
            options=YES_NO,
            condition=exercises,
        ),
    ),
)

INJURIES = Section(
    slug="injuries",
    part="body",
    title="Past injuries",
    questions=(
        Question(
            key="injuries",
            code="H1",
            kind=Kind.MANY,
            label="Has an old injury kept you off your feet or sport for 2 weeks or more?",
            help="Tick the ones from more than 12 weeks ago.",
            why="After an injury the hip on that side often works less.",
            error="Choose your old injuries, or “None of these”",
            options=(
                Option(value="ankle:left", label="Left ankle", group="Ankle"),
                Option(value="ankle:right", label="Right ankle", group="Ankle"),
                Option(value="knee:left", label="Left knee", group="Knee"),
                Option(value="knee:right", label="Right knee", group="Knee"),
                Option(value="hip:left", label="Left hip or groin", group="Hip or groin"),
                Option(value="hip:right", label="Right hip or groin", group="Hip or groin"),
                Option(value="back", label="Back", group="Back"),
            ),
            none_label=NONE_OF_THESE,
        ),
    ),
)

SURGERY = Section(
    slug="surgery",
    part="body",
    title="Surgery and breaks",
    questions=(
        Question(
            key="surgery",
            code="H2",
            kind=Kind.MANY,
            label="Have you ever had one of these operations, or a broken hip?",
            help="Tick all that fit.",
            why="Some moves wait or change after an operation.",
            error="Choose your operations, or “None of these”",
            options=(
                Option(
                    value="hip_replacement:left",
                    label="New left hip",
                    hint="Hip replacement",
                    group="New hip",
                ),
                Option(
                    value="hip_replacement:right",
                    label="New right hip",
                    hint="Hip replacement",
                    group="New hip",
                ),
                Option(
                    value="hip_other:left",
                    label="Other left hip surgery, or a broken left hip",
                    group="Other hip surgery or broken hip",
                ),
                Option(
                    value="hip_other:right",
                    label="Other right hip surgery, or a broken right hip",
                    group="Other hip surgery or broken hip",
                ),
                Option(value="knee:left", label="Left knee surgery", group="Knee surgery"),
                Option(value="knee:right", label="Right knee surgery", group="Knee surgery"),
                Option(value="spine", label="Spine surgery", group="Spine surgery"),
            ),
            none_label=NONE_OF_THESE,
        ),
    ),
)

SURGERY_MONTHS = Section(
    slug="surgery-months",
    part="body",
    title="How long ago",
    condition=had_surgery,
    questions=(
        Question(
            key="surgery_months",
            code="H2",
            kind=Kind.NUMBER,
            label="How many months ago was it?",
            help="If there was more than one, count from the last one. Less than a month is 0.",
            why="A new operation needs the OK of your care team first.",
            error="Enter the number of months, from 0 to 999",
            minimum=0,
            maximum=999,
            unit="months",
            condition=had_surgery,
        ),
    ),
)

CONDITIONS = Section(
    slug="conditions",
    part="body",
    title="Your health",
    questions=(
        Question(
            key="conditions",
            code="H3",
            kind=Kind.MANY,
            label="Has a doctor said that you have any of these?",
            help="Tick all that fit.",
            why="Each of these changes which exercises are safe for you.",
            error="Choose what a doctor told you, or “None of these”",
            options=(
                Option(value="osteoporosis", label="Thin bones", hint="Osteoporosis"),
                Option(value="heart", label="A heart problem"),
                Option(
                    value="blood_pressure", label="High blood pressure that is not under control"
                ),
                Option(
                    value="inflammatory_arthritis",
                    label="Inflammatory arthritis",
                    hint="Such as rheumatoid arthritis",
                ),
                Option(value="diabetes_numb_feet", label="Diabetes with numb feet"),
                Option(value="nerve_or_muscle", label="A nerve or muscle disease"),
                Option(value="hernia", label="A hernia"),
            ),
            none_label=NONE_OF_THESE,
        ),
    ),
)

SUPPORT = Section(
    slug="kneeling-leaning",
    part="body",
    title="Kneeling and leaning",
    questions=(
        Question(
            key="support_limits",
            code="H4",
            kind=Kind.MANY,
            label="Does anything stop you from kneeling or leaning on your hands?",
            help="Tick all that fit.",
            why="We leave out the positions that you can't take.",
            error="Choose what stops you, or “None of these”",
            options=(
                Option(value="knees", label="My knees", hint="I can't kneel"),
                Option(
                    value="wrists",
                    label="My wrists or shoulders",
                    hint="I can't lean on my hands",
                ),
            ),
            none_label=NONE_OF_THESE,
        ),
    ),
)

MEDICINES = Section(
    slug="medicines",
    part="body",
    title="Your medicines",
    questions=(
        Question(
            key="medicines",
            code="H5",
            kind=Kind.MANY,
            label="Do you take any of these medicines?",
            help="Tick all that fit.",
            why="Some medicines change how bones heal or how easily you bruise.",
            error="Choose your medicines, or “None of these”",
            options=(
                Option(value="steroids", label="Steroid pills for more than 3 months"),
                Option(value="blood_thinners", label="Blood thinners"),
                Option(value="not_sure", label="I'm not sure"),
            ),
            none_label=NONE_OF_THESE,
        ),
    ),
)

WORRY = Section(
    slug="worry",
    part="body",
    title="Moving and worry",
    questions=(
        Question(
            key="worry",
            code="H6",
            kind=Kind.SCALE,
            label="How worried are you that moving will hurt your back?",
            why="If you worry, your chiropractor can talk it through with you.",
            error="Choose a number",
            minimum=0,
            maximum=10,
            ends=("not worried at all", "very worried"),
            optional=True,
        ),
    ),
)

SECTIONS = (
    LIMP,
    HIP_DROP,
    WALKING,
    BALANCE,
    ACTIVITY,
    TRAINING,
    TRAINING_JUMP,
    INJURIES,
    SURGERY,
    SURGERY_MONTHS,
    CONDITIONS,
    SUPPORT,
    MEDICINES,
    WORRY,
)
