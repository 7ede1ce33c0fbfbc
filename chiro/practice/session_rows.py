"""Sessions as rows of the database, as Django keeps them; reading one is a `Lookup`.

Named by `settings.SESSION_ENGINE`. Writing, ending and renewing are Django's own.
"""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from chiro.practice.lookups import Lookup

BY_KEY = Lookup(Session, "session_key")


class SessionStore(db.SessionStore):
    """A session that is a row."""

    def _get_session_from_db(self) -> Session | None:
        """The live row of this session. Without one the key is forgotten, as Django does."""
        row = BY_KEY.find(self.session_key) if self.session_key else None
        if row is not None and row.expire_date > timezone.now():
            return row
        self._session_key = None
        return None
