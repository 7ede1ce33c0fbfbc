"""The screening app: questions, answers, assessment and review."""

from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    """Names the app in the admin."""

    name = "screening"
    verbose_name = "Screening"
    default_auto_field = "django.db.models.BigAutoField"
