"""The patient's check-ins, progress, and taking the check again, behind the opened link."""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from chiro.practice import audit
from chiro.practice.links import new_token
from chiro.practice.models import Practice
from exercises import opened, progress_chart, progress_words
from exercises.check_in_forms import CheckInForm
from exercises.models import CheckIn, PlanLink
from exercises.services import check_ins
from exercises.services.check_ins import FollowUp
from screening import sessions
from screening.anatomy import Tier
from screening.changes import Changes, SideChange
from screening.models import Draft, Screening
from screening.services import comparing, submission
from screening.services import result as results
from screening.views import next_url
from screening.wording import answer_in_language

UNPROCESSABLE = 422
CARE = {
    Tier.EMERGENCY.value: "exercises/check_in_emergency.html",
    Tier.SAME_DAY.value: "exercises/check_in_today.html",
}
"""Tier of a check-in -> the page that says what to do now."""


def see_other(name: str) -> HttpResponseRedirect:
    """303: go on with GET, whatever came in."""
    return HttpResponseRedirect(reverse(name), status=303)


def behind_link(view: Callable[[HttpRequest, PlanLink], HttpResponse]) -> opened.View:
    """Hand the opened link to a view. Without one, or left alone too long: the plan's own door."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        link = opened.link(request)
        if link is None or opened.is_idle(request, link.pk):
            return redirect("exercises:plan")
        return opened.used(view(request, link), link)

    return guarded


# --- check-in ---------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@behind_link
def check_in(request: HttpRequest, link: PlanLink) -> HttpResponse:
    """The check-in that is due; what to do after a serious one; thanks, and when the next is."""
    mine = check_ins.of(link)
    last = mine.check_ins[-1] if mine.check_ins else None
    if last is not None and mine.is_paused and last.tier in CARE:
        return _care(request, mine, last)
    if mine.due.week is None:
        return (
            see_other("exercises:check_in")
            if request.method == "POST"
            else _thanks(request, mine, last)
        )
    return _ask(request, link, mine)


def _ask(request: HttpRequest, link: PlanLink, mine: FollowUp) -> HttpResponse:
    """The form; a valid one is kept once."""
    before = check_ins.activities(mine.screening, mine.check_ins)
    form = CheckInForm(before, request.POST if request.method == "POST" else None)
    if form.is_valid() and form.given is not None:
        with suppress(check_ins.NotDueError):  # the day passed while the page was open
            check_ins.record(link=link, given=form.given, key=form.cleaned_data["key"])
        return see_other("exercises:check_in")
    audit.record("check-in read", patient=link.patient_id, obj=mine.screening)
    context = {
        "form": form,
        "questions": form.printed(),
        "errors": form.error_links() if form.is_bound else [],
        "week": mine.due.week,
        "key": request.POST.get("key") or new_token(),
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "exercises/check_in.html", context, status=status)


def _care(request: HttpRequest, mine: FollowUp, row: CheckIn) -> HttpResponse:
    """A check-in told something that cannot wait."""
    audit.record("check-in read", patient=mine.screening.patient_id, obj=row)
    told = results.compose_care(check_ins.care_answers(row), Practice.current(), Tier(row.tier))
    page = {**told, "age": mine.screening.answers.get("age", "")}
    return render(request, CARE[row.tier], {"page": page, "answered_at": row.made_at})


def _thanks(request: HttpRequest, mine: FollowUp, last: CheckIn | None) -> HttpResponse:
    """Nothing is due now: what was sent last, what to do about it, and the next date."""
    audit.record("check-in read", patient=mine.screening.patient_id, obj=last or mine.screening)
    context = {
        "last": last,
        "is_paused": mine.is_paused,
        "advice": [ADVICE[code]() for code in last.reported if code in ADVICE] if last else [],
        "next_on": mine.due.next_on,
    }
    return render(request, "exercises/check_in_sent.html", context)


ADVICE = {
    "tingling": lambda: _("New tingling in a leg should be looked at before you go on."),
    "health": lambda: _("A new illness or a pregnancy may change which exercises fit you."),
    "pain_rise": lambda: _(
        "Your pain went up by 2 or more. Do the easier exercises, or rest, until we have talked."
    ),
    "much_worse": lambda: _("You feel much worse. Rest from the exercises until we have talked."),
    "no_change": lambda: _("Nothing has changed yet. It is time to look at your plan together."),
}
"""What was reported -> what to do, in plain words."""


# --- progress ---------------------------------------------------------------------------------


@require_safe
@behind_link
def progress(request: HttpRequest, link: PlanLink) -> HttpResponse:
    """How pain and activities went: a sentence, a list, a picture and a table."""
    mine = check_ins.of(link)
    audit.record("progress read", patient=link.patient_id, obj=mine.screening)
    return render(request, "exercises/progress.html", _progress(mine))


def _progress(mine: FollowUp) -> dict[str, Any]:
    points = mine.points
    if len(points) < 2:
        return {"points": points, "due": mine.due, "is_empty": True}
    return {
        "points": points,
        "due": mine.due,
        "week": points[-1].week,
        "sentence": progress_words.sentence(points),
        "rows": progress_words.rows(points),
        "change": progress_words.change_said(points[-1]),
        "chart": progress_chart.draw(points),
        "chart_words": progress_words.chart_words(points),
    }


# --- the check again --------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@behind_link
def again(request: HttpRequest, link: PlanLink) -> HttpResponse:
    """Say what the check again is for; a post starts it without asking who this is."""
    if request.method != "POST":
        return render(request, "exercises/again.html", {"begun": _begun(request, link) is not None})
    draft = _begun(request, link)
    if draft is None:
        language = get_language() or "en"
        draft = submission.start_again(patient=link.patient, language=language)
        sessions.hold(request, draft)
    return HttpResponseRedirect(next_url(draft), status=303)


def _begun(request: HttpRequest, link: PlanLink) -> Draft | None:
    """This patient's own unfinished check in this browser; never anybody else's."""
    draft = submission.find_draft(sessions.draft_key(request))
    mine = draft is not None and draft.patient_id == link.patient_id
    return draft if mine and draft is not None and draft.stopped_at is None else None


@require_safe
@behind_link
def then_and_now(request: HttpRequest, link: PlanLink) -> HttpResponse:
    """What is different between the patient's last two checks, in plain words."""
    two = comparing.latest_two(link.patient_id)
    if len(two) < 2:
        return redirect("exercises:again")
    current, previous = two
    audit.record("screenings compared", patient=link.patient_id, obj=current)
    found = comparing.compare(previous, current, answer_in_language)
    sides = _sides(found, current)
    context = {
        "previous": previous,
        "current": current,
        "needs_care": current.triage != Tier.NONE.value,
        "sides": sides,
        "title": _title(sides),
        "different": found.different,
        "same": found.same,
        "gone": [_(flag.told) for flag in found.gone_flags],
    }
    return render(request, "exercises/then_and_now.html", context)


def _sides(found: Changes, current: Screening) -> list[dict[str, Any]]:
    """Both sides in words; none while the result waits for a chiropractor."""
    if results.waits(current, Practice.current()):
        return []
    return [_side(change) for change in found.sides]


def _side(change: SideChange) -> dict[str, Any]:
    names = {"left": _("Left hip"), "right": _("Right hip")}
    return {
        "name": names[change.side.value],
        "side": change.side.value,
        "before": str(results.LEVEL_WORDS[change.before]),
        "after": str(results.LEVEL_WORDS[change.after]),
        "way": change.direction.value,
    }


def _title(sides: list[dict[str, Any]]) -> str:
    """What is said first: which side changed and which way, or that none did."""
    moved = {(side["side"], side["way"]) for side in sides if side["way"] != "same"}
    if not sides:
        return _("What is different since your last check")
    if not moved:
        return _("Your result is the same as last time")
    return TITLES.get(frozenset(moved), lambda: _("Your result is different now"))()


TITLES = {
    frozenset({("left", "better")}): lambda: _("Fewer answers point to your left hip now"),
    frozenset({("right", "better")}): lambda: _("Fewer answers point to your right hip now"),
    frozenset({("left", "worse")}): lambda: _("More answers point to your left hip now"),
    frozenset({("right", "worse")}): lambda: _("More answers point to your right hip now"),
    frozenset({("left", "better"), ("right", "better")}): lambda: _(
        "Fewer answers point to your hips now"
    ),
    frozenset({("left", "worse"), ("right", "worse")}): lambda: _(
        "More answers point to your hips now"
    ),
}
"""Which sides moved which way -> the headline."""
