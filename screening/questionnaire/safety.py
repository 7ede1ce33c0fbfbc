"""The four safety pages. Page 1 holds what cannot wait.

Core: standard library only. Labels stand beside a tick and, one by one, above yes / no / not sure.
Tiers and what to do about them live in `red_flags`.
"""

from screening.questionnaire.choices import YES_NO, YES_NO_UNSURE
from screening.questionnaire.conditions import is_yes
from screening.questionnaire.declaration import Kind, Layout, Option, Question, Section

TICK_ALL = "Tick every one that is true for you. Most people tick none."


def flag(*, key: str, code: str, label: str, help: str = "", why: str) -> Question:
    """A sign that is answered with yes, no or not sure."""
    return Question(
        key=key,
        code=code,
        kind=Kind.ONE,
        label=label,
        help=help,
        why=why,
        error="Choose No, Yes or Not sure",
        options=YES_NO_UNSURE,
    )


CANNOT_WAIT = Section(
    slug="safety-1",
    part="safety",
    title="Do you have any of these, now or new in the last 4 weeks?",
    intro=TICK_ALL,
    layout=Layout.SAFETY,
    questions=(
        flag(
            key="rf_chest_pain_now",
            code="RF-14a",
            label="Chest pain or trouble breathing right now",
            why="Chest pain or trouble breathing needs help at once.",
        ),
        flag(
            key="rf_tearing_pain",
            code="RF-13",
            label="Sudden, very bad or tearing pain in your back or belly",
            help="Or your belly throbs like a pulse, or you fainted",
            why="Sudden tearing pain can come from a large blood vessel. It needs help at once.",
        ),
        flag(
            key="rf_bladder",
            code="RF-1",
            label="New bladder trouble",
            help="Hard to start or stop, leaks, or you can't tell when it is full",
            why="Nerves low in the spine run the bladder. A new change must be checked now.",
        ),
        flag(
            key="rf_saddle",
            code="RF-2",
            label="New numbness or tingling between your legs",
            help="Inner thighs, private parts or bottom. Or it feels different when you wipe",
            why="The same nerves give you feeling between the legs.",
        ),
        flag(
            key="rf_bowel",
            code="RF-3",
            label="New loss of bowel control",
            help="Or you can't feel it when you go",
            why="The same nerves run the bowel.",
        ),
        Question(
            key="rf_sexual",
            code="RF-4",
            kind=Kind.ONE,
            label="New loss of feeling or function during sex",
            help="You may skip this one",
            why="The same nerves are at work during sex.",
            error="Choose No, Yes or I'd rather not say",
            options=(
                Option(value="no", label="No"),
                Option(value="yes", label="Yes"),
                Option(value="skipped", label="I'd rather not say"),
            ),
        ),
    ),
)

LEGS = Section(
    slug="safety-2",
    part="safety",
    title="Do you have any of these in your legs, or when you move?",
    intro=TICK_ALL,
    layout=Layout.SAFETY,
    questions=(
        flag(
            key="rf_both_legs",
            code="RF-5",
            label="Pain, numbness or loss of strength going down both legs",
            help="New or getting worse",
            why="Signs in both legs should be looked at soon.",
        ),
        flag(
            key="rf_leg_weaker",
            code="RF-6",
            label="A leg or foot that is losing strength",
            help="It drags or slaps, gives way, or you can't stand on your toes or heels",
            why="Losing strength can mean that a nerve is pressed.",
        ),
        Question(
            key="rf_leg_weaker_onset",
            code="RF-6",
            kind=Kind.ONE,
            label="When did the loss of strength start?",
            why="A change in the last days needs care faster than an old one.",
            error="Choose when the loss of strength started",
            options=(
                Option(value="days", label="Last 3 days"),
                Option(value="weeks", label="Last weeks"),
                Option(value="stable", label="Long ago, no change"),
            ),
            condition=is_yes("rf_leg_weaker"),
        ),
        flag(
            key="rf_clumsy",
            code="RF-7",
            label="Walking or hands that became clumsy or unsteady in the last weeks",
            why="A change in how you walk or use your hands should be checked.",
        ),
        flag(
            key="rf_calf",
            code="RF-14b",
            label="One calf newly swollen, hot and sore",
            why="A swollen calf can be a blood clot. It needs a check the same day.",
        ),
        Question(
            key="rf_cannot_move",
            code="RF-20",
            kind=Kind.ONE,
            label="Pain that stops you from moving",
            why="Pain this strong should be calmed first, before any exercise.",
            error="Choose what the pain stops you from doing, or No",
            options=(
                Option(value="no", label="No"),
                Option(
                    value="cannot_sit_or_stand",
                    label="I can't sit or stand",
                    hint="Because of the pain",
                ),
                Option(value="cannot_walk", label="I can't walk", hint="Because of the pain"),
            ),
        ),
    ),
)

INJURY_AND_EFFORT = Section(
    slug="safety-3",
    part="safety",
    title="Do any of these fit you?",
    intro=TICK_ALL,
    layout=Layout.SAFETY,
    questions=(
        flag(
            key="rf_trauma",
            code="RF-8",
            label="It began after a hard fall, a crash or a blow",
            help=(
                "Or after a small bump, if you are over 65, have thin bones or take steroid pills"
            ),
            why="We make sure first that nothing is broken.",
        ),
        Question(
            key="rf_trauma_weight_bearing",
            code="RF-8",
            kind=Kind.ONE,
            label="Can you stand and put weight on both legs?",
            why="If you can't, it needs care at once.",
            error="Choose Yes or No",
            options=(Option(value="yes", label="Yes"), Option(value="no", label="No")),
            condition=is_yes("rf_trauma"),
        ),
        flag(
            key="rf_fragile_sudden_pain",
            code="RF-8b",
            label="A sudden sharp back pain, even without a fall",
            help="Only if you have thin bones or take steroid pills",
            why="Thin bones can break without a fall.",
        ),
        flag(
            key="rf_groin_every_step",
            code="RF-15",
            label="Deep groin or front-hip pain with every step",
            help="Worse on hopping or at night, or you can hardly put weight on the leg",
            why="Deep groin pain with every step should be checked before you load the leg.",
        ),
        flag(
            key="rf_recent_surgery",
            code="RF-17",
            label="Surgery in the last 12 weeks, or a new or broken hip in the last 12 months",
            help="Or you were told not to walk on a leg, or not to exercise",
            why="Your care team should say what is safe while you heal.",
        ),
        flag(
            key="rf_effort_symptoms",
            code="RF-18b",
            label="Chest pain or fainting when you are active",
            why="A doctor should look at this before you exercise.",
        ),
        flag(
            key="rf_needs_doctor_ok",
            code="RF-18a",
            label="A doctor told you to get an OK before you exercise",
            why="We wait for that OK.",
        ),
    ),
)

ILLNESS = Section(
    slug="safety-4",
    part="safety",
    title="Is any of this true for you?",
    intro=TICK_ALL,
    layout=Layout.SAFETY,
    questions=(
        flag(
            key="rf_cancer",
            code="RF-9",
            label="Cancer, now or at any time in your life",
            why="Most back pain is not cancer. After a cancer, a clinician looks first.",
        ),
        Question(
            key="rf_cancer_pain_changed",
            code="RF-9",
            kind=Kind.ONE,
            label="Is this pain new, worse or different from before?",
            why="A change tells us how soon somebody should look.",
            error="Choose No or Yes",
            options=YES_NO,
            condition=is_yes("rf_cancer"),
        ),
        flag(
            key="rf_weight_loss",
            code="RF-10",
            label="You lost weight without trying",
            help="About 10 pounds (5 kg) or more in 6 months",
            why="Losing weight without a reason should be looked at first.",
        ),
        flag(
            key="rf_constant_night_pain",
            code="RF-11",
            label="Pain that never lets up",
            help="No position helps, and it is worse at night so you can't sleep",
            why="Pain that never eases should be looked at first.",
        ),
        flag(
            key="rf_fever",
            code="RF-12a",
            label="Fever, chills or night sweats with this pain",
            help="Or you feel sick",
            why="These can be signs of an infection.",
        ),
        Question(
            key="rf_fever_severe",
            code="RF-12a",
            kind=Kind.ONE,
            label="Shaking chills, confused or very ill?",
            why="Then you need care at once.",
            error="Choose No or Yes",
            options=YES_NO,
            condition=is_yes("rf_fever"),
        ),
        flag(
            key="rf_infection_risk",
            code="RF-12b",
            label="A bad infection, a spine shot or spine surgery in the last 3 months",
            help="Or a low immune system, or you inject drugs",
            why="Each of these makes an infection more likely.",
        ),
    ),
)

SECTIONS = (CANNOT_WAIT, LEGS, INJURY_AND_EFFORT, ILLNESS)
