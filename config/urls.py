"""Every address of the portal."""

from django.urls import include, path
from django.views.i18n import set_language

handler500 = "core.views.errors.server_error"

urlpatterns = [
    path("language/", set_language, name="set_language"),
    path("", include("core.urls")),
    path("", include("riskmap.urls")),
    path("", include("campaign.urls")),
    path("", include("awards.urls")),
    path("", include("config.api")),
]
