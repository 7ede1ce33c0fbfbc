"""Save and go on elsewhere: a code for this questionnaire, and the page that takes it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from chiro.practice import audit, limits
from chiro.practice.links import grouped
from screening import sessions
from screening.forms.doors import ResumeForm, SaveForm
from screening.models import Draft
from screening.services import resume as codes
from screening.services import submission
from screening.views import next_url, see_other, with_draft

UNPROCESSABLE, TOO_MANY = 422, 429


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@with_draft
def saved(request: HttpRequest, draft: Draft) -> HttpResponse:
    """What is saved and until when; a code to go on with elsewhere, shown once."""
    form = SaveForm(
        request.POST if request.method == "POST" else None,
        today=timezone.localdate(),
        known=codes.known_birth_date(draft),
        age=submission.answers_of(draft).get("age"),
    )
    if form.is_valid():
        if form.cleaned_data["email"]:
            limits.take(limits.MAILS, limits.address(request))
        return _with_code(request, draft, form)
    context = {
        "form": form,
        "errors": form.error_links(),
        "until": timezone.localtime(submission.kept_until(draft)),
        "go_on": next_url(draft),
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "screening/saved.html", context, status=status)


@sensitive_variables("code", "context")
def _with_code(request: HttpRequest, draft: Draft, form: SaveForm) -> HttpResponse:
    code = codes.make_code(draft=draft, birth_date=form.cleaned_data["birth"])
    to = form.cleaned_data["email"]
    if to:
        codes.send_code(draft=draft, code=code, to=to)
    draft.refresh_from_db()
    context = {
        "code": grouped(code),
        "sent": bool(to),
        "until": timezone.localtime(submission.kept_until(draft)),
        "go_on": next_url(draft),
    }
    return render(request, "screening/saved_code.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def resume(request: HttpRequest) -> HttpResponse:
    """Type the code and the birth date, and go on."""
    bound = request.POST if request.method == "POST" else None
    form = ResumeForm(bound, today=timezone.localdate())
    if form.is_valid():
        typed, ip = form.cleaned_data, audit.client_ip(request)
        try:
            draft = codes.find(code=typed["code"], birth_date=typed["birth"], ip=ip)
        except codes.WrongCodeError:
            form.refuse()
        except codes.TooManyTriesError:
            return render(request, "screening/too_many.html", status=TOO_MANY)
        else:
            sessions.hold(request, draft)
            return see_other(next_url(draft))
    context = {"form": form, "errors": form.error_links(), "tries": codes.TRIES}
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "screening/resume.html", context, status=status)
