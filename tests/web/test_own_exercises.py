"""A practice's own exercises and words: usable like the library's, and never changing a plan."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from chiro.practice.models import User
from exercises import shelf
from exercises.models import LibraryOverlay, OwnPicture, PracticeExercise
from exercises.services import own_exercises, papers, planning
from tests.conftest import FormClient
from tests.web.reviewing import review_url, sent, text_of
from tests.web.test_plan_builder import BRITTLE, chiropractor, ellen, press, slugs, unprinted

__all__ = ["chiropractor", "ellen", "unprinted"]
pytestmark = pytest.mark.django_db
ADD = "/admin/exercises/practiceexercise/add/"
WORDS = "/admin/exercises/libraryoverlay/clamshell/words/"


def picture(kind: str = "PNG", size: tuple[int, int] = (1200, 600)) -> SimpleUploadedFile:
    """A picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind)
    return SimpleUploadedFile("wall-push.png", out.getvalue(), "image/png")


def typed(**changes: Any) -> dict[str, Any]:
    """A whole own exercise, as the form sends it."""
    return {
        "title": "Wall push",
        "is_active": "on",
        "kind": "strength",
        "stage": "1",
        "difficulty": "2",
        "purpose": "Wakes up the side of your hip.",
        "steps": "Stand beside a wall.\nPush your knee into the wall.",
        "feel": "Side of the hip.",
        "mistake": "Leaning away",
        "too_hard": "Push less.",
        "too_easy": "Push longer.",
        "sets": "2",
        "reps": "8",
        "hold_seconds": "5",
        "rest_seconds": "30",
        "days_per_week": "3",
        "sides": "each",
        "worked_side": "stance_leg",
        "position": "standing",
        "closed_for": ["osteoporosis"],
        "caution_knee_pain": "Keep the knee soft.",
        "alt": "A person pushes the knee into a wall.",
        "source": "House protocol 4",
        "reviewed_by": "Ellen Park, DC",
        "reviewed_on": "2026-11-20",
        **changes,
    }


def posted(client: FormClient, **changes: Any) -> Any:
    """Post the form with a file, as browsers do."""
    return Client.post(client, ADD, typed(**changes))


def test_an_own_exercise_is_built_into_a_plan_and_printed(
    chiropractor: FormClient, unprinted: None
) -> None:
    page = posted(chiropractor, new_picture=picture())
    assert page.status_code == 302, text_of(page)
    own = PracticeExercise.objects.get()
    screening = sent()
    press(chiropractor, screening, f"add:{own.slug}")
    assert own.slug in slugs(screening)
    press(chiropractor, screening, "approve")
    plan = screening.plans.get()
    card = next(card for card in plan.content["exercises"] if card["slug"] == own.slug)
    assert card["name"] == "Wall push"
    assert card["pictures"][0]["alt"] == "A person pushes the knee into a wall."
    assert papers.make(plan, papers.first()).pdf
    stored = OwnPicture.objects.get()
    assert (stored.width, stored.height) == (900, 450)
    assert card["pictures"][0]["file"] == f"own:{stored.pk}"
    shown = FormClient().get(f"/exercise-picture/{stored.pk}.jpg")
    assert shown.content == bytes(stored.content)
    assert b"wall-push" not in shown.content
    own.title = "Something else"
    own_exercises.save(exercise=own, by=plan.approved_by)
    plan.refresh_from_db()
    assert "Something else" not in str(plan.content)


def test_its_cautions_warn_and_block_like_those_of_the_library(chiropractor: FormClient) -> None:
    posted(chiropractor)
    own = PracticeExercise.objects.get()
    brittle = sent(**BRITTLE)
    page = press(chiropractor, brittle, f"add:{own.slug}")
    assert page.status_code == 422
    assert "Wall push is blocked: osteoporosis" in text_of(page)
    patient = planning.patient_of(brittle.review)
    assert not patient.filter.open(shelf.cards()[own.slug])


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"source": ""}, "This field is required"),
        ({"reviewed_by": ""}, "This field is required"),
        ({"steps": "One step"}, "Write 2 to 6 steps"),
        ({"worked_side": ""}, "Say what left and right mean"),
        ({"reps": "", "hold_seconds": "0"}, "Give repetitions, or seconds to hold"),
    ],
)
def test_an_exercise_that_is_not_whole_is_refused(
    chiropractor: FormClient, changes: dict[str, str], says: str
) -> None:
    assert says in text_of(posted(chiropractor, **changes))
    assert not PracticeExercise.objects.exists()


def test_a_picture_needs_words_and_has_to_be_one(chiropractor: FormClient) -> None:
    page = posted(chiropractor, new_picture=picture(), alt="")
    assert "Say what the picture shows" in text_of(page)
    fake = SimpleUploadedFile("a.png", b"<svg onload='x'/>", "image/png")
    assert "not a PNG or JPEG picture" in text_of(posted(chiropractor, new_picture=fake))
    huge = SimpleUploadedFile("a.png", b"\x89PNG" + b"0" * 2_000_001, "image/png")
    assert "2,000 kB or less" in text_of(posted(chiropractor, new_picture=huge))


def test_a_retired_exercise_is_not_offered_but_stays_on_its_plans(
    chiropractor: FormClient, ellen: User
) -> None:
    posted(chiropractor)
    own, screening = PracticeExercise.objects.get(), sent()
    press(chiropractor, screening, f"add:{own.slug}")
    own.is_active = False
    own_exercises.save(exercise=own, by=ellen)
    assert own.slug in slugs(screening)
    other = chiropractor.get(review_url(sent(name="Jo Other")))
    assert "Wall push" not in text_of(other)


# --- words over the library -------------------------------------------------------------------


def reword(client: FormClient, address: str = WORDS, **texts: str) -> Any:
    """Save the practice's own texts of the clam."""
    return client.post(address, texts)


def test_own_words_are_printed_and_an_approved_plan_keeps_its_own(
    chiropractor: FormClient, unprinted: None
) -> None:
    before = sent()
    press(chiropractor, before, "approve")
    assert reword(chiropractor, title="Oyster").status_code == 303
    after = sent(name="Jo Other")
    press(chiropractor, after, "approve")
    assert "Oyster" in str(after.plans.get().content)
    assert "Oyster" not in str(before.plans.get().content)


def test_an_upgrade_keeps_them_and_says_that_the_shipped_text_changed(
    chiropractor: FormClient,
) -> None:
    reword(chiropractor, title="Oyster")
    LibraryOverlay.objects.update(base_digest=shelf.digest("Shell of an older release"))
    assert shelf.cards()["clamshell"].name == "Oyster"
    library = text_of(chiropractor.get("/admin/exercises/libraryoverlay/"))
    assert "Shipped text changed" in library
    card = text_of(chiropractor.get(WORDS))
    assert "Yours is kept" in card
    assert "Shipped: Clam" in card
    reword(chiropractor, title="Oyster")
    assert "Shipped text changed" not in text_of(chiropractor.get(WORDS))


def test_reset_goes_back_to_the_shipped_text(chiropractor: FormClient) -> None:
    reword(chiropractor, title="Oyster", cue="Slowly")
    reword(chiropractor, title="Oyster", cue="Slowly", reset="title")
    clam = shelf.cards()["clamshell"]
    assert (clam.name, clam.cue) == ("Clam", "Slowly")


def test_steps_keep_to_the_length_of_a_sheet(chiropractor: FormClient) -> None:
    page = reword(chiropractor, steps="Only one")
    assert page.status_code == 422
    assert "Steps: write 4 to 6, one a line." in text_of(page)
    assert "Only one" in page.content.decode()
    assert not LibraryOverlay.objects.exists()
