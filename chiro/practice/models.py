"""Who the practice is, who works there and what was done. Knows nothing of screening."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models, transaction


class Role(models.TextChoices):
    """What a member of staff may do; the table is in `permissions.py`."""

    FRONT_DESK = "front_desk", "Front desk"
    CHIROPRACTOR = "chiropractor", "Chiropractor"
    OWNER = "owner", "Owner"


class User(AbstractUser):
    """A member of staff. Patients have no account."""

    role = models.CharField(max_length=20, choices=Role, default=Role.FRONT_DESK)
    credentials = models.CharField(
        max_length=40, blank=True, help_text="Printed after the name, for example DC."
    )

    @property
    def display_name(self) -> str:
        """The name as printed on a plan: "Sam Rivera, DC"."""
        name = self.get_full_name() or self.get_username()
        return f"{name}, {self.credentials}" if self.credentials else name


_READ: ContextVar[list["Practice"] | None] = ContextVar("practice_read", default=None)
"""The profile as it was read during this request; None outside requests."""

_lately: list[tuple[float, "Practice"]] = []
"""When this process last read the profile for a request (`time.monotonic`), and the profile."""


class Logo(models.Model):
    """A picture of the practice's letterhead, drawn anew by `logos`: never the file as it came."""

    digest = models.CharField(max_length=16, primary_key=True)
    content = models.BinaryField()
    media_type = models.CharField(max_length=20)
    width = models.PositiveSmallIntegerField(help_text="Pixels")
    height = models.PositiveSmallIntegerField(help_text="Pixels")

    def __str__(self) -> str:
        return self.digest


class Practice(models.Model):
    """The practice's profile: one row."""

    class Paper(models.TextChoices):
        LETTER = "letter", "US Letter"
        A4 = "a4", "A4"

    class ResultPolicy(models.TextChoices):
        AT_ONCE = "at_once", "Show the result at once"
        AFTER_REVIEW = "after_review", "Show the result after review"

    class PlanPolicy(models.TextChoices):
        AFTER_APPROVAL = "after_approval", "Show a plan after approval"
        STARTER = "starter_at_once", "Show first exercises at once, marked as not yet checked"

    name = models.CharField(max_length=100, default="Your practice")
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    emergency_number = models.CharField(max_length=20, default="911")
    accent = models.CharField(
        max_length=7,
        default="#1f5c52",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", "Write a colour as # and six digits.")],
    )
    logo = models.ForeignKey(Logo, on_delete=models.PROTECT, null=True, blank=True, editable=False)
    paper = models.CharField(max_length=10, choices=Paper, default=Paper.LETTER)
    result_policy = models.CharField(
        max_length=20, choices=ResultPolicy, default=ResultPolicy.AT_ONCE
    )
    plan_policy = models.CharField(
        max_length=20,
        choices=PlanPolicy,
        default=PlanPolicy.AFTER_APPROVAL,
        help_text="First exercises go only to patients without any warning sign.",
    )
    invitation_text = models.CharField(
        max_length=300,
        blank=True,
        help_text="A sentence of your own in the invitation. No word about health.",
    )
    draft_days = models.PositiveSmallIntegerField(
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
        help_text="Days after which an unfinished questionnaire is removed.",
    )
    languages = models.JSONField(
        default=list,
        blank=True,
        help_text="What patients can choose beside English.",
    )
    retention_years = models.PositiveSmallIntegerField(
        default=7,
        validators=[MinValueValidator(5), MaxValueValidator(50)],
        help_text="Years that a record is kept after the last visit; longer for minors. "
        "California asks for at least 5.",
    )
    green_up_to = models.PositiveSmallIntegerField(default=3, validators=[MaxValueValidator(9)])
    yellow_up_to = models.PositiveSmallIntegerField(default=5, validators=[MaxValueValidator(9)])

    class Meta:
        verbose_name = "practice profile"
        verbose_name_plural = "practice profile"
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="one_practice"),
            models.CheckConstraint(
                condition=models.Q(green_up_to__lt=models.F("yellow_up_to")),
                name="green_below_yellow",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the profile; what was read before is out of date."""
        super().save(*args, **kwargs)
        _lately.clear()
        transaction.on_commit(_lately.clear)  # Another thread may read the old one until then.
        if (read := _READ.get()) is not None:
            read.clear()

    @classmethod
    def current(cls) -> "Practice":
        """The one profile, to be read, not changed; an unsaved default before the first set-up.

        Outside requests it is read each time. A request reads it once, and requests that come
        within `settings.PRACTICE_KEPT_SECONDS` of each other share what one of them read.
        """
        read = _READ.get()
        if read is None:
            return cls._stored()
        if not read:
            read.append(cls._lately_read())
        return read[0]

    @classmethod
    def _lately_read(cls) -> "Practice":
        now = time.monotonic()
        for at, practice in _lately:
            if now - at < settings.PRACTICE_KEPT_SECONDS:
                return practice
        practice = cls._stored()
        _lately[:] = [(now, practice)]
        return practice

    @classmethod
    def _stored(cls) -> "Practice":
        try:
            return cls.objects.get(pk=1)
        except cls.DoesNotExist:
            return cls(pk=1)

    @staticmethod
    @contextmanager
    def shown_as(practice: "Practice") -> Iterator[None]:
        """Let `current` give this profile, which need not be stored, while this lasts."""
        token = _READ.set([practice])
        try:
            yield
        finally:
            _READ.reset(token)

    @classmethod
    @contextmanager
    def as_known(cls) -> Iterator[None]:
        """Let `current` ask nothing while this lasts: what was read, else a neutral profile.

        For the page that says that the database is away, which must not wait for it again.
        """
        with cls.shown_as((_READ.get() or [cls(pk=1)])[0]):
            yield

    @staticmethod
    @contextmanager
    def read_once() -> Iterator[None]:
        """Let `current` ask the database once while this lasts."""
        token = _READ.set([])
        try:
            yield
        finally:
            _READ.reset(token)


class AppendOnly(models.Model):
    """A row that is written once: no update, no delete."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row once. Raises TypeError for a row that is already there."""
        if self.pk and not self._state.adding:
            raise TypeError(f"{type(self).__name__} rows are append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse. Raises TypeError."""
        raise TypeError(f"{type(self).__name__} rows are append-only")


class AuditEvent(AppendOnly):
    """Who did what to which record, when and from where. Never an answer or a name of a patient."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    event = models.CharField(max_length=40)
    actor = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    actor_label = models.CharField(max_length=40, help_text="staff, patient, system")
    patient_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    object_type = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=40, blank=True)
    ip = models.GenericIPAddressField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["event", "at"], name="audit_event_at")]

    def __str__(self) -> str:
        return f"{self.event} {self.object_type} {self.object_id}"


class SetUpCode(models.Model):
    """The code of the console that makes the first owner, as a digest."""

    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"Set-up code {self.pk}"


class LawfulChange(models.Model):
    """While a transaction holds a row here, it may change append-only rows; see `append_only`."""

    reason = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.reason


class Erasure(AppendOnly):
    """That a patient's data were erased, by their number: a restored copy erases them again."""

    patient_id = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=20, help_text="One of the reasons of `erasure`.")
    digest = models.CharField(
        max_length=64, help_text="Tells this patient from one who got the same number later."
    )

    def __str__(self) -> str:
        return f"Erasure of patient {self.patient_id}"


class KeptForm(models.Model):
    """A form that a member of staff sent after their time had run out, encrypted, for minutes."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    content = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return f"Kept form {self.pk}"


class OutboxMessage(models.Model):
    """An e-mail that waits to be sent, or was. `outbox.py` holds the only writers.

    The text may hold a link, so it is emptied as soon as the message is sent or given up.
    """

    kind = models.CharField(max_length=20, help_text="What it is for, in one word.")
    recipient = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    message_id = models.CharField(max_length=120, unique=True, help_text="The same at each try.")
    patient_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(db_index=True, help_text="When the next try may begin.")
    tries = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=80, blank=True, help_text="Why the last try failed.")
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = "outgoing e-mail"

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Tally(models.Model):
    """How often something happened in a span of time; `limits.py` is the only writer."""

    key = models.CharField(max_length=64, unique=True, help_text="A keyed digest of whom or what.")
    ends_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "tallies"

    def __str__(self) -> str:
        return f"Tally {self.pk}"
