"""The tests: the practice server's rules over a database of their own."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from clinic.config.database import database_from
from clinic.config.settings.base import *  # noqa: F403  Django reads one flat module

_FOLDER = tempfile.TemporaryDirectory(prefix="ketherapy-test-")

PRACTICE = True
DEBUG = False
KETHERAPY_HOME = Path(_FOLDER.name)
SECRET_KEY = "for tests alone: it signs nothing that anybody keeps"
DATABASES = {"default": database_from(os.environ, KETHERAPY_HOME)}
if not os.environ.get("DATABASE_URL"):
    # A file, not memory: write-ahead logging and full synchronisation are under test too.
    DATABASES["default"]["TEST"] = {"NAME": str(KETHERAPY_HOME / "test.sqlite3")}
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]
WHITENOISE_USE_FINDERS = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick; tests only
