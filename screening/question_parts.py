"""A question page in parts: what stands above its form, the form's controls, what stands below.

What is the same for everybody is printed once in each language and kept; a form that shows an
answer or an error is printed anew each time.
"""

from collections.abc import Hashable
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from chiro.practice.kept import kept
from screening.forms import IdentityForm, SectionForm, printed
from screening.questionnaire import Layout, Section
from screening.services import pathway
from screening.wording import section_in_language

TEST_PICTURES = {
    "leg-lift-left": "option-leg-lift-left",
    "leg-lift-right": "option-leg-lift-right",
}
"""Page of a self-test -> its drawing. The mirror check has one beside each answer."""

type PageForm = SectionForm | IdentityForm


def title(page: Section, form: PageForm) -> str:
    """The title of the window: the question itself where a page has only one."""
    shown = section_in_language(page)
    alone = _is_headed(form) and len(page.questions) == 1
    return shown.questions[0].label if alone else shown.title


def above(page: Section, form: PageForm, *, one_by_one: bool) -> SafeString:
    """Where the patient is, and the heading and introduction that the form does not hold."""
    headed = _is_headed(form)
    key = ("above", page.slug, headed, one_by_one)
    return kept(key, lambda: _above(page, headed=headed, one_by_one=one_by_one))


def _above(page: Section, *, headed: bool, one_by_one: bool) -> SafeString:
    shown = section_in_language(page)
    heading = gettext("Let's take these one by one") if one_by_one else shown.title
    return _print(
        "above",
        where=pathway.part_line(page),
        heading="" if headed else heading,
        one_by_one=one_by_one,
        is_self_test=page.layout is Layout.SELF_TEST,
        intro=pathway.intro_blocks(shown),
        timed=is_timed(page),
        picture=TEST_PICTURES.get(page.slug, ""),
    )


def controls(page: Section, form: PageForm, request: HttpRequest) -> SafeString:
    """The form without its tag and one-time code."""
    if not shows_nothing(form):
        return printed(form, request)
    key = ("controls", page.slug, *kind_of(form, request))
    return kept(key, lambda: printed(form, request))


def shows_nothing(form: PageForm) -> bool:
    """Whether the form as it stands holds nothing that anybody answered."""
    return isinstance(form, SectionForm) and form.shows_nothing


def kind_of(form: PageForm, request: HttpRequest) -> tuple[Hashable, ...]:
    """On what a form that shows nothing depends, beside its page: the device and what is asked."""
    on_tablet: bool = request.kiosk  # type: ignore[attr-defined]
    return on_tablet, getattr(form, "one_by_one", False), tuple(form.fields)


def below(page: Section) -> SafeString:
    """How to go on elsewhere, and why we ask."""
    return kept(("below", page.slug), lambda: _below(page))


def _below(page: Section) -> SafeString:
    shown = section_in_language(page)
    return _print("below", why=[question for question in shown.questions if question.why])


def is_timed(page: Section) -> bool:
    """Whether a page has a timer."""
    return any(question.key.endswith("_seconds") for question in page.questions)


def _is_headed(form: PageForm) -> bool:
    return isinstance(form, SectionForm) and form.has_heading


def _print(part: str, **words: Any) -> SafeString:
    return render_to_string(f"screening/_question_{part}.html", words)
