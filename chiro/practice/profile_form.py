"""The form of the practice's profile: its fields, its logo and a picker for its colour."""

from typing import Any

from django import forms

from chiro.practice import logos
from chiro.practice.models import Logo, Practice


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

    def clean_new_logo(self) -> Logo | None:
        """The picture, drawn anew; None when no file was picked."""
        file = self.cleaned_data["new_logo"]
        if not file:
            return None
        try:
            return logos.draw(logos.read(file))
        except logos.LogoError as problem:
            raise forms.ValidationError(str(problem)) from None

    def save(self, commit: bool = True) -> Any:
        """Write the profile with the logo that was picked, kept or removed."""
        picked: Logo | None = self.cleaned_data.get("new_logo")
        if picked is not None:
            picked.save()
            self.instance.logo = picked
        elif self.cleaned_data.get("remove_logo"):
            self.instance.logo = None
        return super().save(commit)
