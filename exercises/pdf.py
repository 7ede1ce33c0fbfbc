"""The printed plan: frozen content in, tagged PDF out. Only this and `quicker` import WeasyPrint.

WeasyPrint is imported at the first print, because it takes a second and 60 MB that a page view must
not pay. It may fetch nothing but `data:` addresses; the fonts and drawings reach it that way.
Who reads this module: the approval of a plan, `print_plan` and the tests.
"""

import atexit
import gc
import logging
import re
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from typing import Any
from xml.etree import ElementTree

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.translation import override

from chiro.languages import ENGLISH
from chiro.practice import theme
from exercises import handout, quicker, strokes

PAPERS = {"letter": "letter", "a4": "a4"}
"""Name of a paper -> its name in CSS."""

EDITIONS = {
    "standard": ("exercises/handout.html", ("css/handout.css",)),
    "large": ("exercises/handout_large.html", ("css/handout.css", "css/handout-large.css")),
    "fridge": ("exercises/fridge.html", ("css/handout.css", "css/fridge.css")),
}
"""Edition of a plan -> its template and its styles, later ones over earlier ones."""

ROOMY, USUAL, CLOSE = "few", "", "close"
"""Classes of a layout: for few exercises, the usual one, and for what would take a page more."""

FEW = 4

DRAWING = "drawing:"
"""What the address of a drawing begins with: the name of its static file follows."""

ELEMENTS = "css/paper-elements.css"
"""What elements look like by themselves, on every paper."""

EMPTY_ELEMENT = re.compile(r"<((?:br|img|link|meta)\b[^>]*)(?<!/)>")
"""An element without an end, as HTML writes it."""

FONT_WEIGHTS = (400, 700)
BLACK, WHITE = "#000000", "#ffffff"

TOO_LARGE = "The paper could not be laid out in the memory it may take. Shorten the plan's notes."

_one_print_at_a_time = Lock()  # Pango's font maps may not be used by two threads.


class PrintError(Exception):
    """The plan could not be printed; str() says why, without a word of the plan."""


def render(
    content: Mapping[str, Any], *, paper: str = "letter", edition: str = "standard"
) -> bytes:
    """Return the plan as PDF/UA-1 bytes. The same content gives the same bytes.

    `content` is what `handout.compose` made; `paper` is a key of PAPERS, `edition` of EDITIONS.
    Raises PrintError.
    """
    accent, most = content["practice"]["accent"], _most_pages(content, edition)
    best, fewest = b"", 0
    for size in _sizes(content, edition):
        html = page(content, edition=edition, picture=DRAWING.__add__, size=size)
        printed, pages = _write(html, paper, edition, accent)
        if not best or pages < fewest:
            best, fewest = printed, pages
        if fewest <= most:
            break
    return best


def _sizes(content: Mapping[str, Any], edition: str) -> tuple[str, ...]:
    """The layouts to try, roomiest first, until what is printed takes no page too many."""
    if edition == "fridge" and len(content["exercises"]) <= FEW:
        return ROOMY, USUAL, CLOSE
    return (USUAL,) if edition == "large" else (USUAL, CLOSE)


def _most_pages(content: Mapping[str, Any], edition: str) -> int:
    """How many pages an edition should take."""
    return 1 if edition == "fridge" else 2 + (len(content["exercises"]) + 1) // 2


def page(
    content: Mapping[str, Any],
    *,
    edition: str = "standard",
    picture: Callable[[str], str] | None = None,
    size: str = "",
) -> str:
    """The HTML that is laid out. Raises PrintError.

    `picture` gives the address of a drawing; without it every drawing is inside the HTML. `size`
    is the class of its layout.
    """
    if edition not in EDITIONS:
        raise PrintError(f"There is no edition called {edition!r}.")
    of_drawing = picture or _picture
    sheet = handout.with_pictures(
        content, lambda file: file if file.startswith("data:") else of_drawing(file)
    )
    for block in sheet["exercises"]:
        block["tall"] = any(map(_stands, block["pictures"]))
    template, _ = EDITIONS[edition]
    with override(content.get("language", ENGLISH)):
        return render_to_string(template, {"sheet": sheet, "size": size})


def write(
    html: str, *, paper: str = "letter", edition: str = "standard", accent: str = BLACK
) -> bytes:
    """Lay out HTML with the handout's styles. Raises PrintError for an unknown paper."""
    printed, _ = _write(html, paper, edition, accent)
    return printed


def _write(html: str, paper: str, edition: str, accent: str) -> tuple[bytes, int]:
    """Bytes and number of pages."""
    if paper not in PAPERS:
        raise PrintError(f"There is no paper called {paper!r}. Choose letter or a4.")
    with _one_print_at_a_time, _no_collection():
        try:
            return _laid_out(html, paper, edition, accent)
        except PrintError:
            raise
        except MemoryError as problem:
            raise PrintError(TOO_LARGE) from problem
        except Exception as problem:
            raise PrintError("The paper could not be laid out.") from problem


def warm(content: Mapping[str, Any]) -> None:
    """Print a plan for nobody in every edition, so that what all need stands ready.

    Raises PrintError.
    """
    for edition in EDITIONS:
        render(content, edition=edition)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Leave garbage for later: nothing that a layout makes is garbage before it ends."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _laid_out(html: str, paper: str, edition: str, accent: str) -> tuple[bytes, int]:
    press = _press()
    document = press.html(string=html, url_fetcher=press.fetcher).render(
        stylesheets=[*_edition_styles(edition), _paper_styles(paper, accent)],
        font_config=press.fonts,
        pdf_variant="pdf/ua-1",
        cache=Pictures(press.drawing),
    )
    pdf = document.write_pdf(pdf_variant="pdf/ua-1", finisher=_scope_headers)
    return bytes(pdf), len(document.pages)


def sheet(template: str, context: Mapping[str, Any], *, css: str, paper: str = "letter") -> bytes:
    """Lay out any template with styles of its own: `css` names a static file. Raises PrintError."""
    if paper not in PAPERS:
        raise PrintError(f"There is no paper called {paper!r}. Choose letter or a4.")
    with override(_language(context)):
        html = render_to_string(template, dict(context))
    with _one_print_at_a_time:
        try:
            press = _press()
            pdf = press.html(string=html, url_fetcher=press.fetcher).write_pdf(
                stylesheets=[_own_styles(css), _paper_styles(paper, BLACK)],
                font_config=press.fonts,
                pdf_variant="pdf/ua-1",
                finisher=_scope_headers,
                cache=Pictures(press.drawing),
            )
        except Exception as problem:
            raise PrintError("The paper could not be laid out.") from problem
    return bytes(pdf)


def _language(context: Mapping[str, Any]) -> str:
    """The language that the words of a paper name; English where they name none."""
    named = (value for value in context.values() if isinstance(value, Mapping))
    return next((str(value["language"]) for value in named if "language" in value), ENGLISH)


@lru_cache(maxsize=8)
def _own_styles(css: str) -> Any:
    """The parsed styles of a paper that is no plan; the press already holds the fonts."""
    press = _press()
    text = _static(css).read_text(encoding="utf-8")
    return press.css(string=text, url_fetcher=press.fetcher, font_config=press.fonts)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Press:
    """What every print shares: WeasyPrint's classes, our fetcher, fonts, styles and drawings."""

    html: Any
    css: Any
    fetcher: Any
    fonts: Any
    drawing: Any


@cache
def _press() -> _Press:
    from weasyprint import CSS, HTML, cssselect2
    from weasyprint.images import SVGImage
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

    @cache
    def drawing(name: str) -> Drawing:
        svg = ElementTree.fromstring(_static(name).read_bytes())  # noqa: S314  our own files
        return Drawing(svg, lambda drawn: SVGImage(drawn, None, fetcher, None))

    class Paper(HTML):
        """HTML whose elements look as `ELEMENTS` says; well-formed HTML is read at once."""

        def __init__(self, *, string: str, url_fetcher: URLFetcher) -> None:
            tree = _well_formed(string)
            if tree is None:
                super().__init__(string=string, url_fetcher=url_fetcher)
                return
            self.base_url, self.url_fetcher, self.media_type = None, url_fetcher, "print"
            wrapped = cssselect2.ElementWrapper.from_html_root(tree, content_language=None)
            self.wrapper_element, self.etree_element = wrapped, tree

        def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
            return [elements]

    fetcher, fonts = DataOnly(), FontConfiguration()
    elements = CSS(string=_static(ELEMENTS).read_text(encoding="utf-8"), url_fetcher=fetcher)
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)  # It quotes what it lays out.
    CSS(string=_font_faces(), url_fetcher=fetcher, font_config=fonts)
    quicker.start()
    return _Press(html=Paper, css=CSS, fetcher=fetcher, fonts=fonts, drawing=drawing)


@atexit.register
def _close() -> None:
    """Let Pango's fonts go before the interpreter does."""
    quicker.forget()
    _press.cache_clear()


def _well_formed(html: str) -> ElementTree.Element | None:
    """The tree of HTML that is XML once empty elements are closed, as a plan's is; None else."""
    closed = EMPTY_ELEMENT.sub(r"<\1/>", html.strip())
    try:
        tree = ElementTree.fromstring(closed)  # noqa: S314  our own pages
    except ElementTree.ParseError:
        return None
    return tree if tree.tag == "html" else None


@cache
def _edition_styles(edition: str) -> list[Any]:
    """An edition's styles, parsed once."""
    press = _press()
    _, names = EDITIONS[edition]
    texts = [_static(name).read_text(encoding="utf-8") for name in names]
    return [press.css(string=text, url_fetcher=press.fetcher) for text in texts]


@lru_cache(maxsize=32)
def _paper_styles(paper: str, accent: str) -> Any:
    """The paper's size and the one line in the practice's colour."""
    press = _press()
    return press.css(string=_paper_rules(paper, accent), url_fetcher=press.fetcher)


def styles(*, paper: str = "letter", edition: str = "standard", accent: str = BLACK) -> str:
    """The text of all styles that a plan is laid out with, for whoever wants to do it elsewhere."""
    _, names = EDITIONS[edition]
    texts = [_static(name).read_text(encoding="utf-8") for name in names]
    return "\n".join([_font_faces(), *texts, _paper_rules(paper, accent)])


def _paper_rules(paper: str, accent: str) -> str:
    ink = BLACK
    if re.fullmatch(r"#[0-9a-fA-F]{6}", accent):
        ink = theme.readable(accent, [WHITE], darker=True)  # Seen in grey, too.
    return f"@page {{ size: {PAPERS[paper]} }} .letterhead {{ border-bottom-color: {ink} }}"


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


def _stands(picture: Mapping[str, Any]) -> bool:
    """Whether a picture is higher than wide; one of the practice's own says its size."""
    if "height" in picture:
        return bool(picture["height"] > picture["width"])
    return _is_tall(picture["file"])


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


class Pictures(dict[Any, Any]):
    """WeasyPrint's picture cache for one paper: the drawings come from those that stay loaded."""

    def __init__(self, drawing: Callable[[str], "Drawing"]) -> None:
        super().__init__()
        self._drawing = drawing

    def __contains__(self, address: object) -> bool:
        """Whether a picture is there, or is a drawing."""
        return str(address).startswith(DRAWING) or super().__contains__(address)

    def __missing__(self, address: str) -> "Drawing":
        """The drawing of an address."""
        return self._drawing(address.removeprefix(DRAWING))


class Drawing:
    """A drawing that works out its lines once for each size it is printed in.

    They are the same wherever it stands on a page, since the page's stream forgets its colours
    before. A drawing with see-through groups needs more than lines and is drawn anew. Lines that
    would be too thin on paper are thickened.
    """

    OWN_PARTS = ("XObject", "Pattern", "Shading")

    def __init__(self, svg: Any, picture: Callable[[Any], Any]) -> None:
        self._svg, self._made = svg, picture
        self._picture = picture(svg)
        self._lines: dict[tuple[float, float], bytes] = {}
        self._states: dict[str, Any] = {}

    def get_intrinsic_size(self, *how: Any) -> Any:
        """Width, height and ratio."""
        return self._picture.get_intrinsic_size(*how)

    def draw(self, stream: Any, width: float, height: float, style: Any) -> None:
        """Write the lines of the drawing to the stream of a page."""
        lines = self._lines.get((width, height))
        if lines is None:
            self._draw_anew(stream, width, height, style)
            return
        for name, state in self._states.items():
            stream._resources["ExtGState"].setdefault(name, state)
        stream.stream.append(lines)

    def _draw_anew(self, stream: Any, width: float, height: float, style: Any) -> None:
        stream._current_color = stream._current_color_stroke = None
        stream._current_alpha = stream._current_alpha_stroke = None
        start, parts = len(stream.stream), self._count_parts(stream)
        self._made(strokes.kept(self._svg, width)).draw(stream, width, height, style)
        if self._count_parts(stream) != parts:
            return
        lines = stream.stream[start:]
        self._lines[width, height] = b"\n".join(lines)
        for line in lines:
            if line.endswith(b" gs"):
                name = line[1:-3].decode()
                self._states[name] = stream._resources["ExtGState"][name]

    def _count_parts(self, stream: Any) -> list[int]:
        return [len(stream._resources[name]) for name in self.OWN_PARTS]


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
