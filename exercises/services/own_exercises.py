"""The practice's own exercises and its own words over the library. The only writer of both.

A picture is decoded and drawn anew, small enough for a page, so that only a picture goes out.
Nothing here changes an approved plan: it keeps its words, and pictures stay for ever.
"""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from django.db import transaction
from PIL import Image

from chiro.practice import audit, logos, permissions
from chiro.practice.models import User
from exercises import library, shelf
from exercises.library.cards import LANGUAGE
from exercises.library.reading import STEP_LENGTH, STEPS
from exercises.models import LibraryOverlay, OwnPicture, PracticeExercise
from screening.services import review as reviews
from screening.services.review import RefusedError

MAX_BYTES = 2_000_000
MAX_SIDE = 6_000
BOX = (900, 900)
"""The most pixels that are kept: sharp on paper, light on a page."""

QUALITY = 82
LONGEST = 400


class PictureError(RefusedError):
    """The file cannot be a picture of an exercise; the text says why."""


def draw(file: BinaryIO) -> OwnPicture:
    """A picture of these pixels and nothing else. Not saved. Raises PictureError."""
    try:
        found = logos.read(file, max_bytes=MAX_BYTES, max_side=MAX_SIDE)
    except logos.LogoError as problem:
        raise PictureError(str(problem)) from None
    clean = _on_white(found)
    clean.thumbnail(BOX, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=QUALITY, optimize=True)
    content = out.getvalue()
    return OwnPicture(
        digest=hashlib.sha256(content).hexdigest()[:16],
        content=content,
        media_type="image/jpeg",
        width=clean.width,
        height=clean.height,
    )


def _on_white(picture: Image.Image) -> Image.Image:
    """The picture without anything see-through, as paper shows it."""
    layered = picture.convert("RGBA")
    ground = Image.new("RGBA", layered.size, "white")
    return Image.alpha_composite(ground, layered).convert("RGB")


@transaction.atomic
def save(*, exercise: PracticeExercise, by: User, picture: OwnPicture | None = None) -> None:
    """Store an exercise, with a new picture where there is one. Raises RefusedError."""
    reviews.check_role(by, permissions.EDIT_LIBRARY, "change exercises")
    if picture is not None:
        stored = OwnPicture.objects.filter(pk=picture.digest).first()
        if stored is None:
            picture.save(force_insert=True)
        exercise.picture_id = picture.digest
    exercise.changed_by = by
    is_new = exercise.pk is None
    exercise.save()
    event = "own exercise added" if is_new else "own exercise changed"
    audit.record(event, actor=by, obj=exercise)


# --- words over the library -------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """One text of a card: as shipped today, and the practice's own over it ("" for none).

    `is_stale`: the shipped text is another one than that which the own was written over.
    """

    field: str
    label: str
    shipped: str
    own: str
    is_list: bool
    is_stale: bool


LABELS = {
    "title": "Title",
    "purpose": "What it is for",
    "steps": "Steps, one a line",
    "mistakes": "Mistakes, one a line; the first is printed",
    "feel": "Where to feel it",
    "cue": "What to think of",
    "too_hard": "When it is too hard",
    "too_easy": "When it is too easy",
    "advice": "Advice",
    "target": "Target",
}


def texts(slug: str, language: str) -> list[Text]:
    """The texts of a shipped card that may be worded anew."""
    rows = LibraryOverlay.objects.filter(slug=slug, language=language)
    own = {row.field: row for row in rows}
    card = library.load()[slug]
    fields = [field for field in shelf.FIELDS if getattr(card.words[LANGUAGE], field)]
    return [_text(slug, field, language, own.get(field)) for field in fields]


def _text(slug: str, field: str, language: str, row: LibraryOverlay | None) -> Text:
    shipped = shelf.shipped(slug, field, language)
    return Text(
        field=field,
        label=LABELS[field],
        shipped=shipped,
        own=row.text if row else "",
        is_list=field in shelf.LISTS,
        is_stale=row is not None and row.base_digest != shelf.digest(shipped),
    )


def changed_cards() -> dict[str, tuple[int, int]]:
    """Slug -> how many of its texts are the practice's own, and how many of these are stale."""
    counts: dict[str, tuple[int, int]] = {}
    for row in LibraryOverlay.objects.all():
        if row.slug not in library.load() or row.field not in shelf.FIELDS:
            continue
        shipped = shelf.shipped(row.slug, row.field, row.language)
        own, stale = counts.get(row.slug, (0, 0))
        is_stale = row.base_digest != shelf.digest(shipped)
        counts[row.slug] = (own + 1, stale + is_stale)
    return counts


@transaction.atomic
def reword(*, slug: str, language: str, typed: Mapping[str, str], by: User) -> int:
    """Store the practice's own texts of a card; an empty one goes back to the shipped text.

    Storing a text again notes that it was seen beside today's shipped text. Returns how many
    texts are the practice's own now. Raises RefusedError that names the text.
    """
    reviews.check_role(by, permissions.EDIT_LIBRARY, "change library texts")
    kept = 0
    for text in texts(slug, language):
        own = _checked(text, typed.get(text.field, ""))
        rows = LibraryOverlay.objects.filter(slug=slug, field=text.field, language=language)
        if not own or own == text.shipped:
            rows.delete()
            continue
        values = {"text": own, "base_digest": shelf.digest(text.shipped), "changed_by": by}
        LibraryOverlay.objects.update_or_create(
            slug=slug, field=text.field, language=language, defaults=values
        )
        kept += 1
    audit.record("library text changed", actor=by)
    return kept


def _checked(text: Text, typed: str) -> str:
    """The text as it is stored. Raises RefusedError."""
    if not text.is_list:
        line = " ".join(typed.split())
        if len(line) > LONGEST:
            raise RefusedError(f"{text.label}: keep it under {LONGEST} characters.")
        return line
    lines = shelf.lines(typed)
    if text.field == "steps" and lines:
        if not STEPS.low <= len(lines) <= STEPS.high:
            raise RefusedError(f"Steps: write {STEPS.low} to {STEPS.high}, one a line.")
        if any(len(line) > STEP_LENGTH for line in lines):
            raise RefusedError(f"Steps: keep each under {STEP_LENGTH} characters.")
    return "\n".join(lines)
