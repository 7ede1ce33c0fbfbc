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


class Purpose(StrEnum):
    """What a link opens."""

    INVITATION = "invitation"
    PLAN = "plan"
    PLAN_CODE = "plan_code"
    RESUME = "resume"
    CHECK_IN = "check_in"


def new_token() -> str:
    """Return a fresh token: 43 characters that are safe in an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(token: str, purpose: Purpose = Purpose.PLAN) -> str:
    """Return the 64 hexadecimal digits under which a token of this purpose is stored."""
    return hashlib.sha256(f"{purpose.value}:{token}".encode()).hexdigest()
