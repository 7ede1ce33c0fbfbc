"""Forty posts of "Confirm and send" at once against the real server make one record."""

import json
import re
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar

from screening.services import pathway
from tests.conftest import Site
from tests.web.visitor import RECORD, posted

POSTS = 40


class KeepRedirects(urllib.request.HTTPRedirectHandler):
    """Hands a redirect back instead of following it."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        """Follow nothing."""


class Browser:
    """Cookies, forms and nothing else."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.jar = CookieJar()
        cookies = urllib.request.HTTPCookieProcessor(self.jar)
        self.opener = urllib.request.build_opener(cookies, KeepRedirects)
        self.token = ""

    def get(self, path: str) -> str:
        """Load a page and keep the token of its form."""
        with self.opener.open(self.address + path, timeout=60) as response:
            body: str = response.read().decode()
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', body)
        self.token = found[1] if found else self.token
        return body

    def post(self, path: str, data: dict[str, object]) -> tuple[int, str]:
        """Send a form: status and where it leads."""
        form = urllib.parse.urlencode({**data, "csrfmiddlewaretoken": self.token}, doseq=True)
        try:
            with self.opener.open(self.address + path, form.encode(), timeout=60) as response:
                return response.status, ""
        except urllib.error.HTTPError as redirect:
            return redirect.code, redirect.headers.get("Location", "")


def test_forty_parallel_posts_make_one_record_and_one_result_page(site: Site) -> None:
    browser = Browser(site.base_url)
    browser.get("/")
    status, url = browser.post("/", {"start": "new"})
    while status == 303 and url != "/check/answers/":
        section = pathway.find(url.split("/")[2])
        assert section is not None
        browser.get(url)
        status, url = browser.post(url, posted(section, RECORD))
    browser.get("/check/answers/")

    with ThreadPoolExecutor(POSTS) as pool:
        answers = list(pool.map(lambda _: browser.post("/check/send/", {}), range(POSTS)))

    assert set(answers) == {(303, "/result/")}
    assert "on your right side" in browser.get("/result/")
    assert rows(site) == {"screenings": 1, "patients": 1, "reviews": 1, "drafts": 0}


def rows(site: Site) -> dict[str, int]:
    """How many rows the served database holds."""
    counts: dict[str, int] = json.loads(
        site.manage(
            "shell",
            "--no-imports",
            "--command",
            "import json\n"
            "from screening.models import Draft, Patient, Review, Screening\n"
            "tables = dict(screenings=Screening, patients=Patient, reviews=Review, drafts=Draft)\n"
            "print(json.dumps({k: t.objects.count() for k, t in tables.items()}))",
        )
    )
    return counts
