"""When a question is asked: one named function a condition.

Core: standard library only. Each reads answers that come earlier in the questionnaire.
"""

from screening.questionnaire.declaration import Answers, Condition

BACK_REGIONS = ("low_back:", "sacral_dimple:", "buttock:")
TRAINING = ("3_plus_days", "sport")
CROSSED_HIGH = ("knee_over_knee", "ankle_on_knee")
CLAUDICATION_AGE = 50


def is_yes(key: str) -> Condition:
    """The condition that another question was answered yes."""

    def said_yes(answers: Answers) -> bool:
        return answers.get(key) == "yes"

    return said_yes


def has_places(answers: Answers) -> bool:
    """A place of pain was chosen."""
    return bool(answers.get("places"))


def has_back_or_buttock_place(answers: Answers) -> bool:
    """A place on the low back, the dimple or the buttock was chosen."""
    places = answers.get("places")
    return isinstance(places, tuple) and any(str(p).startswith(BACK_REGIONS) for p in places)


def has_places_from_age_50(answers: Answers) -> bool:
    """A place was chosen by somebody aged 50 or more."""
    return _number(answers, "age") >= CLAUDICATION_AGE and has_places(answers)


def had_pain(answers: Answers) -> bool:
    """The worst pain of the last 7 days was 1 or more."""
    return _number(answers, "pain_worst") >= 1


def has_leg_symptoms(answers: Answers) -> bool:
    """Numbness, tingling or loss of strength in a leg, old or new."""
    return answers.get("leg_symptoms", "no") != "no"


def sleeps_on_side(answers: Answers) -> bool:
    """On the side for two nights a week or more."""
    return answers.get("side_sleep_nights", "0_1") != "0_1"


def top_knee_may_drop(answers: Answers) -> bool:
    """The top knee drops to the bed, or the patient is not sure."""
    return answers.get("top_knee_drops") in ("yes", "not_sure")


def stands_on_one_leg(answers: Answers) -> bool:
    """Stands with the weight on one leg more than rarely."""
    return answers.get("one_leg_standing", "rarely") != "rarely"


def crosses_legs(answers: Answers) -> bool:
    """Sits with crossed legs more than rarely."""
    return answers.get("leg_crossing", "rarely") != "rarely"


def one_leg_is_on_top(answers: Answers) -> bool:
    """Crosses the legs at the knee or with an ankle on the knee."""
    return answers.get("crossing_style") in CROSSED_HIGH


def has_a_habit(answers: Answers) -> bool:
    """At least one of the four habits was told."""
    return (
        sleeps_on_side(answers)
        or stands_on_one_leg(answers)
        or answers.get("sitting_bout", "up_to_30") != "up_to_30"
        or crosses_legs(answers)
    )


def exercises(answers: Answers) -> bool:
    """Exercises on at least one day a week."""
    return answers.get("activity") in ("1_to_2_days", *TRAINING)


def trains_often(answers: Answers) -> bool:
    """Exercises on three days a week or more, or trains for a sport."""
    return answers.get("activity") in TRAINING


def had_surgery(answers: Answers) -> bool:
    """An operation or a break of hip, knee or spine was told."""
    return bool(answers.get("surgery"))


def tried_left_stand(answers: Answers) -> bool:
    """Stood on the left leg, or tried to."""
    return answers.get("stance_left", "declined") != "declined"


def tried_right_stand(answers: Answers) -> bool:
    """Stood on the right leg, or tried to."""
    return answers.get("stance_right", "declined") != "declined"


def _number(answers: Answers, key: str) -> int:
    value = answers.get(key)
    return value if isinstance(value, int) else 0
