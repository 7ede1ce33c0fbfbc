"""Loaded once by the server that forks the renderers: importing it makes WeasyPrint ready.

What stands in memory here need not be loaded again by any of them: fonts, styles, templates, and
nothing of a patient. Where it cannot be made ready, each renderer finds out on its own and says so.
"""

from contextlib import suppress

import django

django.setup()

from exercises import pdf  # noqa: E402  models can be imported only now

with suppress(Exception):
    pdf.warm()
