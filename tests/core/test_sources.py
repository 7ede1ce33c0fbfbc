"""The bibliography: complete, honest about what was opened, and nothing cited that is not in it."""

import re
import tomllib
from pathlib import Path

import pytest

from screening import examination, prompts, rules
from screening.sources import SOURCES, Mark, Source

CITED = {
    "a rule": {key for rule in rules.RULES for key in rule.sources},
    "a prompt": {key for prompt in prompts.PROMPTS for key in prompt.sources},
    "a clinic test": {key for test in examination.TESTS for key in test.sources},
}


@pytest.mark.parametrize("who", CITED)
def test_everything_cited_is_in_the_bibliography(who: str) -> None:
    assert CITED[who] <= set(SOURCES)


@pytest.mark.parametrize("key", SOURCES)
def test_every_source_says_how_to_find_it_and_what_it_is_for(key: str) -> None:
    source = SOURCES[key]
    assert re.fullmatch(r"[a-z0-9-]+", key)
    assert source.citation.endswith(".")
    assert source.used_for.endswith(".")
    assert not source.doi or re.fullmatch(r"10\.\d{4,}/\S+", source.doi)


def test_what_was_never_opened_is_marked() -> None:
    unopened = {key for key, source in SOURCES.items() if source.mark is Mark.MEMORY}
    assert unopened == {
        "arab-2010",
        "bewyer-2009",
        "farrar-2001",
        "fearon-2013",
        "friel-2006",
        "garber-2011",
        "laslett-2005",
        "nadler-2000",
        "silbernagel-2007",
        "stratford-1995",
        "van-der-windt-2010",
        "willett-2016",
    }


def test_the_evidence_against_a_rule_is_cited_too() -> None:
    against: dict[str, Source] = {key: SOURCES[key] for key in rules.BY_ID["A1"].sources}
    assert "speaks against A1" in against["cary-2019"].used_for


def test_every_exercise_cites_only_known_sources() -> None:
    folder = Path(__file__).resolve().parents[2] / "exercises" / "library"
    cards = [tomllib.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.toml")]
    assert cards
    for card in cards:
        cited = {number["source"] for number in card.get("emg", ())}
        cited |= set(card.get("provenance", {}).get("sources", ()))
        assert cited <= set(SOURCES), card.get("slug")
