"""Binds printed plans into one PDF that stays tagged: one file for one stack of paper.

The pages are the stored ones. Their structure trees are joined under one root, a part for each
plan, and the page numbers that lead from a page to its tags are shifted; so the bound file passes
the same PDF/UA checks as a single plan.
"""

import io
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

LANGUAGE = "en"
"""Of the stack; each plan in it names its own."""

PDF_VERSION = "1.7"


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaf:
    """One printed plan of the stack and the words of its bookmark."""

    pdf: bytes
    bookmark: str


def bind(leaves: Sequence[Leaf], *, title: str, right_hand: bool = False) -> bytes:
    """Return one PDF with the plans in order.

    With `right_hand` a blank page follows each plan with an odd number of pages, so that in
    two-sided print the next one starts on a right-hand page. The same leaves give the same bytes.
    """
    with ExitStack() as opened, pikepdf.new() as bound:
        _describe(bound, title)
        tags = _Tags(bound)
        with bound.open_outline() as outline:
            for leaf in leaves:
                plan = opened.enter_context(pikepdf.open(io.BytesIO(leaf.pdf)))
                if right_hand and len(bound.pages) % 2:
                    bound.add_blank_page(page_size=_size(bound.pages[-1]))
                first = len(bound.pages)
                bound.pages.extend(plan.pages)
                tags.join(plan, first)
                outline.root.append(pikepdf.OutlineItem(leaf.bookmark, first))
        tags.finish()
        out = io.BytesIO()
        bound.save(
            out,
            min_version=PDF_VERSION,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    return out.getvalue()


def _describe(bound: Pdf, title: str) -> None:
    """Title, language and the claim to be PDF/UA-1."""
    bound.Root.Lang = pikepdf.String(LANGUAGE)
    bound.Root.MarkInfo = Dictionary(Marked=True)
    bound.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    with bound.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata["dc:title"] = title
        metadata["pdfuaid:part"] = "1"
    bound.docinfo.Title = title


def _size(page: pikepdf.Page) -> tuple[float, float]:
    left, bottom, right, top = (float(edge) for edge in page.mediabox)
    return right - left, top - bottom


class _Tags:
    """The joined structure tree: one document, a part for each plan, one table of parents."""

    def __init__(self, bound: Pdf) -> None:
        self.bound = bound
        self.root = bound.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        self.document = bound.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name.Document, P=self.root, K=Array())
        )
        self.parents: list[tuple[int, pikepdf.Object]] = []
        self.next_number = 0

    def join(self, plan: Pdf, first: int) -> None:
        """Take over the tags of a plan whose pages were just added from page `first` on."""
        tree = self.bound.copy_foreign(plan.Root.StructTreeRoot)
        for part in tree.K.as_list() if isinstance(tree.K, Array) else [tree.K]:
            part.S, part.P = Name.Part, self.document
            part.Lang = plan.Root.get("/Lang", pikepdf.String(LANGUAGE))
            self.document.K.append(part)
        numbers = pikepdf.NumberTree(tree.ParentTree)
        shift = self.next_number
        for number, parent in numbers.items():
            self.parents.append((number + shift, parent))
            self.next_number = max(self.next_number, number + shift + 1)
        for page in list(self.bound.pages)[first:]:
            _shift(page.obj, "/StructParents", shift)
            for annotation in page.obj.get("/Annots", Array()):
                _shift(annotation, "/StructParent", shift)

    def finish(self) -> None:
        """Give the file its tree."""
        pairs = [item for pair in self.parents for item in pair]
        self.root.K = Array([self.document])
        self.root.ParentTree = self.bound.make_indirect(Dictionary(Nums=Array(pairs)))
        self.root.ParentTreeNextKey = self.next_number
        self.bound.Root.StructTreeRoot = self.root


def _shift(owner: pikepdf.Object, key: str, shift: int) -> None:
    if key in owner:
        owner[key] = int(owner[key]) + shift
