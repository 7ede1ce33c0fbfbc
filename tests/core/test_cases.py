"""The vignettes in `screening/examples`: a patient in one sentence, and what becomes of them.

A clinician can read and write them. `[answers]` are the changes to a healthy person of 40;
`[expected]` is the whole assessment; `[plan]` is the plan or `withheld = true`, with
`cleared = true` as if a chiropractor had cleared the patient.
"""

import tomllib
from typing import Any

import pytest

from exercises import library, planner
from exercises.planner import PlanDraft
from screening import assessment, examples, rulesets
from screening.answers import Answers, parse
from screening.assessment import Assessment
from tests.core.records import minimal_record

CASES = {
    path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
    for path in examples.FOLDER.glob("*.toml")
}
RULESET = rulesets.load("1")

type Case = dict[str, Any]


def assessed(case: Case) -> tuple[Answers, Assessment]:
    answers = parse(minimal_record(**case["answers"]))
    return answers, assessment.assess(answers, RULESET)


def planned(case: Case) -> PlanDraft | None:
    answers, result = assessed(case)
    cleared = case["plan"].get("cleared", False)
    return planner.plan(result, answers, library.load(), RULESET, cleared=cleared)


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_case_says_who_it_is_and_what_must_hold(name: str) -> None:
    case = CASES[name]
    assert set(case) == {"patient", "must", "answers", "expected", "plan"}
    assert case["patient"].endswith(".")
    assert case["must"].endswith(".")
    known = {"cards", "habits", "skipped", "minutes", "weaker_side", "cleared", "withheld"}
    assert set(case["plan"]) <= known


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_patient_is_assessed_as_expected(name: str) -> None:
    _, result = assessed(CASES[name])
    found = assessment.to_json(result)
    versions = {"questionnaire": found["questionnaire"], "ruleset": "1"}
    assert found == CASES[name]["expected"] | versions


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_patient_gets_the_expected_plan(name: str) -> None:
    expected, draft = CASES[name]["plan"], planned(CASES[name])
    if expected.get("withheld"):
        assert draft is None
        return
    assert draft is not None
    assert [card.slug for card in draft.cards] == expected["cards"]
    assert list(draft.habits) == expected["habits"]
    if "skipped" in expected:
        assert list(draft.skipped) == expected["skipped"]
    if "minutes" in expected:
        assert draft.minutes == expected["minutes"]


@pytest.mark.parametrize("name", [name for name in CASES if "weaker_side" in CASES[name]["plan"]])
def test_the_weaker_side_goes_first_and_never_does_less(name: str) -> None:
    weaker = CASES[name]["plan"]["weaker_side"]
    stronger = {"left": "right", "right": "left"}[weaker]
    draft = planned(CASES[name])
    assert draft is not None
    one_sided = [card for card in draft.cards if weaker in card.sets]
    assert one_sided
    assert {card.first_side for card in one_sided} == {weaker}
    for card in one_sided:
        assert 0 <= card.sets[weaker] - card.sets[stronger] <= 1


def test_somebody_gets_no_finding_and_somebody_is_sent_away() -> None:
    results = [assessed(case)[1] for case in CASES.values()]
    assert len(results) >= 14
    assert any(result.overall == "neither" and not result.left.points for result in results)
    assert {result.triage.value for result in results} == {
        "none",
        "clinician_first",
        "same_day",
        "emergency",
    }


def test_the_advice_on_overuse_is_words_and_no_card() -> None:
    draft = planned(CASES["runner-overuse"])
    assert draft is not None
    assert draft.advice
    assert draft.habits == ()
