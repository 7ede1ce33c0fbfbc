"""Addresses of the patient's plan. No number of a record is part of any."""

from django.urls import path

from exercises import views

app_name = "exercises"

urlpatterns = [
    path("p/<str:token>/", views.open_link, name="open_link"),
    path("plan/", views.plan_page, name="plan"),
    path("plan/close/", views.close_plan, name="close_plan"),
    path("plan/home-exercise-plan.pdf", views.plan_pdf, name="plan_pdf"),
]
