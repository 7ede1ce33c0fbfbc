"""One patient's record and the whole practice leave as files that are complete and harmless."""

import csv
import io
import json
import time
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from chiro.practice import exports as cells
from chiro.practice.models import AuditEvent, User
from exercises.models import Plan
from exercises.services import exports
from screening.questionnaire import SECTIONS
from tests.conftest import FormClient
from tests.web.reviewing import sent, text_of

pytestmark = pytest.mark.django_db
type ClientAs = Callable[[str], FormClient]

EVIL = ("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1", "＝1+1", " =1", "\ufeff=1", "\n-1")


def confirmed(client: FormClient) -> FormClient:
    """The password was given again a moment ago."""
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
    return client


def unpacked(response: Any) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("typed", EVIL)
def test_no_cell_is_a_formula(typed: str) -> None:
    row = next(csv.reader(io.StringIO(cells.table(("words",), [(typed,)]).decode(), newline="")))
    assert row
    assert str(cells.cell(typed)).startswith("'")
    assert str(cells.cell([typed])).startswith("'")


def test_numbers_stay_numbers() -> None:
    assert cells.cell(-2) == -2
    assert cells.cell(None) == ""
    assert cells.cell("L5-S1") == "L5-S1"


def test_export_asks_for_the_password_again(client_as: ClientAs) -> None:
    patient = sent().patient
    for address in (
        f"/admin/screening/patient/{patient.pk}/export/",
        "/admin/screening/patient/export/",
    ):
        client = client_as("owner")
        for press in (client.get, client.post):
            response = press(address)
            assert response.headers["Location"].startswith("/admin/account/confirm/?next=")
        assert confirmed(client).get(address).status_code == 200
    assert not AuditEvent.objects.filter(event__endswith="exported").exists()


def test_password_given_again_leads_back(client: FormClient, staff: Callable[..., User]) -> None:
    patient = sent().patient
    staff("owner")
    client.post("/admin/login/", {"login": "owner", "password": "owner"})
    address = f"/admin/screening/patient/{patient.pk}/export/"
    ask = client.get(address).headers["Location"]
    back = client.post(ask, {"password": "owner", "next": address})
    assert back.headers["Location"] == address
    assert client.get(address).status_code == 200


def test_one_patient_leaves_whole(client_as: ClientAs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "print_summary", lambda *args: b"%PDF summary")
    screening = sent(goals=[{"text": "=Climb stairs", "score": 4}])
    plan = Plan.objects.get(screening=screening)
    plan.documents.create(paper="letter", pdf=b"%PDF plan", sha256="0" * 64)
    address = f"/admin/screening/patient/{screening.patient_id}/export/"
    response = confirmed(client_as("chiropractor")).post(address)
    assert "Alvarez" not in response.headers["Content-Disposition"]
    files = unpacked(response)
    assert files[f"summary-{screening.pk}.pdf"] == b"%PDF summary"
    assert files[f"plan-{plan.pk}-standard-letter.pdf"] == b"%PDF plan"
    record = json.loads(files["record.json"])
    assert record["format_version"] == exports.FORMAT_VERSION
    assert record["patient"]["full_name"] == "Maria Alvarez"
    assert record["screenings"][0]["answers"] == screening.answers
    assert record["screenings"][0]["plans"][0]["items"]
    assert AuditEvent.objects.filter(
        event="patient exported", patient_id=screening.patient_id
    ).exists()


def test_export_format_is_described() -> None:
    """Each name in the file stands in docs/exports.md."""
    from tests.conftest import ROOT

    described = (ROOT / "docs" / "exports.md").read_text()
    record = exports.record_of(sent().patient)
    plan = record["screenings"][0]["plans"][0]
    for part in (record, record["patient"], record["screenings"][0], plan):
        for name in part:
            assert f"`{name}`" in described, name


def test_practice_leaves_as_one_row_a_submission(client_as: ClientAs) -> None:
    sent(name="=Evil Name")
    sent("clinician_first", name="Priya Nair")
    client = confirmed(client_as("owner"))
    files = unpacked(client.post("/admin/screening/patient/export/"))
    rows = table(files["submissions.csv"])
    assert len(rows) == 2
    assert rows[0]["side_lain_on"] == "left"
    assert rows[0]["places"] == "low_back:right; buttock:right"
    assert table(files["patients.csv"])[0]["full_name"] == "'=Evil Name"
    meaning = {row["column"]: row for row in table(files["dictionary.csv"])}
    assert set(rows[0]) <= set(meaning), "every column is explained"
    assert all(q.key in rows[0] for section in SECTIONS for q in section.questions)
    assert AuditEvent.objects.filter(event="practice exported").exists()


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_page_says_what_the_file_holds(client_as: ClientAs) -> None:
    page = confirmed(client_as("owner")).get("/admin/screening/patient/export/")
    assert "dictionary.csv" in text_of(page)
