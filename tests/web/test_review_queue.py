"""The queue: who comes first, what each row says, what is on top, and what it costs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chiro.practice.models import AuditEvent, Practice, User
from screening.models import Draft, Review, Screening
from screening.services import review as reviews
from tests.conftest import FormClient
from tests.web.reviewing import TIERS, review_url, sent, text_of

pytestmark = pytest.mark.django_db
QUEUE = "/admin/screening/screening/"
MOST_QUERIES = 12
type ClientAs = Callable[[str], FormClient]


@pytest.fixture
def chiropractor(client_as: ClientAs) -> FormClient:
    """A signed-in chiropractor."""
    return client_as("chiropractor")


def rows(response: Any) -> list[Screening]:
    """The rows of the list, in order."""
    return list(response.context["cl"].result_list)


def sent_ago(days: int, tier: str = "none", name: str = "Maria Alvarez") -> Screening:
    """A screening that was sent some days ago."""
    screening = sent(tier, name=name)
    Screening.objects.filter(pk=screening.pk).update(
        submitted_at=timezone.now() - timedelta(days=days, hours=4)
    )
    return screening


def test_triage_comes_first_then_who_has_waited_longest(chiropractor: FormClient) -> None:
    new = sent_ago(0, name="New")
    old = sent_ago(2, name="Old")
    first = sent_ago(0, "clinician_first", name="First")
    today = sent_ago(0, "same_day", name="Today")
    now = sent_ago(0, "emergency", name="Now")
    assert rows(chiropractor.get(QUEUE)) == [now, today, first, old, new]


def test_a_row_says_tier_waiting_time_levels_confidence_and_status(
    chiropractor: FormClient,
) -> None:
    sent_ago(2)
    words = text_of(chiropractor.get(QUEUE))
    for said in ("Maria Alvarez", "None", "2 d 4 h", ", late", "Unlikely", "(1)", "Likely", "(10)"):
        assert said in words
    assert "moderate" in words
    assert "Waiting" in words


@pytest.mark.parametrize("tier", ["clinician_first", "same_day", "emergency"])
def test_levels_are_withheld_behind_a_tier(chiropractor: FormClient, tier: str) -> None:
    sent(tier)
    words = text_of(chiropractor.get(QUEUE))
    assert words.count("withheld") == 2
    assert "(10)" not in words
    assert "moderate" not in words


def test_a_cleared_record_shows_its_levels(chiropractor: FormClient) -> None:
    screening = sent("clinician_first")
    reviews.clear(screening=screening, by=User.objects.get(), reason="Fine")
    assert "(10)" in text_of(chiropractor.get(QUEUE))


def test_what_is_done_leaves_the_queue_and_stays_findable(chiropractor: FormClient) -> None:
    done, open_one = sent(name="Done"), sent(name="Open")
    reviews.withhold(screening=done, by=User.objects.get(), reason="Referred")
    assert rows(chiropractor.get(QUEUE)) == [open_one]
    assert rows(chiropractor.get(f"{QUEUE}?status=withheld")) == [done]
    assert set(rows(chiropractor.get(f"{QUEUE}?status=all"))) == {done, open_one}


def test_filter_by_tier_and_search_by_name_or_reference(chiropractor: FormClient) -> None:
    maria, samuel = sent(name="Maria Alvarez"), sent("same_day", name="Samuel Ortiz")
    assert rows(chiropractor.get(f"{QUEUE}?tier=same_day")) == [samuel]
    assert rows(chiropractor.get(f"{QUEUE}?q=alvar")) == [maria]
    assert rows(chiropractor.get(f"{QUEUE}?q={samuel.patient.reference}")) == [samuel]


def test_an_alert_stays_on_top_until_somebody_has_seen_it(chiropractor: FormClient) -> None:
    screening = sent("emergency", name="Dorothy Hale")
    page = chiropractor.get(QUEUE)
    assert "1 open alert" in text_of(page)
    response = chiropractor.post(review_url(screening, "acknowledge"))
    assert response.status_code == 303
    assert "open alert" not in text_of(chiropractor.get(QUEUE))
    assert "Seen by chiropractor" in text_of(chiropractor.get(review_url(screening)))


def test_a_stopped_questionnaire_is_an_alert_with_its_answers(chiropractor: FormClient) -> None:
    draft = Draft.objects.create(
        submission_key="stopped",
        answers={"consent": True, "age": 67, "rf_chest_pain_now": "yes"},
        identity={"full_name": "Al Novak", "phone": "512 555 0100"},
        stopped_at=timezone.now(),
        stopped_tier="emergency",
    )
    words = text_of(chiropractor.get(QUEUE))
    assert "Al Novak , 512 555 0100" in words
    assert "Nothing was sent" in words
    page = chiropractor.get(f"{QUEUE}stopped/{draft.pk}/")
    assert "67" in text_of(page)
    assert chiropractor.post(f"{QUEUE}stopped/{draft.pk}/seen/").status_code == 303
    assert "open alert" not in text_of(chiropractor.get(QUEUE))
    assert "Seen by chiropractor" in text_of(chiropractor.get(f"{QUEUE}stopped/{draft.pk}/"))


def test_an_unfinished_questionnaire_is_nobodys_to_read(chiropractor: FormClient) -> None:
    draft = Draft.objects.create(submission_key="open", answers={"age": 30})
    assert chiropractor.get(f"{QUEUE}stopped/{draft.pk}/").status_code == 404


def test_the_number_of_queries_does_not_grow(chiropractor: FormClient) -> None:
    for tier in TIERS:
        sent(tier, name=f"One {tier}")
    chiropractor.get(QUEUE)
    with CaptureQueriesContext(
        connection,
    ) as few:
        chiropractor.get(QUEUE)
    for number in range(4):
        for tier in TIERS:
            sent(tier, name=f"More {tier} {number}")
    with CaptureQueriesContext(connection) as many:
        chiropractor.get(QUEUE)
    assert len(many) == len(few) <= MOST_QUERIES, [query["sql"][:100] for query in many]


def test_looking_at_the_queue_leaves_a_trace(chiropractor: FormClient) -> None:
    chiropractor.get(QUEUE)
    assert AuditEvent.objects.filter(event="queue read", actor__role="chiropractor").count() == 1


def test_the_admin_carries_the_practices_name_and_shows_the_queue_first(
    chiropractor: FormClient,
) -> None:
    Practice.objects.create(pk=1, name="Harbor Street Chiropractic")
    words = text_of(chiropractor.get("/admin/"))
    assert "Harbor Street Chiropractic" in words
    assert words.index("Incoming screenings") < words.index("Approved plans")


def test_every_status_and_tier_can_be_filtered(chiropractor: FormClient) -> None:
    sent()
    for status in [*Review.Status.values, "all"]:
        assert chiropractor.get(f"{QUEUE}?status={status}").status_code == 200
    for tier in TIERS:
        assert chiropractor.get(f"{QUEUE}?tier={tier}").status_code == 200
