"""Unguessable links for people without an account: one secret, kept only as its digest.

A token is 256 random bits. The database holds its SHA-256 digest and nothing else, so its links
open nothing; only the PDF of a plan holds the link that is printed on it. The digest also holds the
purpose: a token made for an invitation does not open a plan. Looking up by digest needs no
constant-time comparison, since nobody can steer it.
"""

import hashlib
import secrets
from enum import StrEnum

TOKEN_BYTES = 32
DIGEST_LENGTH = 64

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""What a code to type is made of: no 0, O, 1, I, L or U, which are misread or misheard."""

CODE_LENGTH = 8
"""8 of 30 signs are 39 bits: enough for what ends soon and opens nothing private by itself."""

CODE_GROUP = 4


class Purpose(StrEnum):
    """What a link opens."""

    INVITATION = "invitation"
    PLAN = "plan"
    PLAN_CODE = "plan_code"
    RESUME = "resume"
    CHECK_IN = "check_in"
    INVITATION_CODE = "invitation_code"
    KIOSK = "kiosk"


def new_token() -> str:
    """Return a fresh token: 43 characters that are safe in an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(token: str, purpose: Purpose = Purpose.PLAN) -> str:
    """Return the 64 hexadecimal digits under which a token of this purpose is stored."""
    return hashlib.sha256(f"{purpose.value}:{token}".encode()).hexdigest()


def new_code() -> str:
    """Return a fresh code to type, without gaps."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def grouped(code: str) -> str:
    """A code as it is shown: "7KQ4 MXRD"."""
    return " ".join(code[at : at + CODE_GROUP] for at in range(0, len(code), CODE_GROUP))


def read_code(typed: str) -> str | None:
    """The code that somebody typed, in any case and grouping; None for what cannot be one."""
    code = "".join(sign for sign in typed.upper() if sign.isalnum())
    if len(code) != CODE_LENGTH or not set(code) <= set(CODE_LETTERS):
        return None
    return code
