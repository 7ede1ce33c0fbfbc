"""Papers of the staff: the blank questionnaire, keying one in, the summary for the chart.

Every address stands behind the admin's door (`urls`); what a role may do is said here.
"""

import json
import logging
import re
import secrets
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Concatenate

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from chiro.languages import ENGLISH
from chiro.practice import audit, permissions
from chiro.practice.models import Practice, User
from chiro.practice.offered import offered
from exercises import pdf, rendering
from exercises.papers import blank, chart
from exercises.rendering import RenderingError
from exercises.services import summaries
from screening.anatomy import Tier
from screening.forms.entry import EntryForm
from screening.models import Screening
from screening.services import entry, submission

logger = logging.getLogger(__name__)

UNPROCESSABLE = 422
NOT_PRINTED = "The paper could not be printed. Nothing is lost. Please try again in a minute."
KEY = re.compile(r"[A-Za-z0-9_-]{43}")
SAVE_ALERT = "alert"
NEEDS_PERSON = {
    Tier.EMERGENCY: "An answer is an emergency. Get a chiropractor now, or call {number}.",
    Tier.SAME_DAY: "An answer needs care the same day. Tell a chiropractor now.",
    Tier.CLINICIAN_FIRST: "A chiropractor has to look at these answers before any exercise.",
}


def staff_who_may(request: HttpRequest, permission: str) -> User:
    """The member of staff who asks. Answers 403 to whoever may not."""
    by = request.user
    if not isinstance(by, User) or not by.has_perm(permission):
        raise PermissionDenied
    return by


def or_say_that_it_was_not_printed[**P](
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Answer a failed print with a page that says so, never with a broken file."""

    @wraps(view)
    def printing(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except RenderingError:
            logger.exception("paper not printed")
            messages.error(request, NOT_PRINTED)
            return _see_other(reverse("admin:index"))

    return printing


# --- paper out --------------------------------------------------------------------------------


@require_safe
@or_say_that_it_was_not_printed
def blank_pdf(request: HttpRequest) -> HttpResponse:
    """The blank questionnaire, on the practice's paper unless another one is asked for."""
    staff_who_may(request, permissions.PRINT_BLANK)
    practice = Practice.current()
    language = _language(request, practice)
    with override(language):
        words = json.dumps({**blank.compose(practice), "language": language})
    return _pdf(_blank(words, _paper(request, practice)), blank.FILE_NAME)


@lru_cache(maxsize=4)
def _blank(words: str, paper: str) -> bytes:
    """The blank sheet of these words (JSON); printed once, since it is the same for everybody."""
    return rendering.sheet(blank.TEMPLATE, {"sheet": json.loads(words)}, css=blank.CSS, paper=paper)


@require_safe
@or_say_that_it_was_not_printed
def summary_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """One page about a screening for the patient's chart, from what is stored."""
    by = staff_who_may(request, permissions.PRINT_SUMMARY)
    rows = Screening.objects.select_related("patient", "review__clinician", "review__cleared_by")
    screening = get_object_or_404(rows, pk=pk)
    practice = Practice.current()
    paper = _paper(request, practice)
    response = _pdf(summaries.print_summary(screening, practice, paper), chart.FILE_NAME)
    audit.record(
        "chart summary printed",
        actor=by,
        patient=screening.patient_id,
        obj=screening,
        request=request,
    )
    return response


def _paper(request: HttpRequest, practice: Practice) -> str:
    """The paper that was asked for, otherwise the practice's own."""
    paper = request.GET.get("paper", practice.paper)
    if paper not in pdf.PAPERS:
        raise Http404
    return paper


def _language(request: HttpRequest, practice: Practice) -> str:
    """The language that was asked for among the practice's own, otherwise English."""
    language = request.GET.get("language", ENGLISH)
    if language not in {one.code for one in offered(practice)}:
        raise Http404
    return language


def _pdf(printed: bytes, name: str) -> HttpResponse:
    response = HttpResponse(printed, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


# --- paper in ---------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def key_in(request: HttpRequest) -> HttpResponse:
    """Key in a paper questionnaire; saved as if the patient had sent it."""
    by = staff_who_may(request, permissions.KEY_IN)
    if request.method != "POST":
        return _entry_page(request, EntryForm(today=timezone.localdate()), _new_key())
    form = EntryForm(request.POST, today=timezone.localdate())
    key = _key(request.POST)
    if form.is_valid():
        return _save(request, form, key, by)
    if form.is_emergency and request.POST.get("do") == SAVE_ALERT:
        return _save_alert(request, form, key, by)
    return _entry_page(request, form, key, status=UNPROCESSABLE)


def _new_key() -> str:
    return secrets.token_urlsafe(submission.KEY_BYTES)


def _key(posted: QueryDict) -> str:
    """The key of the form that was sent; a new one when it did not come back whole."""
    key = posted.get("key", "")
    return key if KEY.fullmatch(key) else _new_key()


def _save(request: HttpRequest, form: EntryForm, key: str, by: User) -> HttpResponse:
    screening = entry.enter(
        key=key,
        answers=form.answers,
        identity=form.identity,
        by=by,
        language=get_language() or "en",
    )
    messages.success(request, f"Saved. The patient's reference is {screening.patient.reference}.")
    _warn(request, Tier(screening.triage))
    return _see_other(reverse("exercises:key_in"))


def _save_alert(request: HttpRequest, form: EntryForm, key: str, by: User) -> HttpResponse:
    typed = form.cleaned_data
    entry.alert(
        key=key,
        answers=form.answers,
        full_name=typed.get("full_name", ""),
        phone=typed.get("phone", ""),
        by=by,
    )
    messages.success(request, "Saved as an alert, unfinished. It stands on top of the queue.")
    _warn(request, Tier.EMERGENCY)
    return _see_other(reverse("exercises:key_in"))


def _warn(request: HttpRequest, tier: Tier) -> None:
    """Say what the person at the desk has to do now."""
    if tier in NEEDS_PERSON:
        number = Practice.current().emergency_number
        messages.warning(request, NEEDS_PERSON[tier].format(number=number))


def _entry_page(
    request: HttpRequest, form: EntryForm, key: str, *, status: int = 200
) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": "Key in a paper questionnaire",
        "form": form,
        "key": key,
        "errors": form.error_links() if form.is_bound else [],
        "emergency": form.is_bound and form.is_emergency,
        "emergency_number": Practice.current().emergency_number,
    }
    return TemplateResponse(request, "admin/exercises/key_in.html", context, status=status)


def _see_other(address: str) -> HttpResponse:
    """303: look there now."""
    return HttpResponse(status=303, headers={"Location": address})
