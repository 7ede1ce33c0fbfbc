"""The library as this practice uses it: shipped cards, its own words over them, its own exercises.

The planner chooses among shipped cards only; plans are built and printed from this shelf. What is
approved keeps the words that it was approved with. Reads only; `services.own_exercises` writes.
"""

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Any

from django.utils.translation import get_language, override

from chiro.languages import ENGLISH
from exercises import library
from exercises.library import Card, Dose, Kind, Sides, Words
from exercises.library.cards import EQUIPMENT, LANGUAGE, Photo, Pose, Range
from exercises.models import OWN_SLUG, LibraryOverlay, OwnPicture, PracticeExercise
from exercises.wording import cards_in_language

PICTURE = "own:"
"""What the name of a practice's own picture begins with; its digest follows."""

LISTS = ("steps", "mistakes")
ONE_TEXT = ("title", "purpose", "feel", "cue", "too_hard", "too_easy", "advice", "target")
FIELDS = ("title", "purpose", *LISTS, *ONE_TEXT[2:])
"""The texts of a card that a practice may word itself. Cautions and evidence stay as shipped."""


def cards() -> Mapping[str, Card]:
    """Every card for the staff, in English, also retired ones of the practice's own."""
    return _with_overlays({**library.load(), **_own()}, ENGLISH)


def in_language() -> Mapping[str, Card]:
    """Every card in the active language, as a plan prints it."""
    return _with_overlays({**cards_in_language(), **_own()}, get_language() or ENGLISH)


def retired() -> frozenset[str]:
    """The practice's own cards that are not offered any more."""
    rows = PracticeExercise.objects.filter(is_active=False).values_list("pk", flat=True)
    return frozenset(f"{OWN_SLUG}{pk}" for pk in rows)


def shipped(slug: str, field: str, language: str = ENGLISH) -> str:
    """A shipped text of a card as one text, in a language; lists a line each."""
    if language == ENGLISH:
        card = library.load()[slug]
    else:
        with override(language):
            card = cards_in_language()[slug]
    return as_text(getattr(card.words[LANGUAGE], field))


def as_text(value: Any) -> str:
    """A text of a card as it is typed."""
    return value if isinstance(value, str) else "\n".join(value)


def digest(text: str) -> str:
    """What tells one shipped text from a later one."""
    return sha256(text.encode()).hexdigest()


def embedded(content: Mapping[str, Any]) -> dict[str, Any]:
    """A plan's content with the practice's own pictures inside, for a paper that fetches nothing.

    The stored content names them by digest; the drawings stay names.
    """
    cards = content.get("exercises", [])
    names = {p["file"] for card in cards for p in card["pictures"] if p["file"].startswith(PICTURE)}
    if not names:
        return dict(content)
    rows = OwnPicture.objects.in_bulk([name.removeprefix(PICTURE) for name in names])
    inside = {f"{PICTURE}{digest}": _data_url(row) for digest, row in rows.items()}
    shown = [
        {
            **card,
            "pictures": [
                {**picture, "file": inside.get(picture["file"], picture["file"])}
                for picture in card["pictures"]
            ],
        }
        for card in cards
    ]
    return {**content, "exercises": shown}


def _data_url(picture: OwnPicture) -> str:
    return f"data:{picture.media_type};base64,{b64encode(bytes(picture.content)).decode('ascii')}"


# --- overlays ---------------------------------------------------------------------------------


def _with_overlays(found: dict[str, Card], language: str) -> Mapping[str, Card]:
    rows = LibraryOverlay.objects.filter(language=language).values_list("slug", "field", "text")
    by_slug: dict[str, dict[str, Any]] = {}
    for slug, field, text in rows:
        if slug in found and field in FIELDS:
            by_slug.setdefault(slug, {})[field] = lines(text) if field in LISTS else text
    for slug, texts in by_slug.items():
        found[slug] = _worded(found[slug], texts)
    return found


def _worded(card: Card, texts: Mapping[str, Any]) -> Card:
    words = replace(card.words[LANGUAGE], **texts)
    return replace(card, words={LANGUAGE: words})


def lines(text: str) -> tuple[str, ...]:
    """The lines that say something."""
    return tuple(" ".join(line.split()) for line in text.splitlines() if line.strip())


# --- own exercises ----------------------------------------------------------------------------

READ = (
    "pk", "title", "kind", "stage", "difficulty", "purpose", "steps", "feel", "mistake", "too_hard",
    "too_easy", "position", "sides", "worked_side", "equipment", "sets", "reps", "hold_seconds",
    "rest_seconds", "days_per_week", "cautions", "closed_for", "easier", "harder", "picture_id",
    "picture__width", "picture__height", "alt", "source", "reviewed_by", "reviewed_on",
)  # fmt: skip


def _own() -> dict[str, Card]:
    rows = PracticeExercise.objects.order_by("title", "pk").values(*READ)
    made = (_card(json.dumps(row, default=str, sort_keys=True)) for row in rows)
    return {card.slug: card for card in made}


@lru_cache(maxsize=256)
def _card(values: str) -> Card:
    """The card of a row's values (JSON); the same one as long as they are the same."""
    row = json.loads(values)
    mobility = row["kind"] == Kind.MOBILITY
    sides = Sides(row["sides"])
    return Card(
        slug=f"{OWN_SLUG}{row['pk']}",
        kind=Kind(row["kind"]),
        stage="M" if mobility else str(row["stage"]),
        difficulty=row["difficulty"],
        ladder="",
        easier=row["easier"],
        harder=row["harder"],
        muscles=(),
        position=row["position"],
        equipment=_known(row["equipment"]),
        optional_equipment=(),
        sides=sides,
        worked_side=row["worked_side"] if sides is Sides.EACH else "",
        clinician_released=row["stage"] == 4 and not mobility,
        cautions=tuple(row["cautions"]),
        dose=_dose(row),
        habit=None,
        emg=(),
        sources=(),
        source_note=row["source"],
        reviewed_by=row["reviewed_by"],
        reviewed_on=date.fromisoformat(row["reviewed_on"]),
        pose=Pose(view="", start="", end="", arrow=""),
        words={LANGUAGE: _words(row)},
        closed_for=tuple(row["closed_for"]),
        needs=_known(row["equipment"]),
        photos=_photos(row),
    )


def _known(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name in EQUIPMENT)


def _dose(row: Mapping[str, Any]) -> Dose:
    def exactly(number: int) -> Range:
        return Range(low=number, high=number)

    return Dose(
        sets=exactly(row["sets"]),
        reps=exactly(row["reps"]) if row["reps"] else None,
        hold_seconds=exactly(row["hold_seconds"]),
        rest_seconds=row["rest_seconds"],
        times_a_day=1,
        times_a_day_irritable=1,
        days_per_week=exactly(row["days_per_week"]),
    )


def _words(row: Mapping[str, Any]) -> Words:
    return Words(
        title=row["title"],
        purpose=row["purpose"],
        steps=lines(row["steps"]),
        mistakes=(row["mistake"],),
        cue="",
        feel=row["feel"],
        too_hard=row["too_hard"],
        too_easy=row["too_easy"],
        cautions=row["cautions"],
    )


def _photos(row: Mapping[str, Any]) -> tuple[Photo, ...]:
    if not row["picture_id"]:
        return ()
    return (
        Photo(
            file=f"{PICTURE}{row['picture_id']}",
            alt=row["alt"],
            width=row["picture__width"],
            height=row["picture__height"],
        ),
    )
