"""Addresses of the risk map's pages."""

from django.urls import path

from riskmap import (
    views,
    views_approvals,
    views_area,
    views_changes,
    views_corrections,
    views_decisions,
    views_editions,
    views_embed,
    views_exceptions,
    views_facts,
    views_paper,
    views_search,
)

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
    path("facts/", views_facts.fact_list, name="facts"),
    path("facts/new/", views_facts.fact_new, name="fact_new"),
    path("facts/<int:fact_id>/", views_facts.show_fact, name="fact"),
    path("facts/<int:fact_id>/confirm/", views_facts.fact_confirm, name="fact_confirm"),
    path("facts/<int:fact_id>/refuse/", views_facts.fact_refuse, name="fact_refuse"),
    path("facts/<int:fact_id>/end/", views_facts.fact_end, name="fact_end"),
    path("decisions/", views_decisions.decision_list, name="decisions"),
    path("decisions/new/", views_decisions.decision_new, name="decision_new"),
    path("decisions/<int:decision_id>/", views_decisions.show_decision, name="decision"),
    path("decisions/<int:decision_id>/confirm/", views_decisions.decision_confirm, name="decision_confirm"),
    path("decisions/<int:decision_id>/refuse/", views_decisions.decision_refuse, name="decision_refuse"),
    path("decisions/<int:decision_id>/end/", views_decisions.decision_end, name="decision_end"),
    path("xac-minh", views_paper.verify, name="verify"),
    path("counts/<str:code>/<str:day>/correct/", views_corrections.correction_new, name="correction_new"),
    path("counts/<str:code>/<str:day>/history/", views_corrections.cell_history, name="cell_history"),
    path("approvals/", views_approvals.approvals, name="approvals"),
    path("approvals/accept/", views_approvals.approvals_accept, name="approvals_accept"),
    path("approvals/return/", views_approvals.approvals_return, name="approvals_return"),
    path("approvals/<str:code>/<str:day>/", views_approvals.approval, name="approval"),
    path("exceptions/", views_exceptions.exceptions, name="exceptions"),
    path("exceptions/new/", views_exceptions.exception_new, name="exception_new"),
    path("exceptions/<int:exception_id>/end/", views_exceptions.exception_end, name="exception_end"),
    path("corrections/", views_corrections.corrections, name="corrections"),
    path("corrections/<int:correction_id>/", views_corrections.correction, name="correction"),
    path(
        "corrections/<int:correction_id>/confirm/",
        views_corrections.correction_confirm,
        name="correction_confirm",
    ),
    path(
        "corrections/<int:correction_id>/refuse/",
        views_corrections.correction_refuse,
        name="correction_refuse",
    ),
    path(
        "corrections/<int:correction_id>/withdraw/",
        views_corrections.correction_withdraw,
        name="correction_withdraw",
    ),
]
