"""What the patient told us that made a rule fire, in plain words made from the answers.

Core: standard library only. Each function continues "Because you told us " for one side; it is
called only for a rule that fired there, so the answers it reads are present.
"""

from collections.abc import Callable

from screening.anatomy import Side
from screening.answers import Answers
from screening.rules.scores import LEFT, LIMB, LONG_DAY, MANY_HOURS, RIGHT

type Told = Callable[[Answers, Side], str]

_NIGHTS = {"2_4": "some nights", "5_7": "most nights"}
_TIME = {"under_2_hours": "part of the day", "2_hours_or_more": "2 hours a day or more"}
_STYLE = {"knee_over_knee": "knee over knee", "ankle_on_knee": "ankle on knee"}
_SITTING = {
    "31_to_60": "you sit 31 to 60 minutes before you get up",
    "over_60": "you sit more than 60 minutes before you get up",
}
_STANCE = {
    "bal": "you lost your balance when you stood on your {side} leg",
    "drop": "your other hip dropped or you leaned over while you stood on your {side} leg",
    "drop0": "your other hip dropped or you leaned right away when you stood on your {side} leg",
}


def sleep(answers: Answers, side: Side) -> str:
    lain_on, nights = answers.get("side_lain_on"), _NIGHTS[str(answers["side_sleep_nights"])]
    on = {LEFT: "on your left side", RIGHT: "on your right side", "both": "on both sides"}
    where = on.get(str(lain_on), "on your side")
    knee = f"your {side} knee, on top," if lain_on in (LEFT, RIGHT) else "your top knee"
    drops = "may drop forward" if answers.get("top_knee_drops") == "not_sure" else "drops forward"
    return f"you sleep {where} {nights} and {knee} {drops}"


def standing(answers: Answers, side: Side) -> str:
    leg = "one leg" if answers.get("standing_leg") == "not_sure" else f"your {side} leg"
    how_long = _TIME[str(answers["one_leg_standing"])]
    return f"you stand with most of your weight on {leg} {how_long}"


def sitting(answers: Answers, side: Side) -> str:
    long_day = answers.get("sitting_hours") in LONG_DAY
    bout = answers["sitting_bout"]
    hours = " and 6 hours a day or more" if long_day and bout == "over_60" else ""
    return f"{_SITTING[str(bout)]}{hours}"


def crossing(answers: Answers, side: Side) -> str:
    style = _STYLE[str(answers["crossing_style"])]
    top = {"both": "either leg on top", "not_sure": "one leg on top"}
    which = top.get(str(answers.get("top_leg")), f"your {side} leg on top")
    return f"you cross your legs {style} {_TIME[str(answers['leg_crossing'])]}, {which}"


def back(answers: Answers, side: Side) -> str:
    if f"low_back:{side}" in answers["places"]:  # type: ignore[operator]
        return f"your low back hurts on the {side}"
    return "your low back hurts in the middle"


def stance(answers: Answers, side: Side) -> str:
    return _STANCE[str(answers[f"stance_{side}"])].format(side=side)


def leg_lift(answers: Answers, side: Side) -> str:
    rated = answers[f"leg_lift_{side}"]
    return f"lifting your {side} leg on your side was {rated} out of 5 for how hard it was"


def injury(answers: Answers, side: Side) -> str:
    held = answers["injuries"]
    hurt = [part for part in LIMB if f"{part}:{side}" in held]  # type: ignore[operator]
    return f"you once hurt your {side} {' and '.join(hurt)}"


def surgery(answers: Answers, side: Side) -> str:
    if f"hip_replacement:{side}" in answers["surgery"]:  # type: ignore[operator]
        return f"you have a new {side} hip"
    return f"you had surgery or a break of your {side} hip"


def overuse(answers: Answers, side: Side) -> str:
    if answers.get("training_hours") in MANY_HOURS:
        return "you train 5 hours a week or more"
    return "you quickly did a lot more in the last 6 weeks"


def says(words: str) -> Told:
    """Words with the side filled in."""
    return lambda answers, side: words.format(side=side)
