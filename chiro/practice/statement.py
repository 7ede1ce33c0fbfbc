"""The privacy page and the accessibility statement, put together from what the site really does.

Lifetimes and cookie names come from the settings, readers from the table of roles, the practice's
days and telephone from its profile. `CHECKED` names the test that holds each sentence; a test of
its own fails when one of them is gone.
"""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from chiro.practice.models import Practice, Role
from chiro.practice.permissions import PERMISSIONS
from chiro.practice.search_engines import findable

HOUR = 60 * 60
DAY = 24 * HOUR
READ_ANSWERS = "screening.view_screening"
READ_NAMES = "screening.view_patient"

ROLE_NAMES: dict[str, str | Promise] = {
    Role.FRONT_DESK: _("The front desk"),
    Role.CHIROPRACTOR: _("Your chiropractor"),
    Role.OWNER: _("The owner of the practice"),
}


@dataclass(frozen=True, kw_only=True)
class Reader:
    """A role at the practice and what it may read."""

    name: str | Promise
    reads: str | Promise


@dataclass(frozen=True, kw_only=True)
class Cookie:
    """A cookie that a patient's browser keeps."""

    name: str
    does: str | Promise
    days: int = 0
    hours: int = 0


@dataclass(frozen=True, kw_only=True)
class Check:
    """What was looked at, and the test that looks at it: file and function."""

    says: str | Promise
    test: str


def readers() -> list[Reader]:
    """Who at the practice reads what, from the table of roles."""
    return [
        Reader(name=ROLE_NAMES[role], reads=_what(PERMISSIONS[role]))
        for role in ROLE_NAMES
        if READ_NAMES in PERMISSIONS[role]
    ]


def _what(allowed: frozenset[str]) -> str | Promise:
    if READ_ANSWERS in allowed:
        return _("your name, your answers, your result and your plan")
    return _("your name, birth date and phone. Not your answers")


def cookies(practice: Practice) -> list[Cookie]:
    """The cookies of a patient's browser."""
    return [
        Cookie(
            name=settings.SESSION_COOKIE_NAME,
            does=_("keeps your answers together"),
            days=max(practice.draft_days, settings.SESSION_COOKIE_AGE // DAY),
        ),
        Cookie(
            name=settings.CSRF_COOKIE_NAME,
            does=_("makes sure that a form comes from this site"),
            days=settings.CSRF_COOKIE_AGE // DAY,
        ),
        Cookie(
            name=settings.PLAN_COOKIE_NAME,
            does=_("keeps your plan open while you use it"),
            hours=settings.PLAN_COOKIE_AGE // HOUR,
        ),
    ]


CHECKED = (
    Check(
        says=_("We checked the questions and the result with axe, a tool for faults."),
        test="tests/browser/test_patient_journey.py"
        "::test_every_page_and_error_state_is_accessible_and_fits_320_pixels",
    ),
    Check(
        says=_("We checked the plan, the diary and the check-in with it too."),
        test="tests/browser/test_accessibility.py::test_axe_finds_nothing_behind_the_link",
    ),
    Check(
        says=_("These pages fit a small screen. You do not need to scroll sideways."),
        test="tests/browser/test_accessibility.py::test_pages_fit_with_large_text_and_wide_spacing",
    ),
    Check(
        says=_("You can make the text twice as large. You can add space between the words."),
        test="tests/browser/test_accessibility.py::test_pages_fit_with_large_text_and_wide_spacing",
    ),
    Check(
        says=_("You can do it all with the keys alone. You can see where you are."),
        test="tests/browser/test_accessibility.py::test_keyboard_alone_goes_through_with_a_focus_that_is_seen",
    ),
    Check(
        says=_("Things that you tap are large. You can also use lists in place of the body chart."),
        test="tests/browser/test_accessibility.py::test_what_is_tapped_is_large",
    ),
    Check(
        says=_("Any colour that the practice picks keeps the words easy to see."),
        test="tests/web/test_theme.py::test_any_accent_stays_readable_on_every_ground",
    ),
    Check(
        says=_("Nothing moves if you ask your device for less motion."),
        test="tests/browser/test_accessibility.py::test_nothing_moves_for_those_who_asked_for_less_motion",
    ),
    Check(
        says=_("It all works with scripts switched off."),
        test="tests/browser/test_patient_journey.py::test_patient_gets_from_start_to_result_without_javascript",
    ),
    Check(
        says=_("The words are plain. A test checks how hard these pages are to read."),
        test="tests/web/test_reading.py::test_english_pages_read_easily",
    ),
)

LIMITS = (
    _("Nobody who uses a screen reader each day has tried it yet."),
    _("The tests use one browser, Chromium. Others were not tried on real phones."),
    _("Some small areas of the body chart are hard to hit. Use the list under the chart."),
    _("A check by a tool finds some faults, not all of them."),
)
"""What does not hold, or was not looked at."""


@findable
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept, how long, who reads it, and whom to ask."""
    practice = Practice.current()
    said = {
        "readers": readers(),
        "cookies": cookies(practice),
        "days": practice.draft_days,
        "encrypted": settings.HTTPS,
        "mails": bool(settings.MAIL_HOST),
    }
    return render(request, "practice/privacy.html", said)


@findable
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What was checked, what is known to be weak, and whom to ask."""
    said = {"checked": CHECKED, "limits": LIMITS}
    return render(request, "practice/accessibility.html", said)
