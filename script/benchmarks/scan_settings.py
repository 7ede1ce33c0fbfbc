"""The site's settings for `scan_site`: next to no limit on signing in, and quick hashes of passwords."""

from chiro.settings import *  # noqa: F403

ACCOUNT_RATE_LIMITS = {"login": "100000/s/ip", "login_failed": "100000/s/ip"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
