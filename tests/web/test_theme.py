"""The practice's look: any colour stays readable, a logo is only ever a picture."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import MULTIPART_CONTENT
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from chiro.practice import logos, theme
from chiro.practice.models import Logo, Practice
from tests.conftest import FormClient

type ClientAs = Callable[[str], FormClient]
TOKENS = (Path(__file__).parents[2] / "static/css/tokens.css").read_text()
COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def tokens(block: str) -> dict[str, str]:
    """The colours of `tokens.css` in one scheme, in six digits."""
    start = TOKENS.index(block)
    found = dict(re.findall(r"--([\w-]+): (#\w+);", TOKENS[start : TOKENS.index("}", start)]))
    return {
        name: colour if len(colour) == 7 else "#" + "".join(2 * digit for digit in colour[1:])
        for name, colour in found.items()
    }


LIGHT = tokens(":root {\n  color-scheme: light dark")
DARK = LIGHT | tokens("(prefers-color-scheme: dark)")


@settings(max_examples=120)
@given(COLOURS)
@example("#ffffff")
@example("#000000")
@example("#ffff00")
@example("#0000ff")
def test_any_accent_stays_readable_on_every_ground(accent: str) -> None:
    for known, derived in ((LIGHT, theme.light(accent)), (DARK, theme.dark(accent))):
        tint = derived["accent-tint"]
        for name in ("accent", "accent-hover"):
            for ground in (known["paper"], known["surface"], known["well"], tint):
                assert theme.contrast(derived[name], ground) >= 4.5, (name, ground)
            assert theme.contrast(derived["on-accent"], derived[name]) >= 4.5
        seen = (("ink", 4.5), ("ink-2", 4.5), ("edge", 3), ("stop", 3), ("focus-ink", 3))
        for name, least in seen:
            assert theme.contrast(known[name], tint) >= least, name


@settings(max_examples=60)
@given(COLOURS)
@example("#ffffff")
@example("#000000")
@example("#ffff00")
def test_any_accent_stays_readable_in_the_admin(accent: str) -> None:
    for colours, grounds in (
        (theme.admin_light(accent), theme.ADMIN_LIGHT_GROUNDS),
        (theme.admin_dark(accent), theme.ADMIN_DARK_GROUNDS),
    ):
        for name in ("primary", "secondary", "breadcrumbs-bg", "default-button-bg"):
            assert theme.contrast("#ffffff", colours[name]) >= 4.5, name
        for ground in grounds:
            assert theme.contrast(colours["link-fg"], ground) >= 4.5
            assert theme.contrast(colours["link-hover-color"], ground) >= 4.5


def test_a_readable_accent_is_left_as_it_was_picked() -> None:
    assert theme.light("#1F5C52")["accent"] == "#1f5c52"


def test_an_accent_keeps_its_hue() -> None:
    for accent in ("#ffcc00", "#ff5599", "#33bbff"):
        picked = theme.oklch(accent)[2]
        assert abs(theme.oklch(theme.light(accent)["accent"])[2] - picked) < 0.35


def test_grounds_are_those_of_the_tokens() -> None:
    names = ("paper", "surface", "well")
    assert tuple(LIGHT[name] for name in names) == theme.LIGHT_GROUNDS
    assert tuple(DARK[name] for name in names) == theme.DARK_GROUNDS


def test_known_contrasts() -> None:
    assert theme.contrast("#ffffff", "#000000") == pytest.approx(21)
    assert theme.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_paper_stays_black() -> None:
    assert all(
        line.startswith("@media screen") for line in theme.patient_sheet("#ff0000").splitlines()
    )


# --- the files --------------------------------------------------------------------------------


def address(client: FormClient) -> str:
    """The theme that the start page links."""
    page = client.get("/").content.decode()
    return re.search(r'href="(/look/\w+/theme\.css)"', page)[1]  # type: ignore[index]


def test_page_links_a_theme_that_browsers_keep_for_ever(client: FormClient, db: None) -> None:
    response = client.get(address(client))
    assert response.headers["Content-Type"] == "text/css; charset=utf-8"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Vary" not in response.headers
    assert "Set-Cookie" not in response.headers
    assert len(response.content) < 600


def test_new_accent_is_a_new_address(client: FormClient, db: None) -> None:
    before = address(client)
    Practice.objects.create(pk=1, accent="#aa0044")
    after = address(client)
    assert before != after
    assert "--brand:#aa0044" in client.get(after).content.decode()


def test_old_address_answers_what_is_true_now_and_is_not_kept(client: FormClient, db: None) -> None:
    before = address(client)
    Practice.objects.create(pk=1, accent="#aa0044")
    response = client.get(before)
    assert "--brand:#aa0044" in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]


def test_admin_wears_the_colour_too(client_as: ClientAs) -> None:
    page = client_as("owner").get("/admin/").content.decode()
    found = re.search(r'href="(/look/\w+/admin\.css)"', page)
    assert found is not None
    assert page.index("base.css") < page.index(found[1]) < page.index("css/admin.css")


# --- the logo ---------------------------------------------------------------------------------


def picture(kind: str = "PNG", size: tuple[int, int] = (640, 200), **extra: object) -> bytes:
    """A file with a red picture."""
    out = io.BytesIO()
    Image.new("RGB", size, "#c02020").save(out, kind, **extra)
    return out.getvalue()


def profile(**changes: object) -> dict[str, object]:
    """What the profile form sends."""
    fields = {field.name for field in Practice._meta.fields} - {"id", "logo"}
    values = {name: getattr(Practice(name="Harbor Street"), name) for name in fields}
    return values | changes


def save_profile(client_as: ClientAs, **changes: object) -> str:
    """Save the profile as the owner; the page's words when something is refused."""
    Practice.objects.get_or_create(pk=1)
    response = client_as("owner").post(
        "/admin/practice/practice/1/change/", profile(**changes), content_type=MULTIPART_CONTENT
    )
    return "" if response.status_code == 302 else response.content.decode()


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_logo_stands_in_the_header_in_its_own_size(
    client: FormClient, client_as: ClientAs, kind: str
) -> None:
    assert not save_profile(client_as, new_logo=SimpleUploadedFile("logo", picture(kind)))
    page = client.get("/").content.decode()
    found = re.search(r'<img class="logo" src="([^"]+)" alt="" width="307" height="96">', page)
    assert found is not None, page[:2000]
    response = client.get(found[1])
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert Image.open(io.BytesIO(response.content)).size == (307, 96)


def test_logo_holds_nothing_but_its_pixels(client: FormClient) -> None:
    said = PngImagePlugin.PngInfo()
    said.add_text("Comment", "<script>secret</script>")
    drawn = logos.draw(logos.read(io.BytesIO(picture(pnginfo=said) + b"<script>tail</script>")))
    assert b"script" not in bytes(drawn.content)
    assert len(drawn.content) < 5_000


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a PNG or JPEG"),
        (picture("GIF"), "not a PNG or JPEG"),
        (picture()[:60], "not a PNG or JPEG"),
        (picture(size=(4001, 2)), "4,000 pixels"),
        (b"x" * (logos.MAX_BYTES + 1), "200 kB"),
    ],
)
def test_what_is_no_small_picture_is_refused_and_the_old_logo_stays(
    client_as: ClientAs, data: bytes, said: str
) -> None:
    old = logos.draw(logos.read(io.BytesIO(picture())))
    old.save()
    Practice.objects.create(pk=1, logo=old)
    assert said in save_profile(client_as, new_logo=SimpleUploadedFile("logo.png", data))
    assert Practice.current().logo == old


def test_logo_is_removed_on_request(client_as: ClientAs) -> None:
    save_profile(client_as, new_logo=SimpleUploadedFile("logo", picture()))
    assert Practice.current().logo is not None
    save_profile(client_as, remove_logo="on")
    assert Practice.current().logo is None


def test_unknown_logo_is_not_found(client: FormClient, db: None) -> None:
    assert client.get("/look/0000/logo.png").status_code == 404
    assert not Logo.objects.exists()
