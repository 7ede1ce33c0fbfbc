"""`manage.py print_plan`: a sample print of one record, without a database."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.core.records import minimal_record
from tests.pdf import reading

RIGHT_SIDE = {
    "reasons": ["pain"],
    "places": ["low_back:right", "buttock:right"],
    "pain_now": 2,
    "pain_worst": 3,
    "side_sleep_nights": "5_7",
    "top_knee_drops": "yes",
    "side_lain_on": "left",
    "knee_pillow": "never",
    "hard_one_leg": "right",
    "hard_stairs": "right",
    "stance_left": "ok",
    "stance_right": "drop",
    "leg_lift_left": 0,
    "leg_lift_right": 3,
    "goals": [{"text": "climb the stairs", "score": 4}],
}


def run(folder: Path, record: Any, *options: str) -> bytes:
    """Print a record and return the bytes. No test here may touch the database."""
    source, target = folder / "answers.json", folder / "out.pdf"
    source.write_text(record if isinstance(record, str) else json.dumps(record))
    call_command("print_plan", "--answers", str(source), "-o", str(target), *options)
    return target.read_bytes()


def test_a_record_becomes_a_sample_print(tmp_path: Path) -> None:
    printed = run(tmp_path, minimal_record(**RIGHT_SIDE), "--name", "Ada Example")
    words = reading.text(printed)
    for part in (
        "Ada Example",
        "Sample print. No chiropractor has checked this plan.",
        "Your goal: climb the stairs",
        "Several of your answers fit with weaker hip muscles on your right side.",
        "You told us",
        "First: RIGHT leg on top",
        "Because you told us",
        "Pillow between your knees",
        "Rules version 1",
    ):
        assert part in words
    assert reading.faults(printed) == []


def test_left_answers_print_the_mirrored_sheet(tmp_path: Path) -> None:
    mirrored = json.dumps(RIGHT_SIDE).replace("right", "X").replace("left", "right")
    record = minimal_record(**json.loads(mirrored.replace("X", "left")))
    right = reading.text(run(tmp_path, minimal_record(**RIGHT_SIDE)))
    left = reading.text(run(tmp_path, record))
    no_side = ("right angle",)
    for words in no_side:
        right, left = right.replace(words, "-"), left.replace(words, "-")
    swap = {"RIGHT": "LEFT", "LEFT": "RIGHT", "right": "left", "left": "right"}
    assert left == re.sub(r"\b(right|left)\b", lambda word: swap[word[0]], right, flags=re.I)


def test_paper_and_clinician_can_be_chosen(tmp_path: Path) -> None:
    record = minimal_record(**RIGHT_SIDE)
    printed = run(tmp_path, record, "--paper", "a4", "--clinician", "Sam Rivera, DC")
    sheets, _ = reading.words(printed)
    assert sheets[0].height == pytest.approx(841.89, abs=0.5)
    assert "Sam Rivera, DC" in reading.text(printed)


def test_a_healthy_record_prints_the_maintenance_plan(tmp_path: Path) -> None:
    words = reading.text(run(tmp_path, minimal_record()))
    assert "Your plan to keep your hips strong" in words


@pytest.mark.parametrize(
    ("changes", "tier"),
    [
        ({"rf_bladder": "yes"}, "emergency"),
        ({"rf_calf": "yes"}, "same_day"),
        ({"pregnancy": "pregnant"}, "clinician_first"),
    ],
)
def test_a_record_that_needs_a_person_is_refused(
    tmp_path: Path, changes: dict[str, Any], tier: str
) -> None:
    with pytest.raises(CommandError, match=tier):
        run(tmp_path, minimal_record(**changes))
    assert not (tmp_path / "out.pdf").exists()


@pytest.mark.parametrize(
    ("record", "sentence"),
    [
        ("not json", "cannot be used: This line is not JSON"),
        ("[1]", "cannot be used: This line is not a JSON object of answers"),
        ('{"age": 1, "age": 2}', r"This key is there more than once \(age\)"),
        ({"age": 40}, "The answers cannot be used: consent"),
        (minimal_record() | {"age": "40"}, "The answers cannot be used: age"),
        (minimal_record() | {"shoe_size": 9}, "The answers cannot be used: shoe_size"),
    ],
)
def test_bad_answers_are_refused_in_one_sentence(
    tmp_path: Path, record: Any, sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence) as refused:
        run(tmp_path, record)
    assert "\n" not in str(refused.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command(
            "print_plan", "--answers", str(tmp_path / "none.json"), "-o", str(tmp_path / "out.pdf")
        )
