"""The doors of campaigns: plans, units, registrations, pledges, zones, feedback, inspections, standings."""

from core.access import Permission
from tests.house.door import Door

DOORS_OF_CAMPAIGNS = {
    "campaigns/": Door(lambda place: "/campaigns/"),
    "campaigns/<slug:slug>/": Door(lambda place: f"{place.campaign}/"),
    # The place's campaign is of a month before the first count: its phase is named, and has no standings.
    "campaigns/<slug:slug>/standings/": Door(lambda place: f"{place.campaign}/standings/", reads=302),
    "campaigns/<slug:slug>/standings/<slug:code>/": Door(lambda place: f"{place.campaign}/standings/dot-1/"),
    "campaigns/<slug:slug>/standings/<slug:code>/board.xlsx": Door(
        lambda place: f"{place.campaign}/standings/dot-1/board.xlsx", reads=404
    ),
    "campaigns/<slug:slug>/standings/<slug:code>/league/": Door(
        lambda place: f"{place.campaign}/standings/dot-1/league/"
    ),
    "campaigns/<slug:slug>/standings/<slug:code>/progress/": Door(
        lambda place: f"{place.campaign}/standings/dot-1/progress/"
    ),
    "campaigns/<slug:slug>/practices/": Door(lambda place: f"{place.campaign}/practices/"),
    # A draft is for those who work there: tests/campaign/test_views_diary.py.
    "diary/<int:pk>/": Door(lambda place: place.diary("approved"), writes=405),
    "campaigns/<slug:slug>/pledges/": Door(lambda place: f"{place.campaign}/pledges/"),
    "campaigns/<slug:slug>/pledges.xlsx": Door(lambda place: f"{place.campaign}/pledges.xlsx"),
    "api/v1/campaigns/<str:slug>/pledges/": Door(lambda place: f"/api/v1{place.campaign}/pledges/"),
    "api/v1/campaigns/": Door(lambda place: "/api/v1/campaigns/"),
    "api/v1/campaigns/<str:slug>/": Door(lambda place: f"/api/v1{place.campaign}/"),
    # Nothing was computed: tests/campaign/test_api_standings.py.
    "api/v1/campaigns/<str:slug>/standings/": Door(
        lambda place: f"/api/v1{place.campaign}/standings/", reads=404
    ),
    "api/v1/zones/": Door(lambda place: f"/api/v1/zones/{place.question}"),
    "campaigns/<slug:slug>/zones/": Door(lambda place: f"{place.campaign}/zones/"),
    # The public box: anybody writes, and reads the answer by a code; an empty form is shown again.
    "feedback/<str:code>/new/": Door(lambda place: f"/feedback/{place.commune.code}/new/", writes=200),
    "feedback/receipt/": Door(lambda place: "/feedback/receipt/"),
    # Conditions of green zones: said by the unit's staff, checked from above, seen by all who work there.
    "conditions/": Door(lambda place: "/conditions/", Permission.REGISTER_UNITS),
    "campaigns/<slug:slug>/conditions/<int:unit_id>/": Door(
        lambda place: f"{place.conditions}/", Permission.VIEW_WORKING, of_area=True
    ),
    "campaigns/<slug:slug>/conditions/<int:unit_id>/<slug:code>/answer/": Door(
        lambda place: f"{place.conditions}/mot/answer/", Permission.REGISTER_UNITS, of_area=True, writes=200
    ),
    "campaigns/<slug:slug>/conditions/<int:unit_id>/<slug:code>/check/": Door(
        lambda place: f"{place.conditions}/mot/check/",
        Permission.CONFIRM_REGISTRATIONS,
        of_area=True,
        writes=200,
    ),
    # What people wrote: for those who answer it.
    "feedback/": Door(lambda place: "/feedback/", Permission.MODERATE_FEEDBACK),
    "feedback/<int:feedback_id>/": Door(
        lambda place: f"{place.feedback}/", Permission.MODERATE_FEEDBACK, of_area=True
    ),
    # Sở Nội vụ's: plans. This one has begun, so that nothing of it is written without a reason.
    "campaigns/new/": Door(lambda place: "/campaigns/new/", Permission.MANAGE_CAMPAIGNS, writes=200),
    "campaigns/<slug:slug>/edit/": Door(
        lambda place: f"{place.campaign}/edit/",
        Permission.MANAGE_CAMPAIGNS,
        of_area=True,
        of_province=True,
        writes=200,
    ),
    "campaigns/<slug:slug>/plan/<slug:section>/new/": Door(
        lambda place: f"{place.campaign}/plan/groups/new/",
        Permission.MANAGE_CAMPAIGNS,
        of_area=True,
        of_province=True,
        writes=200,
    ),
    "campaigns/<slug:slug>/plan/<slug:section>/<slug:code>/": Door(
        lambda place: f"{place.campaign}/plan/phases/dot-1/",
        Permission.MANAGE_CAMPAIGNS,
        of_area=True,
        of_province=True,
        writes=200,
    ),
    "campaigns/<slug:slug>/plan/<slug:section>/<slug:code>/drop/": Door(
        lambda place: f"{place.campaign}/plan/phases/dot-1/drop/",
        Permission.MANAGE_CAMPAIGNS,
        of_area=True,
        of_province=True,
        reads=405,
        writes=200,
    ),
    # Inspections: seen by all who work there, held by the departments, answered by the unit's staff.
    "inspections/": Door(lambda place: "/inspections/", Permission.VIEW_WORKING),
    "inspections/new/": Door(lambda place: "/inspections/new/", Permission.INSPECT, writes=200),
    "inspections/<int:pk>/": Door(
        lambda place: f"/inspections/{place.follow_up.inspection_id}/", Permission.VIEW_WORKING, of_area=True
    ),
    "inspections/<int:pk>/record/": Door(
        lambda place: f"/inspections/{place.follow_up.inspection_id}/record/",
        Permission.INSPECT,
        of_area=True,
        writes=200,
    ),
    "inspections/<int:pk>/cancel/": Door(
        lambda place: f"/inspections/{place.follow_up.inspection_id}/cancel/",
        Permission.INSPECT,
        of_area=True,
        reads=405,
        writes=200,
    ),
    "inspections/<int:pk>/follow-ups/": Door(
        lambda place: f"/inspections/{place.follow_up.inspection_id}/follow-ups/",
        Permission.INSPECT,
        of_area=True,
        reads=405,
        writes=200,
    ),
    "inspections/follow-ups/<int:pk>/": Door(
        lambda place: f"/inspections/follow-ups/{place.follow_up.pk}/", Permission.VIEW_WORKING, of_area=True
    ),
    "inspections/follow-ups/<int:pk>/answer/": Door(
        lambda place: f"/inspections/follow-ups/{place.follow_up.pk}/answer/",
        Permission.REGISTER_UNITS,
        of_area=True,
        reads=405,
        writes=200,
    ),
    "inspections/follow-ups/<int:pk>/close/": Door(
        lambda place: f"/inspections/follow-ups/{place.follow_up.pk}/close/",
        Permission.INSPECT,
        of_area=True,
        reads=405,
        writes=200,
    ),
    "inspections/follow-ups/<int:pk>/reopen/": Door(
        lambda place: f"/inspections/follow-ups/{place.follow_up.pk}/reopen/",
        Permission.INSPECT,
        of_area=True,
        reads=405,
        writes=200,
    ),
    # Pledges: how many signed.
    "pledges/": Door(lambda place: "/pledges/", Permission.ENTER_PLEDGES),
    "diary/": Door(lambda place: "/diary/", Permission.VIEW_WORKING),
    "diary/<int:pk>/edit/": Door(
        lambda place: f"{place.diary()}edit/", Permission.REGISTER_UNITS, of_area=True, writes=200
    ),
    "diary/<int:pk>/steps/": Door(  # no step named: none is taken
        lambda place: f"{place.diary()}steps/", Permission.VIEW_WORKING, of_area=True, reads=302, writes=404
    ),
    "campaigns/<slug:slug>/diary/new/": Door(
        lambda place: f"{place.campaign}/diary/new/", Permission.REGISTER_UNITS, of_area=True, writes=200
    ),
    "campaigns/<slug:slug>/pledges/<str:code>/": Door(
        lambda place: f"{place.campaign}/pledges/{place.commune.code}/",
        Permission.ENTER_PLEDGES,
        of_area=True,
        writes=200,
    ),
    # Registrations: who registered is public, the work on it its own area's.
    "campaigns/<slug:slug>/registrations/": Door(lambda place: f"{place.registering}/registrations/"),
    "api/v1/campaigns/<str:slug>/registrations/": Door(
        lambda place: f"/api/v1{place.registering}/registrations/"
    ),
    "api/v1/campaigns/<str:slug>/registrations/own/": Door(
        lambda place: f"/api/v1{place.registering}/registrations/own/",
        Permission.VIEW_WORKING,
        of_api=True,
    ),
    "campaigns/<slug:slug>/registrations/due/": Door(
        lambda place: f"{place.registering}/registrations/due/", Permission.VIEW_WORKING, of_area=True
    ),
    "campaigns/<slug:slug>/registrations/due/<str:code>/ask/": Door(
        lambda place: f"{place.registering}/registrations/due/{place.district.code}/ask/",
        Permission.CONFIRM_REGISTRATIONS,
        of_area=True,
        reads=405,
        writes=302,
    ),
    "campaigns/<slug:slug>/registrations/new/": Door(
        lambda place: f"{place.registering}/registrations/new/",
        Permission.REGISTER_UNITS,
        of_area=True,
        writes=200,
    ),
    "campaigns/<slug:slug>/registrations/template.xlsx": Door(
        lambda place: f"{place.registering}/registrations/template.xlsx",
        Permission.REGISTER_UNITS,
        of_area=True,
    ),
    "campaigns/<slug:slug>/registrations/import/": Door(
        lambda place: f"{place.registering}/registrations/import/",
        Permission.REGISTER_UNITS,
        of_area=True,
        writes=200,
    ),
    "campaigns/<slug:slug>/registrations/import/commit/": Door(
        lambda place: f"{place.registering}/registrations/import/commit/",
        Permission.REGISTER_UNITS,
        of_area=True,
        reads=405,
        writes=302,
    ),
    "registrations/": Door(lambda place: "/registrations/", Permission.VIEW_WORKING),
    # No step is named: whoever may take none, or another's, learns no more.
    "registrations/steps/": Door(
        lambda place: "/registrations/steps/", Permission.VIEW_WORKING, reads=302, writes=404
    ),
    "registrations/<int:pk>/": Door(
        lambda place: f"{place.registration}/", Permission.VIEW_WORKING, of_area=True
    ),
    "registrations/<int:pk>/steps/": Door(
        lambda place: f"{place.registration}/steps/",
        Permission.VIEW_WORKING,
        of_area=True,
        reads=302,
        writes=404,
    ),
    "registrations/<int:pk>/edit/": Door(
        lambda place: f"{place.registration}/edit/", Permission.REGISTER_UNITS, of_area=True, writes=200
    ),
    # Units: who competes is for everybody to know, who leads them for those who work there.
    "api/v1/units/": Door(lambda place: f"/api/v1/units/{place.question}"),
    "units/": Door(lambda place: "/units/", Permission.VIEW_WORKING),
    "units/new/": Door(lambda place: "/units/new/", Permission.REGISTER_UNITS, writes=200),
    "units/near/": Door(lambda place: "/units/near/", Permission.REGISTER_UNITS),
    "units/export/<str:code>.xlsx": Door(
        lambda place: f"/units/export/{place.district.code}.xlsx", Permission.REGISTER_UNITS, of_area=True
    ),
    "units/import/": Door(lambda place: "/units/import/", Permission.REGISTER_UNITS, writes=200),
    "units/import/<int:batch_id>/": Door(
        lambda place: f"{place.unit_file}/", Permission.REGISTER_UNITS, of_area=True
    ),
    "units/import/<int:batch_id>/commit/": Door(
        lambda place: f"{place.unit_file}/commit/",
        Permission.REGISTER_UNITS,
        of_area=True,
        reads=405,
        writes=200,
    ),
    "units/import/<int:batch_id>/rows.xlsx": Door(
        lambda place: f"{place.unit_file}/rows.xlsx", Permission.REGISTER_UNITS, of_area=True
    ),
    "units/<int:unit_id>/": Door(lambda place: f"/units/{place.unit.pk}/"),
    "units/<int:unit_id>/edit/": Door(
        lambda place: f"/units/{place.unit.pk}/edit/", Permission.REGISTER_UNITS, of_area=True, writes=200
    ),
    "units/<int:unit_id>/close/": Door(
        lambda place: f"/units/{place.unit.pk}/close/",
        Permission.REGISTER_UNITS,
        of_area=True,
        reads=405,
        writes=200,
    ),
    "units/<int:unit_id>/reopen/": Door(
        lambda place: f"/units/{place.unit.pk}/reopen/",
        Permission.REGISTER_UNITS,
        of_area=True,
        reads=405,
        writes=302,
    ),
    "registrations/<int:pk>/slip.<str:fmt>": Door(
        lambda place: f"{place.registration}/slip.docx", Permission.VIEW_WORKING, of_area=True
    ),
    "campaigns/<slug:slug>/registrations/list.<str:fmt>": Door(
        lambda place: f"{place.registering}/registrations/list.docx?district={place.district.code}",
        Permission.VIEW_WORKING,
        of_area=True,
    ),
}
