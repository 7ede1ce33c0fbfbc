"""What was taken away, kept outside the database too: restoring a backup gives none of it back.

`audit` notes such an act as a row of `TakenAway`, in the transaction of the act. The rows are
copied to a file beside the backups, one JSON line an act with numbers only: on SQLite after each
commit; on PostgreSQL by the worker, the minute's clock and each backup, so that a web process
needs no folder of its own. The command `restore` does again what is in the file and not in the
backup.
"""

import json
import logging
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from chiro.practice.models import Erasure, TakenAway, User

logger = logging.getLogger(__name__)

REVOKED_AT, LOCKED_AT, STAFF, ERASED = "revoked_at", "locked_at", "staff", "erased"
PATIENT_ERASED = "patient erased"
STAFF_FIELDS = ("is_active", "role")
ACTS = {
    "invitation revoked": REVOKED_AT,
    "plan link revoked": REVOKED_AT,
    "tablet link ended": REVOKED_AT,
    "tablet link replaced": REVOKED_AT,  # the link in the backup is the one that was replaced
    "plan link locked": LOCKED_AT,
    "staff changed": STAFF,
    PATIENT_ERASED: ERASED,  # `reapply_erasures` does it again, once the tables are today's
}
"""Event of the audit log -> what to set again."""

FILE_NAME = "revocations.jsonl"
LONGEST_COMMIT = timedelta(hours=1)
"""An act noted so long before a backup of a version without `TakenAway` may be missing in it."""


@dataclass(frozen=True, kw_only=True)
class Act:
    """Something taken away from a row: a link, what a member of staff may do, or a patient."""

    key: UUID
    at: datetime
    event: str
    model: str
    pk: str
    values: dict[str, Any]

    def line(self) -> str:
        """As it is written in the file."""
        words = {**vars(self), "key": str(self.key), "at": self.at.isoformat()}
        return json.dumps(words) + "\n"

    @classmethod
    def read(cls, line: str) -> "Act":
        """The act of a line. Raises ValueError, TypeError or KeyError for what is none."""
        words = json.loads(line)
        at = datetime.fromisoformat(words["at"])
        return cls(**{**words, "key": UUID(words["key"]), "at": at})

    @classmethod
    def of(cls, row: TakenAway) -> "Act":
        """The act of a row."""
        return cls(
            key=row.key,
            at=row.at,
            event=row.event,
            model=row.model,
            pk=row.object_pk,
            values=row.values,
        )

    def row(self) -> TakenAway:
        """The row of an act, not stored yet."""
        return TakenAway(
            key=self.key,
            at=self.at,
            event=self.event,
            model=self.model,
            object_pk=self.pk,
            values=self.values,
        )


def note(event: str, obj: Model | None) -> None:
    """Note an act in its transaction; an event that takes nothing away is passed over."""
    if event not in ACTS or obj is None:
        return
    TakenAway.objects.create(
        at=timezone.now(),
        event=event,
        model=obj._meta.label_lower,
        object_pk=str(obj.pk),
        values=_values(obj),
    )
    if connection.vendor == "sqlite":  # then the database is a file of this computer as well
        transaction.on_commit(copy_out_or_say)


def _values(obj: Model) -> dict[str, Any]:
    """What has to be known to do an act again."""
    match obj:
        case User():
            return {name: getattr(obj, name) for name in STAFF_FIELDS}
        case Erasure():
            told = {"patient": obj.patient_id, "reason": obj.reason, "digest": obj.digest}
            return told | {"at": obj.at.isoformat()}
    return {}


# --- The file ----------------------------------------------------------------------------------


def ledger() -> Path:
    """The file of the acts."""
    return Path(settings.BACKUP_DIR) / FILE_NAME


def copy_out() -> int:
    """Add every act that the file lacks, and flush it; returns how many. Raises OSError.

    Several processes may do so at once: an act that stands twice is read once.
    """
    path = ledger()
    there = {act.key for act in acts([path])}
    lacking = [Act.of(row) for row in TakenAway.objects.order_by("at") if row.key not in there]
    if lacking:
        _append(path, "".join(act.line() for act in lacking))
    return len(lacking)


def copy_out_or_say() -> None:
    """Add what the file lacks. The act stands even where the file cannot be written."""
    try:
        copy_out()
    except OSError as error:
        logger.error("revocations not copied", exc_info=error)


def _append(path: Path, lines: str) -> None:
    """Add whole lines, also after one that a crash cut off, and have the disk keep them."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        size = os.fstat(descriptor).st_size
        cut_off = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        os.write(descriptor, ("\n" * cut_off + lines).encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def acts(paths: Iterable[Path]) -> list[Act]:
    """Every act of these files once, oldest first. A line cut off by a crash is passed over."""
    found: dict[UUID, Act] = {}
    for path in paths:
        for line in path.read_text().splitlines() if path.exists() else ():
            try:
                act = Act.read(line)
            except (ValueError, TypeError, KeyError):
                continue
            found[act.key] = act
    return sorted(found.values(), key=lambda act: act.at)


# --- After a restore ---------------------------------------------------------------------------


def lacking(
    found: Iterable[Act], made_at: datetime, models: dict[str, type[Model]], alias: str
) -> Iterator[Act]:
    """Those of these acts that are not in a backup that was restored there.

    A backup of a version without `TakenAway` cannot say: then what is not clearly older counts.
    """
    if model := models.get(TakenAway._meta.label_lower):
        stored = set(model._base_manager.using(alias).values_list("key", flat=True))
        return (act for act in found if act.key not in stored)
    return (act for act in found if act.at >= made_at - LONGEST_COMMIT)


def repeat(found: Iterable[Act], models: dict[str, type[Model]], alias: str) -> int:
    """Do acts again in a database with these models; returns how many changed a row."""
    return sum(_repeat(act, models[act.model], alias) for act in found if act.model in models)


def _repeat(act: Act, model: type[Model], alias: str) -> int:
    rows = model._base_manager.using(alias).filter(pk=act.pk)
    what = ACTS.get(act.event, ERASED)
    if what == STAFF:
        return rows.update(**{name: act.values[name] for name in STAFF_FIELDS})
    known = {field.name for field in model._meta.concrete_fields}
    return rows.filter(**{what: None}).update(**{what: act.at}) if what in known else 0


def take_in(paths: Iterable[Path]) -> None:
    """Store the acts of these files that the restored database lacks."""
    TakenAway.objects.bulk_create([act.row() for act in acts(paths)], ignore_conflicts=True)


def erased() -> Iterator[dict[str, Any]]:
    """What was noted of each patient who was erased, oldest first."""
    for row in TakenAway.objects.filter(event=PATIENT_ERASED).order_by("at"):
        yield row.values
