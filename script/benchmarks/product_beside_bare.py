"""The site with one view more, which does nothing but answer: what a download is measured against.

Its addresses are in `bare_urls`.
"""

from chiro.settings import *  # noqa: F403

ROOT_URLCONF = "script.benchmarks.bare_urls"
