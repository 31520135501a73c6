"""The practice server: this machine alone, synthetic people, no TLS."""

from __future__ import annotations

import os

from clinic.config.database import database_from
from clinic.config.home import home_from, secret_key
from clinic.config.settings.base import *  # noqa: F403  Django reads one flat module

PRACTICE = True
DEBUG = False  # a fault shows the same calm page as anywhere
KETHERAPY_HOME = home_from(os.environ)
SECRET_KEY = secret_key(KETHERAPY_HOME)
DATABASES = {"default": database_from(os.environ, KETHERAPY_HOME)}
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
WHITENOISE_USE_FINDERS = True  # straight from the packages: nothing to collect first
