"""The plan as a part of the review form: its rows as typed, and the steps of its buttons.

A row's controls are `row-SLUG-FIELD`; the hidden `row` controls give the order. A button of the
table (up, down, easier, harder, add) saves what was typed and then does its step.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from django import forms
from django.http import QueryDict

from chiro.languages import by_code
from chiro.practice.models import Practice, User
from chiro.practice.offered import offered
from exercises import figures, pictures, shelf
from exercises.library import Card, Sides
from exercises.library.cards import MUSCLES, POSITIONS, WORKED_SIDES
from exercises.models import OWN_SLUG, Plan
from exercises.planner.patient import Patient
from exercises.planner.tables import REP_SECONDS, SET_UP_SECONDS
from exercises.services import cautions, planning, templates
from exercises.services import rows as plan_rows
from exercises.services.rows import Row, Rows
from screening.admin.merging import ORDER, ROW, ROWS, Value
from screening.admin.parts import form_errors, form_values
from screening.models import Review
from screening.services.review import RefusedError

TEXT_LENGTH = {"because": 400, "note": 300, "override": 300}
MESSAGE_LENGTH = 300
WARN_ABOVE = 4

NUMBERS: Mapping[str, tuple[str, int, int]] = {
    "sets_left": ("Sets left", 0, 6),
    "sets_right": ("Sets right", 0, 6),
    "sets_both": ("Sets", 1, 6),
    "reps": ("Times", 1, 50),
    "hold_seconds": ("Hold s", 0, 180),
    "rest_seconds": ("Rest s", 0, 300),
    "times_a_day": ("A day", 1, 12),
    "days_per_week": ("Days", 1, 7),
}
"""Field of a row -> heading, lowest and highest value."""

TEXTS = {
    "because": "Why it is on the sheet",
    "note": "Own note, printed",
    "override": "Why it is used although it is blocked",
    "first_side": "Begin",
}
"""Other field of a row -> its words."""

ONE_SIDED = ("sets_left", "sets_right")
SIDES_TO_BEGIN = (("", "Either"), ("left", "Left first"), ("right", "Right first"))

LADDERS = {
    "ABD-side": "Side hip, lying or propped",
    "BRIDGE": "Bridges",
    "CORE": "Trunk",
    "STAND-pelvis": "Standing, pelvis level",
    "STAND-abd": "Standing, leg to the side",
    "SQUAT": "Squats and steps",
    "HINGE": "Hip hinge",
    "HIPFLEX": "Front-of-hip stretches",
    "": "Others",
}
OWN_GROUP, HABITS = "Your own", "Habits"


class RowForm(forms.Form):
    """One row of the plan. Which dose fields there are depends on the card."""

    use_required_attribute = False

    def __init__(
        self, card: Card, data: QueryDict | None, row: Row | None, *, blocks: str = ""
    ) -> None:
        initial = {name: getattr(row, name) for name in Row.__dataclass_fields__} if row else {}
        super().__init__(data, prefix=f"{ROWS}-{card.slug}", initial=initial)
        self.card = card
        for name in dose_fields(card):
            self.fields[name] = _number(name)
        if card.sides is Sides.EACH:
            self.fields["first_side"] = forms.ChoiceField(
                choices=SIDES_TO_BEGIN, required=False, label="Begin"
            )
        for name in ("because", "note"):
            self.fields[name] = _text(name, TEXTS[name])
        if blocks:
            self.fields["override"] = _text("override", TEXTS["override"])
            self.fields["override"].required = True
            self.fields["override"].error_messages["required"] = (
                f"Blocked for {blocks}. Write why you use it all the same, or remove it."
            )
        self.fields["remove"] = forms.BooleanField(required=False, label="Remove")
        for name, field in self.fields.items():
            field.widget.attrs["aria-label"] = f"{card.name}, {field.label}"
            if name in NUMBERS:
                field.widget.attrs["class"] = "tiny"

    @property
    def doses(self) -> list[forms.BoundField]:
        """The number fields, in the order of the table."""
        return [self[name] for name in NUMBERS if name in self.fields]


def dose_fields(card: Card) -> list[str]:
    """The dose fields that a card has: sets a side or for both, repetitions unless it is timed."""
    if card.dose is None:
        return []
    sets = ONE_SIDED if card.sides is Sides.EACH else ("sets_both",)
    reps = ("reps",) if card.dose.reps else ()
    return [*sets, *reps, "hold_seconds", "rest_seconds", "times_a_day", "days_per_week"]


def _number(name: str) -> forms.IntegerField:
    label, low, high = NUMBERS[name]
    return forms.IntegerField(label=label, min_value=low, max_value=high)


def _text(name: str, label: str) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(required=False, max_length=TEXT_LENGTH[name], label=label, widget=widget)


class PlanForm(forms.Form):
    """What belongs to the whole plan: the message on it, and the exercise to add."""

    prefix = "plan"
    use_required_attribute = False

    message = forms.CharField(
        required=False,
        max_length=MESSAGE_LENGTH,
        label="Message, printed below the title",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    language = forms.ChoiceField(required=False, label="Language of the plan")

    def offer(self, spoken: str) -> None:
        """Let choose among the practice's languages and the patient's; none where there is one."""
        found = {one.code: one.name for one in offered(Practice.current())}
        if spoken in by_code():
            found.setdefault(spoken, by_code()[spoken].name)
        if len(found) == 1:
            del self.fields["language"]
            return
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(found.items())


def card_labels() -> dict[str, str]:
    """The words of a row and of its fields, for every card there is."""
    fields = {name: label for name, (label, *_) in NUMBERS.items()} | TEXTS
    words = {"plan-message": "Message on the plan", "plan-language": "Language of the plan"}
    for slug, card in shelf.cards().items():
        words[f"{ROW}{slug}"] = card.name
        words |= {f"{ROWS}-{slug}-{name}": f"{card.name}: {fields[name]}" for name in fields}
    return words


class PlanPart:
    """The draft plan of a screening in the review form."""

    def __init__(self, plan: Plan, review: Review, data: QueryDict | None) -> None:
        self.plan, self.review, self.data = plan, review, data
        self.cards = shelf.cards()
        self.stored = {row.slug: row for row in planning.rows_of(plan)}
        first = {"message": plan.message, "language": plan.language or plan.screening.language}
        self.form = PlanForm(data, initial=first)
        self.form.offer(plan.screening.language)
        self.forms = [self._row_form(slug) for slug in self.slugs]

    @property
    def slugs(self) -> list[str]:
        """The cards of the rows, in the order of the table."""
        if self.data is None:
            return list(self.stored)
        return [slug for slug in dict.fromkeys(self.data.getlist(ROWS)) if slug in self.cards]

    def _row_form(self, slug: str) -> RowForm:
        card = self.cards[slug]
        blocks = cautions.of(card, self.patient).blocks
        return RowForm(card, self.data, self.stored.get(slug), blocks=blocks)

    @cached_property
    def patient(self) -> Patient:
        """What the planner knows of the patient."""
        return planning.patient_of(self.review)

    # --- a part of the form -------------------------------------------------------------------

    def values(self) -> dict[str, Value]:
        """Each control's name and what it holds now, as text."""
        kept = [form for form in self.forms if not form["remove"].value()]
        values: dict[str, Value] = {ROWS: [form.card.slug for form in kept]}
        values |= form_values(self.form)
        for form in kept:
            values.update(form_values(form))
        return {name: value for name, value in values.items() if not name.endswith("-remove")}

    def labels(self) -> dict[str, str]:
        """Each control's name in words."""
        words = {ROWS: "Rows of the plan", "plan-message": "Message on the plan"}
        words |= {"plan-language": "Language of the plan", ORDER: "Order of the rows"}
        for form in self.forms:
            words[f"{ROW}{form.card.slug}"] = form.card.name
            words.update({field.html_name: f"{form.card.name}: {field.label}" for field in form})
        return words

    def is_valid(self) -> bool:
        """Say whether every row can be stored. A row to be removed may hold anything."""
        valid = [form.is_valid() or self._is_removed(form) for form in self.forms]
        return self.form.is_valid() and all(valid)

    def _is_removed(self, form: RowForm) -> bool:
        return bool(form.cleaned_data.get("remove"))

    def errors(self) -> list[tuple[str, str]]:
        """What is wrong, row by row, with the name of the exercise."""
        found = form_errors(self.form)
        for form in self.forms:
            found += [(control, f"{form.card.name}: {text}") for control, text in form_errors(form)]
        return found

    def save(self, by: User) -> None:
        """Store the rows as typed, after the step of the button that was pressed."""
        rows = self._after_step(tuple(self._typed()))
        typed = self.form.cleaned_data
        planning.change(
            plan=self.plan,
            by=by,
            rows=rows,
            message=typed["message"],
            language=typed.get("language") or None,
            act=self.act,
        )

    act = "changed by hand"

    def preview(self, by: User) -> dict[str, Any]:
        """What the plan would say as typed. Call after `is_valid`. Raises RefusedError."""
        typed = self.form.cleaned_data
        return planning.preview(
            plan=self.plan,
            by=by,
            rows=tuple(self._typed()),
            message=typed["message"],
            language=typed.get("language") or "",
        )

    def _typed(self) -> Iterator[Row]:
        for form in self.forms:
            if not self._is_removed(form):
                typed = {k: v for k, v in form.cleaned_data.items() if k != "remove"}
                yield replace(self.stored.get(form.card.slug) or self._new(form.card), **typed)

    def _new(self, card: Card) -> Row:
        return plan_rows.chosen(card, self.patient)

    # --- the buttons of the table -------------------------------------------------------------

    def _after_step(self, rows: Rows) -> Rows:
        do, _, slug = self._pressed("do").partition(":")
        step = STEPS.get(do)
        return step(self, rows, slug) if step else rows

    def _pressed(self, name: str) -> str:
        return str(self.data.get(name, "")) if self.data is not None else ""

    def move(self, rows: Rows, slug: str, by: int) -> Rows:
        """The rows with one a place up or down."""
        places = [row.slug for row in rows]
        return plan_rows.moved(rows, places.index(slug), by) if slug in places else rows

    def swap(self, rows: Rows, slug: str, way: str) -> Rows:
        """The rows with one replaced by its easier or harder neighbour."""
        neighbour = getattr(self.cards[slug], way) if slug in self.cards else ""
        if not neighbour:
            raise RefusedError("There is no such step on this ladder.")
        return tuple(
            plan_rows.swapped(row, self.cards[neighbour], self.patient) if row.slug == slug else row
            for row in rows
        )

    def add(self, rows: Rows, slug: str) -> Rows:
        """The rows with a card of the library at the end; a blocked one with its reason."""
        if slug not in self.cards:
            raise RefusedError("Choose an exercise to add.")
        why = self._pressed(f"why-{slug}")[: TEXT_LENGTH["override"]]
        return (*rows, replace(self._new(self.cards[slug]), override=why))

    def apply(self, rows: Rows, slug: str) -> Rows:
        """The rows of a template, as far as nothing blocks them for this patient."""
        template = templates.find(self._pressed("plan-template"))
        if template is None:
            raise RefusedError("Choose a template first.")
        applied = templates.applied(template, rows, self.cards, self.patient)
        self.act = applied.told
        return applied.rows

    # --- ready to print -----------------------------------------------------------------------

    def rows(self) -> Iterator[dict[str, Any]]:
        """Each row with its form, its neighbours, its cautions and what speaks against it."""
        exercises = [form for form in self.forms if form.card.dose]
        for number, form in enumerate(self.forms, start=1):
            yield {
                "form": form,
                "number": number if form.card.dose else "",
                "name": form.card.name,
                "slug": form.card.slug,
                "pictures": self._pictures(form),
                "worked": WORKED_SIDES.get(form.card.worked_side, ""),
                "is_habit": form.card.dose is None,
                "first": form is self.forms[0] or (exercises and number == len(exercises) + 1),
                "last": form is self.forms[-1] or number == len(exercises),
                "easier": self._neighbour(form.card.easier),
                "harder": self._neighbour(form.card.harder),
                "cautions": self._cautions(form.card),
                **self._against(form.card),
            }

    def _pictures(self, form: RowForm) -> list[str]:
        card = form.card
        if card.dose is not None and card.slug not in figures.figure_names():
            return [pictures.address(photo.file) for photo in card.photos]
        return [
            pictures.address(file) for file in figures.figure_files(card.slug, self._side(form))
        ]

    def _against(self, card: Card) -> dict[str, Any]:
        """What blocks a card for this patient and what to know besides, ready to print."""
        found = cautions.of(card, self.patient)
        return {"blocks": found.blocks, "warnings": found.warnings}

    def _side(self, form: RowForm) -> str:
        """The side to draw: the one to begin with."""
        return str(form["first_side"].value() or "right") if "first_side" in form.fields else "both"

    def _neighbour(self, slug: str) -> dict[str, Any] | None:
        """The next card of the ladder that is not on the plan, with what blocks it."""
        if slug not in self.cards or slug in self.slugs:
            return None
        card = self.cards[slug]
        return {"name": card.name, "blocks": cautions.of(card, self.patient).blocks}

    def _cautions(self, card: Card) -> tuple[str, ...]:
        row = self.stored.get(card.slug)
        return row.cautions if row else self._new(card).cautions

    def state(self) -> dict[str, Any]:
        """Count and minutes of the stored draft, and what they exceed."""
        rows = tuple(self.stored.values())
        count = sum(not row.is_habit for row in rows)
        minutes = plan_rows.minutes(rows)
        budget = self.budget
        return {
            "version": self.plan.version,
            "count": count,
            "minutes": f"{minutes:g}",
            "budget": budget,
            "over": f"{minutes - budget:.1f}" if minutes > budget else "",
            "many": count > WARN_ABOVE,
        }

    def shelf(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """The library to add from: group -> its cards, without what is on the plan."""
        groups: dict[str, list[dict[str, Any]]] = {OWN_GROUP: []}
        groups |= {title: [] for title in [*LADDERS.values(), HABITS]}
        hidden = shelf.retired().union(self.slugs)
        for card in self.cards.values():
            if card.slug not in hidden:
                groups[_group(card)].append(self._on_shelf(card))
        return [(title, cards) for title, cards in groups.items() if cards]

    def _on_shelf(self, card: Card) -> dict[str, Any]:
        """A card to add: its name, what to find it by, what speaks against it."""
        muscles = (word for muscle in card.muscles for word in MUSCLES[muscle])
        called = card.slug.replace("-", " ")  # the clinicians' name, such as dead bug
        found_by = (card.name, called, _group(card), POSITIONS[card.position], *muscles)
        return {
            "slug": card.slug,
            "name": card.name,
            "found_by": " ".join(found_by).lower(),
            "why": self._pressed(f"why-{card.slug}"),
            **self._against(card),
        }

    @property
    def timing(self) -> dict[str, int]:
        """The numbers of the formula for minutes, for the script that follows typing."""
        return {
            "rep": REP_SECONDS,
            "set_up": SET_UP_SECONDS,
            "budget": self.budget,
            "most": WARN_ABOVE,
        }

    @property
    def budget(self) -> int:
        """The minutes a day that the patient has."""
        return int(str(self.review.screening.answers["minutes"]))

    @property
    def templates(self) -> list[tuple[int, str]]:
        """The templates to choose from."""
        return templates.offered()


def _group(card: Card) -> str:
    if card.slug.startswith(OWN_SLUG):
        return OWN_GROUP
    return HABITS if card.dose is None else LADDERS[card.ladder]


STEPS: Mapping[str, Callable[[PlanPart, Rows, str], Rows]] = {
    "up": lambda part, rows, slug: part.move(rows, slug, -1),
    "down": lambda part, rows, slug: part.move(rows, slug, 1),
    "easier": lambda part, rows, slug: part.swap(rows, slug, "easier"),
    "harder": lambda part, rows, slug: part.swap(rows, slug, "harder"),
    "add": lambda part, rows, slug: part.add(rows, slug),
    "apply": lambda part, rows, slug: part.apply(rows, slug),
}
"""The word before the colon of a button's value -> what it does to the rows."""
