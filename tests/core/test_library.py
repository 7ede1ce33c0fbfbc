"""The shelf of cards: every shipped file loads, and each way to break one is refused by name."""

import shutil
from pathlib import Path

import pytest

from exercises import library
from exercises.library import CardError, Kind, Sides, cards, matrix
from screening.sources import SOURCES

CARDS = library.load()
EXERCISES = [card for card in CARDS.values() if card.kind is not Kind.HABIT]
EVERY_CARD = pytest.mark.parametrize("card", CARDS.values(), ids=list(CARDS))

LADDERS = {
    "ABD-side": "isometric-hip-abduction clamshell side-lying-leg-lift side-plank-knees side-plank "
    "side-plank-leg-lift",
    "BRIDGE": "glute-squeeze double-leg-bridge single-leg-bridge",
    "CORE": "dead-bug quadruped-hip-extension bird-dog",
    "STAND-pelvis": "standing-weight-shift single-leg-stance hip-hitch",
    "STAND-abd": "standing-hip-abduction lateral-band-walk",
    "SQUAT": "sit-to-stand split-squat lateral-step-up step-down single-leg-squat",
    "HINGE": "hip-hinge single-leg-deadlift",
    "HIPFLEX": "standing-hip-flexor-stretch half-kneeling-hip-flexor-stretch",
}


# --- what is on the shelf ----------------------------------------------------------------------


def test_there_are_28_exercises_and_4_habits() -> None:
    kinds = [card.kind for card in CARDS.values()]
    assert len(CARDS) == 32
    assert kinds.count(Kind.STRENGTH) == 24
    assert kinds.count(Kind.MOBILITY) == 4
    assert kinds.count(Kind.HABIT) == 4


@pytest.mark.parametrize(("ladder", "slugs"), LADDERS.items(), ids=list(LADDERS))
def test_each_ladder_climbs_from_its_easiest_to_its_hardest_card(ladder: str, slugs: str) -> None:
    climbed, card = [], CARDS[slugs.split()[0]]
    assert card.easier == ""
    while True:
        climbed.append(card.slug)
        if not card.harder:
            break
        harder = CARDS[card.harder]
        assert harder.easier == card.slug
        assert harder.difficulty > card.difficulty
        assert cards.STAGES.index(harder.stage) >= cards.STAGES.index(card.stage)
        card = harder
    assert climbed == slugs.split()
    assert {card.slug for card in CARDS.values() if card.ladder == ladder} == set(climbed)


@EVERY_CARD
def test_every_card_says_what_to_do_in_short_plain_steps(card: library.Card) -> None:
    words = card.words["en"]
    assert 4 <= len(words.steps) <= 6
    assert all(len(step) <= 60 and step.endswith((".", "!")) for step in words.steps)
    assert words.title
    assert words.purpose
    assert words.mistakes
    assert words.cue
    assert set(words.cautions) == set(card.cautions)
    assert all((card.pose.view, card.pose.start, card.pose.end, card.pose.arrow))


@EVERY_CARD
def test_every_card_names_its_sources_reviewer_and_review_date(card: library.Card) -> None:
    assert card.sources
    assert all(source in SOURCES for source in card.sources)
    assert card.reviewed_by == "not yet signed by a chiropractor"
    assert card.reviewed_on.isoformat() == "2026-11-22"


@EVERY_CARD
def test_no_muscle_figure_without_its_source(card: library.Card) -> None:
    assert all(emg.source in card.sources and emg.note for emg in card.emg)


def test_figures_from_memory_are_marked_as_not_verified() -> None:
    unsure = {
        (card.slug, emg.low) for card in CARDS.values() for emg in card.emg if not emg.verified
    }
    assert unsure == {("lateral-band-walk", 61), ("hip-hitch", 57)}


@pytest.mark.parametrize("card", EXERCISES, ids=[card.slug for card in EXERCISES])
def test_every_exercise_has_a_dose_and_says_where_to_feel_it(card: library.Card) -> None:
    words = card.words["en"]
    assert card.dose is not None
    assert card.habit is None
    assert all((words.feel, words.too_hard, words.too_easy))
    assert bool(card.worked_side) == (card.sides is Sides.EACH)


def test_each_habit_answers_one_habit_rule_with_advice_target_and_evidence() -> None:
    habits = {card.habit.rule: card for card in CARDS.values() if card.habit}
    assert {rule: card.slug for rule, card in habits.items()} == {
        "A1": "habit-sleep-pillow",
        "A2": "habit-even-stance",
        "A3": "habit-sit-break",
        "A4": "habit-uncross",
    }
    for card in habits.values():
        words = card.words["en"]
        assert card.dose is None
        assert all((words.advice, words.target, words.evidence))


def test_only_stage_4_waits_for_a_clinician() -> None:
    released = {card.slug for card in CARDS.values() if card.clinician_released}
    assert released == {"single-leg-squat", "side-plank-leg-lift"}
    assert all(CARDS[slug].stage == "4" for slug in released)


def test_planks_one_leg_stance_stretches_and_massage_are_timed() -> None:
    timed = {card.slug for card in EXERCISES if card.dose and card.dose.reps is None}
    assert timed == {
        "side-plank-knees",
        "side-plank",
        "single-leg-stance",
        "standing-hip-flexor-stretch",
        "half-kneeling-hip-flexor-stretch",
        "lateral-thigh-self-massage",
    }


def test_no_word_frightens_or_promises() -> None:
    feared = ("damage", "degenerat", "out of place", "crooked", "weak glutes", "guarantee", "cure")
    for card in CARDS.values():
        words = card.words["en"]
        text = " ".join(
            (words.title, words.purpose, *words.steps, words.advice, words.evidence, words.feel)
        ).lower()
        assert not [word for word in feared if word in text], card.slug


# --- a file that does not hold -------------------------------------------------------------------

CLAM = (library.FOLDER / "clamshell.toml").read_text(encoding="utf-8")
SLEEP = (library.FOLDER / "habit-sleep-pillow.toml").read_text(encoding="utf-8")

BROKEN = [
    ("not TOML", 'slug = "clamshell"', "slug =", "TOML"),
    ("another slug", 'slug = "clamshell"', 'slug = "clam"', "slug"),
    (
        "no source",
        'sources = ["distefano-2009", "selkowitz-2013", "philippon-2011", "garber-2011"]',
        "",
        "provenance.sources",
    ),
    (
        "an empty list of sources",
        'sources = ["distefano-2009", "selkowitz-2013", "philippon-2011", "garber-2011"]',
        "sources = []",
        "provenance.sources",
    ),
    ("an unknown source", '"garber-2011"', '"nobody-1999"', "provenance.sources"),
    (
        "no reviewer",
        'reviewed_by = "not yet signed by a chiropractor"',
        "",
        "provenance.reviewed_by",
    ),
    ("an empty reviewer", '"not yet signed by a chiropractor"', '" "', "provenance.reviewed_by"),
    ("no review date", "reviewed_on = 2026-11-22", "", "provenance.reviewed_on"),
    (
        "a review date in words",
        "reviewed_on = 2026-11-22",
        'reviewed_on = "today"',
        "provenance.reviewed_on",
    ),
    ("an unknown key", "difficulty = 3", "difficulty = 3\ncolour = 1", "colour"),
    (
        "an unknown key in a table",
        "rest_seconds = 45",
        "rest_seconds = 45\nweight = 2",
        "dose.weight",
    ),
    ("an unknown kind", 'kind = "strength"', 'kind = "dance"', "kind"),
    ("an unknown stage", 'stage = "1"', 'stage = "5"', "stage"),
    ("a stage of another kind", 'stage = "1"', 'stage = "M"', "stage"),
    ("stage 4 without release", 'stage = "1"', 'stage = "4"', "clinician_released"),
    ("a difficulty in words", "difficulty = 3", 'difficulty = "3"', "difficulty"),
    ("a difficulty out of range", "difficulty = 3", "difficulty = 11", "difficulty"),
    ("a truth for a number", "difficulty = 3", "difficulty = true", "difficulty"),
    ("an unknown ladder", 'ladder = "ABD-side"', 'ladder = "UP"', "ladder"),
    ("a neighbour without a ladder", 'ladder = "ABD-side"\n', "", "easier"),
    ("an unknown muscle", '"gluteus_maximus"]', '"biceps"]', "muscles"),
    ("an unknown position", 'position = "side_lying"', 'position = "flying"', "position"),
    ("unknown equipment", 'equipment = ["pillow"]', 'equipment = ["rowing machine"]', "equipment"),
    ("unknown sides", 'sides = "each"', 'sides = "left"', "sides"),
    ("no worked side", 'worked_side = "top_leg"', "", "worked_side"),
    ("an unknown caution", 'cautions = ["lateral_hip_pain", ', 'cautions = ["mood", ', "cautions"),
    ("none and more", 'cautions = ["lateral_hip_pain", ', 'cautions = ["none", ', "cautions"),
    (
        "no caution field",
        'cautions = ["lateral_hip_pain", "hip_replacement", "groin_pain"]',
        "",
        "cautions",
    ),
    (
        "a caution without words",
        'groin_pain = "Keep the movement small."',
        "",
        "en.cautions.groin_pain",
    ),
    (
        "words without a caution",
        "[en.cautions]",
        '[en.cautions]\nbp = "Breathe."',
        "en.cautions.bp",
    ),
    ("no dose", "[dose]", "[doses]", "dose"),
    ("no sets", "sets = [2, 3]", "", "dose.sets"),
    ("a range upside down", "sets = [2, 3]", "sets = [3, 2]", "dose.sets"),
    ("a range of three", "sets = [2, 3]", "sets = [1, 2, 3]", "dose.sets"),
    ("too many sets", "sets = [2, 3]", "sets = 9", "dose.sets"),
    ("no repetitions", "reps = 12", "", "dose.reps"),
    ("a timed card with repetitions", "reps = 12", "reps = 12\ntimed = true", "dose.reps"),
    ("eight days a week", "days_per_week = [3, 5]", "days_per_week = 8", "dose.days_per_week"),
    ("a figure without a source", 'source = "selkowitz-2013"\n', "", "emg[4].source"),
    (
        "a figure whose source is not the card's",
        'source = "selkowitz-2013"',
        'source = "boren-2011"',
        "emg[4].source",
    ),
    ("a figure without a number", "gluteal_to_tfl_index = 115\n", "", "emg[4].percent_mvic"),
    ("a figure of nothing", "percent_mvic = 34", "percent_mvic = 0", "emg[3].percent_mvic"),
    ("an empty figure", "percent_mvic = 34", "percent_mvic = []", "emg[3].percent_mvic"),
    ("no arrow", 'arrow = "Arc up from the top knee."', "", "pose.arrow"),
    ("no words", "[en]", "[english]", "en.steps"),
    ("no title", 'title = "Clam"', "", "en.title"),
    (
        "too few steps",
        '  "Stop before your top hip rolls back.",\n  "Hold for 2 seconds, then lower '
        'slowly.",\n  "Do all lifts, then turn over.",\n',
        "",
        "en.steps",
    ),
    ("a step too long", '"Do all lifts, then turn over."', f'"{"Lift. " * 11}"', "en.steps"),
    (
        "a step twice",
        '"Do all lifts, then turn over."',
        '"Stop before your top hip rolls back."',
        "en.steps",
    ),
    ("no rule for too hard", 'too_hard = "Lift less high, or do half as many."', "", "en.too_hard"),
]


@pytest.mark.parametrize(
    ("old", "new", "field"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN]
)
def test_a_broken_card_is_refused_by_file_and_field(old: str, new: str, field: str) -> None:
    assert old in CLAM
    with pytest.raises(CardError) as refused:
        library.read_card("clamshell.toml", CLAM.replace(old, new))
    assert str(refused.value).startswith(f"clamshell.toml: {field}: ")


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('rule = "A1"', 'rule = "B1"', "habit.rule"),
        ("[habit]", "[habits]", "habit"),
        ('target = "5 nights a week or more."', "", "en.target"),
        ('stage = "H"', 'stage = "1"', "stage"),
    ],
)
def test_a_broken_habit_is_refused_by_file_and_field(old: str, new: str, field: str) -> None:
    assert old in SLEEP
    with pytest.raises(CardError) as refused:
        library.read_card("habit-sleep-pillow.toml", SLEEP.replace(old, new))
    assert refused.value.file == "habit-sleep-pillow.toml"
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("slug", "old", "new", "field"),
    [
        ("clamshell", 'harder = "side-lying-leg-lift"', 'harder = "moonwalk"', "harder"),
        ("clamshell", 'harder = "side-lying-leg-lift"', 'harder = "bird-dog"', "harder"),
        ("clamshell", 'harder = "side-lying-leg-lift"', 'harder = "side-plank"', "harder"),
        ("clamshell", 'easier = "isometric-hip-abduction"\n', "", "harder"),
        ("clamshell", "difficulty = 3", "difficulty = 5", "difficulty"),
        ("clamshell", 'stage = "1"', 'stage = "3"', "stage"),
    ],
)
def test_a_ladder_that_does_not_hold_is_refused(
    slug: str, old: str, new: str, field: str, tmp_path: Path
) -> None:
    folder = shelf_with(tmp_path, slug, old, new)
    with pytest.raises(CardError) as refused:
        library.read(folder)
    assert refused.value.field == field


def test_a_circle_of_neighbours_is_refused(tmp_path: Path) -> None:
    """dead-bug -> donkey kick -> bird dog -> dead-bug."""
    shelf_with(tmp_path, "dead-bug", 'ladder = "CORE"', 'ladder = "CORE"\neasier = "bird-dog"')
    last = tmp_path / "bird-dog.toml"
    text = last.read_text(encoding="utf-8")
    last.write_text(text.replace('ladder = "CORE"', 'ladder = "CORE"\nharder = "dead-bug"'))
    with pytest.raises(CardError, match=r"bird-dog\.toml: difficulty: "):
        library.read(tmp_path)


def shelf_with(folder: Path, slug: str, old: str, new: str) -> Path:
    """A copy of the shelf in which one file is changed."""
    for file in library.FOLDER.glob("*.toml"):
        shutil.copy(file, folder)
    changed = folder / f"{slug}.toml"
    text = changed.read_text(encoding="utf-8")
    assert old in text
    changed.write_text(text.replace(old, new), encoding="utf-8")
    return folder


# --- the matrix ----------------------------------------------------------------------------------


def test_every_card_that_the_matrix_names_is_on_the_shelf() -> None:
    table = matrix.load()
    named = set(table.needs)
    for row in table.rows:
        named |= row.remove
        named |= {slug for note in row.notes for slug in note.slugs}
    assert named <= set(CARDS)


def test_each_tag_has_one_row() -> None:
    rows = [row.when for row in matrix.load().rows]
    assert sorted(rows) == sorted(matrix.FACTS)
