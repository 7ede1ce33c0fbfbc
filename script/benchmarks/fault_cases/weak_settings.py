"""The site's settings with less durability than the product has: a fault test must notice it.

`WEAK_PRAGMAS` replaces what is run on each new SQLite connection, `WEAK_OPTIONS` what PostgreSQL is
told at each.
"""

import os

from chiro.settings import *  # noqa: F403
from chiro.settings import DATABASES

if "WEAK_PRAGMAS" in os.environ:
    DATABASES["default"]["OPTIONS"]["init_command"] = os.environ["WEAK_PRAGMAS"]
if "WEAK_OPTIONS" in os.environ:
    DATABASES["default"]["OPTIONS"]["options"] = os.environ["WEAK_OPTIONS"]
