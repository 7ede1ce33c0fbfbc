"""A language that nobody speaks: each translated sentence stands between marks.

What stands outside them on a page is English that no catalogue holds.
"""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from django.conf import settings
from django.utils.translation import trans_real

from chiro import languages
from chiro.practice import catalogues

CODE = "eo"
OPENS, CLOSES = "⟦", "⟧"
INNERMOST = re.compile(f"{OPENS}[^{OPENS}{CLOSES}]*{CLOSES}")
READ_ALOUD = ("alt", "aria-label", "title", "placeholder")
UNSEEN = ("script", "style")


def marked(english: str) -> str:
    """The sentence between marks."""
    return f"{OPENS}{english}{CLOSES}"


@contextmanager
def spoken(folder: Path) -> Iterator[None]:
    """Install the marked language beside English, from a folder of its own."""
    for name in ("en", CODE):
        (folder / name / "LC_MESSAGES").mkdir(parents=True)
        about = f'name = "Marked {name}"\ndirection = "ltr"\n'
        (folder / name / "language.toml").write_text(about, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(languages, "FOLDER", folder)
        patch.setattr(settings, "LOCALE_PATHS", [folder])
        found = [(language.code, language.name) for language in languages.installed()]
        patch.setattr(settings, "LANGUAGES", found)
        catalogues.mo_file(CODE).write_bytes(compiled())
        forget()
        yield
    forget()


@cache
def compiled() -> bytes:
    """The catalogue of the marked language, made once while it is installed."""
    catalog = catalogues.merged(CODE, catalogues.collect())
    catalogues.each_text(catalog, marked)
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def unwrapped(text: str) -> str:
    """The English of a text in the marked language."""
    return text.replace(OPENS, "").replace(CLOSES, "")


def forget() -> None:
    """Make Django read catalogues and languages anew."""
    trans_real._translations.clear()
    trans_real._default = None
    trans_real.reset_cache(setting="LANGUAGES")


class Reader(HTMLParser):
    """Collects what is seen or read aloud, with a gap at each tag."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.attributes: list[str] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unseen += tag in UNSEEN
        self.attributes += [value for name, value in attrs if name in READ_ALOUD and value]

    def handle_endtag(self, tag: str) -> None:
        self.unseen -= tag in UNSEEN

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.found.append(data)


def unmarked(text: str, allowed: tuple[str, ...] = ()) -> list[str]:
    """The words outside all marks, but for the allowed ones."""
    before = ""
    while text != before:
        before, text = text, INNERMOST.sub(" ", text)
    for words in allowed:
        text = re.sub(re.escape(words), " ", text, flags=re.IGNORECASE)
    return re.findall(r"[^\W\d_]{2,}", text)


def unmarked_in(page: str, allowed: tuple[str, ...] = ()) -> list[str]:
    """The visible and read-aloud words of a page outside all marks."""
    reader = Reader()
    reader.feed(page)
    pieces = [" ".join(reader.found), *reader.attributes]
    return [word for piece in pieces for word in unmarked(piece, allowed)]
