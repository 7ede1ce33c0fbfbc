"""What supervisors see: alive, ready with reasons, numbers for Prometheus, and nothing private."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from chiro.practice import health, metrics, outbox
from chiro.practice.backups import shelf
from chiro.practice.models import OutboxMessage, Practice
from tests.conftest import FormClient
from tests.web.test_settings import python

PRIVATE = "CANARY-PHI-7f3"
BEHIND_A_PROXY = {"X-Forwarded-For": "192.0.2.7"}


def told(client: FormClient, **headers: str) -> dict[str, Any]:
    """What `/health/ready` says."""
    said: dict[str, Any] = json.loads(client.get("/health/ready", headers=headers).content)
    return said


def test_alive_needs_no_database_and_no_known_host(client: FormClient) -> None:
    response = client.get("/health/live", headers={"host": "10.0.0.7:8000"})
    assert response.status_code == 200
    assert json.loads(response.content) == {"status": "alive"}


@pytest.mark.django_db
def test_ready_tells_this_computer_what_it_found(
    client: FormClient, settings: Any, tmp_path: Path
) -> None:
    settings.BACKUP_DIR = tmp_path
    made = datetime.now(UTC) - timedelta(hours=2)
    (tmp_path / shelf.name_for(made)).touch()
    outbox.queue(kind="x", to="a@b.example", subject="s", body=PRIVATE)
    said = told(client)
    assert said["status"] == "ready"
    assert said["problems"] == []
    assert said["mail_waiting"] == 1
    assert said["migrations_waiting"] == 0
    assert said["disk_free_bytes"] > 0
    assert 7100 < said["backup_age_seconds"] < 7300


@pytest.mark.django_db
def test_ready_tells_others_the_state_only(client: FormClient) -> None:
    assert told(client, **BEHIND_A_PROXY) == {"status": "ready"}


@pytest.mark.django_db
def test_not_ready_while_the_database_is_away(
    client: FormClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> bool:
        raise OperationalError(PRIVATE)

    monkeypatch.setattr(Practice.objects, "exists", away)
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert json.loads(response.content)["problems"] == ["database"]
    assert PRIVATE not in response.content.decode()
    assert client.get("/health/live").status_code == 200
    assert b"chiro_ready 0.0" in client.get("/metrics").content


@pytest.mark.django_db
def test_not_ready_while_migrations_wait(
    client: FormClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_migrations_waiting", lambda: 3)
    assert client.get("/health/ready").status_code == 503
    assert told(client)["problems"] == ["migrations"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("free", "problems", "warnings"),
    [(1_000_000, ["disk full"], []), (500_000_000, [], ["disk almost full"])],
)
def test_a_full_disk_is_told(
    free: int,
    problems: list[str],
    warnings: list[str],
    client: FormClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(health.shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    said = told(client)
    assert said["problems"] == problems
    assert [one for one in said["warnings"] if "disk" in one] == warnings


@pytest.mark.django_db
def test_old_backup_and_waiting_mail_warn_but_patients_are_served(
    client: FormClient, settings: Any, tmp_path: Path
) -> None:
    settings.BACKUP_DIR = tmp_path
    assert "no backup" in told(client)["warnings"]
    (tmp_path / shelf.name_for(datetime.now(UTC) - timedelta(days=3))).touch()
    outbox.queue(kind="x", to="a@b.example", subject="s", body="")
    OutboxMessage.objects.update(due_at=timezone.now() - timedelta(hours=1))
    response = client.get("/health/ready")
    assert response.status_code == 200
    assert {"backup is old", "mail waits"} <= set(json.loads(response.content)["warnings"])


# --- Numbers ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_numbers_count_pages_by_name_and_quote_nothing(client: FormClient) -> None:
    client.get(f"/p/{PRIVATE}/?q={PRIVATE}")
    client.get(f"/{PRIVATE}/")
    client.generic(PRIVATE[:6], "/")
    said = client.get("/metrics").content.decode()
    assert 'chiro_requests_total{method="GET",page="exercises:open_link"' in said
    assert 'page="none",status="404"' in said
    assert 'method="other"' in said
    assert 'chiro_request_seconds_bucket{area="patient",le="0.3"}' in said
    assert "chiro_mail_waiting 0.0" in said
    assert PRIVATE[:6] not in said


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_what_came_through_a_proxy_sees_no_numbers(name: str, client: FormClient) -> None:
    assert client.get("/metrics", headers={name: "127.0.0.1"}).status_code == 404


@pytest.mark.django_db
def test_with_a_token_only_who_sends_it_sees_numbers(client: FormClient, settings: Any) -> None:
    settings.METRICS_TOKEN = "long-and-secret"
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    right = {"Authorization": "Bearer long-and-secret", **BEHIND_A_PROXY}
    assert client.get("/metrics", headers=right).status_code == 200


def test_counts_of_processes_that_ended_are_kept_once(tmp_path: Path) -> None:
    """Three processes count one after the other; the last one tells the sum of all."""
    code = (
        "from chiro.practice import metrics; import os;"
        "metrics.answered(page='p', area='patient', method='GET', status=200, seconds=0.02);"
        "last = os.environ['LAST'] == 'yes';"
        "print(metrics.exposition([]).decode()) if last else metrics.keep_counts_of(os.getpid())"
    )
    for last in ("no", "no", "yes"):
        run = python(code, PROMETHEUS_MULTIPROC_DIR=str(tmp_path), LAST=last)
        assert run.returncode == 0, run.stderr
    assert 'chiro_requests_total{method="GET",page="p",status="200"} 3.0' in run.stdout
    assert 'chiro_request_seconds_count{area="patient"} 3.0' in run.stdout
    assert len(list(tmp_path.glob("counter_*.db"))) == 2  # The ended ones, and the last one.


def test_a_paper_that_fails_is_counted_as_failed() -> None:
    def count(outcome: str) -> float:
        return metrics.own.get_sample_value("chiro_renders_total", {"outcome": outcome}) or 0.0

    before = count("failed")
    fail: Callable[[], object] = {}.popitem
    with pytest.raises(KeyError), metrics.rendering():
        fail()
    assert count("failed") == before + 1
