"""How SQLite is opened: a lost or half-written answer is clinical harm, so safety comes first.

SQLite 3.7.0 to 3.51.2 can corrupt a database in write-ahead-log mode when two checkpoints
coincide (repaired in 3.51.3, and in the maintenance releases 3.50.7 and 3.44.6). On those versions
the classic rollback journal is used, with `synchronous=EXTRA`, which also flushes the directory
after the journal is removed. On repaired versions the log is used with `synchronous=FULL`.
`synchronous=NORMAL` would acknowledge answers that are not on disk yet; it is never used, and
neither is `mmap_size`. Source: https://www.sqlite.org/wal.html#walresetbug
"""

Version = tuple[int, int, int]

FIXED_FROM: Version = (3, 51, 3)
FIXED_BRANCHES: tuple[Version, ...] = ((3, 50, 7), (3, 44, 6))
LOCK_TIMEOUT_SECONDS = 20


def wal_is_safe(version: Version) -> bool:
    """Say whether this SQLite version has the repair of the WAL-reset fault."""
    if version >= FIXED_FROM:
        return True
    return any(version[:2] == fixed[:2] and version >= fixed for fixed in FIXED_BRANCHES)


def pragmas(version: Version) -> str:
    """Return the statements run on every new connection, for this SQLite version."""
    if wal_is_safe(version):
        return "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
    return "PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA;"


def options(version: Version) -> dict[str, object]:
    """Return Django's `OPTIONS` of a SQLite database, for this SQLite version."""
    return {
        "timeout": LOCK_TIMEOUT_SECONDS,
        "transaction_mode": "IMMEDIATE",
        "init_command": pragmas(version),
    }
