"""What a patient read and who answered are kept with the record, as they were then."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from chiro.practice.models import Practice
from screening.models import Screening
from screening.questionnaire import plan
from tests.conftest import FormClient
from tests.web import visitor as patients
from tests.web.reviewing import review_url
from tests.web.visitor import Visitor, text_of

pytestmark = pytest.mark.django_db


def sent(client: Client) -> Visitor:
    """Somebody who has answered everything and sent it."""
    return Visitor(client).start().finish().send()


def sentences(kept: Any) -> Iterator[str]:
    """Every sentence in what is stored."""
    if isinstance(kept, dict):
        kept = list(kept.values())
    if isinstance(kept, list):
        for part in kept:
            yield from sentences(part)
    elif isinstance(kept, str) and " " in kept:
        yield " ".join(kept.split())


@pytest.mark.row("C55")
def test_every_sentence_of_the_result_is_kept_with_what_was_sent(client: Client) -> None:
    read = text_of(sent(client).see())
    kept = list(sentences(Screening.objects.get().result))
    assert len(kept) > 5
    assert [sentence for sentence in kept if sentence not in read] == []


@pytest.mark.row("C55")
def test_what_was_told_stays_when_the_site_says_it_otherwise(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = sent(client)
    before = Screening.objects.get()
    told = list(sentences(before.result))
    Practice.objects.update_or_create(pk=1, defaults={"name": "Another name"})
    monkeypatch.setattr("screening.services.result.compose", lambda *given: {})
    after = Screening.objects.get()
    assert (after.result, after.words) == (before.result, before.words)
    page = text_of(visitor.see())
    assert [sentence for sentence in told if sentence not in page] == []


@pytest.mark.row("T43")
@pytest.mark.parametrize(
    ("who", "shown"),
    [
        ("helper", "Filled in by a helper"),
        ("parent", "Filled in by a parent"),
        ("self", ""),
    ],
)
def test_who_filled_it_in_is_kept_and_the_chiropractor_sees_it(
    who: str, shown: str, client: FormClient, client_as: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(patients.IDENTITY, "filled_by", who)
    sent(client)
    screening = Screening.objects.get()
    assert screening.filled_by == who
    page = text_of(client_as("chiropractor").get(review_url(screening)))
    assert ("Filled in by" in page) is bool(shown)
    assert shown in page


@pytest.mark.row("T43")
def test_nobody_is_taken_for_the_patient_who_did_not_say_so(client: Client) -> None:
    visitor = Visitor(client).start().answer_until(plan.IDENTITY.slug)
    page = visitor.post({**patients.IDENTITY, "filled_by": ""})
    assert page.status_code == 422
    assert "Choose who is filling this in" in text_of(page)
