"""The way through the questionnaire: which pages are open, which comes next, which is missing.

Nothing is written here. A page is a `Section`; `Place` says where a draft stands.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext

from chiro.practice.translation import translated
from screening import answers as contract
from screening.answers import Answers
from screening.questionnaire import PARTS, SECTIONS, Layout, Section
from screening.red_flags import triage


@dataclass(frozen=True, kw_only=True)
class Place:
    """What a draft holds: checked answers, the pages that were answered, who it is from."""

    answers: Answers
    answered: Collection[str]
    has_identity: bool


def find(slug: str) -> Section | None:
    """The page with this address."""
    return next((section for section in SECTIONS if section.slug == slug), None)


def open_sections(answers: Answers) -> tuple[Section, ...]:
    """The pages that these answers open, in order."""
    return tuple(section for section in SECTIONS if _is_open(section, answers))


def _is_open(section: Section, answers: Answers) -> bool:
    if section.layout is Layout.SELF_TEST:
        tier, _ = triage(answers)
        offered = contract.self_tests_offered(answers, tier)
        return offered and contract.asked(section, answers)
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
    return next((s for s in open_sections(place.answers) if not is_done(s, place)), None)


def may_open(section: Section, place: Place) -> bool:
    """Whether a page can be seen now: it is open and nothing before it is missing."""
    if section not in open_sections(place.answers):
        return False
    first = first_unanswered(place)
    return first is None or SECTIONS.index(section) <= SECTIONS.index(first)


def following(section: Section, place: Place) -> Section | None:
    """The next open page after this one; None at the end."""
    here = SECTIONS.index(section)
    return next((s for s in open_sections(place.answers) if SECTIONS.index(s) > here), None)


def preceding(section: Section, answers: Answers) -> Section | None:
    """The open page before this one; None at the start."""
    here = SECTIONS.index(section)
    earlier = [s for s in open_sections(answers) if SECTIONS.index(s) < here]
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
