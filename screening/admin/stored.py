"""Whether a stored screening has the shape that the review page reads. Pure.

A record of an older version, or one that was damaged, is shown as "old version" and never as an
error: see `ScreeningAdmin.change_view`.
"""

from collections.abc import Collection, Mapping
from typing import Any

from screening.anatomy import SIDES, Level, Tier
from screening.models import Screening

ASSESSMENT_LISTS = ("flags", "prompts", "tags")
ASSESSMENT = frozenset({*ASSESSMENT_LISTS, "emphasis", "left", "right"})
REASON = frozenset(
    {"rule", "side", "group", "told", "clinician", "evidence", "sources", "points", "counted"}
)
ROW = frozenset({"key", "question", "answer"})


def is_readable(screening: Screening) -> bool:
    """Say whether every part that the review page reads is there."""
    known = {screening.left_level, screening.right_level} <= set(Level)
    return (
        known
        and screening.triage in set(Tier)
        and _assessment(screening.assessment)
        and _all_have(screening.reasons, REASON)
        and _all_have(screening.words, {"title", "rows"})
        and all(_all_have(page["rows"], ROW) for page in screening.words)
        and isinstance(screening.answers, Mapping)
        and isinstance(screening.result, Mapping)
    )


def _assessment(stored: Any) -> bool:
    if not _has(stored, ASSESSMENT):
        return False
    lists = all(isinstance(stored[name], list) for name in ASSESSMENT_LISTS)
    return lists and all(_has(stored[side], {"total"}) for side in SIDES)


def _all_have(rows: Any, names: Collection[str]) -> bool:
    return isinstance(rows, list) and all(_has(row, names) for row in rows)


def _has(stored: Any, names: Collection[str]) -> bool:
    return isinstance(stored, Mapping) and set(names) <= set(stored)
