"""A patient for the web tests: has an answer to everything and fills in page after page.

`RECORD` is the right-sided picture of the specification (persona P2), complete by the contract.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.test import Client

from screening.questionnaire import SECTIONS, Kind, Layout, Section
from screening.services import pathway

SAFETY_KEYS = [
    "rf_chest_pain_now",
    "rf_tearing_pain",
    "rf_bladder",
    "rf_saddle",
    "rf_bowel",
    "rf_sexual",
    "rf_both_legs",
    "rf_leg_weaker",
    "rf_clumsy",
    "rf_trauma",
    "rf_fragile_sudden_pain",
    "rf_cancer",
    "rf_weight_loss",
    "rf_constant_night_pain",
    "rf_fever",
    "rf_infection_risk",
    "rf_calf",
    "rf_groin_every_step",
    "rf_recent_surgery",
    "rf_needs_doctor_ok",
    "rf_effort_symptoms",
    "rf_cannot_move",
]

RECORD: Mapping[str, Any] = {
    "consent": True,
    "age": 42,
    "pregnancy": "not_applicable",
    "reasons": ["pain"],
    **dict.fromkeys(SAFETY_KEYS, "no"),
    "places": ["low_back:right", "buttock:right"],
    "duration": "under_6_weeks",
    "recurrence": "first",
    "pain_now": 3,
    "pain_worst": 5,
    "settles": "minutes",
    "hard_one_leg": "right",
    "hard_stairs": "right",
    "hard_long_standing": "no",
    "worse_lying_on_side": "no",
    "worse_sitting": "no",
    "worse_bending": "no",
    "hard_shoes": "no",
    "worse_turning": "no",
    "leg_symptoms": "no",
    "morning_stiffness": "no",
    "side_sleep_nights": "5_7",
    "top_knee_drops": "yes",
    "side_lain_on": "left",
    "knee_pillow": "never",
    "one_leg_standing": "rarely",
    "sitting_bout": "31_to_60",
    "sitting_hours": "6_to_8",
    "leg_crossing": "rarely",
    "first_habit": "sleep",
    "limp": "no",
    "hip_drop": "no",
    "waddle": "no",
    "tires_early": "no",
    "falls": "none",
    "unsteady": "no",
    "activity": "light",
    "injuries": [],
    "surgery": [],
    "conditions": [],
    "support_limits": [],
    "medicines": [],
    "worry": 2,
    "goals": [{"text": "Climbing stairs", "score": 4}],
    "minutes": 15,
    "days": 3,
    "equipment": ["band", "chair"],
    "floor": "yes",
    "experience": "a_little",
    "stance_left": "ok",
    "stance_left_seconds": 30,
    "stance_left_pain": 0,
    "stance_right": "drop",
    "stance_right_seconds": 20,
    "stance_right_pain": 1,
    "stance_right_pain_place": "back",
    "leg_lift_left": 0,
    "leg_lift_right": 3,
}

IDENTITY = {
    "full_name": "Maria Alvarez",
    "birth_month": "4",
    "birth_day": "15",
    "birth_year": "1984",
    "phone": "512 555 0199",
    "email": "",
    "filled_by": "self",
}


def posted(section: Section, record: Mapping[str, Any]) -> dict[str, Any]:
    """What a browser sends for a page: the contract's keys and values, as strings."""
    if section.layout is Layout.IDENTITY:
        return dict(IDENTITY)
    data: dict[str, Any] = {}
    for question in section.questions:
        if question.key in record:
            data |= _strings(question.key, question.kind, record[question.key])
    return data


def _strings(key: str, kind: Kind, value: Any) -> dict[str, Any]:
    if kind is Kind.GOALS:
        pairs = [(f"{key}_{n}", goal) for n, goal in enumerate(value, start=1)]
        texts = {f"{name}_text": goal["text"] for name, goal in pairs}
        return texts | {f"{name}_score": str(goal["score"]) for name, goal in pairs}
    if kind is Kind.MANY:
        return {key: list(value) or ["none"]}
    return {key: "true" if value is True else str(value)}


@dataclass
class Visitor:
    """A patient in a browser without JavaScript."""

    client: Client
    record: dict[str, Any] = field(default_factory=lambda: dict(RECORD))
    url: str = ""

    def start(self) -> "Visitor":
        """Press "Start now"."""
        self.follow(self.client.post("/", {"start": "new"}))
        return self

    def follow(self, response: Any) -> Any:
        """Go where a saved page leads."""
        assert response.status_code == 303, response.content.decode()[:3000]
        self.url = response.headers["Location"]
        return response

    @property
    def slug(self) -> str:
        """The page that is open now."""
        return urlsplit(self.url).path.removeprefix("/check/").strip("/").split("/")[0]

    @property
    def section(self) -> Section:
        """The page that is open now."""
        section = pathway.find(self.slug)
        assert section is not None, self.url
        return section

    def see(self) -> Any:
        """Load the page that is open now."""
        return self.client.get(self.url)

    def post(self, data: Mapping[str, Any]) -> Any:
        """Send something on the page that is open now."""
        return self.client.post(self.url, dict(data))

    def answer(self, **changes: Any) -> "Visitor":
        """Answer the page that is open now and go on."""
        self.record |= changes
        self.follow(self.post(posted(self.section, self.record)))
        return self

    def answer_until(self, slug: str) -> "Visitor":
        """Answer page after page until this one is open."""
        for _ in range(100):
            if self.slug == slug:
                return self
            self.answer()
        raise AssertionError(f"never came to {slug}")

    def until(self, key: str) -> "Visitor":
        """Answer page after page until the one that asks this key is open."""
        return self.answer_until(slug_of(key))

    def finish(self) -> "Visitor":
        """Answer everything: "Check your answers" is open then."""
        return self.answer_until("answers")

    def change(self, key: str, **changes: Any) -> "Visitor":
        """Press "Change" beside an answer and change it."""
        self.url = f"/check/{slug_of(key)}/?change=1"
        return self.answer(**changes)

    def send(self) -> "Visitor":
        """Press "Confirm and send"."""
        self.follow(self.client.post("/check/send/"))
        return self


def slug_of(key: str) -> str:
    """The page that asks a key."""
    return next(s.slug for s in SECTIONS if any(q.key == key for q in s.questions))


def text_of(response: Any) -> str:
    """A page's words without tags, in one line."""
    body = re.sub(
        r"<(style|script|title)[^>]*>.*?</\1>", " ", response.content.decode(), flags=re.S
    )
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())
