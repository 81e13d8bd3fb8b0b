"""Addresses of the risk map's pages."""

from django.urls import path

from riskmap import views

app_name = "riskmap"

urlpatterns = [
    path("", views.show_map, name="map"),
    path("areas/<str:code>/", views.show_area, name="area"),
]
