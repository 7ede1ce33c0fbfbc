"""The folder of the backups: names, what is kept and what goes."""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

NAME = re.compile(r"^chiro-(\d{8}T\d{6}Z)(-before-upgrade)?\.backup$")
STAMP = "%Y%m%dT%H%M%SZ"
DAYS_KEPT = 30
NEWEST_KEPT = 3


@dataclass(frozen=True, order=True)
class Backup:
    """A backup that is finished."""

    made_at: datetime
    path: Path


def name_for(moment: datetime, *, before_upgrade: bool = False) -> str:
    """The file name of a backup: when it was made, nothing of what is in it."""
    ending = "-before-upgrade" if before_upgrade else ""
    return f"chiro-{moment.astimezone(UTC).strftime(STAMP)}{ending}.backup"


def backups(folder: Path) -> list[Backup]:
    """The finished backups of a folder, newest first; none where there is no folder."""
    found = []
    for path in folder.glob("chiro-*.backup"):
        if matched := NAME.match(path.name):
            moment = datetime.strptime(matched[1], STAMP).replace(tzinfo=UTC)
            found.append(Backup(moment, path))
    return sorted(found, reverse=True)


def outdated(found: Iterable[Backup]) -> list[Backup]:
    """Those that may go: all but the last of each of 30 days, of each month, and the newest 3."""
    newest_first = sorted(found, reverse=True)
    keep = set(newest_first[:NEWEST_KEPT])
    of_days: dict[str, Backup] = {}
    of_months: dict[str, Backup] = {}
    for backup in newest_first:
        of_days.setdefault(f"{backup.made_at:%Y-%m-%d}", backup)
        of_months.setdefault(f"{backup.made_at:%Y-%m}", backup)
    keep |= set(list(of_days.values())[:DAYS_KEPT]) | set(of_months.values())
    return [backup for backup in newest_first if backup not in keep]


def rotate(folder: Path) -> list[Path]:
    """Remove what may go, and return what was removed."""
    gone = [backup.path for backup in outdated(backups(folder))]
    for path in gone:
        path.unlink()
    return gone


def flush_folder(folder: Path) -> None:
    """Have the disk keep the names in a folder."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
