"""System checks that stop an unsafe installation from starting."""

import sqlite3
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connection

from chiro import starting
from chiro.sqlite_modes import Version, wal_is_safe


@register()
def no_debug_on_a_public_address(**kwargs: Any) -> list[CheckMessage]:
    """DEBUG shows source and settings: only for an address of this computer."""
    if settings.DEBUG and settings.PUBLIC_HOST not in settings.LOOPBACK_HOSTS:
        return [
            Error(
                "DEBUG is on and PUBLIC_BASE_URL is not an address of this computer.",
                hint="Unset DEBUG, or set PUBLIC_BASE_URL to http://127.0.0.1:8000.",
                id="practice.E001",
            )
        ]
    return []


@register()
def sqlite_is_opened_safely(**kwargs: Any) -> list[CheckMessage]:
    """Refuse a write-ahead log on a SQLite that can corrupt it, and lazy or mapped writes."""
    database = settings.DATABASES["default"]
    if database["ENGINE"] != "django.db.backends.sqlite3":
        return []
    return unsafe_sqlite(database.get("OPTIONS", {}), sqlite3.sqlite_version_info[:3])


def unsafe_sqlite(options: dict[str, Any], version: Version) -> list[CheckMessage]:
    """Return what is wrong with these SQLite options on this version."""
    command = str(options.get("init_command", "")).replace(" ", "").lower()
    found: list[CheckMessage] = []
    if "journal_mode=wal" in command and not wal_is_safe(version):
        found.append(
            Error(
                "This SQLite can corrupt a database in WAL mode.",
                hint="Use journal_mode=DELETE, or SQLite 3.51.3 or later.",
                id="practice.E002",
            )
        )
    if "synchronous=extra" not in command and "synchronous=full" not in command:
        found.append(
            Error(
                "SQLite would acknowledge answers that are not on disk yet.",
                hint="Set synchronous to EXTRA (DELETE mode) or FULL (WAL mode).",
                id="practice.E003",
            )
        )
    if "mmap_size" in command:
        found.append(
            Error(
                "mmap_size must not be set: it turns a disk fault into corruption.",
                id="practice.E004",
            )
        )
    return found


@register(Tags.database)
def sqlite_file_is_sound(**kwargs: Any) -> list[CheckMessage]:
    """Refuse a damaged database file before anything is written to it."""
    database = settings.DATABASES["default"]
    if database["ENGINE"] != "django.db.backends.sqlite3" or not kwargs.get("databases"):
        return []
    if problem := starting.damaged(Path(database["NAME"])):
        return [Error(problem, id="practice.E005")]
    return []


@register(Tags.database)
def postgresql_waits_for_the_disk(**kwargs: Any) -> list[CheckMessage]:
    """Warn where PostgreSQL would lose at a power cut what it said is stored."""
    database = settings.DATABASES["default"]
    asked = "default" in (kwargs.get("databases") or ())
    if database["ENGINE"] != "django.db.backends.postgresql" or not asked:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM pg_settings WHERE setting = 'off' "
            "AND name IN ('fsync', 'full_page_writes', 'synchronous_commit') ORDER BY name"
        )
        off = ", ".join(name for (name,) in cursor.fetchall())
    if not off:
        return []
    return [
        Warning(
            f"PostgreSQL would lose answers at a power cut: {off} is off.",
            hint="Switch it on in postgresql.conf; off is for tests only.",
            id="practice.W011",
        )
    ]


@register(Tags.security, deploy=True)
def others_cannot_read_the_data(**kwargs: Any) -> list[CheckMessage]:
    """Warn where other users of the computer can read the data directory."""
    folder = Path(settings.DATA_DIR)
    if not folder.exists() or not folder.stat().st_mode & 0o077:
        return []
    return [
        Warning(
            f"Others can read {folder}.",
            hint=f"Run: chmod 700 {folder}",
            id="practice.W006",
        )
    ]


@register(Tags.security, deploy=True)
def visitors_can_be_told_apart(**kwargs: Any) -> list[CheckMessage]:
    """Warn where every visitor has the address of the proxy: limits would count for all of them."""
    if not settings.HTTPS or settings.TRUSTED_PROXIES:
        return []
    return [
        Warning(
            "TRUSTED_PROXIES is 0 on a public site: no limit can tell visitors apart.",
            hint="Set TRUSTED_PROXIES to the number of reverse proxies in front, mostly 1.",
            id="practice.W007",
        )
    ]


@register(Tags.security, deploy=True)
def database_connection_is_verified(**kwargs: Any) -> list[CheckMessage]:
    """Warn where a database on another computer is not proved to be the right one."""
    database = settings.DATABASES["default"]
    host = str(database.get("HOST") or "")
    if not host or host.startswith("/") or host in ("localhost", "127.0.0.1", "::1"):
        return []
    if database.get("OPTIONS", {}).get("sslmode") == "verify-full":
        return []
    return [
        Warning(
            f"The connection to the database on {host} is not verified.",
            hint="Add ?sslmode=verify-full&sslrootcert=FILE to DATABASE_URL; not needed where a "
            "private network of containers on one computer carries it.",
            id="practice.W008",
        )
    ]


@register(Tags.security, deploy=True)
def staff_have_a_second_step(**kwargs: Any) -> list[CheckMessage]:
    """Warn where a password alone opens the records."""
    if settings.STAFF_SECOND_FACTOR:
        return []
    return [
        Warning(
            "A password alone opens the records.",
            hint="Unset STAFF_SECOND_FACTOR, or set it to 1.",
            id="practice.W009",
        )
    ]


@register(Tags.security, deploy=True)
def backups_and_their_key_lie_apart(**kwargs: Any) -> list[CheckMessage]:
    """Warn where whoever takes the backups takes their key as well."""
    key = Path(settings.BACKUP_KEY_FILE)
    if not any(key.is_relative_to(place) for place in (settings.BACKUP_DIR, settings.DATA_DIR)):
        return []
    return [
        Warning(
            "The key of the backups lies beside them or beside the data.",
            hint="Move BACKUP_KEY_FILE out of DATA_DIR and BACKUP_DIR.",
            id="practice.W010",
        )
    ]
