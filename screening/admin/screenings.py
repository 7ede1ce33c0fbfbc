"""The review page: addresses, permissions, and what each press does.

Every write goes through a service; the page saves all its parts in one transaction.
`exercises.admin` extends the class with the plan. An address holds a record's number, nothing else.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST, require_safe

from chiro.practice import audit, permissions
from screening import answers as contract
from screening.admin import conflict, note, page, parts, queue, stored, told
from screening.admin.acting import staff
from screening.admin.listing import QueueAdmin
from screening.admin.parts import Part
from screening.models import Alert, Draft, Review, Screening
from screening.services import alerts, submission
from screening.services import review as reviews
from screening.services.review import ConflictError, RefusedError

SEE_OTHER = 303
UNPROCESSABLE = 422
CONFLICT = 409
SAVE = "save"
AGREE = "agree"
PLAIN = "text/plain"


class ScreeningAdmin(QueueAdmin):
    """Incoming screenings: the queue, and the review page in the place of the form."""

    review_template = "admin/screening/review.html"

    # --- addresses ----------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        """The acts of the review page, each a post of its own."""
        acts = {
            "acknowledge": self.acknowledge,
            "clear": self.clear,
            "withhold": self.withhold,
            "resume": self.resume,
            "note": self.note,
        }
        return [
            *(self.address(f"<int:pk>/{name}/", view, name) for name, view in acts.items()),
            self.address("stopped/", self.seen_stopped, "seen_stopped", require_safe),
            self.address("stopped/<int:pk>/", self.stopped, "stopped", require_safe),
            self.address("stopped/<int:pk>/seen/", self.seen, "seen"),
            self.address("reported/<int:pk>/seen/", self.reported, "reported"),
            *super().get_urls(),
        ]

    def address(
        self,
        route: str,
        view: Callable[..., HttpResponse],
        name: str,
        method: Callable[..., Any] = require_POST,
    ) -> URLPattern:
        """One more address of this page, for signed-in staff."""
        wrapped = self.admin_site.admin_view(method(view))
        return path(route, wrapped, name=f"screening_screening_{name}")

    # --- the review page ----------------------------------------------------------------------

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The review page of one screening; a post saves everything that stands on it."""
        self.check_may_read(request)
        screening = self.find(object_id)
        if not stored.is_readable(screening):
            return self.show_old(request, screening)
        if request.method == "POST":
            return self.save(request, screening)
        audit.record(
            "screening read",
            actor=request.user,
            patient=screening.patient_id,
            obj=screening,
            request=request,
        )
        return self.show(request, screening.review, self.parts(screening.review, None))

    def show_old(self, request: HttpRequest, screening: Screening) -> HttpResponse:
        """A record of another version, of which only the answers as stored can be shown."""
        audit.record(
            "screening read",
            actor=request.user,
            patient=screening.patient_id,
            obj=screening,
            request=request,
        )
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Old version",
            "screening": screening,
            "answers": json.dumps(screening.answers, indent=2, ensure_ascii=False),
        }
        return TemplateResponse(request, "admin/screening/old_version.html", context)

    def find(self, pk: str | int) -> Screening:
        """The screening with its patient and review, or 404."""
        rows = Screening.objects.select_related(
            "patient",
            "review__clinician",
            "review__cleared_by",
            "review__acknowledged_by",
        )
        return get_object_or_404(rows, pk=pk if str(pk).isdigit() else 0)

    def parts(self, review: Review, data: QueryDict | None) -> list[Part]:
        """The parts of the form, as stored or as typed. No levels while they are withheld."""
        found: list[Part] = [parts.ExaminationPart(review, data)]
        if not reviews.levels_withheld(review):
            found.append(parts.LevelsPart(review, data))
        return found

    def save(self, request: HttpRequest, screening: Screening) -> HttpResponse:
        """Save every part in one transaction, or nothing; then go on to what was pressed."""
        if not request.user.has_perm(permissions.EXAMINE):
            raise PermissionDenied
        data = self.typed(request.POST, screening)
        typed_parts = self.parts(screening.review, data)
        try:
            with transaction.atomic():
                review = reviews.lock(screening=screening, version=_number(data.get("version")))
                typed_parts = self.parts(review, data)
                valid = [part.is_valid() for part in typed_parts]
                if not all(valid):
                    return self.show(request, review, typed_parts, status=UNPROCESSABLE)
                for part in typed_parts:
                    part.save(staff(request))
        except ConflictError:
            return self.show_conflict(request, screening, typed_parts)
        except RefusedError as refusal:
            context = {"refusal": str(refusal)}
            return self.show(request, screening.review, typed_parts, UNPROCESSABLE, **context)
        return self.after_save(request, screening, data.get("do", SAVE))

    def typed(self, posted: QueryDict, screening: Screening) -> QueryDict:
        """What was typed, with what was chosen of two versions; "Agree" fills in both levels."""
        data = conflict.chosen(posted)
        if data.get("do") == AGREE:
            data["level-left"] = screening.left_level
            data["level-right"] = screening.right_level
        return data

    def after_save(self, request: HttpRequest, screening: Screening, do: str) -> HttpResponse:
        """Back to the page, at the part that was worked on."""
        messages.success(request, "Saved.")
        return self.back(screening, "s-level" if do == AGREE else "")

    def back(self, screening: Screening, anchor: str = "") -> HttpResponse:
        """To the review page by 303, so that a reload sends nothing again."""
        address = reverse("admin:screening_screening_change", args=[screening.pk])
        return see_other(f"{address}#{anchor}" if anchor else address)

    def show_conflict(
        self, request: HttpRequest, screening: Screening, typed_parts: Sequence[Part]
    ) -> HttpResponse:
        """Somebody saved in between: the page with this person's values and the other's beside."""
        review = self.find(screening.pk).review
        kept = self.parts(review, None)
        found = conflict.between(
            screening,
            opened=conflict.values_in(request.POST, "opened"),
            mine=conflict.typed_values(request.POST, parts.all_values(typed_parts)),
            theirs=parts.all_values(kept),
            labels=self.labels([*typed_parts, *kept]),
        )
        shown = self.parts(review, parts.as_data(found["values"]))
        return self.show(request, review, shown, CONFLICT, conflict=found)

    def labels(self, shown_parts: Sequence[Part]) -> dict[str, str]:
        """The words of all controls, of parts that are gone too."""
        return parts.all_labels(shown_parts)

    def show(
        self,
        request: HttpRequest,
        review: Review,
        shown_parts: Sequence[Part],
        status: int = 200,
        **extra: Any,
    ) -> HttpResponse:
        """The review page with these parts."""
        context = {
            **self.admin_site.each_context(request),
            **self.context(request, review, shown_parts),
            **extra,
        }
        if status == UNPROCESSABLE:
            context["version"] = request.POST.get("version", "")
            context["opened"] = request.POST.get("opened", "")
        return TemplateResponse(request, self.review_template, context, status=status)

    def context(
        self, request: HttpRequest, review: Review, shown_parts: Sequence[Part]
    ) -> dict[str, Any]:
        """What the template prints."""
        screening = review.screening
        exam = next(part for part in shown_parts if isinstance(part, parts.ExaminationPart))
        levels = next((part for part in shown_parts if isinstance(part, parts.LevelsPart)), None)
        withheld = reviews.levels_withheld(review)
        reports = page.reported(screening)
        return {
            "opts": self.opts,
            "title": f"Review of {screening.patient.reference}",
            "screening": screening,
            "review": review,
            "version": review.version,
            "opened": json.dumps(parts.all_values(self.parts(review, None))),
            "withheld": withheld,
            "who": page.who(screening),
            "alert": page.alert(screening),
            "reported": reports,
            "reported_open": sum(1 for row in reports if row["by"] is None),
            "may_acknowledge": request.user.has_perm(permissions.ACKNOWLEDGE_ALERT),
            "changed": page.changed(screening),
            "symptoms": told.symptoms(screening),
            "habits": told.habits(screening),
            "sides": page.sides(screening, exam.stored),
            "points": page.points(screening),
            "clinician": page.for_the_clinician(screening),
            "answers": page.answers(screening),
            "self_tests": page.self_tests(screening),
            "decisions": page.decisions(screening),
            "exam": exam,
            "levels": levels,
            "errors": [error for part in shown_parts for error in part.errors()],
            "may": self.allowed(request, review),
        }

    def allowed(self, request: HttpRequest, review: Review) -> dict[str, bool]:
        """What this person may do with this record now."""
        by = request.user
        checks = {
            "acknowledge": reviews.check_can_acknowledge,
            "clear": reviews.check_can_clear,
            "examine": reviews.check_can_examine,
            "withhold": reviews.check_can_withhold,
            "resume": reviews.check_can_resume,
        }
        return {act: reviews.allowed(check, review, by) for act, check in checks.items()}

    # --- single acts --------------------------------------------------------------------------

    def act(
        self,
        request: HttpRequest,
        pk: int,
        permission: str,
        service: Callable[..., Any],
        done: str,
        **values: Any,
    ) -> HttpResponse:
        """Call a service for a screening and go back to its page with a sentence."""
        if not request.user.has_perm(permission):
            raise PermissionDenied
        screening = self.find(pk)
        try:
            service(screening=screening, by=staff(request), **values)
        except RefusedError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, done)
        return self.back(screening)

    def acknowledge(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Note who saw the alert."""
        permission, done = permissions.ACKNOWLEDGE_ALERT, "The alert is noted as seen."
        response = self.act(request, pk, permission, reviews.acknowledge, done)
        if request.POST.get("from") == "queue":
            return see_other(reverse("admin:screening_screening_changelist"))
        return response

    def clear(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Release a clinician-first record for a plan."""
        return self.act(
            request,
            pk,
            permissions.CLEAR_SCREENING,
            reviews.clear,
            "Cleared. A draft plan is made.",
            reason=request.POST.get("reason", ""),
        )

    def withhold(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Close a record without a plan."""
        return self.act(
            request,
            pk,
            permissions.WITHHOLD_PLAN,
            reviews.withhold,
            "The plan is withheld.",
            reason=request.POST.get("reason", ""),
        )

    def resume(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take a withheld record up again."""
        return self.act(
            request,
            pk,
            permissions.WITHHOLD_PLAN,
            reviews.resume,
            "Taken up again.",
            reason=request.POST.get("reason", ""),
        )

    def note(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The note text: bare for the script that copies it, on a page of its own without one."""
        self.check_may_read(request)
        if not request.user.has_perm(permissions.PRINT_SUMMARY):
            raise PermissionDenied
        screening = self.find(pk)
        if not stored.is_readable(screening):
            return self.back(screening)
        audit.record(
            "note text exported",
            actor=request.user,
            patient=screening.patient_id,
            obj=screening,
            request=request,
        )
        text = note.text(screening, self.note_of_plan(screening))
        if request.headers.get("Accept") == PLAIN:
            return HttpResponse(text, content_type=f"{PLAIN}; charset=utf-8")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Note text",
            "screening": screening,
            "text": text,
        }
        return TemplateResponse(request, "admin/screening/note.html", context)

    def note_of_plan(self, screening: Screening) -> list[str]:
        """The plan in the note, a line each; `exercises.admin` knows it."""
        return []

    # --- stopped questionnaires ---------------------------------------------------------------

    def stopped(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The answers of a questionnaire that an emergency answer ended."""
        self.check_may_read(request)
        draft = get_object_or_404(queue.stopped().select_related("acknowledged_by"), pk=pk)
        audit.record("stopped questionnaire read", actor=request.user, obj=draft, request=request)
        look, word = queue.TIER_BADGES[draft.stopped_tier]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Stopped questionnaire",
            "draft": draft,
            "look": look,
            "word": word,
            "answers": contract.words(submission.answers_of(draft)),
            "may_acknowledge": request.user.has_perm(permissions.ACKNOWLEDGE_ALERT),
        }
        return TemplateResponse(request, "admin/screening/stopped.html", context)

    def seen_stopped(self, request: HttpRequest) -> HttpResponse:
        """The stopped questionnaires that somebody answered for."""
        self.check_may_read(request)
        audit.record("stopped questionnaires listed", actor=request.user, request=request)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Stopped questionnaires that were seen",
            "rows": queue.seen_stopped(),
            "most": queue.MOST_STOPPED,
        }
        return TemplateResponse(request, "admin/screening/seen_stopped.html", context)

    def seen(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Note who saw the alert of a stopped questionnaire."""
        if not request.user.has_perm(permissions.ACKNOWLEDGE_ALERT):
            raise PermissionDenied
        draft = get_object_or_404(Draft, pk=pk)
        return self.note_seen(request, reviews.acknowledge_stopped, draft=draft)

    def reported(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Note who saw the alert of a check-in."""
        if not request.user.has_perm(permissions.ACKNOWLEDGE_ALERT):
            raise PermissionDenied
        alert = get_object_or_404(Alert.objects.select_related("screening"), pk=pk)
        answer = self.note_seen(request, alerts.acknowledge, alert=alert)
        patients = Screening.objects.filter(patient=alert.screening.patient_id)
        came_from = patients.filter(pk=_number(request.POST.get("from"))).first()
        return self.back(came_from) if came_from else answer

    def note_seen(
        self, request: HttpRequest, acknowledge: Callable[..., Any], **what: Any
    ) -> HttpResponse:
        """Hand an alert to its service, say what came of it, and go back to the queue."""
        try:
            acknowledge(**what, by=staff(request))
        except RefusedError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "The alert is noted as seen.")
        return see_other(reverse("admin:screening_screening_changelist"))


def see_other(address: str) -> HttpResponse:
    """303: look there now."""
    return HttpResponseRedirect(address, status=SEE_OTHER)


def _number(text: str | None) -> int:
    """The version that a page was made from; one that no record has when it is no number."""
    return int(text) if text and text.isdecimal() else 0
