"""Addresses of the campaigns' pages."""

from django.urls import path

from campaign import views, views_plans, views_registrations

app_name = "campaign"

urlpatterns = [
    path("campaigns/", views.campaign_list, name="campaigns"),
    path("campaigns/new/", views_plans.campaign_new, name="campaign_new"),
    path("campaigns/<slug:slug>/", views.show_campaign, name="campaign"),
    path("campaigns/<slug:slug>/edit/", views_plans.campaign_edit, name="campaign_edit"),
    path("campaigns/<slug:slug>/plan/<slug:section>/new/", views_plans.part_new, name="part_new"),
    path("campaigns/<slug:slug>/plan/<slug:section>/<slug:code>/", views_plans.part_edit, name="part_edit"),
    path(
        "campaigns/<slug:slug>/plan/<slug:section>/<slug:code>/drop/", views_plans.part_drop, name="part_drop"
    ),
    path("registrations/", views_registrations.own_registrations, name="own_registrations"),
    path("registrations/steps/", views_registrations.registrations_step, name="registrations_step"),
    path("registrations/<int:pk>/", views_registrations.registration, name="registration"),
    path("registrations/<int:pk>/steps/", views_registrations.registration_step, name="registration_step"),
]
