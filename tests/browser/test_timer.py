"""The timer of a hold: right by the clock on the wall, also after the phone was locked."""

from pathlib import Path

from playwright.sync_api import Page, expect

SCRIPT = Path(__file__).parents[2] / "static/js/timer.js"
WORDS = {
    "start": "Start",
    "pause": "Pause",
    "go": "Go on",
    "reset": "Set back",
    "ready": "Get ready",
    "hold": "Hold",
    "rest": "Rest",
    "change": "Change sides",
    "over": "Finished",
    "set": "Set {n} of {m}",
    "right": "RIGHT side",
    "left": "LEFT side",
    "seconds": "{n} seconds",
}


def test_a_hold_is_right_after_the_phone_was_locked(page: Page) -> None:
    words = " ".join(f'data-{name}="{word}"' for name, word in WORDS.items())
    page.set_content(
        f'<div id="clock-words" {words}></div><section><div class="clock" hidden data-reps=""'
        ' data-rounds="right left,right" data-hold="20" data-rest="30" data-name="Stand">'
        "</div></section>"
    )
    page.clock.install()
    page.add_script_tag(path=SCRIPT)
    now, number = page.locator(".clock-now"), page.locator(".clock-number")
    page.get_by_role("button", name="Start").press("Enter")
    page.clock.run_for(12_000)
    expect(now).to_have_text("Hold")
    expect(number).to_have_text("13")
    page.get_by_role("button", name="Pause").press("Enter")
    page.clock.run_for(60_000)
    expect(number).to_have_text("13")
    page.get_by_role("button", name="Go on").press("Enter")
    page.clock.fast_forward(41_000)  # locked: the rest of the hold, 5 s, 20 s, then 3 s
    page.clock.run_for(250)
    expect(page.get_by_role("status")).to_have_text("Rest. Set 1 of 2. 30 seconds")
    expect(page.get_by_role("button", name="Pause")).to_be_focused()
    page.clock.fast_forward(600_000)
    page.clock.run_for(250)
    expect(now).to_have_text("Finished")
