"""From a card's TOML file to a `Card`, or an error that names the file and the field.

Core: standard library only. One function a table; a field that nobody read is unknown. What holds
between cards is in `ladders`.
"""

import tomllib
from collections.abc import Collection, Mapping
from datetime import date, datetime
from types import MappingProxyType

from exercises.library.cards import (
    CAUTIONS,
    EQUIPMENT,
    LADDERS,
    LANGUAGE,
    MUSCLES,
    POSITIONS,
    RELEASED_STAGE,
    STAGES,
    WORKED_SIDES,
    Card,
    Dose,
    Emg,
    Habit,
    Kind,
    Pose,
    Range,
    Sides,
    Words,
)
from screening.sources import SOURCES

STEPS = Range(low=4, high=6)
STEP_LENGTH = 60
DIFFICULTY = Range(low=1, high=10)
MEASURES = ("percent_mvic", "gluteal_to_tfl_index")
HABIT_RULES = ("A1", "A2", "A3", "A4")
STAGE_OF = {Kind.MOBILITY: "M", Kind.HABIT: "H"}
NO_CAUTION = "none"
LIMITS: Mapping[str, Range] = {
    "sets": Range(low=1, high=5),
    "reps": Range(low=1, high=30),
    "hold_seconds": Range(low=0, high=120),
    "rest_seconds": Range(low=0, high=180),
    "times_a_day": Range(low=1, high=10),
    "days_per_week": Range(low=1, high=7),
}
"""Field -> the least and the most that makes sense; seconds, times and days."""


class CardError(ValueError):
    """A card that does not hold. str() names the file, the field and what is wrong."""

    def __init__(self, file: str, field: str, wrong: str) -> None:
        super().__init__(f"{file}: {field}: {wrong}")
        self.file = file
        self.field = field


_MISSING = object()


class Table:
    """One table of a file: hands out checked fields and knows which nobody asked for."""

    def __init__(self, file: str, path: str, values: object) -> None:
        self.file, self.path = file, path
        if not isinstance(values, dict):
            raise CardError(file, path, "needs a table.")
        self.values: dict[str, object] = values
        self.read: set[str] = set()

    def error(self, key: str, wrong: str) -> CardError:
        """An error about one field of this table."""
        return CardError(self.file, f"{self.path}.{key}" if self.path else key, wrong)

    def take(self, key: str, default: object = _MISSING) -> object:
        """The raw value; `default` when absent, an error when there is none."""
        self.read.add(key)
        value = self.values.get(key, default)
        if value is _MISSING:
            raise self.error(key, "is missing.")
        return value

    def text(self, key: str, default: object = _MISSING) -> str:
        """A text; may only be empty when that is the default."""
        value = self.take(key, default)
        if not isinstance(value, str) or (not value.strip() and value != default):
            raise self.error(key, "needs a text.")
        return value

    def one_of(self, key: str, known: Collection[str], default: object = _MISSING) -> str:
        """A text that is one of `known`, or the default."""
        value = self.text(key, default)
        if value not in known and value != default:
            raise self.error(key, f"does not know {value!r}.")
        return value

    def texts(self, key: str, default: object = _MISSING) -> tuple[str, ...]:
        """A list of texts without repeats; may only be empty when that is the default."""
        values = self.take(key, default)
        if not isinstance(values, list) or not (values or default == []):
            raise self.error(key, "needs a list of texts.")
        if not all(isinstance(value, str) and value.strip() for value in values):
            raise self.error(key, "needs a list of texts.")
        if len(set(values)) < len(values):
            raise self.error(key, "says one thing twice.")
        return tuple(values)

    def some_of(
        self, key: str, known: Collection[str], default: object = _MISSING
    ) -> tuple[str, ...]:
        """A list of texts that are all among `known`."""
        values = self.texts(key, default)
        for value in values:
            if value not in known:
                raise self.error(key, f"does not know {value!r}.")
        return values

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        value = self.take(key, default)
        if not isinstance(value, bool):
            raise self.error(key, "needs true or false.")
        return value

    def whole(self, key: str, limits: Range, default: object = _MISSING) -> int:
        """A whole number within limits, or the default."""
        value = self.take(key, default)
        if value == default:
            return value  # type: ignore[return-value]
        return self._within(key, value, limits)

    def range(self, key: str, default: object = _MISSING) -> Range:
        """A whole number, or two from low to high, within the limits of that field."""
        value = self.take(key, default)
        pair = value if isinstance(value, list) else [value, value]
        if len(pair) != 2:
            raise self.error(key, "needs a whole number or two, low and high.")
        low, high = (self._within(key, number, LIMITS[key]) for number in pair)
        if low > high:
            raise self.error(key, "needs the lower number first.")
        return Range(low=low, high=high)

    def _within(self, key: str, value: object, limits: Range) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.error(key, "needs a whole number.")
        if not limits.low <= value <= limits.high:
            raise self.error(key, f"needs {limits.low} to {limits.high}.")
        return value

    def table(self, key: str) -> "Table":
        """A table within this one."""
        path = f"{self.path}.{key}" if self.path else key
        return Table(self.file, path, self.take(key))

    def tables(self, key: str) -> list["Table"]:
        """A list of tables, empty when absent."""
        values = self.take(key, [])
        if not isinstance(values, list):
            raise self.error(key, "needs a list of tables.")
        path = f"{self.path}.{key}" if self.path else key
        return [Table(self.file, f"{path}[{at}]", value) for at, value in enumerate(values, 1)]

    def done(self) -> None:
        """Refuse a field that nobody asked for."""
        for key in sorted(set(self.values) - self.read):
            raise self.error(key, "is not known.")


def read_card(file: str, text: str) -> Card:
    """The card of one file; `file` is its name, `<slug>.toml`.

    Raises CardError that names the file and the first field that does not hold.
    """
    table = parse(file, text)
    card = _card(table)
    table.done()
    return card


def parse(file: str, text: str) -> Table:
    """The whole of a TOML file as a table. Raises CardError when it is no TOML."""
    try:
        return Table(file, "", tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise CardError(file, "TOML", f"{error}.") from error


def _card(table: Table) -> Card:
    slug = table.text("slug")
    if table.file != f"{slug}.toml":
        raise table.error("slug", f"is {slug!r}; it needs the name of its file.")
    kind = Kind(table.one_of("kind", list(Kind)))
    habit = kind is Kind.HABIT
    ladder = table.one_of("ladder", LADDERS, default="")
    sides = None if habit else Sides(table.one_of("sides", list(Sides)))
    sources, note, reviewed_by, reviewed_on = _provenance(table.table("provenance"))
    return Card(
        slug=slug,
        kind=kind,
        stage=_stage(table, kind),
        difficulty=0 if habit else table.whole("difficulty", DIFFICULTY),
        ladder=ladder,
        easier=_neighbour(table, "easier", ladder),
        harder=_neighbour(table, "harder", ladder),
        muscles=table.some_of("muscles", MUSCLES),
        position=table.one_of("position", POSITIONS),
        equipment=table.some_of("equipment", EQUIPMENT, default=[]),
        optional_equipment=table.some_of("optional_equipment", EQUIPMENT, default=[]),
        sides=sides,
        worked_side=_worked_side(table, sides),
        clinician_released=_released(table),
        cautions=_cautions(table),
        dose=None if habit else _dose(table.table("dose"), sides),
        habit=_habit(table.table("habit")) if habit else None,
        emg=tuple(_emg(row, sources) for row in table.tables("emg")),
        sources=sources,
        source_note=note,
        reviewed_by=reviewed_by,
        reviewed_on=reviewed_on,
        pose=_pose(table.table("pose")),
        words=MappingProxyType({LANGUAGE: _words(table.table(LANGUAGE), table, kind)}),
    )


def _stage(table: Table, kind: Kind) -> str:
    stage = table.one_of("stage", STAGES)
    wanted = STAGE_OF.get(kind)
    if wanted and stage != wanted:
        raise table.error("stage", f"a {kind} card needs stage {wanted!r}.")
    if not wanted and stage in STAGE_OF.values():
        raise table.error("stage", f"a {kind} card needs stage 1 to 4.")
    return stage


def _neighbour(table: Table, key: str, ladder: str) -> str:
    slug = table.text(key, default="")
    if slug and not ladder:
        raise table.error(key, "only a card on a ladder has a neighbour.")
    return slug


def _worked_side(table: Table, sides: Sides | None) -> str:
    if sides is Sides.EACH:
        return table.one_of("worked_side", WORKED_SIDES)
    return ""


def _released(table: Table) -> bool:
    released = table.flag("clinician_released", default=False)
    if (table.values.get("stage") == RELEASED_STAGE) != released:
        raise table.error("clinician_released", "belongs to stage 4, and stage 4 needs it.")
    return released


def _cautions(table: Table) -> tuple[str, ...]:
    cautions = table.some_of("cautions", (*CAUTIONS, NO_CAUTION))
    if NO_CAUTION not in cautions:
        return cautions
    if len(cautions) > 1:
        raise table.error("cautions", "says none and more than none.")
    return ()


def _dose(table: Table, sides: Sides | None) -> Dose:
    timed = table.flag("timed", default=False)
    if timed and sides is not Sides.EACH:
        raise table.error("timed", "only a one-sided card is timed.")
    times_a_day = table.whole("times_a_day", LIMITS["times_a_day"], default=1)
    dose = Dose(
        sets=table.range("sets"),
        reps=None if timed else table.range("reps"),
        hold_seconds=table.range("hold_seconds") if timed else table.range("hold_seconds", 0),
        rest_seconds=table.whole("rest_seconds", LIMITS["rest_seconds"], default=None),
        times_a_day=times_a_day,
        times_a_day_irritable=table.whole(
            "times_a_day_irritable", LIMITS["times_a_day"], default=times_a_day
        ),
        days_per_week=table.range("days_per_week"),
    )
    table.done()
    return dose


def _habit(table: Table) -> Habit:
    habit = Habit(
        rule=table.one_of("rule", HABIT_RULES),
        times_a_day=table.whole("times_a_day", LIMITS["times_a_day"], default=None),
        days_per_week=table.range("days_per_week"),
    )
    table.done()
    return habit


def _emg(table: Table, sources: tuple[str, ...]) -> Emg:
    measures = [measure for measure in MEASURES if measure in table.values]
    if len(measures) != 1:
        raise table.error("percent_mvic", "needs one number: percent_mvic or an index.")
    low, high = _figures(table, measures[0])
    emg = Emg(
        muscle=table.one_of("muscle", MUSCLES),
        measure=measures[0],
        low=low,
        high=high,
        sd=_figures(table, "sd")[0] if "sd" in table.values else None,
        source=table.one_of("source", sources),
        verified=table.flag("verified", default=True),
        note=table.text("note"),
    )
    table.done()
    return emg


def _figures(table: Table, key: str) -> tuple[float, float]:
    value = table.take(key)
    pair = [
        _figure(table, key, number) for number in (value if isinstance(value, list) else [value])
    ]
    if len(pair) not in (1, 2) or pair != sorted(pair):
        raise table.error(key, "needs one number or two, the lower first.")
    return pair[0], pair[-1]


def _figure(table: Table, key: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        raise table.error(key, "needs a number above 0, or two.")
    return value


def _provenance(table: Table) -> tuple[tuple[str, ...], str, str, date]:
    sources = table.some_of("sources", SOURCES)
    note, reviewer = table.text("note"), table.text("reviewed_by")
    on = table.take("reviewed_on")
    if not isinstance(on, date) or isinstance(on, datetime):
        raise table.error("reviewed_on", "needs a date.")
    table.done()
    return sources, note, reviewer, on


def _pose(table: Table) -> Pose:
    pose = Pose(
        view=table.text("view"),
        start=table.text("start"),
        end=table.text("end"),
        arrow=table.text("arrow"),
    )
    table.done()
    return pose


def _words(table: Table, card: Table, kind: Kind) -> Words:
    habit, steps = kind is Kind.HABIT, table.texts("steps")
    if not STEPS.low <= len(steps) <= STEPS.high:
        raise table.error("steps", f"needs {STEPS.low} to {STEPS.high} steps.")
    for step in steps:
        if len(step) > STEP_LENGTH:
            raise table.error("steps", f"is over {STEP_LENGTH} characters: {step!r}")
    words = Words(
        title=table.text("title"),
        purpose=table.text("purpose"),
        steps=steps,
        mistakes=table.texts("mistakes"),
        cue=table.text("cue"),
        **{key: table.text(key) for key in (_HABIT_WORDS if habit else _EXERCISE_WORDS)},
        cautions=_caution_words(table, _cautions(card)),
    )
    table.done()
    return words


_EXERCISE_WORDS = ("feel", "too_hard", "too_easy")
_HABIT_WORDS = ("advice", "target", "evidence")


def _caution_words(table: Table, cautions: tuple[str, ...]) -> Mapping[str, str]:
    if not cautions:
        return MappingProxyType({})
    notes = table.table("cautions")
    words = {tag: notes.text(tag) for tag in cautions}
    notes.done()
    return MappingProxyType(words)
