"""The site's settings for `scan_site`: no limit on signing in, and quick hashes of passwords."""

from chiro.settings import *  # noqa: F403

ACCOUNT_RATE_LIMITS = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
