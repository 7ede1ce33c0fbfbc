"""A shared tablet in Chromium as people have it: with its cache for Back and Forward switched on.

Playwright switches that cache off, so this test starts a browser of its own.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserType, Page, expect

from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.tablet import BACK_PRESSES, CANARY, FILL_IN, SET_UP
from tests.conftest import Site


@pytest.fixture
def tablet(browser_type: BrowserType) -> Iterator[Browser]:
    """A browser that keeps pages for Back."""
    browser = browser_type.launch(
        executable_path=CHROMIUM,
        args=FLAGS,
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield browser
    browser.close()


def shell(site: Site, code: str) -> str:
    return site.manage("shell", "--no-imports", "--command", code)


def test_after_finish_back_and_forward_show_nothing(site: Site, tablet: Browser) -> None:
    token = shell(site, SET_UP).strip()
    page = tablet.new_page()
    page.goto(f"{site.base_url}/kiosk/{token}/")
    page.get_by_role("button", name="Use this device").click()
    page.get_by_role("button", name="Start").click()
    shell(site, FILL_IN)
    page.goto(f"{site.base_url}/check/about-you/")
    expect(page.get_by_label("Your full name")).to_have_value(CANARY)
    page.goto(f"{site.base_url}/check/answers/")
    page.evaluate("window.kept = true")
    page.goto(f"{site.base_url}/kiosk/still-there/")
    page.go_back()
    expect(page.get_by_text(CANARY)).to_be_visible()
    page.get_by_role("button", name="Confirm and send").click()
    expect(page.get_by_text("on your right side").first).to_be_visible()
    page.get_by_role("button", name="Finish and clear this tablet").click()
    expect(page.get_by_role("heading", name="Thank you, all sent")).to_be_visible()

    for _ in range(BACK_PRESSES):
        shows_nothing(page, "history.back()")
    for _ in range(BACK_PRESSES):
        shows_nothing(page, "history.forward()")
    kept = "[localStorage.length, sessionStorage.length]"
    assert page.evaluate(kept) == [0, 0]


def shows_nothing(page: Page, step: str) -> None:
    """Press Back or Forward; whatever comes up is the tablet's own, without a person's answers."""
    page.evaluate(f"void setTimeout(() => {step}, 0)")
    page.wait_for_timeout(150)
    page.wait_for_load_state()
    for private in (CANARY, "1984", "on your right side"):
        expect(page.locator("body")).not_to_contain_text(private)


def test_it_warns_goes_on_and_then_clears_itself(site: Site, tablet: Browser) -> None:
    token = shell(site, SET_UP.replace('"desk"', '"desk-2"')).strip()
    page = tablet.new_page()
    page.clock.install()
    page.goto(f"{site.base_url}/kiosk/{token}/")
    page.get_by_role("button", name="Use this device").click()
    page.get_by_role("button", name="Start").click()
    page.clock.run_for(91_000)
    warning = page.get_by_role("dialog", name="Are you still there?")
    expect(warning).to_be_visible()
    warning.get_by_role("button", name="Yes, keep going").click()
    expect(warning).to_be_hidden()
    page.clock.run_for(91_000)
    expect(warning).to_be_visible()
    page.clock.run_for(31_000)
    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
