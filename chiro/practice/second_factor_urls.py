"""Signing in, the second step and what was kept of a form: every address under /admin/ of these."""

from allauth.account.views import reauthenticate
from django.urls import include, path

from chiro.practice import kept_forms_views, second_factor_views

urlpatterns = [
    path("login/", second_factor_views.SignIn.as_view(), name="account_login"),
    path("account/confirm/", reauthenticate, name="account_reauthenticate"),
    path("account/stay/", second_factor_views.stay, name="account_stay"),
    path("account/kept/", kept_forms_views.kept, name="account_kept"),
    path("account/kept/discard/", kept_forms_views.discard, name="account_kept_discard"),
    path(
        "account/second-factor/app/picture.svg",
        second_factor_views.totp_picture,
        name="account_totp_picture",
    ),
    path("account/second-factor/", include("allauth.mfa.urls")),
]
