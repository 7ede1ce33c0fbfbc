"""The documents are true: paths exist, commands are there, variables are the settings' own."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from django.core.management import get_commands

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
READERS = (ROOT / "chiro" / "settings.py", ROOT / "chiro" / "gunicorn.py")
ENDINGS = r"(?:py|md|toml|txt|html|css|js|png|svg|in)"
PATH = re.compile(rf"`([\w./-]+(?:/|\.{ENDINGS}))`")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)\)")
SETTING = re.compile(r"env(?:\.\w+)?\(\s*\"([A-Z_]+)\"|environ\.get\(\"([A-Z_]+)\"")
ROW = re.compile(r"^\| `([A-Z_]+)` \|", re.MULTILINE)
MADE_WHEN_RUN = ("data/", ".venv", "answers.json", "plan.pdf", "copy.sqlite3")


def mentioned() -> Iterator[tuple[Path, str]]:
    """Yield every path that a document names, with the document."""
    for document in DOCUMENTS:
        text = document.read_text()
        for path in PATH.findall(text):
            if "/" in path and not path.startswith(MADE_WHEN_RUN):
                yield document, path
        for path in LINK.findall(text):
            yield document, path


def exists(document: Path, path: str) -> bool:
    """Say whether a path exists, from the root or from the document's folder."""
    return (ROOT / path).exists() or (document.parent / path).exists()


def read_variables() -> set[str]:
    """Return the names of all environment variables that the site reads."""
    found = [SETTING.findall(reader.read_text()) for reader in READERS]
    return {first or second for pairs in found for first, second in pairs}


def documented_variables() -> set[str]:
    """Return the names in the table of `docs/operations.md`."""
    return set(ROW.findall((ROOT / "docs" / "operations.md").read_text()))


def test_every_path_in_the_documents_exists() -> None:
    missing = [(doc.name, path) for doc, path in mentioned() if not exists(doc, path)]
    assert missing == []


def test_every_variable_is_documented() -> None:
    assert read_variables() - documented_variables() == set()


def test_every_documented_variable_is_read() -> None:
    assert documented_variables() - read_variables() == set()


def test_every_management_command_in_the_documents_exists() -> None:
    named = {
        command
        for document in DOCUMENTS
        for command in re.findall(r"manage\.py ([a-z_]+)", document.read_text())
    }
    assert named - set(get_commands()) == set()


def test_every_script_in_the_documents_exists_and_can_be_run() -> None:
    named = {
        name
        for document in DOCUMENTS
        for name in re.findall(r"\bscript/([a-z]+)\b(?!/)", document.read_text())
    }
    assert {"server", "test"} <= named
    for name in named - {"benchmarks"}:
        assert os.access(ROOT / "script" / name, os.X_OK), name


def test_decisions_are_numbered_once_each_in_order() -> None:
    numbers = re.findall(r"^## (\d+)\. ", (ROOT / "docs/decisions.md").read_text(), re.MULTILINE)
    assert numbers == [str(number) for number in range(1, len(numbers) + 1)]
