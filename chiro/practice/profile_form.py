"""The form of the practice's profile: its fields, its logo and a picker for its colour."""

import re
from typing import Any

from django import forms

from chiro.practice import logos
from chiro.practice.models import Logo, Practice

HEALTH = re.compile(
    r"\b(?:hips?|back|knees?|legs?|pains?|painful|sore|glute\w*|muscles?|exercises?|diagnos\w*|"
    r"injur\w*|symptoms?|treatments?|conditions?|surger\w*|pregnan\w*|weak\w*)\b"
)
"""Words that tell a stranger why somebody goes to this practice."""


class ProfileForm(forms.ModelForm):
    """Everything about the practice. A refused logo leaves the old one in place."""

    new_logo = forms.FileField(
        label="Logo",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
        help_text="A PNG or JPEG picture of 200 kB or less. It stands at the head of every page.",
    )
    remove_logo = forms.BooleanField(label="Use no logo", required=False)

    class Meta:
        model = Practice
        fields = ["name", "accent"]  # The admin names all it shows.
        widgets = {"accent": forms.TextInput(attrs={"type": "color"})}
        help_texts = {
            "accent": "Any colour. Pages make it darker or lighter where reading needs it."
        }

    def clean_invitation_text(self) -> str:
        """The practice's own sentence: an e-mail is read by others, so it says nothing of health.

        Refuses an address too, since the only link is the invitation's.
        """
        text = " ".join(self.cleaned_data["invitation_text"].split())
        found = sorted(set(HEALTH.findall(text.lower())))
        if found:
            raise forms.ValidationError(f"E-mail is read by others. Leave out: {', '.join(found)}.")
        if "://" in text or "www." in text.lower():
            raise forms.ValidationError("The invitation's own link is enough; leave the other out.")
        return text

    def clean_new_logo(self) -> Logo | None:
        """The picture, drawn anew; None when no file was picked."""
        file = self.cleaned_data["new_logo"]
        if not file:
            return None
        try:
            return logos.draw(logos.read(file))
        except logos.LogoError as problem:
            raise forms.ValidationError(str(problem)) from None

    def show_logo(self) -> None:
        """Let the unsaved profile show the logo that was picked or removed.

        The picture is stored under its digest, so that a page can load it; no profile names it.
        """
        picked: Logo | None = self.cleaned_data.get("new_logo")
        if picked is not None:
            Logo.objects.get_or_create(
                digest=picked.digest,
                defaults={
                    "content": picked.content,
                    "media_type": picked.media_type,
                    "width": picked.width,
                    "height": picked.height,
                },
            )
            self.instance.logo_id = picked.digest
        elif self.cleaned_data.get("remove_logo"):
            self.instance.logo = None

    def save(self, commit: bool = True) -> Any:
        """Write the profile with the logo that was picked, kept or removed."""
        picked: Logo | None = self.cleaned_data.get("new_logo")
        if picked is not None:
            picked.save()
            self.instance.logo = picked
        elif self.cleaned_data.get("remove_logo"):
            self.instance.logo = None
        return super().save(commit)
