"""Two tabs on one record: the second save shows both versions line by line and loses neither."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chiro.practice.models import User
from exercises.models import Plan
from exercises.services import planning
from exercises.services.rows import Row
from screening.admin import merging
from screening.models import Examination, Screening
from screening.services import review as reviews
from tests.conftest import FormClient
from tests.web.reviewing import form_of, review_url, sent, text_of

type Values = dict[str, str | list[str]]


@pytest.fixture
def desk(client_as: Callable[[str], FormClient]) -> FormClient:
    """Ellen's browser."""
    return client_as("chiropractor")


@pytest.fixture
def jo(staff: Callable[..., User]) -> User:
    """The colleague in the other tab."""
    return staff("chiropractor", "jo", first_name="Jo", last_name="Lind")


def rows(screening: Screening) -> dict[str, Row]:
    """The rows of the draft by card."""
    return {row.slug: row for row in planning.rows_of(screening.plans.get(status="draft"))}


def change(screening: Screening, by: User, kept: list[Row], **values: Any) -> None:
    """Save the draft in the other tab."""
    planning.change(plan=screening.plans.get(), by=by, rows=kept, **values)


def second_save(desk: FormClient, screening: Screening, typed: dict[str, Any]) -> Any:
    """Save from the tab that was opened before; the page of the conflict."""
    page = desk.post(review_url(screening), typed)
    assert page.status_code == 409
    return page


@pytest.mark.django_db
def test_each_differing_line_can_be_taken_from_either(desk: FormClient, jo: User) -> None:
    screening = sent()
    mine = form_of(desk.get(review_url(screening)))
    theirs = rows(screening)
    theirs["clamshell"] = replace(theirs["clamshell"], reps=6, note="Use the rail")
    del theirs["sit-to-stand"]
    change(screening, jo, list(theirs.values()), message="From Jo")
    mine |= {"row-clamshell-reps": ["8"], "plan-message": ["From Ellen"], "do": ["save"]}
    mine |= {"row-double-leg-bridge-remove": ["on"], "exam-mmt_abduction-right": ["4-"]}
    page = second_save(desk, screening, mine)
    words = text_of(page)
    assert "Please correct" not in words
    assert "Clam: Times Both changed it 10 Yours: 8 Saved by Jo Lind: 6" in words
    assert "Clam: Own note, printed empty Yours: empty Saved by Jo Lind: Use the rail" in words
    assert "Saved by Jo Lind: not on the plan" in words
    fields = form_of(page)
    assert fields["take-row-clamshell-reps"] == ["mine"]
    assert fields["take-row-clamshell-note"] == ["theirs"]
    assert fields["take-has-sit-to-stand"] == ["theirs"]
    assert fields["take-has-double-leg-bridge"] == ["mine"]
    assert fields["take-exam-mmt_abduction-right"] == ["mine"]
    turned = {
        "take-row-clamshell-reps": ["theirs"],
        "take-row-clamshell-note": ["mine"],
        "take-has-sit-to-stand": ["mine"],
        "take-has-double-leg-bridge": ["theirs"],
        "take-plan-message": ["theirs"],
    }
    assert desk.post(review_url(screening), fields | turned | {"do": "save"}).status_code == 303
    saved = rows(screening)
    assert (saved["clamshell"].reps, saved["clamshell"].note) == (6, "")
    assert {"sit-to-stand", "double-leg-bridge"} <= saved.keys()
    assert screening.plans.get().message == "From Jo"
    assert Examination.objects.get().findings == {"mmt_abduction": {"right": "4-"}}


@pytest.mark.django_db
def test_what_is_typed_anew_below_counts_before_a_choice(desk: FormClient, jo: User) -> None:
    screening = sent()
    mine = form_of(desk.get(review_url(screening)))
    change(screening, jo, list(rows(screening).values()), message="From Jo")
    fields = form_of(second_save(desk, screening, mine | {"plan-message": "Mine", "do": "save"}))
    fields |= {"plan-message": ["Both of us"], "take-plan-message": ["theirs"], "do": ["save"]}
    assert desk.post(review_url(screening), fields).status_code == 303
    assert screening.plans.get().message == "Both of us"


@pytest.mark.django_db
def test_a_third_save_in_between_asks_again_with_the_choice_kept(
    desk: FormClient, jo: User
) -> None:
    screening = sent()
    mine = form_of(desk.get(review_url(screening)))
    kept = list(rows(screening).values())
    change(screening, jo, kept, message="First of Jo")
    fields = form_of(second_save(desk, screening, mine | {"plan-message": "Mine", "do": "save"}))
    change(screening, jo, kept[:-1], message="First of Jo")
    again = second_save(desk, screening, fields | {"take-plan-message": "theirs", "do": "save"})
    assert form_of(again)["plan-message"] == ["First of Jo"]
    assert form_of(again)[f"take-has-{kept[-1].slug}"] == ["theirs"]


@pytest.mark.django_db
def test_what_came_too_late_for_an_approved_version_can_still_be_read(
    desk: FormClient, jo: User
) -> None:
    screening = sent()
    mine = form_of(desk.get(review_url(screening)))
    Plan.objects.update(status=Plan.Status.APPROVED)  # As an approval does, without its papers.
    reviews.note_approval(
        reviews.lock(screening=screening), by=jo, details={"version": 1, "sha256": {}}
    )
    mine |= {"row-clamshell-note": ["Slowly"], "exam-note": ["Tired"], "do": ["save"]}
    page = second_save(desk, screening, mine)
    words = text_of(page)
    assert "have no place in the record any more" in words
    assert "Clam: Own note, printed : Slowly (was empty)" in words
    assert form_of(page)["exam-note"] == ["Tired"]


# --- the comparison itself --------------------------------------------------------------------

CARDS = ["a", "b-c", "d"]
PLANS = st.lists(st.sampled_from(CARDS), unique=True).flatmap(
    lambda kept: st.fixed_dictionaries(
        {
            "exam-note": st.sampled_from(["", "x", "y"]),
            **{f"row-{slug}-reps": st.sampled_from(["1", "2"]) for slug in kept},
        }
    ).map(lambda values: {"row": kept, **values})
)


@given(opened=PLANS, mine=PLANS, theirs=PLANS)
def test_choosing_one_side_throughout_gives_that_side_whole(
    opened: Values, mine: Values, theirs: Values
) -> None:
    merged = merging.merge(opened=opened, mine=mine, theirs=theirs)
    for take, wanted in (("mine", mine), ("theirs", theirs)):
        chosen = merging.choose(
            opened=opened,
            mine=mine,
            theirs=theirs,
            typed=merged.values,
            takes={line.name: take for line in merged.lines},
        )
        in_rows = {name: chosen[name] for name in wanted if name in chosen}
        assert sorted(chosen["row"]) == sorted(wanted["row"])
        assert in_rows | {"row": wanted["row"]} == wanted


@given(opened=PLANS, mine=PLANS)
def test_where_only_one_person_changed_something_it_stands_without_a_choice(
    opened: Values, mine: Values
) -> None:
    for own, other in ((mine, opened), (opened, mine)):
        merged = merging.merge(opened=opened, mine=own, theirs=other)
        assert not any(line.clash for line in merged.lines)
        assert merged.values["row"] == mine["row"]
        assert {name: merged.values[name] for name in mine} == mine
