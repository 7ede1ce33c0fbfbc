"""The site's settings with less durability than the product has: a fault test must notice it.

`WEAK_PRAGMAS` replaces what is run on each new SQLite connection.
"""

import os

from chiro.settings import *  # noqa: F403
from chiro.settings import DATABASES

DATABASES["default"]["OPTIONS"]["init_command"] = os.environ["WEAK_PRAGMAS"]
