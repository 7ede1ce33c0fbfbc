"""The queue's own columns of a review, and the rows of a page of the queue.

The columns are copied from the frozen screening, so that each page, filter and order reads one
narrow index, however many screenings there are. Pages are found by their last row, never counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, Subquery

from screening.anatomy import Level, Tier
from screening.models import Patient, Review, Screening
from screening.services import finding

HABITS = {
    "A1": "sleep_counts",
    "A2": "standing_counts",
    "A3": "sitting_counts",
    "A4": "crossing_counts",
}
"""Rule of a habit -> the column that says whether it gave points."""

OPEN = (Review.Status.WAITING, Review.Status.IN_REVIEW)
RANK_STEP = 10**14
"""More milliseconds than any time of sending has; a rank is worth one step."""
HIGHEST_RANK = max(tier.rank for tier in Tier)
WITHOUT_ALERT = HIGHEST_RANK * RANK_STEP
"""The priority from which on nothing is an alert."""
COUNTED_UP_TO = 1000
LOOKED_THROUGH = 100_000
"""So many rows are looked through for one page at most; where these do not fill it, the next page
goes on from there."""
REFILL_BATCH = 500
LONGEST_NAME = 100


def columns(screening: Screening, *, cleared: bool = False) -> dict[str, Any]:
    """The queue's columns for a screening; what an old record does not hold is left empty."""
    fired = {str(reason.get("rule")) for reason in _dicts(screening.reasons)}
    age = screening.answers.get("age") if isinstance(screening.answers, Mapping) else None
    return {
        "patient": screening.patient,
        "priority": priority(screening),
        "submitted_at": screening.submitted_at,
        "left_level": screening.left_level,
        "right_level": screening.right_level,
        "language": screening.language,
        "is_archived": screening.patient.archived_at is not None,
        "age": age if isinstance(age, int) else 0,
        **{column: rule in fired for rule, column in HABITS.items()},
        "name_order": name_order(screening.patient),
        **level_orders(screening, cleared=cleared),
    }


def name_order(patient: Patient) -> str:
    """A patient's name as the queue sorts it: small letters without accents."""
    return finding.folded(patient.full_name)[:LONGEST_NAME]


def rename(patient: Patient) -> None:
    """Sort the records of a patient under the corrected name."""
    Review.objects.filter(patient=patient).update(name_order=name_order(patient))


def archive(patient: Patient, *, archived: bool) -> None:
    """Leave the records of a patient out of the queue, or take them in again."""
    Review.objects.filter(screening__patient=patient).update(is_archived=archived)


def level_orders(screening: Screening, *, cleared: bool) -> dict[str, int]:
    """The places of a screening by level: likely first, what is withheld or of old shape last."""
    withheld = screening.triage != Tier.NONE.value and not cleared
    return {
        "left_order": _level_order(screening, screening.left_level, withheld=withheld),
        "right_order": _level_order(screening, screening.right_level, withheld=withheld),
    }


def _level_order(screening: Screening, level: str, *, withheld: bool) -> int:
    shown = level in set(Level) and not withheld
    place = len(Level) - 1 - Level(level).rank if shown else len(Level)
    return place * RANK_STEP + _milliseconds(screening)


def _dicts(rows: Any) -> list[Mapping[str, Any]]:
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def priority(screening: Screening) -> int:
    """Triage, then who was first: the smaller number comes first."""
    return (HIGHEST_RANK - Tier(screening.triage).rank) * RANK_STEP + _milliseconds(screening)


def _milliseconds(screening: Screening) -> int:
    return int(screening.submitted_at.timestamp() * 1000)


def is_filled() -> bool:
    """Say whether every review has its columns."""
    return not Review.objects.filter(submitted_at=None).exists()


def refill() -> int:
    """Write the queue's columns of every review again; return how many there are."""
    written, last = 0, 0
    while batch := list(
        Review.objects.filter(pk__gt=last)
        .select_related("screening__patient")
        .order_by("pk")[:REFILL_BATCH]
    ):
        for review in batch:
            review.is_open = review.status in OPEN
            cleared = review.cleared_by_id is not None
            for column, value in columns(review.screening, cleared=cleared).items():
                setattr(review, column, value)
        Review.objects.bulk_update(batch, ["is_open", *columns(batch[0].screening)])
        written, last = written + len(batch), batch[-1].pk
    return written


# --- pages ------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Order:
    """An order of the queue: the column, and whether the largest comes first."""

    column: str
    backwards: bool = False


PRIORITY = Order(column="priority")
LONGEST = Order(column="submitted_at")
NEWEST = Order(column="submitted_at", backwards=True)
BY_NAME = Order(column="name_order")
BY_LEFT = Order(column="left_order")
BY_RIGHT = Order(column="right_order")


@dataclass(frozen=True, kw_only=True)
class Page:
    """The screenings of a page by number, and the rows to go on from; None at an end.

    `counted` is how many there are in all, `COUNTED_UP_TO` + 1 when there are more than that, and
    None where nothing was counted: on later pages, and where not everything was looked through.
    """

    screenings: tuple[int, ...]
    first: int | None
    last: int | None
    counted: int | None
    is_cut: bool = False


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Where a page is looked for: what `rows` holds, in an order, `look` rows of it at most.

    `rows` is one stretch of an index; filters do not belong here. Without `look`, all of it is
    looked through, and with `counts` the first page says how many there are.
    """

    rows: QuerySet[Review]
    order: Order
    look: int | None = LOOKED_THROUGH
    counts: bool = True


def page(
    stretch: Stretch,
    chosen: QuerySet[Review],
    size: int,
    *,
    after: int | None = None,
    before: int | None = None,
) -> Page:
    """The page that follows a screening, or ends before one; the first page without either.

    `chosen` are the rows of the stretch that are shown.
    """
    anchor, column = after or before, stretch.order.column
    turned = anchor is not None and after is None
    backwards = stretch.order.backwards != turned
    beyond = Q() if anchor is None else _beyond(column, anchor, backwards=backwards)
    end = _end(stretch, beyond, backwards=backwards)
    within = Q() if end is None else _up_to(column, end, backwards=backwards)
    counts = anchor is None and stretch.counts
    most = COUNTED_UP_TO + 1 if counts else size + 1
    found = _numbers(chosen.filter(beyond, within), column, most, backwards=backwards)
    more = len(found) > size
    cut = end if not more else None
    return Page(
        screenings=tuple(found[:size][::-1] if turned else found[:size]),
        **_ends(found[:size], anchor, turned=turned, more=more, cut=cut and cut[1]),
        counted=len(found) if counts and (end is None or len(found) == most) else None,
        is_cut=cut is not None,
    )


def _ends(
    shown: list[int], anchor: int | None, *, turned: bool, more: bool, cut: int | None
) -> dict[str, int | None]:
    """The rows to go on from. `shown` is in the order in which it was found."""
    near = (shown[0] if shown else cut) if anchor is not None else None
    far = shown[-1] if more else cut
    return {"first": far, "last": near} if turned else {"first": near, "last": far}


def _numbers(reviews: QuerySet[Review], column: str, most: int, *, backwards: bool) -> list[int]:
    return list(_sorted(reviews, column, backwards).values_list("screening_id", flat=True)[:most])


def _sorted(reviews: QuerySet[Review], column: str, backwards: bool) -> QuerySet[Review]:
    sign = "-" if backwards else ""
    return reviews.order_by(f"{sign}{column}", f"{sign}screening_id")


def _end(stretch: Stretch, beyond: Q, *, backwards: bool) -> tuple[Any, int] | None:
    """Value and number of the last row that is looked at; None when that is all there are."""
    if stretch.look is None:
        return None
    column = stretch.order.column
    rows = _sorted(stretch.rows.filter(beyond), column, backwards)
    last = rows.values_list(column, "screening_id")[stretch.look - 1 : stretch.look + 1]
    return last[0] if len(last) > 1 else None


def _up_to(column: str, end: tuple[Any, int], *, backwards: bool) -> Q:
    """What comes before a row in an order, and the row."""
    way = "gt" if backwards else "lt"
    value, screening = end
    level = Q(**{f"screening_id__{way}e": screening})
    return Q(**{f"{column}__{way}e": value}) & (Q(**{f"{column}__{way}": value}) | level)


def _beyond(column: str, screening: int, *, backwards: bool) -> Q:
    """What comes after a screening in an order, or before it when the order is turned."""
    place = Subquery(Review.objects.filter(screening_id=screening).values(column)[:1])
    way = "lt" if backwards else "gt"
    further = Q(**{f"{column}__{way}": place})
    level = Q(**{column: place, f"screening_id__{way}": screening})
    return Q(**{f"{column}__{way}e": place}) & (further | level)
