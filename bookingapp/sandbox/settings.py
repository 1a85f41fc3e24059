"""Settings of the sandbox's own Django project; the data folder comes from the command line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
DATA = Path(os.environ.get("SANDBOX_DATA_DIR", ".data/sandbox"))

SECRET_KEY = "the sandbox signs nothing"
DEBUG = False
# Connect answers under any name; the control API and the page check the Host header themselves.
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "bookingapp.sandbox.urls"
INSTALLED_APPS = ["bookingapp.sandbox.apps.SandboxConfig"]
MIDDLEWARE: list[str] = []
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = False
# Refusals are the sandbox's daily work; they are in the call log, not on the terminal.
LOGGING = {"version": 1, "loggers": {"django.request": {"level": "CRITICAL"}}}

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.filesystem.Loader"],
                )
            ]
        },
    }
]

DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA / "sandbox.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 30,
            # A booking counts the seats and takes one in the same transaction: the writer's
            # turn is taken at BEGIN, so no two of them can count at once.
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }
}
