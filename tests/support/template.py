"""A provisioned data folder, made once per run and copied by every desk."""

import contextlib
import json
import os
import shutil
import sqlite3
import sys

from bookingapp.launch import messages
from bookingapp.launch.prepare import run
from tests.support.migrated import migrated
from tests.support.once import once
from tests.support.sandbox import sandbox_environment, seeded, start_sandbox
from tests.support.valkey import start_valkey

# What a developer's shell may have set must not reach the product under test.
OURS = (
    *("DATABASE_URL", "BROKER_URL", "CACHE_URL", "SECRET_KEY", "TOKEN_KEYS", "ALLOWED_HOSTS"),
    *("STATIC_ROOT", "VALKEY_SOCKET", "DESK_LANGUAGE", "DEBUG", "BEHIND_PROXY", "LOG_LEVEL"),
    *("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SIGN_IN_FAILURES", "PORT", "HOST", "MAKELEVEL"),
    *("CONNECT_PLAIN_HOSTS", "CONNECT_PRIVATE_NETWORKS", "SETUP_CODE", "PRACTICE", "PRACTICE_FILE"),
)


def product_environment(folder, **more):
    """The environment of the product's processes for one data folder."""
    kept = {key: value for key, value in os.environ.items() if key not in OURS}
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "tests.support.product_settings",
        "DATA_DIR": str(folder),
        "HTTPS": "off",
        # The sandbox is on this machine, whichever database the desk has.
        "CONNECT_PRIVATE_NETWORKS": "127.0.0.0/8,::1/128",
        "PYTHONUNBUFFERED": "1",
        **more,
    }


class Template:
    """``folder`` holds a migrated, provisioned database and its keys; ``static`` the files.

    Made once per run under ``shared``; ``sandbox`` is the one of this process.
    """

    def __init__(self, shared, sandbox):
        self.shared, self.sandbox = shared, sandbox
        self.place = once(shared, "template", self._make)
        self.folder, self.static = self.place / "data", self.place / "static"
        # A SQLite file with all tables and nothing in them.
        self.migrated = migrated(shared)
        self.world = json.loads((self.place / "world.json").read_text())
        for organisation in self.world["organisations"]:
            organisation["connect_url"] = sandbox.url
        self._databases = {}

    def _make(self, place):
        folder = place / "data"
        place.mkdir()
        messages.compile_all()
        folder.mkdir()
        shutil.copy(migrated(self.shared), folder / "desk.sqlite3")
        # Provisioning reads Connect through the guard, whose state is kept in the cache.
        valkey = start_valkey(folder)
        sandbox = start_sandbox(place / "sandbox", like=seeded(self.shared))
        try:
            told = [sys.executable, "-m", "tests.support.told", str(sandbox.folder)]
            (place / "told.json").write_text(run(told, sandbox_environment()))
            environment = product_environment(folder, STATIC_ROOT=str(place / "static"))
            self._fill(place, environment, sandbox.url)
        finally:
            sandbox.stop()
            valkey.stop()
        with contextlib.closing(sqlite3.connect(folder / "desk.sqlite3")) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @staticmethod
    def _fill(place, environment, address):
        run([sys.executable, "-m", "tests.support.make", str(place), address], environment)

    def environment(self, **more):
        return product_environment(self.folder, STATIC_ROOT=str(self.static), **more)

    def keys(self):
        names = {"SECRET_KEY": "secret_key", "TOKEN_KEYS": "token_key"}
        return {name: (self.folder / file).read_text().strip() for name, file in names.items()}

    def copy_to(self, folder):
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns("valkey*", "logs"))
        with contextlib.closing(sqlite3.connect(folder / "desk.sqlite3")) as database:
            database.execute("UPDATE domain_organisation SET connect_url = ?", [self.sandbox.url])
            database.commit()

    def database_url(self, postgres):
        """A copy of the provisioned database on PostgreSQL."""
        if postgres not in self._databases:
            dump = once(self.shared, "provisioned.sql", lambda path: self._dump(postgres, path))
            url = postgres.new_database()
            postgres.load(url, dump)
            postgres.execute(
                url, "UPDATE domain_organisation SET connect_url = %s", self.sandbox.url
            )
            self._databases[postgres] = url
        return postgres.new_database(like=self._databases[postgres])

    def _dump(self, postgres, path):
        url = postgres.new_database()
        environment = self.environment(DATABASE_URL=url, **self.keys())
        valkey = start_valkey(self.folder)
        try:
            self._fill(self.place, environment, self.sandbox.url)
        finally:
            valkey.stop()
        postgres.dump(url, path)
