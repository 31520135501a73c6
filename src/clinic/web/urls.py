"""The address of every page."""

from __future__ import annotations

from django.urls import path, re_path

from clinic.web import (
    evidence,
    evidence_files,
    guide,
    how,
    planner,
    population,
    predict,
    protocols,
    screening,
    self_check,
)
from clinic.web.csp_reports import csp_report
from clinic.web.sign_in import sign_in, sign_out
from clinic.web.two_infusions import two_infusions
from clinic.web.views import health, home

app_name = "web"

urlpatterns = [
    path("", home, name="home"),
    path("depression-or-pain/", two_infusions, name="two_infusions"),
    path("predict/", predict.predict, name="predict"),
    path("predict/effects/", predict.effects, name="predict_effects"),
    path("predict/plan/", planner.planner, name="planner"),
    path("predict/plan/decision.json", planner.decision, name="plan_decision"),
    path("protocols/", protocols.listed, name="protocols"),
    path("protocols/compare/", protocols.compare, name="protocols_compare"),
    path("protocols/<slug:protocol_id>/", protocols.one, name="protocol"),
    path("screening/", screening.screening, name="screening"),
    path("screening/pass/", screening.override, name="screening_override"),
    path("guide/", guide.contents, name="guide"),
    path("guide/print/", guide.whole, name="guide_print"),
    path("guide/<slug:slug>/", guide.page, name="guide_page"),
    path("self-check/", self_check.self_check, name="self_check"),
    path("self-check/pdf/", self_check.self_check_pdf, name="self_check_pdf"),
    path("how-it-works/", how.how_it_works, name="how_it_works"),
    path("lab/population/", population.population, name="population"),
    path("lab/population/<uuid:run_id>/", population.run, name="population_run"),
    path("lab/population/<uuid:run_id>/cancel/", population.cancel, name="population_cancel"),
    path("lab/population/<uuid:run_id>/csv/", population.as_csv, name="population_csv"),
    path("lab/population/<uuid:run_id>/netcdf/", population.as_netcdf, name="population_netcdf"),
    path("evidence/", evidence.browse, name="evidence"),
    path("evidence/claims/", evidence.claims, name="evidence_claims"),
    path("evidence/pool/", evidence.combined, name="evidence_pool"),
    path("evidence/question/<slug:question_id>/", evidence.question, name="evidence_question"),
    path(
        "evidence/review/<slug:review_id>/<slug:pool_id>/", evidence.review, name="evidence_review"
    ),
    path("evidence/trial/<slug:trial_id>/", evidence.trial, name="evidence_trial"),
    re_path(
        r"^evidence/pool/studies\.(?P<ending>csv|svg)$",
        evidence_files.combined_file,
        name="evidence_pool_file",
    ),
    re_path(
        r"^evidence/question/(?P<question_id>[-\w]+)/studies\.(?P<ending>csv|svg)$",
        evidence_files.question_file,
        name="evidence_question_file",
    ),
    re_path(
        r"^evidence/review/(?P<review_id>[-\w]+)/(?P<pool_id>[-\w]+)/studies\.(?P<ending>csv|svg)$",
        evidence_files.review_file,
        name="evidence_review_file",
    ),
    path("sign-in/", sign_in, name="sign_in"),
    path("sign-out/", sign_out, name="sign_out"),
    path("healthz", health, name="health"),
    path("csp-report/", csp_report, name="csp_report"),
]
