"""Numbers and codes of the paper: each answer has one code, and typing it gives the answer back."""

import re

import pytest

from screening.questionnaire import NUMBERS, QUESTIONS, SECTIONS, Kind, Question, paper
from screening.questionnaire.declaration import always

CODED = [q for q in QUESTIONS.values() if paper.codes(q)]


def test_every_question_has_a_number_of_its_own_without_a_gap() -> None:
    assert list(NUMBERS.values()) == list(range(1, len(QUESTIONS) + 1))
    assert NUMBERS.keys() == QUESTIONS.keys()


def test_consent_and_safety_come_first_and_the_rest_keeps_its_order() -> None:
    parts = [section.part for section in paper.ordered(SECTIONS)]
    assert parts[:5] == ["start", "safety", "safety", "safety", "safety"]
    rest = list(paper.ordered(SECTIONS)[5:])
    assert rest == [s for s in SECTIONS if s in rest]


@pytest.mark.parametrize("question", CODED, ids=lambda question: question.key)
def test_each_option_has_a_code_of_its_own_that_reads_back(question: Question) -> None:
    codes = paper.codes(question)
    assert codes.keys() == {option.value for option in question.options}
    assert len(set(codes.values())) == len(codes)
    for value, code in codes.items():
        back = paper.read(question, f" {code.lower()} ")
        assert back == ([value] if question.kind is Kind.MANY else value)


@pytest.mark.parametrize("question", CODED, ids=lambda question: question.key)
def test_rows_fit_one_digit(question: Question) -> None:
    if question.kind is Kind.MANY:
        assert all(re.fullmatch(r"[1-9][LMR]?", code) for code in paper.codes(question).values())


def test_sides_and_yes_or_no_have_the_letters_that_they_begin_with() -> None:
    assert paper.codes(QUESTIONS["limp"]) == {
        "no": "N",
        "left": "L",
        "right": "R",
        "both": "B",
        "not_sure": "U",
    }
    assert paper.codes(QUESTIONS["places"])["low_back:middle"] == "1M"


@pytest.mark.parametrize("typed", ["0", " 0 "])
def test_zero_says_none_of_these(typed: str) -> None:
    assert paper.read(QUESTIONS["places"], typed) == []


def test_b_behind_a_row_stands_for_both_its_sides() -> None:
    expected = ["buttock:left", "buttock:right", "knee:right"]
    assert paper.read(QUESTIONS["places"], "3b 8R") == expected


@pytest.mark.parametrize("typed", ["", "  "])
def test_nothing_typed_is_no_answer(typed: str) -> None:
    assert paper.read(QUESTIONS["limp"], typed) is None


def test_where_none_of_these_is_no_answer_zero_is_refused() -> None:
    with pytest.raises(paper.CodeError):
        paper.read(QUESTIONS["reasons"], "0")


def test_every_condition_names_earlier_numbers_only() -> None:
    for section in SECTIONS:
        for question in section.questions:
            when = paper.when(section, question, NUMBERS)
            conditional = question.condition is not always or section.condition is not always
            assert bool(when) == conditional, question.key
            named = [
                int(n) for n in re.findall(r"\b(?:to|in|or|\() ?(\d+)\b", when.replace("(", "( "))
            ]
            assert all(n < NUMBERS[question.key] for n in named), question.key
