"""Addresses of the awards' pages."""

from django.urls import path

from awards import (
    views_award_papers,
    views_decisions,
    views_dossier_papers,
    views_dossiers,
    views_law,
    views_opinions,
    views_proposals,
    views_reads,
    views_register,
    views_reports,
    views_review,
    views_shortlists,
)

app_name = "awards"

urlpatterns = [
    path("awards/law/<slug:name>/", views_law.show_law, name="law"),
    path("shortlists/", views_shortlists.shortlist_list, name="shortlists"),
    path("shortlists/make/", views_shortlists.shortlist_make, name="shortlist_make"),
    path("shortlists/<int:pk>/", views_shortlists.show_shortlist, name="shortlist"),
    path("shortlists/<int:pk>/list.xlsx", views_shortlists.shortlist_file, name="shortlist_file"),
    path("shortlists/<int:pk>/keep/", views_shortlists.shortlist_keep, name="shortlist_keep"),
    path("shortlists/<int:pk>/confirm/", views_shortlists.shortlist_confirm, name="shortlist_confirm"),
    path("shortlists/<int:pk>/candidates/<int:unit_id>/", views_shortlists.candidate, name="candidate"),
    path("dossiers/", views_dossiers.dossier_list, name="dossiers"),
    path("dossiers/open/", views_dossiers.dossier_open, name="dossier_open"),
    path("dossiers/<int:pk>/", views_dossiers.show_dossier, name="dossier"),
    path("dossiers/<int:pk>/check/", views_dossiers.dossier_check, name="dossier_check"),
    path("dossiers/<int:pk>/submit/", views_dossiers.dossier_submit, name="dossier_submit"),
    path("dossiers/<int:pk>/steps/", views_dossiers.dossier_step, name="dossier_step"),
    path("dossiers/<int:pk>/reads/", views_reads.dossier_reads, name="dossier_reads"),
    path("dossiers/<int:pk>/versions/<int:number>/", views_dossiers.dossier_version, name="dossier_version"),
    path("dossiers/<int:pk>/nominees/new/", views_dossier_papers.nominee_new, name="nominee_new"),
    path(
        "dossiers/<int:pk>/nominees/<int:nominee_id>/", views_dossier_papers.nominee_edit, name="nominee_edit"
    ),
    path(
        "dossiers/<int:pk>/nominees/<int:nominee_id>/drop/",
        views_dossier_papers.nominee_drop,
        name="nominee_drop",
    ),
    path("dossiers/<int:pk>/papers/<slug:key>/", views_dossier_papers.paper, name="paper"),
    path("dossiers/<int:pk>/papers/<slug:key>/save/", views_dossier_papers.paper_save, name="paper_save"),
    path("dossiers/<int:pk>/attachments/new/", views_dossier_papers.attachment_new, name="attachment_new"),
    path(
        "dossiers/<int:pk>/attachments/<int:item_id>/drop/",
        views_dossier_papers.attachment_drop,
        name="attachment_drop",
    ),
    path("permits/", views_dossiers.permits, name="permits"),
    path("review/", views_review.queue, name="review"),
    path("review/<int:pk>/", views_review.review_dossier, name="review_dossier"),
    path("review/<int:pk>/steps/", views_review.review_step, name="review_step"),
    path("review/<int:pk>/nominees/<int:nominee_id>/tick/", views_review.review_tick, name="review_tick"),
    path("review/<int:pk>/nominees/<int:nominee_id>/flag/", views_review.review_flag, name="review_flag"),
    path(
        "review/<int:pk>/nominees/<int:nominee_id>/verdict/",
        views_review.review_verdict,
        name="review_verdict",
    ),
    path("awards/", views_register.register, name="register"),
    path("awards/register.xlsx", views_register.register_file, name="register_file"),
    path("awards/certificate/", views_register.certificate, name="certificate"),
    path("awards/decisions/<int:pk>/", views_register.decision, name="decision"),
    path("phase-reports/", views_reports.phase_reports, name="phase_reports"),
    path("phase-reports/<int:pk>/", views_reports.phase_report, name="phase_report"),
    path(
        "phase-reports/<int:pk>/report.<str:fmt>", views_reports.phase_report_paper, name="phase_report_paper"
    ),
    path("opinions/", views_opinions.opinions, name="opinions"),
    path("opinions/<int:pk>/", views_opinions.opinion_request, name="opinion_request"),
    path("opinions/<int:pk>/answer/", views_opinions.opinion_answer, name="opinion_answer"),
    path("opinions/asked/", views_opinions.opinions_asked, name="opinions_asked"),
    path("opinions/asked/<int:pk>/", views_opinions.opinion_asked, name="opinion_asked"),
    path("opinions/ask/<int:phase_id>/", views_opinions.opinion_ask, name="opinion_ask"),
    path("proposals/", views_proposals.proposals, name="proposals"),
    path("proposals/new/<int:phase_id>/", views_proposals.proposal_new, name="proposal_new"),
    path("proposals/<int:pk>/", views_proposals.proposal, name="proposal"),
    path("proposals/<int:pk>/edit/", views_proposals.proposal_edit, name="proposal_edit"),
    path("proposals/<int:pk>/steps/", views_proposals.proposal_step, name="proposal_step"),
    path("proposals/received/", views_decisions.proposals_received, name="proposals_received"),
    path("proposals/received/<int:pk>/", views_decisions.proposal_received, name="proposal_received"),
    path("proposals/received/<int:pk>/return/", views_decisions.proposal_return, name="proposal_return"),
    path("proposals/decisions/<int:pk>/correct/", views_decisions.decision_correct, name="decision_correct"),
    path("opinions/asked/<int:pk>/slip.<str:fmt>", views_award_papers.opinion_slip, name="opinion_slip"),
    path("proposals/<int:pk>/proposal.<str:fmt>", views_award_papers.proposal_paper, name="proposal_paper"),
    path(
        "proposals/received/<int:pk>/draft.<str:fmt>",
        views_award_papers.decision_draft,
        name="decision_draft",
    ),
    path(
        "proposals/decisions/<int:pk>/<slug:paper>.<str:fmt>",
        views_award_papers.decision_paper,
        name="decision_paper",
    ),
]
