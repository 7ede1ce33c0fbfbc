"""A process that is killed while it stores leaves all or nothing; see `script/bench faults F1`."""

import os
import signal
import subprocess
import sys

import pytest
from django.db import connection

from screening.models import Draft, Patient, Review, Screening
from screening.services import submission
from tests.conftest import ROOT
from tests.web import reviewing

KILLED_INSIDE = """
import os, signal, sys
import django
django.setup()
from chiro.practice import audit
from screening.models import Draft
from screening.services import submission
audit.record = lambda *words, **more: os.kill(os.getpid(), signal.SIGKILL)
submission.submit(draft=Draft.objects.get())
"""


def address_of_the_test_database() -> str:
    """As DATABASE_URL writes it."""
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{at['NAME']}"
    return f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"


@pytest.mark.django_db(transaction=True)
def test_a_submission_killed_in_the_middle_is_not_there_and_can_be_sent_again() -> None:
    reviewing.prepared()
    done = subprocess.run(
        [sys.executable, "-c", KILLED_INSIDE],
        cwd=ROOT,
        env=os.environ
        | {
            "DATABASE_URL": address_of_the_test_database(),
            "DJANGO_SETTINGS_MODULE": "chiro.settings",
        },
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    assert not Screening.objects.exists()
    assert not Patient.objects.exists()
    submission.submit(draft=Draft.objects.get())
    assert Screening.objects.count() == Review.objects.count() == 1
