"""The card of an invitation: the practice's name, "before your visit", a QR code and a code.

Not a word about health stands on it, and no name: it lies on a desk and goes through the post.
"""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext

from chiro.practice.links import grouped
from chiro.practice.models import Practice
from chiro.practice.qr import squares
from screening.models import Invitation
from screening.services import invitations

TEMPLATE = "exercises/invitation_card.html"
CSS = "css/card.css"
FILE_NAME = "card.pdf"


def compose(invitation: Invitation, practice: Practice, *, token: str, code: str) -> dict[str, Any]:
    """Everything the card says, in the language of the invitation."""
    qr = squares(invitations.address_of(token))
    typed = f"{settings.PUBLIC_BASE_URL}{reverse('screening:invitation_code')}".split("://", 1)[-1]
    with translation.override(invitation.language):
        until = date_format(localtime(invitation.expires_at), "DATE_FORMAT")
        told = {"until": until, "phone": practice.phone, "number": practice.emergency_number}
        return {
            "language": invitation.language,
            "practice": practice.name,
            "title": gettext("Before your visit"),
            "scan": gettext("Scan this with your phone camera."),
            "picture": gettext("QR code of the link"),
            "qr": {"size": qr.size, "path": qr.path},
            "or": gettext("Or open"),
            "address": typed,
            "and": gettext("and type this code"),
            "code": grouped(code),
            "own": practice.invitation_text,
            "until": gettext("It works once, until %(until)s.") % told,
            "help": gettext("No phone? Come 10 minutes early: we have a tablet and paper."),
            "call": gettext("Questions? Call %(phone)s.") % told if practice.phone else "",
            "emergency": gettext("This is not for emergencies. Then call %(number)s.") % told,
        }
