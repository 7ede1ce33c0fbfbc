"""Reads a printed plan back: text by page, sizes of type, structure tags."""

import io
import re
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import page
import pikepdf


def pages(pdf: bytes) -> list[str]:
    """The text of each page in reading order, in one line each."""
    text = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()
    return [re.sub(r"\s+", " ", page) for page in text.split("\f")[:-1]]


def text(pdf: bytes) -> str:
    """All text in one line."""
    return " ".join(pages(pdf))


def faults(pdf: bytes) -> list[str]:
    """What a PDF/UA-1 checker finds wrong."""
    report = page.validate_pdf_bytes(pdf, profile="ua1")
    return [f"{failure.rule_id}: {failure.message}" for failure in report.failures]


type Ink = tuple[float, float, float]


@dataclass(frozen=True)
class Word:
    """A word on a page; the box in points from the page's left and top."""

    page: int
    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Sheet:
    """A page's size in points."""

    width: float
    height: float


def words(pdf: bytes) -> tuple[list[Sheet], list[Word]]:
    """Every page and every word with its box."""
    html = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()
    sheets: list[Sheet] = []
    found: list[Word] = []
    pattern = re.compile(
        r'<page width="([\d.]+)" height="([\d.]+)">'
        r'|<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>'
    )
    for width, height, left, top, right, bottom, word in pattern.findall(html):
        if width:
            sheets.append(Sheet(float(width), float(height)))
        else:
            box = (float(left), float(top), float(right), float(bottom))
            found.append(Word(len(sheets) - 1, word, *box))
    return sheets, found


@dataclass(frozen=True)
class Element:
    """One structure element: kind such as /H1, a header cell's scope, a picture's words."""

    kind: str
    scope: str
    words: str


def elements(pdf: bytes) -> list[Element]:
    """Every structure element, in reading order."""
    found: list[Element] = []

    def walk(node: pikepdf.Object) -> None:
        if isinstance(node, pikepdf.Array):
            for kid in node:
                walk(kid)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            scope = node["/A"].get("/Scope", "") if "/A" in node else ""
            found.append(Element(str(node["/S"]), str(scope), str(node.get("/Alt", ""))))
            walk(node.get("/K", pikepdf.Array()))

    with pikepdf.open(io.BytesIO(pdf)) as document:
        walk(document.Root.StructTreeRoot.K)
    return found


def headings(pdf: bytes) -> list[int]:
    """The level of each heading, in reading order."""
    kinds = [element.kind for element in elements(pdf)]
    return [int(kind[2]) for kind in kinds if re.fullmatch("/H[1-6]", kind)]


def fonts(pdf: bytes) -> set[str]:
    """The names of the fonts inside."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return {
            str(obj["/FontName"]).split("+")[-1]
            for obj in document.objects
            if isinstance(obj, pikepdf.Dictionary) and obj.get("/Type") == "/FontDescriptor"
        }


def unpacked(pdf: bytes) -> bytes:
    """The file with every stream readable, to search for what must not be inside."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(
            out,
            stream_decode_level=pikepdf.StreamDecodeLevel.all,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    return out.getvalue()


def sizes(pdf: bytes) -> set[float]:
    """The type sizes in points."""
    return {value for kind, value in _drawn(pdf) if kind == "size"}


def strokes(pdf: bytes) -> set[float]:
    """The widths of all drawn lines in points, as printed."""
    return {value for kind, value in _drawn(pdf) if kind == "stroke"}


def inks(pdf: bytes) -> set[Ink]:
    """The colours of all text: red, green and blue from 0 to 1."""
    return {value for kind, value in _drawn(pdf) if kind == "ink"}


def _drawn(pdf: bytes) -> Iterator[tuple[str, Any]]:
    """Every drawn line's width and every text's size in points, and the colour of every text."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            yield from _on_page(pikepdf.parse_content_stream(page))


def _on_page(commands: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    scale, width, size, tall, ink = 1.0, 1.0, 0.0, 1.0, (0.0, 0.0, 0.0)
    kept: list[tuple[float, float, Ink]] = []
    for operands, operator in commands:
        match str(operator):
            case "q":
                kept.append((scale, width, ink))
            case "Q":
                scale, width, ink = kept.pop()
            case "cm":
                a, b, c, d = (float(part) for part in operands[:4])
                scale *= abs(a * d - b * c) ** 0.5
            case "w":
                width = float(operands[0])
            case "rg":
                ink = (float(operands[0]), float(operands[1]), float(operands[2]))
            case "Tf":
                size = float(operands[1])
            case "Tm":
                tall = float(operands[3])
            case "Tj" | "TJ":
                yield "size", abs(size * tall) * scale
                yield "ink", ink
            case "S" | "s" | "B" | "B*" | "b" | "b*":
                yield "stroke", width * scale
