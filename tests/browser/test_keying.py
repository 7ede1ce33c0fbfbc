"""A paper diary is keyed in with few keys: at most 60 for a full sheet, and never a mouse."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from chiro.practice.models import User
from tests.conftest import FormClient
from tests.pdf.sheets import HABITS, SIX, heading, sheet
from tests.web.test_links import make_plan, make_screening

SCRIPT = Path(__file__).parents[2] / "static/js/paper-diary.js"
MOST = 60
TYPED = "() => Object.fromEntries(new FormData(document.getElementById('paper-diary')))"


@pytest.mark.django_db
def test_a_full_sheet_takes_at_most_60_keys(
    page: Page, client_as: Callable[[str], FormClient], staff: Callable[..., User]
) -> None:
    on = timezone.localdate() - timedelta(days=20)
    content = json.loads(json.dumps(sheet(*SIX, *HABITS, heading=heading(on=on))))
    plan = make_plan(make_screening(), content=content, approved_by=staff("owner"))
    desk = client_as("front_desk")
    address = f"/admin/exercises/diaryentry/plan/{plan.pk}/paper/"
    page.set_content(desk.get(address).content.decode())
    page.add_script_tag(path=SCRIPT)
    page.evaluate(
        "() => document.getElementById('paper-diary').addEventListener('submit', (event) => {"
        "event.preventDefault(); document.title = 'sent'; })"
    )
    keys = [*"aaaxe", " ", *"a", *"aaa", *"22222110011000", *"eoeooooooooooo", "Enter"]
    assert len(keys) <= MOST
    for key in keys:
        page.keyboard.press("Space" if key == " " else key)
    assert page.title() == "sent"
    typed = page.evaluate(TYPED)
    assert desk.post(address, typed).status_code == 303
    written = {row.day: row for row in plan.diary.all()}
    assert len(written) == 14
    first, last = written[on], written[on + timedelta(days=13)]
    assert (first.pain, first.difficulty, last.pain, last.difficulty) == (2, "easy", 0, "right")
    assert len(first.ticks | last.ticks) > len(HABITS)
