"""The application as an ASGI server calls it."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.config.settings.prod")

_django = get_asgi_application()  # first: only now can our pages be imported

from clinic.config.reports import small_reports  # noqa: E402

application = small_reports(_django)
