"""Tasks beside a request: begun when its rows are there, and done when the process ends."""

from collections.abc import Callable, Iterator
from threading import current_thread, main_thread
from typing import Any

import pytest
from django.tasks import task
from django.test import RequestFactory, override_settings

from chiro.practice import after_response, audit

done_by: list[str] = []


def note_thread() -> str:
    """Remember which thread did it."""
    done_by.append("request" if current_thread() is main_thread() else "beside")
    return ""


@pytest.fixture
def work() -> Iterator[Any]:
    done_by.clear()
    backend = {"BACKEND": "chiro.practice.after_response.AfterResponse"}
    with override_settings(TASKS={"beside": backend}):
        yield task(backend="beside")(note_thread)


@pytest.mark.django_db
def test_a_task_waits_for_the_rows_and_leaves_the_request_alone(
    work: Any, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    request = RequestFactory().get("/")
    with django_capture_on_commit_callbacks(execute=True), audit.bind(request):
        work.enqueue()
        assert done_by == []
    after_response._thread().submit(bool).result(timeout=10)
    assert done_by == ["beside"]


@pytest.mark.django_db
def test_a_command_does_it_at_once(work: Any) -> None:
    work.enqueue()
    assert done_by == ["request"]
