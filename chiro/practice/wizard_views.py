"""The pages of the first hour: making the owner with the console's code, then the steps."""

from typing import Any

from allauth.core.internal import ratelimit
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from chiro.practice import wizard
from chiro.practice.models import Practice, Role, User

TRIES = {"set_up": "10/h/ip"}


class SetUpForm(forms.Form):
    """The code, the practice and its first owner."""

    code = forms.CharField(label="Code from the console", max_length=40)
    name = forms.CharField(label="Name of the practice", max_length=100)
    address = forms.CharField(max_length=200, required=False)
    phone = forms.CharField(max_length=30, required=False)
    emergency_number = forms.CharField(max_length=20, initial="911")
    paper = forms.ChoiceField(choices=Practice.Paper.choices)
    first_name = forms.CharField(label="Your first name", max_length=150)
    last_name = forms.CharField(label="Your last name", max_length=150)
    username = forms.CharField(label="Account name", max_length=150)
    password = forms.CharField(
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 15 characters: four words that belong to nothing make a good one.",
    )
    again = forms.CharField(
        label="Password again",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    PROFILE = ("name", "address", "phone", "emergency_number", "paper")
    OWNER = ("first_name", "last_name", "username")

    def clean_username(self) -> str:
        """An account name that is free and well formed."""
        name: str = self.cleaned_data["username"]
        User._meta.get_field("username").run_validators(name)
        if User.objects.filter(username__iexact=name).exists():
            raise forms.ValidationError("There is an account with this name.")
        return name

    def clean(self) -> dict[str, Any]:
        """The same password twice, and a good one."""
        given = super().clean() or {}
        password = given.get("password")
        if password and password != given.get("again"):
            self.add_error("again", "The two passwords differ.")
        elif password:
            try:
                validate_password(password, User(**self.chosen(self.OWNER)))
            except forms.ValidationError as problem:
                self.add_error("password", problem)
        return given

    def chosen(self, names: tuple[str, ...]) -> dict[str, Any]:
        """The given values of some fields."""
        return {name: self.cleaned_data.get(name, "") for name in names}


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def set_up(request: HttpRequest) -> HttpResponse:
    """Make the profile and the owner; there is no such page once there is an owner."""
    if not wizard.needed():
        raise Http404
    form = SetUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _begun(request, form):
        messages.success(request, "The practice is set up. Sign in with the account you made.")
        return redirect(f"{reverse('account_login')}?next={reverse('set_up_steps')}")
    return TemplateResponse(request, "admin/practice/set_up.html", {"form": form})


def _begun(request: HttpRequest, form: SetUpForm) -> bool:
    """Take the code; a wrong one stands beside its field."""
    if not ratelimit.consume(request, app="set_up", action="set_up", config=TRIES):
        form.add_error("code", "Too many tries. Wait an hour.")
        return False
    try:
        wizard.begin(
            code=form.cleaned_data["code"],
            profile=form.chosen(form.PROFILE),
            owner=form.chosen(form.OWNER),
            password=form.cleaned_data["password"],
        )
    except wizard.CodeError as problem:
        form.add_error("code", str(problem))
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def steps(request: HttpRequest) -> HttpResponse:
    """What to do before the first patient comes; a press says that the test print was right."""
    owner = request.user
    if not isinstance(owner, User) or owner.role != Role.OWNER:
        raise PermissionDenied
    if request.method == "POST":
        wizard.note_print(by=owner)
        return redirect("set_up_steps")
    context = {
        **admin.site.each_context(request),
        "title": "First steps",
        "steps": wizard.steps(owner),
        "left": wizard.left(owner),
    }
    return TemplateResponse(request, "admin/practice/steps.html", context)
