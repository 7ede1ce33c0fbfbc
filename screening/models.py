"""Patients, drafts, frozen screenings and what the clinician decided.

A submitted `Screening` and a `Decision` are written once. `services.py` holds the only writers.
"""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models

from chiro.practice.links import DIGEST_LENGTH
from chiro.practice.models import AppendOnly, OutboxMessage
from screening.anatomy import Level, Tier


class Doubt(models.TextChoices):
    """Why a program and not a person may have sent a questionnaire. It is stored all the same."""

    TRAP = "trap", "Filled in what no person sees"
    FAST = "fast", "Sent faster than a person reads"
    MANY = "many", "One of very many in an hour"


def _choices(values: type[Level] | type[Tier]) -> list[tuple[str, str]]:
    return [(value.value, value.value.replace("_", " ").capitalize()) for value in values]


def age_on(birth_date: date, day: date) -> int:
    """Age in whole years on a day."""
    before_birthday = (day.month, day.day) < (birth_date.month, birth_date.day)
    return day.year - birth_date.year - before_birthday


class Patient(models.Model):
    """A person who was screened; found again by name and birth date."""

    reference = models.CharField(max_length=12, unique=True, help_text="For the phone: K7Q-3RF.")
    full_name = models.CharField(max_length=100)
    birth_date = models.DateField()
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    is_example = models.BooleanField(default=False, help_text="Invented, for trying things out.")
    archived_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when the lists leave this patient out."
    )
    erased_at = models.DateTimeField(null=True, blank=True, help_text="When the data were erased.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["full_name", "pk"]
        indexes = [
            models.Index(fields=["birth_date"], name="patient_birth_date"),
            models.Index(fields=["full_name", "id"], name="patient_full_name"),
        ]

    def __str__(self) -> str:
        return f"{self.full_name} ({self.reference})"


class Invitation(models.Model):
    """A link that lets one person fill in one questionnaire. Token and code are kept nowhere.

    `patient` is who it was made for, None for a card that anybody may be handed.
    """

    class State(models.TextChoices):
        ISSUED = "issued", "Issued"
        OPENED = "opened", "Opened"
        USED = "used", "Used"
        EXPIRED = "expired", "Expired"
        REVOKED = "revoked", "Revoked"

    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    digest = models.CharField(max_length=DIGEST_LENGTH, unique=True)
    code_digest = models.CharField(max_length=DIGEST_LENGTH, unique=True)
    language = models.CharField(max_length=10, default="en")
    email = models.EmailField(blank=True, help_text="Where it was sent.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    message = models.ForeignKey(
        OutboxMessage, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"Invitation {self.pk}"


class Kiosk(models.Model):
    """A tablet of the front desk. Its link is kept as a digest; a new one ends the old."""

    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=DIGEST_LENGTH, unique=True)
    generation = models.PositiveIntegerField(default=1, help_text="Rises with each new link.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = "tablet"

    def __str__(self) -> str:
        return self.name


class PatientWord(models.Model):
    """One word by which a patient is found: of the name or the reference, folded for search."""

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="search_words")
    word = models.CharField(max_length=100, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "word"], name="patient_word_once")
        ]

    def __str__(self) -> str:
        return f"Search word of patient {self.patient_id}"


class Draft(models.Model):
    """An unfinished questionnaire. `submission_key` makes sending it happen once.

    With `stopped_at` set it is an alert: an emergency answer ended it, and it is never purged.
    """

    submission_key = models.CharField(max_length=64, unique=True)
    answers = models.JSONField(default=dict)
    identity = models.JSONField(default=dict)
    progress = models.JSONField(
        default=dict, help_text="Pages answered; page state that is no answer."
    )
    language = models.CharField(max_length=10, default="en")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    stopped_at = models.DateTimeField(
        null=True, blank=True, db_index=True, help_text="When an emergency answer ended it."
    )
    stopped_tier = models.CharField(max_length=20, choices=_choices(Tier), blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    patient = models.ForeignKey(
        Patient,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who it is from, where that was known before the first page.",
    )
    invitation = models.ForeignKey(
        Invitation, on_delete=models.PROTECT, null=True, blank=True, related_name="drafts"
    )
    kiosk = models.ForeignKey(
        Kiosk, on_delete=models.PROTECT, null=True, blank=True, related_name="drafts"
    )
    resume_digest = models.CharField(
        max_length=DIGEST_LENGTH, unique=True, null=True, blank=True, help_text="Of the code."
    )
    resume_birth_date = models.DateField(
        null=True, blank=True, help_text="What opens it beside the code."
    )
    resume_tries = models.PositiveSmallIntegerField(default=0, help_text="Wrong ones so far.")

    doubt = models.CharField(
        max_length=10, choices=Doubt, blank=True, default="", help_text="Seen at start."
    )

    def __str__(self) -> str:
        return f"Draft {self.pk}"


class Screening(AppendOnly):
    """One submitted self-screen, frozen: answers, words as read, assessment and versions."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="screenings")
    submission_key = models.CharField(max_length=64, unique=True)
    submitted_at = models.DateTimeField(db_index=True)
    filled_by = models.CharField(max_length=10, default="self")
    language = models.CharField(max_length=10, default="en")
    answers = models.JSONField()
    words = models.JSONField(help_text="Pages, questions and answers as the patient read them.")
    english = models.JSONField(
        default=list, help_text="The same in English, where the patient read another language."
    )
    assessment = models.JSONField()
    reasons = models.JSONField(help_text="Fired rules in words, with points, evidence and sources.")
    result = models.JSONField(default=dict, help_text="The result page as the patient read it.")
    triage = models.CharField(max_length=20, choices=_choices(Tier), db_index=True)
    left_level = models.CharField(max_length=10, choices=_choices(Level))
    right_level = models.CharField(max_length=10, choices=_choices(Level))
    overall = models.CharField(max_length=10)
    confidence = models.CharField(max_length=10)
    questionnaire_version = models.CharField(max_length=10)
    ruleset_version = models.CharField(max_length=10)

    class Meta:
        ordering = ["-submitted_at", "-pk"]
        verbose_name_plural = "incoming screenings"

    def __str__(self) -> str:
        return f"Screening {self.pk}"

    @property
    def words_for_staff(self) -> list[dict[str, Any]]:
        """Pages, questions and answers in English; what the patient typed is as they typed it."""
        words: list[dict[str, Any]] = self.english or self.words
        return words


QUEUE_FILTERS = (
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


def _queue_indexes(column: str, name: str) -> list[models.Index]:
    """The indexes of one order: of what is open or closed, of what the archive holds or not."""
    covered = [column, "screening", *(other for other in QUEUE_FILTERS if other != column)]
    kept = [*(other for other in covered if other != "is_archived"), "is_open"]
    return [
        models.Index(fields=["is_open", *covered], name=f"review_open_{name}"),
        models.Index(fields=["is_archived", *kept], name=f"review_{name}"),
    ]


class Review(models.Model):
    """The living state of a screening in the queue; every change also appends a Decision."""

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting"
        IN_REVIEW = "in_review", "In review"
        APPROVED = "approved", "Plan approved"
        WITHHELD = "withheld", "Withheld"

    FINAL_LEVELS = [*_choices(Level), ("not_assessed", "Not assessed")]

    screening = models.OneToOneField(Screening, on_delete=models.PROTECT, related_name="review")
    status = models.CharField(max_length=20, choices=Status, default=Status.WAITING)
    triage_rank = models.PositiveSmallIntegerField(default=0)
    clinician = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,  # One of a few people: the index of an order finds a page much sooner.
        help_text="The chiropractor who acted on it first.",
    )
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    cleared_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,  # `review_alert` begins with it.
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    final_left = models.CharField(max_length=15, choices=FINAL_LEVELS, blank=True)
    final_right = models.CharField(max_length=15, choices=FINAL_LEVELS, blank=True)
    version = models.PositiveIntegerField(default=1, help_text="Rises by one with every change.")
    updated_at = models.DateTimeField(auto_now=True)

    # What the queue sorts and filters by, copied from the frozen screening when it is sent, so
    # that a page of the queue reads one narrow index. `services.queue` writes it.
    is_open = models.BooleanField(default=True, help_text="Waiting or in review.")
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, null=True, related_name="+", help_text="Whose it is."
    )
    is_archived = models.BooleanField(default=False, help_text="As its patient is.")
    doubt = models.CharField(
        max_length=10,
        choices=Doubt,
        blank=True,
        default="",
        help_text="Why a program may have sent it.",
    )
    priority = models.BigIntegerField(
        default=0, help_text="Smaller comes first: triage, then the time of sending."
    )
    submitted_at = models.DateTimeField(null=True)
    left_level = models.CharField(max_length=10, blank=True, default="")
    right_level = models.CharField(max_length=10, blank=True, default="")
    language = models.CharField(max_length=10, blank=True, default="")
    age = models.PositiveSmallIntegerField(default=0, help_text="Years, when it was sent.")
    sleep_counts = models.BooleanField(default=False, help_text="The habit gave points.")
    standing_counts = models.BooleanField(default=False, help_text="The habit gave points.")
    sitting_counts = models.BooleanField(default=False, help_text="The habit gave points.")
    crossing_counts = models.BooleanField(default=False, help_text="The habit gave points.")
    name_order = models.CharField(
        max_length=100, blank=True, default="", help_text="The patient's name as it is sorted."
    )
    left_order = models.BigIntegerField(
        default=0, help_text="Smaller comes first: the level that is shown, then the time."
    )
    right_order = models.BigIntegerField(default=0, help_text="As `left_order`.")

    class Meta:
        indexes = [
            *_queue_indexes("priority", "priority"),
            *_queue_indexes("submitted_at", "sent"),
            *_queue_indexes("name_order", "name"),
            *_queue_indexes("left_order", "left"),
            *_queue_indexes("right_order", "right"),
            models.Index(fields=["acknowledged_by", "priority"], name="review_alert"),
        ]

    def __str__(self) -> str:
        return f"Review of screening {self.screening_id}"


class Examination(models.Model):
    """What the hands and eyes found, per side, as raw values; see `examination.TESTS`."""

    screening = models.OneToOneField(
        Screening, on_delete=models.PROTECT, related_name="examination"
    )
    examiner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    examined_at = models.DateTimeField()
    findings = models.JSONField(default=dict, help_text="Test -> side (or both) -> raw value.")
    note = models.TextField(max_length=2000, blank=True)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"Examination of screening {self.screening_id}"


class Decision(AppendOnly):
    """One thing that a named member of staff decided about a screening."""

    class Kind(models.TextChoices):
        ACKNOWLEDGED = "acknowledged", "Alert seen"
        CLEARED = "cleared", "Cleared for a plan"
        EXAMINED = "examined", "Examination recorded"
        LEVELS = "levels", "Final levels set"
        WITHHELD = "withheld", "Plan withheld"
        RESUMED = "resumed", "Taken up again"
        PLAN_CHANGED = "plan_changed", "Plan changed"
        APPROVED = "approved", "Plan approved"

    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=20, choices=Kind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    reason = models.CharField(max_length=500, blank=True)
    details = models.JSONField(default=dict, help_text="Old and new values.")

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.screening_id})"


class ScreeningFacts(models.Model):
    """What the dashboard counts of one screening, in a few columns; no name and no date of a day.

    Copied from the frozen screening and from what was decided. `services.facts` is the only writer.
    """

    screening = models.OneToOneField(
        Screening, on_delete=models.CASCADE, primary_key=True, related_name="facts"
    )
    week = models.DateField(db_index=True, help_text="The Monday of the week of sending.")
    is_example = models.BooleanField(default=False, help_text="Of an invented patient.")
    triage_rank = models.PositiveSmallIntegerField(default=0)
    left_level = models.CharField(max_length=10)
    right_level = models.CharField(max_length=10)
    rules = models.BigIntegerField(default=0, help_text="A bit a rule that gave points on a side.")
    pain_worst = models.PositiveSmallIntegerField(null=True)
    minutes_to_review = models.PositiveIntegerField(
        null=True, help_text="From sending to the first plan approved or withheld."
    )
    exam_left = models.CharField(max_length=10, blank=True, help_text="As the examination says.")
    exam_right = models.CharField(max_length=10, blank=True)
    final_left = models.CharField(max_length=15, blank=True, help_text="As the chiropractor set.")
    final_right = models.CharField(max_length=15, blank=True)

    class Meta:
        verbose_name_plural = "screening facts"

    def __str__(self) -> str:
        return f"Facts of screening {self.pk}"


class PageCount(models.Model):
    """How many unfinished questionnaires of a week stopped at a page. Holds nothing of anybody."""

    week = models.DateField(help_text="The Monday of the week in which they were begun.")
    page = models.CharField(max_length=40, help_text="The first page without an answer.")
    left = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["week", "page"], name="one_count_a_page")]

    def __str__(self) -> str:
        return f"{self.page}, {self.week}"


class Alert(models.Model):
    """Something that a patient reported after a screening and that a person on the staff must see.

    `reported` holds codes of the reporter (a check-in), never a patient's words.
    """

    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, related_name="alerts")
    tier = models.CharField(max_length=20, choices=_choices(Tier))
    reported = models.JSONField(default=list)
    raised_at = models.DateTimeField(db_index=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-raised_at", "-pk"]

    def __str__(self) -> str:
        return f"Alert {self.pk}"


class RuleSetVersion(AppendOnly):
    """One published version of the rules' numbers, above the one that is shipped.

    `content` reads with `rulesets.parse`; `proof` is the effect as it was seen when it was
    published.
    """

    number = models.PositiveIntegerField(unique=True)
    content = models.JSONField()
    based_on = models.PositiveIntegerField()
    changes = models.JSONField(help_text="Number -> [before, after].")
    proof = models.JSONField()
    reason = models.CharField(max_length=500)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        verbose_name = "rules version"

    def __str__(self) -> str:
        return f"Rules version {self.number}"


class RuleSetDraft(models.Model):
    """The one draft of the next version: the numbers that differ from the version in use."""

    based_on = models.PositiveIntegerField()
    changes = models.JSONField(default=dict, help_text="Number -> value.")
    reason = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1, help_text="Rises by one with every change.")
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "draft of the rules"
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_rules_draft")]

    def __str__(self) -> str:
        return f"Draft on version {self.based_on}"
