"""`manage.py assess`: JSON Lines in, JSON Lines out, an error a line, and the exit status."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from exercises import library, records
from screening import rulesets
from tests.core.records import Record, minimal_record, random_record
from tests.core.records import records as record_strategy

ROOT = Path(__file__).resolve().parent.parent.parent
SHELF = records.Shelf(cards=library.load(), ruleset=rulesets.load())
KEYS = [
    "triage",
    "flags",
    "prompts",
    "tags",
    "left",
    "right",
    "overall",
    "confidence",
    "emphasis",
    "plan",
    "questionnaire",
    "ruleset",
]


def answered(*lines: bytes | Record, cleared: bool = False) -> tuple[list[Any], bool]:
    """The answers to these lines, and whether all of them hold."""
    raw = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    shelf = records.Shelf(cards=SHELF.cards, ruleset=SHELF.ruleset, cleared=cleared)
    found = list(records.answer_lines(raw, shelf))
    return [json.loads(line) for line, _ in found], all(holds for _, holds in found)


def run(*arguments: str, lines: bytes = b"", **options: Any) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own, as an operator runs it."""
    return subprocess.run(
        [sys.executable, "manage.py", "assess", *arguments],
        cwd=ROOT,
        env={**os.environ, **options},
        input=lines,
        capture_output=True,
        check=False,
        timeout=120,
    )


# --- what comes out ------------------------------------------------------------------------------


def test_a_record_is_answered_with_the_keys_of_the_contract_in_order() -> None:
    (found,), holds = answered(minimal_record(places=["low_back:left"], pain_worst=3))
    assert holds
    assert list(found) == KEYS
    assert list(found["left"]) == ["level", "total", "points"]
    assert list(found["plan"]) == ["cards", "habits", "minutes", "skipped"]
    card = found["plan"]["cards"][0]
    assert list(card) == ["slug", "sets", "reps", "hold_seconds", "rest_seconds"]
    assert (found["questionnaire"], found["ruleset"]) == ("1", "1")


def test_the_right_sided_person_of_the_contract_is_answered_as_it_says() -> None:
    person = minimal_record(
        side_sleep_nights="5_7",
        top_knee_drops="yes",
        side_lain_on="left",
        knee_pillow="never",
        sitting_bout="31_to_60",
        sitting_hours="6_to_8",
        places=["low_back:right", "buttock:right"],
        pain_worst=3,
        hard_one_leg="right",
        hard_stairs="right",
        stance_left="ok",
        stance_right="drop",
        leg_lift_left=0,
        leg_lift_right=3,
        experience="never",
        minutes=30,
    )
    (found,), _ = answered(person)
    assert found["left"] == {"level": "unlikely", "total": 1, "points": {"A3": 1}}
    assert found["right"]["total"] == 10
    assert (found["overall"], found["confidence"], found["emphasis"]) == (
        "right",
        "moderate",
        "gmed",
    )
    assert found["plan"]["cards"][0] == {
        "slug": "clamshell",
        "sets": {"left": 2, "right": 3},
        "reps": 12,
        "hold_seconds": 2,
        "rest_seconds": 45,
    }
    assert found["plan"]["habits"] == ["habit-sleep-pillow", "habit-sit-break"]


def test_a_timed_card_has_no_repetitions() -> None:
    (found,), _ = answered(minimal_record(places=["low_back:left"], pain_worst=3))
    stand = next(card for card in found["plan"]["cards"] if card["slug"] == "single-leg-stance")
    assert stand["reps"] is None
    assert stand["hold_seconds"] == 20


def test_cleared_opens_the_plan_of_clinician_first_and_changes_nothing_else() -> None:
    people = [
        minimal_record(rf_cancer="not_sure"),
        minimal_record(rf_calf="yes"),
        minimal_record(rf_bladder="yes"),
    ]
    closed, _ = answered(*people)
    opened, _ = answered(*people, cleared=True)
    assert [one["plan"] for one in closed] == [None, None, None]
    assert [one["plan"] is None for one in opened] == [False, True, True]
    assert [{**one, "plan": None} for one in opened] == closed


def test_each_answer_is_one_compact_line() -> None:
    (line, _), *rest = records.answer_lines([json.dumps(minimal_record()).encode()], SHELF)
    assert not rest
    assert "\n" not in line
    assert '": ' not in line
    assert json.dumps(json.loads(line), separators=(",", ":")) == line


# --- lines that do not hold ----------------------------------------------------------------------

DEEP = b"[" * 100_000
HUGE = b"9" * 10_000


@pytest.mark.parametrize(
    "line",
    [
        b"not json",
        b"{",
        b'{"age": NaN}',
        b'{"age": Infinity}',
        b"[1, 2]",
        b"null",
        b'"text"',
        b"17",
        HUGE,
        DEEP,
        b'{"age": ' + DEEP,
        b"\xff\xfe{}",
        b'{"age": "\xc3\x28"}',
        b"{} {}",
    ],
    ids=[
        "words",
        "half an object",
        "NaN",
        "Infinity",
        "a list",
        "null",
        "a text",
        "a number",
        "a huge number",
        "deep nesting",
        "deep nesting within",
        "UTF-16",
        "broken UTF-8",
        "two objects",
    ],
)
def test_a_line_that_is_no_json_object_is_an_error_without_a_key(line: bytes) -> None:
    (found,), holds = answered(line)
    assert not holds
    assert list(found) == ["error", "line", "key"]
    assert (found["line"], found["key"]) == (1, "")
    assert found["error"]


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"zork": 1}, "zork"),
        ({"age": "40"}, "age"),
        ({"age": 40.0}, "age"),
        ({"age": True}, "age"),
        ({"age": 0}, "age"),
        ({"age": 111}, "age"),
        ({"consent": False}, "consent"),
        ({"reasons": []}, "reasons"),
        ({"places": ["elbow:left"]}, "places"),
        ({"places": "groin:left"}, "places"),
        ({"pain_now": 5, "pain_worst": 4}, "pain_worst"),
        ({"falls": None}, "falls"),
        ({"top_leg": "left"}, "top_leg"),
        ({"goals": [{"text": "Walk", "score": 11}]}, "goals"),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_an_answer_that_does_not_hold_names_its_key(change: Record, key: str) -> None:
    (found,), holds = answered({**minimal_record(), **change})
    assert not holds
    assert (found["line"], found["key"]) == (1, key)


def test_a_missing_answer_names_its_key() -> None:
    record = minimal_record()
    del record["floor"]
    (found,), _ = answered(record)
    assert found["key"] == "floor"


def test_a_number_of_thousands_of_digits_names_its_key() -> None:
    line = json.dumps(minimal_record(age=40)).replace('"age": 40', '"age": ' + "9" * 10_000)
    (found,), _ = answered(line.encode())
    assert found["key"] == "age"


def test_a_key_said_twice_is_an_error_on_that_key() -> None:
    line = json.dumps(minimal_record()).replace('"age": 40', '"age": 40, "age": 41')
    (found,), _ = answered(line.encode())
    assert found["key"] == "age"
    goal = '{"text": "Walk", "score": 1, "score": 2}'
    line = json.dumps(minimal_record(places=["groin:left"])).replace("}", f', "goals": [{goal}]}}')
    (found,), _ = answered(line.encode())
    assert found["key"] == "goals"


def test_blank_lines_are_skipped_but_counted_and_other_lines_still_answered() -> None:
    found, holds = answered(minimal_record(), b"\n", b"  \r\n", b"oops", minimal_record())
    assert not holds
    assert [one.get("line", one.get("triage")) for one in found] == ["none", 4, "none"]


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm() -> None:
    found, holds = answered(b"\xef\xbb\xbf" + json.dumps(minimal_record()).encode() + b"\r\n")
    assert holds
    assert found[0]["triage"] == "none"


@given(line=st.binary() | st.text().map(str.encode))
def test_whatever_a_line_says_it_is_answered(line: bytes) -> None:
    found, holds = answered(line)
    assert found == [] or (len(found) == 1 and "error" in found[0] and not holds)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(record=record_strategy(), key=st.sampled_from(sorted(minimal_record())), value=JSON_VALUES)
def test_whatever_a_key_holds_the_record_is_answered(
    record: Record, key: str, value: object
) -> None:
    (found,), _ = answered({**record, key: value})
    assert "error" in found or list(found) == KEYS


# --- the command ---------------------------------------------------------------------------------


def test_the_command_reads_a_file_and_ends_with_0(tmp_path: Path) -> None:
    file = tmp_path / "answers.jsonl"
    people = [random_record(Random(number)) for number in range(5)]
    file.write_text("".join(json.dumps(one) + "\n" for one in people), encoding="utf-8")
    out = io.StringIO()
    call_command("assess", str(file), stdout=out)
    assert [list(json.loads(line)) for line in out.getvalue().splitlines()] == [KEYS] * 5


def test_the_command_passes_cleared_on(tmp_path: Path) -> None:
    file = tmp_path / "answers.jsonl"
    file.write_text(json.dumps(minimal_record(rf_cancer="not_sure")), encoding="utf-8")
    out = io.StringIO()
    call_command("assess", str(file), "--cleared", stdout=out)
    assert json.loads(out.getvalue())["plan"] is not None


def test_the_command_reads_standard_input_and_ends_with_1_after_an_error(tmp_path: Path) -> None:
    lines = b"oops\n\n" + json.dumps(minimal_record()).encode()
    done = run(lines=lines, DATA_DIR=str(tmp_path))
    out = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert done.stderr == b""
    assert [one.get("line", one.get("triage")) for one in out] == [1, "none"]


def test_nothing_in_gives_nothing_out_and_0(tmp_path: Path) -> None:
    done = run(DATA_DIR=str(tmp_path))
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


@pytest.mark.parametrize(("name", "reason"), [("nowhere.jsonl", "No such file"), ("", "Is a dir")])
def test_a_file_that_cannot_be_read_is_one_clear_sentence(
    name: str, reason: str, tmp_path: Path
) -> None:
    with pytest.raises(CommandError, match=f"Cannot read .*: {reason}"):
        call_command("assess", str(tmp_path / name), stdout=io.StringIO())
