"""A dose in numbers and in words: what a patient reads must leave no question open."""

from exercises.handout import doses
from tests.pdf.sheets import both, dose


def strip(card):
    return {part["label"]: f"{part['value']} {part['unit']}".strip() for part in doses.strip(card)}


def test_a_two_sided_dose_in_words() -> None:
    card = both("double-leg-bridge", hold_seconds=0)
    assert doses.in_words(card) == "Do it 10 times. Rest 45 seconds. Do 10 more."


def test_the_weaker_side_goes_first_and_its_extra_set_is_named() -> None:
    assert doses.in_words(dose()) == (
        "Do it 12 times on the RIGHT, then on the LEFT. Rest 45 seconds. Do both again. "
        "Then 1 more set on the RIGHT."
    )


def test_the_mirrored_dose_says_the_same_with_the_sides_swapped() -> None:
    mirrored = dose(sets={"left": 3, "right": 2}, first_side="left")
    swapped = doses.in_words(dose()).replace("RIGHT", "X").replace("LEFT", "RIGHT")
    assert doses.in_words(mirrored) == swapped.replace("X", "LEFT")


def test_equal_sides_without_a_first_one() -> None:
    card = dose(sets={"left": 2, "right": 2}, first_side="", hold_seconds=0)
    assert doses.in_words(card) == (
        "Do it 12 times on one side, then on the other. Rest 45 seconds. Do both again."
    )


def test_a_dose_for_one_side_only_never_names_the_other() -> None:
    card = dose(sets={"right": 2}, hold_seconds=0)
    assert doses.in_words(card) == "Do it 12 times on the RIGHT. Rest 45 seconds. Do 12 more."
    assert doses.side_tag(card) == "RIGHT side only"


def test_one_set_has_no_rest() -> None:
    card = both("sit-to-stand", sets={"both": 1}, hold_seconds=0)
    assert doses.in_words(card) == "Do it 10 times."
    assert "rest" not in strip(card)


def test_three_sets_say_when_to_end() -> None:
    card = both("sit-to-stand", sets={"both": 3}, hold_seconds=0)
    assert doses.in_words(card).endswith("3 sets in all.")


def test_a_held_exercise_counts_seconds_and_no_repetitions() -> None:
    card = dose(reps=None, hold_seconds=20, sets={"left": 2, "right": 2})
    assert doses.in_words(card).startswith("Hold for 20 seconds on the RIGHT, then on the LEFT.")
    assert "times" not in strip(card)


def test_the_strip_holds_every_number() -> None:
    assert strip(dose()) == {
        "sets RIGHT": "3",
        "sets LEFT": "2",
        "times": "12",
        "hold": "2 seconds",
        "rest": "45 seconds",
        "days": "Mon Wed Fri",
    }


def test_twice_a_day_and_every_day() -> None:
    card = both("isometric-hip-abduction", times_a_day=2, days_per_week=7)
    assert strip(card)["times a day"] == "2"
    assert strip(card)["days"] == "every day"
    assert doses.in_words(card).endswith("Do this 2 times a day.")


def test_the_side_in_the_title() -> None:
    assert doses.side_tag(dose()) == "First: RIGHT side"
    assert doses.side_tag(dose(first_side="left")) == "First: LEFT side"
    assert doses.side_tag(dose(first_side="")) == "EACH side"
    assert doses.side_tag(both("double-leg-bridge")) == "BOTH sides"


def test_a_minute_is_called_a_minute() -> None:
    assert [doses.seconds(n) for n in (1, 45, 60, 90, 120)] == [
        "1 second",
        "45 seconds",
        "1 minute",
        "90 seconds",
        "2 minutes",
    ]
