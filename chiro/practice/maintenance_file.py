"""The maintenance page as one file, for a proxy to serve while the site itself does not answer.

It is the page of `templates/errors/maintenance.html` with its styles inside and no address that
only the site can answer.
"""

import re
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.translation import gettext, override

from chiro.practice import looks, theme

SHEETS = re.compile(r'\s*<link rel="stylesheet"[^>]*>')
OTHER_FILES = re.compile(r"\s*<(?:link|img)\b[^>]*>")
FONT_FACE = re.compile(r"@font-face\s*{[^}]*url[^}]*}")
FOOT_LINKS = re.compile(r'\s*<p class="foot-links">.*?</p>', re.DOTALL)
HEAD_END = "</head>"


def page(language: str) -> str:
    """The whole file in a language. The practice is the one in the database."""
    with override(language):
        said = {"heading": gettext("Back in a few minutes"), "status": 503}
        markup: str = render_to_string("errors/maintenance.html", said)
    for unwanted in (SHEETS, OTHER_FILES, FOOT_LINKS):
        markup = unwanted.sub("", markup)
    return markup.replace(HEAD_END, f"<style>\n{styles()}</style>\n{HEAD_END}", 1)


def styles() -> str:
    """Tokens, the practice's colours and the site's own styles, without font files."""
    sheets = [_sheet("tokens"), theme.patient_sheet(looks.accent()), _sheet("site")]
    return FONT_FACE.sub("", "\n".join(sheets))


def _sheet(name: str) -> str:
    found = finders.find(f"css/{name}.css")
    if not found:
        raise FileNotFoundError(name)
    return Path(str(found)).read_text(encoding="utf-8")
