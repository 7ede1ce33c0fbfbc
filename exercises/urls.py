"""Addresses of the patient's plan, with no number of a record, and of the papers of the staff."""

from django.contrib import admin
from django.urls import path

from exercises import (
    card_views,
    diary_views,
    follow_up_views,
    paper_views,
    profile_views,
    starter_views,
    views,
)

app_name = "exercises"
staff = admin.site.admin_view

urlpatterns = [
    path("p/<str:token>/", views.open_link, name="open_link"),
    path("plan/", views.plan_page, name="plan"),
    path("plan/done/", diary_views.tick, name="tick"),
    path("plan/diary/", diary_views.day, name="diary"),
    path("plan/diary/days/", diary_views.days, name="diary_days"),
    path("plan/diary/<slug:day>/", diary_views.day, name="diary_day"),
    path("plan/still-there/", diary_views.still_there, name="still_there"),
    path("plan/close/", views.close_plan, name="close_plan"),
    path("plan/check-in/", follow_up_views.check_in, name="check_in"),
    path("plan/progress/", follow_up_views.progress, name="progress"),
    path("plan/again/", follow_up_views.again, name="again"),
    path("plan/then-and-now/", follow_up_views.then_and_now, name="then_and_now"),
    path("plan/home-exercise-plan.pdf", views.plan_pdf, name="plan_pdf"),
    path("plan/large-print.pdf", views.plan_pdf, {"edition": "large"}, name="plan_large"),
    path("plan/fridge-sheet.pdf", views.plan_pdf, {"edition": "fridge"}, name="plan_fridge"),
    path("first-exercises/", starter_views.first_exercises, name="starter"),
    path("exercise-picture/<slug:digest>.jpg", starter_views.own_picture, name="own_picture"),
    path("admin/profile/preview/", staff(profile_views.preview), name="profile_preview"),
    path("admin/profile/<slug:colour>.css", staff(profile_views.colours), name="profile_colours"),
    path("admin/paper/blank-questionnaire.pdf", staff(paper_views.blank_pdf), name="blank_pdf"),
    path("admin/paper/card.pdf", staff(card_views.invitation_card), name="invitation_card"),
    path("admin/paper/key-in/", staff(paper_views.key_in), name="key_in"),
    path(
        "admin/paper/<int:pk>/chart-summary.pdf",
        staff(paper_views.summary_pdf),
        name="summary_pdf",
    ),
]
