"""The patient's addresses. None holds an answer, a name or a token."""

from django.urls import path

from screening import door_views, kiosk_views, resume_views, views

app_name = "screening"

urlpatterns = [
    path("", views.start, name="start"),
    path("check/answers/", views.check_answers, name="answers"),
    path("check/send/", views.send, name="send"),
    path("check/help-now/", views.help_now, name="help_now"),
    path("check/<slug:slug>/", views.section, name="section"),
    path("check/<slug:slug>/one-by-one/", views.one_by_one, name="one_by_one"),
    path("result/", views.result, name="result"),
    path("i/", door_views.invitation_code, name="invitation_code"),
    path("i/begun/", door_views.begun, name="invitation_begun"),
    path("i/<str:token>/", door_views.invitation, name="invitation"),
    path("saved/", resume_views.saved, name="saved"),
    path("resume/", resume_views.resume, name="resume"),
    path("kiosk/", kiosk_views.kiosk, name="kiosk"),
    path("kiosk/stay/", kiosk_views.kiosk_stay, name="kiosk_stay"),
    path("kiosk/still-there/", kiosk_views.kiosk_still_there, name="kiosk_still_there"),
    path("kiosk/finish/", kiosk_views.kiosk_finish, name="kiosk_finish"),
    path("kiosk/thanks/", kiosk_views.kiosk_thanks, name="kiosk_thanks"),
    path("kiosk/<str:token>/", kiosk_views.kiosk_link, name="kiosk_link"),
]
