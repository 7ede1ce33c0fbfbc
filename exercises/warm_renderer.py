"""Loaded once by the server that forks the renderers: importing it makes WeasyPrint ready.

What stands in memory here need not be loaded again by any of them: fonts, styles, templates, what
`exercises.quicker` keeps, and nothing of a patient. Where it cannot be made ready, each renderer
finds out on its own and says so.
"""

from contextlib import suppress
from datetime import date
from typing import Any

import django

django.setup()

from exercises import handout, pdf  # noqa: E402  models can be imported only now
from exercises.planner import PlanCard  # noqa: E402
from screening.anatomy import Level  # noqa: E402


def nobodys_plan() -> dict[str, Any]:
    """A plan with the parts that most plans have, for nobody."""
    doses = (
        PlanCard(
            slug=slug,
            slot="ABD",
            sets=sets,
            reps=10,
            hold_seconds=2,
            rest_seconds=45,
            times_a_day=1,
            days_per_week=3,
            first_side="",
            because="",
            cautions=("A caution.",),
        )
        for slug, sets in (("clamshell", {"left": 2, "right": 3}), ("sit-to-stand", {"both": 2}))
    )
    items = [handout.Item(slug=dose.slug, because="A reason.", dose=dose) for dose in doses]
    items.append(handout.Item(slug="habit-sleep-pillow", because="A reason.", dose=None))
    return handout.write(
        issuer=handout.Issuer(),
        heading=handout.Heading(
            number="0",
            version=1,
            patient="Nobody",
            clinician="Nobody",
            on=date(2000, 1, 1),
            questionnaire="1",
            ruleset="1",
        ),
        findings=handout.Findings(
            left=Level.UNLIKELY, right=Level.LIKELY, pain_worst=1, goals=("a goal",)
        ),
        items=items,
        minutes=10,
        open_slugs=(),
        advice=(),
    )


with suppress(Exception):
    pdf.warm(nobodys_plan())
