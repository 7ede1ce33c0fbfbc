"""The records that the benchmarks measure are ones a patient could have sent."""

from screening import answers, assessment, rulesets
from screening.anatomy import Tier
from script.benchmarks.sample_records import records


def test_every_sample_record_is_allowed_by_the_contract() -> None:
    for record in records(200):
        answers.parse(record)


def test_sample_records_are_the_same_every_time() -> None:
    assert list(records(20)) == list(records(20))
    assert list(records(20)) != list(records(20, seed=1))


def test_most_sample_records_have_no_red_flag() -> None:
    rules = rulesets.load("1")
    tiers = [assessment.assess(answers.parse(record), rules).triage for record in records(300)]
    assert tiers.count(Tier.NONE) > 150
    assert set(tiers) == set(Tier)
