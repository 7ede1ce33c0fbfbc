"""What was taken away, in a file outside the database: restoring a backup gives none of it back.

One JSON line an act, with numbers only. `audit` notes these acts when they are committed; the
command `restore` does them again where the backup is older.
"""

import json
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from chiro.practice.models import User

logger = logging.getLogger(__name__)

REVOKED_AT, LOCKED_AT, STAFF = "revoked_at", "locked_at", "staff"
ACTS = {
    "invitation revoked": REVOKED_AT,
    "plan link revoked": REVOKED_AT,
    "tablet link ended": REVOKED_AT,
    "tablet link replaced": REVOKED_AT,  # the link in the backup is the one that was replaced
    "plan link locked": LOCKED_AT,
    "staff changed": STAFF,
}
"""Event of the audit log -> what to set again."""

FILE_NAME = "revocations.jsonl"


@dataclass(frozen=True, kw_only=True)
class Act:
    """Something taken away from a row: a link, or what a member of staff may do."""

    at: datetime
    event: str
    model: str
    pk: str
    values: dict[str, Any]


def ledger() -> Path:
    """The file of the acts."""
    return Path(settings.BACKUP_DIR) / FILE_NAME


def note(event: str, obj: Model | None) -> None:
    """Write an act down once it is committed; an event that takes nothing away is passed over."""
    if event not in ACTS or obj is None:
        return
    staff = {"is_active": obj.is_active, "role": obj.role} if isinstance(obj, User) else {}
    line = {
        "at": timezone.now().isoformat(),
        "event": event,
        "model": obj._meta.label_lower,
        "pk": str(obj.pk),
        "values": staff,
    }
    transaction.on_commit(partial(_append, json.dumps(line)))


def _append(line: str) -> None:
    """Add a line and flush it. The act stands even where the file cannot be written."""
    path = ledger()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, f"{line}\n".encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        logger.error("revocation not noted", exc_info=error)


def acts_since(moment: datetime, path: Path) -> Iterator[Act]:
    """Yield the acts after a moment, in order. A line cut off by a crash is passed over."""
    if not path.exists():
        return
    for line in path.read_text().splitlines():
        try:
            read = json.loads(line)
        except ValueError:
            continue
        act = Act(**{**read, "at": datetime.fromisoformat(read["at"])})
        if act.at >= moment and act.event in ACTS:
            yield act


def repeat(acts: Iterator[Act], models: dict[str, type[Model]], alias: str) -> int:
    """Do acts again in a database with these models; returns how many changed a row."""
    return sum(_repeat(act, models[act.model], alias) for act in acts if act.model in models)


def _repeat(act: Act, model: type[Model], alias: str) -> int:
    rows = model._base_manager.using(alias).filter(pk=act.pk)
    what = ACTS[act.event]
    if what == STAFF:
        return rows.update(**act.values)
    known = {field.name for field in model._meta.concrete_fields}
    return rows.filter(**{what: None}).update(**{what: act.at}) if what in known else 0
