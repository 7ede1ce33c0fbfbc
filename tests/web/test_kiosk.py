"""A tablet of the front desk: an empty form for each person, and nothing left behind."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from chiro.practice.models import User
from screening import kiosk_mode
from screening.models import Draft, Kiosk, Screening
from screening.services import kiosk as kiosks
from tests.conftest import FormClient
from tests.web.visitor import Visitor, text_of

pytestmark = pytest.mark.django_db
type MakeStaff = Callable[..., User]
BORN = {"birth_month": "4", "birth_day": "15", "birth_year": "1984"}


@pytest.fixture
def link(staff: MakeStaff) -> str:
    _, token = kiosks.set_up(name="Front desk", by=staff("front_desk", "jamie"))
    return f"/kiosk/{token}/"


@pytest.fixture
def tablet(link: str) -> FormClient:
    device = FormClient()
    assert device.post(link).headers["Location"] == "/kiosk/"
    return device


def began(tablet: FormClient) -> Visitor:
    visitor = Visitor(tablet)
    visitor.follow(tablet.post("/kiosk/"))
    return visitor


def test_looking_at_its_link_makes_no_tablet(link: str, client: FormClient) -> None:
    assert client.get(link).status_code == 200
    assert client.get("/kiosk/").status_code == 404
    assert client.get("/").status_code == 200


def test_every_start_is_a_fresh_form(tablet: FormClient) -> None:
    began(tablet).answer().answer()
    began(tablet)
    assert Draft.objects.get().answers == {}
    assert tablet.get("/").headers["Location"] == "/kiosk/"  # It offers no saved answers.


def test_finish_forgets_the_person_and_the_device_stays_a_tablet(tablet: FormClient) -> None:
    visitor = began(tablet).finish().send()
    result = tablet.get("/result/")
    assert "Finish and clear this tablet" in text_of(result)
    assert "/p/" not in result.content.decode()
    response = tablet.post("/kiosk/finish/")
    assert response.headers["Location"] == "/kiosk/thanks/"
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert response.cookies["session"]["max-age"] == 0
    assert "hand the tablet back" in text_of(tablet.get("/kiosk/thanks/"))
    for address in ("/result/", visitor.url, "/check/answers/", "/check/about-you/", "/saved/"):
        shown = tablet.get(address, follow=True)
        assert "Welcome" in text_of(shown), address
        assert "Alvarez" not in shown.content.decode()
    assert Screening.objects.count() == 1
    assert tablet.get("/kiosk/").status_code == 200


def test_it_wipes_itself_on_the_server_after_two_minutes(
    tablet: FormClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = began(tablet).answer()
    start = timezone.now()
    limit = kiosk_mode.WIPE_SECONDS + kiosk_mode.SLACK_SECONDS

    def at(seconds: float) -> None:
        monkeypatch.setattr(timezone, "now", lambda: start + timedelta(seconds=seconds))

    at(limit - 5)
    assert tablet.get("/kiosk/still-there/").status_code == 200  # The warning is no touch.
    assert tablet.post("/kiosk/stay/").status_code == 204
    at(2 * limit - 10)
    assert tablet.get(visitor.url).status_code == 200
    at(3 * limit)
    wiped = tablet.get(visitor.url)
    assert (wiped.status_code, wiped.headers["Location"]) == (303, "/kiosk/")
    assert not Draft.objects.exists()
    assert tablet.get("/kiosk/still-there/").headers["Location"] == "/kiosk/"


def test_without_a_script_it_warns_and_goes_on(tablet: FormClient) -> None:
    visitor = began(tablet).answer()
    page = visitor.see().content.decode()
    assert 'content="90; url=/kiosk/still-there/"' in page
    assert "Yes, keep going" in text_of(tablet.get("/kiosk/still-there/"))
    pressed = tablet.post("/kiosk/stay/", headers={"Sec-Fetch-Mode": "navigate"})
    assert pressed.headers["Location"] == visitor.url


def test_autofill_is_off_on_a_tablet_only(tablet: FormClient, client: FormClient) -> None:
    page = began(tablet).answer_until("about-you").see().content.decode()
    assert set(re.findall(r'autocomplete="([^"]+)"', page)) == {"off"}
    own = Visitor(client).start().answer_until("about-you").see().content.decode()
    assert {"name", "tel", "bday-day"} <= set(re.findall(r'autocomplete="([^"]+)"', own))
    assert "kiosk.js" not in own


@pytest.mark.parametrize("alarm", [True, False])
def test_an_urgent_answer_says_to_tell_the_front_desk(tablet: FormClient, alarm: bool) -> None:
    visitor = began(tablet)
    if alarm:
        visitor.record["rf_calf"] = "yes"
    visitor.finish().send()
    assert ("Tell the front desk now." in text_of(tablet.get("/result/"))) is alarm


def test_an_emergency_stays_an_alert_after_finish(tablet: FormClient) -> None:
    visitor = began(tablet).until("rf_saddle")
    visitor.answer(rf_saddle="yes")
    page = tablet.get("/check/help-now/")
    assert "Tell the front desk now." in text_of(page)
    tablet.post("/kiosk/finish/")
    assert Draft.objects.get().stopped_at is not None


def test_a_code_takes_the_answers_home(tablet: FormClient) -> None:
    began(tablet).until("places")
    page = tablet.post("/saved/", BORN).content.decode()
    code = re.search(r'class="bigcode">([^<]+)<', page)
    assert code
    tablet.post("/kiosk/finish/")
    phone = FormClient()
    assert phone.post("/resume/", {"code": code[1], **BORN}).status_code == 303
    assert "kiosk.js" not in phone.get("/check/consent/").content.decode()


def test_a_new_link_ends_the_old_one_on_every_device(
    tablet: FormClient, link: str, client_as: Callable[[str], FormClient]
) -> None:
    desk = client_as("front_desk")
    row = Kiosk.objects.get()
    page = desk.post(f"/admin/screening/kiosk/{row.pk}/again/")
    assert "It is shown this once." in text_of(page)
    assert tablet.get("/kiosk/").status_code == 404
    assert FormClient().get(link).status_code == 404
    new = re.search(r"/kiosk/[\w-]{43}/", page.content.decode())
    assert new
    device = FormClient()
    assert device.post(new[0]).status_code == 303
    fields = {"action": "end", "_selected_action": row.pk}
    assert desk.post("/admin/screening/kiosk/", fields).status_code == 302
    assert device.get("/kiosk/").status_code == 404


def test_staff_set_up_a_tablet(client_as: Callable[[str], FormClient]) -> None:
    desk = client_as("front_desk")
    assert desk.get("/admin/screening/kiosk/add/").status_code == 200
    page = desk.post("/admin/screening/kiosk/add/", {"name": "Room 2"})
    token = re.search(r"/kiosk/([\w-]{43})/", page.content.decode())
    assert token
    assert token[1] not in str(list(Kiosk.objects.values()))
