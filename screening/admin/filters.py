"""The filters of the queue. Each narrows the reviews; none asks the database.

Django's list of filters draws them. Which rows there are is decided in `queue_list`.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from screening.admin.queue import TIER_BADGES
from screening.anatomy import LEVELS, Tier
from screening.models import Review, Screening
from screening.services import queue as rows

LONGEST_NUMBER = 16

type Choices = list[tuple[str, str]]


class Narrowing(admin.SimpleListFilter):
    """A filter whose choices keep some reviews; an unknown choice keeps none."""

    template = "admin/screening/_filter.html"
    every = "All"
    """The words of no choice."""
    stands_open = False
    """Whether the choices are seen before something is chosen."""

    @property
    def starts_open(self) -> bool:
        """Whether the choices are seen: always, or because one of them is chosen."""
        return self.stands_open or self.value() is not None

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """The choices: value and words."""
        raise NotImplementedError

    def queryset(self, request: HttpRequest, queryset: QuerySet[Screening]) -> QuerySet[Screening]:
        """Leave the screenings; `narrow` works on the reviews."""
        return queryset

    def stretch(self, reviews: QuerySet[Review], order: rows.Order) -> QuerySet[Review]:
        """Keep the stretch of the order's index in which the choice lies, where it is one."""
        return reviews

    def narrow(self, reviews: QuerySet[Review]) -> QuerySet[Review]:
        """Keep the reviews of the choice."""
        value = self.value()
        return reviews if value is None else self.keep(reviews, value)

    def keep(self, reviews: QuerySet[Review], value: str) -> QuerySet[Review]:
        """Keep the reviews of this value."""
        raise NotImplementedError

    def choices(self, changelist: Any) -> Iterator[Any]:
        """The choices as links, the words of no choice first; each starts at the first page."""
        first, *others = super().choices(changelist)
        yield {**first, "display": self.every}
        yield from others


class StatusFilter(Narrowing):
    """By status; without a choice, what is still open; all that a search or the archive holds."""

    title = "status"
    parameter_name = "status"
    every = "To review"
    stands_open = True

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        self.searching = is_searching(request) or bool(
            request.GET.get(ArchiveFilter.parameter_name)
        )
        super().__init__(request, *args)

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """Each status, everything."""
        return [*Review.Status.choices, ("all", "All")]

    def stretch(self, reviews: QuerySet[Review], order: rows.Order) -> QuerySet[Review]:
        """Keep what is open, or what is not."""
        is_open = self.is_open()
        # With __in the index is used; a bare boolean would not name its value to SQLite.
        return reviews if is_open is None else reviews.filter(is_open__in=[is_open])

    def narrow(self, reviews: QuerySet[Review]) -> QuerySet[Review]:
        """Keep the status, or the open ones without a choice."""
        value, is_open = self.value(), self.is_open()
        if is_open is None:
            return reviews
        return reviews.filter(is_open=is_open) if value is None else reviews.filter(status=value)

    def is_open(self) -> bool | None:
        """Whether the choice is open; None where it is both."""
        value = self.value()
        if value == "all" or (value is None and self.searching):
            return None
        return value in (None, *rows.OPEN)


class ArchiveFilter(Narrowing):
    """By whether the patient is in the archive; without a choice not, but a search finds all."""

    title = "archive"
    parameter_name = "archive"
    every = "Not archived"

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        status = request.GET.get(StatusFilter.parameter_name)
        self.is_told_by_status = not is_searching(request) and status in (None, *rows.OPEN)
        self.finds_all = is_searching(request) or self.is_told_by_status
        super().__init__(request, *args)

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """The archive."""
        return [("archived", "Archived patients")]

    def stretch(self, reviews: QuerySet[Review], order: rows.Order) -> QuerySet[Review]:
        """Keep what the archive holds, or what it does not. A search that finds very many people
        leaves out the archive."""
        if self.value() is None and self.is_told_by_status:
            return reviews
        return reviews.filter(is_archived__in=[self.value() is not None])

    def narrow(self, reviews: QuerySet[Review]) -> QuerySet[Review]:
        """Keep what is not archived without a choice; nobody who waits for review is."""
        if self.value() is None and self.finds_all:
            return reviews
        return reviews.filter(is_archived=self.value() is not None)


def is_searching(request: HttpRequest) -> bool:
    """Whether the page was asked for with words to search."""
    return bool(request.GET.get(SEARCH_VAR, "").strip())


class TierFilter(Narrowing):
    """By tier, the most urgent first."""

    title = "triage"
    parameter_name = "tier"
    stands_open = True

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """The tiers in words."""
        return [(tier, word) for tier, (_, word) in reversed(TIER_BADGES.items())]

    def keep(self, reviews: QuerySet[Review], value: str) -> QuerySet[Review]:
        """Keep the tier."""
        known = value in set(Tier)
        return reviews.filter(triage_rank=Tier(value).rank) if known else reviews.none()

    def stretch(self, reviews: QuerySet[Review], order: rows.Order) -> QuerySet[Review]:
        """Keep the tier, which is one stretch of the order by triage."""
        value = self.value()
        if value not in set(Tier) or order.column != rows.PRIORITY.column:
            return reviews
        start = (rows.HIGHEST_RANK - Tier(value).rank) * rows.RANK_STEP
        return reviews.filter(priority__gte=start, priority__lt=start + rows.RANK_STEP)


class _Column(Narrowing):
    """A filter on one column that holds the value itself."""

    column = ""

    def keep(self, reviews: QuerySet[Review], value: str) -> QuerySet[Review]:
        """Keep the value."""
        return reviews.filter(**{self.column: value})


class LeftFilter(_Column):
    """By the screen's level on the left."""

    title = "left hip"
    parameter_name = column = "left_level"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """The levels, the clearest first."""
        return [(level.value, level.value.capitalize()) for level in reversed(LEVELS)]

    def keep(self, reviews: QuerySet[Review], value: str) -> QuerySet[Review]:
        """Keep the level, of records whose levels are shown."""
        shown = Q(triage_rank=0) | Q(cleared_by__isnull=False)
        return reviews.filter(shown, **{self.column: value})


class RightFilter(LeftFilter):
    """By the screen's level on the right."""

    title = "right hip"
    parameter_name = column = "right_level"


class _Habit(Narrowing):
    """By whether a habit gave points."""

    column = ""

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """Yes or no."""
        return [("yes", "Counts"), ("no", "Does not count")]

    def keep(self, reviews: QuerySet[Review], value: str) -> QuerySet[Review]:
        """Keep those where it counts, or those where it does not."""
        return reviews.filter(**{f"{self.column}__in": [value == "yes"]})


class SleepFilter(_Habit):
    """Side-sleeping with the top knee dropped."""

    title = "side-sleeping"
    parameter_name, column = "sleep", "sleep_counts"


class StandingFilter(_Habit):
    """Standing on one leg."""

    title = "standing on one leg"
    parameter_name, column = "standing", "standing_counts"


class SittingFilter(_Habit):
    """Long sitting."""

    title = "long sitting"
    parameter_name, column = "sitting", "sitting_counts"


class CrossingFilter(_Habit):
    """Leg crossing."""

    title = "leg crossing"
    parameter_name, column = "crossing", "crossing_counts"


class ClinicianFilter(Narrowing):
    """By the chiropractor who took it up; a person's number in the address finds theirs."""

    title = "chiropractor"
    parameter_name = "clinician"

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        self.me = request.user.pk
        super().__init__(request, *args)

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """Mine, nobody's, the others'."""
        return [("mine", "Mine"), ("none", "Nobody yet"), ("others", "Others")]

    def keep(self, reviews: QuerySet[Review], value: str) -> QuerySet[Review]:
        """Keep theirs."""
        if value == "none":
            return reviews.filter(clinician=None)
        if value == "others":
            return reviews.exclude(clinician=None).exclude(clinician=self.me)
        person = self.me if value == "mine" else value
        known = str(person).isdecimal() and len(str(person)) < LONGEST_NUMBER
        return reviews.filter(clinician=int(str(person))) if known else reviews.none()


class LanguageFilter(_Column):
    """By the language that the patient answered in."""

    title = "language"
    parameter_name = column = "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """The languages of the site."""
        return [(code, str(name)) for code, name in settings.LANGUAGES]


class DoubtFilter(Narrowing):
    """By whether a program may have sent it."""

    title = "sender"
    parameter_name = "sender"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """In doubt or not."""
        return [("unverified", "Unverified"), ("usual", "Nothing unusual")]

    def keep(self, reviews: QuerySet[Review], value: str) -> QuerySet[Review]:
        """Keep those in doubt, or the others."""
        usual = reviews.filter(doubt="")
        return usual if value == "usual" else reviews.exclude(doubt="")


class WaitingFilter(Narrowing):
    """By how long ago it was sent."""

    title = "sent"
    parameter_name = "sent"
    AGES: ClassVar[dict[str, tuple[str, int | None, int | None]]] = {
        "1": ("In the last 24 hours", None, 1),
        "1-2": ("1 to 2 days ago", 1, 2),
        "2-7": ("2 to 7 days ago", 2, 7),
        "7-30": ("7 to 30 days ago", 7, 30),
        "30": ("More than 30 days ago", 30, None),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """The ages in words."""
        return [(value, words) for value, (words, *_) in self.AGES.items()]

    def keep(self, reviews: QuerySet[Review], value: str) -> QuerySet[Review]:
        """Keep that age."""
        _, youngest, oldest = self.AGES.get(value, ("", None, 0))
        now = timezone.now()
        if youngest is not None:
            reviews = reviews.filter(submitted_at__lte=now - timedelta(days=youngest))
        if oldest is not None:
            reviews = reviews.filter(submitted_at__gt=now - timedelta(days=oldest))
        return reviews


class AgeFilter(Narrowing):
    """By the age of the patient."""

    title = "age of the patient"
    parameter_name = "age"
    BANDS: ClassVar[dict[str, tuple[str, int, int]]] = {
        "0-17": ("Under 18", 1, 17),
        "18-39": ("18 to 39", 18, 39),
        "40-64": ("40 to 64", 40, 64),
        "65": ("65 and over", 65, 130),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """The bands in words."""
        return [(value, words) for value, (words, *_) in self.BANDS.items()]

    def keep(self, reviews: QuerySet[Review], value: str) -> QuerySet[Review]:
        """Keep the band."""
        if value not in self.BANDS:
            return reviews.none()
        _, youngest, oldest = self.BANDS[value]
        return reviews.filter(age__gte=youngest, age__lte=oldest)


ALL = (
    StatusFilter,
    TierFilter,
    WaitingFilter,
    LeftFilter,
    RightFilter,
    SleepFilter,
    StandingFilter,
    SittingFilter,
    CrossingFilter,
    ClinicianFilter,
    LanguageFilter,
    AgeFilter,
    DoubtFilter,
    ArchiveFilter,
)
