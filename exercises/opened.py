"""The plan that this browser has open. Read by the patient's views."""

from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone

from exercises.models import PlanLink
from exercises.services import links

SESSION_KEY = "plan_link"
OPEN_FOR = timedelta(hours=12)


def link(request: HttpRequest) -> PlanLink | None:
    """The live link that this browser opened in the last hours."""
    opened = request.session.get(SESSION_KEY) or {"link": None, "opened": 0}
    if opened["opened"] < (timezone.now() - OPEN_FOR).timestamp():
        return None
    rows = PlanLink.objects.select_related("screening__review").defer(*links.LONG_TEXTS)
    found = rows.filter(pk=opened["link"]).first()
    return found if found and links.is_live(found) else None
