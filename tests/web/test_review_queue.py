"""The queue: who comes first, what each row says, what is on top, and what it costs."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chiro.practice.append_only import lawful_change
from chiro.practice.models import AuditEvent, Practice, User
from screening.admin.listing import QueueAdmin
from screening.models import Draft, Review, Screening
from screening.services import finding, patients, queue
from screening.services import review as reviews
from tests.conftest import FormClient
from tests.web.reviewing import TIERS, review_url, sent, text_of

pytestmark = pytest.mark.django_db
QUEUE = "/admin/screening/screening/"
MOST_QUERIES = 12
NO_HABITS = {"knee_pillow": "always", "sitting_bout": "up_to_30"}
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
    with lawful_change("test"):
        Screening.objects.filter(pk=screening.pk).update(
            submitted_at=timezone.now() - timedelta(days=days, hours=4)
        )
    queue.refill()
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


def test_every_filter_keeps_what_it_says(chiropractor: FormClient) -> None:
    likely = sent(
        name="Likely Right"
    )  # Sleeps on the left with the knee dropped: the right counts.
    plain = sent(name="No Habit", **NO_HABITS)
    found = {rule for rule, column in queue.HABITS.items() if getattr(likely.review, column)}
    assert found == {reason["rule"] for reason in likely.reasons if reason["group"] == "A"}
    for rule, name in zip(queue.HABITS, ("sleep", "standing", "sitting", "crossing"), strict=True):
        counts = [likely] if rule in found else []
        assert rows(chiropractor.get(f"{QUEUE}?{name}=yes")) == counts
        assert plain in rows(chiropractor.get(f"{QUEUE}?{name}=no"))
    assert likely in rows(chiropractor.get(f"{QUEUE}?right_level={likely.right_level}"))
    assert rows(chiropractor.get(f"{QUEUE}?language=xx")) == []
    assert rows(chiropractor.get(f"{QUEUE}?sent=30")) == []
    assert set(rows(chiropractor.get(f"{QUEUE}?sent=1&language=en&age=40-64"))) == {likely, plain}
    me = User.objects.get()
    reviews.set_levels(screening=plain, by=me, left="unlikely", right="unlikely", reason="Strong")
    assert rows(chiropractor.get(f"{QUEUE}?clinician={me.pk}")) == [plain]
    assert rows(chiropractor.get(f"{QUEUE}?clinician=mine")) == [plain]
    assert rows(chiropractor.get(f"{QUEUE}?clinician=others")) == []
    assert rows(chiropractor.get(f"{QUEUE}?clinician=none")) == [likely]
    assert rows(chiropractor.get(f"{QUEUE}?clinician=zero&tier=zero")) == []


def test_a_level_that_is_withheld_is_found_by_no_filter(chiropractor: FormClient) -> None:
    hidden = sent("same_day")
    assert rows(chiropractor.get(f"{QUEUE}?right_level={hidden.right_level}")) == []


@pytest.mark.parametrize(
    "born", ["1984-04-15", "4/15/1984", "15.4.1984", "Apr 15, 1984", "15 April 1984"]
)
def test_a_patient_is_found_by_birth_date(chiropractor: FormClient, born: str) -> None:
    maria = sent()
    assert rows(chiropractor.get(QUEUE, {"q": born})) == [maria]


@pytest.mark.parametrize("text", ["joser", "JOSÉ rui", "rui jo", "ruiz-g"])
def test_a_name_is_found_by_the_beginnings_of_its_words(
    chiropractor: FormClient, text: str
) -> None:
    jose = sent(name="José Ruiz-Gómez")
    sent(name="Maria Alvarez")
    assert rows(chiropractor.get(QUEUE, {"q": text})) == ([] if text == "joser" else [jose])


def test_a_search_finds_what_is_done_and_a_corrected_name(chiropractor: FormClient) -> None:
    done = sent(name="Mary Alvares")
    reviews.withhold(screening=done, by=User.objects.get(), reason="Referred")
    done.patient.full_name = "Maria Alvarez"
    patients.correct(patient=done.patient, by=User.objects.get())
    assert rows(chiropractor.get(QUEUE, {"q": "alvarez"})) == [done]
    assert rows(chiropractor.get(QUEUE, {"q": "alvares"})) == []


@pytest.mark.parametrize("pressed", ["", "1", "-1", "-2", "3", "-3", "4", "-5"])
def test_pages_follow_each_other_without_gap_or_repeat(
    chiropractor: FormClient, monkeypatch: pytest.MonkeyPatch, pressed: str
) -> None:
    for name, tier in zip("ABCDE", [*TIERS, "none"], strict=True):
        sent(tier, name=name)
    whole = [row.pk for row in rows(chiropractor.get(f"{QUEUE}?o={pressed}"))]
    monkeypatch.setattr(QueueAdmin, "list_per_page", 2)
    page = chiropractor.get(f"{QUEUE}?o={pressed}")
    seen = [row.pk for row in rows(page)]
    assert "5 screenings" in text_of(page)
    while page.context["cl"].next_page:
        page = chiropractor.get(QUEUE + page.context["cl"].next_page)
        seen += [row.pk for row in rows(page)]
    assert seen == whole
    back = chiropractor.get(QUEUE + page.context["cl"].previous_page)
    assert [row.pk for row in rows(back)] == whole[2:4]


def names(client: FormClient, pressed: str) -> str:
    """The first letters of the rows when headings are pressed, in order."""
    return "".join(row.patient.full_name[0] for row in rows(client.get(QUEUE, {"o": pressed})))


def test_a_heading_sorts_and_pressed_again_turns_the_order(chiropractor: FormClient) -> None:
    weak = sent_ago(1, name="Ben")
    sent_ago(3, "clinician_first", name="cara")
    sent_ago(2, name="Álvaro")
    unlikely = {"left_level": "unlikely", "right_level": "unlikely"}
    with lawful_change("test"):
        Screening.objects.exclude(pk=weak.pk).update(**unlikely)
        Screening.objects.filter(pk=weak.pk).update(**unlikely | {"right_level": "likely"})
    queue.refill()
    assert names(chiropractor, "1") == "ÁBc"
    assert names(chiropractor, "-1") == "cBÁ"
    assert names(chiropractor, "") == names(chiropractor, "2") == "cÁB"
    assert names(chiropractor, "-2") == "BÁc"
    assert names(chiropractor, "3") == "cÁB"
    assert names(chiropractor, "-3.1") == "BÁc"
    assert names(chiropractor, "5") == "BÁc", "likely first, what is withheld last"
    assert names(chiropractor, "4") == "ÁBc"


@pytest.mark.parametrize("nonsense", ["x", "0", "6", "99", "-", "1x", "²", "9" * 400])
def test_a_heading_that_is_none_leaves_the_order(chiropractor: FormClient, nonsense: str) -> None:
    sent("none", name="A")
    sent("same_day", name="B")
    assert names(chiropractor, nonsense) == "BA"


def test_a_cleared_record_and_a_corrected_name_are_sorted_anew(chiropractor: FormClient) -> None:
    first, _ = sent("clinician_first", name="Ann"), sent(name="Bea")
    with lawful_change("test"):
        Screening.objects.update(left_level="likely")
    queue.refill()
    assert names(chiropractor, "4") == "BA"
    reviews.clear(screening=first, by=User.objects.get(), reason="Called")
    assert names(chiropractor, "4") == "AB"
    first.patient.full_name = "Zoe"
    patients.correct(patient=first.patient, by=User.objects.get())
    assert names(chiropractor, "1") == "BZ"


def test_an_action_reaches_no_further_than_the_page(
    chiropractor: FormClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QueueAdmin, "list_per_page", 2)
    for name in "ABC":
        sent(name=name)
    page = chiropractor.get(QUEUE)
    assert page.context["cl"].get_queryset(page.wsgi_request).count() == 2


@pytest.mark.parametrize("broken", [{}, {"left": 3}, [], "x"])
def test_a_row_of_an_old_version_says_so(chiropractor: FormClient, broken: Any) -> None:
    with lawful_change("test"):
        Screening.objects.filter(pk=sent().pk).update(assessment=broken, reasons=broken)
    queue.refill()
    assert text_of(chiropractor.get(QUEUE)).count("old version") == 2


def test_stopped_questionnaires_that_were_seen_are_listed(chiropractor: FormClient) -> None:
    draft = Draft.objects.create(
        submission_key="stopped",
        identity={"full_name": "Al Novak"},
        stopped_at=timezone.now(),
        stopped_tier="emergency",
    )
    assert "Al Novak" not in text_of(chiropractor.get(f"{QUEUE}stopped/"))
    chiropractor.post(f"{QUEUE}stopped/{draft.pk}/seen/")
    words = text_of(chiropractor.get(f"{QUEUE}stopped/"))
    assert "Al Novak" in words
    assert "chiropractor" in words


def test_a_filter_is_folded_until_something_is_chosen(chiropractor: FormClient) -> None:
    def unfolded(address: str) -> list[str]:
        page = chiropractor.get(address).content.decode()
        return re.findall(r'data-filter-title="([^"]+)" open', page)

    assert unfolded(QUEUE) == ["status", "triage"]
    assert unfolded(f"{QUEUE}?sleep=yes&age=65") == [
        "status",
        "triage",
        "side-sleeping",
        "age of the patient",
    ]


@pytest.mark.parametrize("pressed", ["1", "-3"])
def test_a_page_looks_through_so_many_rows_and_the_next_goes_on_from_there(
    chiropractor: FormClient, monkeypatch: pytest.MonkeyPatch, pressed: str
) -> None:
    for number, name in enumerate("ABCDE"):
        sent(name=name, **NO_HABITS if number % 3 else {})
    address = f"{QUEUE}?sleep=yes&o={pressed}"
    whole = [row.pk for row in rows(chiropractor.get(address))]
    assert len(whole) == 2
    monkeypatch.setattr(queue.Stretch, "__init__", _looking_through(2))
    page = chiropractor.get(address)
    seen = [row.pk for row in rows(page)]
    assert "Not everything was looked through" in text_of(page)
    assert "2 screenings" not in text_of(page)
    while page.context["cl"].next_page:
        page = chiropractor.get(QUEUE + page.context["cl"].next_page)
        seen += [row.pk for row in rows(page)]
    assert seen == whole
    assert "Not everything" not in text_of(page)


def _looking_through(look: int) -> Callable[..., None]:
    """The constructor of a stretch that ends after so many rows."""
    original = queue.Stretch.__init__

    def short(self: Any, **given: Any) -> None:
        original(self, **{**given, "look": look})

    return short


def test_a_search_that_finds_very_many_finds_the_same(
    chiropractor: FormClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("Maria Alvarez", "Mario Ortiz", "Samuel Ortiz"):
        sent(name=name)
    asked = ["mari", "m", "o m", "ortiz sam", "m zzz"]
    listed = [rows(chiropractor.get(QUEUE, {"q": text})) for text in asked]
    assert [len(found) for found in listed] == [2, 2, 1, 1, 0]
    monkeypatch.setattr(finding, "MOST_PEOPLE", 0)
    assert [rows(chiropractor.get(QUEUE, {"q": text})) for text in asked] == listed


def test_a_search_with_filters_asks_the_database_no_more_than_the_queue_may(
    chiropractor: FormClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(name="Maria Alvarez")
    chiropractor.get(QUEUE)
    for most in (finding.MOST_PEOPLE, 0):
        monkeypatch.setattr(finding, "MOST_PEOPLE", most)
        for text in ("maria", "ma al"):
            with CaptureQueriesContext(connection) as asked:
                chiropractor.get(QUEUE, {"q": text, "status": "waiting", "age": "40-64"})
            assert len(asked) <= MOST_QUERIES, [query["sql"][:100] for query in asked]
