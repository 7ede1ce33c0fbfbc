"""A chiropractor's way in a real browser: queue, examination, level, plan, approval, paper, link.

With and without JavaScript, under the strict policy; axe looks at every page, light and dark.
"""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from chiro.practice.models import Practice, User
from exercises.models import Plan
from screening.models import Examination, Review, Screening
from tests.browser.conftest import watch
from tests.browser.test_staff_sign_in import sign_in
from tests.web.reviewing import sent

pytestmark = pytest.mark.django_db(transaction=True)

ACCESSIBILITY = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OPEN_ALL = "document.querySelectorAll('details').forEach(fold => { fold.open = true })"
MOST_CLICKS = 6
IN_THE_VIEWER = 2
"""Print in the browser's PDF page, and Print in its dialog."""
type MakeStaff = Callable[..., User]


@pytest.fixture
def ellen(staff: MakeStaff) -> User:
    """Ellen Park, DC."""
    Practice.objects.create(pk=1, name="Harbor Street Chiropractic")
    return staff("chiropractor", first_name="Ellen", last_name="Park", credentials="DC")


def open_review(page: Page, live_server: LiveServer, name: str) -> None:
    """Sign in, open the queue from the first page, open a patient's record."""
    sign_in(page, live_server.url, "chiropractor")
    page.get_by_role("link", name="Incoming screenings").first.click()
    page.locator("#result_list").get_by_role("link", name=name).click()


def press(page: Page, name: str | re.Pattern[str]) -> None:
    """Press the first button of this name."""
    page.get_by_role("button", name=name).first.click()


def from_queue_to_paper(page: Page, live_server: LiveServer) -> Screening:
    """Examine, choose levels, change a dose, approve, print."""
    screening = sent()
    open_review(page, live_server, "Maria Alvarez")
    page.get_by_label(
        "Muscle test, hip abduction (side-lying, pelvis fixed), Grade, right"
    ).select_option("4-")
    press(page, "Save draft")
    expect(page.get_by_text("Examination suggests: likely")).to_be_visible()
    page.get_by_role("group", name="Left hip").get_by_label("Unlikely").check()
    page.get_by_role("group", name="Right hip").get_by_label("Likely", exact=True).check()
    page.get_by_label("Clam, Times").fill("8")
    press(page, "Approve version 1")
    expect(page.get_by_role("heading", name="Version 1 approved, print")).to_be_visible()
    address = page.get_by_role("button", name="Print, US Letter").get_attribute("href")
    paper = page.request.get(f"{live_server.url}{address}")
    plan = Plan.objects.get(screening=screening)
    assert paper.body() == bytes(plan.documents.get(paper="letter", edition="standard").pdf)
    assert Examination.objects.get().findings == {"mmt_abduction": {"right": "4-"}}
    assert Review.objects.get().final_right == "likely"
    return screening


def test_from_the_queue_to_the_paper_and_the_next_version(
    page: Page, live_server: LiveServer, ellen: User
) -> None:
    screening = from_queue_to_paper(page, live_server)
    press(page, "Change the plan: make version 2")
    press(page, re.compile("^← Easier: "))
    press(page, "Approve version 2")
    expect(page.get_by_role("heading", name="Version 2 approved, print")).to_be_visible()
    expect(page.get_by_text("It replaces version 1")).to_be_visible()
    versions = Plan.objects.filter(screening=screening).values_list("version", "status")
    assert set(versions) == {(1, "replaced"), (2, "approved")}
    press(page, "Make personal link")
    link = page.get_by_label("Copy it into a message, or write it down").input_value()
    page.goto(link)
    expect(page.get_by_text("birth date").first).to_be_visible()


def test_a_plain_case_takes_six_clicks_from_the_queue_to_the_paper(
    page: Page, live_server: LiveServer, ellen: User
) -> None:
    screening = sent()
    sign_in(page, live_server.url, "chiropractor")
    page.get_by_role("link", name="Incoming screenings").first.click()
    clicks = IN_THE_VIEWER

    def click(target: Locator) -> None:
        nonlocal clicks
        clicks += 1
        target.first.click()

    click(page.locator("#result_list").get_by_role("link", name="Maria Alvarez"))
    click(page.get_by_role("button", name="Agree with the screen"))
    with page.expect_response(lambda answer: answer.url.endswith(".pdf")) as shown:
        click(page.get_by_role("button", name="Approve and print"))
    paper = page.request.get(shown.value.url)
    plan = Plan.objects.get(screening=screening)
    stored = plan.documents.get(paper="letter", edition="standard").pdf
    assert paper.body() == bytes(stored)
    assert Review.objects.get().final_left == screening.left_level
    assert clicks <= MOST_CLICKS


def test_the_same_way_without_javascript(
    page_without_javascript: Page, live_server: LiveServer, ellen: User
) -> None:
    from_queue_to_paper(page_without_javascript, live_server)


def test_an_alert_is_answered_and_the_record_cleared_by_name(
    page: Page, live_server: LiveServer, ellen: User
) -> None:
    screening = sent("clinician_first", name="Priya Nair")
    sign_in(page, live_server.url, "chiropractor")
    page.get_by_role("link", name="Incoming screenings").first.click()
    expect(page.get_by_role("heading", name="1 open alert")).to_be_visible()
    press(page, "I have seen this")
    expect(page.get_by_role("heading", name="1 open alert")).to_have_count(0)
    page.locator("#result_list").get_by_role("link", name="Priya Nair").click()
    expect(page.get_by_text("Levels and points are withheld")).to_be_visible()
    page.get_by_label("Why a plan is safe now, one line").fill("Spoke with her doctor")
    press(page, "Clear as Ellen Park, DC")
    expect(page.get_by_text("Draft of version 1.").first).to_be_visible()
    assert Review.objects.get(screening=screening).cleared_by == ellen


def test_two_tabs_and_the_second_save_loses_nothing(
    page: Page, context: BrowserContext, live_server: LiveServer, ellen: User
) -> None:
    sent()
    open_review(page, live_server, "Maria Alvarez")
    other = context.new_page()
    other.goto(page.url)
    other.get_by_label("Clam, Times").fill("6")
    press(other, "Save draft")
    page.get_by_label("Clam, Times").fill("9")
    page.get_by_label("Note on the examination").fill("Tired today")
    press(page, "Save draft")
    expect(page.get_by_role("heading", name="Two people changed this record")).to_be_visible()
    row = page.get_by_role("row", name="Clam: Times")
    expect(row.get_by_role("cell").first).to_have_text("10")
    expect(row.get_by_label("Yours: 9")).to_be_checked()
    row.get_by_label("6", exact=False).last.check()
    press(page, "Save my choice")
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    expect(page.get_by_label("Clam, Times")).to_have_value("6")
    expect(page.get_by_label("Note on the examination")).to_have_value("Tired today")


def test_enter_in_a_field_saves_and_never_approves(
    page: Page, live_server: LiveServer, ellen: User
) -> None:
    sent()
    open_review(page, live_server, "Maria Alvarez")
    page.get_by_label("Clam, Times").fill("7")
    page.get_by_label("Clam, Times").press("Enter")
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert Plan.objects.get().status == Plan.Status.DRAFT


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_queue_and_review(
    new_context: Callable[..., BrowserContext],
    complaints: list[str],
    live_server: LiveServer,
    ellen: User,
    scheme: str,
) -> None:
    page = watch(new_context(color_scheme=scheme), complaints).new_page()
    plain = sent()
    first = sent("clinician_first", name="Priya Nair")
    sent("emergency", name="Dorothy Hale")
    sign_in(page, live_server.url, "chiropractor")
    records = [f"screening/screening/{record.pk}/change/" for record in (plain, first)]
    for address in ("", "screening/screening/", *records, "exercises/plandocument/"):
        page.goto(f"{live_server.url}/admin/{address}")
        page.evaluate(OPEN_ALL)
        assert violations(page) == [], address


def violations(page: Page) -> list[str]:
    """What axe finds on the open page: rule and element."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": ACCESSIBILITY}})
    return [
        f"{problem['id']}: {node['html'][:160]}"
        for problem in found.response["violations"]
        for node in problem["nodes"]
    ]


ORDER = """() => [...document.querySelectorAll('#s-exam details[open] tbody tr')].flatMap(row =>
  ['Left', 'Right'].flatMap(side =>
    [...row.querySelectorAll(`[data-side=${side}] :is(input, select)`)])
    .map(e => e.id))"""
"""The controls of the open examination tables: a row's left ones, then its right ones."""
COVERED = """() => {
  const bars = [...document.querySelectorAll('.actionrow')];
  const boxes = [...document.querySelectorAll('#review-form :is(input, select, textarea)')]
    .filter(e => e.offsetParent && e.type !== 'hidden' && !e.closest('.actionrow'))
    .map(e => [e.name, e.getBoundingClientRect()]);
  return bars.flatMap(bar => {
    const r = bar.getBoundingClientRect();
    return boxes.filter(([, b]) => b.left < r.right && b.right > r.left
      && b.top < r.bottom && b.bottom > r.top)
      .map(([name]) => name);
  });
}"""
"""The names of the fields that an action bar lies over."""


def test_tab_goes_left_to_right_and_no_action_bar_covers_a_field(
    page: Page, live_server: LiveServer, ellen: User
) -> None:
    sent()
    open_review(page, live_server, "Maria Alvarez")
    wanted = page.evaluate(ORDER)
    assert len(wanted) > 2 * 7
    page.locator(f"[id='{wanted[0]}']").focus()
    reached = []
    while len(reached) < len(wanted):
        place = page.evaluate("[document.activeElement.tagName, document.activeElement.id]")
        if place[0] != "SUMMARY":  # The heading of a group of tests.
            reached.append(place[1])
        page.keyboard.press("Tab")
    assert reached == wanted
    for place in (0, 700, 1400, 2100, 10_000):
        page.evaluate("top => window.scrollTo(0, top)", place)
        assert page.evaluate(COVERED) == [], place


@pytest.mark.parametrize("width", [1280, 768, 390])
def test_the_review_page_never_scrolls_sideways(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, ellen: User, width: int
) -> None:
    page = new_context(viewport={"width": width, "height": 900}).new_page()
    sent()
    open_review(page, live_server, "Maria Alvarez")
    page.get_by_label("Why there is no plan").fill("Neurologicalconsultation.")
    page.get_by_role("button", name="Withhold plan").click()
    expect(page.locator(".decisions tbody td.num")).to_have_count(1)
    page.evaluate(OPEN_ALL)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_minutes_follow_typing_as_the_server_counts_them(
    page: Page, live_server: LiveServer, ellen: User
) -> None:
    """The script and the server use one formula: shown while typing, the same after saving."""
    sent(minutes=10)
    open_review(page, live_server, "Maria Alvarez")
    state = page.locator(".state").first
    page.get_by_label("Clam, Sets left").fill("3")
    page.get_by_label("Clam, Rest s").fill("50")
    for reps, hold in (("7", "2"), ("13", "0"), ("50", "180")):
        page.get_by_label("Clam, Times").fill(reps)
        page.get_by_label("Clam, Hold s").fill(hold)
        typed = state.inner_text()
        page.get_by_role("button", name="Save draft").first.click()
        expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
        assert state.inner_text() == typed
    assert "min over the patient's time" in typed
    page.locator("#shelf summary").click()
    page.get_by_label("Find an exercise").fill("dead bug")
    expect(page.get_by_role("button", name="Add Heel taps on your back")).to_be_visible()
    assert page.locator(".shelf li:visible").count() == 1
