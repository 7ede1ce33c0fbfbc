"""The key of the backups: 256 random bits in a file of their own, outside the data directory."""

import os
import secrets
from pathlib import Path

from chiro.practice.backups import BackupError

KEY_BYTES = 32
PRIVATE_MODE = 0o600
OTHERS = 0o077


def make(path: Path, data_dir: Path) -> None:
    """Write a fresh key, readable by its owner only. Raises BackupError; never overwrites one."""
    refuse_inside(path, data_dir)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_MODE)
    except FileExistsError as error:
        raise BackupError(
            f"{path} is there already. Backups made with it need it: it is kept."
        ) from error
    except OSError as error:
        raise BackupError(
            f"{path} cannot be written ({error.strerror}): set BACKUP_KEY_FILE to a place that can."
        ) from error
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())


def read(path: Path, data_dir: Path) -> bytes:
    """Return the key. Raises BackupError where there is none, or others can read it."""
    refuse_inside(path, data_dir)
    try:
        text = path.read_text(encoding="ascii").strip()
        mode = path.stat().st_mode
    except FileNotFoundError as error:
        raise BackupError(
            f"There is no key for backups at {path}. Make one: manage.py make_backup_key"
        ) from error
    except (OSError, ValueError) as error:
        raise BackupError(f"The key for backups at {path} cannot be read.") from error
    if mode & OTHERS:
        raise BackupError(f"Others can read the key for backups. Run: chmod 600 {path}")
    return _decoded(text, path)


def _decoded(text: str, path: Path) -> bytes:
    """The bytes of a key as written. Raises BackupError for anything else."""
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise BackupError(f"{path} is not a key for backups: {2 * KEY_BYTES} hexadecimal digits.")
    return key


def refuse_inside(path: Path, data_dir: Path) -> None:
    """Raise BackupError for a key beside the data: one theft would take both."""
    if path.resolve().is_relative_to(data_dir.resolve()):
        raise BackupError("BACKUP_KEY_FILE must lie outside DATA_DIR: one theft would take both.")
