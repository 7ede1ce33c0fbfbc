"""Encryption of a stream in blocks: nothing can be changed, left out, reordered or cut off.

AES-256-GCM over blocks of 1 MiB. Each file has a key of its own, made by HKDF from the key of the
backups and 32 random bytes in the file's head. A block's nonce holds its number and whether it is
the last, so a block that is missing, moved or cut off does not decrypt. (The "STREAM" construction
of Hoang, Reyhanitabar, Rogaway and Vizár, https://eprint.iacr.org/2015/189.)
"""

import secrets
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from chiro.practice.backups import BackupError

MAGIC = b"chiro-backup-1\n"
SALT_BYTES = 32
BLOCK = 1 << 20
TAG_BYTES = 16
DAMAGED = "This backup is damaged or cut off, or the key is another one. Nothing was changed."


class Sealer:
    """Encrypts what is written to it. `close` writes the last block, without which all is void."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        salt = secrets.token_bytes(SALT_BYTES)
        self._file, self._cipher = file, _cipher(key, salt)
        self._waiting, self._number = bytearray(), 0
        file.write(MAGIC + salt)

    def write(self, data: bytes) -> None:
        """Take more of the content."""
        self._waiting += data
        while len(self._waiting) > BLOCK:
            self._block(bytes(self._waiting[:BLOCK]), last=False)
            del self._waiting[:BLOCK]

    def close(self) -> None:
        """Write what is left as the last block; the file stays open."""
        self._block(bytes(self._waiting), last=True)

    def _block(self, content: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last=last), content, MAGIC))
        self._number += 1


def opened(file: BinaryIO, key: bytes) -> Iterator[bytes]:
    """Yield the content block by block. Raises BackupError at the first that is not as written."""
    head = file.read(len(MAGIC) + SALT_BYTES)
    if len(head) < len(MAGIC) + SALT_BYTES or not head.startswith(MAGIC):
        raise BackupError("This file is not a backup of this site.")
    cipher = _cipher(key, head[len(MAGIC) :])
    block, number = file.read(BLOCK + TAG_BYTES), 0
    while True:
        following = file.read(BLOCK + TAG_BYTES)
        try:
            yield cipher.decrypt(_nonce(number, last=not following), block, MAGIC)
        except InvalidTag as error:
            raise BackupError(DAMAGED) from error
        if not following:
            return
        block, number = following, number + 1


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    """The cipher of one file."""
    derive = HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=MAGIC)
    return AESGCM(derive.derive(key))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
