"""What a stranger types is words everywhere: no markup, no query, no field that was not asked."""

from typing import Any

import pytest
from django.utils.html import escape

from chiro.practice.models import AuditEvent
from screening.models import Patient, Review, Screening
from tests.conftest import FormClient
from tests.web.reviewing import sent
from tests.web.visitor import IDENTITY, Visitor

pytestmark = pytest.mark.django_db
MARKUP = (
    "<script>window.pwn=1</script>",
    '"><svg onload=pwn()>',
    "<img src=x onerror=pwn()>",
    "{{ settings.SECRET_KEY }}",
    "{% load x %}",
)
QUERIES = (
    "' OR 1=1 --",
    "'; DROP TABLE screening_patient; --",
    "%",
    "_",
    "\\",
    "a\"b'c",
    "1 UNION ALL",
)


@pytest.mark.row("T3", "C01", "C05")
@pytest.mark.parametrize("words", MARKUP)
def test_markup_typed_by_a_patient_is_text_on_every_page_of_the_staff(
    words: str, client_as: Any
) -> None:
    screening = sent(name=words, goals=[{"text": words, "score": 4}])
    chiropractor, owner = client_as("chiropractor"), client_as("owner")
    queue, patient = "/admin/screening/screening/", "/admin/screening/patient/"
    seen = 0
    for client, address in (
        (chiropractor, queue),
        (chiropractor, f"{queue}?q={words[:5]}"),
        (chiropractor, f"{queue}{screening.pk}/change/"),
        (owner, patient),
        (owner, f"{patient}{screening.patient_id}/change/"),
        (owner, f"{patient}{screening.patient_id}/history/"),
    ):
        page = client.get(address).content.decode()
        assert words not in page if "<" in words else True, address
        seen += escape(words) in page
    assert seen >= 3


@pytest.mark.row("T30", "C03")
@pytest.mark.parametrize("words", QUERIES)
def test_a_search_takes_words_as_words(words: str, client_as: Any) -> None:
    sent()
    for role, address in (("chiropractor", "screening"), ("owner", "patient")):
        response = client_as(role).get(f"/admin/screening/{address}/", {"q": words})
        assert response.status_code in {200, 302}
        assert b"Maria Alvarez" not in response.content
    assert Patient.objects.count() == 1


@pytest.mark.row("T31", "C47", "C08")
def test_fields_that_no_page_asks_for_are_left_out(client: FormClient) -> None:
    visitor = Visitor(client).start()
    extra = {"triage": "none", "left_level": "none", "reviewed_by": "1", "status": "approved"}
    while visitor.slug != "answers":
        data = {**visitor_data(visitor), **extra}
        visitor.follow(visitor.post(data))
    visitor.send()
    screening, review = Screening.objects.get(), Review.objects.get()
    assert not set(extra) & set(screening.answers)
    assert (screening.right_level, review.status) == ("likely", "waiting")
    assert review.clinician is None


def visitor_data(visitor: Visitor) -> dict[str, Any]:
    from tests.web.visitor import posted

    return posted(visitor.section, visitor.record)


@pytest.mark.row("T38", "C06", "C21")
@pytest.mark.parametrize("name", ["A\r\nBcc: x@evil.example", 'A"; filename="evil.exe', "Ana 🦊"])
def test_no_name_reaches_a_header(name: str, client: FormClient, client_as: Any) -> None:
    screening = sent(name=name)
    owner = client_as("owner")
    for address in ("export/", "report/"):
        response = owner.get(f"/admin/screening/patient/{screening.patient_id}/{address}")
        assert "evil" not in str(response.headers)
    visitor = Visitor(client).start().answer_until("about-you")
    visitor.post({**IDENTITY, "full_name": name})


@pytest.mark.row("T16", "C08")
@pytest.mark.parametrize(("field", "length"), [("full_name", 101), ("phone", 31), ("email", 255)])
def test_too_long_a_text_is_refused_on_the_server(
    field: str, length: int, client: FormClient
) -> None:
    visitor = Visitor(client).start().answer_until("about-you")
    assert visitor.post({**IDENTITY, field: "1" * length}).status_code == 422
    assert not AuditEvent.objects.filter(event="screening submitted").exists()
