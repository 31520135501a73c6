"""A clinic's own server: always behind TLS, never a practice clinic."""

from __future__ import annotations

import os

from clinic.config.database import database_from
from clinic.config.deployment import allowed_hosts, is_behind_tls_proxy
from clinic.config.home import home_from, secret_key
from clinic.config.settings.base import *  # noqa: F403  Django reads one flat module

PRACTICE = False
DEBUG = False
KETHERAPY_HOME = home_from(os.environ)
SECRET_KEY = secret_key(KETHERAPY_HOME)
DATABASES = {"default": database_from(os.environ, KETHERAPY_HOME)}
ALLOWED_HOSTS = allowed_hosts(os.environ)
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]

SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 3600  # convention
SECURE_HSTS_INCLUDE_SUBDOMAINS = False  # the neighbours of this name are not ours
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-ketherapy_session"
CSRF_COOKIE_NAME = "__Host-ketherapy_csrf"

# Only when the operator says so is a header believed about how the request arrived.
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if is_behind_tls_proxy(os.environ) else None
)

STATIC_ROOT = KETHERAPY_HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
