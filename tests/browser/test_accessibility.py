"""What axe does not see: large text, wide spacing, the keyboard alone, size of what is tapped.

Pages come from the same way that a patient goes; one browser and one page serve each test.
"""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from chiro.practice.models import Practice, Role, User
from tests.browser.test_patient_journey import CONTRAST, scrolls_sideways, violations
from tests.conftest import FormClient
from tests.web import plan_states
from tests.web.visitor import Visitor, slug_of

pytestmark = pytest.mark.django_db(transaction=True)

GOLDEN = Path(__file__).parents[1] / "golden" / "accessible_names.json"
SPACING = """* {
  line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important;
} p { margin-bottom: 2em !important; }"""
LARGE_TEXT = "html { font-size: 200% !important; }"
LEAST_TARGET = 44
KINDS = ("consent", "age", "reasons", "safety-1", "where", "pain", "aggravators", "goals")
"""A page of each kind of question."""

BEHIND_THE_LINK = (
    "plan door with errors",
    "plan",
    "plan diary",
    "plan check-in with errors",
    "plan progress",
    "plan diary days, written",
    "plan left alone, wrong birth date",
)
"""A page of each kind of the patient's plan."""

DATE = re.compile(
    r"(?:\b[A-Z][a-z]{2,8}, )?\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
    r" \d{1,2}(?:, \d{4})?"
)
TODAY = re.compile(r"- (list|listitem|term|definition|paragraph|text|strong)\b|o to exercise|#ex-")
"""What a plan's page says differently each day."""

SMALL_TARGETS = """least => [...document.querySelectorAll(
    'main a, main button, main summary, main label, main input:not([type=hidden]), nav a, header a'
  )].filter(e => {
    const box = e.getBoundingClientRect();
    if (!box.width || !box.height || e.closest('.visually-hidden, .bodymap')) return false;
    if (e.tagName === 'A' && e.closest('p, li, dd') && !e.closest('.error-summary, .foot-links'))
      return false;  // A link inside a sentence.
    if (e.tagName === 'INPUT' && e.labels.length) return false;  // Its label is tapped.
    if (e.tagName === 'LABEL' && !e.closest('.option')) return false;
    return box.height < least - 0.5 || box.width < least - 0.5;
  }).map(e => e.outerHTML.slice(0, 100))"""

FOCUS = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const seen = e.matches('.option > input') ? e.nextElementSibling : e;
  const box = seen.getBoundingClientRect();
  const style = getComputedStyle(seen);
  const top = document.elementFromPoint(
    Math.min(innerWidth - 1, Math.max(0, box.left + box.width / 2)),
    Math.min(innerHeight - 1, Math.max(0, box.top + Math.min(box.height / 2, 20))));
  return {
    name: (e.id || e.textContent).trim().slice(0, 40),
    ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    clear: top !== null && (seen === top || seen.contains(top) || top.contains(seen)
      || seen.parentElement.contains(top)),
    inView: box.bottom > 0 && box.top < innerHeight,
  };
}"""


MOVING = """() => document.getAnimations().length + [...document.querySelectorAll('*')].filter(
    e => parseFloat(getComputedStyle(e).transitionDuration) > 0.01).length"""

READERS_STYLE = """rules => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  document.adoptedStyleSheets = [sheet];
}"""
"""A reader's own style sheet, in place of the last one."""


@pytest.fixture
def practice(transactional_db: None) -> Practice:
    return Practice.objects.create(pk=1, name="Harbor Street", phone="(512) 555-0142")


def take_over(context: BrowserContext, client: Client, address: str) -> None:
    """Let the browser go on where the test client is."""
    context.clear_cookies()
    context.add_cookies(
        [{"name": n, "value": c.value, "url": address} for n, c in client.cookies.items()]
    )


def served(page: Page, address: str, response: Any) -> Page:
    """Show an answer of the test client, with the styles and drawings of the running site."""
    markup = response.content.decode()
    where = f"{address}/as-answered/"
    page.unroute(where)
    page.route(where, lambda route: route.fulfill(body=markup, content_type="text/html"))
    page.goto(where)
    return page


def plan_pages(page: Page, address: str) -> Iterator[tuple[str, Page]]:
    """What stands behind a patient's link, light and dark seen by axe too."""
    by = User.objects.create_user("Sam", role=Role.CHIROPRACTOR, is_staff=True)
    for name, response in plan_states.plan(FormClient(), by):
        if name in BEHIND_THE_LINK:
            yield name, served(page, address, response)


def pages(context: BrowserContext, address: str) -> Iterator[tuple[str, Page]]:
    """Start, a question of each kind, the answers, the result and the pages about the site."""
    page = context.new_page()
    visitor = Visitor(FormClient())
    for path in ("/", "/privacy/", "/accessibility/", "/nowhere/", "/plan/"):
        page.goto(address + path)
        yield path, page
    visitor.start()
    while visitor.slug != "answers":
        if visitor.slug in KINDS or visitor.slug == slug_of("stance_left"):
            take_over(context, visitor.client, address)
            page.goto(address + visitor.url)
            yield visitor.slug, page
        visitor.answer()
    take_over(context, visitor.client, address)
    page.goto(address + visitor.url)
    yield "answers", page
    visitor.send()
    page.goto(address + visitor.url)
    yield "result", page
    yield from plan_pages(page, address)


WALKED: dict[str, dict[str, Any]] = {}
"""What was found on each page, by kind: the way is gone once, for all the tests that ask."""


@pytest.fixture
def walked(phone: Page, live_server: LiveServer, practice: Practice) -> dict[str, dict[str, Any]]:
    """Findings by kind and page: names, small, keyboard, moving, wide."""
    if not WALKED:
        for name, page in pages(phone.context, live_server.url):
            look(name, page)
    return WALKED


def look(name: str, page: Page) -> None:
    """Note everything about one page."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(reduced_motion="reduce")
    note("names", name, page.locator("body").aria_snapshot().splitlines())
    note("small", name, page.evaluate(SMALL_TARGETS, LEAST_TARGET))
    note("axe", name, seen_by_axe(page) if name in BEHIND_THE_LINK else [])
    note("moving", name, page.evaluate(MOVING))
    stops = list(tab_stops(page))
    note("stops", name, len(stops))
    note("keyboard", name, [stop for stop in stops if not (stop["ring"] and stop["clear"])])
    for rules, width in ((SPACING, 320), (LARGE_TEXT, 640)):
        page.set_viewport_size({"width": width, "height": 700})
        page.evaluate(READERS_STYLE, rules)
        note("wide", f"{name} at {width}", scrolls_sideways(page))


def seen_by_axe(page: Page) -> list[str]:
    """What axe finds, light and dark."""
    found = violations(page)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    found += violations(page, CONTRAST)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return found


def note(kind: str, name: str, found: object) -> None:
    """Keep a finding."""
    WALKED.setdefault(kind, {})[name] = found


def faults(found: dict[str, Any]) -> dict[str, Any]:
    """The pages on which something was found."""
    return {name: what for name, what in found.items() if what}


def tab_stops(page: Page) -> Iterator[dict[str, Any]]:
    """Each place that Tab leads to, until it leaves the page."""
    for _ in range(80):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop is None:
            return
        yield stop


def test_pages_fit_with_large_text_and_wide_spacing(walked: dict[str, dict[str, Any]]) -> None:
    assert len(walked["wide"]) >= 30
    assert faults(walked["wide"]) == {}


def test_axe_finds_nothing_behind_the_link(walked: dict[str, dict[str, Any]]) -> None:
    assert set(BEHIND_THE_LINK) <= set(walked["axe"])
    assert faults(walked["axe"]) == {}


def test_what_is_tapped_is_large(walked: dict[str, dict[str, Any]]) -> None:
    assert faults(walked["small"]) == {}


def test_keyboard_alone_goes_through_with_a_focus_that_is_seen(
    walked: dict[str, dict[str, Any]],
) -> None:
    assert faults(walked["keyboard"]) == {}
    assert all(count >= 4 for count in walked["stops"].values()), walked["stops"]


def test_nothing_moves_for_those_who_asked_for_less_motion(
    walked: dict[str, dict[str, Any]],
) -> None:
    assert faults(walked["moving"]) == {}


def test_forced_colours_keep_every_choice_and_edge(
    context: BrowserContext, live_server: LiveServer, practice: Practice
) -> None:
    visitor = Visitor(FormClient()).start().until("pain_now")
    take_over(context, visitor.client, live_server.url)
    page = context.new_page()
    page.emulate_media(forced_colors="active")
    page.goto(live_server.url + visitor.url)
    first = page.locator(".scale .option input").first
    expect(first).to_have_css("opacity", "1")
    first.check()
    expect(page.locator(".scale .option label").first).to_have_css("outline-style", "solid")
    expect(page.get_by_role("button", name="Continue")).not_to_have_css("border-style", "none")
    assert violations(page) == []


def lasting(lines: list[str]) -> list[str]:
    """The lines of a page that are the same each day."""
    if any("Your plan for" in line for line in lines):
        lines = [line for line in lines if not TODAY.search(line)]
    return [DATE.sub("DATE", line) for line in lines]


def test_accessible_names_are_those_that_were_read_through(
    walked: dict[str, dict[str, Any]],
) -> None:
    names = {
        name: lasting(lines) if name in BEHIND_THE_LINK else lines
        for name, lines in walked["names"].items()
        if name not in ("answers", "result")
    }
    if "WRITE_GOLDEN" in os.environ:
        GOLDEN.write_text(json.dumps(names, indent=1, ensure_ascii=False) + "\n")
    assert names == json.loads(GOLDEN.read_text()), (
        "Names have changed: read them, then write the file anew with WRITE_GOLDEN=1"
    )


def test_pages_about_the_site_and_refusals_are_accessible(
    context: BrowserContext, live_server: LiveServer, practice: Practice
) -> None:
    page = context.new_page()
    for path in ("/privacy/", "/accessibility/", "/nowhere/", "/plan/", "/p/none/", "/?a=%00"):
        page.goto(live_server.url + path)
        page.emulate_media(color_scheme="light")
        assert violations(page) == [], path
        page.emulate_media(color_scheme="dark")
        assert violations(page, CONTRAST) == [], path
