"""The blank questionnaire on paper: every page, question and option of `SECTIONS`, ready to print.

No question is worded here. What this module adds is what paper needs: how to fill it in, what to do
at an answer that cannot wait, and who may do the checks at home. Nothing of a patient is inside.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from django.utils import translation
from django.utils.translation import gettext, gettext_lazy

from chiro.practice.models import Practice
from chiro.practice.translation import translated
from exercises.papers import body
from screening import answers as contract
from screening.anatomy import Tier
from screening.answers import Answer
from screening.forms.identity import FILLED_BY, IdentityFields
from screening.questionnaire import (
    NUMBERS,
    PARTS,
    QUESTIONS,
    SECTIONS,
    VERSION,
    Kind,
    Layout,
    Option,
    Question,
    Section,
    paper,
)
from screening.red_flags import triage
from screening.services import pathway
from screening.wording import question_in_language, section_in_language

TEMPLATE = "exercises/paper_questionnaire.html"
CSS = "css/paper.css"
FILE_NAME = "blank-questionnaire.pdf"
ON_THE_BODY = "places"
"""The question with the body chart."""

NAME_FIELDS = ("full_name", "phone", "email")
SIDE_WORDS = {"L": gettext_lazy("Left"), "M": gettext_lazy("Middle"), "R": gettext_lazy("Right")}
GOAL_LINES = contract.MOST_GOALS
LONG_WORD = 7
"""A word of so many letters does not fit the narrow column of a box."""

SAFETY_KEYS = tuple(q.key for s in SECTIONS if s.part == paper.SAFETY for q in s.questions)
FIRST_SAFETY, LAST_SAFETY = (NUMBERS[SAFETY_KEYS[at]] for at in (0, -1))


def compose(practice: Practice) -> dict[str, Any]:
    """Everything the blank sheet says, as JSON-able values."""
    sections = [section_in_language(s) for s in paper.ordered(SECTIONS) if s.questions]
    first, others = _split(sections)
    return {
        "practice": {
            "name": practice.name,
            "phone": practice.phone,
            "address": practice.address,
            "emergency_number": practice.emergency_number,
            "accent": practice.accent,
        },
        "language": translation.get_language() or "en",
        "version": VERSION,
        "count": len(NUMBERS),
        "identity": _identity(),
        "safety": [_section(section) for section in first],
        "numbers": {"first": FIRST_SAFETY, "last": LAST_SAFETY},
        "parts": _parts(others),
    }


def _split(sections: Iterable[Section]) -> tuple[list[Section], list[Section]]:
    """Consent and the safety pages, and the rest."""
    first: list[Section] = []
    rest: list[Section] = []
    for section in sections:
        lowest = min(NUMBERS[question.key] for question in section.questions)
        (first if lowest <= LAST_SAFETY else rest).append(section)
    return first, rest


def _identity() -> dict[str, Any]:
    fields, filled_by = IdentityFields.base_fields, question_in_language(FILLED_BY)
    return {
        "lines": [str(fields[name].label) for name in NAME_FIELDS],
        "birth": str(fields["birth"].label),
        "filled_by": {"label": filled_by.label, "options": _options(filled_by)},
    }


def _parts(sections: Iterable[Section]) -> list[dict[str, Any]]:
    """The parts of the questionnaire; the checks at home are a part of their own, at the end."""
    found: dict[str, dict[str, Any]] = {}
    for section in sections:
        is_check = section.layout is Layout.SELF_TEST
        title = gettext("Two checks at home") if is_check else translated(PARTS[section.part])
        part = found.setdefault(title, {"title": title, "sections": [], "limits": []})
        part["sections"].append(_section(section))
        if is_check:
            part["limits"] = check_limits()
    return list(found.values())


def check_limits() -> list[str]:
    """Who may do the checks at home, by the numbers of the questions; `answers` decides again."""
    gaps: dict[str, object] = {
        **{f"number_{key}": number for key, number in NUMBERS.items()},
        "first": FIRST_SAFETY,
        "last": LAST_SAFETY,
        "age": contract.SELF_TEST_AGE,
        "now": contract.MOST_PAIN_NOW,
        "worst": contract.MOST_PAIN_WORST,
        "months": contract.SURGERY_HEALED_MONTHS,
    }
    limits = (
        gettext("You ticked No in every question from {first} to {last}."),
        gettext(
            "You are 18 or older, and younger than {age} ({number_age}). You are not pregnant and "
            "had no baby in the last 12 weeks ({number_pregnancy})."
        ),
        gettext(
            "Your pain is {now} or less now ({number_pain_now}), and {worst} or less at its worst "
            "({number_pain_worst}). Nothing is new or getting worse in your legs "
            "({number_leg_symptoms})."
        ),
        gettext(
            "You had no fall ({number_falls}), you feel steady ({number_unsteady}), and you had no "
            "operation in the last {months} months ({number_surgery})."
        ),
    )
    return [limit.format_map(gaps) for limit in limits]


# --- one page ---------------------------------------------------------------------------------


def _section(section: Section) -> dict[str, Any]:
    items = [_item(section, question) for question in section.questions]
    shared = {item["when"] for item in items}
    when = shared.pop() if len(shared) == 1 and len(items) > 1 else ""
    if when:
        items = [{**item, "when": ""} for item in items]
    in_grid = section.layout in (Layout.SAFETY, Layout.SIDE_GRID)
    return {
        "title": section.title if len(items) > 1 or section.layout is Layout.SELF_TEST else "",
        "intro": [] if in_grid else [asdict(block) for block in pathway.intro_blocks(section)],
        "when": when,
        "columns": _columns(section) if in_grid else [],
        "long": in_grid and _are_long(_columns(section)),
        "items": _in_columns(items, _columns(section)) if in_grid else items,
        "is_consent": section.questions[0].kind is Kind.TICK,
    }


def _columns(section: Section) -> list[dict[str, Any]]:
    """The heads of a table of ticks: the options that most of its questions share."""
    return _options(section.questions[0])


def _are_long(columns: Iterable[Mapping[str, Any]]) -> bool:
    """Whether the head of a column needs more room than its box."""
    return any(len(word) >= LONG_WORD for column in columns for word in column["label"].split())


def _in_columns(items: list[dict[str, Any]], columns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Mark the rows whose options are those of the columns; others print their own words."""
    heads = [(column["code"], column["label"]) for column in columns]
    return [
        {**item, "aligned": [(o["code"], o["label"]) for o in item["options"]] == heads}
        for item in items
    ]


def _item(section: Section, question: Question) -> dict[str, Any]:
    is_places = any(option.group for option in question.options)
    return {
        "key": question.key,
        "number": NUMBERS[question.key],
        "label": question.label,
        "help": question.help,
        "when": paper.when(section, question, NUMBERS, translated),
        "optional": question.optional and section.layout is not Layout.SELF_TEST,
        "kind": question.kind.value,
        "options": [] if is_places else _options(question),
        "sides": list(_sides(question).values()) if is_places else [],
        "rows": _rows(question) if is_places else [],
        "views": body.views(paper.codes(question)) if question.key == ON_THE_BODY else [],
        "none": _none(question),
        "scale": _scale(question),
        "ends": question.ends,
        "digits": ["_"] * len(str(question.maximum)) if question.kind is Kind.NUMBER else [],
        "unit": question.unit,
        "lines": list(range(1, GOAL_LINES + 1)) if question.kind is Kind.GOALS else [],
    }


def _codes(question: Question) -> Mapping[str | int, str]:
    """The codes of the question, which are the same in every language."""
    return paper.codes(QUESTIONS.get(question.key, question))


def _none(question: Question) -> dict[str, str] | None:
    if not question.none_label:
        return None
    return {"code": paper.NONE_CODE, "label": question.none_label}


def _scale(question: Question) -> list[int]:
    """The numbers in a row; the other answers of a scale are its options."""
    if question.kind not in (Kind.SCALE, Kind.GOALS):
        return []
    return list(range(question.minimum or 0, (question.maximum or 0) + 1))


def _options(question: Question) -> list[dict[str, Any]]:
    """The boxes of a question with code and words; a scale's numbers stand in their own row."""
    if question.kind is Kind.TICK:
        return [{"code": paper.TICK_CODES[0], "label": question.label, "hint": "", "stop": False}]
    codes = _codes(question)
    return [
        {
            "code": codes[option.value],
            "label": option.label,
            "hint": option.hint,
            "stop": _cannot_wait(question, option.value),
        }
        for option in question.options
        if question.kind is not Kind.SCALE or not isinstance(option.value, int)
    ]


def _cannot_wait(question: Question, value: Answer) -> bool:
    """Whether this answer by itself is an emergency."""
    if question.key not in SAFETY_KEYS:
        return False
    opener = paper.opener(question, QUESTIONS)
    answers: dict[str, Answer] = {opener: "yes"} if opener else {}
    tier, _ = triage({**answers, question.key: value})
    return tier is Tier.EMERGENCY


def _rows(question: Question) -> list[dict[str, Any]]:
    """One row a body region or thing, with a box for each of its sides."""
    codes = _codes(question)
    return [
        {
            "code": codes[options[0].value].rstrip("LMR"),
            "label": label,
            "hint": next((option.hint for option in options if option.hint), ""),
            "cells": [_cell(side, options, codes) for side in _sides(question)],
            "single": _single(options, codes),
        }
        for label, options in paper.rows(question).items()
    ]


def _sides(question: Question) -> dict[str, str]:
    """Letter -> word of the sides that the question's places have, from left to right."""
    letters = {code[-1] for code in _codes(question).values()}
    return {letter: str(word) for letter, word in SIDE_WORDS.items() if letter in letters}


def _cell(side: str, options: Iterable[Option], codes: Mapping[str | int, str]) -> str:
    """The code of the box for this side of a row; empty where the row has none."""
    return next((codes[o.value] for o in options if codes[o.value].endswith(side)), "")


def _single(options: Iterable[Option], codes: Mapping[str | int, str]) -> str:
    """The code of a row without sides."""
    return next((codes[o.value] for o in options if codes[o.value].isdigit()), "")
