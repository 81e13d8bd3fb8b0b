"""Addresses of the risk map's pages."""

from django.urls import path

from riskmap import views, views_area, views_changes

app_name = "riskmap"

urlpatterns = [
    path("", views.show_map, name="map"),
    path("areas/<str:code>/", views_area.show_area, name="area"),
    path("changes/", views_changes.show_changes, name="changes"),
]
