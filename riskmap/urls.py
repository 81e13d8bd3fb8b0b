"""Addresses of the risk map's pages."""

from django.urls import path

from riskmap import views, views_area, views_changes, views_editions, views_embed, views_paper, views_search

app_name = "riskmap"

urlpatterns = [
    path("", views.show_map, name="map"),
    path("areas/<str:code>/", views_area.show_area, name="area"),
    path("areas/<str:code>/hamlets/", views_search.show_hamlets, name="hamlets"),
    path("search/", views_search.search, name="search"),
    path("changes/", views_changes.show_changes, name="changes"),
    path("editions/", views_editions.edition_list, name="editions"),
    path("editions/<str:code>/publish/", views_editions.publish_now, name="edition_publish"),
    path("editions/<str:code>/<int:number>/", views_editions.show_edition, name="edition"),
    path("embed/<str:code>/", views_embed.embed_map, name="embed"),
    path("maps/<str:province>/<str:day>/map.<str:extension>", views_paper.map_file, name="map_file"),
    path("maps/<str:province>/<str:day>/levels.<str:extension>", views_paper.levels_file, name="levels_file"),
    path("xac-minh", views_paper.verify, name="verify"),
]
