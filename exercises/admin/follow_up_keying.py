"""Keying in a paper diary: finding its plan by the printed number, and the sheet as a grid."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters

from chiro.practice import audit, permissions
from chiro.practice.links import new_token
from exercises.models import Plan
from exercises.services import diary, paper_diary
from exercises.services.paper_diary import Kind, Line, SheetError
from screening.admin.acting import staff
from screening.admin.screenings import UNPROCESSABLE, see_other
from screening.services import finding

MOST_FOUND = 30
FIND, SHEET = "admin:exercises_diaryentry_add", "admin:exercises_diaryentry_key_in"
MODES = {Kind.PAIN: "numeric"}


def _check(request: HttpRequest) -> None:
    if not request.user.has_perm(permissions.KEY_IN_DIARY):
        raise PermissionDenied


# --- finding the plan -------------------------------------------------------------------------


@sensitive_post_parameters()
def find(request: HttpRequest, site: admin.AdminSite, opts: Any) -> HttpResponse:
    """Ask for the number on the sheet, or a name; one plan found leads to its sheet."""
    _check(request)
    text = request.POST.get("q", "").strip()
    found = _plans(text) if text else []
    if len(found) == 1:
        return see_other(reverse(SHEET, args=[found[0].pk]))
    context = {
        **site.each_context(request),
        "opts": opts,
        "title": "Key in a paper diary",
        "text": text,
        "plans": found,
        "is_nothing": bool(text) and not found,
    }
    return TemplateResponse(request, "admin/exercises/follow_up_find.html", context)


def _plans(text: str) -> list[Plan]:
    """The newest approved version of each record found; a number finds the plan that bears it."""
    rows = Plan.objects.filter(status=Plan.Status.APPROVED, content__isnull=False)
    rows = rows.exclude(screening__review__status="withheld")
    rows = rows.filter(screening__patient__archived_at=None).select_related("screening__patient")
    number = text.removeprefix("#")
    if number.isdecimal():
        return list(rows.filter(screening=int(number[:12])))
    matches = finding.screenings(text).values("pk")
    return list(rows.filter(screening__in=matches).order_by("-approved_at")[:MOST_FOUND])


# --- the sheet --------------------------------------------------------------------------------


@sensitive_post_parameters()
def key_in(request: HttpRequest, site: admin.AdminSite, opts: Any, pk: int) -> HttpResponse:
    """The grid of one sheet; a post writes the whole sheet, or shows what cannot be kept."""
    _check(request)
    rows = Plan.objects.filter(status__in=diary.KEPT, content__isnull=False)
    plan = get_object_or_404(rows.select_related("screening__patient"), pk=pk)
    sheet = _sheet(request, plan)
    if request.method != "POST":
        audit.record("diary read", actor=request.user, patient=plan.screening.patient_id, obj=plan)
        return _page(request, site, opts, plan, sheet)
    cells = _cells(request.POST, plan)
    if not any(cells.values()):
        wrong = ["Nothing was typed yet."]
        return _page(request, site, opts, plan, sheet, errors=wrong, status=UNPROCESSABLE)
    try:
        written = paper_diary.record(
            plan=plan,
            sheet=sheet,
            cells=cells,
            key=_key(request.POST),
            by=staff(request),
            today=timezone.localdate(),
        )
    except SheetError as problem:
        return _page(
            request, site, opts, plan, sheet, cells=cells, error=problem, status=UNPROCESSABLE
        )
    days = "1 day" if written == 1 else f"{written} days"
    messages.success(request, f"The diary is saved: {days}.")
    return see_other(_after(request, plan))


def _sheet(request: HttpRequest, plan: Plan) -> int:
    """Which sheet: the first without a choice. Raises Http404 for one that has not begun."""
    text = request.GET.get("sheet", "1")
    number = int(text[:4]) - 1 if text.isdecimal() else -1
    if number not in paper_diary.sheets(plan, timezone.localdate()):
        raise Http404
    return number


def _key(posted: QueryDict) -> str:
    return posted.get("key", "")[:64] or new_token()


def _cells(posted: QueryDict, plan: Plan) -> dict[tuple[int, int], str]:
    return {
        (line, day): posted.get(_name(line, day), "").strip()[:2]
        for line in range(len(paper_diary.lines(plan)))
        for day in range(paper_diary.DAYS)
    }


def _after(request: HttpRequest, plan: Plan) -> str:
    """The patient's follow-up for whoever may read it, else the next paper."""
    if request.user.has_perm(permissions.FOLLOW_UP):
        address = "admin:exercises_diaryentry_patient"
        return reverse(address, args=[plan.screening.patient_id])
    return reverse(FIND)


def _name(line: int, day: int) -> str:
    return f"c{line}-{day}"


def _page(
    request: HttpRequest,
    site: admin.AdminSite,
    opts: Any,
    plan: Plan,
    sheet: int,
    *,
    cells: paper_diary.Cells | None = None,
    error: SheetError | None = None,
    errors: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    on, today = paper_diary.days(plan, sheet), timezone.localdate()
    wrong = {(one.line, one.day): one.message for one in error.problems} if error else {}
    written = _written(plan, on)
    rows = [
        _row(number, line, on, today, written, cells or {}, wrong)
        for number, line in enumerate(paper_diary.lines(plan))
    ]
    context = {
        **site.each_context(request),
        "opts": opts,
        "title": f"Paper diary of plan {plan.number}, version {plan.version}",
        "plan": plan,
        "patient": plan.screening.patient,
        "days": on,
        "rows": rows,
        "errors": [
            *((f"id_{_name(*at)}", text) for at, text in wrong.items()),
            *((_first(rows), text) for text in errors),
        ],
        "sheets": [number + 1 for number in paper_diary.sheets(plan, today)],
        "sheet": sheet + 1,
        "key": _key(request.POST) if wrong else new_token(),
        "may_follow_up": request.user.has_perm(permissions.FOLLOW_UP),
    }
    return TemplateResponse(
        request, "admin/exercises/follow_up_keying.html", context, status=status
    )


def _written(plan: Plan, on: Sequence[date]) -> dict[date, diary.Day]:
    found = diary.history([plan], until=on[-1], days=len(on))
    return {day.day: day for _, written in found for day in written}


def _first(rows: Sequence[Mapping[str, Any]]) -> str:
    return str(rows[0]["boxes"][0]["id"])


def _row(
    number: int,
    line: Line,
    on: Sequence[date],
    today: date,
    written: Mapping[date, diary.Day],
    cells: paper_diary.Cells,
    wrong: Mapping[tuple[int, int], str],
) -> dict[str, Any]:
    return {
        "name": line.name,
        "kind": line.kind.value,
        "mode": MODES.get(line.kind, "text"),
        "hint": paper_diary.HINTS[line.kind],
        "boxes": [
            {
                "name": _name(number, at),
                "id": f"id_{_name(number, at)}",
                "day": day,
                "typed": cells.get((number, at), ""),
                "kept": paper_diary.kept(line, written[day]) if day in written else "",
                "is_due": line.due[at],
                "is_future": day > today,
                "wrong": (number, at) in wrong,
            }
            for at, day in enumerate(on)
        ],
    }
