"""The printed plan: frozen content in, tagged PDF out. The only module that imports WeasyPrint.

WeasyPrint is imported at the first print, because it takes a second and 60 MB that a page view must
not pay. It may fetch nothing but `data:` addresses; the fonts and drawings reach it that way.
Who reads this module: the approval of a plan, `print_plan` and the tests.
"""

import atexit
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from exercises import handout

PAPERS = {"letter": "letter", "a4": "a4"}
"""Name of a paper -> its name in CSS."""

FONT_WEIGHTS = (400, 700)
BLACK = "#000000"

_one_print_at_a_time = Lock()  # Pango's font maps may not be used by two threads.


class PrintError(Exception):
    """The plan could not be printed; str() says why, without a word of the plan."""


def render(content: Mapping[str, Any], *, paper: str = "letter") -> bytes:
    """Return the plan as PDF/UA-1 bytes. The same content gives the same bytes.

    `content` is what `handout.compose` made; `paper` is a key of PAPERS. Raises PrintError.
    """
    sheet = handout.with_pictures(content, _picture)
    for block in sheet["exercises"]:
        block["tall"] = any(_is_tall(picture["file"]) for picture in block["pictures"])
    html = render_to_string("exercises/handout.html", {"sheet": sheet})
    return write(html, paper=paper, accent=content["practice"]["accent"])


def write(html: str, *, paper: str = "letter", accent: str = BLACK) -> bytes:
    """Lay out HTML with the handout's styles. Raises PrintError for an unknown paper."""
    if paper not in PAPERS:
        raise PrintError(f"There is no paper called {paper!r}. Choose letter or a4.")
    with _one_print_at_a_time:
        press = _press()
        document = press.html(string=html, url_fetcher=press.fetcher)
        pdf = document.write_pdf(
            stylesheets=[press.styles, _paper_styles(paper, accent)],
            font_config=press.fonts,
            pdf_variant="pdf/ua-1",
            finisher=_scope_headers,
        )
    return bytes(pdf)


def sheet(template: str, context: Mapping[str, Any], *, css: str, paper: str = "letter") -> bytes:
    """Lay out any template with styles of its own: `css` names a static file. Raises PrintError."""
    if paper not in PAPERS:
        raise PrintError(f"There is no paper called {paper!r}. Choose letter or a4.")
    html = render_to_string(template, dict(context))
    with _one_print_at_a_time:
        press = _press()
        pdf = press.html(string=html, url_fetcher=press.fetcher).write_pdf(
            stylesheets=[_own_styles(css), _paper_styles(paper, BLACK)],
            font_config=press.fonts,
            pdf_variant="pdf/ua-1",
            finisher=_scope_headers,
        )
    return bytes(pdf)


@lru_cache(maxsize=8)
def _own_styles(css: str) -> Any:
    """The parsed styles of a paper that is no plan; the press already holds the fonts."""
    press = _press()
    text = _static(css).read_text(encoding="utf-8")
    return press.css(string=text, url_fetcher=press.fetcher, font_config=press.fonts)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Press:
    """What every print shares: WeasyPrint's classes, our fetcher, fonts and parsed styles."""

    html: Any
    css: Any
    fetcher: Any
    fonts: Any
    styles: Any


@cache
def _press() -> _Press:
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

    class DataOnly(URLFetcher):
        """Fetches nothing but `data:`; refuses without repeating the address."""

        def __init__(self) -> None:
            super().__init__(allowed_protocols={"data"}, allow_redirects=False)

        def fetch(self, url: str, headers: Any = None) -> Any:
            if not url.startswith("data:"):
                raise ValueError("A printed plan fetches nothing.")
            return super().fetch(url, headers)

    fetcher, fonts = DataOnly(), FontConfiguration()
    atexit.register(_press.cache_clear)  # Pango's fonts must go before the interpreter does.
    text = _font_faces() + _static("css/handout.css").read_text(encoding="utf-8")
    styles = CSS(string=text, url_fetcher=fetcher, font_config=fonts)
    return _Press(html=HTML, css=CSS, fetcher=fetcher, fonts=fonts, styles=styles)


@lru_cache(maxsize=32)
def _paper_styles(paper: str, accent: str) -> Any:
    """The paper's size and the one line in the practice's colour."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", accent):
        accent = BLACK
    press = _press()
    text = f"@page {{ size: {PAPERS[paper]} }} .letterhead {{ border-bottom-color: {accent} }}"
    return press.css(string=text, url_fetcher=press.fetcher)


def _font_faces() -> str:
    """The two cuts of Public Sans as `@font-face` rules that need no file access."""
    rule = '@font-face {{ font-family: "Public Sans"; font-weight: {weight}; src: url({font}) }}\n'
    return "".join(
        rule.format(weight=weight, font=_data_url(_font(weight), "font/ttf"))
        for weight in FONT_WEIGHTS
    )


def _font(weight: int) -> Path:
    path = Path(settings.FONTS_DIR) / f"public-sans-{weight}.ttf"
    if not path.is_file():
        raise PrintError("The fonts of the printed plan are missing: run script/setup.")
    return path


def _static(name: str) -> Path:
    found = finders.find(name)
    if not found:
        raise PrintError(f"{name} is missing from the static files.")
    return Path(found)


def _data_url(path: Path, kind: str) -> str:
    return f"data:{kind};base64,{b64encode(path.read_bytes()).decode('ascii')}"


@lru_cache(maxsize=256)
def _is_tall(name: str) -> bool:
    """Whether a drawing is higher than wide: a standing pose, whose two frames go side by side."""
    box = re.search(r'viewBox="([^"]+)"', _static(name).read_text(encoding="utf-8"))
    _, _, width, height = (float(number) for number in box[1].split()) if box else (0, 0, 1, 1)
    return height > width


@lru_cache(maxsize=256)
def _picture(name: str) -> str:
    """The `data:` address of a drawing among the static files."""
    return _data_url(_static(name), "image/svg+xml")


def _scope_headers(document: Any, pdf: Any) -> None:
    """Give every header cell its /Scope, which WeasyPrint 70 leaves out.

    A header cell in the table's head stands for its column, any other for its row.
    """
    by_reference: dict[bytes, Any] = {
        item.reference: item for item in pdf.objects if hasattr(item, "keys")
    }
    for cell in by_reference.values():
        if cell.get("S") == "/TH":
            row = by_reference[cell["P"]]
            in_head = by_reference[row["P"]].get("S") == "/THead"
            cell["A"]["Scope"] = "/Column" if in_head else "/Row"
