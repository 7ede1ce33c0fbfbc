"""The patient's diary: a tick for an exercise, a day as a whole, the last 14 days.

Everything belongs to the plan that this browser has open. A form names the version that its page
showed, so that a tick stays with what was done even where the plan was replaced meanwhile.
"""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from chiro.practice import audit
from chiro.practice.links import new_token
from exercises import opened, pictures
from exercises.forms import BirthDateForm, DiaryForm, TickForm
from exercises.models import DiaryEntry, Plan, PlanLink
from exercises.services import diary, links


@require_POST
@sensitive_post_parameters()
def tick(request: HttpRequest) -> HttpResponse:
    """Write one exercise of a day as done, done the easier way or not done; then the next one."""
    link = opened.link(request)
    if link is None:
        return redirect("exercises:plan")
    if opened.is_idle(request, link.pk) and not reopened(request, link):
        return ask_again(request, link)
    form = TickForm(request.POST)
    plan = _plan_of(link, form.data.get("version", ""))
    if plan is None or not form.is_valid():
        raise Http404
    _write(plan, form.cleaned_data)
    place = form.cleaned_data["place"]
    where = f"{reverse('exercises:plan')}#ex-{place}" if place else reverse("exercises:diary")
    return _after(link, where)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def day(request: HttpRequest, day: str = "") -> HttpResponse:
    """One day of the diary as one form; today without a day."""
    link = opened.link(request)
    if link is None:
        return redirect("exercises:plan")
    if opened.is_idle(request, link.pk) and not reopened(request, link):
        return ask_again(request, link)
    shown = _day_of(day)
    if request.method == "POST" and "version" not in request.POST:
        return _after(link, request.path)
    if request.method == "POST":
        return _save_day(request, link, shown)
    plan = links.approved_plan(link)
    if plan is None or plan.content is None:
        return redirect("exercises:plan")
    first, last = diary.writable(plan, timezone.localdate())
    if not first <= shown <= last:
        raise Http404
    now = diary.written(plan, shown)
    audit.record("diary read", patient=link.patient_id, obj=plan)
    form = DiaryForm(initial={"pain": now.pain, "difficulty": now.difficulty})
    return opened.used(_day_page(request, plan, now, form), link)


def _save_day(request: HttpRequest, link: PlanLink, shown: date) -> HttpResponse:
    form = DiaryForm(request.POST)
    plan = _plan_of(link, str(form.data.get("version", "")))
    if plan is None or plan.content is None:
        raise Http404
    form.offer(diary.slugs(plan.content))
    if not form.is_valid():
        now = diary.Day(day=shown, version=plan.version, ticks=form.typed_ticks())
        return opened.used(_day_page(request, plan, now, form, status=422), link)
    _write(plan, {**form.cleaned_data, "day": shown})
    return _after(link, reverse("exercises:diary_days"))


@require_http_methods(["GET", "HEAD"])
@opened.awake
def days(request: HttpRequest) -> HttpResponse:
    """The last 14 days in words, of this plan and of the versions before it."""
    link = opened.link(request)
    if link is None or not links.may_show(link):
        return redirect("exercises:plan")
    today = timezone.localdate()
    plans = diary.plans_with_diary(link.screening_id)
    now = next((plan for plan in plans if plan.status == Plan.Status.APPROVED), None)
    found = diary.history(plans, until=today)
    audit.record("diary read", patient=link.patient_id, obj=now)
    parts = [_part(plan, written, is_now=plan == now) for plan, written in found]
    return opened.used(_page(request, "diary_days", parts=parts), link)


def _part(plan: Plan, written: list[diary.Day], *, is_now: bool) -> dict[str, Any]:
    """One version's days as rows of a table."""
    content = plan.content or {}
    names = {card["slug"]: card["name"] for card in (*content["exercises"], *content["habits"])}
    first, _ = diary.writable(plan, timezone.localdate())
    rows = [
        {
            "day": one.day,
            "done": [
                {"name": name, "easier": one.ticks[slug] == diary.EASIER}
                for slug, name in names.items()
                if slug in one.ticks
            ],
            "pain": one.pain,
            "difficulty": dict(DiaryEntry.Difficulty.choices).get(one.difficulty, ""),
            "kind": one.difficulty,
            "on_paper": one.source == DiaryEntry.Source.PAPER,
            "change": is_now and one.day >= first,
        }
        for one in written
    ]
    return {"identity": content["identity"], "is_now": is_now, "rows": rows}


@require_http_methods(["GET", "HEAD", "POST"])
def still_there(request: HttpRequest) -> HttpResponse:
    """The warning before an unused plan closes; a post keeps it open, looking does not."""
    link = opened.link(request)
    if link is None or opened.is_idle(request, link.pk):
        return redirect("exercises:plan")
    if request.method == "POST":
        return _after(link, reverse("exercises:plan"))
    closes = timezone.localtime() + opened.WARN_BEFORE
    minutes = int(opened.WARN_BEFORE.total_seconds() // 60)
    response = _page(request, "still_there", closes=closes, minutes=minutes)
    response.headers["Refresh"] = f"{minutes * 60}; url={reverse('exercises:plan')}"
    return response


# --- a plan that closed itself ----------------------------------------------------------------


def reopened(request: HttpRequest, link: PlanLink) -> bool:
    """Whether this post brings the right birth date; it then opens the plan again."""
    form = BirthDateForm(request.POST)
    if request.method != "POST" or "birth_year" not in request.POST or not form.is_valid():
        return False
    try:
        links.open_again(link, form.cleaned_data["birth_date"])
    except (links.WrongBirthDateError, links.LinkLockedError, links.LinkGoneError):
        return False
    opened.enter(request, link)
    return True


def ask_again(request: HttpRequest, link: PlanLink) -> HttpResponse:
    """Ask for the birth date again, and carry along what was about to be saved."""
    tried = "birth_year" in request.POST
    form = BirthDateForm(request.POST if tried else None)
    error = ""
    if tried:
        link.refresh_from_db()
        if link.locked_at:
            return _page(request, "locked", status=403, **_lock(link))
        error = _problem(form, link)
    carried = [
        (name, value)
        for name, values in request.POST.lists()
        if name in (*TickForm.NAMES, *DiaryForm.NAMES)
        for value in values
    ]
    parts = form.marked(all_wrong=tried and form.is_valid())
    first = next((part["name"] for part in parts if part["wrong"]), "month")
    context = {"parts": parts, "error": error, "first_wrong": first, "carried": carried}
    return _page(request, "idle", status=422 if error else 200, **context)


def _problem(form: BirthDateForm, link: PlanLink) -> str:
    if not form.is_valid():
        return str(form.non_field_errors()[0])
    left = links.TRIES - link.failed_tries % links.TRIES
    return links.wrong_words(left)


def _lock(link: PlanLink) -> dict[str, Any]:
    until = links.locked_until(link)
    return {"until": until and timezone.localtime(until), "tries": links.TRIES}


# --- parts ------------------------------------------------------------------------------------


def _plan_of(link: PlanLink, version: str) -> Plan | None:
    """The version that the page showed, of this link's own plan, while the patient may see one."""
    if links.approved_plan(link) is None or not version.isdecimal():
        return None
    rows = Plan.objects.filter(screening=link.screening_id, status__in=diary.KEPT)
    return (
        rows.select_related("screening")
        .defer(*links.LONG_TEXTS)
        .filter(version=int(version[:6]))
        .first()
    )


def _write(plan: Plan, said: dict[str, Any]) -> None:
    """Write it; what a page of ours cannot have sent is not found."""
    first, last = diary.writable(plan, timezone.localdate())
    if not first <= said["day"] <= last:
        raise Http404
    try:
        diary.record_day(
            plan=plan,
            day=said["day"],
            ticks=said["ticks"],
            pain=said.get("pain"),
            difficulty=said.get("difficulty", ""),
            key=said["key"],
        )
    except diary.DiaryError as problem:
        raise Http404 from problem


def _after(link: PlanLink, where: str) -> HttpResponse:
    response = redirect(where)
    response.status_code = 303
    return opened.used(response, link)


def _day_of(text: str) -> date:
    """The day of an address; today without one."""
    if not text:
        return timezone.localdate()
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise Http404 from problem


def _day_page(
    request: HttpRequest, plan: Plan, now: diary.Day, form: DiaryForm, *, status: int = 200
) -> HttpResponse:
    sheet = pictures.for_page(plan.content or {})
    context = {
        "sheet": sheet,
        "plan": plan,
        "day": now.day,
        "is_today": now.day == timezone.localdate(),
        "rows": [
            {**card, "state": now.ticks.get(card["slug"], "")}
            for card in (*sheet["exercises"], *sheet["habits"])
        ],
        "pain": form.pain_options(),
        "difficulties": form.difficulty_options(),
        "errors": form.problems(),
        "key": new_token(),
    }
    return _page(request, "diary", status=status, **context)


def _page(request: HttpRequest, name: str, *, status: int = 200, **context: Any) -> HttpResponse:
    context["locked_minutes"] = links.LOCKED_FOR.seconds // 60
    return render(request, f"exercises/{name}.html", context, status=status)
