"""What search engines may list: pages that an address alone opens and that tell of nobody.

Every answer says `noindex` unless its view says otherwise. A page behind a session may be without
that word too: a search engine has no session, and is led to a page that has it.
"""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

HEADER = "X-Robots-Tag"
SECRET_OR_STAFF = ("/admin/", "/i/", "/kiosk/", "/p/", "/resume/", "/saved/")
"""What no search engine should ask for: links that open something, and the doors of the staff."""


def findable[**P](view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """Let the page of a view be listed; its errors and redirects stay out."""

    @wraps(view)
    def answered(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return allowed(view(*args, **kwargs))

    return answered


def allowed(response: HttpResponse) -> HttpResponse:
    """The same answer, which may be listed where it is a page."""
    if response.status_code == 200:
        response.headers[HEADER] = "all"
    return response


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """`robots.txt`: stay away from links that open something and from the staff's pages."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in SECRET_OR_STAFF)]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
