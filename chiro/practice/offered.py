"""Which languages a practice offers, and which one a visitor gets.

English is always there. What a visitor chose on the switch wins; before that, what their browser
asks for. Staff pages are English.
"""

from django.http import HttpRequest
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

from chiro.languages import ENGLISH, Language, by_code
from chiro.practice.models import Practice

CHOSEN = "language"
"""Where the session keeps what a visitor chose."""

STAFF = "/admin/"


def offered(practice: Practice) -> tuple[Language, ...]:
    """What a practice has switched on and this installation has, English first."""
    found = by_code()
    codes = [ENGLISH, *(code for code in practice.languages if code != ENGLISH)]
    return tuple(found[code] for code in dict.fromkeys(codes) if code in found)


def is_offered(code: str) -> bool:
    """Whether the practice offers a language now; English needs no look."""
    if code == ENGLISH:
        return True
    return code in {language.code for language in offered(Practice.current())}


def language_for(request: HttpRequest) -> str:
    """The code of the language in which to answer this visitor."""
    if request.path_info.startswith(STAFF):
        return ENGLISH
    return chosen(request) or asked_for(request)


def asked_for(request: HttpRequest) -> str:
    """The code of the first offered language that the browser asks for."""
    return next((code for code in wanted(request) if is_offered(code)), ENGLISH)


def chosen(request: HttpRequest) -> str:
    """The code of the language that the visitor chose; empty for none that is offered."""
    code = str(request.session.get(CHOSEN, ""))
    return code if code and is_offered(code) else ""


def wanted(request: HttpRequest) -> list[str]:
    """The installed languages that the browser asks for, the most wanted first."""
    asked = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    found = []
    for name, _ in asked:
        try:
            found.append(get_supported_language_variant(name))
        except LookupError:
            continue
    return list(dict.fromkeys(found))


def remember(request: HttpRequest, code: str) -> None:
    """Keep what a visitor chose; a language that is not offered changes nothing."""
    if is_offered(code):
        request.session[CHOSEN] = code
