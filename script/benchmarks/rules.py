"""Speed of the rules: one record inside one process, and ten thousand through the command."""

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from exercises import library, planner
from screening import answers, assessment, rulesets
from script.benchmarks.figures import Figure, microseconds_each, report
from script.benchmarks.sample_records import records

SAMPLE = 1_000
COMMAND_RECORDS = 10_000
ASSESS_GOAL_MICROSECONDS = 50
COMMAND_GOAL_SECONDS = 5


def measure() -> Iterator[Figure]:
    """Yield the figures of the rules, the one with a goal first."""
    raw = list(records(SAMPLE))
    parsed = [answers.parse(record) for record in raw]
    rules, cards = rulesets.load("1"), library.load()

    def whole(record: dict[str, object]) -> object:
        """Do all that the command does for one line, but reading and writing it."""
        given = answers.parse(record)
        return planner.plan(assessment.assess(given, rules), given, cards, rules)

    each = microseconds_each(lambda given: assessment.assess(given, rules), parsed)
    yield Figure(name="assess, a record", value=each, unit="µs", goal=ASSESS_GOAL_MICROSECONDS)
    yield Figure(
        name="parse, assess and plan, a record", value=microseconds_each(whole, raw), unit="µs"
    )
    yield Figure(
        name=f"manage.py assess, {COMMAND_RECORDS:,} records on one core",
        value=seconds_of_command(),
        unit="s",
        goal=COMMAND_GOAL_SECONDS,
    )


def seconds_of_command() -> float:
    """Return the seconds of one core that `manage.py assess` takes, its start included."""
    lines = "\n".join(json.dumps(record) for record in records(COMMAND_RECORDS))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "manage.py", "assess"],
        cwd=Path(__file__).resolve().parent.parent.parent,
        input=lines,
        text=True,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


if __name__ == "__main__":
    report(measure())
