"""The site for scanners: all as it is, but nobody is stopped for trying too often.

A scanner that is stopped after ten tries proves no more than that it was stopped. Passwords are
hashed quickly, since thousands of wrong ones are tried. The limits have tests of their own.
"""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "script.benchmarks.scan_settings"

from chiro.wsgi import application
from exercises.services import links
from screening.services import invitations

__all__ = ["application"]

ENDLESS = 1_000_000_000

links.CODE_TRIES = links.TRIES = links.TRIES_EVER = ENDLESS
invitations.CODE_TRIES = ENDLESS
