"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from chiro.practice import looks, search_engines, statement, views
from exercises.admin import dashboard

urlpatterns = [
    path("", include("screening.urls")),
    path("", include("exercises.urls")),
    path("admin/", include("chiro.practice.second_factor_urls")),
    path("admin/dashboard/", admin.site.admin_view(dashboard.page), name="dashboard"),
    path("admin/", admin.site.urls),
    path("language/", views.choose_language, name="language"),
    path("privacy/", statement.privacy, name="privacy"),
    path("accessibility/", statement.accessibility, name="accessibility"),
    path("look/<slug:digest>/theme.css", looks.patient_theme, name="theme"),
    path("look/<slug:digest>/admin.css", looks.admin_theme, name="admin-theme"),
    path("look/<slug:digest>/logo.png", looks.logo, name="logo"),
    path("robots.txt", search_engines.robots, name="robots"),
]

handler400 = "chiro.practice.views.bad_request"
handler403 = "chiro.practice.views.permission_denied"
handler404 = "chiro.practice.views.page_not_found"
handler500 = "chiro.practice.views.server_error"

admin.site.site_header = "Screens and plans"
admin.site.site_title = "Screens and plans"
admin.site.index_title = "Practice"
