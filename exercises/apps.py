"""The exercises app: from an assessment to a plan, its paper and its page."""

from django.apps import AppConfig


class ExercisesConfig(AppConfig):
    """Names the app in the admin."""

    name = "exercises"
    verbose_name = "Plans"
    default_auto_field = "django.db.models.BigAutoField"
