"""What a supervisor asks, answered before anything else looks at the request, and what is counted.

The addresses `/health/live`, `/health/ready` and `/metrics` answer whatever name or address they
are asked by, with or without encryption, also in maintenance: a probe knows the computer, not the
site. Numbers are told only to this computer itself or with the token `METRICS_TOKEN`.
"""

import time
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from chiro.practice import health, metrics
from chiro.practice.middleware import Middleware

FORWARDED = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP", "Forwarded")
TEXT = "text/plain; version=0.0.4; charset=utf-8"


def may_see_numbers(request: HttpRequest) -> bool:
    """Whether a request carries the token, or comes straight from this computer."""
    given = request.headers.get("Authorization", "")
    if settings.METRICS_TOKEN:
        return constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}")
    if any(name in request.headers for name in FORWARDED) or "Via" in request.headers:
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """Say that the process answers."""
    return JsonResponse({"status": "alive"})


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Say whether visitors may be sent here: 200 or 503; why, to those who may see numbers."""
    found = health.look()
    words = found.words()
    told = words if may_see_numbers(request) else {"status": words["status"]}
    return JsonResponse(told, status=200 if found.is_ready else 503)


@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    """The metrics for Prometheus; to others this address does not exist."""
    if not may_see_numbers(request):
        return HttpResponseNotFound("Not found\n", content_type="text/plain; charset=utf-8")
    return HttpResponse(metrics.exposition(health.look().gauges()), content_type=TEXT)


ANSWERS = {"/health/live": live, "/health/ready": ready, "/metrics": numbers}


class AnswerSupervisors(Middleware):
    """Answers the addresses of `ANSWERS`."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = ANSWERS.get(request.path_info)
        return answer(request) if answer else self.get_response(request)


class CountRequests(Middleware):
    """Counts every other request and how long its answer took."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        response = self.get_response(request)
        if request.path_info not in ANSWERS:
            metrics.answered(
                page=page_of(request),
                area=area_of(request),
                method=request.method or "",
                status=response.status_code,
                seconds=time.perf_counter() - started,
            )
        return response


def page_of(request: HttpRequest) -> str:
    """The name of the view that answered, which holds nothing that was typed."""
    match = request.resolver_match
    return match.view_name if match is not None else "none"


def area_of(request: HttpRequest) -> str:
    """Who waits for this: staff, a patient, or a browser that fetches a file."""
    if request.path_info.startswith(("/static/", "/look/")):
        return "file"
    return "staff" if request.path_info.startswith("/admin/") else "patient"
