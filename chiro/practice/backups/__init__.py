"""Backups that can be trusted: encrypted, proved row by row, and restored the same way.

`sealed` encrypts a stream, `keys` keeps the key, `tables` reads and writes rows alike on SQLite and
PostgreSQL, `archive` is the file, `shelf` the folder of files. `making`, `restoring` and `copying`
are what the commands `backup`, `restore`, `copy_database` and `upgrade` do.
"""


class BackupError(Exception):
    """What went wrong, in words for the person who runs the command."""
