"""Papers made by workers: `TASKS_BACKEND=database`, and any number of `manage.py work`."""

import json
from pathlib import Path

import pytest

from tests.web.test_settings import python, read_setting

PRACTICE = """
import django, json; django.setup()
from django.core.management import call_command
from datetime import timedelta
from django.contrib.auth import get_user_model
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from chiro.practice import health
from exercises import rendering
from exercises.services import papers, planning
from tests.web.reviewing import sent

call_command("migrate", verbosity=0)
rendering.Place.render = lambda place, content, paper, edition: f"%PDF {paper} {edition}".encode()
doctor = get_user_model().objects.create_user("dc", role="chiropractor", is_staff=True)
told = []

def tell(plan):
    found = health.look().facts
    told.append([plan.documents.count(), found["tasks_waiting"], found["tasks_failed"]])

plan = planning.approve(plan=sent().plans.get(), by=doctor)
told.append([len(papers.kinds()), papers.lacks_first(plan)])
tell(plan)
DBTaskResult.objects.update(  # A worker that was killed took it.
    status="RUNNING", started_at=timezone.now() - timedelta(hours=1), worker_ids=["killed"]
)
papers.begin(plan)  # The same work a second time.
call_command("work", "--once")
tell(plan)
papers.make_papers.enqueue(10**6)  # No such plan: a fault of ours.
call_command("work", "--once")
tell(plan)
print(json.dumps(told))
"""


def test_workers_make_every_paper_once_and_faults_are_counted(tmp_path: Path) -> None:
    run = python(PRACTICE, DATA_DIR=str(tmp_path), TASKS_BACKEND="database")
    assert run.returncode == 0, run.stderr
    (kinds, lacks_first), approved, worked, failed = json.loads(run.stdout.splitlines()[-1])
    assert not lacks_first  # Nobody is told of a failure while a worker is about to make it.
    assert approved == [0, 1, 0]
    assert worked == [kinds, 0, 0]
    assert failed == [kinds, 0, 1]


def test_a_worker_without_work_says_what_to_set(tmp_path: Path) -> None:
    run = python(
        "from django.core.management import execute_from_command_line as run;"
        "run(['manage.py', 'work'])",
        DATA_DIR=str(tmp_path),
    )
    assert run.returncode == 1
    assert "set TASKS_BACKEND=database" in run.stderr


def test_without_workers_no_table_of_tasks_is_made(tmp_path: Path) -> None:
    assert "django_tasks_db" not in read_setting("INSTALLED_APPS", tmp_path)
    assert "AfterResponse" in read_setting("TASKS['papers']", tmp_path)


@pytest.mark.parametrize("name", ["SECRET_KEY", "METRICS_TOKEN"])
def test_secrets_may_come_from_files(name: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s" * 60 + "\n")
    assert read_setting(name, tmp_path, **{f"{name}_FILE": str(secret)}) == "s" * 60
