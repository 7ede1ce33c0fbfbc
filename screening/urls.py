"""The patient's addresses. None holds an answer, a name or a token."""

from django.urls import path

from screening import views

app_name = "screening"

urlpatterns = [
    path("", views.start, name="start"),
    path("check/answers/", views.check_answers, name="answers"),
    path("check/send/", views.send, name="send"),
    path("check/help-now/", views.help_now, name="help_now"),
    path("check/<slug:slug>/", views.section, name="section"),
    path("check/<slug:slug>/one-by-one/", views.one_by_one, name="one_by_one"),
    path("result/", views.result, name="result"),
]
