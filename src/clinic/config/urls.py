"""Every address of the project."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("", include("clinic.web.urls"))]

handler400 = "clinic.web.errors.bad_request"
handler403 = "clinic.web.errors.forbidden"
handler404 = "clinic.web.errors.not_found"
handler500 = "clinic.web.errors.server_error"
