"""The style sheet of the practice's colour: from the accent the owner picked to readable pages.

An accent keeps its hue. Its lightness moves only as far as reading needs it to, in OKLCH, where
equal steps look equal: every pair of words and ground comes out at 4.5:1 or more, every edge of a
control at 3:1 or more, in light and in dark. Contrast is WCAG 2's ratio of relative luminances.
"""

import hashlib
import math
from collections.abc import Iterable, Mapping
from functools import cache

TEXT_CONTRAST = 4.5
SAFETY = 0.05
"""Added to each goal, because a colour is rounded to whole steps of its three channels."""

LIGHT_GROUNDS = ("#fbf8f3", "#ffffff", "#f3eee5")
DARK_GROUNDS = ("#14191d", "#1e262c", "#1a2126")
"""`--paper`, `--surface` and `--well` of `tokens.css`."""

LIGHT_INK = "#ffffff"
DARK_INK = "#10161a"
ADMIN_LIGHT_GROUNDS = ("#ffffff", "#f8f8f8", "#e4e4e4", "#ffffcc")
ADMIN_DARK_GROUNDS = ("#121212", "#212121", "#1b1b1b", "#00363a")
"""The grounds of Django's admin: body, darkened, selected, selected row."""

ADMIN_BUTTON_GROUNDS = ("#ffffff", "#f7f7f7")
STEPS = 200
DARK_LIGHTNESS = 0.74
DARK_GAIN = 1.5
"""A colour on a dark ground starts here: lighter, and with more chroma, or it looks grey."""

type Channels = tuple[float, float, float]


# --- colours ----------------------------------------------------------------------------------


def channels(colour: str) -> Channels:
    """The red, green and blue of "#rrggbb", 0 to 1. Raises ValueError for anything else."""
    if len(colour) != 7 or not colour.startswith("#"):
        raise ValueError("a colour is # and six digits")
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def hexadecimal(rgb: Channels) -> str:
    """The "#rrggbb" of three channels, each cut to 0 to 1."""
    return "#" + "".join(f"{round(255 * min(1.0, max(0.0, part))):02x}" for part in rgb)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _encoded(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else 1.055 * max(part, 0.0) ** (1 / 2.4) - 0.055


def luminance(colour: str) -> float:
    """WCAG's relative luminance, 0 for black to 1 for white."""
    red, green, blue = (_linear(part) for part in channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def oklch(colour: str) -> Channels:
    """Lightness 0 to 1, chroma and hue (radians) in the OKLCH space."""
    red, green, blue = (_linear(part) for part in channels(colour))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def _unbounded(lightness: float, chroma: float, hue: float) -> Channels:
    """Channels of an OKLCH colour; outside 0 to 1 when no screen can show it."""
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        _encoded(4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short),
        _encoded(-1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short),
        _encoded(-0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short),
    )


def with_lightness(colour: str, lightness: float, *, gain: float = 1.0) -> str:
    """The colour at another lightness: same hue, as much chroma as a screen can show there."""
    _, chroma, hue = oklch(colour)
    chroma *= gain
    for _ in range(40):
        rgb = _unbounded(lightness, chroma, hue)
        if all(-0.002 <= part <= 1.002 for part in rgb):
            return hexadecimal(rgb)
        chroma *= 0.92
    return hexadecimal(_unbounded(lightness, 0.0, hue))


def mixed(colour: str, ground: str, share: float) -> str:
    """So much of the colour in the ground, channel by channel; `share` is 0 to 1."""
    pairs = zip(channels(colour), channels(ground), strict=True)
    red, green, blue = (share * one + (1 - share) * other for one, other in pairs)
    return hexadecimal((red, green, blue))


# --- what a page needs ------------------------------------------------------------------------


def readable(colour: str, grounds: Iterable[str], *, darker: bool) -> str:
    """The nearest colour of this hue that keeps 4.5:1 to all grounds, moved one way only."""
    against = tuple(grounds)
    start, end = oklch(colour)[0], 0.0 if darker else 1.0
    for step in range(STEPS + 1):
        tried = with_lightness(colour, start + (end - start) * step / STEPS) if step else colour
        if all(contrast(tried, ground) >= TEXT_CONTRAST + SAFETY for ground in against):
            return tried.lower()
    return "#000000" if darker else "#ffffff"


def shifted(colour: str, by: float) -> str:
    """The colour a step lighter or darker, within the scale."""
    return with_lightness(colour, min(0.97, max(0.0, oklch(colour)[0] + by)))


def light(accent: str) -> dict[str, str]:
    """The light scheme: an accent dark enough to read, white on it."""
    first = readable(accent, (*LIGHT_GROUNDS, LIGHT_INK), darker=True)
    tint = mixed(first, LIGHT_GROUNDS[0], 0.08)
    shown = readable(first, (*LIGHT_GROUNDS, LIGHT_INK, tint), darker=True)
    return {
        "accent": shown,
        "on-accent": LIGHT_INK,
        "accent-hover": shifted(shown, -0.08),
        "accent-tint": tint,
    }


def dark(accent: str) -> dict[str, str]:
    """The dark scheme: an accent light enough to read, near-black on it."""
    lit = max(DARK_LIGHTNESS, oklch(accent)[0])
    lifted = with_lightness(accent, lit, gain=DARK_GAIN)
    first = readable(lifted, (*DARK_GROUNDS, DARK_INK), darker=False)
    tint = mixed(first, DARK_GROUNDS[1], 0.14)
    shown = readable(first, (*DARK_GROUNDS, DARK_INK, tint), darker=False)
    return {
        "accent": shown,
        "on-accent": DARK_INK,
        "accent-hover": shifted(shown, 0.08),
        "accent-tint": tint,
    }


def admin_light(accent: str) -> dict[str, str]:
    """Names of Django's admin in light: header, breadcrumbs, links and buttons."""
    shown = readable(accent, (*ADMIN_LIGHT_GROUNDS, *ADMIN_BUTTON_GROUNDS), darker=True)
    deep = shifted(shown, -0.1)
    return {
        "primary": shown,
        "secondary": shown,
        "link-fg": shown,
        "link-hover-color": deep,
        "button-hover-bg": deep,
        "default-button-bg": deep,
        "breadcrumbs-bg": deep,
    } | ADMIN_CONSTANT


def admin_dark(accent: str) -> dict[str, str]:
    """Names of Django's admin in dark: grounds stay deep, links turn light."""
    ground = readable(
        accent, (*ADMIN_BUTTON_GROUNDS, ADMIN_CONSTANT["breadcrumbs-fg"]), darker=True
    )
    link = readable(accent, ADMIN_DARK_GROUNDS, darker=False)
    deep = shifted(ground, -0.1)
    return {
        "primary": ground,
        "secondary": ground,
        "link-fg": link,
        "link-selected-fg": link,
        "link-hover-color": shifted(link, 0.08),
        "button-hover-bg": deep,
        "default-button-bg": deep,
        "breadcrumbs-bg": deep,
    } | ADMIN_CONSTANT


ADMIN_CONSTANT = {
    "accent": "#ffffff",
    "primary-fg": "#ffffff",
    "header-color": "#ffffff",
    "breadcrumbs-fg": "#ffffff",
    "breadcrumbs-link-fg": "#ffffff",
}
"""White stands on every ground that takes the accent."""


# --- the style sheets -------------------------------------------------------------------------


def declared(colours: Mapping[str, str]) -> str:
    """The colours as custom properties."""
    return "".join(f"--{name}:{colour};" for name, colour in colours.items())


@cache
def patient_sheet(accent: str) -> str:
    """What stands after `tokens.css`. Screens only: paper keeps its black."""
    return (
        f"@media screen{{:root{{--brand:{accent.lower()};{declared(light(accent))}}}}}\n"
        "@media screen and (prefers-color-scheme:dark)"
        f"{{:root{{{declared(dark(accent))}}}}}\n"
    )


@cache
def admin_sheet(accent: str) -> str:
    """What stands after the admin's own sheets, for its light, dark and automatic themes."""
    by_light, by_dark = declared(admin_light(accent)), declared(admin_dark(accent))
    return (
        f'html[data-theme="light"],:root{{{by_light}}}\n'
        f"@media (prefers-color-scheme:dark){{:root{{{by_dark}}}}}\n"
        f'html[data-theme="light"]{{{by_light}}}\n'
        f'html[data-theme="dark"]{{{by_dark}}}\n'
    )


@cache
def digest(accent: str) -> str:
    """Ten digits that change with the colour and with the way it is used: part of the address."""
    both = patient_sheet(accent) + admin_sheet(accent)
    return hashlib.sha256(both.encode()).hexdigest()[:10]
