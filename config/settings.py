"""All settings, from environment variables; ``.env.example`` describes each of them.

There are three ways to run:

- *production*: ``DATABASE_URL`` is set and ``DEBUG`` is not. Everything that is missing is refused.
- *development*: nothing is set. ``DEBUG`` is on, and a private PostgreSQL and Valkey start by themselves.
- *trial* (``make demo`` sets ``TRIAL=1``): the pages of production on the private servers of development.
"""

from pathlib import Path

import dj_database_url
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import embedded
from config.environment import flag, kept_secret, mail_server, number, text, words

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(text("VAR_DIR", str(BASE_DIR / "var"))).expanduser().resolve()

DATABASE_URL = text("DATABASE_URL")
REDIS_URL = text("REDIS_URL")
TRIAL = flag("TRIAL", default=False)
DEBUG = flag("DEBUG", default=not (DATABASE_URL or TRIAL))
PRODUCTION = not (DEBUG or TRIAL)

# Real data that is not ours to ship; tests that use it skip where it is absent.
SHARED_DATA = Path(text("SHARED_DATA", str(BASE_DIR.parent / "shared" / "data")))

# --- Servers --------------------------------------------------------------------------------------------

if PRODUCTION:
    missing = [
        name for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ALLOWED_HOSTS") if not text(name)
    ]
    if missing:
        raise ImproperlyConfigured(
            f"Production (DEBUG is off) needs {', '.join(missing)} in the environment; .env.example says "
            "what each is. To try the portal without servers, run: make demo"
        )
    if embedded.is_private(DATABASE_URL) or embedded.is_private(REDIS_URL):
        raise ImproperlyConfigured(
            "Production (DEBUG is off) refuses the private servers of a trial. Set DATABASE_URL and "
            "REDIS_URL to a PostgreSQL and a Redis that are looked after."
        )
elif not (DATABASE_URL and REDIS_URL):
    try:
        private = embedded.ensure(VAR_DIR)
    except embedded.ServersNotStarted as trouble:
        raise ImproperlyConfigured(str(trouble)) from trouble
    DATABASE_URL = DATABASE_URL or private.database_url
    REDIS_URL = REDIS_URL or private.redis_url

DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=600, conn_health_checks=True)}
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL must be that of a PostgreSQL, 15 or newer: postgres://…")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "riskmap",
    }
}

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # the broker comes back sooner or later
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 5,
    "socket_timeout": 30,
    "visibility_timeout": 3600,
}
# A message is only a bell: what is to be done is written in PostgreSQL, so that a lost one costs a minute.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0.1, "interval_max": 0.1}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Asia/Ho_Chi_Minh"
# Beat rings whether or not anybody posted: it rolls the day over midnight, and does what a lost bell left.
BELL_SECONDS = number("BELL_SECONDS", default=60)
CELERY_BEAT_SCHEDULE = {
    task: {
        "task": task,
        "schedule": BELL_SECONDS,
        "options": {"expires": BELL_SECONDS},  # a queue without a worker holds one ring, not a night's
    }
    for task in (
        "riskmap.reassess_stale",
        "riskmap.publish_due",
        "riskmap.remind_due",
        "core.mail_notices",
        "campaign.recognise_zones",
        "awards.make_shortlists",
        "awards.mark_touched",
        "awards.remind_due",
        "awards.drive_batches",
    )
}
# Counts come in all day; a standing of the day is kept each time it changes, so it is not made every minute.
STANDINGS_SECONDS = number("STANDINGS_SECONDS", default=600)
CELERY_BEAT_SCHEDULE["campaign.compute_standings"] = {
    "task": "campaign.compute_standings",
    "schedule": STANDINGS_SECONDS,
    "options": {"expires": STANDINGS_SECONDS},
}
CELERY_BEAT_SCHEDULE["campaign.remind_due"] = {
    "task": "campaign.remind_due",
    "schedule": crontab(hour="8-17", minute=5),
    "options": {"expires": 3600},
}
CELERY_BEAT_SCHEDULE["awards.urge_opinions"] = {
    "task": "awards.urge_opinions",
    "schedule": crontab(hour="8-17", minute=15),
    "options": {"expires": 3600},
}
CELERY_BEAT_SCHEDULE["core.prune_files"] = {
    "task": "core.prune_files",
    "schedule": crontab(hour=3, minute=20),
    "options": {"expires": 3600},
}
CELERY_BEAT_SCHEDULE["awards.prune_batches"] = {
    "task": "awards.prune_batches",
    "schedule": crontab(hour=3, minute=40),
    "options": {"expires": 3600},
}

# --- Rooms ----------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "core",
    "riskmap",
    "campaign",
    "awards",
    "demo",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "leaflet",
    "rest_framework",
]

MIDDLEWARE = [
    "config.health.HealthMiddleware",
    "config.request_ids.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "core.middleware.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "core.middleware.LargestBodyMiddleware",  # above what reads a body for its token
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "core.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context.navigation",
                "riskmap.context.simulated",
            ],
        },
    },
]

# --- People ---------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "full_name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "core:login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # nobody is kept out for longer by others' tries
AXES_LOCKOUT_CALLABLE = "core.views.logins.locked_out"
AXES_CLIENT_IP_CALLABLE = "core.views.logins.client_address"

# --- Language, time -------------------------------------------------------------------------------------

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Tiếng Việt")), ("en", _("Tiếng Anh"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_THOUSAND_SEPARATOR = True
TIME_ZONE = "Asia/Ho_Chi_Minh"

# --- Files ----------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Collected, hashed and compressed in production; elsewhere read from where they lie.
STATIC_ROOT = text("STATIC_ROOT", str(BASE_DIR / "staticfiles")) if PRODUCTION else None
MEDIA_ROOT = text("MEDIA_ROOT", str(VAR_DIR / "media"))
# The public's bytes as files, for a web server in front; ``off`` writes none.
PUBLIC_FILES_DIR = Path(text("PUBLIC_FILES_DIR", str(VAR_DIR / "public"))).expanduser()
if Path("off") == PUBLIC_FILES_DIR:
    PUBLIC_FILES_DIR = None
# Six photos of 10 MB and the words around them; one file of counts, in its own words, ends at 60 MB.
LARGEST_BODY = 65_000_000
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "config.static_files.HashedStaticFiles"
            if PRODUCTION
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = DEBUG

# --- Safety ---------------------------------------------------------------------------------------------

SECRET_KEY = text("SECRET_KEY") or kept_secret(VAR_DIR / "secret_key")
ALLOWED_HOSTS = words("ALLOWED_HOSTS", "localhost .localhost 127.0.0.1 [::1]")
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS")

HTTPS = flag("HTTPS", default=PRODUCTION)
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = number("HSTS_SECONDS", default=365 * 24 * 3600) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
BEHIND_PROXY = flag("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
SESSION_SAVE_EVERY_REQUEST = False
X_FRAME_OPTIONS = "DENY"

# The address people know the portal by; printed on every map, in its QR code. Empty: that of the request.
PORTAL_URL = text("PORTAL_URL").rstrip("/")

# Who knows whether an issued paper was replaced since: functions from IssuedPaper to Replacement or None.
PAPERS_REPLACED_BY = ["awards.paper.replaced.replacement_of_decision"]
# Who tells of other codes that people may hold: functions from a code to the page that does, or None.
CODES_TOLD_BY = ["awards.register.address_of_certificate"]

# Notices go by mail as well once EMAIL_URL names a server; their links need PORTAL_URL.
MAIL_IS_SENT = bool(text("EMAIL_URL"))
if MAIL_IS_SENT and not (PORTAL_URL and text("MAIL_FROM")):
    raise ImproperlyConfigured(
        "EMAIL_URL needs PORTAL_URL, the address that the links in mails begin with, and MAIL_FROM, the "
        "sender of mails."
    )
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if MAIL_IS_SENT else 'dummy'}.EmailBackend"
mail = mail_server("EMAIL_URL")
EMAIL_HOST, EMAIL_PORT = mail.host, mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = mail.user, mail.password
EMAIL_USE_TLS, EMAIL_USE_SSL = mail.starttls, mail.tls
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = text("MAIL_FROM")

# A background of tiles is off: with it, and only then, its server is asked for pictures.
MAP_TILE_URL = text("MAP_TILE_URL")
MAP_TILE_ATTRIBUTION = text("MAP_TILE_ATTRIBUTION")
MAP_TILE_ORIGIN = "/".join(MAP_TILE_URL.replace("{s}", "*").split("/")[:3])

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", *([MAP_TILE_ORIGIN] if MAP_TILE_URL else [])],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- Map, API -------------------------------------------------------------------------------------------

LEAFLET_CONFIG = {
    "TILES": [(_("Nền bản đồ"), MAP_TILE_URL, {"attribution": MAP_TILE_ATTRIBUTION})] if MAP_TILE_URL else [],
    "ATTRIBUTION_PREFIX": "",
    "RESET_VIEW": False,
    "SCALE": "metric",
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "core.api.errors.answer_error",
    "NUM_PROXIES": 1 if BEHIND_PROXY else 0,  # whose word on the asker's address is believed
    "URL_FORMAT_OVERRIDE": None,
}
API_REQUESTS_PER_MINUTE = number("API_REQUESTS_PER_MINUTE", default=1200)  # of one address, in each process
PUSH_REQUESTS_PER_MINUTE = number("PUSH_REQUESTS_PER_MINUTE", default=60)  # of one token, in each process
PUSH_WRONG_TOKENS_PER_MINUTE = number("PUSH_WRONG_TOKENS_PER_MINUTE", default=20)  # of one address, likewise
FEEDBACK_PER_HOUR = number("FEEDBACK_PER_HOUR", default=10)  # of one address, in all processes together
FEEDBACK_LOOKUPS_PER_HOUR = number("FEEDBACK_LOOKUPS_PER_HOUR", default=60)  # of receipts, likewise
PUBLIC_BYTES_MEMORY_MB = number("PUBLIC_BYTES_MEMORY_MB", default=64)  # ready answers kept by each process
SPECTACULAR_SETTINGS = {
    "TITLE": "Vùng xanh: risk map API",
    "DESCRIPTION": "Published risk levels by Decision 2686/QĐ-BCĐQG, open to all; a token sends counts.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "AreaKind": "core.enums.AreaKind",
        "MapTier": "riskmap.api.answers.KINDS",
        "Level": "riskmap.api.answers.LEVELS",
        "FactKind": "riskmap.api.declared.FACT_KINDS",
        "GroupKind": "campaign.api.plans.GROUP_KINDS",
        "CompetingTier": "campaign.api.zones.KINDS",
        "SetBy": "campaign.api.plans.SET_BY",
        "PledgeKind": "campaign.api.pledges.PLEDGE_KINDS",
        "ScoringFact": "campaign.api.standings.FACTS",
        "DossierStatus": "awards.api.dossiers.STATUSES",
        "NomineeStatus": "awards.api.dossiers.NOMINEE_STATUSES",
    },
}

# --- Logs -----------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "config.request_ids.WithRequestId"}},
    "formatters": {
        "line": {"format": "{asctime} {levelname} {request_id} {name}: {message}", "style": "{"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id"]}
    },
    "root": {"handlers": ["console"], "level": text("LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        "axes": {"level": "WARNING"},
    },
}
