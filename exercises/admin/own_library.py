"""The practice's own exercises, its words over the library, and its plan templates."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from chiro.languages import ENGLISH
from chiro.practice.models import Practice
from chiro.practice.offered import offered
from exercises import library, shelf
from exercises.library.cards import EQUIPMENT, TAGS
from exercises.models import OwnPicture, PlanTemplate, PracticeExercise
from exercises.services import own_exercises, templates
from exercises.services.cautions import FACT_WORDS
from screening.admin.acting import staff
from screening.admin.screenings import see_other
from screening.services.review import RefusedError

UNPROCESSABLE = 422
STEPS_FROM, STEPS_TO, STEP_LENGTH = 2, 6, 80
CAUTION = "caution_"


def caution_fields() -> dict[str, forms.Field]:
    """A field for each safety tag: the words to print for patients whom it concerns."""
    return {
        f"{CAUTION}{tag}": forms.CharField(
            required=False, max_length=160, label=FACT_WORDS[tag].capitalize()
        )
        for tag in TAGS
    }


class OwnExerciseForm(forms.ModelForm):
    """An exercise of the practice's own, with its picture and its cautions."""

    new_picture = forms.FileField(
        required=False,
        label="Picture",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
        help_text="PNG or JPEG, 2 MB at most. No patient's picture without their written consent.",
    )
    equipment = forms.MultipleChoiceField(
        choices=list(EQUIPMENT.items()), required=False, widget=forms.CheckboxSelectMultiple
    )
    closed_for = forms.MultipleChoiceField(
        choices=[(fact, words.capitalize()) for fact, words in FACT_WORDS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Blocked for",
    )
    easier = forms.ChoiceField(required=False, label="Easier one")
    harder = forms.ChoiceField(required=False, label="Harder one")

    picture_drawn: OwnPicture | None = None

    class Meta:
        model = PracticeExercise
        fields = ["title"]  # The admin names all it shows.
        labels = {"alt": "Words for the picture", "is_active": "In use"}
        labels |= {"worked_side": "Left and right mean", "reps": "Times"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.instance.slug if self.instance.pk else ""
        cards = [(card.slug, card.name) for card in shelf.cards().values() if card.dose]
        for name in ("easier", "harder"):
            field = self.fields.get(name)
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", "None"), *(pair for pair in cards if pair[0] != own)]
        self.fields.update(caution_fields())
        for tag, words in (self.instance.cautions or {}).items():
            self.initial[f"{CAUTION}{tag}"] = words

    def clean_steps(self) -> str:
        """The steps, one a line."""
        lines = shelf.lines(self.cleaned_data["steps"])
        if not STEPS_FROM <= len(lines) <= STEPS_TO:
            raise forms.ValidationError(f"Write {STEPS_FROM} to {STEPS_TO} steps, one a line.")
        if any(len(line) > STEP_LENGTH for line in lines):
            raise forms.ValidationError(f"Keep each step under {STEP_LENGTH} characters.")
        return "\n".join(lines)

    def clean_new_picture(self) -> None:
        """Draw the picture anew; a file that is none is refused."""
        file = self.cleaned_data["new_picture"]
        if file:
            try:
                self.picture_drawn = own_exercises.draw(file)
            except own_exercises.PictureError as problem:
                raise forms.ValidationError(str(problem)) from None

    def clean(self) -> dict[str, Any]:
        """What belongs together: picture and its words, sides and what they mean, a dose."""
        found = super().clean() or {}
        has_picture = self.picture_drawn is not None or self.instance.picture_id
        if has_picture and not found.get("alt"):
            self.add_error("alt", "Say what the picture shows, for who cannot see it.")
        if found.get("sides") == PracticeExercise.Sides.EACH and not found.get("worked_side"):
            self.add_error("worked_side", "Say what left and right mean.")
        if not found.get("reps") and not found.get("hold_seconds"):
            self.add_error("reps", "Give repetitions, or seconds to hold.")
        self.instance.cautions = {
            tag: found[f"{CAUTION}{tag}"] for tag in TAGS if found.get(f"{CAUTION}{tag}")
        }
        return found


class KeptAdmin(admin.ModelAdmin):
    """Rows that are retired, never deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A row may be named by a plan."""
        return False


class OwnExerciseAdmin(KeptAdmin):
    """The practice's own exercises."""

    form = OwnExerciseForm
    list_display = ("title", "kind", "difficulty", "reviewed_by", "reviewed_on", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("title",)
    fieldsets = (
        (None, {"fields": ("title", "is_active", ("kind", "stage", "difficulty"))}),
        ("Words", {"fields": ("purpose", "steps", "feel", "mistake", "too_hard", "too_easy")}),
        ("Dose", {"fields": (
            ("sets", "reps", "hold_seconds", "rest_seconds", "days_per_week"),
            ("sides", "worked_side", "position"), "equipment")}),
        ("Ladder", {"fields": (("easier", "harder"),)}),
        ("Blocked", {"fields": ("closed_for",)}),
        ("Printed cautions", {"fields": tuple(f"{CAUTION}{tag}" for tag in TAGS),
            "classes": ("collapse",)}),
        ("Picture", {"fields": ("new_picture", "alt")}),
        ("Source and review", {"fields": ("source", "reviewed_by", "reviewed_on")}),
    )  # fmt: skip

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """The form, which makes the fields of the cautions itself."""
        names = flatten_fieldsets(self.get_fieldsets(request, obj))
        kwargs["fields"] = [name for name in names if not name.startswith(CAUTION)]
        return super().get_form(request, obj, change, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Whoever writes it reviews it, today, unless they say otherwise."""
        return {"reviewed_by": staff(request).display_name, "reviewed_on": timezone.localdate()}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Hand it to its service."""
        own_exercises.save(exercise=obj, by=staff(request), picture=form.picture_drawn)


class TemplateAdmin(KeptAdmin):
    """Plan templates: a name, and whether they are offered. They are kept on the review page."""

    list_display = ("name", "exercises", "is_active", "changed_at", "changed_by")
    fields = ("name", "is_active", "exercises")
    readonly_fields = ("exercises",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A plan is kept as a template on its review page."""
        return False

    @admin.display(description="Exercises")
    def exercises(self, template: PlanTemplate) -> str:
        """What is in it, by title."""
        cards = shelf.cards()
        slugs = [row["slug"] for row in template.rows]
        return ", ".join(cards[slug].name if slug in cards else slug for slug in slugs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Hand it to its service."""
        templates.change(template=obj, by=staff(request))


class LibraryTextAdmin(KeptAdmin):
    """The shipped cards: which of their texts are the practice's own, and a form for each card."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Texts belong to the shipped cards."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """A page a card."""
        view = self.admin_site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(self.card))
        return [
            path("<slug:slug>/words/", view, name="exercises_libraryoverlay_card"),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """There is no page of a single row."""
        raise Http404

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Every shipped card with what is changed on it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        changed = own_exercises.changed_cards()
        cards = [
            {"slug": card.slug, "name": card.name, "stage": card.stage, "changed": found}
            for card in library.load().values()
            if (found := changed.get(card.slug, (0, 0))) is not None
        ]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Library texts",
            "cards": cards,
        }
        return TemplateResponse(request, "admin/exercises/library.html", context)

    def card(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The texts of a card, shipped and own side by side."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        languages = [(one.code, one.name) for one in offered(Practice.current())]
        language = request.GET.get("language", ENGLISH)
        if slug not in library.load() or language not in dict(languages):
            raise Http404
        if request.method == "POST":
            return self.reword(request, slug, language, languages)
        return self.show(request, slug, language, languages)

    def reword(
        self, request: HttpRequest, slug: str, language: str, languages: list[tuple[str, str]]
    ) -> HttpResponse:
        """Store what was typed; a refusal keeps it on the page."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        typed = {field: request.POST.get(field, "") for field in shelf.FIELDS}
        if reset := request.POST.get("reset"):
            typed[reset] = ""
        try:
            own_exercises.reword(slug=slug, language=language, typed=typed, by=staff(request))
        except RefusedError as refusal:
            messages.error(request, f"Nothing is saved. {refusal}")
            return self.show(request, slug, language, languages, typed, status=UNPROCESSABLE)
        messages.success(request, "Saved. Approved plans stay as they are.")
        address = reverse("admin:exercises_libraryoverlay_card", args=[slug])
        return see_other(f"{address}?language={language}")

    def show(
        self,
        request: HttpRequest,
        slug: str,
        language: str,
        languages: list[tuple[str, str]],
        typed: dict[str, str] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        """The form of a card."""
        texts = [
            {"text": text, "own": (typed or {}).get(text.field, text.own)}
            for text in own_exercises.texts(slug, language)
        ]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"Words of {library.load()[slug].name}",
            "texts": texts,
            "slug": slug,
            "language": language,
            "languages": languages if len(languages) > 1 else [],
            "may_change": self.has_change_permission(request),
        }
        return TemplateResponse(
            request, "admin/exercises/library_card.html", context, status=status
        )
