"""The address of every page."""

from __future__ import annotations

from django.urls import path

from clinic.web import predict
from clinic.web.csp_reports import csp_report
from clinic.web.sign_in import sign_in, sign_out
from clinic.web.views import health, home

app_name = "web"

urlpatterns = [
    path("", home, name="home"),
    path("predict/", predict.predict, name="predict"),
    path("sign-in/", sign_in, name="sign_in"),
    path("sign-out/", sign_out, name="sign_out"),
    path("healthz", health, name="health"),
    path("csp-report/", csp_report, name="csp_report"),
]
