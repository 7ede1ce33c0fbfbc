"""What must hold before the site starts: its folder can be written, its SQLite file is sound.

A site that starts on a damaged database makes it worse, and one that cannot write loses answers.
Each refusal is one line that says what to do. Knows the standard library only.
"""

import os
import pwd
import sqlite3
from pathlib import Path

LOCK_SECONDS = 5
RESTORE = "move it away and restore the last backup: docs/operations.md, Restore"


class RefusedStartError(SystemExit):
    """Ends the process with one line on standard error."""


def refuse_unusable(folder: Path) -> None:
    """Raise RefusedStartError when this user cannot write in the data directory."""
    if problem := unusable(folder):
        raise RefusedStartError(problem)


def refuse_unsound(database: Path) -> None:
    """Raise RefusedStartError for a SQLite file that cannot be written or is damaged."""
    if problem := unusable(database.parent) or unwritable(database) or damaged(database):
        raise RefusedStartError(problem)


def unusable(folder: Path) -> str:
    """Say why files cannot be made in a folder, and the line that mends it; "" when they can."""
    if _hidden(folder):
        return f"{_me()} cannot look into a folder above {folder}. Set DATA_DIR elsewhere."
    if not folder.exists():
        parent = next(path for path in folder.parents if path.exists())
        if parent.is_dir() and _allowed(parent, os.W_OK | os.X_OK):
            return ""  # it is made at first start
        return f"{folder} is missing and cannot be made. Run: install -d -m 700 -o {_me()} {folder}"
    if not folder.is_dir():
        return f"{folder} is not a folder. Set DATA_DIR to one."
    if not _allowed(folder, os.R_OK | os.W_OK | os.X_OK):
        return f"{_me()} cannot write in {folder}. {_mend(folder)}"
    return ""


def unwritable(database: Path) -> str:
    """Say that a file cannot be written, and the line that mends it; "" when it can."""
    if not database.exists() or _allowed(database, os.R_OK | os.W_OK):
        return ""
    return f"{_me()} cannot write {database}. {_mend(database.parent)}"


def damaged(database: Path) -> str:
    """Say that a SQLite file is damaged; "" for a sound, a busy and a missing one."""
    if not database.exists():
        return ""
    try:
        # Opened for writing: SQLite then first undoes what a crash left half done.
        connection = sqlite3.connect(database, timeout=LOCK_SECONDS)
        try:
            said = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        finally:
            connection.close()
    except sqlite3.OperationalError as error:
        return "" if "locked" in str(error) else f"{database} cannot be read ({error})."
    except sqlite3.DatabaseError as error:
        said = str(error)
    return "" if said == "ok" else f"{database} is damaged. Do not write to it: {RESTORE}."


def _hidden(path: Path) -> bool:
    """Whether a folder above may not be passed by this user."""
    try:
        path.stat()
    except PermissionError:
        return True
    except OSError:
        return False
    return False


def _allowed(path: Path, mode: int) -> bool:
    return os.access(path, mode, effective_ids=os.access in os.supports_effective_ids)


def _mend(folder: Path) -> str:
    return f"Run as root: chown -R {_me()} {folder} && chmod -R u+rwX,go= {folder}"


def _me() -> str:
    """The name of the user who runs this."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())
