"""The least that Django can do for the same work, to measure the questionnaire beside it.

One page without a template, and one form that checks a number and stores a row: Django's own
middleware of a new project, the same server and the same way of opening SQLite.
"""

import os
import sqlite3
from pathlib import Path

import django
from django.conf import settings

from chiro import sqlite_modes

settings.configure(
    SECRET_KEY="only-for-measuring-" + 40 * "x",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(Path(os.environ["DATA_DIR"]) / "bare.sqlite3"),
            "OPTIONS": sqlite_modes.options(sqlite3.sqlite_version_info),
        }
    },
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.sessions"],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()

from django import forms  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect  # noqa: E402
from django.middleware.csrf import get_token  # noqa: E402
from django.urls import path  # noqa: E402


class Answer(models.Model):
    """One stored number."""

    value = models.IntegerField()

    class Meta:
        app_label = "sessions"

    def __str__(self) -> str:
        return str(self.value)


class AnswerForm(forms.Form):
    """One checked number."""

    age = forms.IntegerField(min_value=18, max_value=110)


def view(request: HttpRequest) -> HttpResponse:
    """Answer with a line of text and the form's one-time code."""
    return HttpResponse(f'<input name="csrfmiddlewaretoken" value="{get_token(request)}">')


def insert(request: HttpRequest) -> HttpResponse:
    """Check the number and store it."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    Answer(value=form.cleaned_data["age"]).save()
    return HttpResponseRedirect("/")


urlpatterns = [path("", view), path("insert/", insert)]
application = get_wsgi_application()

if Answer._meta.db_table not in connection.introspection.table_names():
    with connection.schema_editor() as editor:
        editor.create_model(Answer)
