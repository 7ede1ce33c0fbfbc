"""What the source must never hold. Each test reads all of it, so that a new line cannot slip in."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("chiro", "screening", "exercises")
OWN_HOST = re.compile(r"(?:src|href|action)=[\"'](?:https?:)?//", re.IGNORECASE)


def sources() -> Iterator[tuple[Path, str]]:
    """Every Python file of the product but migrations."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, path.read_text()


def templates() -> Iterator[tuple[Path, str]]:
    """Every template."""
    for path in sorted((ROOT / "templates").rglob("*.*")):
        yield path, path.read_text()


def calls() -> Iterator[tuple[Path, str]]:
    """Each name that is called, imported or used as a decorator, with its file."""
    for path, text in sources():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Attribute):
                yield path, node.attr
            elif isinstance(node, ast.Name):
                yield path, node.id
            elif isinstance(node, ast.alias):
                yield path, node.name


@pytest.mark.row("T3", "T5", "T30", "C01", "C03", "C05")
def test_no_shortcut_around_escaping_one_time_codes_or_the_query_builder() -> None:
    forbidden = {"mark_safe", "csrf_exempt", "RawSQL", "eval", "exec"}
    assert [(str(path), name) for path, name in calls() if name in forbidden] == []
    asked_past = re.compile(r"objects\.(?:raw|extra)\(|\)\.extra\(|SafeString\(")
    assert [str(path) for path, text in sources() if asked_past.search(text)] == []


@pytest.mark.row("T3", "C01", "C02")
def test_no_template_switches_escaping_off_or_writes_a_script() -> None:
    risky = re.compile(
        r"\|\s*safe\b|\|\s*safeseq\b|autoescape\s+off|<script(?![^>]*(?:\bsrc=|json))|<[^>{%]*\son\w+="
    )
    assert [str(path) for path, text in templates() if risky.search(text)] == []


@pytest.mark.row("T12", "T42", "C44")
def test_no_page_style_or_script_asks_another_host() -> None:
    files = [*templates()]
    files += [(p, p.read_text()) for p in sorted((ROOT / "static").rglob("*.css"))]
    files += [(p, p.read_text()) for p in sorted((ROOT / "static").rglob("*.js"))]
    asks = re.compile(r"url\(\s*[\"']?(?:https?:)?//|@import|fetch\([\"']https?:|sendBeacon")
    assert [str(p) for p, text in files if OWN_HOST.search(text) or asks.search(text)] == []


@pytest.mark.row("C43")
def test_no_script_keeps_anything_in_the_browser() -> None:
    stores = re.compile(r"localStorage|sessionStorage|indexedDB|document\.cookie|caches\.open")
    scripts = sorted((ROOT / "static").rglob("*.js"))
    assert scripts
    assert [str(path) for path in scripts if stores.search(path.read_text())] == []


@pytest.mark.row("T29", "C23")
def test_no_table_takes_a_file() -> None:
    fields = [field for model in apps.get_models() for field in model._meta.get_fields()]
    assert [str(field) for field in fields if isinstance(field, models.FileField)] == []


@pytest.mark.row("T21", "C34")
def test_no_token_is_compared_in_python() -> None:
    compared = re.compile(r"\btoken\w*\s*[!=]=|[!=]=\s*\w*\.?token\b")
    assert [str(path) for path, text in sources() if compared.search(text)] == []


@pytest.mark.row("T26", "C39")
def test_no_secret_lies_in_the_source() -> None:
    secret = re.compile(
        r"-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}"
        r"|(?:SECRET_KEY|PASSWORD)\s*=\s*[\"'][^\"']{12,}[\"']"
    )
    assert [str(path) for path, text in sources() if secret.search(text)] == []


@pytest.mark.row("C35")
def test_only_named_algorithms_are_used() -> None:
    weak = {"md5", "sha1", "DES", "ARC4", "Blowfish", "ECB", "crypt"}
    assert [(str(path), name) for path, name in calls() if name in weak] == []


@pytest.mark.row("C47", "T31")
def test_every_model_form_names_its_fields() -> None:
    everything = re.compile(r"fields\s*=\s*[\"']__all__[\"']")
    assert [str(path) for path, text in sources() if everything.search(text)] == []
