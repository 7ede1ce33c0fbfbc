"""Signing in, the second step, what was kept of a form, the first hour and the guide: /admin/…"""

from allauth.account.views import reauthenticate
from django.contrib import admin
from django.urls import include, path

from chiro.practice import guide_views, kept_forms_views, second_factor_views, wizard_views

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
    path("set-up/", wizard_views.set_up, name="set_up"),
    path("first-steps/", admin.site.admin_view(wizard_views.steps), name="set_up_steps"),
    path("guide/", admin.site.admin_view(guide_views.guide), name="guide"),
    path("account/second-factor/", include("allauth.mfa.urls")),
]
