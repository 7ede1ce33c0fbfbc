"""The practice: its profile, its staff, what they may do and what was done."""

from django.apps import AppConfig


class PracticeConfig(AppConfig):
    """Registers the system checks and the record of who signs in."""

    name = "chiro.practice"
    label = "practice"
    verbose_name = "Practice"

    def ready(self) -> None:
        """Import what registers itself."""
        from chiro.practice import append_only, checks, signins  # noqa: F401

        append_only.connect(self)
