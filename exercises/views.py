"""The patient's own plan: the link's door with the birth date, the plan as a page and as paper.

The token stands only in the address of the door. Behind it the session holds the link's number, so
that no address that shows a plan carries a secret.
"""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy, override
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from chiro.languages import ENGLISH
from chiro.practice import audit, limits
from chiro.practice.links import new_token
from chiro.practice.models import Practice
from chiro.practice.search_engines import allowed
from exercises import diary_views, opened, pictures, plan_today
from exercises.forms import BirthDateForm, CodeForm
from exercises.models import Plan, PlanDocument, PlanLink
from exercises.print_page import instead_of_pdf
from exercises.rendering import RenderingError
from exercises.services import diary, links, paper_links, papers

NO_MATCH = gettext_lazy("This code and this birth date do not open a plan. Check both")
TOO_MANY = 429
FILE_NAMES = {
    "standard": "home-exercise-plan.pdf",
    "large": "large-print.pdf",
    "fridge": "fridge-sheet.pdf",
}  # No name of a person: they land in shared download folders.


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@sensitive_variables("token")
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for the birth date; the right one opens the plan. Looking changes nothing."""
    try:
        if request.method == "POST":
            return _try_birth_date(request, token)
        links.find(token)
    except links.LinkGoneError:
        return _gone(request)
    except links.LinkLockedError as lock:
        return _locked(request, lock)
    return _page(request, "birth_date", parts=BirthDateForm().marked())


def _try_birth_date(request: HttpRequest, token: str) -> HttpResponse:
    form = BirthDateForm(request.POST)
    links.find(token)
    if not form.is_valid():
        return _refused(request, form.marked(), str(form.non_field_errors()[0]))
    try:
        link = links.open(token, form.cleaned_data["birth_date"])
    except links.WrongBirthDateError as wrong:
        return _refused(
            request, form.marked(all_wrong=True), links.wrong_words(wrong.tries_left), warned=True
        )
    return _enter(request, link)


def _enter(request: HttpRequest, link: PlanLink) -> HttpResponse:
    """Remember the opened link in the session and lead to the plan."""
    opened.enter(request, link)
    response = redirect("exercises:plan")
    response.status_code = 303
    return opened.used(response, link)


def _refused(
    request: HttpRequest, parts: list[dict[str, Any]], error: str, *, warned: bool = False
) -> HttpResponse:
    """The same page with what to do; `warned` when the next wrong date may lock it."""
    first = next(part["name"] for part in parts if part["wrong"])
    context = {"parts": parts, "error": error, "first_wrong": first, "warned": warned}
    return _page(request, "birth_date", status=422, **context)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def plan_page(request: HttpRequest) -> HttpResponse:
    """The approved plan as a page: the same content as the paper. A post brings a paper's code,
    or the birth date for a plan that closed itself."""
    if request.method == "POST" and "code" in request.POST:
        return _try_code(request)
    link = opened.link(request)
    if link is None:
        return _code_page(request, CodeForm())
    if opened.is_idle(request, link.pk):
        if diary_views.reopened(request, link):
            return _enter(request, link)
        return diary_views.ask_again(request, link)
    plan = links.approved_plan(link)
    if plan is None or plan.content is None:
        return _page(request, "paused" if links.is_paused(link) else "waiting")
    if links.has_newer(plan):
        return _page(request, "replaced")
    audit.record("plan read", patient=link.patient_id, obj=plan)
    return opened.used(allowed(_plan_page(request, plan)), link)


def _plan_page(request: HttpRequest, plan: Plan) -> HttpResponse:
    """The page in the language of the plan, which is frozen."""
    today, content = timezone.localdate(), plan.content or {}
    with override(content.get("language", ENGLISH)):
        sheet = pictures.for_page(content, moving=True)
        shown = plan_today.page(sheet, week=diary.week(plan, today), today=today)
        return _page(
            request,
            "plan",
            sheet=shown,
            plan=plan,
            today=today,
            key=new_token(),
            one_language=True,
        )


@sensitive_variables("form", "code")
def _try_code(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _code_page(request, form, errors=form.problems())
    code, born = form.cleaned_data["code"], form.cleaned_data["birth_date"]
    try:
        return _enter(request, links.open_by_code(code, born, ip=audit.client_ip(request)))
    except links.WrongCodeError:
        return _code_page(request, form, errors=[("id_code", str(NO_MATCH))])
    except links.LinkLockedError as lock:
        return _locked(request, lock, status=TOO_MANY, tries=links.CODE_TRIES)


def _code_page(
    request: HttpRequest, form: CodeForm, *, errors: Sequence[tuple[str, str]] = ()
) -> HttpResponse:
    """Ask for the code of a printed plan and the birth date; 422 with what is wrong."""
    context = {
        "form": form,
        "parts": form.marked(all_wrong=("id_code", str(NO_MATCH)) in errors),
        "errors": errors,
        "code_error": next((words for target, words in errors if target == "id_code"), ""),
        "date_error": next((words for target, words in errors if target != "id_code"), ""),
        "tries": links.TRIES,
    }
    return _page(request, "code", status=422 if errors else 200, **context)


@require_http_methods(["GET", "HEAD", "POST"])
@opened.awake
def plan_pdf(request: HttpRequest, edition: str = "standard") -> HttpResponse:
    """The stored paper of the approved plan, byte for byte; a post makes it where it is missing."""
    number = opened.number(request)
    stored = links.stored_paper(number, edition) if number else None
    if stored is not None:
        return _paper(stored.document, patient=stored.patient)
    link = opened.link(request)
    plan = links.approved_plan(link) if link else None
    if link is None or plan is None:
        return _gone(request)
    limits.take(limits.RENDERS, f"link {link.pk}")
    try:
        document = _document(plan, edition, press=request.method == "POST")
    except RenderingError as problem:
        audit.record("plan read", patient=link.patient_id, obj=plan)
        return instead_of_pdf(request, plan, problem, back=reverse("exercises:plan"))
    return _paper(document, patient=link.patient_id)


def _paper(document: PlanDocument, *, patient: int) -> HttpResponse:
    """The stored bytes, once it is written down that they were handed out."""
    audit.record("plan printed", patient=patient, obj=document)
    response = HttpResponse(bytes(document.pdf), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{FILE_NAMES[document.edition]}"'
    return response


@require_POST
def close_plan(request: HttpRequest) -> HttpResponse:
    """Forget the opened link on this device, so that Back shows nothing to the next person."""
    opened.leave(request)
    response = _page(request, "closed")
    response.delete_cookie(opened.COOKIE)
    response["Clear-Site-Data"] = '"cache"'
    return response


def _document(plan: Plan, edition: str, *, press: bool) -> PlanDocument:
    """The paper in the practice's size; another size where only that one is there.

    Raises RenderingError. `press`: somebody pressed "Try again".
    """
    kind = papers.Kind(Practice.current().paper, edition)
    try:
        return papers.press(plan, kind) if press else papers.fetch(plan, kind)
    except RenderingError:
        other = plan.documents.filter(edition=edition).first()
        if other is None:
            raise
        return other


def _gone(request: HttpRequest) -> HttpResponse:
    days = {"lasts_days": links.LASTS.days, "paper_days": paper_links.LASTS.days}
    return _page(request, "gone", status=404, **days)


def _locked(
    request: HttpRequest,
    lock: links.LinkLockedError,
    *,
    status: int = 403,
    tries: int = links.TRIES,
) -> HttpResponse:
    until = timezone.localtime(lock.until) if lock.until else None
    context = {"until": until, "tries": tries, "by_code": status == TOO_MANY}
    return _page(request, "locked", status=status, **context)


def _page(request: HttpRequest, name: str, *, status: int = 200, **context: Any) -> HttpResponse:
    context["practice"] = SimpleLazyObject(Practice.current)
    context["locked_minutes"] = links.LOCKED_FOR.seconds // 60
    return render(request, f"exercises/{name}.html", context, status=status)
