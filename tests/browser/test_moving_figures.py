"""Moving figures in a real browser, under the strict policy and without JavaScript."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from chiro.practice.models import Practice, Role, User
from exercises.services import links
from tests.browser.conftest import NewContext, watch
from tests.pdf.sheets import sheet
from tests.web.test_links import make_plan, make_screening

pytestmark = pytest.mark.django_db(transaction=True)

ACCESSIBILITY = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AT = "image => new DOMMatrix(getComputedStyle(image).transform).e"
FREEZE = """(image, ms) => { const move = image.getAnimations()[0];
  move.pause(); move.currentTime = ms; }"""


def open_plan(page: Page, live_server: LiveServer) -> None:
    """Through the door of a link with the birth date."""
    Practice.objects.get_or_create(pk=1, name="Harbor Street Chiropractic")
    sam = User.objects.create_user("sam", role=Role.CHIROPRACTOR, is_staff=True)
    content = json.loads(json.dumps(sheet()))
    plan = make_plan(make_screening(), content=content, approved_by=sam)
    page.goto(f"{live_server.url}/p/{links.issue(screening=plan.screening, by=sam)}/")
    for name, value in (("month", "4"), ("day", "15"), ("year", "1974")):
        page.locator(f"[name=birth_{name}]").fill(value)
    page.locator("main button[type=submit]").click()


def test_a_figure_moves_in_the_place_of_its_two_pictures(
    new_context: NewContext, complaints: list[str], live_server: LiveServer
) -> None:
    phone = {"width": 390, "height": 844}
    context = watch(
        new_context(java_script_enabled=False, viewport=phone, color_scheme="dark"), complaints
    )
    page = context.new_page()
    open_plan(page, live_server)
    figure = page.locator(".ex .fig").first
    stills, strip = figure.locator("> img"), figure.locator(".figure-moving img")
    expect(stills).to_have_count(2)
    expect(strip).to_be_hidden()
    figure.locator("summary").press("Enter")
    expect(strip).to_be_visible()
    expect(stills.first).to_be_hidden()
    window = figure.locator(".figure-moving").bounding_box()
    whole = strip.bounding_box()
    assert window is not None
    assert whole is not None
    assert abs(whole["width"] - 7 * window["width"]) < 2
    assert window["width"] <= 390
    strip.evaluate(FREEZE, 4800 * 0.33)
    assert -6 * window["width"] < strip.evaluate(AT) < 0
    panel = figure.evaluate("f => getComputedStyle(f).backgroundColor.match(/\\d+/g).map(Number)")
    assert min(panel) > 230
    figure.get_by_text("Show the two pictures").click()
    expect(stills.first).to_be_visible()


def test_who_asks_for_less_motion_sees_the_two_pictures(
    new_context: NewContext, complaints: list[str], live_server: LiveServer
) -> None:
    page = watch(new_context(reduced_motion="reduce"), complaints).new_page()
    open_plan(page, live_server)
    expect(page.locator(".ex .fig > img").first).to_be_visible()
    expect(page.get_by_text("Show it moving").first).to_be_hidden()


def test_no_picture_of_the_plan_moves_the_page_while_it_loads(
    page: Page, live_server: LiveServer
) -> None:
    open_plan(page, live_server)
    page.wait_for_load_state("networkidle")
    before = page.evaluate("document.documentElement.scrollHeight")
    page.route("**/*.svg", lambda route: route.abort())
    page.reload()
    assert page.evaluate("document.documentElement.scrollHeight") == before


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_plan_with_a_moving_figure(
    new_context: NewContext, complaints: list[str], live_server: LiveServer, scheme: str
) -> None:
    page = watch(new_context(color_scheme=scheme), complaints).new_page()
    open_plan(page, live_server)
    page.locator(".moving > summary").first.click()
    expect(page.locator(".figure-moving img").first).to_be_visible()
    found = (
        Axe()
        .run(page, options={"runOnly": {"type": "tag", "values": ACCESSIBILITY}})
        .response["violations"]
    )
    assert [violation["id"] for violation in found] == []
