"""The way through the questionnaire: which pages are open, which comes next, which is missing.

Nothing is written here. A page is a `Section`; `Place` says where a draft stands.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django.utils.translation import gettext

from chiro.practice.translation import translated
from screening import answers as contract
from screening.answers import Answers
from screening.questionnaire import PARTS, SECTIONS, Layout, Section
from screening.red_flags import triage


@dataclass(frozen=True, kw_only=True)
class Place:
    """What a draft holds: checked answers, the pages that were answered, who it is from.

    `known` are the pages that are not asked, because the record already answers them.
    """

    answers: Answers
    answered: Collection[str]
    has_identity: bool
    known: frozenset[str] = frozenset()

    @cached_property
    def pages(self) -> tuple[Section, ...]:
        """The pages that are open, in order."""
        return open_sections(self.answers, known=self.known)


PLACES = {section.slug: number for number, section in enumerate(SECTIONS)}
"""Slug -> place in the order of pages. Comparing whole sections would take longer than a page."""


def find(slug: str) -> Section | None:
    """The page with this address."""
    return SECTIONS[PLACES[slug]] if slug in PLACES else None


def open_sections(answers: Answers, *, known: Collection[str] = ()) -> tuple[Section, ...]:
    """The pages that these answers open, in order, without those that are `known`."""
    tier, _ = triage(answers)
    tests = contract.self_tests_offered(answers, tier)
    return tuple(
        section
        for section in SECTIONS
        if section.slug not in known and _is_open(section, answers, tests=tests)
    )


def _is_open(section: Section, answers: Answers, *, tests: bool) -> bool:
    if section.layout is Layout.SELF_TEST:
        return tests and contract.asked(section, answers)
    return section.layout is Layout.IDENTITY or contract.asked(section, answers)


def is_done(section: Section, place: Place) -> bool:
    """Whether a page was answered and nothing that it asks is missing now."""
    if section.layout is Layout.IDENTITY:
        return place.has_identity
    return section.slug in place.answered and not _missing(section, place.answers)


def _missing(section: Section, answers: Answers) -> bool:
    return any(
        not question.optional and question.key not in answers and contract.asked(question, answers)
        for question in section.questions
    )


def first_unanswered(place: Place) -> Section | None:
    """The first open page that is not done; None when everything is answered."""
    return _first_undone(place.pages, place)


def _first_undone(opened: Iterable[Section], place: Place) -> Section | None:
    return next((section for section in opened if not is_done(section, place)), None)


def may_open(section: Section, place: Place) -> bool:
    """Whether a page can be seen now: it is open and nothing before it is missing."""
    opened = place.pages
    if all(section is not each for each in opened):
        return False
    first = _first_undone(opened, place)
    return first is None or PLACES[section.slug] <= PLACES[first.slug]


def following(section: Section, place: Place) -> Section | None:
    """The next open page after this one; None at the end."""
    here = PLACES[section.slug]
    return next((s for s in place.pages if PLACES[s.slug] > here), None)


def preceding(section: Section, place: Place) -> Section | None:
    """The open page before this one; None at the start."""
    here = PLACES[section.slug]
    earlier = [s for s in place.pages if PLACES[s.slug] < here]
    return earlier[-1] if earlier else None


@dataclass(frozen=True, kw_only=True)
class Block:
    """One paragraph of a page's introduction, or numbered steps."""

    text: str = ""
    steps: tuple[str, ...] = ()


STEP = re.compile(r"\d+\. ")


def intro_blocks(section: Section) -> tuple[Block, ...]:
    """The introduction as paragraphs and, where they begin with a number, as one list of steps."""
    paragraphs = section.intro.split("\n\n") if section.intro else []
    blocks: list[Block] = []
    for is_step, group in groupby(paragraphs, key=lambda text: bool(STEP.match(text))):
        if is_step:
            blocks.append(Block(steps=tuple(STEP.sub("", text, count=1) for text in group)))
        else:
            blocks.extend(Block(text=text) for text in group)
    return tuple(blocks)


def part_line(section: Section) -> str:
    """Where the patient is: "Part 2 of 6: Safety"; safety pages add "Page 1 of 4"."""
    number = list(PARTS).index(section.part) + 1
    gaps = {"part": number, "parts": len(PARTS), "name": translated(PARTS[section.part])}
    if section.layout is not Layout.SAFETY:
        return gettext("Part {part} of {parts}: {name}").format(**gaps)
    pages = [s.slug for s in SECTIONS if s.layout is Layout.SAFETY]
    gaps |= {"page": pages.index(section.slug) + 1, "pages": len(pages)}
    return gettext("Part {part} of {parts}: {name}. Page {page} of {pages}").format(**gaps)
