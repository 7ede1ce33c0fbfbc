"""The points of each rule: answers and the rule's numbers in, left and right points out.

Core: standard library only. The side of an answer (specification 0, "affected side"): the top leg
when lying on a side, which is the opposite of the side lain on; the leg stood on; the top leg when
crossing; the side that hurts, limps or is hard to lift.
"""

from collections.abc import Callable, Mapping

from screening.anatomy import Side
from screening.answers import Answers

type Weights = Mapping[str, int]
type Points = tuple[int, int]
"""Points of the left and of the right side."""
type Score = Callable[[Answers, Weights], Points]

NOBODY: Points = (0, 0)
LEFT, RIGHT = Side.LEFT.value, Side.RIGHT.value
LIMB = ("ankle", "knee", "hip")
LONG_DAY = ("6_to_8", "over_8")
MANY_HOURS = ("5_9", "10_plus")


def _to(side: object, points: int) -> Points:
    """The points to that side, to each side for `both`, to nobody for anything else."""
    if not points or side == "no":
        return NOBODY
    if side == LEFT:
        return points, 0
    if side == RIGHT:
        return 0, points
    return (points, points) if side == "both" else NOBODY


_OPPOSITE = {LEFT: RIGHT, RIGHT: LEFT, "both": "both"}


# --- habits ------------------------------------------------------------------------------------


def sleep(answers: Answers, weights: Weights) -> Points:
    drops, pillow = answers.get("top_knee_drops"), answers.get("knee_pillow")
    if drops not in ("yes", "not_sure") or pillow == "always":
        return NOBODY
    points = weights.get(str(answers.get("side_sleep_nights")), 0)
    lain_on = answers.get("side_lain_on")
    if drops == "not_sure" or pillow == "sometimes" or lain_on == "not_sure":
        points = min(points, weights["unsure"])
    return _to("both" if lain_on == "not_sure" else _OPPOSITE.get(str(lain_on)), points)


def one_leg_standing(answers: Answers, weights: Weights) -> Points:
    points = weights.get(str(answers.get("one_leg_standing")), 0)
    leg = answers.get("standing_leg")
    if leg == "not_sure":
        return _to("both", min(points, weights["unsure"]))
    return _to(leg, points)


def sitting(answers: Answers, weights: Weights) -> Points:
    bout = answers.get("sitting_bout")
    if bout == "over_60" and answers.get("sitting_hours") in LONG_DAY:
        bout = "over_60_long_day"
    return _to("both", weights.get(str(bout), 0))


def crossing(answers: Answers, weights: Weights) -> Points:
    style = answers.get("crossing_style")
    if style == "knee_over_knee":
        points = weights.get(str(answers.get("leg_crossing")), 0)
    elif style == "ankle_on_knee":
        points = weights["ankle_on_knee"]
    else:
        return NOBODY
    top = answers.get("top_leg")
    if top == "not_sure":
        return _to("both", min(points, weights["unsure"]))
    return _to(top, points)


# --- symptoms, signs, history --------------------------------------------------------------------


def where(region: str) -> Score:
    """A place on the body chart; `middle` counts for each side, once."""
    left, right, middle = f"{region}:{LEFT}", f"{region}:{RIGHT}", f"{region}:middle"

    def score(answers: Answers, weights: Weights) -> Points:
        places = answers.get("places")
        if not places:
            return NOBODY
        middle_too = middle in places  # type: ignore[operator]
        on_left = middle_too or left in places  # type: ignore[operator]
        on_right = middle_too or right in places  # type: ignore[operator]
        if on_left or on_right:
            return weights["side"] * on_left, weights["side"] * on_right
        return NOBODY

    return score


def sided(key: str) -> Score:
    """An answer that is a side; no and not sure earn nothing."""

    def score(answers: Answers, weights: Weights) -> Points:
        return _to(answers.get(key), weights["side"])

    return score


def waddle(answers: Answers, weights: Weights) -> Points:
    return _to("both", weights["yes"]) if answers.get("waddle") == "yes" else NOBODY


def stance(answers: Answers, weights: Weights) -> Points:
    """The mirror stand of the leg stood on; lost balance alone counts only below an age."""
    left, right = answers.get("stance_left"), answers.get("stance_right")
    if left is right is None:
        return NOBODY
    old = answers.get("age", weights["bal_below_age"]) >= weights["bal_below_age"]  # type: ignore[operator]

    def points(result: object) -> int:
        return 0 if old and result == "bal" else weights.get(str(result), 0)

    return points(left), points(right)


def leg_lift(answers: Answers, weights: Weights) -> Points:
    left, right = answers.get("leg_lift_left"), answers.get("leg_lift_right")
    if left is right is None:
        return NOBODY
    return weights.get(str(left), 0), weights.get(str(right), 0)


def listed(key: str, *parts: str) -> Score:
    """A list that holds one of these parts on a side; several count once."""
    left = frozenset(f"{part}:{LEFT}" for part in parts)
    right = frozenset(f"{part}:{RIGHT}" for part in parts)

    def score(answers: Answers, weights: Weights) -> Points:
        held = answers.get(key)
        if not held:
            return NOBODY
        points = weights["side"]
        return (
            0 if left.isdisjoint(held) else points,  # type: ignore[arg-type]
            0 if right.isdisjoint(held) else points,  # type: ignore[arg-type]
        )

    return score


def overuse(answers: Answers, weights: Weights) -> Points:
    many = answers.get("training_hours") in MANY_HOURS
    jumped = answers.get("training_jump") == "yes"
    return _to("both", weights["yes"]) if many or jumped else NOBODY
