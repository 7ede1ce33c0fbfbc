"""The signing key of this installation, made once at first start and kept in a private file.

Read by `chiro.settings` only. The key never leaves the data directory and is never printed.
"""

import os
import secrets
from pathlib import Path

KEY_BYTES = 64


def private_directory(path: Path) -> Path:
    """Make `path` (and its parents), readable by its owner only, and return it."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def read_or_create(path: Path) -> str:
    """Return the key in `path`, writing a random one first where there is none.

    The key is written to a file of its own and linked into place, so that any number of first
    starts at the same moment agree on one complete key. The file has mode 0600.
    """
    if not path.exists():
        _create(path)
    return path.read_text(encoding="ascii").strip()


def _create(path: Path) -> None:
    """Link a fresh key to `path`; when another process was first, keep the other's."""
    private_directory(path.parent)
    candidate = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(candidate, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(KEY_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(candidate, path)
    except FileExistsError:
        pass
    finally:
        candidate.unlink()
