"""What a draft of the rules would change: for the example patients and for stored screenings.

Nothing is written: a stored screening keeps the result that its patient read.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from screening import answers as contract
from screening import assessment, examples
from screening.answers import Answers
from screening.assessment import Assessment
from screening.models import Screening
from screening.rulesets import RuleSet

MOST_SCREENINGS = 10_000
"""The newest so many stored screenings are looked at: a few seconds' work."""
CHUNK = 500


@dataclass(frozen=True, kw_only=True)
class ExampleEffect:
    """One example patient before and after: levels and totals of each side."""

    name: str
    patient: str
    withheld: bool
    before: dict[str, tuple[str, int]]
    after: dict[str, tuple[str, int]]

    @property
    def changes(self) -> bool:
        """Whether a level differs on a side."""
        return not self.withheld and any(
            self.before[side][0] != self.after[side][0] for side in self.before
        )


@dataclass(frozen=True, kw_only=True)
class Move:
    """So many sides went from one level to another."""

    side: str
    before: str
    after: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Proof:
    """The effect of a draft. `unreadable` records belong to another questionnaire."""

    examples: tuple[ExampleEffect, ...]
    looked_at: int
    stored: int
    changed: int
    moves: tuple[Move, ...]
    unreadable: int

    @property
    def examples_changed(self) -> int:
        """How many example patients would get another level."""
        return sum(example.changes for example in self.examples)

    def to_json(self) -> dict[str, Any]:
        """The counts and the examples that change, to be kept with a published version."""
        return {
            "examples": len(self.examples),
            "examples_changed": [asdict(found) for found in self.examples if found.changes],
            "looked_at": self.looked_at,
            "stored": self.stored,
            "changed": self.changed,
            "moves": [asdict(move) for move in self.moves],
            "unreadable": self.unreadable,
        }


def of(base: RuleSet, draft: RuleSet) -> Proof:
    """Compare two rulesets on every example patient and on the newest stored screenings."""
    moves: Counter[tuple[str, str, str]] = Counter()
    looked_at = changed = unreadable = 0
    for answers, before in _stored(base):
        looked_at += 1
        if answers is None or before is None:
            unreadable += 1
            continue
        found = _moves(before, assessment.assess(answers, draft))
        moves.update(found)
        changed += bool(found)
    return Proof(
        examples=tuple(_effect(example, base, draft) for example in examples.load()),
        looked_at=looked_at,
        stored=Screening.objects.count(),
        changed=changed,
        moves=tuple(
            Move(side=side, before=old, after=new, count=count)
            for (side, old, new), count in sorted(moves.items())
        ),
        unreadable=unreadable,
    )


def _stored(base: RuleSet) -> Iterator[tuple[Answers | None, Assessment | None]]:
    """Answers and what the base makes of them; Nones for a record of another questionnaire."""
    rows = Screening.objects.order_by("-pk").values_list("answers", flat=True)
    for record in rows[:MOST_SCREENINGS].iterator(chunk_size=CHUNK):
        try:
            answers = contract.parse(record)
        except contract.AnswerError:
            yield None, None
            continue
        yield answers, assessment.assess(answers, base)


def _moves(before: Assessment, after: Assessment) -> list[tuple[str, str, str]]:
    return [
        (side, old["level"], new["level"])
        for side, old, new in _sides(before, after)
        if old["level"] != new["level"]
    ]


def _sides(
    before: Assessment, after: Assessment
) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    old, new = assessment.to_json(before), assessment.to_json(after)
    for side in ("left", "right"):
        yield side, old[side], new[side]  # type: ignore[misc]


def _effect(example: examples.Example, base: RuleSet, draft: RuleSet) -> ExampleEffect:
    before = assessment.assess(example.answers, base)
    after = assessment.assess(example.answers, draft)
    pairs = tuple(_sides(before, after))
    return ExampleEffect(
        name=example.name,
        patient=example.patient,
        withheld=before.triage.value != "none",
        before={side: (old["level"], old["total"]) for side, old, _ in pairs},
        after={side: (new["level"], new["total"]) for side, _, new in pairs},
    )
