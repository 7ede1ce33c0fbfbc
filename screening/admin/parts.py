"""The parts of the review form: the examination and the final levels. Each saves itself.

All parts stand in one HTML form, so that one press saves everything that was typed. A part reads
what was typed, says what is wrong, and hands its values to a service; it writes nothing itself.
`exercises.admin` adds the plan as one more part.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

from django import forms
from django.http import QueryDict

from chiro.practice.models import User
from screening import examination
from screening.admin.merging import Value
from screening.admin.page import measured
from screening.anatomy import SIDES
from screening.examination import BOTH, ExaminationError, Kind, Measure, Test
from screening.models import Examination, Review
from screening.services import review as reviews

GROUP_TITLES = {
    "strength": "Strength",
    "control": "Control",
    "length": "Muscle length",
    "joint": "Pain and joints",
    "nerve": "Nerve",
    "posture": "Posture and gait",
}
OPEN_GROUPS = ("strength", "control")
NOTE_LENGTH = 2000
EMPTY: tuple[Any, ...] = (None, "", [])


class Part(Protocol):
    """One part of the review form."""

    def values(self) -> dict[str, Value]:
        """Each control's name and what it holds now, as text."""

    def labels(self) -> dict[str, str]:
        """Each control's name in words, for the table of differences."""

    def is_valid(self) -> bool:
        """Say whether everything typed can be stored."""

    def errors(self) -> list[tuple[str, str]]:
        """What is wrong: the id of the control and what to do."""

    def save(self, by: User) -> None:
        """Hand what changed to its service. Raises RefusedError."""


def form_values(form: forms.Form) -> dict[str, Value]:
    """What the controls of a form hold, as text or lists of text."""
    return {field.html_name: as_text(field.value()) for field in form}


def as_text(value: Any) -> Value:
    """A control's value as a browser would send it, with plain ends of lines."""
    if isinstance(value, list | tuple):
        return [str(one) for one in value]
    return "" if value is None else str(value).replace("\r\n", "\n")


def form_errors(form: forms.Form) -> list[tuple[str, str]]:
    """The errors of a form with the id of the control."""
    return [
        (form[name].id_for_label if name in form.fields else "", str(text))
        for name, texts in form.errors.items()
        for text in texts
    ]


# --- examination ------------------------------------------------------------------------------


def _choice(measure: Measure) -> forms.Field:
    options = [("", ""), *(measure.options or {}).items()]
    return forms.ChoiceField(choices=options, required=False)


def _choices(measure: Measure) -> forms.Field:
    return forms.MultipleChoiceField(
        choices=list((measure.options or {}).items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


def _number(measure: Measure) -> forms.Field:
    kind = forms.FloatField if measure.decimals else forms.IntegerField
    return kind(required=False, min_value=measure.minimum, max_value=measure.maximum)


def _text(measure: Measure) -> forms.Field:
    return forms.CharField(required=False, max_length=measure.maximum)


FIELDS = {Kind.ONE: _choice, Kind.MANY: _choices, Kind.NUMBER: _number, Kind.TEXT: _text}


class ExaminationForm(forms.Form):
    """Every measure of every test, a field a side; all optional, all empty at first."""

    prefix = "exam"
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for test in examination.TESTS:
            for measure in test.measures:
                for side in examination.SIDES_OF[measure.key]:
                    self.fields[f"{measure.key}-{side}"] = _field(test, measure, side)
        self.fields["note"] = forms.CharField(
            required=False,
            max_length=NOTE_LENGTH,
            label="Note on the examination",
            widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        )


def _field(test: Test, measure: Measure, side: str) -> forms.Field:
    field = FIELDS[measure.kind](measure)
    words = [test.name, measure.label, *([] if side == BOTH else [side])]
    field.label = ", ".join(words)
    if measure.kind is not Kind.MANY:
        field.widget.attrs["aria-label"] = field.label
    return field


class ExaminationPart:
    """The examination form of a screening."""

    def __init__(self, review: Review, data: QueryDict | None) -> None:
        self.screening = review.screening
        self.stored = Examination.objects.filter(screening=self.screening).first()
        self.previous = reviews.examination_before(self.screening)
        self.form = ExaminationForm(data, initial=self._initial())

    def _initial(self) -> dict[str, Any]:
        if self.stored is None:
            return {}
        found = {
            f"{key}-{side}": value
            for key, by_side in self.stored.findings.items()
            for side, value in by_side.items()
        }
        return {**found, "note": self.stored.note}

    def values(self) -> dict[str, Value]:
        """Each control's name and what it holds now, as text."""
        return form_values(self.form)

    def labels(self) -> dict[str, str]:
        """Each control's name in words."""
        return {field.html_name: str(field.label) for field in self.form}

    def is_valid(self) -> bool:
        """Say whether every value is one that its test allows."""
        if not self.form.is_valid():
            return False
        try:
            examination.check(self.findings())
        except ExaminationError as problem:
            self.form.add_error(_control(problem.key), str(problem))
            return False
        return True

    def errors(self) -> list[tuple[str, str]]:
        """What is wrong, test by test."""
        return form_errors(self.form)

    def findings(self) -> dict[str, dict[str, Any]]:
        """The typed values by measure and side, empty ones left out."""
        found: dict[str, dict[str, Any]] = {}
        for name, value in self.form.cleaned_data.items():
            key, _, side = name.rpartition("-")
            if key and value not in EMPTY:
                found.setdefault(key, {})[side] = _plain(value)
        return found

    def save(self, by: User) -> None:
        """Record the examination when a value or the note changed."""
        new, note = examination.check(self.findings()), self.form.cleaned_data["note"]
        old = self.stored.findings if self.stored else {}
        if new != old or note != (self.stored.note if self.stored else ""):
            reviews.record_examination(screening=self.screening, by=by, findings=new, note=note)

    def groups(self) -> Iterator[dict[str, Any]]:
        """The tests by group, ready to print: "3 of 4 done"."""
        for group, title in GROUP_TITLES.items():
            tests = [test for test in examination.TESTS if test.group == group]
            rows = [self._row(test) for test in tests]
            done = sum(row["done"] for row in rows)
            wrong = any(row["wrong"] for row in rows)
            yield {
                "title": title,
                "rows": rows,
                "done": f"{done} of {len(rows)} done",
                "open": group in OPEN_GROUPS or done > 0 or wrong,
            }

    def _row(self, test: Test) -> dict[str, Any]:
        names = SIDES if test.per_side else (BOTH,)
        cells = [
            (side, [self._measure(test, one, side) for one in test.measures]) for side in names
        ]
        fields = [measure["field"] for _, measures in cells for measure in measures]
        return {
            "name": test.name,
            "help": test.interpretation,
            "per_side": test.per_side,
            "cells": cells,
            "done": any(field.value() not in EMPTY for field in fields),
            "wrong": any(field.errors for field in fields),
        }

    def _measure(self, test: Test, measure: Measure, side: str) -> dict[str, Any]:
        return {
            "field": self.form[f"{measure.key}-{side}"],
            "label": measure.label if len(test.measures) > 1 else "",
            "unit": measure.unit,
            "many": measure.kind is Kind.MANY,
            "previous": self._before(measure, side),
        }

    def _before(self, measure: Measure, side: str) -> str:
        """What the patient's last examination found here, in words; "" for nothing."""
        found = self.previous.findings.get(measure.key, {}) if self.previous else {}
        return measured(measure, found[side]) if side in found else ""


def _control(key: str) -> str | None:
    """The form's field for the key of an ExaminationError, `measure_side`."""
    measure, _, side = key.rpartition("_")
    return f"{measure}-{side}" if measure in examination.MEASURES else None


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


# --- final levels -----------------------------------------------------------------------------


class LevelsForm(forms.Form):
    """The final level of each side, and why it differs from the screen's."""

    prefix = "level"
    use_required_attribute = False

    left = forms.ChoiceField(
        choices=Review.FINAL_LEVELS, required=False, widget=forms.RadioSelect, label="Left hip"
    )
    right = forms.ChoiceField(
        choices=Review.FINAL_LEVELS, required=False, widget=forms.RadioSelect, label="Right hip"
    )
    reason = forms.CharField(
        required=False,
        max_length=reviews.REASON_LENGTH,
        label="Reason, one line, needed if you differ from the screen",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )


class LevelsPart:
    """The final levels of a screening; absent while the levels are withheld."""

    def __init__(self, review: Review, data: QueryDict | None) -> None:
        self.review = review
        initial = {"left": review.final_left, "right": review.final_right, "reason": ""}
        self.form = LevelsForm(data, initial=initial)

    def values(self) -> dict[str, Value]:
        """Each control's name and what it holds now, as text."""
        return form_values(self.form)

    def labels(self) -> dict[str, str]:
        """Each control's name in words."""
        return {
            "level-left": "Final level, left",
            "level-right": "Final level, right",
            "level-reason": "Reason for the level",
        }

    def is_valid(self) -> bool:
        """Say whether there is a reason where one is needed."""
        if not self.form.is_valid():
            return False
        typed = self.form.cleaned_data
        lacking = not typed["reason"].strip() and self._changed()
        if lacking and reviews.differs(self.review.screening, typed["left"], typed["right"]):
            self.form.add_error("reason", "Say in one line why the level differs from the screen.")
            return False
        return True

    def errors(self) -> list[tuple[str, str]]:
        """What is wrong."""
        return form_errors(self.form)

    def _changed(self) -> bool:
        typed = self.form.cleaned_data
        return (typed["left"], typed["right"]) != (self.review.final_left, self.review.final_right)

    def save(self, by: User) -> None:
        """Set the levels when one of them changed."""
        typed = self.form.cleaned_data
        if self._changed():
            reviews.set_levels(screening=self.review.screening, by=by, **typed)


def all_values(parts: Iterable[Part]) -> dict[str, Value]:
    """What the controls of all parts hold."""
    return {name: value for part in parts for name, value in part.values().items()}


def all_labels(parts: Iterable[Part]) -> dict[str, str]:
    """The words of all controls."""
    return {name: words for part in parts for name, words in part.labels().items()}


def as_data(values: Mapping[str, Value]) -> QueryDict:
    """Values as a browser would post them; what is empty is left out, as of a list of ticks."""
    data = QueryDict(mutable=True)
    for name, value in values.items():
        if value in EMPTY:
            continue
        data.setlist(name, [value] if isinstance(value, str) else list(value))
    return data
