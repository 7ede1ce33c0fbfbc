"""What a log line may hold: identifiers, event names, masked paths. Never an answer, name or token.

Every handler of the site and of gunicorn uses `EventFormatter`. An exception is told by its class
and the places it passed through; its message is left out, because it may quote what was typed.
"""

import datetime
import json
import logging
import re
import traceback
from collections.abc import ItemsView
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter

MASK = "***"
TOKEN = re.compile(r"(?<![\w-])[\w-]{20,}(?![\w-])")
QUERY = re.compile(r"\?[^\s\"']*")
OWN_LOGGERS = ("chiro", "screening", "exercises")
# Lines whose text quotes the request: what is kept is the logger's name and the status.
QUOTING_LOGGERS = ("django.request", "django.security")
MAX_LENGTH = 500


def mask(text: str) -> str:
    """Replace every word long enough to be a link's token, and every query string."""
    return TOKEN.sub(MASK, QUERY.sub("", text))[:MAX_LENGTH]


def places(exception: BaseException) -> list[str]:
    """Return `file:line function` for each step of the traceback, outermost first."""
    return [
        f"{frame.filename}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(exception.__traceback__)
    ]


class EventFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, event and the fields given as `extra`.

    `logger.info("plan approved", extra={"fields": {"plan": 12}})` adds `"plan": 12`. Line breaks in
    any value are escaped by JSON, so no input can forge a second line.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line for one record."""
        line: dict[str, Any] = {
            "time": datetime.datetime.fromtimestamp(record.created, datetime.UTC).isoformat(
                timespec="milliseconds"
            ),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": _event(record),
        }
        line |= {name: _field(value) for name, value in getattr(record, "fields", {}).items()}
        if (status := getattr(record, "status_code", None)) is not None:
            line |= _request(record) | {"status": status}
        if record.exc_info and record.exc_info[1] is not None:
            line |= _exception(record.exc_info[1])
        return json.dumps(line, ensure_ascii=True)


def _event(record: logging.LogRecord) -> str:
    """Return the record's own words, or for a quoting logger nothing but its kind."""
    if record.name.startswith(QUOTING_LOGGERS):
        return "request refused" if record.levelno < logging.ERROR else "request failed"
    try:
        return mask(record.getMessage())
    except (TypeError, ValueError):
        return mask(str(record.msg))


def _field(value: object) -> object:
    """Return numbers as they are, everything else as masked text."""
    return value if isinstance(value, bool | int | float) or value is None else mask(str(value))


def _request(record: logging.LogRecord) -> dict[str, str]:
    """Return method and masked path of the request that a Django record is about."""
    request = getattr(record, "request", None)
    if not isinstance(request, HttpRequest):
        return {}
    return {"method": str(request.method), "path": mask(request.path)}


def _exception(exception: BaseException) -> dict[str, Any]:
    """Return the class of an exception, of its cause, and the places it passed."""
    told: dict[str, Any] = {"exception": type(exception).__qualname__, "at": places(exception)}
    cause = exception.__cause__ or exception.__context__
    if cause is not None:
        told["cause"] = type(cause).__qualname__
    return told


class HideRequestData(SafeExceptionReporterFilter):
    """Django's error report without form fields, cookies and local variables, in any mode."""

    def is_active(self, request: HttpRequest | None) -> bool:
        """Hide in every mode, DEBUG included."""
        return True

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, str]:
        """Return no form field, not even its name: a name can be an answer."""
        return {}

    def get_safe_cookies(self, request: HttpRequest) -> dict[str, str]:
        """Return no cookie."""
        return {}

    def get_traceback_frame_variables(
        self, request: HttpRequest | None, tb_frame: Any
    ) -> ItemsView[str, Any]:
        """Return no local variable: they hold answers and names."""
        return {}.items()
