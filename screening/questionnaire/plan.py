"""Goals, what a plan has to fit, and who the answers are from.

Core: standard library only.
"""

from screening.questionnaire.choices import NONE_OF_THESE
from screening.questionnaire.conditions import has_places
from screening.questionnaire.declaration import Kind, Layout, Option, Question, Section

GOALS = Section(
    slug="goals",
    part="plan",
    title="What you want back",
    condition=has_places,
    questions=(
        Question(
            key="goals",
            code="P0",
            kind=Kind.GOALS,
            label="What is hard for you because of this?",
            help="Name up to 3 things, such as climbing stairs. Then say how well you can do each.",
            why="In a few weeks we ask again and see what has changed.",
            error="Write what is hard, and choose a number for it",
            minimum=0,
            maximum=10,
            ends=("I can't do it", "as well as before"),
            optional=True,
        ),
    ),
)

TIME = Section(
    slug="exercise-time",
    part="plan",
    title="Your exercise time at home",
    intro="The plan is made to fit this.",
    questions=(
        Question(
            key="minutes",
            code="P1",
            kind=Kind.ONE,
            label="Minutes on an exercise day",
            why="A short plan that you do beats a long one that you don't.",
            error="Choose how many minutes you can give",
            options=(
                Option(value=5, label="5"),
                Option(value=10, label="10"),
                Option(value=15, label="15"),
                Option(value=20, label="20"),
                Option(value=30, label="30 or more"),
            ),
            unit="minutes",
        ),
        Question(
            key="days",
            code="P2",
            kind=Kind.ONE,
            label="Days a week",
            why="The days are spread over your week, with rest between.",
            error="Choose how many days a week",
            options=(
                Option(value=3, label="3"),
                Option(value=4, label="4"),
                Option(value=5, label="5"),
                Option(value=6, label="6 or 7"),
            ),
            unit="days",
        ),
    ),
)

HOME = Section(
    slug="at-home",
    part="plan",
    title="What you have at home",
    questions=(
        Question(
            key="equipment",
            code="P3",
            kind=Kind.MANY,
            label="What do you have at home?",
            help="Tick all you have.",
            why="You should not have to buy anything to start.",
            error="Choose what you have, or “None of these”",
            options=(
                Option(value="band", label="Exercise band", hint="Loop or long"),
                Option(value="step", label="Step or stair with a rail"),
                Option(value="chair", label="Sturdy chair"),
                Option(value="pillow", label="Pillow"),
                Option(value="mat", label="Exercise mat"),
            ),
            none_label=NONE_OF_THESE,
        ),
    ),
)

FLOOR = Section(
    slug="floor",
    part="plan",
    title="Down to the floor and up again",
    questions=(
        Question(
            key="floor",
            code="P4",
            kind=Kind.ONE,
            label="Can you get down on the floor and back up without help?",
            why="If not, you get exercises for the bed, a chair or standing.",
            error="Choose the answer that fits you",
            options=(
                Option(value="yes", label="Yes"),
                Option(value="with_support", label="Yes, with something to hold"),
                Option(value="no", label="No"),
            ),
        ),
    ),
)

EXPERIENCE = Section(
    slug="experience",
    part="plan",
    title="Strength exercises",
    questions=(
        Question(
            key="experience",
            code="P5",
            kind=Kind.ONE,
            label="Have you done strength exercises before?",
            why="It sets how hard your first exercises are.",
            error="Choose how much you have done before",
            options=(
                Option(value="never", label="Never"),
                Option(value="a_little", label="A little"),
                Option(value="regularly", label="Regularly"),
            ),
        ),
    ),
)

IDENTITY = Section(
    slug="about-you",
    part="plan",
    title="About you",
    intro="So that your chiropractor knows who the answers are from.",
    layout=Layout.IDENTITY,
    questions=(),
)

SECTIONS = (GOALS, TIME, HOME, FLOOR, EXPERIENCE)
