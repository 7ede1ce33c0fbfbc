"""Choices of an installation: environment variables, or files that hold what must stay secret.

`NAME_FILE` names a file with the value of `NAME`, as containers and systemd hand over passwords.
Whatever reads a variable here reads such a file too; the line break at its end does not count.
"""

import environ
from environ.fileaware_mapping import FileAwareMapping


class Surroundings(FileAwareMapping):
    """The environment, with files read in place of the values that they hold."""

    def __getitem__(self, key: str) -> str:
        return str(super().__getitem__(key)).strip()


class Environment(environ.Env):
    """Reads variables as `environ.Env` does, from `Surroundings`."""

    ENVIRON = Surroundings()
