"""What a patient meets when something is wrong on our side, made with the test client."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

from django.db import OperationalError
from django.test import Client, RequestFactory, override_settings
from django.utils.translation import get_language

from chiro.languages import ENGLISH
from chiro.practice import limits, views

type Pages = Iterator[tuple[str, Any]]

FINDS_THE_DRAFT = "screening.views.sessions.draft_key"
"""What every page of the questionnaire asks first."""


def every(client_class: type[Client]) -> Pages:
    """A fault, no database, maintenance, too often, not allowed."""
    client = client_class(raise_request_exception=False)
    with patch(FINDS_THE_DRAFT, side_effect=RuntimeError):
        yield "a fault of ours", client.get("/")
    with patch(FINDS_THE_DRAFT, side_effect=OperationalError):
        yield "no database, looking", client.get("/")
        yield "no database, saving", client.post("/check/age/", {"age": "42"})
    with override_settings(MAINTENANCE=True):
        yield "maintenance", client.get("/")
    with patch.object(limits, "wait", return_value=1800):
        yield "too many links", client.get("/p/" + 43 * "x" + "/")
    asks = RequestFactory(headers={"accept-language": get_language() or ENGLISH})
    yield "crowded, looking", views.crowded(asks.get("/"))
    yield "crowded, saving", views.crowded(asks.post("/", {"age": "42"}))
    yield "not allowed", views.permission_denied(RequestFactory().get("/"))
