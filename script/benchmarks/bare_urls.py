"""The addresses of the site and `/bare/NUMBER`, which answers with so many bytes."""

from functools import cache

from django.http import HttpRequest, HttpResponse
from django.urls import path

from chiro.urls import urlpatterns as site


def bare(request: HttpRequest, size: int) -> HttpResponse:
    """Answer with bytes that are in memory."""
    return HttpResponse(_bytes(size), content_type="application/pdf")


@cache
def _bytes(size: int) -> bytes:
    return bytes(size)


urlpatterns = [path("bare/<int:size>", bare), *site]
