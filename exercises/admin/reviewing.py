"""The review page with the plan: its rows, approval, versions, papers and the personal link."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import URLPattern

from chiro.practice import permissions
from exercises import shelf
from exercises.admin.batch import PRINTING, PrintTogether, of_screenings
from exercises.admin.documents import print_addresses
from exercises.admin.personal_links import tell_locked
from exercises.admin.plan_part import PlanPart, card_labels
from exercises.admin.previewing import answer as preview_answer
from exercises.admin.sharing import send, share
from exercises.library import Card
from exercises.models import Plan
from exercises.papers import body
from exercises.services import links, papers, planning, templates
from exercises.services.batch import Chosen
from exercises.services.rows import Row
from screening.admin.acting import staff
from screening.admin.parts import Part
from screening.admin.screenings import SAVE, UNPROCESSABLE, ScreeningAdmin, see_other
from screening.models import Review, Screening
from screening.services import review as reviews
from screening.services.review import RefusedError

APPROVE, AND_PRINT, AND_SEND = "approve", "approve-print", "approve-send"
KEEP, APPLY = "keep-template", "apply"
PREVIEWS = {"preview-page": "page", "preview-pdf": "pdf"}
PAPER_WORDS = {"letter": "US Letter", "a4": "A4"}


class ReviewAdmin(PrintTogether, ScreeningAdmin):
    """Incoming screenings, with the plan on the review page."""

    review_template = "admin/exercises/review.html"
    actions = PRINTING

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The queue, with the personal links that wrong birth dates have locked on top."""
        if request.method == "GET" and self.has_view_permission(request):
            tell_locked(request)
        return super().changelist_view(request, extra_context)

    def get_urls(self) -> list[URLPattern]:
        """The acts on a plan."""
        return [
            self.address("<int:pk>/next-version/", self.next_version, "next_version"),
            self.address("<int:pk>/rebuild/", self.rebuild, "rebuild"),
            self.address("<int:pk>/link/", self.link, "link"),
            self.address("<int:pk>/send-link/", self.send_link, "send_link"),
            self.address("<int:pk>/preview/", self.preview, "preview"),
            *super().get_urls(),
        ]

    def chosen_plans(self, queryset: QuerySet[Screening]) -> list[Chosen]:
        """The approved plan of each chosen row, in the order of the queue."""
        return of_screenings(list(queryset.order_by("review__priority", "pk")))

    def parts(self, review: Review, data: QueryDict | None) -> list[Part]:
        """The draft plan is one more part of the form."""
        found = super().parts(review, data)
        draft = _draft(review)
        if draft is not None and review.status != Review.Status.WITHHELD:
            found.append(PlanPart(draft, review, data))
        return found

    def labels(self, shown_parts: Sequence[Part]) -> dict[str, str]:
        """The words of all controls; of every card, for rows whose draft is approved by now."""
        return {**card_labels(), **super().labels(shown_parts)}

    def after_save(self, request: HttpRequest, screening: Screening, do: str) -> HttpResponse:
        """Approve when that was pressed; otherwise back to the plan after a step in its table."""
        if do in (APPROVE, AND_PRINT, AND_SEND):
            return self.approve(request, screening, do)
        if do == KEEP:
            self.keep_template(request, screening)
        if do == APPLY:
            _tell_applied(request, screening)
        if do != SAVE and not do.startswith("agree"):
            return self.back(screening, "s-plan")
        return super().after_save(request, screening, do)

    def approve(self, request: HttpRequest, screening: Screening, do: str) -> HttpResponse:
        """Freeze the draft that was just saved and store its papers; print or send it then."""
        review = self.find(screening.pk).review
        draft = _draft(review)
        try:
            if draft is None:
                raise RefusedError("There is no draft to approve.")
            plan = planning.approve(plan=draft, by=staff(request), version=review.version)
        except RefusedError as refusal:
            messages.error(request, f"Saved, but not approved. {refusal}")
            return self.back(screening)
        messages.success(request, f"Version {plan.version} of plan {plan.number} is approved.")
        if do == AND_SEND:
            return send(request, self.admin_site, screening)
        if do == AND_PRINT:
            address, _ = print_addresses(plan.pk, papers.first().paper)[0]
            return see_other(address)
        if papers.lacks_first(plan):
            messages.warning(request, "Its PDF could not be made yet. Printing tries it again.")
        return self.back(screening, "s-approved")

    def context(
        self, request: HttpRequest, review: Review, shown_parts: Sequence[Part]
    ) -> dict[str, Any]:
        """What the template prints, with the draft and the approved versions."""
        plan_part = next((part for part in shown_parts if isinstance(part, PlanPart)), None)
        return {
            **super().context(request, review, shown_parts),
            "plan": plan_part,
            "state": plan_part.state() if plan_part else None,
            "replaces": plan_part.plan.replaces if plan_part else None,
            "approved": self.approved(review),
            "links": _links(review),
            "body": body.marked(review.screening.answers.get("places", [])),
        }

    def approved(self, review: Review) -> list[dict[str, Any]]:
        """The approved versions, the newest first, with where to print them."""
        plans = (
            review.screening.plans.exclude(status=Plan.Status.DRAFT)
            .select_related("approved_by", "replaces")
            .order_by("-version")
        )
        cards = shelf.cards()
        return [_approved(plan, cards) for plan in plans]

    def allowed(self, request: HttpRequest, review: Review) -> dict[str, bool]:
        """What this person may do with the plan now."""
        by, newest = request.user, _newest_approved(review)
        draft = _draft(review)
        may = reviews.allowed
        return {
            **super().allowed(request, review),
            "change": draft is not None and may(planning.check_can_change, draft, review, by),
            "approve": draft is not None and may(planning.check_can_approve, draft, review, by),
            "next": newest is not None and may(planning.check_can_make_next, newest, review, by),
            "print": newest is not None and may(planning.check_can_print, newest, review, by),
            "share": may(planning.check_can_share, review, by),
        }

    def note_of_plan(self, screening: Screening) -> list[str]:
        """The approved plan, a line an exercise; "draft" is not told to another system."""
        plan = screening.plans.filter(status=Plan.Status.APPROVED).first()
        if plan is None:
            return []
        cards = shelf.cards()
        rows = [approved_row(row, cards) for row in planning.rows_of(plan)]
        return [
            f"Home-exercise plan {plan.number}, version {plan.version}:",
            *(f"{row['name']}: {row['dose']}" for row in rows),
        ]

    def keep_template(self, request: HttpRequest, screening: Screening) -> None:
        """Keep the rows that were just saved as a template."""
        name = request.POST.get("template-name", "")
        try:
            plan = _draft(self.find(screening.pk).review)
            if plan is None:
                raise RefusedError("There is no draft to keep.")
            template = templates.keep(name=name, plan=plan, by=staff(request))
        except RefusedError as refusal:
            messages.error(request, f"The draft is saved, but no template is made. {refusal}")
        else:
            messages.success(request, f"The template “{template}” is kept, without notes.")

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The plan as typed, as a page or a paper. Nothing is stored."""
        screening = self.find(pk)
        if not request.user.has_perm(permissions.CHANGE_PLAN):
            raise PermissionDenied
        shown = self.parts(screening.review, self.typed(request.POST, screening))
        part = next((one for one in shown if isinstance(one, PlanPart)), None)
        try:
            if part is None:
                raise RefusedError("There is no draft to preview.")
            if not part.is_valid():
                return self.show(request, screening.review, shown, status=UNPROCESSABLE)
            content = part.preview(staff(request))
        except RefusedError as refusal:
            context = {"refusal": str(refusal)}
            return self.show(request, screening.review, shown, UNPROCESSABLE, **context)
        return preview_answer(request, content, kind=PREVIEWS.get(request.POST.get("do", ""), ""))

    # --- single acts --------------------------------------------------------------------------

    def next_version(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Start the next version from the approved one."""

        def start(*, screening: Screening, by: Any) -> None:
            plan = _newest_approved(screening.review)
            if plan is None:
                raise RefusedError("There is no approved version yet.")
            planning.next_version(plan=plan, by=by)

        done = "A draft of the next version is ready. The approved version still counts."
        return self.act(request, pk, permissions.CHANGE_PLAN, start, done)

    def rebuild(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make the draft anew from the final levels."""

        def build(*, screening: Screening, by: Any) -> None:
            plan = _draft(screening.review)
            if plan is None:
                raise RefusedError("There is no draft to rebuild.")
            planning.rebuild(plan=plan, by=by)

        done = "The draft is made anew from the final levels."
        return self.act(request, pk, permissions.CHANGE_PLAN, build, done)

    def link(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make a personal link and show it once."""
        return share(request, self.admin_site, self.find(pk))

    def send_link(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send a personal link by e-mail, or show it where there is no address."""
        return send(request, self.admin_site, self.find(pk))


def _tell_applied(request: HttpRequest, screening: Screening) -> None:
    """Say what a template brought and what stayed off, as the decision keeps it."""
    last = screening.decisions.order_by("pk").last()
    if last is not None and "act" in last.details:
        messages.info(request, f"{last.details['act'][:1].upper()}{last.details['act'][1:]}.")


def _draft(review: Review) -> Plan | None:
    return (
        review.screening.plans.filter(status=Plan.Status.DRAFT).select_related("replaces").first()
    )


def _newest_approved(review: Review) -> Plan | None:
    return review.screening.plans.filter(status=Plan.Status.APPROVED).first()


def _links(review: Review) -> list[dict[str, Any]]:
    """The personal links of this screening: when, by whom, whether they still open."""
    rows = review.screening.plan_links.select_related("created_by").order_by("-pk")
    return [
        {
            "at": row.created_at,
            "by": row.created_by.display_name,
            "until": row.expires_at,
            "open": links.is_live(row),
            "on_paper": row.is_on_paper,
        }
        for row in rows
    ]


def _approved(plan: Plan, cards: Mapping[str, Card]) -> dict[str, Any]:
    return {
        "plan": plan,
        "by": plan.approved_by.display_name if plan.approved_by else "",
        "counts": plan.status == Plan.Status.APPROVED,
        "missing": plan.status == Plan.Status.APPROVED and papers.lacks_first(plan),
        "papers": [
            (PAPER_WORDS[paper], print_addresses(plan.pk, paper)) for paper in papers.sizes()
        ],
        "rows": [approved_row(row, cards) for row in planning.rows_of(plan)],
    }


def approved_row(row: Row, cards: Mapping[str, Card]) -> dict[str, str]:
    """A frozen row in one line: title and dose."""
    card = cards.get(row.slug)
    return {
        "name": card.name if card else row.slug,
        "dose": "every day" if row.is_habit else dose_line(row),
        "note": row.note,
    }


def dose_line(row: Row) -> str:
    """The dose in numbers: "left 2, right 3 x 12, hold 2 s, rest 45 s, 3 days a week"."""
    sets = ", ".join(
        f"{word}{count}"
        for word, count in (
            ("left ", row.sets_left),
            ("right ", row.sets_right),
            ("", row.sets_both),
        )
        if count
    )
    times = f"{sets} x {row.reps}" if row.reps else sets
    hold = f", hold {row.hold_seconds} s" if row.hold_seconds else ""
    return f"{times}{hold}, rest {row.rest_seconds} s, {row.days_per_week} days a week"
