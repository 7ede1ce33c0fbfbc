"""Plans in numbered versions, their items, stored papers, personal links and diaries.

An approved `Plan`, a `PlanDocument` and a `DiaryEntry` never change. The services are the only
writers.
"""

from django.conf import settings
from django.db import models

from chiro.practice.models import AppendOnly
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
