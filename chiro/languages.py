"""The languages of this installation: one folder in `locale/` each, and no code.

Standard library only, since the settings read it. `language.toml` says what a language calls
itself, which way it runs and how its ease of reading is measured; `LC_MESSAGES/django.po` holds its
words. English is the language of the code and has no catalogue.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

ENGLISH = "en"
FOLDER = Path(__file__).resolve().parent.parent / "locale"
DIRECTIONS = ("ltr", "rtl")
CODE = re.compile(r"[a-z]{2,3}(-[a-z]{2,4})?")


class LanguageError(ValueError):
    """A folder that cannot be read as a language; str() says which and what is wrong."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Language:
    """One language: Django's code ("es", "zh-hant"), its own name and its direction.

    `reading` names the formula for ease of reading, with `at_most` or `at_least`.
    """

    code: str
    name: str
    direction: str
    reading: Mapping[str, Any] = field(default_factory=dict)


def installed() -> tuple[Language, ...]:
    """Every language that has a folder, English first, then by code. Raises LanguageError."""
    return in_folder(FOLDER)


@cache
def in_folder(folder: Path) -> tuple[Language, ...]:
    """The languages of any folder, as `installed` gives those of `locale/`."""
    found = [_read(file) for file in sorted(folder.glob("*/language.toml"))]
    return tuple(sorted(found, key=lambda language: (language.code != ENGLISH, language.code)))


def by_code() -> dict[str, Language]:
    """Code -> language."""
    return {language.code: language for language in installed()}


def folder_of(code: str) -> Path:
    """The folder of a language, by Django's rule: "zh-hant" has `locale/zh_Hant`."""
    language, _, variant = code.partition("-")
    if not variant:
        return FOLDER / language
    return FOLDER / f"{language}_{variant.title() if len(variant) > len('xx') else variant.upper()}"


def _read(file: Path) -> Language:
    code = file.parent.name.replace("_", "-").lower()
    values = tomllib.loads(file.read_text(encoding="utf-8"))
    name, direction = values.get("name"), values.get("direction")
    if not CODE.fullmatch(code):
        raise LanguageError(f"{file}: the folder needs the name of a language, such as es.")
    if not isinstance(name, str) or not name:
        raise LanguageError(f"{file}: give the name that the language has in itself.")
    if direction not in DIRECTIONS:
        raise LanguageError(f"{file}: direction is ltr or rtl.")
    return Language(code=code, name=name, direction=direction, reading=values.get("reading", {}))
