"""docs/security.md is true: each row has a proof, each proof exists, each claim names a row."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
ROWS = [f"T{n}" for n in range(1, 45)] + [f"C{n:02}" for n in range(1, 57)]
ROW = re.compile(r"^\| ([TC]\d+) \|(.+)\|$", re.MULTILINE)
FAULT = re.compile(r"^\| (F\d+) \|(.+)\|$", re.MULTILINE)
NODE = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def rows(document: str) -> dict[str, str]:
    """Row -> the rest of its line."""
    return dict(ROW.findall((ROOT / "docs" / document).read_text()))


def written_in(path: Path) -> dict[str, set[str]]:
    """Each test of a file with the rows that its marker names."""
    found: dict[str, set[str]] = {}
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            found[node.name] = {
                str(argument.value)
                for mark in node.decorator_list
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.row"
                for argument in mark.args
                if isinstance(argument, ast.Constant)
            }
    return found


def dangling(document: str) -> list[str]:
    """The tests that a document names and nobody wrote."""
    named = NODE.findall((ROOT / "docs" / document).read_text())
    assert named
    written = {
        path: written_in(ROOT / path) for path in {p for p, _ in named} if (ROOT / path).exists()
    }
    return sorted(f"{path}::{test}" for path, test in named if test not in written.get(path, {}))


def test_every_row_is_listed_once_in_order() -> None:
    assert list(rows("security.md")) == ROWS


def test_every_fault_is_listed_once_in_order_with_its_short_form_or_why_not() -> None:
    faults = FAULT.findall((ROOT / "docs" / "security.md").read_text())
    assert [name for name, _ in faults] == [f"F{n}" for n in range(1, 24)]
    without = [
        name for name, line in faults if not NODE.search(line) and "only the bench" not in line
    ]
    assert without == []


@pytest.mark.parametrize("row", ROWS)
def test_every_row_has_a_proof(row: str) -> None:
    line = rows("security.md")[row]
    if NODE.search(line):
        return
    assert f"practice: [{row}]" in line
    assert f"({row})" in (ROOT / "docs" / "operations.md").read_text()


@pytest.mark.parametrize("document", ["security.md", "hazards.md"])
def test_every_named_test_exists(document: str) -> None:
    assert dangling(document) == []


def test_every_claim_of_a_test_is_a_row() -> None:
    claimed = {
        (path.name, test, row)
        for path in (ROOT / "tests").rglob("test_*.py")
        for test, marked in written_in(path).items()
        for row in marked
    }
    assert claimed
    assert [claim for claim in claimed if claim[2] not in ROWS] == []


def test_every_hazard_has_a_control_and_a_test() -> None:
    text = (ROOT / "docs" / "hazards.md").read_text()
    lines = re.findall(r"^\| (H\d+) \|(.+)\|$", text, re.MULTILINE)
    assert [name for name, _ in lines] == [f"H{n}" for n in range(1, len(lines) + 1)]
    assert len(lines) >= 12
    assert [name for name, line in lines if line.count("|") < 2 or not NODE.search(line)] == []
