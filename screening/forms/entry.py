"""The form into which staff key a paper questionnaire: one short input a question, in its order.

A question is answered with the code printed beside the ticked box. What an answer may be, and which
questions are asked, is judged by `answers`, as on the patient's own pages.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from screening import answers as contract
from screening.anatomy import Tier
from screening.answers import Answer, AnswerError
from screening.forms.fields import QuestionField, goal_names, goal_problem
from screening.forms.identity import FILLED_BY, DateBound, IdentityFields
from screening.questionnaire import NUMBERS, PARTS, SECTIONS, Kind, Layout, Question, Section, paper
from screening.red_flags import triage

LONGEST_CODE = 60
WIDTHS = {Kind.MANY: "long"}
CHECK_KEYS = tuple(
    q.key for section in SECTIONS if section.layout is Layout.SELF_TEST for q in section.questions
)
IDENTITY_KEYS = ("full_name", "birth_date", "phone", "email", "filled_by")
CHECKS_CLOSED = "These answers do not allow the checks at home"


class CodeField(forms.CharField):
    """One question, answered with the code beside the box that is ticked on the paper."""

    def __init__(self, question: Question, *, optional: bool) -> None:
        super().__init__(
            required=False, label=question.label, max_length=LONGEST_CODE, help_text=question.help
        )
        self.question = question
        self.optional = optional

    def clean(self, value: Any) -> Answer | None:
        """The checked answer; None for an empty input. Raises ValidationError with what to type."""
        typed = super().clean(value)
        try:
            raw = paper.read(self.question, typed)
            return None if raw is None else contract.check_value(self.question, raw)
        except (paper.CodeError, AnswerError) as problem:
            raise ValidationError(f"Type {paper.told(self.question)}") from problem


@dataclass(frozen=True, kw_only=True)
class TypedGoal:
    """One thing that is hard: its text and its number from 0 to 10, as typed."""

    title: str
    text_name: str
    text: str
    score_name: str
    score: str
    error: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One question ready to print: its number, when it is asked, and what may be typed."""

    bound: forms.BoundField
    number: int
    when: str
    codes: tuple[tuple[str, str], ...]
    width: str
    error: str
    goals: tuple[TypedGoal, ...] = ()

    @property
    def described_by(self) -> str:
        """Ids of the codes and of the error."""
        ids = [f"{self.bound.auto_id}_codes"]
        return " ".join([*ids, f"{self.bound.auto_id}_error"] if self.error else ids)


@dataclass(frozen=True, kw_only=True)
class Group:
    """The rows of one page of the questionnaire; `part` is named where a new part begins."""

    part: str
    title: str
    rows: tuple[Row, ...]


class EntryForm(IdentityFields):
    """A whole paper questionnaire.

    After `is_valid`, `answers` are complete by the contract and `identity` says whom they are from.
    `not_asked` holds the keys of answers to questions that the other answers close: they are errors
    until `leave_out` says to drop them. `is_emergency` judges whatever could be read.
    """

    def __init__(self, data: QueryDict | None = None, *, today: date) -> None:
        super().__init__({}, data, age=_typed_age(data), today=today)
        self.answers: Mapping[str, Answer] = {}
        self.not_asked: tuple[str, ...] = ()
        self.fields["filled_by"] = CodeField(FILLED_BY, optional=False)
        self.initial["filled_by"] = paper.codes(FILLED_BY)["self"]
        for section in paper.ordered(SECTIONS):
            for question in section.questions:
                self.fields[question.key] = _field(question)
        self.fields["leave_out"] = forms.BooleanField(required=False)

    # --- reading ---

    def clean(self) -> dict[str, Any]:
        """Read the paper as a whole: what is missing, what is not asked, what contradicts."""
        given = super().clean()
        self.identity = {key: self.identity[key] for key in IDENTITY_KEYS if key in self.identity}
        values = {key: given[key] for key in NUMBERS if given.get(key) is not None}
        kept, self.not_asked = _as_asked(values)
        self.answers = kept
        for section in SECTIONS:
            self._ask_for_missing(section, kept)
        problem = contract.contradiction(kept)
        if problem is not None and problem.key not in self.errors:
            self.add_error(problem.key, str(problem))
        if not self.errors and not given.get("leave_out"):
            self._refuse_not_asked()
        return given

    def _ask_for_missing(self, section: Section, kept: Mapping[str, Answer]) -> None:
        for question in section.questions:
            is_open = section.condition(kept) and question.condition(kept)
            is_read = question.key in kept or question.key in self.errors
            if is_open and not question.optional and not is_read:
                self.add_error(question.key, question.error)

    def _refuse_not_asked(self) -> None:
        for key in self.not_asked:
            self.add_error(key, f"Not asked: {_reason(key)}. Correct this or that answer")

    @property
    def is_emergency(self) -> bool:
        """Whether the answers that could be read are an emergency, complete or not."""
        tier, _ = triage(self.answers)
        return tier is Tier.EMERGENCY

    @property
    def not_asked_numbers(self) -> list[int]:
        """The numbers of the questions that were answered without being asked."""
        return [NUMBERS[key] for key in self.not_asked if key in self.errors]

    # --- printing ---

    @property
    def names(self) -> list[forms.BoundField]:
        """Name, phone and address for mail."""
        return [self[name] for name in ("full_name", "phone", "email")]

    @property
    def born(self) -> DateBound:
        """The birth date in three parts."""
        return cast(DateBound, self["birth"])

    @property
    def filler(self) -> Row:
        """Who filled it in."""
        return self._row(SECTIONS[-1], FILLED_BY, 0)

    @property
    def groups(self) -> list[Group]:
        """Every question in the order of the numbers."""
        found, last = [], ""
        for section in paper.ordered(SECTIONS):
            if section.questions:
                rows = tuple(self._row(section, q, NUMBERS[q.key]) for q in section.questions)
                part = "" if section.part == last else PARTS[section.part]
                found.append(Group(part=part, title=section.title, rows=rows))
                last = section.part
        return found

    def _row(self, section: Section, question: Question, number: int) -> Row:
        bound = self[question.key]
        return Row(
            bound=bound,
            number=number,
            when=paper.when(section, question, NUMBERS),
            codes=_legend(question),
            width=WIDTHS.get(question.kind, "short"),
            error=str(bound.errors[0]) if bound.errors else "",
            goals=_goals(bound) if question.kind is Kind.GOALS else (),
        )

    def error_links(self) -> list[tuple[str, str]]:
        """(id of the control, number and what to do) for each error, in the order of the paper."""
        return [
            (self._target(name), self._message(name)) for name in self.fields if name in self.errors
        ]

    def _target(self, name: str) -> str:
        bound = self[name]
        return str(getattr(bound, "first_id", "") or bound.auto_id)

    def _message(self, name: str) -> str:
        error = str(self.errors[name][0])
        return f"{NUMBERS[name]}. {error}" if name in NUMBERS else error


def _field(question: Question) -> forms.Field:
    if question.kind is Kind.GOALS:
        return QuestionField(question, heading=False, optional=True)
    return CodeField(question, optional=question.optional)


def _goals(bound: forms.BoundField) -> tuple[TypedGoal, ...]:
    """The goals as typed; empty ones before anything was."""
    names = tuple(goal_names(bound.name))
    typed = list(bound.value() or [("", "")] * len(names))
    return tuple(
        TypedGoal(
            title=f"Activity {number}",
            text_name=text_name,
            text=text,
            score_name=score_name,
            score=score,
            error=goal_problem(text, score) if bound.form.is_bound else "",
        )
        for number, ((text_name, score_name), (text, score)) in enumerate(
            zip(names, typed, strict=True), start=1
        )
    )


def _typed_age(data: QueryDict | None) -> int | None:
    """The age as typed, so that the birth date can be compared with it."""
    text = data.get("age", "").strip() if data else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= len("110") else None


def _as_asked(values: Mapping[str, Answer]) -> tuple[Mapping[str, Answer], tuple[str, ...]]:
    """The answers to what is asked, and the keys of the others."""
    kept, dropped = contract.drop_closed(values)
    tier, _ = triage(kept)
    if contract.self_tests_offered(kept, tier):
        return kept, dropped
    checks = tuple(key for key in CHECK_KEYS if key in kept)
    return {key: kept[key] for key in kept if key not in checks}, (*dropped, *checks)


def _reason(key: str) -> str:
    """Why a question is not asked: its condition in words, which does not hold."""
    section = next(s for s in SECTIONS if any(q.key == key for q in s.questions))
    question = next(q for q in section.questions if q.key == key)
    words = paper.when(section, question, NUMBERS)
    if not words:
        return CHECKS_CLOSED if key in CHECK_KEYS else "it does not fit the other answers"
    return f"only “{words}”"


def _legend(question: Question) -> tuple[tuple[str, str], ...]:
    """Code and words of each box."""
    codes = paper.codes(question)
    found = [(codes[o.value], o.label) for o in question.options if codes[o.value] != o.label]
    if question.kind is Kind.TICK:
        return ((paper.TICK_CODES[0], "ticked"),)
    if question.none_label:
        found.append((paper.NONE_CODE, question.none_label))
    if question.kind in (Kind.NUMBER, Kind.SCALE):
        found.insert(0, (f"{question.minimum} to {question.maximum}", question.unit))
    return tuple(found) or (("", paper.told(question)),)
