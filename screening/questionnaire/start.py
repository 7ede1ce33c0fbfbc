"""The first pages: consent, age, pregnancy, what brings the patient here.

Core: standard library only.
"""

from screening.questionnaire.declaration import Kind, Option, Question, Section

CONSENT = Section(
    slug="consent",
    part="start",
    title="Before you start",
    intro=(
        "This is a screening aid. It does not diagnose.\n\n"
        "Nobody watches it in real time. Your chiropractor reads it on working days.\n\n"
        "We keep your answers as part of your record.\n\n"
        "If you think you have an emergency, call the emergency number."
    ),
    questions=(
        Question(
            key="consent",
            code="Q0",
            kind=Kind.TICK,
            label="I understand and agree",
            why="You should know what this is, and what it is not, before you start.",
            error="Tick the box if you agree. Without it you cannot go on",
        ),
    ),
)

AGE = Section(
    slug="age",
    part="start",
    title="Your age",
    questions=(
        Question(
            key="age",
            code="Q1",
            kind=Kind.NUMBER,
            label="How old are you?",
            why="Balance changes with age. Some checks are only safe to do at the clinic.",
            error="Enter your age in years, from 1 to 110",
            minimum=1,
            maximum=110,
            unit="years",
        ),
    ),
)

PREGNANCY = Section(
    slug="pregnancy",
    part="start",
    title="Pregnancy",
    questions=(
        Question(
            key="pregnancy",
            code="Q2",
            kind=Kind.ONE,
            label="Are you pregnant, or did you have a baby in the last 12 weeks?",
            why="Exercise is usually good then. Your chiropractor picks the moves with you.",
            error="Choose the answer that fits you",
            options=(
                Option(value="no", label="No"),
                Option(value="pregnant", label="Yes, I am pregnant"),
                Option(value="postpartum", label="Yes, I had a baby in the last 12 weeks"),
                Option(value="not_applicable", label="This does not apply to me"),
            ),
        ),
    ),
)

REASONS = Section(
    slug="reasons",
    part="start",
    title="Why you are here",
    questions=(
        Question(
            key="reasons",
            code="Q3",
            kind=Kind.MANY,
            label="What made you fill this in?",
            help="Tick all that fit.",
            why="It tells your chiropractor what matters to you.",
            error="Choose at least one reason",
            at_least=1,
            options=(
                Option(value="pain", label="Pain"),
                Option(value="stiffness", label="Stiffness"),
                Option(value="weak_or_unsteady", label="A hip that feels unsteady or gives way"),
                Option(value="sport", label="Sport"),
                Option(value="prevention", label="I want to prevent problems"),
                Option(value="asked_by_chiropractor", label="My chiropractor asked me to"),
            ),
        ),
    ),
)

SECTIONS = (CONSENT, AGE, PREGNANCY, REASONS)
