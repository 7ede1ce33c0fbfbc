"""Printing the plans of several chosen rows as one file: two actions for a list of the admin."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from chiro.practice import permissions
from chiro.practice.models import Practice
from exercises.models import Plan, PlanDocument
from exercises.rendering import RenderingError
from exercises.services import batch
from exercises.services.batch import Chosen
from screening.admin.acting import staff
from screening.models import Screening
from screening.services.review import RefusedError

FILE_NAME = "home-exercise-plans.pdf"  # No name of a person: it lands in shared download folders.

APPROVED = Plan.objects.filter(status=Plan.Status.APPROVED)
WITH_REVIEW = "screening__review__screening"


PRINTING = ("print_chosen", "print_chosen_right_hand")
"""The names of the actions below, for `ModelAdmin.actions`."""


class PrintTogether:
    """Actions of a `ModelAdmin`; its `chosen_plans` says which plans stand behind the rows."""

    def has_print_permission(self, request: HttpRequest) -> bool:
        """Whoever may print one plan may print several."""
        return request.user.has_perm(permissions.PRINT_PLAN)

    @admin.action(description="Print the chosen plans as one PDF", permissions=["print"])
    def print_chosen(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """One file, in the order of the list."""
        return self._print(request, queryset, right_hand=False)

    @admin.action(
        description="Print the chosen plans as one PDF, each starting on a right-hand page",
        permissions=["print"],
    )
    def print_chosen_right_hand(
        self, request: HttpRequest, queryset: QuerySet[Any]
    ) -> HttpResponse | None:
        """The same for two-sided print: no plan shares a sheet with another."""
        return self._print(request, queryset, right_hand=True)

    def _print(
        self, request: HttpRequest, queryset: QuerySet[Any], *, right_hand: bool
    ) -> HttpResponse | None:
        try:
            chosen = self.chosen_plans(queryset)
            bound = batch.print_together(chosen, by=staff(request), right_hand=right_hand)
        except (RefusedError, RenderingError) as problem:
            messages.error(request, f"Nothing is printed. {problem}")
            return None
        response = HttpResponse(bound, content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
        return response

    def chosen_plans(self, queryset: QuerySet[Any]) -> list[Chosen]:
        """The plans and papers behind the rows, in their order. Raises RefusedError."""
        raise NotImplementedError


def of_documents(documents: Iterable[PlanDocument]) -> list[Chosen]:
    """The chosen papers themselves."""
    rows = list(documents)
    plans = Plan.objects.select_related(WITH_REVIEW).in_bulk([row.plan_id for row in rows])
    return [(plans[row.plan_id], row.paper) for row in rows]


def of_screenings(screenings: Sequence[Screening]) -> list[Chosen]:
    """The approved plan of each screening, on the practice's paper.

    Raises RefusedError that names those without one, so that nobody is left out unseen.
    """
    rows = APPROVED.filter(screening__in=screenings).select_related(WITH_REVIEW)
    plans = {plan.screening_id: plan for plan in rows}
    without = [row.patient.reference for row in screenings if row.pk not in plans]
    if without:
        raise RefusedError(f"Without an approved plan: {', '.join(without)}. Choose the others.")
    paper = Practice.current().paper
    return [(plans[row.pk], paper) for row in screenings]
