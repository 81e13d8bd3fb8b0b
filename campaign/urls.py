"""Addresses of the campaigns' pages."""

from django.urls import path

from campaign import (
    views,
    views_conditions,
    views_diary,
    views_feedback,
    views_follow_ups,
    views_inspections,
    views_league,
    views_paper,
    views_plans,
    views_pledges,
    views_registered,
    views_registration_files,
    views_registration_forms,
    views_registrations,
    views_standings,
    views_unit_files,
    views_units,
    views_zones,
)

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
    path("campaigns/<slug:slug>/standings/", views_standings.standings, name="standings"),
    path("campaigns/<slug:slug>/standings/<slug:code>/", views_standings.show_board, name="phase_standings"),
    path(
        "campaigns/<slug:slug>/standings/<slug:code>/board.xlsx",
        views_standings.standings_file,
        name="standings_file",
    ),
    path("campaigns/<slug:slug>/standings/<slug:code>/league/", views_league.show_league, name="league"),
    path(
        "campaigns/<slug:slug>/standings/<slug:code>/progress/", views_league.show_progress, name="progress"
    ),
    path("campaigns/<slug:slug>/pledges/", views_pledges.show_pledges, name="pledges"),
    path("campaigns/<slug:slug>/pledges.xlsx", views_pledges.pledges_file, name="pledges_file"),
    path("campaigns/<slug:slug>/pledges/<str:code>/", views_pledges.edit_pledges, name="pledges_enter"),
    path("inspections/", views_inspections.inspection_list, name="inspections"),
    path("inspections/new/", views_inspections.inspection_new, name="inspection_new"),
    path("inspections/<int:pk>/", views_inspections.show_inspection, name="inspection"),
    path("inspections/<int:pk>/record/", views_inspections.inspection_record, name="inspection_record"),
    path("inspections/<int:pk>/cancel/", views_inspections.inspection_cancel, name="inspection_cancel"),
    path("inspections/<int:pk>/follow-ups/", views_inspections.follow_up_new, name="follow_up_new"),
    path("inspections/follow-ups/<int:pk>/", views_follow_ups.show_follow_up, name="follow_up"),
    path(
        "inspections/follow-ups/<int:pk>/answer/", views_follow_ups.follow_up_answer, name="follow_up_answer"
    ),
    path("inspections/follow-ups/<int:pk>/close/", views_follow_ups.follow_up_close, name="follow_up_close"),
    path(
        "inspections/follow-ups/<int:pk>/reopen/", views_follow_ups.follow_up_reopen, name="follow_up_reopen"
    ),
    path("pledges/", views_pledges.show_own_pledges, name="own_pledges"),
    path("campaigns/<slug:slug>/zones/", views_zones.zone_list, name="zones"),
    path(
        "campaigns/<slug:slug>/conditions/<int:unit_id>/",
        views_conditions.unit_conditions,
        name="unit_conditions",
    ),
    path(
        "campaigns/<slug:slug>/conditions/<int:unit_id>/<slug:code>/answer/",
        views_conditions.condition_answer,
        name="condition_answer",
    ),
    path(
        "campaigns/<slug:slug>/conditions/<int:unit_id>/<slug:code>/check/",
        views_conditions.condition_check,
        name="condition_check",
    ),
    path("conditions/", views_conditions.condition_list, name="conditions"),
    path("units/", views_units.unit_list, name="units"),
    path("units/new/", views_units.unit_new, name="unit_new"),
    path("units/near/", views_units.near_list, name="units_near"),
    path("units/export/<str:code>.xlsx", views_unit_files.units_export, name="units_export"),
    path("units/import/", views_unit_files.units_import, name="units_import"),
    path("units/import/<int:batch_id>/", views_unit_files.unit_batch, name="unit_batch"),
    path("units/import/<int:batch_id>/commit/", views_unit_files.unit_batch_commit, name="unit_batch_commit"),
    path("units/import/<int:batch_id>/rows.xlsx", views_unit_files.unit_batch_rows, name="unit_batch_rows"),
    path("units/<int:unit_id>/", views_units.show_unit, name="unit"),
    path("units/<int:unit_id>/edit/", views_units.unit_edit, name="unit_edit"),
    path("units/<int:unit_id>/close/", views_units.unit_close, name="unit_close"),
    path("units/<int:unit_id>/reopen/", views_units.unit_reopen, name="unit_reopen"),
    path("registrations/", views_registrations.own_registrations, name="own_registrations"),
    path("registrations/steps/", views_registrations.registrations_step, name="registrations_step"),
    path("registrations/<int:pk>/", views_registrations.registration, name="registration"),
    path("registrations/<int:pk>/steps/", views_registrations.registration_step, name="registration_step"),
    path("campaigns/<slug:slug>/registrations/", views_registered.registrations, name="registrations"),
    path(
        "campaigns/<slug:slug>/registrations/new/",
        views_registration_forms.registration_new,
        name="registration_new",
    ),
    path(
        "campaigns/<slug:slug>/registrations/due/",
        views_registered.registrations_due,
        name="registrations_due",
    ),
    path(
        "campaigns/<slug:slug>/registrations/due/<str:code>/ask/",
        views_registered.registrations_ask,
        name="registrations_ask",
    ),
    path(
        "registrations/<int:pk>/edit/", views_registration_forms.registration_edit, name="registration_edit"
    ),
    path("registrations/<int:pk>/slip.<str:fmt>", views_paper.registration_slip, name="registration_slip"),
    path(
        "campaigns/<slug:slug>/registrations/list.<str:fmt>",
        views_paper.registration_list_file,
        name="registration_list_file",
    ),
    path("campaigns/<slug:slug>/practices/", views_diary.practices, name="practices"),
    path("campaigns/<slug:slug>/diary/new/", views_diary.diary_new, name="diary_new"),
    path("diary/", views_diary.own_diary, name="own_diary"),
    path("diary/<int:pk>/", views_diary.diary_entry, name="diary_entry"),
    path("diary/<int:pk>/edit/", views_diary.diary_edit, name="diary_edit"),
    path("diary/<int:pk>/steps/", views_diary.diary_step, name="diary_step"),
    path(
        "campaigns/<slug:slug>/registrations/template.xlsx",
        views_registration_files.registrations_template,
        name="registrations_template",
    ),
    path(
        "campaigns/<slug:slug>/registrations/import/",
        views_registration_files.registrations_import,
        name="registrations_import",
    ),
    path(
        "campaigns/<slug:slug>/registrations/import/commit/",
        views_registration_files.registrations_commit,
        name="registrations_commit",
    ),
    path("feedback/", views_feedback.feedback_list, name="feedback"),
    path("feedback/receipt/", views_feedback.feedback_receipt, name="feedback_receipt"),
    path("feedback/<int:feedback_id>/", views_feedback.feedback_item, name="feedback_item"),
    path("feedback/<int:feedback_id>/answer/", views_feedback.feedback_answer, name="feedback_answer"),
    path(
        "feedback/<int:feedback_id>/set-aside/", views_feedback.feedback_set_aside, name="feedback_set_aside"
    ),
    path("feedback/<int:feedback_id>/publish/", views_feedback.feedback_publish, name="feedback_publish"),
    path("feedback/<int:feedback_id>/withhold/", views_feedback.feedback_withhold, name="feedback_withhold"),
    path("feedback/<str:code>/new/", views_feedback.feedback_new, name="feedback_new"),
]
