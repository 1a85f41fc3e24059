"""All settings. Every variable is read once, here, by a reader that names it when it is wrong.

The table of variables is in docs/settings.md; a test compares the two.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import django
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from bookingapp import environment as env
from bookingapp import keys, mail
from bookingapp.beat import schedule

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.text("DATA_DIR", str(BASE_DIR / ".data"))).absolute()

DEBUG = env.switch("DEBUG", default=False)
# Off only where the desk is served on loopback without TLS, as `make demo` and `make run` do.
HTTPS = env.switch("HTTPS", default=True)

# -- state: one machine by default, many by environment alone --------------------------------
_database_url = env.text("DATABASE_URL", f"sqlite:///{DATA_DIR / 'desk.sqlite3'}")
DATABASES = {"default": env.database(_database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
EMBEDDED = _database_url.startswith("sqlite:")
if EMBEDDED:
    DATA_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)

# The embedded Valkey listens on a socket in DATA_DIR; `make run` and `make demo` start it.
VALKEY_SOCKET = env.text("VALKEY_SOCKET", str(DATA_DIR / "valkey.sock"))
BROKER_URL = env.text("BROKER_URL", f"redis+socket://{VALKEY_SOCKET}?virtual_host=0")
CACHE_URL = env.text("CACHE_URL", f"unix://{VALKEY_SOCKET}?db=1")
CACHES = {
    "default": {
        "BACKEND": "bookingapp.caches.TolerantRedisCache",
        "LOCATION": CACHE_URL,
        "KEY_PREFIX": env.text("CACHE_PREFIX", "desk"),
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
    }
}


def _secret(name: str, made: Any) -> str:
    """From the environment; made and kept in DATA_DIR only where all state is in DATA_DIR."""
    value = env.text(name)
    if value:
        return value
    if EMBEDDED:
        return str(made(DATA_DIR))
    raise ImproperlyConfigured(f"{name} must be set when DATABASE_URL is not the embedded default")


SECRET_KEY = _secret("SECRET_KEY", keys.secret_key)
# The first key encrypts, all of them decrypt: put a new one in front to rotate.
TOKEN_KEYS = [key.strip() for key in _secret("TOKEN_KEYS", keys.token_key).split(",")]

# Who types it makes the first account. Where all state is in DATA_DIR, one is made and kept there.
SETUP_CODE = env.text("SETUP_CODE")
# Written by `make run` while the practice mode is on: where its sandbox is, and its tokens.
PRACTICE_FILE = env.text("PRACTICE_FILE")

# -- the queue: an alarm clock, the journal is the truth --------------------------------------
CELERY_BROKER_URL = BROKER_URL
# Apart from another desk's on a shared broker.
CELERY_TASK_DEFAULT_QUEUE = env.text("QUEUE", "desk")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# A nudge that cannot be delivered must not hold up a person: the sweep finds the write anyway.
CELERY_TASK_PUBLISH_RETRY = False
# kombu would try for ever to reach a broker that is down, in the middle of somebody's request.
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {"max_retries": 0, "interval_start": 0}
if BROKER_URL.startswith("redis"):
    CELERY_BROKER_TRANSPORT_OPTIONS["socket_connect_timeout"] = 1
CELERY_WORKER_POOL = "threads"
CELERY_WORKER_CONCURRENCY = env.whole("WORKER_THREADS", 16, least=1)
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat")
SWEEP_SECONDS = env.number("SWEEP_SECONDS", 3, least=0.2)
CELERY_BEAT_SCHEDULE = schedule(SWEEP_SECONDS)
CELERY_BEAT_MAX_LOOP_INTERVAL = min(SWEEP_SECONDS, 5)

# -- Connect ------------------------------------------------------------------------------------
# Where an organisation's address may lead besides public addresses with TLS: hosts that may be
# asked without TLS, and networks that are not public. This machine where all state is on it, too.
CONNECT_PLAIN_HOSTS = env.words("CONNECT_PLAIN_HOSTS")
CONNECT_PRIVATE_NETWORKS = env.networks(
    "CONNECT_PRIVATE_NETWORKS", "127.0.0.0/8,::1/128" if EMBEDDED else ""
)
# Seconds. CONNECT_TOTAL bounds a whole call, so a lease longer than it is never lost alive.
CONNECT_TIMEOUT = env.number("CONNECT_TIMEOUT", 3, least=0.05)
CONNECT_READ_TIMEOUT = env.number("CONNECT_READ_TIMEOUT", 15, least=0.05)
CONNECT_TOTAL = env.number("CONNECT_TOTAL", 20, least=0.1)
WRITE_LEASE = env.number("WRITE_LEASE", 60, least=0.5)
if WRITE_LEASE < CONNECT_TOTAL * 2:
    # A worker makes at most a reading and one write under one lease.
    raise ImproperlyConfigured("WRITE_LEASE must be at least twice CONNECT_TOTAL (seconds)")
# How long after a lost answer an empty slot is taken as proof that nothing was booked there.
SETTLE_SECONDS = env.number("SETTLE_SECONDS", 10, least=0)
AVAILABILITY_SOFT_AGE = env.number("AVAILABILITY_SOFT_AGE", 10, least=0)
AVAILABILITY_HARD_AGE = env.number("AVAILABILITY_HARD_AGE", 24 * 3600, least=1)
# How long calls are counted in the process before a thread of its own notes the sums; 0: never.
TALLY_SECONDS = 3.0
# A page waits this long for a reading it has no copy of; then it shows itself loading.
AVAILABILITY_PATIENCE = env.number("AVAILABILITY_PATIENCE", 4, least=0)

# -- the web --------------------------------------------------------------------------------------
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
ROOT_URLCONF = "bookingapp.urls"
WSGI_APPLICATION = "bookingapp.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "bookingapp.domain",
    "bookingapp.web",
]
NEEDS_PARTIALS = django.VERSION < (6,)
if NEEDS_PARTIALS:
    INSTALLED_APPS.append("template_partials")

MIDDLEWARE = [
    "bookingapp.web.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "bookingapp.web.middleware.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "bookingapp.web.people.PersonMiddleware",
    "bookingapp.web.personal.PersonalMiddleware",
    "bookingapp.web.middleware.OriginMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "bookingapp.web.sessions.SeenMiddleware",
    "bookingapp.web.middleware.SignInMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "bookingapp.web.context.shell",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": [
                "bookingapp.web.templatetags.desk",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ]
            + (["template_partials.templatetags.partials"] if NEEDS_PARTIALS else []),
        },
    }
]
if NEEDS_PARTIALS:
    _loader = TEMPLATES[0]["OPTIONS"]["loaders"]
    TEMPLATES[0]["OPTIONS"]["loaders"] = [("template_partials.loader.Loader", _loader)]

STATIC_URL = "static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600

# -- people ---------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "bookingapp.web.accounts.DeskAccountAdapter"
MFA_ADAPTER = "bookingapp.web.second_factor.DeskMfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# A code typed as it changes still holds; MFA_FORMS see that none works twice.
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "bookingapp.web.forms.second_factor.SignInForm",
    "reauthenticate": "bookingapp.web.forms.second_factor.ConfirmForm",
}
# Browsers allow passkeys without TLS on this machine only, whatever this says.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
SOCIALACCOUNT_ADAPTER = "bookingapp.web.openid.DeskSocialAdapter"
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
# Empty without OIDC_ISSUER: then nobody is sent anywhere, and its addresses answer 404.
SOCIALACCOUNT_PROVIDERS = env.openid()
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    # The name first: its lock must not use up what the whole office has at one address.
    "login_failed": env.text("SIGN_IN_FAILURES", "5/5m/key,20/5m/ip"),
}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_SERIALIZER = "bookingapp.web.session_sealing.SealedSerializer"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_NAME = env.text("SESSION_COOKIE_NAME", "desk_session")
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = env.text("CSRF_COOKIE_NAME", "desk_csrf")
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "bookingapp.web.views.errors.csrf_failure"

# -- security -------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
if env.switch("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Only then is X-Forwarded-For believed, and only its last entry: the proxy's own.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'; manifest-src 'self'"
)
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
# Six keys for each of a few hundred lead pools; the body as a whole stays small.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
# More than the largest file that may be imported: what it says of people is never put on the disk.
FILE_UPLOAD_MAX_MEMORY_SIZE = 11_000_000

# -- letters: invitations by e-mail; without a host their links are only shown ----------------
MAIL = mail.read(
    url=env.text("EMAIL_URL"),
    host=env.text("EMAIL_HOST"),
    port=env.whole("EMAIL_PORT", 0),
    user=env.text("EMAIL_USER"),
    password=env.text("EMAIL_PASSWORD"),
    security=env.text("EMAIL_TLS"),
    sender=env.text("EMAIL_FROM"),
)

# -- language and time ----------------------------------------------------------------------------
USE_I18N = True
LANGUAGE_CODE = env.text("DESK_LANGUAGE", "en")
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "desk_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_TZ = True
TIME_ZONE = "UTC"

# -- logs: JSON lines, without names, phones, emails or tokens --------------------------------
LOG_LEVEL = env.text("LOG_LEVEL", "INFO").upper()
LOGGING_CONFIG = None
if "pytest" not in sys.modules or env.text("LOG_LEVEL"):
    from bookingapp.logs import configure

    configure(LOG_LEVEL)
