"""Every address of the public API, its OpenAPI document and the page that shows it."""

from __future__ import annotations

import hashlib
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, re_path
from django.utils import translation
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer

from awards.api.dossiers import DossiersView, DossierView, HandingInView
from awards.api.register import AwardDecisionsView, AwardDecisionView, AwardsView
from awards.api.shortlists import ShortlistsView, ShortlistView
from campaign.api.plans import CampaignList, CampaignView
from campaign.api.pledges import PledgesView
from campaign.api.registrations import OwnRegistrationList, RegistrationList
from campaign.api.standings import StandingsView
from campaign.api.units import UnitsView
from campaign.api.zones import ZonesView
from core.api.answers import NothingHere
from core.api.areas import AreaList, AreaView
from core.api.assets import show_asset, show_pointer
from core.api.boundaries import BoundariesView
from riskmap.api.changes import ChangesView, DifferencesView
from riskmap.api.counts import CountsView
from riskmap.api.declared import DecisionsView, FactsView
from riskmap.api.editions import EditionCsv, EditionGeoJson, EditionList, EditionView
from riskmap.api.levels import FramesView, HistoryView, LevelsView, TotalsView
from riskmap.api.push import PushView
from riskmap.api.why import WayToGreenView, WhyView

operations = [
    path("api/v1/areas/", AreaList.as_view()),
    path("api/v1/areas/<str:code>/", AreaView.as_view()),
    path("api/v1/areas/<str:code>/levels/", HistoryView.as_view()),
    path("api/v1/areas/<str:code>/counts/", CountsView.as_view()),
    path("api/v1/areas/<str:code>/why/", WhyView.as_view()),
    path("api/v1/areas/<str:code>/way-to-green/", WayToGreenView.as_view()),
    path("api/v1/awards/", AwardsView.as_view()),
    path("api/v1/awards/decisions/", AwardDecisionsView.as_view()),
    path("api/v1/awards/decisions/<str:number>/", AwardDecisionView.as_view()),
    path("api/v1/boundaries/", BoundariesView.as_view()),
    path("api/v1/campaigns/", CampaignList.as_view()),
    path("api/v1/campaigns/<str:slug>/", CampaignView.as_view()),
    path("api/v1/campaigns/<str:slug>/standings/", StandingsView.as_view()),
    path("api/v1/campaigns/<str:slug>/pledges/", PledgesView.as_view()),
    path("api/v1/campaigns/<str:slug>/registrations/", RegistrationList.as_view()),
    path("api/v1/campaigns/<str:slug>/registrations/own/", OwnRegistrationList.as_view()),
    path("api/v1/changes/", ChangesView.as_view()),
    path("api/v1/counts/", PushView.as_view()),
    path("api/v1/decisions/", DecisionsView.as_view()),
    path("api/v1/differences/", DifferencesView.as_view()),
    path("api/v1/dossiers/", DossiersView.as_view()),
    path("api/v1/dossiers/<str:number>/", DossierView.as_view()),
    path("api/v1/dossiers/<str:number>/versions/", HandingInView.as_view()),
    path("api/v1/editions/", EditionList.as_view()),
    path("api/v1/editions/<str:code>/<str:number>/", EditionView.as_view()),
    path("api/v1/editions/<str:code>/<str:number>/levels.csv", EditionCsv.as_view()),
    path("api/v1/editions/<str:code>/<str:number>/levels.geojson", EditionGeoJson.as_view()),
    path("api/v1/facts/", FactsView.as_view()),
    path("api/v1/frames/", FramesView.as_view()),
    path("api/v1/levels/", LevelsView.as_view()),
    path("api/v1/shortlists/", ShortlistsView.as_view()),
    path("api/v1/shortlists/<str:number>/", ShortlistView.as_view()),
    path("api/v1/totals/", TotalsView.as_view()),
    path("api/v1/units/", UnitsView.as_view()),
    path("api/v1/zones/", ZonesView.as_view()),
]


@cache
def openapi_document() -> bytes:
    """The document of ``operations``, made once: it changes with the program only."""
    with translation.override("en"):
        document = SchemaGenerator(patterns=operations, api_version="1").get_schema(public=True)
        return OpenApiJsonRenderer().render(document)


@require_safe
def show_schema(request: HttpRequest) -> HttpResponse:
    response = _schema(request)
    response["Content-Language"] = "en"  # also of a 304
    return response


@cache_control(public=True, max_age=60)
@condition(etag_func=lambda request: f'W/"{hashlib.sha256(openapi_document()).hexdigest()[:32]}"')
def _schema(request: HttpRequest) -> HttpResponse:
    return HttpResponse(openapi_document(), content_type="application/json")


@require_safe
def show_docs(request: HttpRequest) -> HttpResponse:
    return render(request, "api_docs.html")


urlpatterns = [
    *operations,
    path("api/v1/schema/", show_schema, name="api_schema"),
    path("api/v1/docs/", show_docs, name="api_docs"),
    re_path(r"^api/(?:.*/)?$", NothingHere.as_view()),
    path("assets/<str:sha256>.<str:extension>", show_asset, name="asset"),
    path("current/<str:code>.json", show_pointer, name="current"),
]
