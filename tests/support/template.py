"""A provisioned data folder, made once per run and copied by every desk."""

import os
import shutil
import sqlite3

from bookingapp.launch import demo, messages
from bookingapp.launch.prepare import manage
from tests.support.valkey import start_valkey

# What a developer's shell may have set must not reach the product under test.
OURS = (
    *("DATABASE_URL", "BROKER_URL", "CACHE_URL", "SECRET_KEY", "TOKEN_KEYS", "ALLOWED_HOSTS"),
    *("STATIC_ROOT", "VALKEY_SOCKET", "DESK_LANGUAGE", "DEBUG", "BEHIND_PROXY", "LOG_LEVEL"),
    *("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SIGN_IN_FAILURES", "PORT", "HOST", "MAKELEVEL"),
)


def product_environment(folder, **more):
    """The environment of the product's processes for one data folder."""
    kept = {key: value for key, value in os.environ.items() if key not in OURS}
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "bookingapp.settings",
        "DATA_DIR": str(folder),
        "HTTPS": "off",
        "PYTHONUNBUFFERED": "1",
        **more,
    }


class Template:
    """``folder`` holds a migrated, provisioned database and its keys; ``static`` the files."""

    def __init__(self, folder, sandbox):
        self.folder, self.static, self.sandbox = folder / "data", folder / "static", sandbox
        self.world = {}
        self._databases = {}

    def make(self):
        messages.compile_all()
        # Provisioning reads Connect through the guard, whose state is kept in the cache.
        valkey = start_valkey(self.folder)
        try:
            environment = self.environment()
            manage(environment, "migrate", "--no-input", "-v0")
            manage(environment, "collectstatic", "--no-input", "-v0")
            self._provision(environment)
        finally:
            valkey.stop()
        with sqlite3.connect(self.folder / "desk.sqlite3") as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def environment(self, **more):
        return product_environment(self.folder, STATIC_ROOT=str(self.static), **more)

    def _provision(self, environment):
        self.world = demo.fill(environment, self.sandbox.folder, self.sandbox.url)

    def keys(self):
        names = {"SECRET_KEY": "secret_key", "TOKEN_KEYS": "token_key"}
        return {name: (self.folder / file).read_text().strip() for name, file in names.items()}

    def copy_to(self, folder):
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns("valkey*", "logs"))

    def database_url(self, postgres):
        """A copy of the provisioned database on PostgreSQL."""
        if postgres not in self._databases:
            url = postgres.new_database()
            environment = self.environment(DATABASE_URL=url, **self.keys())
            manage(environment, "migrate", "--no-input", "-v0")
            self._provision(environment)
            self._databases[postgres] = url
        return postgres.new_database(like=self._databases[postgres])
