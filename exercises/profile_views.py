"""The practice's profile as its patients would see it: a page and a paper, before it is saved."""

import re
from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import modelform_factory
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from chiro.practice import theme
from chiro.practice.models import Practice
from chiro.practice.profile import PracticeForm
from exercises import handout, library, pictures, rendering
from exercises.handout.showed import Told
from exercises.planner import PlanCard
from exercises.rendering import RenderingError
from screening.anatomy import Level

CHANGE = "practice.change_practice"
FIELDS = ("name", "address", "phone", "emergency_number", "paper", "accent", "green_up_to",
          "yellow_up_to")  # fmt: skip
PreviewForm: type[PracticeForm] = modelform_factory(  # type: ignore[assignment]
    Practice, form=PracticeForm, fields=FIELDS
)
"""The fields that a page or a paper shows."""

COLOUR = re.compile(r"[0-9a-fA-F]{6}")
NOTICE = "Preview with invented words"
CARDS = ("clamshell", "double-leg-bridge", "single-leg-stance")
UNPROCESSABLE, UNAVAILABLE = 422, 503


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """A sample page or paper with the values of the form. The profile stays as it is."""
    if not request.user.has_perm(CHANGE):
        raise PermissionDenied
    form = PreviewForm(request.POST, request.FILES, instance=Practice.objects.filter(pk=1).first())
    if not form.is_valid():
        return _page(request, Practice.current(), problems=_problems(form), status=UNPROCESSABLE)
    practice: Practice = form.instance
    form.show_logo()
    if request.POST.get("preview") != "pdf":
        return _page(request, practice)
    with Practice.shown_as(practice):
        content = sample(practice)
    try:
        printed = rendering.render(content, paper=practice.paper)
    except RenderingError as problem:
        return _page(request, practice, problems=[str(problem)], status=UNAVAILABLE)
    response = HttpResponse(printed, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="preview.pdf"'
    return response


def _problems(form: PracticeForm) -> list[str]:
    return [str(error) for errors in form.errors.values() for error in errors]


def _page(
    request: HttpRequest,
    practice: Practice,
    *,
    problems: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    with Practice.shown_as(practice):
        context = {
            "sheet": pictures.for_page(sample(practice)),
            "problem": " ".join(problems or []),
            "colour": practice.accent.removeprefix("#"),
            "one_language": True,
        }
        return render(request, "exercises/profile_preview.html", context, status=status)


@require_safe
def colours(request: HttpRequest, colour: str) -> HttpResponse:
    """The style sheet of a colour that is not stored yet."""
    if not COLOUR.fullmatch(colour):
        raise Http404
    return HttpResponse(theme.patient_sheet(f"#{colour}"), content_type="text/css; charset=utf-8")


def sample(practice: Practice) -> dict[str, Any]:
    """An invented plan of this practice."""
    heading = handout.Heading(
        number="000000",
        version=1,
        patient="Sam Sample",
        clinician="",
        on=timezone.localdate(),
        questionnaire="1",
        ruleset="1",
        notice=NOTICE,
    )
    told = Told(
        rule="A1", side="left", counted=1, sentence="You sleep on your left side most nights."
    )
    return handout.write(
        issuer=handout.issuer_of(practice),
        heading=heading,
        findings=handout.Findings(
            left=Level.POSSIBLE, right=Level.UNLIKELY, pain_worst=4, told=(told,)
        ),
        items=[
            handout.Item(slug=slug, because="", dose=_dose(slug))
            for slug in CARDS
            if slug in library.load()
        ],
        minutes=12.0,
        open_slugs=(),
        advice=(),
    )


def _dose(slug: str) -> PlanCard:
    card = library.load()[slug]
    assert card.dose is not None
    each = card.sides is library.Sides.EACH
    return PlanCard(
        slug=slug,
        slot="ABD",
        sets={"left": 3, "right": 2} if each else {"both": 2},
        reps=card.dose.reps.low if card.dose.reps else None,
        hold_seconds=card.dose.hold_seconds.low,
        rest_seconds=45,
        times_a_day=1,
        days_per_week=3,
        first_side="left" if each else "",
        because="",
        cautions=(),
    )
