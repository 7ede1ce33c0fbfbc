"""Whole pages that are the same for everybody but for the one-time code in their forms.

Such a page is printed once for each language and letterhead, and kept as `kept` keeps parts:
nothing that a person said or is may stand in it. Each answer gets a fresh code in place of `CODE`.
"""

from collections.abc import Callable, Hashable, Mapping

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from chiro.practice.kept import kept
from chiro.practice.letterheads import letterhead

CODE = "the-one-time-code-of-whoever-reads-this-page"
"""What stands in a kept page where each visitor's own code goes. No sentence has it."""


def may_keep(request: HttpRequest) -> bool:
    """Whether a page depends on nothing but its path: addresses with a query are without number."""
    return not request.META.get("QUERY_STRING")


def kept_page(
    request: HttpRequest, template: str, key: Hashable, words: Callable[[], Mapping[str, object]]
) -> HttpResponse:
    """The page that this template prints of `words`, which are asked for the first time only.

    `key` holds everything on which the words depend, beside path, language and letterhead.
    """

    def printed() -> SafeString:
        return render_to_string(template, {**words(), "csrf_token": CODE}, request=request)

    page = kept((template, request.path, letterhead(), key), printed)
    return HttpResponse(page.replace(CODE, get_token(request)))
