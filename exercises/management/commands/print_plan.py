"""`manage.py print_plan`: the printed plan of one record of answers, without a database row.

A sample for looking at the paper. It is marked as not checked, and refuses every record that a
person must see first.
"""

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext_lazy, override

from chiro.languages import ENGLISH, by_code
from exercises import handout, library, pdf, planner, records
from exercises.handout.showed import Told
from screening import answers as contract
from screening import assessment as rules
from screening import rulesets

SAMPLE_NUMBER = "000000"
SAMPLE_NAME = gettext_lazy("Sample patient")
SAMPLE_NOTICE = gettext_lazy("Sample print. No chiropractor has checked this plan.")


class Command(BaseCommand):
    """Print the plan of one record to a PDF file; status 1 with one sentence when it cannot."""

    help = "Print the home-exercise plan of one record of answers as a sample PDF."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The record, the paper and the names to print."""
        parser.add_argument("--answers", required=True, type=Path, metavar="FILE")
        parser.add_argument("--language", choices=sorted(by_code()), default=ENGLISH)
        parser.add_argument("--paper", choices=sorted(pdf.PAPERS), default="letter")
        parser.add_argument("--name", default=SAMPLE_NAME)
        parser.add_argument("--clinician", default="")
        parser.add_argument("-o", "--output", required=True, type=Path, metavar="OUT.pdf")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, assess, plan, print."""
        record = _record(options["answers"])
        with override(options["language"]):
            content = sample(record, name=options["name"], clinician=options["clinician"])
        try:
            options["output"].write_bytes(pdf.render(content, paper=options["paper"]))
        except (OSError, pdf.PrintError) as problem:
            raise CommandError(f"The PDF could not be written: {problem}") from problem
        self.stdout.write(f"Printed {options['output']}")


def _record(path: Path) -> dict[str, object]:
    """The one record of a file. Raises CommandError with one sentence."""
    try:
        return records.read(path.read_bytes())
    except OSError as problem:
        raise CommandError(f"{path} cannot be read: {problem.strerror}.") from problem
    except records.RecordError as problem:
        key = f" ({problem.key})" if problem.key else ""
        raise CommandError(f"{path} cannot be used: {problem}{key}.") from problem


def sample(record: Mapping[str, object], *, name: str, clinician: str = "") -> dict[str, Any]:
    """Everything the sample says. Raises CommandError for bad answers and for a withheld plan."""
    try:
        answers = contract.parse(record)
    except contract.AnswerError as problem:
        raise CommandError(f"The answers cannot be used: {problem.key}: {problem}") from problem
    ruleset, cards = rulesets.load(), library.load()
    assessment = rules.assess(answers, ruleset)
    draft = planner.plan(assessment, answers, cards, ruleset)
    if draft is None:
        tier = assessment.triage.value
        raise CommandError(f"No plan is printed: these answers need a person first ({tier}).")
    told = (
        Told(rule=reason.rule, side=reason.side, counted=reason.counted, sentence=reason.told)
        for reason in rules.explain(answers, assessment, ruleset)
    )
    left, right = assessment.left.level, assessment.right.level
    return handout.write(
        issuer=handout.Issuer(),
        heading=_heading(assessment, name, clinician),
        findings=handout.findings(left, right, contract.to_json(answers), told, examined=False),
        items=handout.items_of(draft),
        minutes=draft.minutes,
        open_slugs=planner.open_cards(assessment, answers, cards, ruleset),
        advice=draft.advice,
    )


def _heading(assessment: rules.Assessment, name: str, clinician: str) -> handout.Heading:
    return handout.Heading(
        number=SAMPLE_NUMBER,
        version=1,
        patient=str(name),
        clinician=clinician,
        on=timezone.localdate(),
        questionnaire=assessment.questionnaire,
        ruleset=assessment.ruleset,
        notice=str(SAMPLE_NOTICE),
    )
