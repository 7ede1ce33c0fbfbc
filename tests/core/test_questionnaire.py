"""The questionnaire holds every key of the contract once, in plain words, in the agreed order."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random

import pytest

from screening.answers import parse
from screening.questionnaire import (
    PARTS,
    QUESTIONS,
    SECTIONS,
    Answers,
    Kind,
    Layout,
    Question,
    Section,
    always,
)
from tests.core.contract import CONTRACT, LISTS, OPTIONAL
from tests.core.records import random_record

# --- the contract -----------------------------------------------------------------------------


def test_the_questionnaire_holds_exactly_the_keys_of_the_contract():
    assert set(QUESTIONS) == set(CONTRACT)


def test_every_key_is_asked_once():
    keys = [question.key for section in SECTIONS for question in section.questions]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("key", CONTRACT)
def test_each_question_has_the_id_and_the_values_of_the_contract(key: str):
    question = QUESTIONS[key]
    code, values = CONTRACT[key]
    assert question.code == code
    assert sorted(values_of(question), key=str) == sorted(values, key=str)


def values_of(question: Question) -> list[object]:
    if question.kind is Kind.TICK:
        return [True]
    if question.options:
        return [option.value for option in question.options]
    assert question.minimum is not None
    assert question.maximum is not None
    return list(range(question.minimum, question.maximum + 1))


def test_lists_are_questions_with_many_answers():
    assert {key for key, q in QUESTIONS.items() if q.kind is Kind.MANY} == LISTS


def test_only_what_the_contract_calls_optional_may_be_left_out():
    assert {key for key, q in QUESTIONS.items() if q.optional} == OPTIONAL


# --- order and pages --------------------------------------------------------------------------


def test_the_parts_come_in_order():
    order = [list(PARTS).index(section.part) for section in SECTIONS]
    assert order == sorted(order)
    assert set(order) == set(range(len(PARTS)))


def test_consent_comes_first_then_age_and_who_it_is_from_comes_last():
    assert [q.key for q in SECTIONS[0].questions] == ["consent"]
    assert [q.key for q in SECTIONS[1].questions] == ["age"]
    assert SECTIONS[-1].layout is Layout.IDENTITY
    assert SECTIONS[-1].questions == ()


def test_there_are_four_safety_pages_and_they_come_before_symptoms():
    pages = [s for s in SECTIONS if s.layout is Layout.SAFETY]
    assert [page.slug for page in pages] == ["safety-1", "safety-2", "safety-3", "safety-4"]
    keys = list(QUESTIONS)
    assert max(keys.index(k) for k in keys if k.startswith("rf_")) < keys.index("places")


def test_what_cannot_wait_stands_on_the_first_safety_page():
    page = next(s for s in SECTIONS if s.layout is Layout.SAFETY)
    assert {q.key for q in page.questions} == {
        "rf_chest_pain_now",
        "rf_tearing_pain",
        "rf_bladder",
        "rf_saddle",
        "rf_bowel",
        "rf_sexual",
    }


@pytest.mark.parametrize(
    ("follow_up", "opener"),
    [
        ("rf_leg_weaker_onset", "rf_leg_weaker"),
        ("rf_trauma_weight_bearing", "rf_trauma"),
        ("rf_cancer_pain_changed", "rf_cancer"),
        ("rf_fever_severe", "rf_fever"),
    ],
)
def test_a_follow_up_stands_right_after_its_sign_on_the_same_page(follow_up: str, opener: str):
    page = next(s for s in SECTIONS if QUESTIONS[opener] in s.questions)
    keys = [question.key for question in page.questions]
    assert keys[keys.index(opener) + 1] == follow_up


def test_what_brings_it_on_is_one_grid_of_sides():
    grid = next(s for s in SECTIONS if s.layout is Layout.SIDE_GRID)
    assert [q.code for q in grid.questions] == [f"S7{letter}" for letter in "abcdefgh"]


def test_self_tests_come_after_plan_needs_left_leg_before_right():
    keys = list(QUESTIONS)
    first_test = keys.index("stance_left")
    assert all(keys.index(key) < first_test for key in CONTRACT if key[:6] not in SELF_TESTS)
    assert keys.index("stance_left") < keys.index("stance_right")
    assert keys.index("leg_lift_left") < keys.index("leg_lift_right")
    pages = [s for s in SECTIONS if s.layout is Layout.SELF_TEST]
    assert {q.key[:6] for s in pages for q in s.questions} == SELF_TESTS


SELF_TESTS = {"stance", "leg_li"}


def test_a_page_asks_one_thing_or_two_that_belong_together():
    plain = (Layout.QUESTIONS, Layout.BODY_CHART, Layout.SELF_TEST)
    assert all(1 <= len(s.questions) <= 2 for s in SECTIONS if s.layout in plain)


def test_a_question_never_depends_on_another_one_of_its_page_unless_it_opens_there():
    for section in SECTIONS:
        if section.layout not in (Layout.SAFETY, Layout.SIDE_GRID):
            own = {question.key for question in section.questions}
            assert not own & set(keys_read(section)), section.slug


def test_conditions_read_earlier_answers_only():
    earlier: set[str] = set()
    for section in SECTIONS:
        assert keys_read_by(section) <= earlier
        for question in section.questions:
            assert keys_read_by(question) <= earlier, question.key
            earlier.add(question.key)


def keys_read(section: Section) -> Iterator[str]:
    for item in (section, *section.questions):
        yield from keys_read_by(item)


def keys_read_by(item: Section | Question) -> set[str]:
    """Every key that a condition looks at, over many different people."""
    seen: set[str] = set()
    for answers in MANY_PEOPLE:
        item.condition(Watched(answers, seen))
    return seen


CHANCE = Random(5)
MANY_PEOPLE = [parse(random_record(CHANCE)) for _ in range(60)]


class Watched(dict[str, object]):
    """Answers that write down which keys were read."""

    def __init__(self, answers: Answers, seen: set[str]) -> None:
        super().__init__(answers)
        self.seen = seen

    def get(self, key: str, default: object = None) -> object:  # type: ignore[override]
        self.seen.add(key)
        return super().get(key, default)


def test_addresses_of_pages_are_unique_and_say_no_answer():
    slugs = [section.slug for section in SECTIONS]
    assert len(slugs) == len(set(slugs))
    assert all(re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", slug) for slug in slugs)


# --- words ------------------------------------------------------------------------------------


def spoken(question: Question) -> list[str]:
    """Everything that a patient reads about a question."""
    options = [text for o in question.options for text in (o.label, o.hint) if text]
    texts = [question.label, question.help, question.why, question.error, question.none_label]
    return [text for text in (*texts, *question.ends, *options) if text]


def all_words() -> Mapping[str, list[str]]:
    pages = {s.slug: [text for text in (s.title, s.intro) if text] for s in SECTIONS}
    return pages | {key: spoken(question) for key, question in QUESTIONS.items()}


@pytest.mark.parametrize("key", CONTRACT)
def test_each_question_says_what_is_asked_why_and_what_to_do_when_it_is_missing(key: str):
    question = QUESTIONS[key]
    assert question.label
    assert question.why.endswith(".")
    assert question.error.startswith(("Choose", "Enter", "Tick", "Write"))
    assert not question.error.endswith(".")


def test_a_page_gives_each_reason_once():
    for section in SECTIONS:
        reasons = [question.why for question in section.questions]
        assert len(reasons) == len(set(reasons)), section.slug


def test_each_question_can_be_told_from_every_other_by_its_words():
    labels = [question.label for question in QUESTIONS.values()]
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize("key", sorted(LISTS - {"reasons"}))
def test_a_list_can_be_answered_with_none_of_these(key: str):
    assert QUESTIONS[key].none_label == "None of these"


def test_at_least_one_reason_is_needed():
    assert QUESTIONS["reasons"].at_least == 1
    assert QUESTIONS["reasons"].none_label == ""


def test_every_scale_has_words_at_both_ends():
    scales = [q for q in QUESTIONS.values() if q.kind in (Kind.SCALE, Kind.GOALS)]
    assert all(all(question.ends) for question in scales)


def test_options_of_a_question_differ_in_value_and_label():
    for question in QUESTIONS.values():
        labels = [option.label for option in question.options]
        values = [option.value for option in question.options]
        assert len(set(labels)) == len(set(values)) == len(question.options), question.key


def test_every_sided_option_names_its_own_side():
    for question in QUESTIONS.values():
        for option in question.options:
            side = str(option.value).rpartition(":")[2]
            other = {"left": "right", "right": "left"}.get(side)
            if other:
                assert side in option.label.lower(), (question.key, option.value)
                assert other not in option.label.lower(), (question.key, option.value)


def test_places_are_grouped_by_region_with_their_sides():
    regions: dict[str, list[str]] = {}
    for option in QUESTIONS["places"].options:
        region, _, side = str(option.value).partition(":")
        regions.setdefault(f"{region}/{option.group}", []).append(side)
    assert len(regions) == 9
    assert regions.pop("low_back/Low back") == ["left", "middle", "right"]
    assert all(sides == ["left", "right"] for sides in regions.values())


FORBIDDEN = (
    "weak",
    "damage",
    "degenerat",
    "out of place",
    "crooked",
    "misalign",
    "abnormal",
    "red flag",
    "911",
    "!",
)


@pytest.mark.parametrize("word", FORBIDDEN)
def test_no_word_frightens_diagnoses_or_belongs_to_one_country(word: str):
    found = [(key, t) for key, texts in all_words().items() for t in texts if word in t.lower()]
    assert not found


def test_questions_read_at_sixth_grade_or_below():
    hard = {
        key: grade
        for key, texts in all_words().items()
        if texts and (grade := reading_grade(sentences(texts))) > 6
    }
    assert not hard
    everything = [s for texts in all_words().values() for s in sentences(texts)]
    assert reading_grade(everything) < 4


def sentences(texts: list[str]) -> list[str]:
    return [s for text in texts for s in re.split(r"[.?:]\s*|\n+", text) if re.search("[a-z]", s)]


def reading_grade(texts: list[str]) -> float:
    """Flesch-Kincaid grade, with syllables counted as groups of vowels."""
    words = [word for text in texts for word in re.findall(r"[a-z']+", text.lower())]
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub("e$", "", w)))) for w in words)
    return 0.39 * len(words) / len(texts) + 11.8 * syllables / len(words) - 15.59


# --- pictures ---------------------------------------------------------------------------------

DRAWINGS = Path(__file__).parents[2] / "static" / "figures"


def pictured():
    return [(q, o) for q in QUESTIONS.values() for o in q.options if o.picture]


def test_every_posture_question_has_its_drawings():
    assert {question.key for question, _ in pictured()} >= {
        "top_knee_drops",
        "side_lain_on",
        "knee_pillow",
        "standing_leg",
        "crossing_style",
        "top_leg",
        "stance_left",
        "stance_right",
    }
    for _, option in pictured():
        assert (DRAWINGS / f"{option.picture}.svg").is_file(), option.picture


def test_a_picture_shows_the_side_that_its_option_means():
    for question, option in pictured():
        meant = {"left", "right"} & {option.value, question.key.rpartition("_")[2]}
        if meant:
            assert option.picture.endswith(f"-{meant.pop()}"), (question.key, option.value)


def test_a_question_that_everybody_is_asked_says_so():
    unconditional = {key for key, q in QUESTIONS.items() if q.condition is always}
    assert {"consent", "age", "pain_now", "goals", "first_habit", "stance_left"} <= unconditional
