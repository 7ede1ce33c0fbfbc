"""Plans in numbered versions, their items, stored papers, personal links and diaries.

An approved `Plan`, a `PlanDocument` and a `DiaryEntry` never change. The services are the only
writers.
"""

from collections.abc import Mapping

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from chiro.practice.models import AppendOnly
from exercises.library.cards import POSITIONS, WORKED_SIDES
from screening.models import Patient, Screening


class Plan(models.Model):
    """Version N of the home plan that belongs to one screening; frozen when approved."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        APPROVED = "approved", "Approved"
        REPLACED = "replaced", "Replaced by a later version"

    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, related_name="plans")
    version = models.PositiveIntegerField(default=1)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    skipped = models.JSONField(default=list, help_text="Slots that found no fitting exercise.")
    advice = models.JSONField(default=list, help_text="Advice in words without a card (overuse).")
    minutes = models.DecimalField(max_digits=4, decimal_places=1, default=0)
    days_per_week = models.PositiveSmallIntegerField(default=3)
    message = models.CharField(
        max_length=300, blank=True, help_text="Printed on the plan, below the title."
    )
    language = models.CharField(
        max_length=10, blank=True, help_text="Of its words; the screening's where none is chosen."
    )
    ruleset_version = models.CharField(max_length=10)
    content = models.JSONField(
        null=True, blank=True, help_text="Everything the approved plan says, frozen at approval."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["screening", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["screening", "version"], name="one_plan_version"),
            models.UniqueConstraint(
                fields=["screening"],
                condition=models.Q(status="draft"),
                name="one_draft_plan",
            ),
        ]

    def __str__(self) -> str:
        return f"Plan {self.number} version {self.version}"

    @property
    def number(self) -> str:
        """The plan number as printed, the same for every version of one screening."""
        return f"{self.screening_id:06d}"


class PlanItem(models.Model):
    """One exercise or habit of a plan, with dose, reason and notes."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    slug = models.SlugField(max_length=60)
    slot = models.CharField(
        max_length=10, blank=True, help_text="ABD, EXT, STAND, FUNC, CORE, MOB; HABIT; OWN."
    )
    first_side = models.CharField(max_length=5, blank=True, help_text="The side to begin with.")
    sets_left = models.PositiveSmallIntegerField(null=True, blank=True)
    sets_right = models.PositiveSmallIntegerField(null=True, blank=True)
    sets_both = models.PositiveSmallIntegerField(null=True, blank=True)
    reps = models.PositiveSmallIntegerField(null=True, blank=True)
    hold_seconds = models.PositiveSmallIntegerField(default=0)
    rest_seconds = models.PositiveSmallIntegerField(default=0)
    times_a_day = models.PositiveSmallIntegerField(default=1)
    days_per_week = models.PositiveSmallIntegerField(default=3)
    because = models.CharField(
        max_length=400, blank=True, help_text="Printed: because you told us …"
    )
    cautions = models.JSONField(default=list, help_text="Notes that the patient's tags print.")
    note = models.CharField(max_length=300, blank=True, help_text="Printed for the patient.")
    override = models.CharField(
        max_length=300, blank=True, help_text="Why it is used although it is blocked; not printed."
    )

    class Meta:
        ordering = ["plan", "position"]

    def __str__(self) -> str:
        return f"{self.position}. {self.slug}"


class PlanDocument(AppendOnly):
    """One exact print of an approved plan: what was approved is what is reprinted."""

    class Edition(models.TextChoices):
        STANDARD = "standard", "Plan"
        LARGE = "large", "Large print"
        FRIDGE = "fridge", "One page for the fridge"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="documents")
    paper = models.CharField(max_length=10)
    edition = models.CharField(max_length=10, choices=Edition, default=Edition.STANDARD)
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "approved plan"
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "paper", "edition"], name="one_document_a_paper_and_edition"
            )
        ]

    def __str__(self) -> str:
        return f"{self.plan} on {self.paper}, {self.edition}"


class PlanLink(models.Model):
    """A personal link to a patient's approved plan; only its digests are stored."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="plan_links")
    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, related_name="plan_links")
    digest = models.CharField(max_length=64, unique=True)
    code_digest = models.CharField(
        max_length=64,
        unique=True,
        null=True,
        blank=True,
        help_text="Of the code to type; only a link that stands on a printed plan has one.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    failed_tries = models.PositiveSmallIntegerField(default=0)
    locked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "personal link"
        indexes = [
            models.Index(
                fields=["locked_at"],
                condition=models.Q(locked_at__isnull=False),
                name="plan_link_locked",
            )
        ]

    def __str__(self) -> str:
        return f"Plan link {self.pk}"

    @property
    def is_on_paper(self) -> bool:
        """Whether it stands on a printed plan, else it was handed over by itself."""
        return self.code_digest is not None


DONE, EASIER, NOT_DONE = "done", "easier", ""
STATES = (DONE, EASIER, NOT_DONE)
"""What a diary says of one exercise; the last takes a tick back."""

MOST_PAIN = 10
LONGEST_KEY = 64


class DiaryEntry(AppendOnly):
    """What a patient's diary said of one day of one plan after one save; the newest row counts.

    `ticks` is the slug of each exercise or habit that was done -> "done" or "easier".
    """

    class Difficulty(models.TextChoices):
        EASY = "easy", "Too easy"
        RIGHT = "right", "About right"
        HARD = "hard", "Too hard"

    class Source(models.TextChoices):
        PATIENT = "patient", "Patient, on the plan page"
        PAPER = "paper", "Paper diary, keyed by staff"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="diary")
    day = models.DateField(help_text="The patient's day.")
    revision = models.PositiveIntegerField(help_text="The first save of a day is 1.")
    ticks = models.JSONField(default=dict)
    pain = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Worst, 0 to 10.")
    difficulty = models.CharField(max_length=5, choices=Difficulty, blank=True)
    source = models.CharField(max_length=7, choices=Source)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    key = models.CharField(
        max_length=LONGEST_KEY, help_text="What makes sending twice the same as once."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "paper diary"
        verbose_name_plural = "check-ins and diaries"
        ordering = ["plan", "day", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "day", "revision"], name="one_diary_revision"),
            models.UniqueConstraint(fields=["plan", "day", "key"], name="one_diary_save"),
            models.CheckConstraint(
                condition=models.Q(pain=None) | models.Q(pain__lte=MOST_PAIN),
                name="diary_pain_to_10",
            ),
        ]

    def __str__(self) -> str:
        return f"Diary of plan {self.plan_id}, {self.day}"


class CheckIn(AppendOnly):
    """How a patient is doing at week 2, 4, 6 or 12 of the plan of one screening.

    `answers` holds each value with its unit: pain now and worst (0-10, high is worse), global
    change (-2 to 2, high is better), activities in the patient's own words (0-10, high is better;
    the first check-in also stores what they were at the start), new signs (codes). `reported`
    holds the codes that made it an alert.
    """

    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, related_name="check_ins")
    week = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    key = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    answers = models.JSONField()
    pain_worst = models.PositiveSmallIntegerField(
        null=True, help_text="Of the answers, 0 to 10, to count with."
    )
    tier = models.CharField(max_length=20, default="none")
    reported = models.JSONField(default=list)

    class Meta:
        ordering = ["made_at", "pk"]
        verbose_name = "check-in"
        constraints = [
            models.UniqueConstraint(fields=["screening", "week"], name="one_check_in_a_week")
        ]

    def __str__(self) -> str:
        return f"Check-in {self.pk}"


# --- what the practice adds to the library ----------------------------------------------------


class OwnPicture(AppendOnly):
    """A picture of a practice's own exercise, drawn anew: never the file as it came.

    Approved plans name it by its digest, so a row stays for ever.
    """

    digest = models.CharField(max_length=16, primary_key=True)
    content = models.BinaryField()
    media_type = models.CharField(max_length=20)
    width = models.PositiveSmallIntegerField(help_text="Pixels")
    height = models.PositiveSmallIntegerField(help_text="Pixels")

    def __str__(self) -> str:
        return self.digest


def _choices(words: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(key, text[0].upper() + text[1:]) for key, text in words.items()]


class PracticeExercise(models.Model):
    """An exercise of the practice's own; on a plan it is a card like those of the library.

    `cautions` is a fact of the matrix -> the words to print; `closed_for` are the facts that block
    it. `easier` and `harder` are slugs. A changed row changes no approved plan.
    """

    class Kind(models.TextChoices):
        STRENGTH = "strength", "Strength"
        MOBILITY = "mobility", "Mobility"

    class Sides(models.TextChoices):
        EACH = "each", "Each side by itself"
        BOTH = "both", "Both sides together"
        ALTERNATING = "alternating", "Sides in turn"

    title = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.STRENGTH)
    stage = models.PositiveSmallIntegerField(
        default=1, choices=[(1, "1 activate"), (2, "2 build"), (3, "3 one leg"), (4, "4 load")]
    )
    difficulty = models.PositiveSmallIntegerField(
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
        help_text="1 to 10. A sore patient is not offered much above 2.",
    )
    purpose = models.CharField(max_length=120, help_text="What it is for, in the patient's words.")
    steps = models.TextField(help_text="One step a line, 2 to 6 lines of at most 80 characters.")
    feel = models.CharField(max_length=120, blank=True, help_text="Where it should be felt.")
    mistake = models.CharField(max_length=120, help_text="What most often goes wrong.")
    too_hard = models.CharField(max_length=160, help_text="What to do when it is too hard.")
    too_easy = models.CharField(max_length=160, help_text="When to move on.")
    position = models.CharField(max_length=20, choices=_choices(POSITIONS))
    sides = models.CharField(max_length=12, choices=Sides, default=Sides.EACH)
    worked_side = models.CharField(
        max_length=20,
        choices=_choices(WORKED_SIDES),
        blank=True,
        help_text="What left and right mean; for each side by itself.",
    )
    equipment = models.JSONField(default=list, blank=True, help_text="It cannot be done without.")
    sets = models.PositiveSmallIntegerField(
        default=2, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    reps = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
        help_text="Empty for one that is held.",
    )
    hold_seconds = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(120)])
    rest_seconds = models.PositiveSmallIntegerField(default=45, validators=[MaxValueValidator(180)])
    days_per_week = models.PositiveSmallIntegerField(
        default=3, validators=[MinValueValidator(1), MaxValueValidator(7)]
    )
    cautions = models.JSONField(default=dict, blank=True)
    closed_for = models.JSONField(default=list, blank=True)
    easier = models.CharField(max_length=60, blank=True)
    harder = models.CharField(max_length=60, blank=True)
    picture = models.ForeignKey(
        OwnPicture, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    alt = models.CharField(
        max_length=160, blank=True, help_text="What the picture shows, for who cannot see it."
    )
    source = models.CharField(max_length=200, help_text="Where it is from.")
    reviewed_by = models.CharField(max_length=100, help_text="Who checked words and dose.")
    reviewed_on = models.DateField()
    is_active = models.BooleanField(default=True, help_text="Offered when a plan is built.")
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        ordering = ["title", "pk"]
        verbose_name = "own exercise"

    def __str__(self) -> str:
        return self.title

    @property
    def slug(self) -> str:
        """Its name on plans, which no card of the library has."""
        return f"{OWN_SLUG}{self.pk}"


OWN_SLUG = "own-"


class LibraryOverlay(models.Model):
    """The practice's own words for one text of a card, in one language.

    `base_digest` is of the shipped text that it was written over: when an upgrade changes that
    text, the overlay stays and the staff are told.
    """

    slug = models.CharField(max_length=60)
    field = models.CharField(max_length=20)
    language = models.CharField(max_length=10, default="en")
    text = models.TextField(help_text="Lists have one line each.")
    base_digest = models.CharField(max_length=64)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "library text"
        constraints = [
            models.UniqueConstraint(
                fields=["slug", "field", "language"], name="one_overlay_a_text_and_language"
            )
        ]

    def __str__(self) -> str:
        return f"{self.slug} {self.field} {self.language}"


class PlanTemplate(models.Model):
    """The rows of a plan to begin others with: exercises and doses, nothing of a patient."""

    name = models.CharField(max_length=60, unique=True)
    rows = models.JSONField(default=list)
    is_active = models.BooleanField(default=True, help_text="Offered when a plan is built.")
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class StarterPlan(AppendOnly):
    """What a patient may read before a chiropractor has checked anything; frozen when sent."""

    screening = models.OneToOneField(Screening, on_delete=models.PROTECT, related_name="starter")
    content = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"Starter of {self.screening_id}"
