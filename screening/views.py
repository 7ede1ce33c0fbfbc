"""The patient's pages: start, one page a topic, check, send, result.

Each view finds the draft by the key in the session, reads the form and calls a service. A page that
cannot be seen now leads to the first unanswered one.
"""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any, Concatenate

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chiro.languages import ENGLISH
from chiro.practice import audit, limits
from chiro.practice.kept_pages import kept_page, may_keep
from chiro.practice.models import Practice
from chiro.practice.search_engines import findable
from chiro.practice.translation import translated
from screening import question_parts, sessions
from screening.anatomy import Tier
from screening.answers import AnswerError, Answers
from screening.forms import CallMeForm, IdentityForm, SectionForm
from screening.models import Doubt, Draft
from screening.questionnaire import QUESTIONS, Layout, Section
from screening.red_flags import emergency_so_far
from screening.services import as_read, pathway, submission
from screening.services import result as results

PAGE = "screening/section.html"
UNPROCESSABLE = 422
GONE = 410
TRAP = "website"
"""A field that no person sees. Who fills it in is let through, and looked at with care."""

HABITS = (
    (gettext_lazy("How you sleep"), "option-lie-on-left"),
    (gettext_lazy("How you stand"), "option-lean-on-right"),
    (gettext_lazy("How long you sit"), "option-sit-slumped"),
    (gettext_lazy("How you cross your legs"), "option-cross-knee-over-knee-right"),
)
"""The four habits as the start page names and shows them."""

STYLES = {Layout.BODY_CHART: "css/bodymap.css", Layout.SELF_TEST: "css/pages.css"}
"""Layout -> the style sheet that it needs beside the site's."""


def see_other(url: str) -> HttpResponseRedirect:
    """303: go on with GET, whatever came in."""
    return HttpResponseRedirect(url, status=303)


def to_section(section: Section, *, change: bool = False) -> str:
    """The address of a page; `change` comes back to the answers afterwards."""
    url = _address(section.slug)
    return f"{url}?change=1" if change else url


@cache
def _address(slug: str) -> str:
    return reverse("screening:section", args=[slug])


def is_change(request: HttpRequest) -> bool:
    """Whether the patient came from "Check your answers"."""
    return request.GET.get("change") == "1"


# --- finding the draft ------------------------------------------------------------------------


def with_draft[**P](
    view: Callable[Concatenate[HttpRequest, Draft, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Hand the live draft to a view. Without one: the result when it was sent, else the start."""

    @wraps(view)
    def found(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        draft = submission.find_draft(sessions.draft_key(request))
        if draft is None:
            return without_draft(request)
        if draft.stopped_at is not None and request.path != reverse("screening:help_now"):
            return see_other(reverse("screening:help_now"))
        try:
            submission.note_language(draft=draft, language=get_language() or ENGLISH)
            return view(request, draft, *args, **kwargs)
        except Draft.DoesNotExist:  # sent or discarded in another tab meanwhile
            return without_draft(request)

    return found


def without_draft(request: HttpRequest) -> HttpResponse:
    """Where somebody goes whose answers were sent, or are no longer kept."""
    if submission.find_screening(sessions.draft_key(request)) is not None:
        return see_other(reverse("screening:result"))
    if request.method == "POST":
        return render(request, "screening/not_kept.html", status=GONE)
    return redirect("screening:start")


# --- start ------------------------------------------------------------------------------------


@findable
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """What this is and whom it is for. "Start now" resumes what this browser has begun."""
    if sessions.tablet(request) is not None:
        return redirect("screening:kiosk")
    draft = submission.find_draft(sessions.draft_key(request))
    if request.method == "POST":
        return begin(request, draft)
    context = {
        "resumable": draft is not None and draft.stopped_at is None,
        "stopped": draft is not None and draft.stopped_at is not None,
        "days": Practice.current().draft_days,
        "habits": HABITS,
    }
    return render(request, "screening/start.html", context)


def begin(request: HttpRequest, draft: Draft | None) -> HttpResponse:
    """Go on with a live draft, or make a new one."""
    over = request.POST.get("start") == "over"
    if draft is not None and draft.stopped_at is None and not over:
        return see_other(next_url(draft))
    if draft is not None:
        submission.discard(draft=draft)
    limits.take(limits.STARTS, limits.address(request))
    fresh = submission.start_draft(language=get_language() or ENGLISH, doubt=doubt(request))
    sessions.hold(request, fresh)
    return see_other(next_url(fresh))


def doubt(request: HttpRequest) -> str:
    """Why a program may be starting here: it filled the trap, or very many start just now."""
    if request.POST.get(TRAP):
        return Doubt.TRAP
    if limits.address(request) is None:
        return ""
    many = limits.count(limits.STARTS_OF_ALL, limits.EVERYBODY) > limits.STARTS_OF_ALL.most
    return Doubt.MANY if many else ""


def next_url(draft: Draft, *, change: bool = False) -> str:
    """The first unanswered page, or the answers when all are there."""
    missing = pathway.first_unanswered(submission.place_of(draft))
    if missing is None:
        return reverse("screening:answers")
    if draft.progress.get("one_by_one") == missing.slug:
        query = "?change=1" if change else ""
        return reverse("screening:one_by_one", args=[missing.slug]) + query
    return to_section(missing, change=change)


# --- one page a topic -------------------------------------------------------------------------


@findable
@require_http_methods(["GET", "HEAD", "POST"])
@with_draft
def section(request: HttpRequest, draft: Draft, slug: str) -> HttpResponse:
    """One page of the questionnaire."""
    return question_page(request, draft, slug, one_by_one=False)


@require_http_methods(["GET", "HEAD", "POST"])
@with_draft
def one_by_one(request: HttpRequest, draft: Draft, slug: str) -> HttpResponse:
    """A safety page again, each item with yes, no and not sure."""
    return question_page(request, draft, slug, one_by_one=True)


def question_page(
    request: HttpRequest, draft: Draft, slug: str, *, one_by_one: bool
) -> HttpResponse:
    """Show a page, or save it and go on."""
    page = pathway.find(slug)
    place = submission.place_of(draft)
    if page is None or not pathway.may_open(page, place):
        return see_other(next_url(draft))
    if one_by_one and page.layout is not Layout.SAFETY:
        return see_other(to_section(page))
    form = build_form(request, draft, page, place.answers, one_by_one=one_by_one)
    if form.is_valid():
        return save(request, draft, page, form)
    back = back_url(request, page, place, one_by_one=one_by_one)
    notice = dropped_notice(draft)

    def words() -> dict[str, Any]:
        parts = page_context(request, page, form, one_by_one=one_by_one)
        return {**parts, "back": back, "notice": notice}

    if not notice and question_parts.shows_nothing(form) and may_keep(request):
        return kept_page(request, PAGE, (back, *question_parts.kind_of(form, request)), words)
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, PAGE, words(), status=status)


def build_form(
    request: HttpRequest, draft: Draft, page: Section, answers: Answers, *, one_by_one: bool
) -> SectionForm | IdentityForm:
    """The form of a page, bound when it was posted."""
    data = request.POST if request.method == "POST" else None
    if page.layout is Layout.IDENTITY:
        age = answers.get("age")
        return IdentityForm(
            draft.identity,
            data,
            age=age if isinstance(age, int) else None,
            today=timezone.localdate(),
        )
    return SectionForm(page, answers, data, one_by_one=one_by_one)


def save(
    request: HttpRequest, draft: Draft, page: Section, form: SectionForm | IdentityForm
) -> HttpResponse:
    """Keep a valid page and go to the next one, or to what cannot wait."""
    if isinstance(form, IdentityForm):
        saved = submission.save_identity(draft=draft, identity=form.identity)
    else:
        finished = not form.one_by_one_wanted
        saved = submission.save_page(
            draft=draft, section=page, given=form.given, finished=finished
        ).draft
    if emergency_so_far(submission.answers_of(saved)):
        return end_in_emergency(saved)
    return see_other(url_after(saved, page, change=is_change(request)))


def url_after(draft: Draft, page: Section, *, change: bool) -> str:
    """After a change: newly opened pages, then the answers. Otherwise the next page."""
    if change or draft.progress.get("one_by_one") == page.slug:
        return next_url(draft, change=change)
    following = pathway.following(page, submission.place_of(draft))
    return to_section(following) if following else next_url(draft)


def end_in_emergency(draft: Draft) -> HttpResponse:
    """Send what is complete, otherwise stop and keep the draft as an alert."""
    try:
        submission.submit(draft=draft)
    except (submission.IncompleteError, AnswerError):
        submission.stop(draft=draft)
        return see_other(reverse("screening:help_now"))
    return see_other(reverse("screening:result"))


def page_context(
    request: HttpRequest,
    page: Section,
    form: SectionForm | IdentityForm,
    *,
    one_by_one: bool,
) -> dict[str, Any]:
    """What `section.html` prints of a page, whatever was answered before."""
    return {
        "title": question_parts.title(page, form),
        "above": question_parts.above(page, form, one_by_one=one_by_one),
        "controls": question_parts.controls(page, form, request),
        "below": question_parts.below(page),
        "style": STYLES.get(page.layout, ""),
        "errors": form.error_links() if form.is_bound else [],
        "timed": question_parts.is_timed(page),
    }


def back_url(request: HttpRequest, page: Section, place: pathway.Place, *, one_by_one: bool) -> str:
    """The page before, the answers after "Change", or the start."""
    if one_by_one:
        return to_section(page, change=is_change(request))
    if is_change(request):
        return reverse("screening:answers")
    before = pathway.preceding(page, place)
    return to_section(before) if before else reverse("screening:start")


def dropped_notice(draft: Draft) -> dict[str, list[str]] | None:
    """Which answers the last Continue removed, and the changed question that closed them."""
    dropped = [translated(QUESTIONS[key].label) for key in draft.progress.get("dropped", [])]
    changed = [translated(QUESTIONS[key].label) for key in draft.progress.get("changed", [])]
    return {"dropped": dropped, "changed": changed} if dropped else None


# --- check and send ---------------------------------------------------------------------------


@require_safe
@with_draft
def check_answers(request: HttpRequest, draft: Draft) -> HttpResponse:
    """All answers with a Change link each, and "Confirm and send"."""
    if pathway.first_unanswered(submission.place_of(draft)) is not None:
        return see_other(next_url(draft))
    return render(request, "screening/answers.html", answers_context(draft))


def answers_context(draft: Draft, problem: str = "") -> dict[str, Any]:
    """What "Check your answers" prints."""
    return {
        "groups": as_read.groups(draft),
        "notice": dropped_notice(draft),
        "back": to_section(last_page(draft)),
        "problem": problem,
        "next_page": reverse("screening:answers"),  # Where a switch of language leads back to.
    }


def last_page(draft: Draft) -> Section:
    """The page before "Check your answers"."""
    known = submission.known_pages(draft)
    return pathway.open_sections(submission.answers_of(draft), known=known)[-1]


@require_POST
@with_draft
def send(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Freeze the answers, once, and show the result."""
    try:
        submission.submit(draft=draft)
    except submission.IncompleteError as missing:
        return see_other(to_section(missing.section))
    except AnswerError as problem:
        return render(
            request,
            "screening/answers.html",
            answers_context(draft, translated(str(problem))),
            status=UNPROCESSABLE,
        )
    return see_other(reverse("screening:result"))


# --- what comes out ---------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@with_draft
def help_now(request: HttpRequest, draft: Draft) -> HttpResponse:
    """An emergency answer ended the questionnaire: what to do now."""
    if draft.stopped_at is None:
        return see_other(next_url(draft))
    form = CallMeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        submission.leave_name(draft=draft, **form.cleaned_data)
        return see_other(reverse("screening:help_now"))
    context = {
        "page": results.compose_care(submission.answers_of(draft), Practice.current()),
        "form": form,
        "named": draft.identity.get("full_name", ""),
        "stopped_at": draft.stopped_at,
        "tell_front_desk": True,
        "errors": form.error_links() if form.is_bound else [],
    }
    return render(
        request,
        "screening/help_now.html",
        context,
        status=UNPROCESSABLE if form.is_bound else 200,
    )


@findable
@require_safe
def result(request: HttpRequest) -> HttpResponse:
    """The result page, from the frozen record only."""
    screening = submission.find_screening(sessions.draft_key(request))
    if screening is None:
        return start_or_go_on(request)
    audit.record("result viewed", patient=screening.patient_id, obj=screening)
    page = results.shown(screening, Practice.current())
    context = {
        "page": page.words,
        "screening": screening,
        "tell_front_desk": screening.triage != Tier.NONE.value,
        "one_language": True,
    }
    with override(screening.language):  # The words are frozen, so the page is in their language.
        return render(request, page.template, context)


def start_or_go_on(request: HttpRequest) -> HttpResponse:
    """There is no result yet: go on with the draft, or to the start."""
    draft = submission.find_draft(sessions.draft_key(request))
    if draft is None:
        return redirect("screening:start")
    if draft.stopped_at is not None:
        return see_other(reverse("screening:help_now"))
    return see_other(next_url(draft))
