"""One settings file for every place perftrack runs in; what differs comes from the environment (see `env`)."""

from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from redis.backoff import NoBackoff
from redis.retry import Retry

from perftrack import env

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.text("PERFTRACK_VAR", str(BASE_DIR / "var"))).absolute()

# Where it runs -------------------------------------------------------------------------------------------------------

ENVIRONMENT = env.choice("PERFTRACK_ENV", "development", {"development", "production"})
IS_PRODUCTION = ENVIRONMENT == "production"
DEBUG = env.flag("DEBUG", default=False)
DEVELOPMENT_SECRET = "for-one-machine-only-not-for-production-" + "perftrack" * 3
SECRET_KEY = env.text("SECRET_KEY", DEVELOPMENT_SECRET)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
SITE_URL = env.url(
    "SITE_URL", f"http://127.0.0.1:{env.whole('PORT', 8000, least=1, most=65535)}", {"http", "https"}
).rstrip("/")

if IS_PRODUCTION:
    if DEBUG:
        raise env.Misconfigured("DEBUG", '"1"', " 0（生产环境不得调试）", "0 in production")
    if SECRET_KEY == DEVELOPMENT_SECRET or len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5:
        raise env.Misconfigured(
            "SECRET_KEY",
            "不可用的值 / an unusable value",
            "至少 50 个随机字符（生产环境）",
            "at least 50 random characters in production",
        )
    if not env.words("ALLOWED_HOSTS") or "*" in ALLOWED_HOSTS:
        raise env.Misconfigured(
            "ALLOWED_HOSTS",
            "空值或 * / nothing or *",
            "用户输入的主机名，以逗号分隔",
            "the host names people type, with commas",
        )

# The parts ------------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "apps.ui",
    "apps.accounts",
    "apps.journal",
    "apps.calendars",
    "apps.files",
    "apps.jobs",
    "apps.outbox",
    "apps.plans",
    "apps.progress",
    "apps.assessments",
    "apps.api",
    "apps.dashboards",
    "apps.documents",
    "apps.reminders",
    "apps.accounts.apps.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "ninja",
    "treebeard",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "apps.ui.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "apps.calendars.middleware.TodayMiddleware",
]

ROOT_URLCONF = "perftrack.urls"
WSGI_APPLICATION = "perftrack.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Figures --------------------------------------------------------------------------------------------------------------

SQLITE_OPTIONS = {
    # Writers queue at the door instead of failing half-way.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # FULL, because a figure that was acknowledged must outlive a power cut.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
}


def _database(address: str) -> dict[str, Any]:
    database: dict[str, Any] = dict(dj_database_url.parse(address, conn_max_age=0, conn_health_checks=True))
    if address.startswith("sqlite"):
        return database | {"OPTIONS": SQLITE_OPTIONS, "TEST": {"NAME": f"{database['NAME']}.test"}}
    options: dict[str, Any] = database.get("OPTIONS", {})
    return database | {"OPTIONS": options | {"pool": {"min_size": 1, "max_size": 8, "timeout": 10}}}


DATABASES = {
    "default": _database(
        env.url(
            "DATABASE_URL",
            f"sqlite:///{VAR_DIR / 'perftrack.sqlite3'}",
            {"sqlite", "postgres", "postgresql"},
        )
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    Path(DATABASES["default"]["NAME"]).parent.mkdir(parents=True, exist_ok=True)

# Broker and cache -----------------------------------------------------------------------------------------------------

REDIS_URL = env.url("REDIS_URL", "", {"redis", "rediss"})
CELERY_BROKER_URL = REDIS_URL or "redis://127.0.0.1:6379/0"
CACHES: dict[str, dict[str, Any]] = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            # A page that asks a cache that is away must hear so at once; by default the client tries for ten seconds.
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 5, "retry": Retry(NoBackoff(), 1)},
        }
    }

# Mail -----------------------------------------------------------------------------------------------------------------

EMAIL_BACKEND = "apps.outbox.adapters.OutboxBackend"
OUTBOX_TRANSPORT = env.transport("EMAIL_URL", VAR_DIR / "mail")
# How long a worker may keep a mail before it is taken for dead; longer than a task may run (see `celery`).
OUTBOX_LEASE_SECONDS = env.whole("OUTBOX_LEASE_SECONDS", 300, least=1, most=24 * 60 * 60)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("DEFAULT_FROM_EMAIL", "绩效跟踪 <perftrack@localhost>")

# People ---------------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "apps.accounts.adapters.Door"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "10/m/ip,5/5m/key"}

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "perftrack_session", "perftrack_csrf"

# Safety ---------------------------------------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_PRODUCTION
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if IS_PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_PRODUCTION
if env.flag("PERFTRACK_BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Words ----------------------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "perftrack_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
SITE_NAME = _("绩效跟踪")

# Pages ----------------------------------------------------------------------------------------------------------------

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.ui.context.shell",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
DJANGO_TABLES2_TEMPLATE = "django_tables2/bootstrap5-responsive.html"

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
MEDIA_ROOT = VAR_DIR / "files"
# A line a day for the end of every bureau's journal; on another disk or machine it proves more.
ANCHOR_DIR = Path(env.text("PERFTRACK_ANCHORS", str(VAR_DIR / "anchors"))).absolute()
FILE_SIZE_LIMIT = env.whole("FILE_SIZE_LIMIT_MB", 20, least=1, most=500) * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024  # a thousand items of the API, each a year of eleven districts

# Demonstration --------------------------------------------------------------------------------------------------------

DEMO_PASSWORD = env.text("PERFTRACK_DEMO_PASSWORD")

# What happened --------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "line"}},
    "root": {"handlers": ["stdout"], "level": env.choice("LOG_LEVEL", "INFO", {"DEBUG", "INFO", "WARNING", "ERROR"})},
    "loggers": {"django": {"handlers": [], "propagate": True}},
}
