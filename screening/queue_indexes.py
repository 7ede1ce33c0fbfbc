"""The indexes of the queue: one for each of its orders, so that a page of it reads only that."""

from django.db import models

FILTERS = (
    "is_archived",
    "status",
    "triage_rank",
    "left_level",
    "right_level",
    "sleep_counts",
    "standing_counts",
    "sitting_counts",
    "crossing_counts",
    "clinician",
    "cleared_by",
    "patient",
    "language",
    "age",
    "doubt",
    "submitted_at",
    "priority",
)
"""The columns of a review that the queue filters by; each of its indexes covers them all."""


def of(column: str, name: str) -> list[models.Index]:
    """The indexes of one order: of what is open or closed, of what the archive holds or not."""
    covered = [column, "screening", *(other for other in FILTERS if other != column)]
    kept = [*(other for other in covered if other != "is_archived"), "is_open"]
    return [
        models.Index(fields=["is_open", *covered], name=f"review_open_{name}"),
        models.Index(fields=["is_archived", *kept], name=f"review_{name}"),
    ]
