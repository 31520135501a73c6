"""The pages as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Server-rendered pages, their templates and static files."""

    name = "clinic.web"
    label = "web"
    verbose_name = "Pages"
