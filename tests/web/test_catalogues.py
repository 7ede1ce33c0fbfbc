"""The catalogues of patients' words: current, whole, and switched on with open eyes."""

from typing import Any

import pytest
from django.utils import translation

from chiro import languages
from chiro.practice import catalogues
from chiro.practice.models import Practice, Role
from exercises.library import load
from screening import questionnaire
from screening.wording import question_in_language

PRACTICE = "Harbor Street"

# --- the catalogues -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def found() -> Any:
    return catalogues.collect()


@pytest.mark.parametrize("code", [c.code for c in languages.installed() if c.code != "en"])
def test_a_shipped_catalogue_is_current_and_its_gaps_agree(code: str, found: Any) -> None:
    text = catalogues.text_of(catalogues.merged(code, found))
    assert catalogues.po_file(code).read_bytes() == text, "run manage.py messages"
    assert list(catalogues.problems(catalogues.read(code))) == []


@pytest.mark.parametrize("code", [c.code for c in languages.installed() if c.code != "en"])
def test_no_two_answers_to_a_question_read_the_same(code: str) -> None:
    with translation.override(code):
        for question in questionnaire.QUESTIONS.values():
            spoken = question_in_language(question)
            before = {(option.group, option.label) for option in question.options}
            after = {(option.group, option.label) for option in spoken.options}
            assert len(after) == len(before), question.key


def test_a_translation_with_another_gap_or_too_few_forms_is_refused() -> None:
    catalog = catalogues.Catalog(locale="es")
    catalog.add("Call {number}", "Llame")
    catalog.add(("{number} day", "{number} days"), ("un día", "{number} días"))
    catalog.add(("{number} hour", "{number} hours"), ("{number} hora",))
    assert len(list(catalogues.problems(catalog))) == 2


def test_merging_keeps_a_review_and_filling_never_overwrites_one(found: Any) -> None:
    catalog = catalogues.merged("es", found)
    message = catalog.get("Get help now")
    message.string, message.flags = "Pida ayuda ahora", {catalogues.REVIEWED}
    put, left_over = catalogues.fill(catalog, {"Get help now": "Otra cosa", "No such words": "x"})
    assert (put, left_over) == (0, 2)
    assert message.string == "Pida ayuda ahora"
    assert catalogues.is_reviewed(message)


# --- switching one on ---------------------------------------------------------------------------


def profile(**changes: Any) -> dict[str, Any]:
    kept = {
        "name": PRACTICE,
        "emergency_number": "911",
        "accent": "#1f5c52",
        "paper": "letter",
        "result_policy": "at_once",
        "draft_days": 14,
        "plan_policy": "after_approval",
        "retention_years": 5,
        "green_up_to": 3,
        "yellow_up_to": 5,
    }
    return {**kept, **changes}


def test_a_practice_sees_how_far_a_language_is_and_confirms_what_is_unreviewed(
    db: None, client_as: Any
) -> None:
    Practice.objects.create(pk=1, name=PRACTICE)
    owner = client_as(Role.OWNER)
    url = "/admin/practice/practice/1/change/"
    far = catalogues.coverage("es")
    page = owner.get(url).content.decode()
    assert "Español" in page
    assert f"<td>{far.strings}</td>" in page.replace(",", "")
    refused = owner.post(url, profile(languages=["es"]))
    assert f"no person has reviewed {far.unreviewed}" in refused.content.decode()
    assert Practice.current().languages == []
    owner.post(url, profile(languages=["es"], accept_unreviewed="on"))
    assert Practice.current().languages == ["es"]


def test_the_library_is_counted_in_the_catalogue(found: Any) -> None:
    assert all(found.get(card.name) for card in load().values())
