"""A patient's whole way in a real browser: start, every page, check, send, result.

On a phone and with JavaScript switched off; axe and a narrow window look at every page and every
error state.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from chiro.practice.models import Practice
from screening.models import Draft, Screening
from screening.questionnaire import Kind, Layout, Question, Section
from screening.services import pathway
from tests.web.visitor import IDENTITY, RECORD

pytestmark = pytest.mark.django_db(transaction=True)

EVERYTHING = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CONTRAST = ["color-contrast"]
"""Dark pages differ from light ones in their colours only."""


class Patient:
    """Somebody who reads a page, taps the answers and presses the button."""

    def __init__(self, page: Page, address: str, record: Mapping[str, Any] = RECORD) -> None:
        self.page = page
        self.address = address
        self.record = record

    def start(self) -> "Patient":
        """Open the start page and press "Start now"."""
        self.page.goto(self.address)
        self.press("Start now")
        return self

    def press(self, name: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=name, exact=True).click()

    @property
    def path(self) -> str:
        """The address of the open page."""
        return urlsplit(self.page.url).path

    def sections(self) -> Iterator[Section]:
        """The pages of the questionnaire as they come, until the answers are listed."""
        while self.path not in ("/check/answers/", "/check/help-now/", "/result/"):
            section = pathway.find(self.path.split("/")[2])
            assert section is not None
            yield section

    def fill(self, section: Section) -> None:
        """Answer a page by tapping what stands on it."""
        if section.layout is Layout.IDENTITY:
            self._fill_identity()
        elif section.layout is Layout.SAFETY:
            self.page.get_by_label("None of these").check()
        elif section.layout is Layout.SIDE_GRID:
            self._fill_grid(section)
        else:
            for question in section.questions:
                if question.key in self.record:
                    self._fill_question(question, self.record[question.key])

    def _fill_identity(self) -> None:
        for name, value in IDENTITY.items():
            if name == "filled_by":
                self._tap(name, value)
            else:
                self.page.locator(f"[name={name}]").fill(value)

    def _fill_grid(self, section: Section) -> None:
        for question in section.questions:
            side = self.record[question.key]
            if side != "no":
                self._tap("aggravators", question.key)
                self._tap(question.key, side)

    def _fill_question(self, question: Question, value: Any) -> None:
        if question.kind is Kind.GOALS:
            self.page.locator(f"[name={question.key}_1_text]").fill(value[0]["text"])
            self._tap(f"{question.key}_1_score", value[0]["score"])
        elif question.kind is Kind.NUMBER:
            self.page.locator(f"[name={question.key}]").fill(str(value))
        elif question.kind is Kind.MANY:
            for each in value or ["none"]:
                self._tap(question.key, each)
        else:
            self._tap(question.key, "true" if value is True else value)

    def _tap(self, name: str, value: object) -> None:
        """Tap the words beside a box, as a thumb does."""
        control: Locator = self.page.locator(f"input[name='{name}'][value='{value}']")
        self.page.locator(f".option label[for='{control.get_attribute('id')}']").click()
        expect(control).to_be_checked()

    def finish(self) -> "Patient":
        """Answer every page."""
        for section in self.sections():
            self.fill(section)
            self.press("Continue")
        return self


def violations(page: Page, rules: list[str] = EVERYTHING) -> list[str]:
    """What axe finds on the open page: rule and element."""
    found = Axe().run(page, options={"runOnly": rules}).response["violations"]
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]]


def scrolls_sideways(page: Page) -> bool:
    """Whether the open page is wider than its window."""
    width: bool = page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    return width


@pytest.fixture
def practice(transactional_db: None) -> Practice:
    return Practice.objects.create(
        pk=1,
        name="Harbor Street Chiropractic",
        phone="(512) 555-0142",
        address="41 Harbor Street, Austin",
    )


def test_patient_gets_from_start_to_result_on_a_phone(
    phone: Page, live_server: LiveServer, practice: Practice
) -> None:
    patient = Patient(phone, live_server.url).start().finish()
    patient.press("Confirm and send")
    heading = phone.get_by_role("heading", level=1)
    expect(heading).to_have_text(
        "Several of your answers fit with weaker hip muscles on your right side"
    )
    assert Screening.objects.get().answers == dict(RECORD)


def test_patient_gets_from_start_to_result_without_javascript(
    page_without_javascript: Page, live_server: LiveServer, practice: Practice
) -> None:
    page = page_without_javascript
    Patient(page, live_server.url).start().finish().press("Confirm and send")
    expect(page.get_by_role("heading", level=1)).to_contain_text("on your right side")
    assert Screening.objects.get().answers == dict(RECORD)


@pytest.mark.parametrize(("scheme", "rules"), [("light", EVERYTHING), ("dark", CONTRAST)])
def test_every_page_and_error_state_is_accessible_and_fits_320_pixels(
    context: BrowserContext,
    live_server: LiveServer,
    practice: Practice,
    scheme: Any,
    rules: list[str],
) -> None:
    page = context.new_page()
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 320, "height": 700})
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        problems = violations(page, rules) + (
            ["scrolls sideways"] if scrolls_sideways(page) else []
        )
        if problems:
            found[f"{urlsplit(page.url).path} {name}"] = problems

    page.goto(live_server.url)
    look("start")
    patient = Patient(page, live_server.url).start()
    for section in patient.sections():
        look("as it opens")
        here = page.url
        patient.press("Continue")
        if page.url == here:
            look("with errors")
            patient.fill(section)
            patient.press("Continue")
    look("answers")
    patient.press("Confirm and send")
    look("result")
    assert found == {}


def test_care_pages_are_accessible(
    context: BrowserContext, live_server: LiveServer, practice: Practice
) -> None:
    page = context.new_page()
    for key in ("rf_bladder", "rf_calf", "rf_needs_doctor_ok"):
        context.clear_cookies()
        patient = Patient(page, live_server.url).start()
        for section in patient.sections():
            patient.fill(section)
            if key in {question.key for question in section.questions}:
                page.get_by_label("None of these").uncheck()
                page.locator(f"label[for=id_{key}_tick]").click()
            patient.press("Continue")
        if patient.path == "/check/answers/":
            patient.press("Confirm and send")
        assert violations(page) == []
        assert not scrolls_sideways(page)
    assert Screening.objects.count() == 2
    assert Draft.objects.get().stopped_at is not None


def test_tapping_the_body_chart_ticks_the_same_box_of_the_list(
    phone: Page, live_server: LiveServer, practice: Practice
) -> None:
    patient = Patient(phone, live_server.url).start()
    for section in patient.sections():
        if section.layout is Layout.BODY_CHART:
            break
        patient.fill(section)
        patient.press("Continue")
    box = phone.locator("input[value='buttock:right']")
    phone.locator(".hit-back-buttock-right").click()
    expect(box).to_be_checked()
    phone.locator(".hit-back-buttock-right").click()
    expect(box).not_to_be_checked()


def test_side_opens_under_its_tick(
    phone: Page, live_server: LiveServer, practice: Practice
) -> None:
    patient = Patient(phone, live_server.url).start()
    for section in patient.sections():
        if section.layout is Layout.SIDE_GRID:
            break
        patient.fill(section)
        patient.press("Continue")
    side = phone.locator("label[for=id_hard_stairs_1]")
    expect(side).not_to_be_visible()
    phone.locator("label[for=id_hard_stairs_tick]").click()
    expect(side).to_be_visible()


def test_error_link_leads_to_the_field(
    page: Page, live_server: LiveServer, practice: Practice
) -> None:
    patient = Patient(page, live_server.url).start()
    for section in patient.sections():
        if "age" in {question.key for question in section.questions}:
            break
        patient.fill(section)
        patient.press("Continue")
    patient.press("Continue")
    assert page.title().startswith("Error: ")
    page.locator(".error-summary a").first.click()
    assert page.evaluate("document.activeElement.id") == "id_age"


def test_everything_works_with_the_keyboard(
    page: Page, live_server: LiveServer, practice: Practice
) -> None:
    page.goto(live_server.url)
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/check/consent/**")
    page.locator("#id_consent").focus()
    page.keyboard.press("Space")
    expect(page.locator("#id_consent")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/check/age/**")
