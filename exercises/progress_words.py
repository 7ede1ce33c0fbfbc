"""What a patient's progress says in words: whole sentences, ready to translate."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from exercises import follow_up
from exercises.check_in_forms import change_words
from exercises.services.check_ins import Point


def rows(points: Sequence[Point]) -> list[dict[str, Any]]:
    """From the start to the last check-in: worst pain, each activity, what the patient says."""
    first, last = points[0], points[-1]
    found = []
    if first.pain_worst is not None and last.pain_worst is not None:
        words = _pain_words(first.pain_worst, last.pain_worst)
        name = _("Worst pain, last 7 days")
        found.append(_row(name, first.pain_worst, last.pain_worst, words))
    for before, after in zip(first.activities, last.activities, strict=False):
        words = _("0 is cannot do it, 10 is as well as before.")
        found.append(_row(after.text, before.score, after.score, words))
    return found


def _row(name: str, before: int, after: int, words: str) -> dict[str, Any]:
    return {"name": name, "before": before, "after": after, "words": words}


def _pain_words(before: int, after: int) -> str:
    number = {"number": abs(after - before)}
    if after < before:
        return _("Down %(number)s. A change of 2 or more is usually felt.") % number
    if after > before:
        return _("Up %(number)s. A change of 2 or more is usually felt.") % number
    return _("No change.")


def change_said(point: Point) -> str:
    """What the patient says about the change as a whole; empty for the start."""
    return change_words().get(point.change, "")


def sentence(points: Sequence[Point]) -> str:
    """The progress in one to three sentences, honest about what is small or worse."""
    first, last = points[0], points[-1]
    return " ".join(part for part in (_pain_sentence(first, last), _whole(first, last)) if part)


def _pain_sentence(first: Point, last: Point) -> str:
    before, after = first.pain_worst, last.pain_worst
    if before is None or after is None:
        return ""
    numbers = {"before": before, "after": after}
    if before == after:
        return _("Your worst pain is the same as at the start: %(after)s.") % numbers
    return _("Your worst pain went from %(before)s to %(after)s.") % numbers


def _whole(first: Point, last: Point) -> str:
    start, now = first.reading, last.reading
    regained = follow_up.regained(start.activities, now.activities)
    worst_before, worst_now = start.pain_worst, now.pain_worst
    if worst_before is not None and worst_now is not None:
        if worst_now - worst_before >= follow_up.REAL_CHANGE:
            return _("That is more than before. Please talk to us about your plan.")
        if follow_up.eased(worst_before, worst_now):
            if regained:
                return _("What you want to do is easier too. That is a real change.")
            return _("That is a real change.")
    if regained:
        return _("What you want to do is easier now. That is a real change.")
    return _("That is a small change so far. It often takes 6 weeks or more.")


def chart_words(points: Sequence[Point]) -> str:
    """What the picture shows, for somebody who cannot see it."""
    first, last = points[0], points[-1]
    words = _(
        "Worst pain went from %(worst_before)s at the start to %(worst_after)s in week %(week)s. "
        "Pain right now went from %(now_before)s to %(now_after)s."
    )
    return words % {
        "worst_before": first.pain_worst,
        "worst_after": last.pain_worst,
        "week": last.week,
        "now_before": first.pain_now,
        "now_after": last.pain_now,
    }
