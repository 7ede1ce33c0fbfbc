"""`manage.py write_guide`: write the tables of `docs/clinicians.md` from the rules and tests.

What stands between `<!-- NAME -->` and `<!-- end of NAME -->` is written here; everything else in
the file is written by hand. With `--check` it only says whether the file is current.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from chiro.practice import guide
from screening import examination, prompts, red_flags, rules, rulesets
from screening.anatomy import Tier
from screening.sources import SOURCES, Mark

MARKS = {
    Mark.SEEN: "read",
    Mark.SECONDARY: "as reported by another text",
    Mark.ESTABLISHED: "well known, not opened again",
    Mark.MEMORY: "from memory: read it before you rely on it",
}
TIERS = {
    Tier.NONE: "none",
    Tier.CLINICIAN_FIRST: "clinician first",
    Tier.SAME_DAY: "same day",
    Tier.EMERGENCY: "emergency",
}


class Command(BaseCommand):
    """Renew the generated tables of the guide for clinicians."""

    help = "Write the tables of docs/clinicians.md from the rules, tests and sources."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--check` changes nothing."""
        parser.add_argument("--check", action="store_true", help="fail when it is not current")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file, or fail when `--check` finds it old."""
        old = guide.FILE.read_text("utf-8")
        new = renewed(old)
        if options["check"]:
            if new != old:
                raise CommandError("docs/clinicians.md is old: run manage.py write_guide")
            return
        guide.FILE.write_text(new, "utf-8")


def renewed(text: str) -> str:
    """The text with each generated part written anew. Raises KeyError for a missing part."""
    for name, write in PARTS.items():
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end of {name} -->)", re.S)
        text, count = pattern.subn(lambda found, w=write: f"{found[1]}\n{w()}\n\n{found[2]}", text)  # type: ignore[misc]
        if count != 1:
            raise KeyError(name)
    return text


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table; a bar inside a cell is escaped."""
    lines = [list(head), *map(list, rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(words: str) -> str:
    return " ".join(words.split()).replace("|", "\\|")


def _keys(sources: Iterable[str]) -> str:
    return ", ".join(f"`{key}`" for key in sources)


def rules_table() -> str:
    """Every rule: what it may earn at most, what it says, how well it is founded."""
    points = rulesets.load().points
    return table(
        ("Rule", "Finding", "Points", "What it means", "Evidence", "Limits", "Sources"),
        (
            (
                rule.id,
                rule.title,
                _most(points.get(rule.id, {})),
                rule.clinician,
                rule.evidence,
                rule.evidence_note,
                _keys(rule.sources),
            )
            for rule in rules.RULES
        ),
    )


def _most(points: Any) -> str:
    values = [value for key, value in points.items() if not key.endswith("age")]
    return f"up to {max(values)}" if values else ""


def tests_table() -> str:
    """Every clinic test: how to read it, what it does to the suggestion, how well it is founded."""
    return table(
        ("Test", "How to read it", "What it does to the suggestion", "Evidence", "Sources"),
        (
            (test.name, test.interpretation, test.effect, test.evidence, _keys(test.sources))
            for test in examination.TESTS
        ),
    )


def flags_table() -> str:
    """Every safety item and the tier it raises at most."""
    return table(
        ("Item", "What it looks for", "Tiers of its answers"),
        ((item.code, item.name, _tiers(item)) for item in red_flags.ITEMS),
    )


def _tiers(item: red_flags.Item) -> str:
    """The tiers by answer; other answers can raise or make it, as the code says."""
    own = [f"{str(answer).replace('_', ' ')}: {TIERS[tier]}" for answer, tier in item.tiers.items()]
    if item.sharpened:
        own.append("higher together with other answers")
    if item.derived:
        own.append("also from other answers")
    return "; ".join(own)


def prompts_table() -> str:
    """What the screen asks the clinician to think of."""
    return table(
        ("Think of", "What to do", "Evidence", "Sources"),
        (
            (prompt.title, prompt.note, prompt.evidence, _keys(prompt.sources))
            for prompt in prompts.PROMPTS
        ),
    )


def sources_table() -> str:
    """Every publication, with how far it was verified."""
    return table(
        ("Key", "Publication", "Used for", "Verified"),
        (
            (
                f"`{key}`",
                f"{source.citation} doi:{source.doi}" if source.doi else source.citation,
                source.used_for,
                MARKS[source.mark],
            )
            for key, source in SOURCES.items()
        ),
    )


PARTS: dict[str, Callable[[], str]] = {
    "rules": rules_table,
    "tests": tests_table,
    "flags": flags_table,
    "prompts": prompts_table,
    "sources": sources_table,
}
"""Name of a generated part -> what writes it."""
