"""Settings that hold wherever Ketherapy runs."""

from __future__ import annotations

from datetime import timedelta

# What this is made of
INSTALLED_APPS = [
    "clinic.audit",
    "clinic.accounts",
    "clinic.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",  # django.contrib.auth asks for it
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "axes",
    "django_htmx",
]

MIDDLEWARE = [
    "clinic.config.headers.security_headers",  # first: its headers are on everything
    "django.middleware.security.SecurityMiddleware",
    "clinic.config.static_files.whole_files",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "clinic.web.middleware.request_log",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "clinic.web.middleware.session_limits",
    "django_htmx.middleware.HtmxMiddleware",
    "clinic.web.middleware.Gate",
    "axes.middleware.AxesMiddleware",  # last: it answers for a locked sign-in
]

ROOT_URLCONF = "clinic.config.urls"
ASGI_APPLICATION = "clinic.config.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "clinic.web.context.frame",
            ],
        },
    },
]

# Time is UTC below the screen; words are British
TIME_ZONE = "UTC"
USE_TZ = True
LANGUAGE_CODE = "en-gb"
USE_I18N = False

# Signing in
AUTH_USER_MODEL = "accounts.Staff"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
]
LOGIN_URL = "web:sign_in"

# Guessing: five failures for one name from one address close it for a while (convention).
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "clinic.web.sign_in.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True  # the event log holds who signed in
AXES_USERNAME_CALLABLE = "clinic.web.sign_in.masked_username"  # it may be a password, misplaced
AXES_SENSITIVE_PARAMETERS = ["username", "password", "next", "csrfmiddlewaretoken", "ip_address"]
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False

# How long a session lasts (convention)
SESSION_IDLE_AGE = timedelta(minutes=30)
SESSION_ABSOLUTE_AGE = timedelta(hours=12)
SESSION_COOKIE_AGE = int(SESSION_ABSOLUTE_AGE.total_seconds())
SESSION_COOKIE_NAME = "ketherapy_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "ketherapy_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "clinic.web.errors.csrf_failure"

# Headers come from clinic.config.headers, all of them in one place.
SILENCED_SYSTEM_CHECKS = ["security.W002", "security.W006", "security.W022"]
SECURE_CONTENT_TYPE_NOSNIFF = False
SECURE_REFERRER_POLICY = None
SECURE_CROSS_ORIGIN_OPENER_POLICY = None

# A form of ours is small; whatever is larger is refused unread.
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
# No form takes files: what comes all the same is never written to a disk.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

# Static files
STATIC_URL = "/static/"
WHITENOISE_ALLOW_ALL_ORIGINS = False

# Logs carry ids and durations, nothing else.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "clinic.config.logs.FaultsWithoutValues",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "clinic": {"level": "INFO"},
        "axes": {"level": "CRITICAL"},  # it would name whom it locks out
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.request": {"level": "ERROR"},  # its warnings repeat whatever address was asked for
        "django.security": {"level": "CRITICAL"},  # so do these
        "uvicorn.access": {"level": "CRITICAL"},  # and this one, form values included
    },
}
