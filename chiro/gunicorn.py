"""How the site is served: `gunicorn --config python:chiro.gunicorn chiro.wsgi`.

Every value that an installation may want to change is read from the environment and listed in
`docs/operations.md`. The access log holds method, masked path, status and time: no query string, no
address, no referrer and no browser name.
"""

import datetime
import logging
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger

from chiro import starting
from chiro.practice.redaction import EventFormatter

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_WORKERS", "2"))
worker_class = "chiro.whole_requests.WholeRequests"
threads = int(os.environ.get("WEB_THREADS", "8"))
timeout = 60
graceful_timeout = 30
keepalive = 5
max_requests = 10_000
max_requests_jitter = 1_000

limit_request_line = 2048
limit_request_fields = 60
limit_request_field_size = 8190
# Django decides about proxies (TRUSTED_PROXIES); gunicorn believes no forwarded header.
forwarded_allow_ips = ""

accesslog = "-"
errorlog = "-"
loglevel = os.environ.get("LOG_LEVEL", "INFO").lower()
proc_name = "chiro"
control_socket_disable = True
COUNTS = "PROMETHEUS_MULTIPROC_DIR"


class MaskedLogger(Logger):
    """Gunicorn's logs in the site's own format, see `chiro.practice.redaction`."""

    def setup(self, cfg: Any) -> None:
        """Put the site's formatter on every handler that gunicorn made."""
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                handler.setFormatter(EventFormatter())

    def access(
        self, resp: Any, req: Any, environ: dict[str, Any], request_time: datetime.timedelta
    ) -> None:
        """Write one line for one request."""
        self.access_log.info(
            "request",
            extra={
                "fields": {
                    "method": environ["REQUEST_METHOD"],
                    "path": environ["PATH_INFO"],
                    "status": int(str(resp.status).split(maxsplit=1)[0]),
                    "ms": round(request_time / datetime.timedelta(milliseconds=1)),
                }
            },
        )


def on_starting(server: Any) -> None:
    """Refuse to serve from a SQLite file that is damaged; make the folder where all count."""
    from django.conf import settings

    # Set before any process imports `chiro.practice.metrics`, which looks at it once.
    os.environ[COUNTS] = tempfile.mkdtemp(prefix="chiro-counts-")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chiro.settings")
    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        starting.refuse_unsound(Path(database["NAME"]))


def child_exit(server: Any, worker: Any) -> None:
    """Keep the counts of a process that is gone, in files that do not grow in number."""
    from chiro.practice import metrics

    metrics.keep_counts_of(worker.pid)


def on_exit(server: Any) -> None:
    """Leave no counts behind."""
    shutil.rmtree(os.environ[COUNTS], ignore_errors=True)


logger_class = MaskedLogger
logging.captureWarnings(capture=True)
