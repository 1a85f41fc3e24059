"""The product's settings for the prover: real rows in a file, all else in this process."""

from bookingapp.settings import *  # noqa: F403

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
BROKER_URL = CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {}
LOGGING_CONFIG = None

if "init_command" in DATABASES["default"].get("OPTIONS", {}):  # noqa: F405
    # A killed process loses nothing that it has handed to the system; only a power cut would.
    DATABASES["default"]["OPTIONS"]["init_command"] = (  # noqa: F405
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;"
    )

# Forked processes count no calls: a thread that would is not in them.
TALLY_SECONDS = 0
