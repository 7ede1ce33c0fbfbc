"""The dashboard of the practice: numbers as plots and tables, never a name of a patient."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from chiro.practice import audit, permissions, plots
from chiro.practice.plots import Plot, Series, percent
from exercises.services import dashboard
from exercises.services.dashboard import Agreement, Numbers
from screening import rules
from screening.questionnaire import SECTIONS

PERIODS = {
    "4": "Last 4 weeks",
    "12": "Last 12 weeks",
    "52": "Last year",
    "all": "Everything",
}
DEFAULT = "12"
MOST_WEEKS = 60
FOUR_WEEKS = 4
HOURS_A_DAY, MINUTES_AN_HOUR = 24, 60
FEW = 10
"""Under so many, a share or a median says little."""

MOST_PAIN = 10
HABITS = {
    "A1": "Top knee drops at night",
    "A2": "Stands on one leg",
    "A3": "Sits over 30 minutes",
    "A4": "Crosses the legs",
}
LEVELS = ("likely", "possible", "unlikely")
SHOWN_PAGES = 12


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The dashboard of a period."""
    if not request.user.has_perm(permissions.DASHBOARD):
        raise PermissionDenied
    period = request.GET.get("period", DEFAULT)
    period = period if period in PERIODS else DEFAULT
    found = dashboard.numbers(period, timezone.localdate())
    audit.record("dashboard read", actor=request.user, request=request)
    context = {
        **admin.site.each_context(request),
        "title": f"Practice dashboard, {PERIODS[period][0].lower()}{PERIODS[period][1:]}",
        "periods": [(key, name, key == period) for key, name in PERIODS.items()],
        "now": found.now,
        "only_examples": found.only_examples,
        "median": duration(found.median_minutes),
        "plots": [{"plot": plot, "notes": notes} for plot, notes in drawn(found)],
    }
    return TemplateResponse(request, "admin/exercises/dashboard.html", context)


def duration(minutes: int | None) -> str:
    """ "15 h", "40 min", "3 d": how long something took; a dash for nothing yet."""
    if minutes is None:
        return "-"
    if minutes < MINUTES_AN_HOUR:
        return f"{minutes} min"
    hours = round(minutes / MINUTES_AN_HOUR)
    return f"{hours} h" if hours < 2 * HOURS_A_DAY else f"{round(hours / HOURS_A_DAY)} d"


def drawn(found: Numbers) -> list[tuple[Plot, list[str]]]:
    """Every plot with the sentences under it."""
    return [
        (_submissions(found), []),
        (_habits(found), _few(found.sent)),
        (_levels(found), _few(found.sent)),
        (_time(found), _few(found.reviewed)),
        (
            _agreement(
                "Screen against examination",
                "Where an examination was recorded, the level that its findings suggest.",
                found.examined,
            ),
            _lower_and_higher(found.examined),
        ),
        (
            _agreement(
                "Screen against the chiropractor",
                "Where a final level was set.",
                found.decided,
            ),
            _lower_and_higher(found.decided),
        ),
        (_pain(found), _change(found)),
        (_drop_off(found), _unfinished(found)),
        (_rules(found), _few(found.sent)),
    ]


def _few(count: int) -> list[str]:
    if 0 < count < FEW:
        return [f"Only {count} so far: a share of so few says little."]
    return []


# --- submissions ------------------------------------------------------------------------------


def _submissions(found: Numbers) -> Plot:
    weeks = _bundled(found.weeks)
    bundle = "" if len(weeks) == len(found.weeks) else ", 4 weeks a bar"
    people = "1 was sent" if found.sent == 1 else f"{found.sent} were sent"
    return plots.bars(
        f"Submissions a week{bundle}",
        f"{people}. {found.flagged} had a flag.",
        [f"{week:%b %-d}" for week, _, _ in weeks],
        [
            Series(name="no flag", values=[sent - flagged for _, sent, flagged in weeks]),
            Series(name="any flag", values=[flagged for _, _, flagged in weeks]),
        ],
        head="Week of",
    )


def _bundled(weeks: Sequence[tuple[date, int, int]]) -> list[tuple[date, int, int]]:
    """Weeks, or bundles of 4 weeks where there are too many for bars."""
    if len(weeks) <= MOST_WEEKS:
        return list(weeks)
    parts = [weeks[at : at + FOUR_WEEKS] for at in range(0, len(weeks), FOUR_WEEKS)]
    return [
        (part[0][0], sum(sent for _, sent, _ in part), sum(flagged for _, _, flagged in part))
        for part in parts
    ]


def _habits(found: Numbers) -> Plot:
    rows = [(name, found.rules[rule], found.sent) for rule, name in HABITS.items()]
    return plots.shares(
        "Habits reported",
        f"Share of {_people(found.sent)}. A person can report more than one.",
        sorted(rows, key=lambda row: -row[1]),
        head=("Habit", "People", "Of"),
    )


def _people(count: int) -> str:
    return "1 submission" if count == 1 else f"{count} submissions"


def _levels(found: Numbers) -> Plot:
    rows = [
        (f"{level.capitalize()}, {side} hip", by_level[level], found.sent)
        for level in LEVELS
        for side, by_level in found.levels.items()
    ]
    return plots.shares(
        "Levels of the screen",
        f"Weakness by side, share of {_people(found.sent)}.",
        rows,
        head=("Level", "People", "Of"),
    )


def _time(found: Numbers) -> Plot:
    edges = (0, *dashboard.HOURS)
    labels = [f"{low}-{high} h" for low, high in pairwise(edges)]
    longer = found.hours[-1]
    median = f"Median {duration(found.median_minutes)}. " if found.reviewed else ""
    return plots.bars(
        "Time to review",
        f"From sending to the first plan approved or withheld. {median}"
        f"{longer} of {found.reviewed} took over 48 hours.",
        [*labels, "over 48"],
        [Series(name="submissions", values=found.hours)],
        head="Time",
    )


def _rules(found: Numbers) -> Plot:
    titles = {rule.id: f"{rule.id} {rule.title}" for rule in rules.RULES}
    rows = [(titles[rule], count, found.sent) for rule, count in found.rules.items()]
    return plots.shares(
        "How often each rule gave points",
        f"On at least one side, share of {_people(found.sent)}.",
        rows,
        head=("Rule", "People", "Of"),
    )


# --- agreement --------------------------------------------------------------------------------


def _agreement(title: str, summary: str, found: Sequence[Agreement]) -> Plot:
    rows = [(f"Same level, {one.side} hip", one.same, one.known) for one in found]
    return plots.shares(title, summary, rows, head=("Side", "Same", "Of"))


def _lower_and_higher(found: Sequence[Agreement]) -> list[str]:
    known = sum(one.known for one in found)
    if not known:
        return ["Nothing to compare yet."]
    told = [
        f"{one.side.capitalize()}: the screen was higher in {one.screen_higher} and lower in "
        f"{one.screen_lower} of {one.known} ({percent(one.same, one.known)}% the same)."
        for one in found
        if one.known
    ]
    return [*told, *_few(max(one.known for one in found)), "Agreement is not accuracy."]


# --- pain and drop-off ------------------------------------------------------------------------


def _pain(found: Numbers) -> Plot:
    return plots.middles(
        "Worst pain, median and middle half",
        "The line in each box is the middle person. Half of the people are inside the box.",
        found.pain,
        most=MOST_PAIN,
        head="Check-in",
    )


def _change(found: Numbers) -> list[str]:
    change = found.change
    if not change.known:
        return ["Nobody has answered at week 6 yet."]
    near = change.known - change.down - change.up
    return [
        f"Of {change.known} with a start and a week 6 score: {change.down} are down by 2 or more, "
        f"{near} are within 1, {change.up} are up by 2 or more.",
        "People who answer late or not at all are missing. Not proof that the plan did it.",
        *_few(change.known),
    ]


def _drop_off(found: Numbers) -> Plot:
    """The pages at which questionnaires were left, in the order of the pages."""
    left = sum(found.left.values())
    begun = found.sent + left
    titles = {section.slug: section.title for section in SECTIONS}
    rows = [(titles.get(page, page), found.left.get(page, 0), begun) for page in titles]
    stopped = [row for row in rows if row[1]]
    most = sorted(stopped, key=lambda row: -row[1])[:SHOWN_PAGES]
    return plots.shares(
        "Where questionnaires were left",
        f"Of {begun} that ended, {left} were left before the end ({percent(left, begun)}%).",
        [row for row in stopped if row in most],
        head=("First page without an answer", "Left", "Of"),
    )


def _unfinished(found: Numbers) -> list[str]:
    count = sum(found.unfinished.values())
    if not count:
        return []
    words = "1 is not finished yet" if count == 1 else f"{count} are not finished yet"
    return [f"{words} and can still be sent; they are not counted above."]
