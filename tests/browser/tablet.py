"""What a tablet is tried with: a person, and code for the served site's shell. No Django here."""

CANARY = "Canary Alvarez"
BACK_PRESSES = 10

SET_UP = """
from chiro.practice.models import User
from screening.services import kiosk
by = User.objects.create_user("desk", role="front_desk", is_staff=True)
print(kiosk.set_up(name="Front desk", by=by)[1])
"""

FILL_IN = f"""
from screening.models import Draft
from screening.questionnaire import SECTIONS
from tests.web.reviewing import IDENTITY
from tests.web.visitor import RECORD
draft = Draft.objects.get(kiosk__isnull=False)
draft.answers, draft.identity = dict(RECORD), {{**IDENTITY, "full_name": "{CANARY}"}}
draft.progress = {{"answered": [section.slug for section in SECTIONS]}}
draft.save()
"""
